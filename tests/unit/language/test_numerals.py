"""Numbers in words and digits, whatever letters a stranger writes them with."""

from decimal import Decimal

import pytest

from colophon.language import numerals


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("six percent", 6),
        ("s\u0131x percent", 6),
        ("S\u0130X percent", 6),
        ("\u017fix percent", 6),
        ("\u017fixty-\u017fix papers", 66),
        ("FIVE", 5),
    ],
)
def test_letters_that_a_pattern_takes_for_others_make_the_same_number(text: str, value: int) -> None:
    """Dotless and dotted i and the long s: one record written with them must not end the whole check."""
    found = numerals.next_number(text)
    assert found is not None
    number = numerals.numeral(text, found)
    assert number is not None
    assert number.value == Decimal(value)


@pytest.mark.parametrize("letter", ["\u0131", "\u0130", "\u017f", "\u212a"])
def test_no_word_of_a_number_is_unknown(letter: str) -> None:
    """Whatever word the pattern finds, with any of its letters exchanged, has a value or is none."""
    plain = {"\u0131": "i", "\u0130": "i", "\u017f": "s", "\u212a": "k"}[letter]
    words = "one six five fifty-six half third sixth six-tenths twice dozen million thousand per mille"
    for text in (words, f"6 in six; 1 of {words}", f"five {words} of 7 per six"):
        odd = text.replace(plain, letter)
        for match in numerals.numbers_written(odd):
            numerals.numeral(odd, match)
