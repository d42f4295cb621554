"""Rows of scores: who states what, packed and read again without loss."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import layout, score_rows
from colophon.contracts.paper_manifest import Claim, Manifest, Source, StatedOfClaim
from colophon.score_rows import Row, folded, packed, unpacked
from colophon.scores import KEYS, Score

from .pages.fabricated import scored, work

NAMES = st.none() | st.text(min_size=1, max_size=20)


def manifest(*texts: str, **claim: object) -> Manifest:
    """A manifest of which only claims and sources are read here."""
    stated = StatedOfClaim.model_construct(verified=None, confidence=None, flag=None)
    values = {"sources": ("s001", "s009"), "locator": "Table 2", "values": None, "struck": None} | claim
    claims = tuple(
        Claim.model_construct(id=f"c{at:03}", text=text, stated=stated, **values)
        for at, text in enumerate(texts, 1)
    )
    cited = Source(id="s001", kind="arxiv", identifier="2601.00001v2", url=None, title=None)
    return Manifest.model_construct(id="an-id", claims=claims, sources=(cited,))


def test_a_claim_becomes_a_row() -> None:
    """The row has what the sentence states, who states it, and the source and place that the claim names."""
    lines = score_rows.of_record(manifest("Kosmos-2 7B reaches 61.5% accuracy on the GQA test set."))
    [row] = map(unpacked, lines)
    assert (row.owner, row.owner_id, row.model, row.dataset) == ("paper", "an-id", "Kosmos-2", "GQA")
    assert (row.source, row.locator) == ("arxiv 2601.00001v2", "Table 2")
    score = row.score
    assert (score.version, score.size, score.split, score.metric) == ("2", "7B", "test", "accuracy")
    assert (score.value, score.value_text, score.unit, score.claim_id) == (
        Decimal("61.5"), "61.5%", "%", "c001",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "The accuracy reaches 61.5% on the GQA test set.",
        "Kosmos-2 reaches an accuracy of 61.5%.",
        "Kosmos-2 is a model.",
        "",
    ],
)
def test_a_score_without_model_or_dataset_has_no_row(text: str) -> None:
    """No page could show it beside others."""
    assert score_rows.of_record(manifest(text)) == ()


def test_struck_and_endless_claims_have_no_row() -> None:
    """What a correction struck is stated no more, and a text of many pages is no claim."""
    text = "Kosmos-2 reaches 61.5% accuracy on GQA."
    assert len(score_rows.of_record(manifest(text))) == 1
    assert score_rows.of_record(manifest(text, struck=True)) == ()
    assert score_rows.of_record(manifest(text + " " * 10_001)) == ()


def test_a_record_brings_a_bounded_number_of_rows() -> None:
    """One report of thousands of scores does not fill the pages."""
    texts = [f"Kosmos-2 reaches {at / 100}% accuracy on GQA." for at in range(1, 900)]
    assert len(score_rows.of_record(manifest(*texts))) == 500


def test_a_number_that_json_cannot_hold_has_no_row() -> None:
    """A value of four hundred digits would be infinite."""
    assert score_rows.of_record(manifest(f"Kosmos-2 reaches {'9' * 400}.5% accuracy on GQA.")) == ()


def test_works_state_what_is_filed_and_not_struck() -> None:
    """The first claim of the fabricated work is struck; a score without a model has no row."""
    made = work(
        "2601.00001",
        ("Struck.", [scored("Hare", "Burrow", "1%")]),
        (
            "Stands.",
            [scored("Llama-3.1-8B, dense", "Burrow", "5.70", size="8B"), scored(None, "Burrow", "2")],
        ),
    )
    [row] = score_rows.of_work(made)
    assert (row.owner, row.owner_id, row.model) == ("work", "arxiv 2601.00001", "Llama-3.1-8B, dense")
    assert (row.score.version, row.score.size, row.score.value_text) == ("3.1", "8B", "5.70")
    assert unpacked(packed(row)) == row


@given(st.lists(NAMES, min_size=10, max_size=10), st.decimals(allow_nan=False, allow_infinity=False), NAMES)
def test_packing_loses_nothing(keys: list[str | None], value: Decimal, source: str | None) -> None:
    """Whatever a row holds comes back."""
    stated = dict(zip(KEYS, keys, strict=True)) | {"dataset": keys[-1] or "d"}
    score = Score(**stated, value=value, value_text=str(value), unit=None, claim_id="c001")  # type: ignore[arg-type]
    row = Row("paper", "id", keys[0] or "m", keys[-1] or "d", score, source, None)
    assert unpacked(packed(row)) == row


def test_one_name_has_one_spelling() -> None:
    """Case, spaces, hyphens and underscores do not make another model."""
    assert {folded(name) for name in ("LLaVA 1.5", "llava-1.5", "LLaVA_1.5", " LLaVA  - 1.5 ")} == {
        "llava-1.5"
    }
    assert folded("LLaVA 1.6") != folded("LLaVA 1.5")


@given(st.text(max_size=400))
def test_no_name_leaves_its_folder(name: str) -> None:
    """Whatever a model is called, its page is one plain file below the folder of its dataset."""
    part = layout.path_part(folded(name))
    assert part
    assert set(part) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-_")
    assert part[0] != "."
    assert ".." not in part
    assert len(part) <= 160
