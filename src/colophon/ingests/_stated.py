"""What the publisher states of its own checks: counts, score, decision, tier, level, gate, dates."""

import re
from typing import Any

from colophon.ingests import _counts
from colophon.ingests._fields import Fields
from colophon.ingests._front import Front
from colophon.ingests._numbers import COUNT, DECIMAL, count, iso_date, measure
from colophon.ingests._sections import Report
from colophon.ingests._text import blocks, optional, sentences

_SCALE = r"\s?/\s?[0-9]{1,3}|\s{1,3}out\s{1,3}of\s{1,3}(?:[0-9]{1,3}|ten)"
_SCORE = re.compile(rf"(?<![\w.,/])({DECIMAL})({_SCALE})(?![\w/]|[.,]\d)", re.IGNORECASE)
_BARE_SCORE = re.compile(
    rf"\b(?:review|quality)\s{{1,3}}score\s{{0,3}}(?:of|was|is|:|=)?\s{{0,3}}({DECIMAL})(\s?%)?(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)
_ABOUT_REVIEW = re.compile(r"\b(?:scor|review|tribunal|panel|assess)", re.IGNORECASE)
_JUDGED = (
    r"(?:(?:strong|weak|conditional)(?:ly)?\s)?(?:accept(?:ed)?|reject(?:ed|ion)?|approved?|declined?|"
    r"withdrawn|revised?|major\srevisions?|minor\srevisions?|escalated?|published?|quarantined?)"
)
_PANEL = r"(?:panel|tribunal|jury|committee|board|council|reviewers|editors?)"
_REPORT = r"(?:report|synthesis|paper|draft|manuscript|submission)"
_SPOKEN_DECISION = re.compile(
    rf"(?:→|⇒|->|=>)\s{{0,3}}\*{{0,2}}({_JUDGED})\*{{0,2}}(?=\s{{0,3}}(?:$|[.;,(]))"
    rf"|((?:the\s)?(?:review\s)?{_PANEL}\s(?:has\s|have\s)?(?:unanimously\s)?{_JUDGED}\s(?:this|the)\s{_REPORT})\b"
    rf"|((?:this|the)\s{_REPORT}\s(?:was|is|has\sbeen)\s(?:unanimously\s)?{_JUDGED}\sby\s(?:the|its|our)\s(?:review\s)?{_PANEL})\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|when|unless|whether|would|could|may|might)\b", re.IGNORECASE)
_DECISION = re.compile(r"(?:→|⇒|->|=>)\s{0,3}\*{0,2}([A-Z][A-Z_]{2,40}(?:\s[A-Z_]{2,40}){0,3})(?![a-z])")
_LEVEL = re.compile(r"([A-Z]{1,2}[0-9]{1,2})(?![\w.])[\s,:;–—-]{0,5}(.{0,2000})", re.DOTALL)
_JUDGING = ("results", "methodology", "notes", "quality tier", "verification level", "provenance")
_DATES = ("retrieved", "written", "reviewed", "published")


def stated(
    report: Report, front: Front, labelled: Fields, places: list[str], own: list[str]
) -> dict[str, Any]:
    """Return the ``stated`` part of the manifest, but for its notes.

    ``own`` are the places without an abstract that may be the one of a source: its numbers are no counts.
    """
    counts = _counts.counts(own)
    # Even in a synthesis the abstract may quote a source, so that its numbers come last.
    abstract = set(blocks(report.lines("abstract") or ()))
    headline = [*_counts.counts(p for p in own if p not in abstract), *counts]
    level, level_label = _level(labelled.get("level"))
    provenance_level, provenance_label = _level(labelled.get("provenance_level"))
    return {
        "papers_retrieved": _counts.first(headline, "papers_retrieved"),
        "claims_extracted": _counts.first(headline, "claims_extracted"),
        "claims_verified": _counts.first(headline, "claims_verified"),
        "review_score": _score(report, labelled, places),
        "decision": _decision(report, labelled),
        "policy": labelled.get("policy"),
        "revision_rounds": _counts.first(headline, "revision_rounds"),
        "header": front.header,
        "tier": labelled.get("tier"),
        "tier_basis": labelled.get("tier_basis"),
        "level": level,
        "level_label": level_label,
        "claim_source": labelled.get("claim_source"),
        "dimensions": labelled.dimensions,
        "provenance_level": provenance_level,
        "provenance_label": provenance_label,
        "correction": _correction(labelled),
        "gate": _gate(labelled),
        "dates": _dates(labelled),
        "contracts": list(labelled.contracts) or None,
        "counts": counts,
        "totals": _counts.totals(own),
    }


def _score(report: Report, labelled: Fields, places: list[str]) -> dict[str, Any] | None:
    """The score of the review; the report's own sections first, since an abstract may be a source's."""
    field = labelled.get("score")
    own = [*blocks(report.lines("results") or ()), *blocks(report.lines("methodology") or ())]
    spoken = [sentence for place in [*own, *places] for sentence in sentences(place)]
    for text in [*([field] if field else []), *filter(_ABOUT_REVIEW.search, spoken)]:
        match = _SCORE.search(text)
        if match:
            return measure(match[0], match[1], match[2].strip())
        match = _BARE_SCORE.search(text) or (
            re.fullmatch(rf"({DECIMAL})(\s?%)?", text) if text == field else None
        )
        if match:
            unit = match[2] or ""
            return measure(match[1] + unit, match[1], unit.strip())
    return None


def _decision(report: Report, labelled: Fields) -> str | None:
    if labelled.get("decision"):
        return labelled.get("decision")
    results = blocks(report.lines("results") or ())
    match = next(filter(None, map(_DECISION.search, results)), None)
    if match:
        return match[1]
    own = [line for name in _JUDGING for line in blocks(report.lines(name) or ())]
    for sentence in (sentence for place in own for sentence in sentences(place)):
        match = _SPOKEN_DECISION.search(sentence)
        if match and not _CONDITION.search(sentence):
            return match[match.lastindex or 1]
    return None


def _level(text: str | None) -> tuple[str | None, str | None]:
    """Split ``L1, Literature synthesis`` into code and words."""
    match = _LEVEL.fullmatch(text or "")
    return (match[1], optional(match[2])) if match else (None, optional(text))


def _correction(labelled: Fields) -> dict[str, Any] | None:
    status = labelled.get("correction_status")
    number = re.fullmatch(COUNT, labelled.get("correction_count") or "", re.IGNORECASE)
    if status is None and number is None:
        return None
    return {"status": status, "count": count(number[0]) if number else None}


def _gate(labelled: Fields) -> dict[str, Any] | None:
    verdict, reason = labelled.get("gate_verdict"), labelled.get("gate_reason")
    evaluated = iso_date(labelled.get("gate_evaluated"))
    if verdict is None and reason is None and evaluated is None:
        return None
    return {"verdict": verdict, "reason": reason, "evaluated_at": evaluated}


def _dates(labelled: Fields) -> dict[str, Any] | None:
    found = {name: iso_date(labelled.get(name)) for name in _DATES}
    return found if any(found.values()) else None
