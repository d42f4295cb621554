"""What is held of one source, in words."""

from collections.abc import Iterator, Sequence

from colophon.evidence import Held, newest_status
from colophon.pages._words import counted, day, short

_TEXTS = {"full": "full text", "abstract": "abstract", "metadata": "title and authors alone"}
_RETRACTION = {
    "none": "no retraction is known",
    "concern": "an expression of concern is known",
    "withdrawn": "WITHDRAWN",
    "retracted": "RETRACTED",
    "unknown": "whether it was retracted is unknown",
}
_MOST = 3


def held_in_words(held: Sequence[Held]) -> list[str]:
    """Return lines that say what is held of a source and how it stands; one line where nothing is held."""
    if not held:
        return ["nothing of it is held here"]
    return [*(f"held: {_what(one)}" for one in held[:_MOST]), *_status(held)]


def _what(one: Held) -> str:
    holding = one.holding
    parts = [_TEXTS[holding.holds]]
    if holding.fingerprint is not None:
        parts.append("as a fingerprint")
    if holding.tables:
        parts.append(f"with {counted(len(holding.tables), 'table')}")
    if holding.license is not None:
        parts.append(f"under {short(holding.license.id, 40)}")
    version = f"{holding.version}, " if holding.version else ""
    return f"{' '.join(parts)} ({version}{day(holding.date)})"


def _status(held: Sequence[Held]) -> Iterator[str]:
    status = newest_status(held)
    if status is None:
        yield "nobody asked yet whether it was retracted"
        return
    latest = f"; newest version {status.latest_version}" if status.latest_version else ""
    yield f"{_RETRACTION[status.retraction]}, {status.publication}{latest} (as of {day(status.as_of)})"
