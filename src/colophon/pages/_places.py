"""Places of a record in the words of a reader: ``/claims/2/text`` is "Claim c003".

Rules name a place by its JSON pointer; what they say of it has no subject of its own.
"""

import re

from colophon.model import Finding

_CLAIM = re.compile(r"/claims/([0-9]{1,6})(/.*)?")
_NUMBERED = re.compile(r"/([a-z_]+)/([0-9]{1,6})(?:/.*)?")
_PLACES = {
    "/abstract": "Abstract",
    "/archive": "Archive state",
    "/claims": "List of claims",
    "/embeddings": "Embeddings",
    "/generator": "Generator",
    "/kind": "Kind",
    "/license": "Licence",
    "/methodology": "Methodology",
    "/panel": "Review panel",
    "/publisher": "Publisher",
    "/research_question": "Research question",
    "/review": "Review",
    "/search": "Search",
    "/sources": "List of sources",
    "/stated/claim_source": "Claim source",
    "/stated/claims_extracted": "Stated count of extracted claims",
    "/stated/claims_verified": "Stated count of verified claims",
    "/stated/contracts": "Contracts named",
    "/stated/correction": "Stated corrections",
    "/stated/counts": "Counts in the text",
    "/stated/dates": "Stated dates",
    "/stated/decision": "Stated decision",
    "/stated/dimensions": "Stated quality dimensions",
    "/stated/gate": "Stated gate",
    "/stated/gate/evaluated_at": "Stated date of the gate",
    "/stated/gate/reason": "Stated reason of the gate",
    "/stated/header": "Notice above the abstract",
    "/stated/level": "Stated level",
    "/stated/papers_retrieved": "Stated count of retrieved papers",
    "/stated/policy": "Stated policy",
    "/stated/provenance_level": "Stated provenance level",
    "/stated/review_score": "Stated review score",
    "/stated/revision_rounds": "Stated revision rounds",
    "/stated/tier": "Stated tier",
    "/stated/totals": "Totals in the text",
    "/subject": "What it examines",
    "/submitted": "Date of submission",
    "/supersedes": "What it supersedes",
    "/title": "Title",
    "/verification": "Verification method",
    "/verification/threshold": "Verification threshold",
}
_ITEMS = {
    "artifacts": "File named", "headings": "Heading", "limitations": "Limitation", "notes": "Note",
    "sources": "Source", "uncertainties": "Uncertainty",
}  # fmt: skip


def claim_at(pointer: str) -> int | None:
    """Return the place of the claim, from 0, that a pointer into a manifest is at or below."""
    found = _CLAIM.fullmatch(pointer)
    return int(found[1]) if found else None


def in_words(pointer: str) -> str:
    """Return the field that a pointer is at, or the nearest known above it; empty for a whole document."""
    claim = claim_at(pointer)
    if claim is not None:
        return f"Claim c{claim + 1:03d}"
    numbered = _NUMBERED.fullmatch(pointer)
    if numbered and numbered[1] in _ITEMS:
        return f"{_ITEMS[numbered[1]]} {int(numbered[2]) + 1}"
    while pointer and pointer not in _PLACES:
        pointer = pointer.rpartition("/")[0]
    return _PLACES.get(pointer, "")


def said(finding: Finding) -> str:
    """Return what a finding says, with its subject first."""
    place = in_words(finding.pointer)
    # A message that states a count names what it counts.
    if not place or finding.message.startswith("states "):
        return finding.message
    return f"{place}: {finding.message}"
