"""Measures are found by their names, and words that look like one are none."""

import pytest

from colophon.scores.metrics import metrics


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("62.0% accuracy and R@1 of 60.9", ["accuracy", "recall@1"]),
        ("Recall@5, hit rate@10 and pass@1", ["recall@5", "recall@10", "pass@1"]),
        ("macro-F1, F1-score", ["f1@macro", "f1"]),
        ("top-5 accuracy, mAP@50", ["top-k accuracy@5", "map@50"]),
        ("BLEU-4 and ROUGE-L", ["bleu@4", "rouge@l"]),
        ("Spearman correlation, Pearson r", ["correlation", "correlation"]),
        ("a map of them, a sensitivity analysis, a correlation length, the precision format", []),
        ("in em units", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    """With the number that belongs to a name."""
    assert [one.metric.name for one in metrics(text)] == names
