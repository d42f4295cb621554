"""Scores are read from sentences, and from a sentence that leaves something open none is."""

import random
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.scores import Score
from colophon.scores.reading import scores

WORDS = [
    "LLaVA-1.5", "7B", "Lupin", "GPT-4", "on", "GQA", "MMLU", "reaches", "62.0%", "58.1", "accuracy", "F1",
    "of", "R@1",
    "(", ")", ",", "and", "respectively", "from", "to", "vs", "zero-shot", "5-shot", "while", ":", ".",
    "the", "3",
    "with tools", "fp16", "±", "7 points", "-1", "10^9999",
]  # fmt: skip


def stated(text: str) -> list[dict[str, str]]:
    """Return the rows of a text, without what is not stated."""
    return [
        {
            field.name: str(value)
            for field in fields(row)
            if (value := getattr(row, field.name)) is not None and field.name not in ("value", "claim_id")
        }
        for row in scores(text, "c001")
    ]


def values(text: str, *keys: str) -> list[tuple[str | None, ...]]:
    """Return the printed values of a text with some of their keys."""
    return [(row.value_text, *(getattr(row, key) for key in keys)) for row in scores(text, "c001")]


def test_every_key() -> None:
    """All that a sentence says of a score is in its row."""
    text = (
        "On GQA test-dev, LLaVA-1.5 7B with tools reaches 62.0% accuracy zero-shot in fp16 under "
        "lm-evaluation-harness."
    )
    assert stated(text) == [
        {
            "model": "LLaVA", "version": "1.5", "size": "7B", "dataset": "GQA", "split": "test-dev",
            "metric": "accuracy", "shots": "0", "tools": "tools", "harness": "lm-evaluation-harness",
            "precision": "fp16", "value_text": "62.0%", "unit": "%",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ModaRoute: R@1 60.9 (vs 75.9)", [("60.9", "ModaRoute", "recall@1", None)]),
        (
            "Accuracy falls from 54.90% to 51.28% on VQA v2.",
            [("54.90%", None, "accuracy", "VQA v2"), ("51.28%", None, "accuracy", "VQA v2")],
        ),
        (
            "Lupin, Larkspur and Bramble score 62.1, 58.0 and 55.2 on MeadowQA, respectively.",
            [
                ("62.1", "Lupin", None, "MeadowQA"),
                ("58.0", "Larkspur", None, "MeadowQA"),
                ("55.2", "Bramble", None, "MeadowQA"),
            ],
        ),
        (
            "LLaVA scores 62.0, 58.2 and 44.1 on GQA, TextVQA and VizWiz.",
            [
                ("62.0", "LLaVA", None, "GQA"),
                ("58.2", "LLaVA", None, "TextVQA"),
                ("44.1", "LLaVA", None, "VizWiz"),
            ],
        ),
        (
            "LLaVA scores 62.0% on GQA and 58.2% on TextVQA.",
            [("62.0%", "LLaVA", None, "GQA"), ("58.2%", "LLaVA", None, "TextVQA")],
        ),
        (
            "GPT-4 (86.4%) and Claude 2 (78.5%) were tested on MMLU.",
            [("86.4%", "GPT", None, "MMLU"), ("78.5%", "Claude", None, "MMLU")],
        ),
        (
            "GPT-4 reaches 86.4% on MMLU (5-shot), while Llama 2 70B reaches 68.9%.",
            [("86.4%", "GPT", None, "MMLU"), ("68.9%", "Llama", None, "MMLU")],
        ),
        ("The accuracy of GPT-4 on GSM8K is 92.0%.", [("92.0%", "GPT", "accuracy", "GSM8K")]),
        ("GQA accuracy is 62.0%.", [("62.0%", None, "accuracy", "GQA")]),
        (
            "Lupin achieves 62.0% accuracy, 58.1% F1 and 40.2 EM.",
            [
                ("62.0%", "Lupin", "accuracy", None),
                ("58.1%", "Lupin", "f1", None),
                ("40.2", "Lupin", "exact match", None),
            ],
        ),
    ],
)  # fmt: skip
def test_wordings(text: str, expected: list[tuple[str | None, ...]]) -> None:
    """Lists, brackets, a change, several measures: each number goes to its own."""
    assert values(text, "model", "metric", "dataset") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Lupin outperforms Larkspur by 3.1 points.",
        "It gains 62% and 51% over GPT-4 and Claude.",
        "Lupin and Larkspur were compared and reach 62.0%.",
        "Lupin and Larkspur score 62.1, 58.0 and 55.2.",
        "Adapters with rank 8 train 0.4% of the parameters of the model.",
        "Latency is 13.2 s on A100.",
        "Lupin has 12 layers.",
        "The odds ratio was 1.75 (95% CI 1.20 to 2.54).",
        "Accuracy and F1 lie near 62.0%.",
        "Lupin reaches over 60% accuracy.",
        "With 75% sparsity there is a 3.62% loss in accuracy.",
    ],
)
def test_open_sentences_give_no_row(text: str) -> None:
    """A change, a bound, a count, or a number that may be one of two things."""
    assert values(text) == []


def test_conditions_of_another_clause_are_not_taken() -> None:
    """Five shots of one model say nothing of the other."""
    text = "GPT-4 reaches 86.4% on MMLU (5-shot), while Claude 2 reaches 78.5%."
    assert values(text, "shots") == [("86.4%", "5"), ("78.5%", None)]


@given(st.text(max_size=300) | st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_never_raises(text: str) -> None:
    """Whatever a stranger writes."""
    assert all(isinstance(row, Score) for row in scores(text, "c001"))


@given(st.lists(st.sampled_from([
    "On GQA, Lupin reaches 62.0% accuracy.", "ModaRoute: R@1 60.9 (vs 75.9).", "Lupin has 12 layers.",
    "Accuracy falls from 54.90% to 51.28% on VQA v2.",
]), max_size=6), st.randoms(use_true_random=False))  # fmt: skip
def test_order_of_sentences_does_not_matter(texts: list[str], shuffler: random.Random) -> None:
    """A sentence is read by itself."""
    shuffled = list(texts)
    shuffler.shuffle(shuffled)
    assert sorted(map(repr, scores(" ".join(texts), "c"))) == sorted(
        map(repr, scores(" ".join(shuffled), "c"))
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "On GQA, LLaVA-1.5 and Lupin reach 62.0% and 58.1%.",
            [("62.0%", "LLaVA", "GQA"), ("58.1%", "Lupin", "GQA")],
        ),
        (
            "On GQA, TextVQA and VizWiz, Lupin scores 62.0, 58.2 and 44.1.",
            [("62.0", "Lupin", "GQA"), ("58.2", "Lupin", "TextVQA"), ("44.1", "Lupin", "VizWiz")],
        ),
    ],
)
def test_data_first(text: str, expected: list[tuple[str, str, str]]) -> None:
    """A sentence that begins with its data goes on with its models."""
    assert values(text, "model", "dataset") == expected
