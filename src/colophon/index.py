"""Facts of all records as plain columns: everything the registry-wide stages may ask.

A record's facts stay below 1 KB, so that one hundred thousand of them fit in memory; nothing here holds
a manifest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from colophon.claim_facts import NO_CLAIM_FACTS, ClaimFacts, claim_facts
from colophon.contracts.paper_manifest import Manifest
from colophon.fold import EFFECTIVE, Record
from colophon.layout import record_folder

# Characters: enough to search by, short enough for one hundred thousand records in memory.
_ABOUT = 280
_DOI = re.compile(r"\b10\.[0-9]{4,9}/[^\s<>\"]+")
# Characters of a note and of a name, as lists of corrections show them.
_NOTE, _NAME = 240, 80
_SENTENCE_END = re.compile(r"[.!?][\"')\]”’»]*$")


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What lists of corrections show of one step of a record's history.

    ``number`` is the place of the event among the record's, from 1; ``outcome`` as in
    :class:`colophon.fold.Step`.  ``review`` is the id of the review, or empty when the event itself began the
    version.  ``names`` is the paper that a SUPERSESSION names.
    ``note`` and ``reporter`` are shortened.
    """

    number: int
    id: str
    slug: str
    version: int
    type: str
    reason: str | None
    date: str
    reporter: str
    kind: str
    note: str
    outcome: str
    names: str | None = None
    review: str = ""

    @property
    def effective(self) -> bool:
        """Whether this step gave its event effect."""
        return self.outcome in EFFECTIVE


@dataclass(frozen=True, slots=True)
class RefusalFacts:
    """What lists of corrections show of a declined one."""

    id: str
    slug: str
    date: str
    decided_by: str
    reason: str
    note: str
    asked: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules and the lists need to know of one record.

    ``about`` is the beginning of the question, or of the abstract where no question is stated.
    ``claims`` is None when the report shows no list.  ``doi`` is the report's own, where it states one.
    ``lengths`` holds (JSON pointer, characters, ends a sentence) of the texts that are as long as, or one
    shorter than, the longest of their field in this record.
    ``stated_gate`` is (verdict, reason, date of evaluation) of the stated gate, the reason shortened.
    ``dates`` holds (file, JSON pointer, date) of everything that must not lie in the future.
    ``history`` holds every step of the record's history in order, ``successor`` the paper that an effective
    SUPERSESSION names.  Title, question and own DOI are those of the record as corrected; all else, and so
    everything that feeds a tier, is as filed.
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
    stated_gate: tuple[str | None, str | None, str | None] | None = None
    doi: str | None = None
    history: tuple[EventFacts, ...] = ()
    refusals: tuple[RefusalFacts, ...] = ()
    removed: tuple[str, ...] = ()
    successor: str | None = None
    evidence: ClaimFacts = NO_CLAIM_FACTS

    @property
    def events(self) -> tuple[EventFacts, ...]:
        """The step of each event in order, whether or not a review gave it effect later."""
        return tuple(step for step in self.history if not step.review)


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
    current, manifest = record.manifest, record.as_filed().manifest
    stated = manifest.stated
    score = stated.review_score
    return Facts(
        id=record.id,
        display_id=manifest.display_id,
        folder=record.folder,
        title=current.title,
        about=(current.research_question or current.abstract or "")[:_ABOUT],
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
        dates=tuple(_dates(manifest, record)),
        supersedes=manifest.supersedes,
        stated_correction=stated.correction.status if stated.correction else None,
        stated_gate=_gate(manifest),
        doi=own_doi(record),
        history=tuple(_history(record)),
        refusals=tuple(_refusals(record)),
        removed=record.removed,
        successor=_successor(record),
        evidence=claim_facts(manifest, record.evidence),
    )


def _length(items: tuple[object, ...] | None) -> int | None:
    return None if items is None else len(items)


def _gate(manifest: Manifest) -> tuple[str | None, str | None, str | None] | None:
    gate = manifest.stated.gate
    return None if gate is None else (gate.verdict, gate.reason and gate.reason[:_NOTE], gate.evaluated_at)


def _dates(manifest: Manifest, record: Record) -> Iterator[tuple[str, str, str]]:
    """Yield every date that the record states, with its file and its place there."""
    gate, dates = manifest.stated.gate, manifest.stated.dates
    found = {"/submitted": manifest.submitted}
    found["/stated/gate/evaluated_at"] = gate.evaluated_at if gate else None
    for name in ("retrieved", "written", "reviewed", "published"):
        found[f"/stated/dates/{name}"] = getattr(dates, name) if dates else None
    for pointer, day in found.items():
        if day:
            yield f"{record.folder}/manifest.json", pointer, day
    reviews, refusals = (record_folder(record.id, part) for part in ("reviews", "refusals"))
    for step in record.steps:
        if step.review is None:
            yield f"{record.folder}/corrections/{step.event.slug}.yaml", "/date", step.event.event.date
        else:
            yield f"{reviews}/{step.review.slug}.yaml", "/date", step.review.review.date
    for refusal in record.refusals:
        yield f"{refusals}/{refusal.slug}.yaml", "/date", refusal.refusal.date
    for filed in record.evidence.checks:
        yield filed.path, "/date", filed.check.date


def _history(record: Record) -> Iterator[EventFacts]:
    numbers = {filed.id: number for number, filed in enumerate(record.events, 1)}
    for step in record.steps:
        event = step.event.event
        yield EventFacts(
            number=numbers[step.event.id],
            id=step.event.id,
            slug=step.event.slug,
            version=step.version,
            type=event.type,
            reason=event.reason,
            date=step.date,
            reporter=event.reporter.name[:_NAME],
            kind=event.reporter.kind,
            note=" ".join(event.note.split())[:_NOTE],
            outcome=step.outcome,
            names=event.successor,
            review=step.review.id if step.review is not None else "",
        )


def _refusals(record: Record) -> Iterator[RefusalFacts]:
    for filed in record.refusals:
        refusal = filed.refusal
        yield RefusalFacts(
            id=filed.id,
            slug=filed.slug,
            date=refusal.date,
            decided_by=refusal.decided_by[:_NAME],
            reason=refusal.reason,
            note=" ".join(refusal.note.split())[:_NOTE],
            asked=" ".join(refusal.correction.note.split())[:_NOTE],
        )


def _successor(record: Record) -> str | None:
    """Return the paper that the last effective SUPERSESSION names."""
    named = [step.event.event.successor for step in record.steps if step.outcome == "confirmed"]
    return next((one for one in reversed(named) if one is not None), None)


def own_doi(record: Record) -> str | None:
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
