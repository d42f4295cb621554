"""The numbers of a text with their units."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colophon.language import numerals
from colophon.language.folding import fold
from colophon.language.quantities import quantities


def found(text: str) -> list[tuple[str, str]]:
    """Return (number in the base of its unit, kind) of each quantity."""
    return [(f"{one.value.normalize():f}"[:12], one.kind) for one in quantities(fold(text).text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45.3% of 1,200 in 2001", [("45.3", "percent"), ("1200", "plain"), ("2001", "year")]),
        ("45 per cent and 3 percentage points", [("45", "percent"), ("3", "points")]),
        ("0.4%-14.7%", [("0.4", "percent"), ("14.7", "percent")]),
        ("70B parameters in 12GB", [("70000000000", "parameters"), ("12000000000", "bytes")]),
        ("15 ms, 2 h, six months", [("0.015", "time"), ("7200", "time"), ("15778800", "time")]),
        ("a 2.1x speedup, 3-fold, doubled", [("2.1", "times"), ("3", "times"), ("2", "times")]),
        ("$5 million and 20 dollars", [("5000000", "money"), ("20", "money")]),
        (
            "5 out of 100, 1/2000, 493 per million",
            [("0.05", "share"), ("0.0005", "share"), ("0.000493", "share")],
        ),
        ("4 of 53 patients; half of them", [("0.0754716981", "share"), ("0.5", "share")]),
        ("two-thirds of twenty-five", [("0.6666666666", "share"), ("25", "plain")]),
        ("5 x 10^6 and 1e-5", [("5000000", "plain"), ("0.00001", "plain")]),
        ("seven hundred at 4:30", [("700", "plain"), ("270", "clock")]),
        ("3·1% (2·2–4·3)", [("3.1", "percent"), ("2.2", "plain"), ("4.3", "plain")]),
        ("-5 and (-3.2)", [("-5", "plain"), ("-3.2", "plain")]),
        ("in the 1990s", [("1990", "year")]),
        ("a 2.5× speedup on a 3 × 4 grid", [("2.5", "times"), ("3", "plain"), ("4", "plain")]),
        ("both arms (30 + 84) ended (see the 12) here", [("30", "plain"), ("84", "plain"), ("12", "plain")]),
        ("3 in 2001", [("3", "plain"), ("2001", "year")]),
    ],
)
def test_numbers_and_units(text: str, expected: list[tuple[str, str]]) -> None:
    """Digits and words, rates, scales, signs, years and times of the day, each in the base of its unit."""
    assert found(text) == expected


def test_an_arrow_is_no_bound() -> None:
    """The second number of "54.9 -> 61.2" is not more than 61.2."""
    assert [one.bound for one in quantities("54.9 -> 61.2, 3=>2, then > 5")] == ["", "", "", "", ">"]


@pytest.mark.parametrize(
    "text",
    [
        "N95 masks, GPT-4, CD33 and IL-10",
        "Kosmos-2 and H3K4me3",
        "Table 2 and Figure 3",
        "Table \n2 and Figure \n3",
        "MEK 1/2 and BRCA 1 carriers",
        "as shown [12], [3, 4] and [5-7]",
        "(1) first, (2) second",
        "several hundred people, a few thousand",
    ],
)
def test_names_labels_citations_and_list_marks_are_no_numbers(text: str) -> None:
    """They say which and not how many."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "bound"),
    [("at least 5", ">"), ("< 0.05", "<"), ("about 30", "~"), ("nearly 3.5 million", "~"), ("exactly 5", "")],
)
def test_what_bounds_a_number(text: str, bound: str) -> None:
    """More than, less than, about."""
    (one,) = quantities(text)
    assert one.bound == bound


@settings(derandomize=True, max_examples=300)
@given(st.text("0123456789.,-/%x×^eE: ()[]kMB$ntwohalfpermi\n", max_size=40))
def test_any_text_is_read(text: str) -> None:
    """Nothing fails; each quantity is a stretch of the text, and they stand in order."""
    at = 0
    for one in quantities(text):
        assert at <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        at = one.end


@given(st.from_regex(numerals._NUMBER))
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_numbers_are_where_the_pattern_finds_them(text: str) -> None:
    """Looking for digits first, and for words only where one begins, finds no number more or less."""
    written = [match.span() for match in numerals.numbers_written(text)]
    assert written == [match.span() for match in numerals._NUMBER.finditer(text)] != []
