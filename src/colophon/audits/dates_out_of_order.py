"""H201: stated dates that contradict one another."""

import re
from collections.abc import Iterator
from datetime import date

from colophon.audits import audit
from colophon.contracts.paper_manifest import Manifest
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DATE = rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|(?:{'|'.join(_MONTHS)}) [0-9]{{1,2}}, [0-9]{{4}})"
# Only sentences about the record itself: "the gate policy predates ..." says nothing of the record's date.
_PRECEDES = re.compile(
    r"\b(?:record|report|paper|submission|synthesis|submission date|submitted(?:[ _]at)?|it)"
    rf"(?: date)?[ (]*(?:{_DATE}\)? )?(?:precedes|predates|was submitted before|submitted before)"
    rf"\b[^.;0-9]{{0,60}}?\b{_DATE}",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:not|no|never|nor|unless|if|whether|must|should)\b|n't\b", re.IGNORECASE)

Dated = tuple[str, str, str]


@audit("H201", severity=Severity.ERROR)
def dates_out_of_order(record: Record) -> Examination:
    """What: The dates that a report states must follow the order of the work: retrieved, then written or
    submitted, then reviewed or judged by the publication gate, then published. Equal days are in order. A
    reason of the gate that says the report precedes a date must agree with the report's own date.

    Why: A review before the text existed, or a search after it was written, did not happen as stated. One of
    the dates is wrong, and with it what rests on it.

    Example: A report submitted on 2026-06-13 carries the gate reason "record precedes the policy of
    2026-06-01".

    Mend: If a date was copied wrongly into the record, file a correction with the reason `transcription`.
    Otherwise the publisher can issue a corrected report.
    """
    groups = [group for group in _groups(record.manifest) if group]
    pairs = [(e, later) for a, b in zip(groups, groups[1:], strict=False) for e in a for later in b]
    flaws = [
        Flaw(late[1], f"{late[0]} on {late[2]}, before {early[0]} on {early[2]}")
        for early, late in pairs
        if late[2] < early[2]
    ]
    compared, contradicted = _gate_reason(record.manifest)
    return Examination(len(pairs) + compared, len(pairs) + compared, (*flaws, *contradicted))


def _groups(manifest: Manifest) -> Iterator[list[Dated]]:
    """Yield (name, pointer, day) of the stated dates, grouped in the order of the work."""
    dates, gate = manifest.stated.dates, manifest.stated.gate
    names = ("retrieved", "written", "reviewed", "published")
    retrieved, written, reviewed, published = (
        (name, f"/stated/dates/{name}", getattr(dates, name) if dates else None) for name in names
    )
    submitted = ("submitted", "/submitted", manifest.submitted)
    judged = ("gate evaluated", "/stated/gate/evaluated_at", gate.evaluated_at if gate else None)
    for group in ([retrieved], [written, submitted], [reviewed, judged], [published]):
        yield [(name, pointer, day) for name, pointer, day in group if day is not None]


def _gate_reason(manifest: Manifest) -> tuple[int, tuple[Flaw, ...]]:
    """Compare the report's date with a date that the gate's reason says it precedes."""
    gate = manifest.stated.gate
    if gate is None or gate.reason is None or manifest.submitted is None:
        return 0, ()
    match = _PRECEDES.search(gate.reason)
    said = _day(match[2]) if match else None
    if match is None or said is None or _DENIAL.search(_clause(gate.reason, match)):
        return 0, ()
    if manifest.submitted < said:
        return 1, ()
    message = f"says that the report precedes {said}, it was submitted on {manifest.submitted}"
    return 1, (Flaw("/stated/gate/reason", message),)


def _clause(reason: str, match: re.Match[str]) -> str:
    """Return the clause that the match stands in, up to the end of the match."""
    start = max(reason.rfind(mark, 0, match.start()) for mark in ".;:,")
    return reason[start + 1 : match.end()]


def _day(text: str) -> str | None:
    """Return a printed date as an ISO day, or None when there is no such day."""
    try:
        if text[0].isdigit():
            return date.fromisoformat(text).isoformat()
        month, day, year = text.replace(",", "").split()
        return date(int(year), _MONTHS.index(month.casefold()) + 1, int(day)).isoformat()
    except ValueError:
        return None
