"""Every place of a report that states a count, with the words that state it."""

import re
from collections.abc import Iterable
from typing import Any

from colophon.ingests._numbers import COUNT, count
from colophon.ingests._text import plain

_N = f"({COUNT})"
_WERE = r"(?:\s{1,3}(?:were|was|have\s{1,3}been|are))?"
# "None of the papers retrieved" and "no fewer than 12 papers" count nothing.
_ADJECTIVES = r"(?:\s{1,3}(?!(?:of|than)\b)[^\W\d][\w-]{0,29}){0,3}?"
_PAPERS = r"(?:papers?|articles?|publications?|studies|preprints?|documents?|sources|works|records)"
_FOUND = r"(?:retrieved|found|identified|returned)"
_ADVERB = r"(?:\s{1,3}(?:independently|automatically|successfully))?"
# A label and its value may stand apart by a colon, an equals sign, a cell border, or by a gap.
_IS = r"(?:\s{0,3}[:=|]\s{0,3}|\s{2,40}|\s)"
_GROUNDED = r"source-grounded"
_OF_WHICH = r"(?:\s{1,3}of\s{1,3}(?:which|them|these))?"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("claims_grounded", rf"{_N}(?:\s{{1,3}}aggregate)?\s{{1,3}}{_GROUNDED}\s{{1,3}}claims?"),
    ("claims_grounded", rf"\b{_GROUNDED}\s{{1,3}}claims{_IS}{_N}"),
    ("papers_retrieved", rf"{_N}{_ADJECTIVES}\s{{1,3}}{_PAPERS}{_WERE}\s{{1,3}}{_FOUND}\b"),
    (
        "papers_retrieved",
        rf"\b(?:{_FOUND}|retrieves|yielded|synthesi[sz]es?(?:\s{{1,3}}findings)?\s{{1,3}}from)"
        rf"(?:\s{{1,3}}a\s{{1,3}}total\s{{1,3}}of)?\s{{1,3}}{_N}{_ADJECTIVES}\s{{1,3}}{_PAPERS}\b",
    ),
    ("papers_retrieved", rf"\b{_PAPERS}\s{{1,3}}{_FOUND}{_IS}{_N}"),
    ("claims_extracted", rf"{_N}{_ADJECTIVES}\s{{1,3}}claims?{_WERE}\s{{1,3}}extracted\b"),
    ("claims_extracted", rf"{_N}\s{{1,3}}extracted\s{{1,3}}claims?\b"),
    (
        "claims_extracted",
        rf"\bextracted(?:\s{{1,3}}a\s{{1,3}}total\s{{1,3}}of)?\s{{1,3}}{_N}{_ADJECTIVES}\s{{1,3}}claims?\b",
    ),
    ("claims_extracted", rf"\b(?:claims\s{{1,3}}extracted|extracted\s{{1,3}}claims){_IS}{_N}"),
    (
        "claims_verified",
        rf"{_N}(?:\s{{1,3}}(?:out\s{{1,3}})?of\s{{1,3}}(?:the\s{{1,3}})?{COUNT})?(?:\s{{1,3}}claims?)?"
        rf"{_OF_WHICH}{_WERE}{_ADVERB}\s{{1,3}}verified\b",
    ),
    (
        "claims_verified",
        rf"(?<![\w.,/–−-])(\d{{1,9}})\s?/\s?\d{{1,9}}(?:\s{{1,3}}claims?)?{_WERE}{_ADVERB}\s{{1,3}}verified\b",
    ),
    (
        "claims_verified",
        rf"\bverified\s{{1,3}}{_N}(?:\s{{1,3}}(?:out\s{{1,3}})?of\s{{1,3}}(?:the|them|{COUNT})|\s{{1,3}}claims?)\b",
    ),
    (
        "claims_verified",
        rf"\b(?:claims(?:\s{{1,3}}independently)?\s{{1,3}}verified|verified\s{{1,3}}claims){_IS}{_N}",
    ),
    (
        "claims_verified",
        r"(?<![\w.,%-])(?<!not\s)(?<!nearly\s)(?<!almost\s)(?<!of\s)(all|both|100\s?%)"
        rf"(?:\s{{1,3}}of)?(?:\s{{1,3}}(?:which|them|these|the))?(?:\s{{1,3}}claims)?{_WERE}{_ADVERB}\s{{1,3}}verified\b",
    ),
    ("revision_rounds", rf"\brevision[_ ]rounds?(?:\s{{1,3}}run)?{_IS}{_N}"),
    ("revision_rounds", rf"\bafter\s{{1,3}}{_N}\s{{1,3}}revision\s{{1,3}}rounds?\b"),
    (
        "revision_rounds",
        rf"{_N}\s{{1,3}}revision\s{{1,3}}rounds?{_WERE}\s{{1,3}}(?:run|performed|completed|held)\b",
    ),
    ("corrections", rf"\bcorrection\s{{1,3}}count{_IS}{_N}"),
    ("corrections", rf"{_N}\s{{1,3}}corrections?{_WERE}\s{{1,3}}(?:filed|recorded|issued|applied)\b"),
)
_ALL = re.compile(r"all|both|100\s?%", re.IGNORECASE)
_COUNTS = re.compile("|".join(pattern for _, pattern in _PATTERNS), re.IGNORECASE)
_TOTAL = re.compile(
    rf"({COUNT})((?:\s{{1,3}}[\w-]{{1,30}}){{1,6}})(?:\s{{0,3}}\(([^()]{{1,600}})\)|\s{{0,2}}:\s{{1,3}}([^.();]{{1,600}}))",
    re.IGNORECASE,
)
# Cheap first look: long texts without any of these words are common.
_WORTH_READING = re.compile(rf"\b(?:{_PAPERS}|claims?|verified|revision|corrections?)", re.IGNORECASE)
_COUNTED = re.compile(rf"\b(?:{_PAPERS}|claims?)\b", re.IGNORECASE)
_PARTS = re.compile(r"[,;+]\s{1,3}(?:and\s{1,3})?|\s{1,3}(?:and|\+)\s{1,3}")
_MEMBER = re.compile(
    rf"({COUNT})(?:\s{{1,3}}[\w-]{{1,30}}){{0,2}}\s{{1,3}}(?:from|via|in|on|by|at|through)\s[^\d]{{1,80}}|[^\d:=]{{1,80}}\s{{0,2}}[:=]\s{{0,2}}({COUNT})",
    re.IGNORECASE,
)


def counts(places: Iterable[str]) -> list[dict[str, Any]]:
    """Return {count, value, text} for every count stated, in printed order."""
    found = []
    for place in filter(_WORTH_READING.search, places):
        for match in _COUNTS.finditer(place):
            # Each pattern has one group: the number.
            name = _PATTERNS[(match.lastindex or 1) - 1][0]
            number = match[match.lastindex or 1]
            value = None if _ALL.fullmatch(number) else count(number)
            found.append({"count": name, "value": value, "text": plain(match[0])})
    return _resolved(found)


def _resolved(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give ``all`` the value of the one total that is stated; without one it is no count."""
    totals = {place["value"] for place in found if place["count"] == "claims_extracted"}
    total = totals.pop() if len(totals) == 1 else None
    shown = [place if place["value"] is not None else place | {"value": total} for place in found]
    both = [place["text"].casefold().startswith("both") and place["value"] != 2 for place in shown]
    return [
        place for place, wrong in zip(shown, both, strict=True) if place["value"] is not None and not wrong
    ]


def totals(places: Iterable[str]) -> list[dict[str, Any]]:
    """Return {text, total, members} for every total that is stated together with its members."""
    found = []
    for place in filter(_COUNTED.search, places):
        for match in _TOTAL.finditer(place):
            members = _members(match[3] or match[4])
            if members and _COUNTED.search(match[2]):
                text = plain(match[0])
                found.append({"text": text, "total": count(match[1]), "members": members})
    return found


def _members(text: str) -> list[int] | None:
    parts = _PARTS.split(text.strip())
    matches = [_MEMBER.fullmatch(part.strip()) for part in parts]
    if len(parts) < 2 or not all(matches):
        return None
    return [count(match[1] or match[2]) for match in matches if match]


def first(found: list[dict[str, Any]], name: str) -> int | None:
    """Return the value of the first place that states the count, or None."""
    return next((int(place["value"]) for place in found if place["count"] == name), None)
