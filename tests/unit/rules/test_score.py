"""Printed scores, their scales, and how they compare with limits."""

from decimal import Decimal

import pytest

from colophon.rules.score import Score


@pytest.mark.parametrize(
    ("text", "unit", "value", "out_of"),
    [
        ("8.2/10", None, "8.2", 10),
        ("8.2 / 10", "/10", "8.2", 10),
        ("4.1/5", "/5", "4.1", 5),
        ("4.1", "/5", "4.1", 5),
        ("82 %", "%", "82", 100),
        ("82%", None, "82", 100),
        ("82 percent", None, "82", 100),
        ("8.2 out of 10", "out of 10", "8.2", 10),
        ("eight", None, None, None),
        ("8 out of ten", None, "8", 10),
        ("8,2/10", None, "8.2", 10),
        ("6.5", None, "6.5", None),
        ("4.1 stars", None, None, None),
        ("8.2/0", None, None, None),
        ("1,000", None, None, None),
        ("", "/10", None, None),
        (None, None, None, None),
    ],
)
def test_a_score_is_read_with_its_scale(
    text: str | None, unit: str | None, value: str | None, out_of: int | None
) -> None:
    """The number and what it is out of are read; anything else is not guessed at."""
    score = Score.read(text, unit)
    if value is None:
        assert score is None
    else:
        assert score is not None
        assert (score.value, score.out_of) == (Decimal(value), out_of)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.1/5", "8.2"), ("82 %", "8.2"), ("72/100", "7.2"), ("8.2/10", "8.2"), ("8.2", "8.2"),
        ("0.82", None), ("0", "0"), ("1", None),
    ],
)  # fmt: skip
def test_a_score_is_brought_to_another_scale(text: str, expected: str | None) -> None:
    """A printed scale is applied; without one a number up to 1 may be a share and stays undecided."""
    score = Score.read(text)
    assert score is not None
    common = score.on(10)
    assert (common.value if common else None) == (Decimal(expected) if expected else None)


def test_the_rounding_is_brought_along() -> None:
    """Half the last place grows with the scale."""
    score = Score.read("4.1/5")
    assert score is not None
    common = score.on(10)
    assert common is not None
    assert common.half_place == Decimal("0.1")


@pytest.mark.parametrize(
    ("score", "limit", "expected"),
    [
        ("4.8/10", "6.5", True),
        ("6.5/10", "6.5", False),
        ("6.46/10", "6.5", True),
        ("6.5/10", "6.53", False),
        ("4.1/5", "3.5", False),
        ("3.0/5", "3.5", True),
        ("4.1/5", "6.5", None),
        ("4.1/5", "6.5/10", False),
        ("3.0/5", "6.5/10", True),
        ("82 %", "65", False),
        ("48 %", "6.5/10", True),
        ("8.2/10", "65 %", False),
        ("4.8", "6.5", True),
        ("0.82", "6.5", None),
        ("8.2", "0.65", None),
        ("8.2/10", "0.65", None),
        ("0.4", "0.6", True),
        ("4.8", "6.5/10", None),
    ],
)
def test_a_limit_is_on_the_scale_of_the_score(score: str, limit: str, expected: bool | None) -> None:
    """Printed scales are applied; a bare limit is on the score's, and undecided where it cannot be."""
    read, least = Score.read(score), Score.read(limit)
    assert read is not None
    assert least is not None
    assert read.is_below(least) is expected
