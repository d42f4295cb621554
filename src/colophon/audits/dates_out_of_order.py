"""H201: stated dates that contradict one another."""

import re
from datetime import date, timedelta

from colophon.audits import audit
from colophon.audits._works import arxiv_month
from colophon.contracts.paper_manifest import Manifest
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = rf"(?:{'|'.join(_MONTHS)})"
_DATE = (
    rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|{_MONTH} [0-9]{{1,2}},? [0-9]{{4}}|[0-9]{{1,2}} {_MONTH} [0-9]{{4}})"
)
# Only sentences about the record itself: "the gate policy predates ..." says nothing of the record's date.
_PRECEDES = re.compile(
    r"(?:\b(?:record|report|paper|submission|synthesis|submitted(?:[ _]at)?|it)"
    rf"(?: date)?[ (]*(?:{_DATE}\)? )?|(?:^|[.;:,(]) *)"
    rf"(?:precedes|(?:pre|ante)-?dates|(?:(?:is|was|has been|being) )?(?:submitted|dated|filed|issued)"
    rf" (?:(?:long|well|shortly|just) )?(?:before|prior to|earlier than)|(?:is|was) (?:older|earlier) than"
    rf"|came before)\b[^.;0-9]{{0,60}}?\b{_DATE}",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:not|no|never|nor|unless|if|whether|must|should)\b|n't\b", re.IGNORECASE)

# What must not lie before what.  A report that prints its review is dated after it, so the report's own
# date is not compared with the review.
_AFTER = {
    "written": ("retrieved",),
    "submitted": ("retrieved", "written"),
    "reviewed": ("retrieved", "written"),
    "judged": ("retrieved", "written"),
    "published": ("retrieved", "written", "submitted", "reviewed", "judged"),
}

Dated = tuple[str, str, str]


@audit("H201", severity=Severity.ERROR)
def dates_out_of_order(record: Record) -> Examination:
    """What: The dates that a report states must follow the order of the work: retrieved, then written, then
    reviewed or judged by the publication gate, then published. The report's own date must lie between
    writing and publication. Equal days are in order. A source with an arXiv number of a later month than
    the search, or than the writing where no search is dated, was not there to be found. A reason of the
    gate that says the report precedes a date must agree with the report's own date.

    Why: A review before the text existed, or a search after it was written, did not happen as stated. One of
    the dates is wrong, and with it what rests on it.

    Example: A report dated 2026-06-13 carries the gate reason "record precedes the policy of
    2026-06-01".

    Mend: If a date was copied wrongly into the record, file a correction with the reason `transcription`.
    Otherwise the publisher can issue a corrected report. A correction is shown beside the record, and the
    finding stays.
    """
    dated = _dated(record.manifest)
    pairs = [
        (dated[early], dated[late])
        for late, before in _AFTER.items()
        for early in before
        if early in dated and late in dated
    ]
    latest: dict[Dated, Dated] = {}
    for early, late in pairs:
        if late[2] < early[2] and (late not in latest or latest[late][2] < early[2]):
            latest[late] = early
    flaws = [Flaw(d[1], f"{d[0]} {d[2]}, before {e[0]} {e[2]}") for d, e in latest.items()]
    compared, contradicted = _gate_reason(record.manifest)
    listed, unborn = _sources(record.manifest, dated)
    looked_at = len(pairs) + compared + listed
    return Examination(looked_at, looked_at, (*flaws, *contradicted, *unborn))


def _sources(manifest: Manifest, dated: dict[str, Dated]) -> tuple[int, tuple[Flaw, ...]]:
    """Compare the months in arXiv identifiers with the day of the search, or else of writing."""
    found = dated.get("retrieved") or dated.get("written")
    if found is None:
        return 0, ()
    words, _, day = found
    months = [(place, source, arxiv_month(source)) for place, source in enumerate(manifest.sources or ())]
    known = [(place, source, month) for place, source, month in months if month is not None]
    latest = _day_after(day)[:7]
    flaws = tuple(
        Flaw(f"/sources/{place}/identifier", f"{source.identifier[:80]} is of {month}, {words} {day}")
        for place, source, month in known
        if month > latest
    )
    return len(known), flaws


def _dated(manifest: Manifest) -> dict[str, Dated]:
    """Return (words, pointer, day) of every stated date by name."""
    dates, gate = manifest.stated.dates, manifest.stated.gate
    named = {
        name: (name, f"/stated/dates/{name}", getattr(dates, name) if dates else None)
        for name in ("retrieved", "written", "reviewed", "published")
    }
    named["submitted"] = ("report dated", "/submitted", manifest.submitted)
    named["judged"] = ("gate evaluated", "/stated/gate/evaluated_at", gate.evaluated_at if gate else None)
    return {name: (words, pointer, day) for name, (words, pointer, day) in named.items() if day is not None}


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
    message = f"says that the report precedes {said}, it is dated {manifest.submitted}"
    return 1, (Flaw("/stated/gate/reason", message),)


def _clause(reason: str, match: re.Match[str]) -> str:
    """Return the clause that the match stands in, up to the end of the match."""
    start = max(reason.rfind(mark, 0, match.start()) for mark in ".;:,")
    return reason[start + 1 : match.end()]


def _day_after(day: str) -> str:
    """Return the next day: a new month begins a day earlier in some places than in others."""
    try:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return day


def _day(text: str) -> str | None:
    """Return a printed date as an ISO day, or None when there is no such day."""
    try:
        if "-" in text:
            return date.fromisoformat(text).isoformat()
        month, day, year = text.replace(",", "").split()
        if month.isdigit():
            month, day = day, month
        return date(int(year), _MONTHS.index(month.casefold()) + 1, int(day)).isoformat()
    except ValueError:
        return None
