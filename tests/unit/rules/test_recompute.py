"""The short function gives the tier that the rules give, for a thousand records that are all different."""

import json
from pathlib import Path

from colophon import contracts, schema, yaml_guard
from colophon.contracts.quality_tiers import EvidenceTierVocabulary
from colophon.rules.recompute import tier_inputs, tier_of
from colophon.rules.tier import evidence_tier

from ...tier_cases import RECORDS, generated

ROOT = Path(__file__).parents[3]


def vocabulary() -> EvidenceTierVocabulary:
    """The released vocabulary."""
    raw = (ROOT / "vocabularies/quality-tiers-v2.yaml").read_bytes()
    read = contracts.read(schema.typed("quality-tiers-v2", yaml_guard.read(raw).value))
    assert isinstance(read, EvidenceTierVocabulary)
    return read


def test_the_short_function_agrees_with_the_rules() -> None:
    """Every tier occurs among the records, and the two never differ."""
    rules, seen = vocabulary(), set()
    for number in range(RECORDS):
        facts = generated(number)
        inputs = json.loads(json.dumps(tier_inputs(facts)))
        wanted = evidence_tier(facts, rules).value
        assert tier_of(inputs) == wanted, inputs
        seen.add(wanted)
    assert seen == {tier.name for tier in rules.tiers}
