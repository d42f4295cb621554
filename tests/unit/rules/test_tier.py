"""The evidence tier: one for every record, from the facts and thresholds alone."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon.contracts.quality_tiers import EvidenceTierVocabulary
from colophon.rules.tier import evidence_tier, shortfalls, unsafe, withheld
from colophon.rules.tier_facts import TierFacts
from colophon.rules.vocabularies import Vocabularies

ORDER = ("WITHHELD", "UNSAFE", "GROUNDED", "MOSTLY_GROUNDED", "LOCATED", "UNCHECKED")
RULES = (
    "C101 counts-disagree",
    "C104 synthesis-empty",
    "X101 text-cut",
    "R102 threshold-undeclared",
    "P102 x",
)


ANY_CLAIMS = st.none() | st.integers(0, 200)


@st.composite
def tier_facts(draw: st.DrawFn, shown: st.SearchStrategy[int | None] = ANY_CLAIMS) -> TierFacts:
    """Any facts that can occur together."""
    claims = draw(shown)
    least = st.just(claims) if claims is not None else st.just(0)
    upto = least | st.integers(0, claims or 0)
    located = draw(upto)
    asked = draw(st.none() | st.integers(0, 5))
    rarely = st.integers(0, 9).map(lambda n: max(0, n - 7))
    return TierFacts(
        state=draw(st.sampled_from(("CURRENT",) * 6 + ("CORRECTED", "DISPUTED", "WITHDRAWN", "RETRACTED"))),
        decision=draw(st.sampled_from((None, None, "ACCEPT", "ACCEPT", "reject", "REJECT"))),
        withdrawal=draw(st.sampled_from((None,) * 6 + ("WITHDRAWN",))),
        owner_review=draw(st.sampled_from((None, None, None, None, "ESCALATE_TO_OWNER"))),
        claims=claims,
        stated_extracted=draw(st.none() | st.integers(0, 3)),
        grounded=draw(upto),
        located=located,
        held=draw(upto),
        open_conflicts=draw(rarely),
        judged_contradicted=draw(rarely),
        asked_entities=asked,
        covered_entities=draw(st.just(asked or 0) | st.integers(0, asked or 0)),
        sources=draw(st.integers(0, 6)),
        largest_source=draw(st.integers(0, located)),
        error_rules=draw(st.sampled_from(((), (), (), RULES[:1], RULES[:2]))),
        warning_rules=draw(st.sampled_from(((), RULES[2:3], RULES[2:4], RULES[1:]))),
        sample=draw(st.sampled_from((0, 9, 10, claims or 0))),
        is_off_topic=draw(st.sampled_from((False, False, False, True))),
    )


@st.composite
def room_to_ground(draw: st.DrawFn) -> TierFacts:
    """Facts with at least one claim that is not grounded."""
    facts = draw(tier_facts(st.integers(1, 200)))
    left = (facts.claims or 1) - 1
    return replace(facts, grounded=draw(st.just(left) | st.integers(0, left)))


GOOD = TierFacts(
    claims=40, stated_extracted=40, grounded=40, located=40, held=40, asked_entities=2, covered_entities=2,
    sources=3, largest_source=20, sample=10,
)  # fmt: skip


def tier(facts: TierFacts, vocabularies: Vocabularies) -> str:
    """The name of the tier by the released vocabulary."""
    return evidence_tier(facts, vocabularies.evidence_tiers).value


def rank(facts: TierFacts, vocabularies: Vocabularies) -> int:
    """The place of the tier in the order, 0 first."""
    return ORDER.index(tier(facts, vocabularies))


def tiers_that_hold(facts: TierFacts, vocabulary: EvidenceTierVocabulary) -> tuple[str, ...]:
    """Every tier whose own condition holds, without regard to order."""
    by_reason = {"WITHHELD": any(withheld(facts)), "UNSAFE": any(unsafe(facts))}
    return tuple(
        tier.name
        for tier in vocabulary.tiers
        if by_reason.get(tier.name, not any(shortfalls(facts, tier.thresholds, vocabulary.confidence_level)))
    )


@settings(max_examples=500)
@given(facts=tier_facts())
def test_total_and_disjoint(facts: TierFacts, vocabularies: Vocabularies) -> None:
    """Every record has exactly one tier: the first whose own condition holds, and it has reasons."""
    judgement = evidence_tier(facts, vocabularies.evidence_tiers)
    holding = tiers_that_hold(facts, vocabularies.evidence_tiers)
    exclusive = [
        name
        for name in ORDER
        if name in holding and not any(better in holding for better in ORDER[: ORDER.index(name)])
    ]
    assert exclusive == [judgement.value]
    assert judgement.reasons
    assert all(reason.strip() for reason in judgement.reasons)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "GROUNDED"),
        ({"decision": "Reject"}, "WITHHELD"),
        ({"owner_review": "ESCALATE_TO_OWNER"}, "WITHHELD"),
        ({"withdrawal": "WITHDRAWN by the publisher"}, "WITHHELD"),
        ({"state": "WITHDRAWN"}, "WITHHELD"),
        ({"state": "RETRACTED"}, "WITHHELD"),
        ({"state": "SUPERSEDED"}, "GROUNDED"),
        ({"error_rules": ("C101 counts-disagree",)}, "UNSAFE"),
        ({"judged_contradicted": 1}, "UNSAFE"),
        ({"is_off_topic": True}, "UNSAFE"),
        ({"claims": 0, "grounded": 0, "located": 0, "held": 0}, "UNSAFE"),
        ({"claims": None, "stated_extracted": 0}, "UNSAFE"),
        ({"claims": None, "stated_extracted": 12}, "UNCHECKED"),
        ({"claims": None, "stated_extracted": None}, "UNCHECKED"),
        ({"sample": 9}, "MOSTLY_GROUNDED"),
        ({"warning_rules": ("X101 text-cut", "P102 placeholder-text")}, "MOSTLY_GROUNDED"),
        ({"asked_entities": None}, "MOSTLY_GROUNDED"),
        ({"asked_entities": 0, "covered_entities": 0}, "GROUNDED"),
        ({"covered_entities": 1}, "MOSTLY_GROUNDED"),
        ({"largest_source": 24}, "GROUNDED"),
        ({"largest_source": 25}, "MOSTLY_GROUNDED"),
        ({"held": 36}, "GROUNDED"),
        ({"held": 35}, "MOSTLY_GROUNDED"),
        ({"held": 19}, "LOCATED"),
        ({"sources": 2}, "LOCATED"),
        ({"warning_rules": ("a", "b", "c", "d")}, "LOCATED"),
        ({"grounded": 0}, "LOCATED"),
        ({"grounded": 0, "located": 39}, "UNCHECKED"),
        ({"open_conflicts": 1}, "UNCHECKED"),
        (
            {"claims": 5, "grounded": 5, "located": 5, "held": 5, "largest_source": 2, "sample": 5},
            "MOSTLY_GROUNDED",
        ),
        ({"claims": 20, "grounded": 20, "located": 20, "held": 20, "largest_source": 9}, "GROUNDED"),
    ],
)
def test_each_tier_is_reached(changes: dict[str, Any], expected: str, vocabularies: Vocabularies) -> None:
    """Each tier follows from the facts that its rule names, at the boundary as well."""
    assert tier(replace(GOOD, **changes), vocabularies) == expected


def test_all_claims_may_be_the_sample(vocabularies: Vocabularies) -> None:
    """With fewer claims than the sample asks for, all of them are enough."""
    # Two claims can never reach the lower bound, so the bound is lowered to see the sample alone.
    lowered = with_threshold(vocabularies.evidence_tiers, "GROUNDED", grounded_lower_bound=0.1)
    few = replace(GOOD, claims=2, grounded=2, located=2, held=2, largest_source=1, sample=2)
    assert evidence_tier(few, lowered).value == "GROUNDED"
    assert evidence_tier(replace(few, sample=1), lowered).value != "GROUNDED"


def with_threshold(vocabulary: EvidenceTierVocabulary, name: str, **changes: float) -> EvidenceTierVocabulary:
    """Return the vocabulary with other thresholds for one tier."""
    tiers = tuple(
        tier.model_copy(update={"thresholds": tier.thresholds.model_copy(update=changes)})
        if tier.name == name
        else tier
        for tier in vocabulary.tiers
    )
    return vocabulary.model_copy(update={"tiers": tiers})


@pytest.mark.parametrize(
    ("facts", "threshold"),
    [
        (replace(GOOD, grounded=30), {"grounded_lower_bound": 0.5}),
        (replace(GOOD, held=30), {"held_share": 0.7}),
        (replace(GOOD, covered_entities=1), {"relevance": 0.5}),
        (replace(GOOD, sources=2), {"sources": 2}),
        (replace(GOOD, largest_source=32), {"largest_share": 0.8}),
        (replace(GOOD, warning_rules=("a", "b")), {"warnings": 2}),
        (replace(GOOD, sample=5), {"sample": 5}),
    ],
)
def test_thresholds_come_from_the_vocabulary(
    facts: TierFacts, threshold: dict[str, float], vocabularies: Vocabularies
) -> None:
    """Another threshold in the vocabulary moves the boundary; none is written in the rule."""
    released = vocabularies.evidence_tiers
    assert evidence_tier(facts, released).value != "GROUNDED"
    assert evidence_tier(facts, with_threshold(released, "GROUNDED", **threshold)).value == "GROUNDED"


@given(facts=tier_facts())
def test_an_error_never_raises(facts: TierFacts, vocabularies: Vocabularies) -> None:
    """One more error rule never gives a better tier, and nothing better than UNSAFE."""
    worse = replace(facts, error_rules=(*facts.error_rules, "C103 totals-disagree"))
    assert tier(worse, vocabularies) in ("WITHHELD", "UNSAFE")
    before = tier(facts, vocabularies)
    assert tier(worse, vocabularies) == (before if before == "WITHHELD" else "UNSAFE")


@given(facts=tier_facts())
def test_a_warning_never_raises(facts: TierFacts, vocabularies: Vocabularies) -> None:
    """One more warning rule never gives a better tier."""
    worse = replace(facts, warning_rules=(*facts.warning_rules, "B101 identifier-malformed"))
    assert rank(worse, vocabularies) >= rank(facts, vocabularies)


@given(facts=room_to_ground())
def test_more_grounded_never_lowers(facts: TierFacts, vocabularies: Vocabularies) -> None:
    """One more grounded claim never gives a worse tier."""
    better = replace(facts, grounded=facts.grounded + 1)
    assert rank(better, vocabularies) <= rank(facts, vocabularies)


@given(facts=tier_facts())
def test_a_list_not_shown_is_unchecked_at_best(facts: TierFacts, vocabularies: Vocabularies) -> None:
    """Where the report shows no list of claims, no share is shown and none reaches a threshold."""
    hidden = replace(facts, claims=None)
    assert tier(hidden, vocabularies) in ("WITHHELD", "UNSAFE", "UNCHECKED")


@given(facts=tier_facts())
def test_an_open_conflict_bars_the_good_tiers(facts: TierFacts, vocabularies: Vocabularies) -> None:
    """With an open conflict no record is GROUNDED, MOSTLY_GROUNDED or LOCATED."""
    assert tier(replace(facts, open_conflicts=1), vocabularies) in ("WITHHELD", "UNSAFE", "UNCHECKED")


def test_reasons_name_what_decided(vocabularies: Vocabularies) -> None:
    """The reasons name the rules, the decision and the policy in words a reader can look up."""
    vocabulary = vocabularies.evidence_tiers
    unsafe = replace(GOOD, error_rules=("C101 counts-disagree", "C104 synthesis-empty"))
    expected = ("error rules fired: C101 counts-disagree, C104 synthesis-empty",)
    assert evidence_tier(unsafe, vocabulary).reasons == expected
    withheld = replace(GOOD, decision="REJECT", owner_review="ESCALATE_TO_OWNER")
    assert evidence_tier(withheld, vocabulary).reasons == (
        "stated decision is REJECT",
        "an owner review is asked for and still open: ESCALATE_TO_OWNER",
    )
    unchecked = TierFacts(claims=21, stated_extracted=21)
    assert evidence_tier(unchecked, vocabulary).reasons == (
        "not LOCATED: a passage of a source is named for 0 of 21 claims, all are asked for",
    )
