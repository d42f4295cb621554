"""Where in a source a claim is most likely spoken of."""

from colophon.grounding.location import content, located
from colophon.grounding.source import Source

ABSTRACT = (
    "The aim was to measure the recall of sparse attention.",
    "We used the imaginary benchmark MeadowQA (MQA).",
    "Sparse attention had a recall of 45% on MeadowQA.",
    "We conclude that sparse attention loses little recall.",
)


def places(claim: str, source: Source) -> list[int]:
    """Return the places of the passages, best first."""
    return [one.place for one in located(content(claim), source)]


def test_the_passage_with_the_rare_words_comes_first() -> None:
    """Not the one with the most words."""
    source = Source("s", "full", "", "", ABSTRACT)
    assert places("The benchmark MQA was used", source)[0] == 1
    assert places("recall on MeadowQA of sparse attention was 45%", source)[0] == 2


def test_in_an_abstract_a_result_comes_before_an_aim() -> None:
    """Of two sentences with the same words."""
    assert places("sparse attention recall", Source("s", "abstract", "", "", ABSTRACT))[0] == 3
    assert 0 in places("sparse attention recall", Source("s", "full", "", "", ABSTRACT))[:3]


def test_what_the_title_says_need_not_be_said_again() -> None:
    """The coverage of a claim by a passage counts the words of the title in part."""
    claim = content("Gated sparse attention had a recall of 45%")
    without, titled = (
        located(claim, Source("s", "full", "", title, ABSTRACT))[0] for title in ("", "Gated attention")
    )
    assert (without.place, titled.place) == (2, 2)
    assert titled.window > without.window
    assert titled.coverage == without.coverage


def test_a_claim_of_other_words_is_nowhere() -> None:
    """And so is one of no words, in a source of none too."""
    assert places("zebra giraffe", Source("s", "full", "", "", ABSTRACT)) == []
    assert places("", Source("s", "full", "", "", ABSTRACT)) == []
    assert places("recall", Source("s", "full", "")) == []
