"""The difference of two values, word by word, within bounds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.pages import _diff
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
        ("a 3.62% loss", "a 3.62 point loss", "a [3.62%]<3.62 point> loss"),
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


ANYTHING = st.text(alphabet=st.characters(codec="utf-8"), max_size=300) | WORDS
EDITS = st.lists(
    st.tuples(st.integers(0, 5_000), st.sampled_from(["", "x", " new words ", "\n"])), max_size=6
)


def joined(found: list[_diff.Piece], kind: str) -> str:
    """Return the text that the pieces of one kind make with what both texts share."""
    return "".join(piece.text for piece in found if piece.kind in ("same", kind))


@given(ANYTHING, ANYTHING)
def test_round_trip_of_any_texts(old: str, new: str) -> None:
    """Nothing is lost and nothing made up, as long as no run that both share is shortened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_diff, "_SHARED", ENOUGH)
        found = pieces(old, new, adds=False, room=ENOUGH)
    assert joined(found, "old") == old
    assert joined(found, "new") == new
    assert all(piece.text for piece in found) or found == [_diff.Piece("new", "")]


@given(EDITS)
def test_round_trip_of_a_long_text_with_few_edits(edits: list[tuple[int, str]]) -> None:
    """Five thousand words with some of them changed: both texts come back whole."""
    words = [f"w{number} " for number in range(5_000)]
    old, new = "".join(words), list(words)
    for place, text in edits:
        new[place % len(new)] = text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_diff, "_SHARED", ENOUGH)
        found = pieces(old, "".join(new), adds=False, room=ENOUGH)
    assert joined(found, "old") == old
    assert joined(found, "new") == "".join(new)


def test_what_both_share_is_shown_at_its_ends() -> None:
    """A long run that did not change is shortened in its middle; what changed stands whole."""
    old = "before " * 200 + "28 claims" + " after" * 200
    found = pieces(old, old.replace("28", "21"), adds=False, room=ENOUGH)
    assert [(piece.kind, len(piece.text) < 240) for piece in found] == [
        ("same", True), ("old", True), ("new", True), ("same", True)
    ]  # fmt: skip
    assert [piece.text for piece in found][1:3] == ["28", "21"]
    assert old.startswith(found[0].text.partition(" … ")[0])
    assert old.endswith(found[3].text.partition(" … ")[2])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a" * 20_000, "b" * 20_000),
        ("a " * 10_000, "b " * 10_000),
        ("<&" * 10_000, "&<" * 10_000),
        (" ".join(f"a{n}" for n in range(5_000)), " ".join(f"b{n}" for n in range(5_000))),
        (" ".join(f"w{n}" for n in range(5_000)), " ".join(f"w{n}" for n in range(4_999, -1, -1))),
        ("x " + "a b " * 5_000 + "y", "z " + "b a " * 5_000 + "q"),
        ("same " * 4_000, "same " * 3_000),
    ],
    ids=["one word", "two words", "signs", "nothing shared", "reversed", "shuffled", "shorter"],
)
def test_the_costly_part_sees_few_words(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """Whatever two texts of the greatest length hold, at most 120 words of each are compared."""
    compared: list[int] = []

    class Watched(_diff.SequenceMatcher):  # type: ignore[type-arg]
        """Notes how much it is given."""

        def __init__(self, _junk: None, a: list[str], b: list[str], autojunk: bool = True) -> None:
            compared.extend((len(a), len(b)))
            super().__init__(None, a, b, autojunk)

    monkeypatch.setattr(_diff, "SequenceMatcher", Watched)
    found = pieces(old, new, adds=False, room=8_000)
    assert sum(piece.cost for piece in found) <= 8_000
    assert max(compared, default=0) <= _diff._MOST_WORDS


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
