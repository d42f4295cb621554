"""Where sentences begin and end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon.language.sentences import sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Smith et al. (2020) found it. It holds.", ["Smith et al. (2020) found it.", "It holds."]),
        ("See Fig. 3 for it. J. Doe agrees.", ["See Fig. 3 for it.", "J. Doe agrees."]),
        ("It is 3.5 of 4.0 e.g. here. Next", ["It is 3.5 of 4.0 e.g. here.", "Next"]),
        ('He said "no." She left.', ['He said "no."', "She left."]),
        ("no end\n\nNew paragraph", ["no end", "New paragraph"]),
        ("Items:\n- one\n- two", ["Items:", "- one", "- two"]),
        (
            "for longer.MSCI's index fell.Then it rose.",
            ["for longer.", "MSCI's index fell.", "Then it rose."],
        ),
        ("これは文です。次の文。", ["これは文です。", "次の文。"]),
        ("  \n ", []),
        ("x = a.b(c) and v1.2.3 stay", ["x = a.b(c) and v1.2.3 stay"]),
    ],
)
def test_sentences_of_a_text(text: str, parts: list[str]) -> None:
    """Abbreviations, initials, decimals and versions end none; a paragraph and a list item begin one."""
    assert [text[start:end] for start, end in sentences(text)] == parts


@settings(derandomize=True, max_examples=200)
@given(st.text("aB. \n!?-1。\"'", max_size=60) | st.text(max_size=60))
def test_nothing_is_lost(text: str) -> None:
    """Sentences stand in order and do not overlap; between them is nothing but white space."""
    at = 0
    for start, end in sentences(text):
        assert at <= start < end
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


def test_many_dots_are_read_at_once() -> None:
    """However many, and whatever follows."""
    assert len(sentences("." * 40_000 + "x")) == 21


def test_a_text_without_an_end_is_cut() -> None:
    """So that a span stays readable."""
    assert max(end - start for start, end in sentences("word " * 2_000)) <= 2_000
    assert max(end - start for start, end in sentences("x" * 9_000)) <= 2_000
