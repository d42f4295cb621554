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
            "In short, the model reaches 45% recall, as on others.",
            "the model reaches 45% recall",
        ),
        (
            "Long context retrieval is slow",
            "Long-context\nretrieval is slow.",
            "Long-context\nretrieval is slow",
        ),
        (
            "multimodal models are large ones",
            "We show that multi-\nmodal models are large ones.",
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
        ("The gain is real", "The gain is."),
        ("recall of 45%", "recall of 45%"),
        ("The model reaches 45% recall", "Smith et al. claimed that the model reaches 45% recall."),
        ("The model reaches 45% recall", "Had the model reaches 45% recall, it would be used."),
        ("The model reaches 45% recall", "The model reaches 45% recall? Far from it."),
        ("The model reaches 45% recall", "The model reaches 45% recall on none of the sets."),
        ("5% of the patients relapsed", "Fewer than 5% of the patients relapsed."),
        ("smokers had a lower risk", "Non-smokers had a lower risk."),
        ("The revenue of it was $5", "The revenue of it was $5 million."),
        ("They resigned the contract here", "They re-signed the contract here."),
        ("The rapist found no effect", "The therapist found no effect."),
        ("The model reaches 45% recall", "Some think the model reaches 45% recall. However, this is false."),
        ("Attention heads are all alike", "Attention heads are all alike. But this is not true."),
    ],
)
def test_what_is_denied_longer_or_too_short_is_no_quotation(claim: str, text: str) -> None:
    """Doubt in the sentence, a word or number that goes on, and what could stand anywhere."""
    assert stretch(claim, text) is None


def test_a_later_place_counts() -> None:
    """The first may be denied, the second not."""
    denied = "It is not so that models of this kind scale."
    assert stretch("models of this kind scale", denied) is None
    text = f"{denied} We show that models of this kind scale."
    assert stretch("models of this kind scale", text) == "models of this kind scale"
