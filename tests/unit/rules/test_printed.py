"""Numbers as they are printed."""

from decimal import Decimal

import pytest

from colophon.rules.printed import Printed, printed_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.18", Printed(Decimal("0.18"), Decimal("0.005"))),
        (" 7 ", Printed(Decimal(7), Decimal("0.5"))),
        ("18%", Printed(Decimal("0.18"), Decimal("0.005"))),
        ("8.2/10", Printed(Decimal("8.2"), Decimal("0.05"), "/10")),
        ("8.2 / 10", Printed(Decimal("8.2"), Decimal("0.05"), "/10")),
        ("-0.05", Printed(Decimal("-0.05"), Decimal("0.005"))),
    ],
)
def test_numbers_are_read_with_their_last_place(text: str, expected: Printed) -> None:
    """A number is read exactly, with half its last printed place and what it is out of."""
    assert printed_number(text) == expected


@pytest.mark.parametrize("text", [None, "", "high", "0,18", "0.18 (low)", "٠.١٨", "1e5", "1" * 50 + "x"])
def test_other_text_is_no_number(text: str | None) -> None:
    """Anything else is not guessed at."""
    assert printed_number(text) is None
