"""Charts: parts lie side by side inside the drawing, and few counts have neither chart nor share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.pages._charts import Kind, chart, counted_of, interval

KINDS = (Kind("error", "errors"), Kind("warning", "warnings"), Kind("note", "notes"))


def percent(value: str) -> float:
    """A share of the width as a number."""
    return float(value.removesuffix("%"))


@given(st.lists(st.tuples(*[st.integers(0, 10**7)] * 3), max_size=20), st.integers(10, 40))
def test_parts_lie_side_by_side_inside(rows: list[tuple[int, int, int]], labels: int) -> None:
    """Whatever is counted, each part begins where the one before ends, and the number behind it fits."""
    made = chart("x", KINDS, [(str(n), row) for n, row in enumerate(rows)], labels=labels)
    assert len(made.bars) == len(rows)
    for bar, row in zip(made.bars, rows, strict=True):
        at = float(labels)
        for piece in bar.pieces:
            assert percent(piece.x) == pytest.approx(at, abs=0.11 * (len(bar.pieces) + 1))
            at = percent(piece.x) + percent(piece.width)
        assert bar.total == sum(row)
        assert percent(bar.end) + 2 * len(f"{bar.total:,}") <= 100
        assert bar.y + made.bar <= made.height


def test_what_nothing_has_is_not_in_the_legend() -> None:
    """A kind without a count is left out; a bar keeps its label though it is empty."""
    made = chart("x", KINDS, [("one", (2, 0, 1)), ("none", (0, 0, 0))], labels=20)
    assert [kind.look for kind in made.kinds] == ["error", "note"]
    assert [len(bar.pieces) for bar in made.bars] == [2, 0]
    assert [piece.inside for piece in made.bars[0].pieces] == ["2", "1"]


def test_a_number_that_does_not_fit_is_left_out() -> None:
    """A narrow part has no number; the table has it."""
    made = chart("x", KINDS, [("one", (1, 999, 0))], labels=20)
    assert [piece.inside for piece in made.bars[0].pieces] == ["", "999"]


@pytest.mark.parametrize(
    ("part", "whole", "count", "share"),
    [
        (1, 1, "1", "too few"),
        (0, 0, "0", "too few"),
        (19, 19, "19", "too few"),
        (5, 20, "5 (25%)", "0.250 (0.112 to 0.469)"),
        (300, 608, "300 (49%)", "0.493 (0.454 to 0.533)"),
        (1200, 1200, "1,200 (100%)", "1.000 (0.997 to 1.000)"),
    ],
)
def test_few_have_no_share(part: int, whole: int, count: str, share: str) -> None:
    """From 20 on a count has its share, and a share its interval."""
    assert (counted_of(part, whole), interval(part, whole)) == (count, share)
