"""Everything that the rules conclude about one record, from its facts and findings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from colophon.index import Facts
from colophon.model import ClaimRerun, Derived, Finding
from colophon.rules.dimensions import dimensions
from colophon.rules.level import verification_level
from colophon.rules.publisher_tier import PublisherTiers, StatedFacts, publisher_tiers
from colophon.rules.score import Score
from colophon.rules.state import correction_state
from colophon.rules.tier import evidence_tier
from colophon.rules.tier_facts import printed_facts, tier_facts_of
from colophon.rules.vocabularies import Vocabularies, vocabularies_of
from colophon.rules.wording import shown

_REPRODUCIBILITY = ("reproducibility_status", "reproducibility")


def derive(
    facts: Facts,
    findings: Sequence[Finding],
    vocabularies: Vocabularies | Mapping[str, Mapping[str, Any]],
    reruns: Sequence[ClaimRerun] = (),
) -> Derived:
    """Return tier, level, dimensions and state of one record.

    ``findings`` may hold all findings of the record; only those that may feed a tier are used.
    ``vocabularies`` are typed, or schema-valid documents by contract id; whoever judges many records
    reads them once with :func:`~colophon.rules.vocabularies.vocabularies_of`.
    ``reruns`` are what re-runs say about its claims.
    """
    if not isinstance(vocabularies, Vocabularies):
        vocabularies = vocabularies_of(vocabularies)
    state = correction_state(facts.history)
    tier_facts = tier_facts_of(facts, state.value, findings)
    level, claims_per_level = verification_level(
        facts.claims, facts.evidence.located_at, vocabularies.levels, reruns
    )
    return Derived(
        tier=evidence_tier(tier_facts, vocabularies.evidence_tiers),
        tier_facts=printed_facts(tier_facts, vocabularies.evidence_tiers.confidence_level),
        publisher_tiers=stated_tiers(facts, vocabularies),
        level=level,
        claims_per_level=claims_per_level,
        dimensions=dimensions(vocabularies.dimensions, facts, findings, reruns),
        state=state,
        error_rules=tier_facts.error_rules,
        reruns=tuple(reruns),
    )


def stated_tiers(facts: Facts, vocabularies: Vocabularies) -> PublisherTiers:
    """Return the publisher's tiers that hold by what the publisher stated.

    A score that prints its scale, such as 4.1/5 or 82 %, is brought to the scale of the rules first.
    """
    levels = dict(facts.stated_dimensions)
    reproducibility = next((levels[name] for name in _REPRODUCIBILITY if name in levels), None)
    given = StatedFacts(facts.stated_score, facts.stated_verified, reproducibility)
    vocabulary, text = vocabularies.publisher_tiers, facts.stated_score_text
    if facts.stated_score is None or text is None:
        return publisher_tiers(given, vocabulary)
    score, maximum = Score.read(text), vocabulary.scale.maximum
    common = score.on(maximum) if score else None
    if score is None or common is None:
        return PublisherTiers("", (f"the scale of the score {shown(text)} is not clear",))
    printed = "" if score.out_of in (None, maximum) else text
    stated = replace(given, score=float(common.value), rounding=float(common.half_place), printed=printed)
    return publisher_tiers(stated, vocabulary)
