"""Everything that the rules conclude about one record, from its facts and findings."""

from collections.abc import Mapping, Sequence
from typing import Any

from colophon.index import Facts
from colophon.model import Derived, Finding
from colophon.rules.dimensions import dimensions
from colophon.rules.level import verification_level
from colophon.rules.printed import printed_number
from colophon.rules.publisher_tier import PublisherTiers, StatedFacts, publisher_tiers
from colophon.rules.state import correction_state
from colophon.rules.tier import evidence_tier
from colophon.rules.tier_facts import printed_facts, tier_facts_of
from colophon.rules.vocabularies import Vocabularies, vocabularies_of

_REPRODUCIBILITY = ("reproducibility_status", "reproducibility")


def derive(
    facts: Facts, findings: Sequence[Finding], vocabularies: Vocabularies | Mapping[str, Mapping[str, Any]]
) -> Derived:
    """Return tier, level, dimensions and state of one record.

    ``findings`` may hold all findings of the record; only those that may feed a tier are used.
    ``vocabularies`` are typed, or schema-valid documents by contract id; whoever judges many records
    reads them once with :func:`~colophon.rules.vocabularies.vocabularies_of`.
    """
    if not isinstance(vocabularies, Vocabularies):
        vocabularies = vocabularies_of(vocabularies)
    state = correction_state(facts.events)
    tier_facts = tier_facts_of(facts, state.value, findings)
    level, claims_per_level = verification_level(facts.claims, tier_facts.located, vocabularies.levels)
    return Derived(
        tier=evidence_tier(tier_facts, vocabularies.evidence_tiers),
        tier_facts=printed_facts(tier_facts, vocabularies.evidence_tiers.confidence_level),
        publisher_tiers=stated_tiers(facts, vocabularies),
        level=level,
        claims_per_level=claims_per_level,
        dimensions=dimensions(vocabularies.dimensions),
        state=state,
    )


def stated_tiers(facts: Facts, vocabularies: Vocabularies) -> PublisherTiers:
    """Return the publisher's tiers that hold by what the publisher stated."""
    levels = dict(facts.stated_dimensions)
    reproducibility = next((levels[name] for name in _REPRODUCIBILITY if name in levels), None)
    score = printed_number(facts.stated_score_text)
    rounding = float(score.half_place) if score else 0.0
    stated = StatedFacts(facts.stated_score, facts.stated_verified, reproducibility, rounding)
    return publisher_tiers(stated, vocabularies.publisher_tiers)
