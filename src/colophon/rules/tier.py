"""The evidence tier: from checkable facts only, total and disjoint, printed with its reasons.

Each tier has a condition.  The tiers are asked in the order of the vocabulary and the first whose
condition holds is given; the last asks for nothing, so that every record has exactly one.
"""

from collections.abc import Iterator

from colophon.contracts.quality_tiers import EvidenceTierVocabulary, Thresholds
from colophon.model import Judgement, Share
from colophon.proportions import wilson_lower_bound
from colophon.rules.decision import is_rejected
from colophon.rules.tier_facts import TierFacts, rounded_down
from colophon.rules.wording import shown

_BY_REASON = {"WITHHELD", "UNSAFE"}


def evidence_tier(facts: TierFacts, vocabulary: EvidenceTierVocabulary) -> Judgement:
    """Return the evidence tier with its reasons.

    The reasons of WITHHELD and UNSAFE say what put the record there, those of the other tiers which
    thresholds it meets and, below the best one, what the next better tier asks for beyond that.
    """
    better = ""
    missing: tuple[str, ...] = ()
    for tier in vocabulary.tiers:
        if tier.name in _BY_REASON:
            reasons = tuple(withheld(facts) if tier.name == "WITHHELD" else unsafe(facts))
            if reasons:
                return Judgement(tier.name, reasons)
            continue
        short = tuple(shortfalls(facts, tier.thresholds, vocabulary.confidence_level))
        if not short:
            met = tuple(_met(facts, tier.thresholds, vocabulary.confidence_level))
            return Judgement(tier.name, (*met, *(f"not {better}: {reason}" for reason in missing)))
        better, missing = tier.name, short
    return Judgement(vocabulary.tiers[-1].name, tuple(f"not {better}: {reason}" for reason in missing))


def withheld(facts: TierFacts) -> Iterator[str]:
    """Yield what withholds a record; nothing when nothing does."""
    if is_rejected(facts.decision):
        yield f"stated decision is {shown(facts.decision or '')}"
    if facts.withdrawal is not None:
        yield f"the publisher says that it took the report back: {shown(facts.withdrawal)}"
    if facts.owner_review is not None:
        yield f"an owner review is asked for and still open: {shown(facts.owner_review)}"
    if facts.state in ("WITHDRAWN", "RETRACTED"):
        yield f"state is {facts.state}"
    if facts.is_removed:
        yield "its manifest was removed, so nothing of it can be checked"


def unsafe(facts: TierFacts) -> Iterator[str]:
    """Yield what makes a record unsafe; nothing when nothing does."""
    if facts.error_rules:
        yield f"error rules fired: {', '.join(facts.error_rules)}"
    if facts.claims == 0:
        yield "the list of claims is empty"
    elif facts.has_no_claims:
        yield "no list of claims is shown and the stated count is 0"
    if facts.judged_contradicted:
        yield f"claims judged contradicted by a confirmed check: {facts.judged_contradicted}"
    if facts.is_off_topic:
        yield "title and question are both about something else than the content"


def shortfalls(facts: TierFacts, asked: Thresholds, confidence: float) -> Iterator[str]:
    """Yield what keeps the facts below the thresholds; nothing when all are met."""
    if asked.open_conflicts is not None and facts.open_conflicts > asked.open_conflicts:
        yield f"open conflicts are {facts.open_conflicts}, at most {asked.open_conflicts}"
    yield from _short_shares(facts, asked, confidence)
    if asked.relevance is not None and (facts.relevance is None or facts.relevance < asked.relevance):
        yield f"relevance is {_number(facts.relevance, 'not assessed')}, {asked.relevance:.2f} is asked for"
    if asked.sources is not None and facts.sources < asked.sources:
        yield f"sources with a located claim are {facts.sources}, at least {asked.sources}"
    if asked.largest_share is not None and facts.largest_share > asked.largest_share:
        carried = f"{facts.largest_source} of {facts.located} located claims"
        yield f"the largest source carries {carried}, at most {asked.largest_share:.0%}"
    if asked.warnings is not None and len(facts.warning_rules) > asked.warnings:
        yield f"warning rules that fired are {len(facts.warning_rules)}, at most {asked.warnings}"
    if asked.sample is not None and not _is_sampled(facts, asked.sample):
        yield f"claims in a confirmed random check are {facts.sample}, at least {asked.sample} or all"


def _short_shares(facts: TierFacts, asked: Thresholds, confidence: float) -> Iterator[str]:
    """Yield the shares over claims that miss; a share that is not shown misses every threshold."""
    if facts.claims is None and (asked.grounded_lower_bound or asked.held_share or asked.located_share):
        yield "the report shows no list of claims, so no share of them is known"
        return
    bound, held, located = _bound(facts, confidence), _value(facts.held_share), _value(facts.located_share)
    if asked.grounded_lower_bound is not None and (bound is None or bound < asked.grounded_lower_bound):
        counted = f"{facts.grounded_share} claims, lower bound {_number(bound)}"
        yield f"grounded are {counted}, at least {asked.grounded_lower_bound:.2f} is asked for"
    if asked.held_share is not None and (held is None or held < asked.held_share):
        counted = f"looked up in a held text are {facts.held_share} claims"
        yield f"{counted}, at least {asked.held_share:.0%} is asked for"
    if asked.located_share is not None and (located is None or located < asked.located_share):
        counted = f"a passage of a source is named for {facts.located_share} claims"
        yield f"{counted}, {_part(asked.located_share)} asked for"


def _part(share: float) -> str:
    return "all are" if share == 1 else f"at least {share:.0%} is"


def _met(facts: TierFacts, asked: Thresholds, confidence: float) -> Iterator[str]:
    """Yield what carries a tier, in words."""
    if asked.grounded_lower_bound is not None:
        yield f"lower bound of the grounded share is {_number(_bound(facts, confidence))}"
    if asked.held_share is not None:
        yield f"{facts.held_share} claims looked up in a held text"
    if asked.located_share is not None:
        yield "every claim has a source and a span"
    if asked.sources is not None:
        yield f"{facts.sources} sources with a located claim"
    if asked.sample is not None:
        yield f"{facts.sample} claims in a confirmed random check without a major error"


def _is_sampled(facts: TierFacts, least: int) -> bool:
    if facts.claims is None:
        return False
    return facts.sample >= min(least, facts.claims)


def _bound(facts: TierFacts, confidence: float) -> float | None:
    return None if facts.claims is None else wilson_lower_bound(facts.grounded, facts.claims, confidence)


def _value(share: Share) -> float | None:
    """Return a share over claims as a number; None when it is not shown, or over no claim at all."""
    return share.numerator / share.denominator if share.numerator is not None and share.denominator else None


def _number(value: float | None, otherwise: str = "not shown") -> str:
    return otherwise if value is None else rounded_down(value)
