"""Facts of all records as plain columns: everything the registry-wide stages may ask.

A record's facts stay below 1 KB, so that one hundred thousand of them fit in memory; nothing here holds
a manifest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from colophon.contracts.paper_manifest import Manifest
from colophon.fold import Record

# Characters: enough to search by, short enough for one hundred thousand records in memory.
_ABOUT = 280
_DOI = re.compile(r"\b10\.[0-9]{4,9}/[^\s<>\"]+")
_NEEDS_REVIEW = frozenset({"RETRACTION", "WITHDRAWAL", "SUPERSESSION", "REINSTATEMENT"})
_SENTENCE_END = re.compile(r"[.!?][\"')\]”’»]*$")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules and the lists need to know of one record.

    ``about`` is the beginning of the question, or of the abstract where no question is stated.
    ``claims`` is None when the report shows no list.  ``doi`` is the report's own, where it states one.
    ``lengths`` holds (JSON pointer, characters, ends a sentence) of the texts that are as long as, or one
    shorter than, the longest of their field in this record.
    ``dates`` holds (file name, JSON pointer, date) of everything that must not lie in the future.
    ``events`` holds (type, effective) of each correction event in order.  Events that need the publisher or a
    review are not effective: a name typed into a file proves nobody, and there are no reviews yet.
    """

    id: str
    display_id: str
    folder: str
    title: str
    about: str
    publisher: str
    submitted: str | None
    kind: str | None
    filed_contract: str
    claims: int | None
    stated_extracted: int | None
    stated_verified: int | None
    stated_score: float | None
    stated_score_text: str | None
    stated_decision: str | None
    stated_policy: str | None
    stated_header: str | None
    stated_tier: str | None
    stated_dimensions: tuple[tuple[str, str], ...]
    limitations: int | None
    uncertainties: int | None
    sources: tuple[tuple[str, str], ...]
    lengths: tuple[tuple[str, int, bool], ...]
    dates: tuple[tuple[str, str, str], ...] = ()
    supersedes: str | None = None
    stated_correction: str | None = None
    doi: str | None = None
    events: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """Facts by record id, in sorted order of ids."""

    facts: dict[str, Facts] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Facts]:
        return iter(self.facts.values())

    def __len__(self) -> int:
        return len(self.facts)


def facts_of(record: Record) -> Facts:
    """Return the facts of a record."""
    manifest, stated = record.manifest, record.manifest.stated
    score = stated.review_score
    return Facts(
        id=record.id,
        display_id=manifest.display_id,
        folder=record.folder,
        title=manifest.title,
        about=(manifest.research_question or manifest.abstract or "")[:_ABOUT],
        publisher=manifest.publisher.name,
        submitted=manifest.submitted,
        kind=manifest.kind,
        filed_contract=record.filed_contract,
        claims=_length(manifest.claims),
        stated_extracted=stated.claims_extracted,
        stated_verified=stated.claims_verified,
        stated_score=float(score.value) if score else None,
        stated_score_text=score.text if score else None,
        stated_decision=stated.decision,
        stated_policy=stated.policy,
        stated_header=stated.header,
        stated_tier=stated.tier,
        stated_dimensions=tuple(sorted((stated.dimensions or {}).items())),
        limitations=_length(manifest.limitations),
        uncertainties=_length(manifest.uncertainties),
        sources=tuple((source.kind, source.identifier) for source in manifest.sources or ()),
        lengths=tuple(_longest(manifest)),
        dates=tuple(_dates(record)),
        supersedes=manifest.supersedes,
        stated_correction=stated.correction.status if stated.correction else None,
        doi=_own_doi(record),
        events=tuple((filed.event.type, filed.event.type not in _NEEDS_REVIEW) for filed in record.events),
    )


def _length(items: tuple[object, ...] | None) -> int | None:
    return None if items is None else len(items)


def _dates(record: Record) -> Iterator[tuple[str, str, str]]:
    """Yield every date that the record states, with its place."""
    stated = record.manifest.stated
    gate, dates = stated.gate, stated.dates
    found = {"/submitted": record.manifest.submitted}
    found["/stated/gate/evaluated_at"] = gate.evaluated_at if gate else None
    for name in ("retrieved", "written", "reviewed", "published"):
        found[f"/stated/dates/{name}"] = getattr(dates, name) if dates else None
    for pointer, day in found.items():
        if day:
            yield "manifest.json", pointer, day
    for filed in record.events:
        yield f"corrections/{filed.slug}.yaml", "/date", filed.event.date


def _own_doi(record: Record) -> str | None:
    """Return the report's own DOI, from an artifact's address or as its external record."""
    archive = record.provenance.archive
    addresses = [artifact.url for artifact in record.manifest.artifacts or ()]
    for text in (*addresses, archive.external_record if archive else None):
        found = _DOI.search(text or "")
        if found:
            return found[0]
    return None


def _longest(manifest: Manifest) -> Iterator[tuple[str, int, bool]]:
    """Yield the longest texts by field; among claims every one within 1 of the longest."""
    for name, text in (
        ("/title", manifest.title),
        ("/research_question", manifest.research_question),
        ("/abstract", manifest.abstract),
    ):
        if text:
            yield name, len(text), _ends_sentence(text)
    claims = manifest.claims or ()
    longest = max((len(claim.text) for claim in claims), default=0)
    for position, claim in enumerate(claims):
        if len(claim.text) >= longest - 1:
            yield f"/claims/{position}/text", len(claim.text), _ends_sentence(claim.text)


def _ends_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text) is not None
