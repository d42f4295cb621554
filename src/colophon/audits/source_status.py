"""B103: sources that were retracted, withdrawn or superseded."""

import re

from colophon.audits import audit
from colophon.contracts.source_holding import CitedSource, Status
from colophon.evidence import newest_status
from colophon.fold import Record
from colophon.layout import version_of
from colophon.model import Examination, Flaw, Severity

_GRAVE = {"retracted": "was retracted", "withdrawn": "was withdrawn"}
_NUMBER = re.compile(r"[0-9]+")


@audit("B103", severity=Severity.WARNING)
def source_status(record: Record) -> Examination:
    """What: A cited source must not be retracted or withdrawn, nor cited in a version that a newer one
    replaced, as the newest dated snapshot of services says. A retracted or withdrawn source is an error, an
    expression of concern and an old version are warnings. Unknown is a value: a source that nobody asked
    about, or of which no service answered, is counted and not decided.

    Why: What a retracted paper reported must not be passed on as a finding, and a newer version may have
    other numbers.

    Example: A source is cited that Crossref says was retracted two months before the report.

    Mend: The publisher can leave the source out and correct the claims that rest on it. A snapshot that is
    out of date is replaced by a newer one: `colophon source fetch IDENTIFIER`.
    """
    sources = record.manifest.sources or ()
    decided, flaws = 0, []
    for at, source in enumerate(sources):
        held = record.evidence.of(source.id)
        status = newest_status(held)
        if status is None or status.retraction == "unknown":
            continue
        decided += 1
        # All holdings of a source name it alike.
        named, cited = held[0].holding.source, version_of(source.kind, source.identifier)
        flaw = _flaw(f"/sources/{at}/identifier", named, status, cited)
        flaws += [flaw] if flaw is not None else []
    return Examination(len(sources), decided, tuple(flaws))


def _flaw(pointer: str, source: CitedSource, status: Status, cited: str | None) -> Flaw | None:
    said = f"{source.kind} {source.identifier}"
    by = ", ".join(one.service for one in status.reports[:4])
    asked = f" as of {status.as_of}{f' ({by})' if by else ''}"
    if status.retraction in _GRAVE:
        return Flaw(pointer, f"{said} {_GRAVE[status.retraction]}{asked}", severity=Severity.ERROR)
    if status.retraction == "concern":
        return Flaw(pointer, f"an expression of concern is on {said}{asked}")
    if _is_newer(status.latest_version, cited):
        return Flaw(pointer, f"{said} is cited as {cited}, {status.latest_version} is the newest{asked}")
    return None


def _is_newer(latest: str | None, cited: str | None) -> bool:
    numbers = [_NUMBER.search(version or "") for version in (latest, cited)]
    return all(numbers) and int(numbers[0][0]) > int(numbers[1][0])  # type: ignore[index]
