"""The difference of two values, word by word, within bounds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.pages._diff import pieces, written

WORDS = st.lists(st.sampled_from(["a", "b", "3.62%", "it's", ",", " ", "\n", "é"]), max_size=60).map("".join)
ENOUGH = 100_000


def shown(old: Any, new: Any, *, adds: bool = False, room: int = ENOUGH) -> str:
    """Return the pieces in one line, old in brackets, new in braces."""
    marks = {"same": "{}", "old": "[{}]", "new": "<{}>"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces(old, new, adds=adds, room=room))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("28 claims", "21 claims", "[28]<21> claims"),
        ("a loss of 3.62% overall", "a loss of 3.62 points overall", "a loss of [3.62%]<3.62 points> overall"),
        ("one two three", "one 2 3", "one [two three]<2 3>"),
        ("same", "same and more", "same< and more>"),
        (None, "CC0", "[null]<CC0>"),
        (28, 21, "[28]<21>"),
        (True, False, "[true]<false>"),
        ({"a": 1}, {"a": 2}, '{"a":[1]<2>}'),
    ],
)  # fmt: skip
def test_examples(old: Any, new: Any, expected: str) -> None:
    """Words are kept whole, and what changed stands together."""
    assert shown(old, new) == expected


def test_what_is_added_has_no_old() -> None:
    """A new key shows its value alone."""
    assert shown(None, "new", adds=True) == "<new>"


@given(WORDS, WORDS)
def test_both_texts_can_be_read(old: str, new: str) -> None:
    """Without what is new the pieces are the old text, without what is old the new one."""
    found = pieces(old, new, adds=False, room=ENOUGH)
    if all(len(piece.text) <= 200 for piece in found) and old:
        assert "".join(piece.text for piece in found if piece.kind != "new") == old
        assert "".join(piece.text for piece in found if piece.kind != "old") == new


@given(WORDS, WORDS, st.integers(200, 2_000), st.sampled_from(["", "'", "𝒳 "]))
def test_a_page_pays_no_more(old: str, new: str, room: int, filling: str) -> None:
    """The pieces cost at most about what there is room for."""
    found = pieces(old + filling * 3_000, new + filling * 2_000, adds=False, room=room)
    assert sum(piece.cost for piece in found) <= room


def test_the_comparison_is_bounded() -> None:
    """Texts of the greatest length that share nothing but signs are not compared word by word."""
    found = pieces("a b " * 5_000, "b c " * 5_000, adds=False, room=ENOUGH)
    assert [piece.kind for piece in found][:2] == ["old", "new"]


def test_values_as_people_read_them() -> None:
    """A text is itself; all else is JSON."""
    assert [written(value) for value in ("x", None, 3, ["a"])] == ["x", "null", "3", '["a"]']
