"""Which of several texts a few words mean."""

import pytest

from colophon.likeness import by_words

TEXTS = {
    "a": "Gated sparse attention in Kosmos-2",
    "b": "Dense attention in CLIP",
    "c": "Routing queries of video retrieval",
}


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("gated sparse kosmos", ["a"]),
        ("attention", ["a", "b"]),
        ("retriev video", ["c"]),
        ("gatde sparce", ["a"]),
        ("quantum chromodynamics", []),
        ("sparse quantum chromodynamics", []),
        ("", []),
        ("!?", []),
    ],
)
def test_the_texts_with_most_of_the_words_are_meant(words: str, keys: list[str]) -> None:
    """Beginnings of words count, slips of the pen only without a better text; less than most is none."""
    assert by_words(words, TEXTS) == keys


def test_no_texts_hold_nothing() -> None:
    """Without texts nothing is meant."""
    assert by_words("gated", {}) == []
