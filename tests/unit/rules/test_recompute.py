"""The short function gives the tier that the rules give, for a thousand records that are all different."""

import json
import random
from pathlib import Path

from colophon import contracts, schema, yaml_guard
from colophon.contracts.quality_tiers import EvidenceTierVocabulary
from colophon.rules.recompute import tier_inputs, tier_of
from colophon.rules.tier import evidence_tier
from colophon.rules.tier_facts import TierFacts

ROOT = Path(__file__).parents[3]
RECORDS = 1000


def vocabulary() -> EvidenceTierVocabulary:
    """The released vocabulary."""
    raw = (ROOT / "vocabularies/quality-tiers-v2.yaml").read_bytes()
    read = contracts.read(schema.typed("quality-tiers-v2", yaml_guard.read(raw).value))
    assert isinstance(read, EvidenceTierVocabulary)
    return read


def generated(number: int) -> TierFacts:
    """Return the facts of a made-up record; near the thresholds more often than chance would have it."""
    draw = random.Random(number)
    claims = draw.choice([None, 0, 1, 5, 9, 10, 12, 16, 20, 40, draw.randint(1, 300)])
    most = claims or 0

    def share() -> int:
        return min(most, draw.choice([0, most, round(0.9 * most), round(0.5 * most), draw.randint(0, most)]))

    located = draw.choice([most, share()])
    asked = draw.choice([None, 0, 1, 3])
    return TierFacts(
        state=draw.choice(["CURRENT"] * 12 + ["RETRACTED"]),
        decision=draw.choice([None] * 12 + ["REJECT"]),
        claims=claims,
        stated_extracted=draw.choice([None, 0, 7]),
        grounded=draw.choice([most, share()]),
        located=located,
        held=draw.choice([most, share()]),
        open_conflicts=draw.choice([0] * 6 + [1]),
        judged_contradicted=draw.choice([0] * 12 + [1]),
        asked_entities=asked,
        covered_entities=draw.randint(0, asked) if asked and draw.random() < 0.3 else asked or 0,
        sources=draw.choice([0, 2, 3, 4]),
        largest_source=draw.choice([located, round(0.6 * located), round(0.5 * located)]),
        error_rules=tuple(draw.choice([[]] * 8 + [["C101 counts-disagree"]])),
        warning_rules=tuple(f"T10{n} x" for n in range(draw.choice([0, 0, 1, 2, 3, 4]))),
        sample=draw.choice([0, 9, 10, most]),
        is_off_topic=draw.random() < 0.05,
    )


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
