"""Whether a claim and a passage say the opposite."""

import pytest

from colophon.grounding import polarity
from colophon.language.terms import stems


@pytest.mark.parametrize(
    ("claim", "passage", "differs"),
    [
        ("Folate does not reduce mortality.", "Folate reduces mortality.", True),
        ("Folate reduces mortality.", "Folate did not reduce mortality in any group.", True),
        ("Folate does not reduce mortality.", "Folate did not reduce mortality.", False),
        ("Folate reduces mortality.", "Folate reduces mortality, but not pain.", False),
        ("The model isn't sparse.", "The model is sparse.", True),
    ],
)
def test_what_is_denied_in_one_of_two(claim: str, passage: str, differs: bool) -> None:
    """Only the words that the denial is about count."""
    assert polarity.differs_in_negation(claim, passage) is differs


@pytest.mark.parametrize(
    ("claim", "passage", "differs"),
    [
        ("A increases B", "A decreases B", True),
        ("A lowers B", "A raises B", True),
        ("A increases B", "A increases B and lowers C", False),
        ("A binds B", "A lowers B", False),
    ],
)
def test_directions(claim: str, passage: str, differs: bool) -> None:
    """More against less, where a passage says only the one."""
    assert polarity.differs_in_direction(frozenset(stems(claim)), frozenset(stems(passage))) is differs


def test_opposites_and_absolutes() -> None:
    """A word whose opposite stands there in its place; an absolute word that was added."""
    claim, passage = "All sensitive cells die", "Resistant cells die"
    assert polarity.opposites(frozenset(stems(claim)), frozenset(stems(passage))) == [("sensit", "resist")]
    assert polarity.absolutes(polarity.words(claim), polarity.words(passage)) == ["all"]
