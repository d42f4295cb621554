"""Whether two numbers say the same."""

import pytest

from colophon.language.agreement import agree, derived, equal, is_same_kind
from colophon.language.quantities import Quantity, quantities


def number(text: str) -> Quantity:
    """Return the one quantity of a text."""
    (one,) = quantities(text)
    return one


@pytest.mark.parametrize(
    ("claimed", "source"),
    [
        ("45%", "45 per cent"),
        ("76%", "76.3%"),
        ("0.45 of them", "45%"),
        ("3.5 million", "3,512,345"),
        ("1500 ms", "1.5 seconds"),
        ("half of it", "50%"),
        ("over 80%", "81.2%"),
        ("1500 g", "1.5 kg"),
        ("1.2 kW", "1200 W"),
        ("a third", "33.3%"),
        ("about 500", "512"),
        ("493 per million", "0.0493%"),
        ("2x", "2"),
        ("12 GB", "12,000 MB"),
    ],
)
def test_numbers_agree(claimed: str, source: str) -> None:
    """In another unit, as a share, in words, or rounded from the source's."""
    assert agree(number(claimed), number(source))


@pytest.mark.parametrize(
    ("claimed", "source"),
    [
        ("76.3%", "76%"),
        ("45%", "54%"),
        ("45%", "45 ms"),
        ("1 million", "1.2 million"),
        ("500", "512"),
        ("-5", "5"),
        ("4:30", "4.3"),
        ("20 years", "20 days"),
        ("over 80%", "79%"),
        ("over 80%", "8000%"),
        ("-10^35", "95%"),
    ],
)
def test_numbers_that_do_not(claimed: str, source: str) -> None:
    """A claim does not invent digits, nor change a unit or a sign."""
    assert not agree(number(claimed), number(source))


def test_equal_is_digit_for_digit() -> None:
    """Rounded is not equal."""
    assert equal(number("1.5 s"), number("1500 ms"))
    assert not equal(number("76%"), number("76.3%"))


def test_only_numbers_of_one_kind_can_clash() -> None:
    """A percentage says nothing against a time."""
    assert is_same_kind(number("45%"), number("50 per cent"))
    assert not is_same_kind(number("45%"), number("50 seconds"))


@pytest.mark.parametrize(
    ("claimed", "passage", "expected"),
    [
        ("5.0%", "rose from 70.1% to 75.1%", True),
        ("2.0x", "took 12.0 s and now 6.0 s", True),
        ("40.7%", "1.78 against 3.00", True),
        ("5.0 points", "rose from 70.1% to 75.1%", True),
        ("7.0%", "rose from 70.1% to 75.1%", False),
    ],
)
def test_a_difference_or_a_ratio_is_derived(claimed: str, passage: str, expected: bool) -> None:
    """Of two numbers of one passage, within the rounding of the claim."""
    assert derived(number(claimed), quantities(passage)) is expected
