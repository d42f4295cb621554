"""Texts of claims: as filed, and as they stand after what was corrected or struck out."""

import pytest

from colophon.claim_texts import PAPER, ClaimTexts, changed
from colophon.contracts.run_record import ClaimOwner
from colophon.store import WorkTree

from ..conftest import ROOT

CORRECTED = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"


def test_a_claim_stands_as_it_was_corrected() -> None:
    """One that was struck out stands no more, and its text as filed is still known."""
    claims = ClaimTexts(WorkTree(str(ROOT / "tests" / "corrected")))
    kept, struck = (ClaimOwner(kind=PAPER, identifier=CORRECTED, claim=one) for one in ("c001", "c004"))
    assert claims.standing(kept) == claims.text_of(kept.model_dump())
    assert claims.standing(struck) is None
    assert "trained on one imaginary device" in (claims.text_of(struck.model_dump()) or "")


def test_what_nobody_filed_stands_nowhere() -> None:
    """No owner, no claim of an owner."""
    claims = ClaimTexts(WorkTree(str(ROOT / "tests" / "corrected")))
    for owner in (
        ClaimOwner(kind=PAPER, identifier=CORRECTED, claim="c009"),
        ClaimOwner(kind=PAPER, identifier="0" * 36, claim="c001"),
        ClaimOwner(kind="arxiv", identifier="2601.00001", claim="c001"),
    ):
        assert claims.standing(owner) is None


@pytest.mark.parametrize(
    ("expected", "standing", "words"),
    [
        ("12x", "It is 12x as fast.", None),
        ("12x", "It is 11x as fast.", "the claim was corrected since and no more says 12x"),
        ("2x", "It is 12x as fast.", "the claim was corrected since and no more says 2x"),
        ("12x", None, "the claim was struck out since"),
        (None, "Whatever it says.", None),
    ],
)
def test_a_binding_holds_while_the_claim_says_what_was_bound(
    expected: str | None, standing: str | None, words: str | None
) -> None:
    """Other words around the figure change nothing."""
    assert changed(expected, standing) == words
