"""What the state of a record rests on: the events that gave it, and the tier that it would have without."""

import re
from collections.abc import Sequence
from dataclasses import replace

from colophon.contracts.quality_tiers import EvidenceTierVocabulary
from colophon.index import EventFacts, Facts
from colophon.model import Finding, Judgement
from colophon.rules.tier import evidence_tier
from colophon.rules.tier_facts import tier_facts_of

# Every reason of a state begins so; see colophon.rules.state.
_EVENT = re.compile(r"event ([0-9]+)\b")


def giving(history: Sequence[EventFacts], state: Judgement) -> tuple[EventFacts, ...]:
    """Return the last step of every event that gave a state, oldest first; nothing without any event."""
    found = (_EVENT.match(reason) for reason in state.reasons)
    numbers = {int(one[1]) for one in found if one is not None}
    last = {step.number: step for step in history if step.number in numbers}
    return tuple(sorted(last.values(), key=lambda step: step.version))


def tier_as_filed(facts: Facts, findings: Sequence[Finding], vocabulary: EvidenceTierVocabulary) -> str:
    """Return the tier that a record would have if nobody had filed an event; not shown as its tier."""
    return evidence_tier(tier_facts_of(replace(facts, history=()), "CURRENT", findings), vocabulary).value
