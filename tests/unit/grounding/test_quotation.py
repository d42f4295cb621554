"""Whether a claim stands in a source word for word, in a place where it is not denied."""

import pytest

from colophon.grounding.quotation import quoted
from colophon.grounding.source import Source


def stretch(claim: str, text: str) -> str | None:
    """Return the source's words for a claim."""
    source = Source("s", "full", text)
    found = quoted(claim, source)
    return None if found is None else source.folded.text[found.start : found.end]


@pytest.mark.parametrize(
    ("claim", "text", "words"),
    [
        (
            "The model reaches 45% recall.",
            "In short, the model reaches 45% recall on it.",
            "the model reaches 45% recall",
        ),
        (
            "Long context retrieval is slow",
            "Long-context\nretrieval is slow.",
            "Long-context\nretrieval is slow",
        ),
        (
            "multimodal models are large ones",
            "All multi-\nmodal models are large ones.",
            "multimodal models are large ones",
        ),
    ],
)
def test_spaces_hyphens_case_and_the_last_stop_make_no_difference(claim: str, text: str, words: str) -> None:
    """The stretch is shown as the source has it."""
    assert stretch(claim, text) == words


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The model reaches 45% recall", "It is not true that the model reaches 45% recall."),
        ("The model reaches 45% recall", "We hypothesize that the model reaches 45% recall."),
        ("The model reaches 45% recall", "The model reaches 45% recall only if it is not pruned."),
        ("It takes 4 hours of time", "It takes 4 hours of timeless work."),
        ("We found a gain of 4", "We found a gain of 4.5 points."),
        ("5 models were tested here", "All 15 models were tested here."),
        ("The gain is real", "The gain is real."[:11]),
        ("recall of 45%", "recall of 45%"),
    ],
)
def test_what_is_denied_longer_or_too_short_is_no_quotation(claim: str, text: str) -> None:
    """Doubt in the sentence, a word or number that goes on, and what could stand anywhere."""
    assert stretch(claim, text) is None


def test_a_later_place_counts() -> None:
    """The first may be denied, the second not."""
    denied, said = (
        "It is not so that models of this kind scale.",
        "Later work shows models of this kind scale.",
    )
    assert stretch("models of this kind scale", denied) is None
    assert stretch("models of this kind scale", f"{denied} {said}") == "models of this kind scale"
