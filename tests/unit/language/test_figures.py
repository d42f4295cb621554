"""Figures are found as printed, read as printed, and their last place says what it leaves open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.language import figures


@given(st.text(min_size=1, max_size=200), st.floats(allow_nan=False, allow_infinity=False))
def test_whatever_is_printed_can_be_judged(figure: str, value: float) -> None:
    """No text makes the check fail; what has no number at all is left alone."""
    assert figures.reads_as(figure, value) in (True, False)
    assert figures.reads_as("n/a", value)
    assert figures.half_place(figure, value) is None or figures.has_digits(figure)


@pytest.mark.parametrize(
    ("figure", "value"),
    [("1.8M", 1.8), ("1.8M", 1_800_000), ("29,259", 29_259), ("-12.3%", -12.3), ("4.0e-3", 0.004),
     ("12-16x", 16), ("3.5 trillion", 3.5e12), ("0.0000001e3", 0.0001), ("156.04 GFLOPs", 156.04)],
)  # fmt: skip
def test_a_figure_reads_as_its_digits_or_with_its_scale(figure: str, value: float) -> None:
    """Both readings of a scaled number are right, and another number is not."""
    assert figures.reads_as(figure, value)
    assert not figures.reads_as(figure, value + 1)


@pytest.mark.parametrize(
    ("figure", "text", "stands"),
    [
        ("5%", "only 61.5% of them", False),
        ("5%", "only 5% of them", True),
        ("12", "it is 12-16x faster", True),
        ("12", "it has 1,112 parts", False),
        ("the larger one", "its second term is the larger one", True),
    ],
)
def test_a_part_of_a_number_does_not_stand_in_a_text(figure: str, text: str, stands: bool) -> None:
    """A figure is found where it is printed, and not inside another."""
    assert figures.stands_in(figure, text) is stands


@pytest.mark.parametrize(
    ("figure", "value", "half"),
    [("12.8x", 12.8, 0.05), ("41%", 41, 0.5), ("1.8M", 1.8, 0.05), ("1.8M", 1.8e6, 50_000),
     ("4.0e-3", 0.004, 5e-5),
     ("12-16x", 16, 0.5), ("1,000", 1000, 0.5), ("12.8x", 13, None), ("twice", 2, None)],
)  # fmt: skip
def test_half_of_the_last_printed_place(figure: str, value: float, half: float | None) -> None:
    """A printed number leaves half of its last place open, in the unit of its reading."""
    assert figures.half_place(figure, value) == (None if half is None else pytest.approx(half))
