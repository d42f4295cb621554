"""A claim from a table is looked up, and not measured."""

import pytest

from colophon.grounding.tables import Table, looked_up
from colophon.language.folding import fold

TABLE = Table(
    "t",
    "Recall on MeadowQA",
    ("Model", "Recall@1", "Recall@5", "Latency (ms)"),
    (
        ("Foxglove small", "31.2", "52.0", "14"),
        ("Foxglove large", "45.5", "66.1", "31"),
        ("Lupin", "40.0", "67.3", "12.5"),
    ),
)


@pytest.mark.parametrize(
    ("claim", "outcome", "cell"),
    [
        ("Foxglove large reaches a Recall@1 of 45.5", "match", "45.5"),
        ("Lupin has a latency of 12.5 ms", "match", "12.5"),
        ("Foxglove large reaches a Recall@1 of 54.5", "clash", "45.5"),
        ("Lupin has a latency of 21 ms", "clash", "12.5"),
        ("Lupin has a higher latency than Foxglove large", "clash", "12.5"),
        ("Lupin has a lower latency than Foxglove large", "match", "12.5"),
        ("Lupin has the lowest latency", "match", "12.5"),
        ("Lupin has the highest latency", "clash", "12.5"),
        ("Zebra reaches a Recall@1 of 45.5", "open", ""),
        ("Foxglove large is a nice model", "open", ""),
        ("Lupin does not have a latency of 12.5 ms", "open", ""),
        ("Lupin has a latency of 12.5", "match", "12.5"),
        ("Lupin has a latency of 12.5 s", "clash", "12.5"),
        ("Lupin has a latency of 0.0125 s", "match", "12.5"),
        ("Lupin has a latency of more than 12 ms", "open", ""),
        ("Foxglove large and Lupin both reach a Recall@1 of 45.5", "open", ""),
        ("Lupin reaches a Recall@1 of 45.5 and Foxglove large of 40.0", "open", ""),
        ("Lupin reaches 40.0 on TriviaQA", "open", ""),
        ("Lupin of 2021 reaches a Recall@1 of 40.0", "open", ""),
        ("Foxglove large has the best latency", "open", ""),
        ("Foxglove large outperforms Lupin on latency", "open", ""),
        ("Than Foxglove large, Lupin has a higher latency", "open", ""),
        ("Lupin reaches a Recall@1 of 40.0 with 8 GPUs", "open", ""),
        ("Lupin does not have a higher latency than Foxglove large", "open", ""),
    ],
)
def test_a_cell_an_order_or_a_best_value(claim: str, outcome: str, cell: str) -> None:
    """It says what it says; of what it does not speak it says nothing."""
    found = looked_up(fold(claim).text, TABLE)
    assert (found.outcome, found.cell) == (outcome, cell), found


def test_a_ragged_or_empty_table_is_open() -> None:
    """Nothing fails."""
    for rows in ((), ((),), (("a",), ("b", "1", "2", "3")), (("", ""),)):
        assert looked_up("b has 9 of x", Table("t", "", ("x",), rows)).outcome in ("open", "match", "clash")
