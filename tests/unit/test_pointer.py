"""JSON pointers: what they lead to, and documents with one value replaced."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon.pointer import ABSENT, all_pointers, child, is_index, parts, replaced, resolve

DOCUMENT: dict[str, Any] = {"a/b": {"~": 1}, "list": [{"x": None}, "two"], "": {"": 3}, "0": "text"}
TREES = st.recursive(
    st.none() | st.text(max_size=3),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=3), below, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", DOCUMENT),
        ("/a~1b/~0", 1),
        ("/list/0/x", None),
        ("/list/1", "two"),
        ("//", 3),
        ("/0", "text"),
        ("/list/2", ABSENT),
        ("/list/-", ABSENT),
        ("/list/01", ABSENT),
        ("/list/-1", ABSENT),
        ("/list/١", ABSENT),
        ("/list/x", ABSENT),
        ("/list/1/0", ABSENT),
        ("/a", ABSENT),
        ("/a~1b/~01", ABSENT),
    ],
)
def test_a_pointer_leads_to_one_value_or_to_none(pointer: str, value: Any) -> None:
    """Tokens are unescaped in the right order; an index is written in one way only; text has no members."""
    assert resolve(DOCUMENT, pointer) is value or resolve(DOCUMENT, pointer) == value


def test_tokens_are_unescaped_once() -> None:
    """A tilde that stands for itself before a 1 is no slash."""
    assert parts("/~01/a~1b") == ["~1", "a/b"]
    assert parts("") == []
    assert child({"~1": 5}, "~1") == 5


def test_an_index_has_one_form() -> None:
    """No sign, no leading zero, no other digits, not endless."""
    assert [text for text in ("0", "7", "10", "00", "+1", "-", "", "٣", "1" * 10) if is_index(text)] == [
        "0",
        "7",
        "10",
    ]


def test_a_replacement_copies_what_is_on_its_way_only() -> None:
    """The old document stays as it was, and what is beside the way is shared."""
    before = {"a": {"b": 1}, "c": [1, 2]}
    after = replaced(before, ["c", "1"], 3)
    assert (before, after) == ({"a": {"b": 1}, "c": [1, 2]}, {"a": {"b": 1}, "c": [1, 3]})
    assert after["a"] is before["a"]


def test_a_key_and_the_next_item_can_be_added() -> None:
    """A key goes last into an object, an item to the end of a list."""
    assert list(replaced({"a": 1}, ["b"], 2)) == ["a", "b"]
    assert replaced({"a": [1]}, ["a", "1"], 2) == {"a": [1, 2]}
    assert replaced({"a": 1}, [], "all") == "all"


@settings(derandomize=True)
@given(TREES)
def test_every_pointer_of_a_document_leads_to_its_value(document: Any) -> None:
    """All are listed once, each resolves, and replacing a value by itself changes nothing."""
    found = all_pointers(document)
    assert len(set(found)) == len(found)
    for pointer in found:
        value = resolve(document, pointer)
        assert value is not ABSENT
        assert replaced(document, parts(pointer), value) == document
