"""Made-up records for both spellings of the tier: in Python and in JavaScript."""

import random

from colophon.rules.tier_facts import TierFacts

RECORDS = 1000


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
