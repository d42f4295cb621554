"""Derived values as documents of their contracts, the way a paper's JSON publishes them."""

from collections.abc import Iterator, Sequence
from typing import Any

from colophon.contracts.quality_tiers import EvidenceTierVocabulary
from colophon.index import Facts
from colophon.model import Derived, Finding
from colophon.rules.tier_facts import TierFacts, tier_facts_of


def tier_assessment(
    facts: Facts, findings: Sequence[Finding], derived: Derived, vocabulary: EvidenceTierVocabulary
) -> dict[str, Any]:
    """Return the evidence tier of a record as a quality-tiers-v2 assessment."""
    return {
        **_head("quality-tiers-v2", facts.id),
        "tier": derived.tier.value,
        "statement": vocabulary.statement,
        "reasons": list(derived.tier.reasons),
        "facts": list(_facts(tier_facts_of(facts, derived.state.value, findings), derived, vocabulary)),
    }


def publisher_tier_assessment(facts: Facts, derived: Derived) -> dict[str, Any]:
    """Return the publisher's tiers that hold as a quality-tiers-v1 assessment."""
    tiers = derived.publisher_tiers
    return {
        **_head("quality-tiers-v1", facts.id),
        "stated": facts.stated_tier,
        "tiers": [name for name in tiers.value.split(", ") if name],
        "reasons": list(tiers.reasons),
    }


def level_assessment(facts: Facts, derived: Derived) -> dict[str, Any]:
    """Return the verification level of a record as a verification-levels-v1 assessment."""
    return {
        **_head("verification-levels-v1", facts.id),
        "level": derived.level.value,
        "reasons": list(derived.level.reasons),
        "claims_per_level": dict(derived.claims_per_level) or None,
    }


def dimension_assessment(facts: Facts, derived: Derived) -> dict[str, Any]:
    """Return the dimensions of a record as a quality-dimensions-v1 assessment."""
    assessed = {
        name: {"level": item.level, "basis": item.basis, "inputs": list(item.inputs)}
        for name, item in derived.dimensions
    }
    return {**_head("quality-dimensions-v1", facts.id), "dimensions": assessed}


def _head(contract: str, paper: str) -> dict[str, Any]:
    return {"contract_version": contract, "document": "assessment", "paper": paper}


def _facts(
    facts: TierFacts, derived: Derived, vocabulary: EvidenceTierVocabulary
) -> Iterator[dict[str, Any]]:
    """Yield the six facts; numerator and denominator are None where they are not shown or not assessed."""
    claims = facts.claims
    is_shown = claims is not None
    counted = {
        "grounded share": (facts.grounded_share.numerator, claims),
        "conflicts": (facts.open_conflicts if is_shown else None, claims),
        "held share": (facts.held_share.numerator, claims),
        "relevance": (None if facts.asked_entities is None else facts.covered_entities, facts.asked_entities),
        "breadth": (facts.largest_source, facts.located) if is_shown else (None, None),
        "audit": (len(facts.error_rules) + len(facts.warning_rules), None),
    }
    printed = dict(derived.tier_facts)
    for fact in vocabulary.facts:
        numerator, denominator = counted[fact.name]
        yield {
            "fact": fact.name, "numerator": numerator, "denominator": denominator,
            "text": printed[fact.name], "rule": fact.rule,
        }  # fmt: skip
