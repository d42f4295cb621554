"""The evidence tier once more, from the published inputs alone: short enough to be read by anyone.

``docs/assets/tier.js`` is the same function for browsers; a test runs both over a thousand records.
"""

from math import sqrt
from typing import Any

from colophon.rules.tier import withheld
from colophon.rules.tier_facts import TierFacts

_Z = 1.959963984540054


def tier_inputs(facts: TierFacts) -> dict[str, Any]:
    """Return everything that the tier rests on, as published-record-v2 publishes it."""
    return {
        "withheld": list(withheld(facts)),
        "claims": facts.claims,
        "has_no_claims": facts.has_no_claims,
        "grounded": facts.grounded,
        "located": facts.located,
        "held": facts.held,
        "open_conflicts": facts.open_conflicts,
        "judged_contradicted": facts.judged_contradicted,
        "asked_entities": facts.asked_entities,
        "covered_entities": facts.covered_entities,
        "sources": facts.sources,
        "largest_source": facts.largest_source,
        "sample": facts.sample,
        "is_off_topic": facts.is_off_topic,
        "error_rules": list(facts.error_rules),
        "warning_rules": list(facts.warning_rules),
    }


def tier_of(inputs: dict[str, Any]) -> str:
    """Return the evidence tier by quality-tiers-v2."""
    claims = inputs["claims"]
    if inputs["withheld"]:
        return "WITHHELD"
    is_unsafe = inputs["error_rules"] or inputs["has_no_claims"] or inputs["judged_contradicted"]
    if is_unsafe or inputs["is_off_topic"]:
        return "UNSAFE"
    if not claims or inputs["open_conflicts"]:
        return "UNCHECKED"
    bound, held = _lower_bound(inputs["grounded"], claims), inputs["held"] / claims
    asked, warnings = inputs["asked_entities"], len(inputs["warning_rules"])
    is_relevant = asked is not None and inputs["covered_entities"] >= asked
    largest = inputs["largest_source"] / inputs["located"] if inputs["located"] else 0
    is_broad = inputs["sources"] >= 3
    is_sampled = inputs["sample"] >= min(10, claims)
    is_grounded = bound >= 0.8 and held >= 0.9 and is_relevant and largest <= 0.6 and warnings <= 1
    if is_grounded and is_broad and is_sampled:
        return "GROUNDED"
    if bound >= 0.5 and held >= 0.5 and is_broad and warnings <= 3:
        return "MOSTLY_GROUNDED"
    return "LOCATED" if inputs["located"] >= claims else "UNCHECKED"


def _lower_bound(successes: int, n: int) -> float:
    """Return the lower end of Wilson's 95% interval for ``successes`` of ``n``."""
    share = successes / n
    spread = _Z * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    return (share + _Z * _Z / (2 * n) - spread) / (1 + _Z * _Z / n)
