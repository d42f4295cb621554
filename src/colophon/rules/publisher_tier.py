"""The publisher's own tier, recomputed by the publisher's own rules: the set of tiers that hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from colophon.contracts.quality_tiers import PublisherTierRule, PublisherTierVocabulary
from colophon.model import Judgement


@dataclass(frozen=True, slots=True)
class PublisherTiers(Judgement):
    """The tiers that hold, joined by a comma, as value.  ``holding`` and ``failing`` are sure;
    a tier in neither cannot be decided from what is stated."""

    holding: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedFacts:
    """What the publisher's rules use, the score on the scale of the rules.

    ``rounding`` is half the last printed place of the score, ``printed`` its text
    where it is printed on another scale.
    """

    score: float | None
    verified: int | None = None
    reproducibility: str | None = None
    rounding: float = 0.0
    printed: str = ""


def publisher_tiers(stated: StatedFacts, vocabulary: PublisherTierVocabulary) -> PublisherTiers:
    """Return the set of tiers whose rule holds, in the order of the vocabulary.

    The rules overlap and leave gaps, so the set may hold several tiers or none.  Without a score on the
    vocabulary's scale it is empty.  A tier that holds at some score which rounds to the printed one,
    or that asks for something not stated, is not counted as failing.
    """
    if stated.score is None:
        return PublisherTiers("", ("no review score is stated",))
    scale = vocabulary.scale
    if not scale.minimum <= stated.score <= scale.maximum:
        reason = f"the score {stated.score:g} is not on the scale {scale.minimum:g} to {scale.maximum:g}"
        return PublisherTiers("", (reason,))
    verdicts = {tier.name: _verdict(stated, tier.rule) for tier in vocabulary.tiers}
    holding = tuple(name for name, verdict in verdicts.items() if verdict is True)
    failing = tuple(name for name, verdict in verdicts.items() if verdict is False)
    return PublisherTiers(", ".join(holding), tuple(_reasons(stated, verdicts)), holding, failing)


def tier_name(printed: str) -> str:
    """Return a printed tier as a name of the vocabulary: ``Quarantine candidate`` is QUARANTINE_CANDIDATE."""
    return re.sub(r"[\W_]+", "_", printed.strip()).strip("_").upper()


def _verdict(stated: StatedFacts, rule: PublisherTierRule) -> bool | None:
    """Whether a rule holds; None when that cannot be decided."""
    conditions = [_by_score(stated, rule)]
    if rule.verified_at_least is not None:
        conditions.append(None if stated.verified is None else stated.verified >= rule.verified_at_least)
    if rule.reproducibility is not None:
        level = stated.reproducibility
        conditions.append(None if level is None else level.strip().upper() == rule.reproducibility)
    if False in conditions:
        return False
    return None if None in conditions else True


def _by_score(stated: StatedFacts, rule: PublisherTierRule) -> bool | None:
    """Whether the score meets a rule: as printed, else as any score that rounds to it (then None)."""
    score = stated.score or 0.0
    if _meets(score, rule):
        return True
    low, high = score - stated.rounding, score + stated.rounding
    return None if _meets(low, rule) or _meets(high, rule) else False


def _meets(score: float, rule: PublisherTierRule) -> bool:
    return (
        (rule.score_at_least is None or score >= rule.score_at_least)
        and (rule.score_below is None or score < rule.score_below)
        and (rule.score_at_most is None or score <= rule.score_at_most)
    )


def _reasons(stated: StatedFacts, verdicts: dict[str, bool | None]) -> Iterator[str]:
    verified = "not stated" if stated.verified is None else str(stated.verified)
    reproducibility = stated.reproducibility or "not stated"
    printed = f" (printed as {stated.printed})" if stated.printed else ""
    yield f"score {stated.score:g}{printed}, verified claims {verified}, reproducibility {reproducibility}"
    if True not in verdicts.values():
        yield "no tier's rule holds"
    for name, verdict in verdicts.items():
        if verdict is None:
            yield f"{name} cannot be decided from what is stated"
