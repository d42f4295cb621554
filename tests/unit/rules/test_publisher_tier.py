"""The publisher's tier by the publisher's own rules, overlap and gap included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.rules.publisher_tier import StatedFacts, publisher_tiers, tier_name
from colophon.rules.vocabularies import Vocabularies

HIGH, LOW = "HIGH", "LOW"


@pytest.mark.parametrize(
    ("score", "verified", "reproducibility", "expected"),
    [
        (0.0, 0, LOW, "WATCHLIST, QUARANTINE_CANDIDATE"),
        (4.99, 9, HIGH, "WATCHLIST, QUARANTINE_CANDIDATE"),
        (5.0, 0, LOW, "PUBLIC_RECORD, WATCHLIST"),
        (7.49, 9, HIGH, "PUBLIC_RECORD, WATCHLIST"),
        (7.495, 9, HIGH, "PUBLIC_RECORD"),
        (7.5, 0, LOW, "PUBLIC_RECORD"),
        (7.5, 1, LOW, "DOI_GRADE, PUBLIC_RECORD"),
        (8.5, 4, HIGH, "DOI_GRADE, PUBLIC_RECORD"),
        (8.5, 5, LOW, "DOI_GRADE, PUBLIC_RECORD"),
        (8.5, 5, HIGH, "FLAGSHIP_CANDIDATE, DOI_GRADE, PUBLIC_RECORD"),
        (10.0, 0, HIGH, "PUBLIC_RECORD"),
    ],
)
def test_grid(
    score: float, verified: int, reproducibility: str, expected: str, vocabularies: Vocabularies
) -> None:
    """The set holds every tier whose rule holds: two between 5.0 and 7.49, fewer in the gap above."""
    stated = StatedFacts(score, verified, reproducibility)
    assert publisher_tiers(stated, vocabularies.publisher_tiers).value == expected


@given(score=st.floats(0, 10), verified=st.integers(0, 50), level=st.sampled_from((LOW, "MEDIUM", HIGH)))
def test_everything_stated_decides_everything(
    score: float, verified: int, level: str, vocabularies: Vocabularies
) -> None:
    """With score, verified claims and reproducibility stated every tier either holds or fails."""
    tiers = publisher_tiers(StatedFacts(score, verified, level), vocabularies.publisher_tiers)
    assert sorted((*tiers.holding, *tiers.failing)) == sorted(
        t.name for t in vocabularies.publisher_tiers.tiers
    )


def test_without_a_score_the_set_is_empty(vocabularies: Vocabularies) -> None:
    """Nothing is concluded without a score, or from one on another scale; the reason says so."""
    for score in (None, 72.0):
        tiers = publisher_tiers(StatedFacts(score, 5, HIGH), vocabularies.publisher_tiers)
        assert (tiers.value, tiers.holding, tiers.failing) == ("", (), ())
        assert tiers.reasons


def test_what_is_not_stated_neither_holds_nor_fails(vocabularies: Vocabularies) -> None:
    """A rule that asks for something not stated cannot be decided."""
    tiers = publisher_tiers(StatedFacts(9.0, 6, None), vocabularies.publisher_tiers)
    assert "FLAGSHIP_CANDIDATE" not in (*tiers.holding, *tiers.failing)


def test_a_rounded_score_may_reach_the_next_tier(vocabularies: Vocabularies) -> None:
    """A printed 5.0 may have been 4.96, so QUARANTINE_CANDIDATE does not fail."""
    tiers = publisher_tiers(StatedFacts(5.0, 0, LOW, 0.05), vocabularies.publisher_tiers)
    assert tiers.holding == ("PUBLIC_RECORD", "WATCHLIST")
    assert "QUARANTINE_CANDIDATE" not in tiers.failing


def test_rules_come_from_the_vocabulary(vocabularies: Vocabularies) -> None:
    """Another limit in the vocabulary moves the boundary."""
    vocabulary = vocabularies.publisher_tiers
    tiers = tuple(
        tier.model_copy(update={"rule": tier.rule.model_copy(update={"score_at_least": 6.0})})
        if tier.name == "PUBLIC_RECORD"
        else tier
        for tier in vocabulary.tiers
    )
    moved = vocabulary.model_copy(update={"tiers": tiers})
    assert publisher_tiers(StatedFacts(5.5, 0, LOW), moved).value == "WATCHLIST"


@pytest.mark.parametrize(
    "printed", ["Quarantine candidate", "QUARANTINE_CANDIDATE", " quarantine-candidate "]
)
def test_printed_names_are_read(printed: str) -> None:
    """Case, spaces and hyphens do not matter in a printed tier."""
    assert tier_name(printed) == "QUARANTINE_CANDIDATE"
