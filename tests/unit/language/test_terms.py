"""The words of a text as they are compared."""

import pytest

from colophon.language.terms import short_forms, stems


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tumours", "tumor"),
        ("normalisation", "normalizations"),
        ("analysed", "analyzed"),
        ("haemoglobin", "hemoglobin"),
        ("retrieving", "retrieves"),
        ("the model's", "the models"),
        ("Oedema", "edema"),
    ],
)
def test_forms_of_a_word_are_one(one: str, other: str) -> None:
    """Endings, and British spelling."""
    assert stems(one) == stems(other)


def test_names_with_digits_stay_as_they_are() -> None:
    """No ending is cut from them."""
    assert stems("GPT4s and CD33") == ["gpt4s", "and", "cd33"]


def test_text_without_spaces_is_compared_by_characters() -> None:
    """Of Chinese, Japanese and Korean each character counts."""
    assert stems("検索 model") == ["検", "索", "model"]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Myelodysplastic syndromes (MDS) are frequent", "mds", {"myelodysplast", "syndrom"}),
        ("a mixture of experts (MoE) layer", "moe", {"mixtur", "expert"}),
        ("visual question answering (VQA)", "vqa", {"visual", "question", "answer"}),
    ],
)
def test_what_is_short_for_what(text: str, short: str, long: set[str]) -> None:
    """The letters stand in the words before the bracket."""
    assert short_forms(text)[short] == long


def test_a_bracket_that_is_short_for_nothing() -> None:
    """Its letters do not stand in the words before it."""
    assert short_forms("the patients of this hospital (USA) were") == {}
