"""What groundings and checks say of a record's claims, counted: what the evidence tier rests on."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from sys import intern

from colophon.asked import asked_entities, missing_entities
from colophon.contracts.claim_grounding import ClaimGrounding, GroundedClaim
from colophon.contracts.paper_manifest import Manifest
from colophon.evidence import Evidence, InHand, in_hand

SUPPORTING = ("quoted", "values_match")
CONFLICTING = ("conflict", "disputed")
_FOUND = (*SUPPORTING, "located")
_SAID = ("here", "derived", "elsewhere")
_LOOKED_UP_IN = ("full", "table")
# Stated confidences are counted in steps of 0.05; 1 belongs to the last.
STEPS = 20
CUT = "cut"
_CONFIDENCE = re.compile(r"([0-9]{0,3}(?:\.[0-9]{1,9})?)(\s?%)?")


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Counts over the claims of one record.

    ``is_grounded`` says that a grounding by today's method of everything that is held is stored.
    ``verdicts`` holds the number of claims by verdict in that grounding.  ``asked`` and ``covered`` count the
    entities that the question names and those of them that a claim names; ``asked`` is None without a list of
    claims.  ``citing`` counts claims that name a source, ``cited`` sources that a claim names; ``numbers``
    those of the claims that were looked up.  ``sample`` is the number of claims in the largest confirmed
    check of a random sample, by an independent person, without a major error.
    ``located_at`` has bit n set when the claim at place n, from 0, is located.
    ``in_hand`` is what is held of each source in the order of the record's list, ``resting`` the number of
    claims whose passage stands in it; both are empty where that is nothing.  ``stated`` has by verdict, empty
    where none was given, the number of claims that state a confidence in each step of 0.05 from 0 on.
    """

    is_grounded: bool = False
    verdicts: tuple[tuple[str, int], ...] = ()
    grounded: int = 0
    located: int = 0
    held: int = 0
    open_conflicts: int = 0
    judged_contradicted: int = 0
    sources: int = 0
    largest_source: int = 0
    sample: int = 0
    asked: int | None = None
    covered: int = 0
    citing: int = 0
    cited: int = 0
    numbers: int = 0
    numbers_found: int = 0
    number_conflicts: int = 0
    in_hand: tuple[InHand | None, ...] = ()
    resting: tuple[int, ...] = ()
    stated: tuple[tuple[str, tuple[int, ...]], ...] = ()
    located_at: int = 0


NO_CLAIM_FACTS = ClaimFacts()


def claim_facts(manifest: Manifest, evidence: Evidence) -> ClaimFacts:
    """Return the counts for a record; ``manifest`` is the one as filed."""
    stored, judged = evidence.current, _Judged(evidence)
    claims = stored.grounding.claims if stored is not None else ()
    by_source = {one.claim: one.spans[0].source for one in claims if one.verdict in _FOUND and one.spans}
    located = {**by_source, **judged.located}
    carried = {one.claim for one in claims if one.verdict in SUPPORTING}
    per_source = Counter(located.values())
    asked, covered = _entities(manifest)
    numbers = [number for one in claims for number in one.numbers]
    return ClaimFacts(
        is_grounded=stored is not None,
        verdicts=tuple(sorted(Counter(one.verdict or CUT for one in claims).items())),
        grounded=len((carried | judged.supported) - judged.contradicted),
        located=len(located),
        held=len(list(_held(manifest, stored.grounding))) if stored is not None else 0,
        open_conflicts=len({one.claim for one in _said_otherwise(evidence, judged)} | judged.contradicted),
        judged_contradicted=len(judged.contradicted),
        sources=len(per_source),
        largest_source=max(per_source.values(), default=0),
        sample=judged.sample,
        asked=asked,
        covered=covered,
        citing=sum(1 for claim in manifest.claims or () if claim.sources),
        cited=len({source for claim in manifest.claims or () for source in claim.sources or ()}),
        numbers=len(numbers),
        numbers_found=sum(1 for number in numbers if number.rule in _SAID),
        number_conflicts=sum(1 for one in claims if one.signals.number_conflict),
        in_hand=_in_hand(manifest, evidence),
        resting=tuple(per_source[one.id] for one in manifest.sources or ()) if located else (),
        located_at=sum(1 << at for at, one in enumerate(manifest.claims or ()) if one.id in located),
        stated=tuple(_stated(manifest, {one.claim: one.verdict or CUT for one in claims})),
    )


def _in_hand(manifest: Manifest, evidence: Evidence) -> tuple[InHand | None, ...]:
    held = dict(evidence.held)
    found = [in_hand(held.get(one.id, ())) for one in manifest.sources or ()]
    # One value for all that are alike: facts of one hundred thousand records lie in memory.
    alike = {one: one for one in found}
    return tuple(alike[one] for one in found) if any(found) else ()


def _stated(manifest: Manifest, verdicts: Mapping[str, str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    counted: dict[str, Counter[int]] = {}
    for claim in manifest.claims or ():
        step = step_of(claim.stated.confidence)
        if step is not None:
            counted.setdefault(verdicts.get(claim.id, ""), Counter())[step] += 1
    for verdict, steps in sorted(counted.items()):
        yield intern(verdict), tuple(steps[step] for step in range(max(steps) + 1))


def step_of(confidence: str | None) -> int | None:
    """Return the step of a confidence as printed, such as ``0.18`` or ``18%``; None for any other text."""
    found = _CONFIDENCE.fullmatch((confidence or "").strip())
    if found is None or not found[1]:
        return None
    value = Decimal(found[1]) / (100 if found[2] else 1)
    return min(int(value * STEPS), STEPS - 1) if value <= 1 else None


def open_conflicts(evidence: Evidence) -> tuple[GroundedClaim, ...]:
    """Return the claims on which a source says otherwise, not settled by a confirmed check."""
    return tuple(_said_otherwise(evidence, _Judged(evidence)))


def _said_otherwise(evidence: Evidence, judged: "_Judged") -> Iterator[GroundedClaim]:
    for one in evidence.telling.claims if evidence.telling is not None else ():
        if one.verdict in CONFLICTING and one.claim not in judged.supported:
            yield one


def _held(manifest: Manifest, grounding: ClaimGrounding) -> Iterator[str]:
    """Yield the claims that were looked up in a full text or a table of one of their sources.

    What may stand in a source that is not held was not looked up, though another is held.
    """
    held = {one.source for one in grounding.texts if one.kind in _LOOKED_UP_IN}
    looked_up = {one.claim for one in grounding.claims if one.verdict not in (None, "source_missing")}
    for claim in manifest.claims or ():
        sources = held if claim.sources is None else held.intersection(claim.sources)
        if sources and claim.id in looked_up:
            yield claim.id


def _entities(manifest: Manifest) -> tuple[int | None, int]:
    """Return how many entities the question names, and how many of them a claim names."""
    if manifest.claims is None:
        return None, 0
    question = manifest.research_question
    if not question:
        return 0, 0
    claims = tuple(claim.text for claim in manifest.claims)
    texts = (manifest.title, manifest.subject, manifest.abstract, *claims)
    defining = tuple(text for text in texts if text)
    asked = asked_entities(question, defining)
    return len(asked), len(asked) - len(missing_entities(asked, claims))


class _Judged:
    """What confirmed checks of independent people say, claim by claim; the graver word counts."""

    def __init__(self, evidence: Evidence) -> None:
        counting = [
            one.check
            for one in evidence.checks
            if one.is_confirmed and one.check.checker.kind == "person" and one.check.checker.independent
        ]
        said = [claim for check in counting for claim in check.claims]
        self.contradicted = {one.claim for one in said if one.verdict == "contradicted"}
        self.supported = {one.claim for one in said if one.verdict == "supported"} - self.contradicted
        self.located = {
            one.claim: one.source
            for one in said
            if one.claim in self.supported and one.source is not None and one.locator is not None
        }
        self.sample = max(
            (
                len(check.claims)
                for check in counting
                if check.drawn.how in ("random", "all") and all(one.error != "major" for one in check.claims)
            ),
            default=0,
        )
