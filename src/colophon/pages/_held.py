"""What is held of a source and its newest dated status, in words: for the paper page and for lists."""

from collections.abc import Sequence
from typing import Any

from colophon.evidence import METADATA, TABLES, Held, InHand, kinds_of
from colophon.pages._words import counted, day, short

_RETRACTION = {
    "none": "no retraction known",
    "concern": "expression of concern",
    "withdrawn": "withdrawn",
    "retracted": "retracted",
    "unknown": "retraction unknown",
}
_PUBLICATION = {"preprint": "preprint", "published": "published", "unknown": "publication unknown"}
_GRAVE = ("concern", "withdrawn", "retracted")
_ONLY_METADATA = "nothing but its metadata"
_MOST, _NAME = 3, 40


def holdings_in_words(held: Sequence[Held]) -> list[str]:
    """Return a line for each of the first holdings of a source: what it holds, its license, its day."""
    return [_line(one) for one in held[:_MOST]]


def held_in_words(known: InHand | None) -> dict[str, Any] | None:
    """Return what is held of a source; None where nothing is."""
    if known is None:
        return None
    is_text = known.held != METADATA
    return {
        "what": known.held if is_text else _ONLY_METADATA,
        "day": known.day,
        "day_text": day(known.day),
        "license": _license(known.license, is_text=is_text),
    }


def status_in_words(known: InHand | None) -> dict[str, Any] | None:
    """Return the newest dated status of a source; None where nobody asked."""
    if known is None or not known.asked:
        return None
    return {
        "retraction": _RETRACTION[known.retraction],
        "is_grave": known.retraction in _GRAVE,
        "publication": _PUBLICATION[known.publication],
        "latest": f"latest version {known.latest}" if known.latest else "latest version unknown",
        "day": known.asked,
        "day_text": day(known.asked),
    }


def _line(one: Held) -> str:
    holding = one.holding
    texts = [
        counted(len(holding.tables or ()), "table") if kind == TABLES else kind
        for kind in kinds_of(holding)
        if kind != METADATA
    ]
    license_ = _license(short(holding.license.id, _NAME) if holding.license else "", is_text=bool(texts))
    version = short(holding.version or "", _NAME)
    parts = (" and ".join(texts) or _ONLY_METADATA, license_, version, f"filed on {day(holding.date)}")
    return ", ".join(part for part in parts if part)


def _license(name: str, *, is_text: bool) -> str:
    return name or ("license unknown" if is_text else "")
