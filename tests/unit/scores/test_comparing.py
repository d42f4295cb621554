"""Scores are comparable only where every key is known and equal."""

import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from colophon.scores import KEYS, Score
from colophon.scores.comparing import comparable

KNOWN = Score(
    "LLaVA", "1.5", "7B", "GQA", "test-dev", "accuracy", "0", "none", "lmms-eval", "fp16",
    Decimal("62.0"), "62.0%",
    "%", "c001",
)  # fmt: skip
OTHER = replace(KNOWN, value=Decimal("58.1"), value_text="58.1%", claim_id="c002")


def test_equal_in_every_key_and_not_in_value() -> None:
    """That, and only that, is contested."""
    assert str(comparable([KNOWN, OTHER])) == "contested (spread 3.9)"


def test_rounding_is_no_spread() -> None:
    """62% may be 61.8%."""
    rounded = replace(KNOWN, value=Decimal(62), value_text="62%")
    assert (
        str(comparable([rounded, replace(KNOWN, value=Decimal("61.8"), value_text="61.8%")])) == "comparable"
    )


def test_unknown_keys_are_named() -> None:
    """What one row leaves open is missing."""
    found = comparable([replace(KNOWN, harness=None), replace(OTHER, precision=None)])
    assert str(found) == "not comparable (missing: harness, precision)"
    assert not found.is_contested


def test_different_keys_are_named() -> None:
    """Tool use against plain prompting."""
    assert str(comparable([KNOWN, replace(OTHER, tools="tools")])) == "not comparable (tools differs)"


def test_one_spelling() -> None:
    """Case and hyphens make no other key."""
    assert comparable([KNOWN, replace(OTHER, split="Test dev")]).is_contested


def test_nothing_to_compare() -> None:
    """No rows and one row have no spread."""
    assert str(comparable([])) == str(comparable([KNOWN])) == "comparable"


rows = st.builds(
    Score,
    **dict.fromkeys(KEYS, st.sampled_from([None, "a", "b"])),
    value=st.decimals(0, 100, places=1),
    value_text=st.sampled_from(["1.0", "", "x", "62%"]),
    unit=st.sampled_from([None, "%"]),
    claim_id=st.just("c"),
)


@given(st.lists(rows, max_size=6), st.randoms(use_true_random=False))
def test_order_does_not_matter(found: list[Score], shuffler: random.Random) -> None:
    """Rows have no order."""
    shuffled = list(found)
    shuffler.shuffle(shuffled)
    assert comparable(found) == comparable(shuffled)


@given(st.lists(rows, min_size=1, max_size=6))
def test_contested_only_among_equal_keys(found: list[Score]) -> None:
    """A contested spread has every key known and equal."""
    if comparable(found).is_contested:
        assert all(len({getattr(row, key) for row in found}) == 1 and getattr(found[0], key) for key in KEYS)
