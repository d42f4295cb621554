"""A look at the beginnings of words never hides what a pattern finds."""

import importlib
import pkgutil
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import colophon
from colophon.language.beginnings import LONGEST, Begun, Led, beginnings

NAMES = [
    module.name
    for part in ("audits", "language", "scores")
    for module in pkgutil.iter_modules([f"{colophon.__path__[0]}/{part}"], f"colophon.{part}.")
]
KNOWN = {
    f"{name.removeprefix('colophon.')}.{member}": one
    for name in NAMES
    for member, one in vars(importlib.import_module(name)).items()
    if isinstance(one, Begun)
}


def places(matches: object) -> list[tuple[int, int]]:
    """Return where matches stand."""
    return [match.span() for match in matches]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(KNOWN))
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_match_is_found(name: str, data: st.DataObject) -> None:
    """Whatever a pattern matches, with anything before and behind, is found through the words it names."""
    begun = KNOWN[name]
    text = data.draw(st.from_regex(begun.pattern))
    first = begun.pattern.search(text)
    found = begun.search(text)
    assert first is not None and found is not None and found.span() == first.span()
    assert places(begun.finditer(text)) == places(begun.pattern.finditer(text))


@pytest.mark.parametrize("text", ["Share of It", "RİSK", "rısk", "\u212aappa", "kappa"])
def test_letters_that_a_pattern_takes_for_others(text: str) -> None:
    """What a pattern that ignores case finds is found in every spelling of it."""
    begun = Led(r"\b(?:share|risk|kappa)\b", "share risk kappa")
    assert (begun.search(text) is None) == (begun.pattern.search(text) is None)
    assert begun.search(text) is not None


def test_a_word_that_a_cut_begins() -> None:
    """Before a place the text is cut out first, and what is left of a word there counts as a word."""
    begun = Begun(r"\bon\s$", "on")
    text = "question 5"
    assert begun.search_before(text, 9, 3) is not None
    assert begun.search_before(text, 9, 9) is None


def test_a_long_text_is_searched_at_once() -> None:
    """What stands in a text of any length is found."""
    begun = Led(r"\bshare\b", "share")
    text = f"{'word ' * LONGEST}share of shares, a share"
    assert places(begun.finditer(text)) == places(begun.pattern.finditer(text))
    assert begun.search(text) is not None and begun.search("word " * LONGEST) is None


def test_beginnings_of_long_and_short_words() -> None:
    """Of a word the first three and the first four letters count, of a shorter one all."""
    assert beginnings("The 5x Recall_is up") == {"the", "5x", "rec", "reca", "up"}


def test_patterns_are_known() -> None:
    """The search for patterns finds those that there are."""
    assert len(KNOWN) > 20
    assert all(re.compile(one.pattern.pattern, one.pattern.flags) for one in KNOWN.values())
