"""Setting single values in a person's file: those change, and every other character stays."""

import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon import characters, yaml_guard
from colophon.round_trip import edited

TEXTS = st.text(max_size=30).filter(lambda text: characters.refused(text) is None)
FILE = """\
# A file of mine.   Do not sort it.

type:   "CLAIM"     # quotes are not needed
"paper": '633d'

date: YYYY-MM-DD
reporter: {name: Ada, kind: person}   # in braces
note: |
    Indented by four.

      More.

# Between.
evidence: [https://a.example/1, 'https://a.example/2']
changes:
- document: manifest
  # Dashes at the margin.

  pointer: /claims/3/text
  old: >-
    28 claims
    were counted
  new: "21"   # a comment behind quotes

-   document: provenance
    pointer: /generator
    old:
    new: GPT
# The end."""
MESSY = """\
type: claim
date:
note: "Both" words: are wrong
changes:
  - pointer: /a
    old: @handle
    new: [sic] is theirs
"""


def changed(text: str, values: dict[str, str | None]) -> list[str]:
    """Return the lines that went and that came, marked as in a diff."""
    after = edited(text.encode(), values).decode()
    lines = difflib.unified_diff(text.split("\n"), after.split("\n"), n=0, lineterm="")
    return [f"{line[0]} {line[1:]}" for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize(
    ("pointer", "value", "lines"),
    [
        ("/date", "2026-11-25", ["- date: YYYY-MM-DD", "+ date: 2026-11-25"]),
        (
            "/type",
            "METADATA",
            [
                '- type:   "CLAIM"     # quotes are not needed',
                '+ type:   "METADATA"     # quotes are not needed',
            ],
        ),
        ("/paper", "it's", ["- \"paper\": '633d'", "+ \"paper\": 'it''s'"]),
        (
            "/changes/0/old",
            "27",
            ["-   old: >-", "-     28 claims", "-     were counted", "+   old: |-", "+     27"],
        ),
        (
            "/changes/0/new",
            "two\nlines",
            [
                '-   new: "21"   # a comment behind quotes',
                '+   new: "two\\nlines"   # a comment behind quotes',
            ],
        ),
        ("/changes/1/old", "null", ["-     old:", "+     old: |-", "+       null"]),
        ("/changes/1/old", "GPT-2", ["-     old:", "+     old: GPT-2"]),
        ("/changes/1/new", None, ["-     new: GPT", "+     new: null"]),
        (
            "/reporter/name",
            "A, B",
            [
                "- reporter: {name: Ada, kind: person}   # in braces",
                '+ reporter: {name: "A, B", kind: person}   # in braces',
            ],
        ),
        (
            "/evidence/1",
            "https://a.example/3",
            [
                "- evidence: [https://a.example/1, 'https://a.example/2']",
                '+ evidence: [https://a.example/1, "https://a.example/3"]',
            ],
        ),
        ("/changes/0/pointer", "/title", ["-   pointer: /claims/3/text", "+   pointer: /title"]),
    ],
)
def test_one_value_is_set(pointer: str, value: str | None, lines: list[str]) -> None:
    """Only the lines of that value differ; it keeps its quotes, its block and the comment behind it."""
    assert changed(FILE, {pointer: value}) == lines


def test_a_block_is_written_where_one_was() -> None:
    """A note keeps the form that is easy to type in."""
    after = edited(FILE.encode(), {"/note": "Table 2: it\n\nends."}).decode()
    before = "|\n    Indented by four.\n\n      More."
    assert after == FILE.replace(before, "|-\n  Table 2: it\n\n  ends.")


@pytest.mark.parametrize(
    ("pointer", "value", "before", "after"),
    [
        ("/reason", "other", "# The end.", "reason: other\n# The end."),
        ("/changes/0/x", "y", "behind quotes\n", "behind quotes\n  x: y\n"),
        ("/changes/1/x-y", None, "new: GPT\n", "new: GPT\n    x-y: null\n"),
        ("/changes/1/a~1b", "c: d", "new: GPT\n", 'new: GPT\n    "a/b": |-\n      c: d\n'),
        ("/reporter/orcid", "0000-0002", "person}", "person, orcid: 0000-0002}"),
        ("/reporter/x", "a: b", "person}", 'person, x: "a: b"}'),
    ],
)
def test_a_missing_key_is_added_last(pointer: str, value: str | None, before: str, after: str) -> None:
    """The new line stands behind the last value of its mapping, in the mapping's own margin."""
    assert edited(FILE.encode(), {pointer: value}).decode() == FILE.replace(before, after)


def test_several_values_are_set_at_once() -> None:
    """Places in the file are those of the file as it was, whatever the order given."""
    values = {"/reason": "other", "/changes/1/new": "a\nb", "/date": "2026-11-25", "/changes/1/old": None}
    after = edited(FILE.encode(), values).decode()
    expected = FILE.replace("YYYY-MM-DD", "2026-11-25").replace("new: GPT", "new: |-\n      a\n      b")
    assert after == expected.replace("old:\n    new", "old: null\n    new").replace(
        "# The", "reason: other\n# The"
    )


def test_text_without_quotes_stays_without_them() -> None:
    """A file that the guard reads although YAML does not is edited like any other."""
    values = {"/date": "2026-11-25", "/changes/0/old": "x", "/changes/0/new": "y", "/x": "z"}
    after = edited(MESSY.encode(), values).decode()
    expected = (
        MESSY.replace("date:", "date: 2026-11-25").replace("@handle", "x").replace("[sic] is theirs", "y")
    )
    assert after == expected + "x: z\n"


@pytest.mark.parametrize(
    ("text", "values", "after"),
    [
        ("a: 1", {"/b": "2"}, "a: 1\nb: 2"),
        ("a:", {"/b": "2", "/a": "1"}, "a: 1\nb: 2"),
        ("a: |\n  x", {"/a": "y", "/b": "2"}, "a: |-\n  y\nb: 2"),
        ("a: |\n  x\n\n\n# c\n", {"/b": "2"}, "a: |\n  x\nb: 2\n\n\n# c\n"),
        ("a: {}\n", {"/a/b": "2"}, "a: {b: 2}\n"),
        ("a:   # fill in\n", {"/a": "2026"}, 'a: "2026"   # fill in\n'),
        ("a:\n  b\n  c\nd: e\n", {"/a": "f"}, "a:\n  f\nd: e\n"),
        ("- a\n- b\n", {"/0": "c"}, "- c\n- b\n"),
        ("a: 'b' # c\n", {"/a": None}, "a: null # c\n"),
        ("a:\n-\n# c\n- x\n", {"/a/0": "y"}, "a:\n- y\n# c\n- x\n"),
        ("a: [b, [c]]\n", {"/a/1/0": None}, "a: [b, [null]]\n"),
    ],
)
def test_ends_and_empty_places(text: str, values: dict[str, str | None], after: str) -> None:
    """The end of the file, empty values and blocks with nothing behind them are places like others."""
    assert edited(text.encode(), values).decode() == after


@pytest.mark.parametrize(
    ("text", "pointer", "words"),
    [
        ("a: &x 1\n", "/a", "line 1: an anchor"),
        ("a: 1\na: 2\n", "/a", "line 2"),
        ("a: [1]\n", "/a", "is a list, only a text"),
        ("a: {b: 1}\n", "/a", "is a map, only a text"),
        ("a: 1\n", "/b/c", "/b/c is no place"),
        ("a: 1\n", "/a/c", "/a/c is no place"),
        ("a: [1]\n", "/a/1", "/a/1 is no place"),
        ("a: 1\n", "b", "b is no place"),
        ("", "/a", "/a is no place"),
    ],
)
def test_what_cannot_be_set_is_refused(text: str, pointer: str, words: str) -> None:
    """A file that the guard refuses, a place that is no text, and one that does not exist."""
    with pytest.raises(ValueError, match=words):
        edited(text.encode(), {pointer: "x"})


def test_a_text_that_no_file_may_hold_is_refused() -> None:
    """What cannot be read back is not written."""
    with pytest.raises(ValueError, match="cannot be set"):
        edited(b"a: 1\n", {"/a": "\u202e"})


POINTERS = [
    pointer
    for pointer, span in yaml_guard.read(FILE.encode()).spans.items()
    if span.style not in ("map", "list")
]


@given(
    st.dictionaries(
        st.sampled_from([*POINTERS, "/reason", "/reporter/orcid", "/changes/0/x"]), st.none() | TEXTS
    )
)
@settings(max_examples=200)
def test_nothing_else_is_lost(values: dict[str, str | None]) -> None:
    """Whatever is set, it reads back; all comments, and all lines of other values, stand as they stood."""
    before = yaml_guard.read(FILE.encode())
    result = edited(FILE.encode(), values).decode()
    after = yaml_guard.read(result.encode())
    for pointer, value in values.items():
        span = after.spans[pointer]
        assert span.style not in ("map", "list")
        place = after.value
        for part in pointer.split("/")[1:]:
            place = place[int(part) if isinstance(place, list) else part]
        assert place == value
    kept = [
        line for number, line in enumerate(FILE.split("\n"))
        if not any(before.spans[one].start[0] <= number <= before.spans[one].end[0]
                   for one in values if one in before.spans)
        and not (number == 6 and "/reporter/orcid" in values)
    ]  # fmt: skip
    lines = iter(result.split("\n"))
    assert all(line in lines for line in kept)


def test_line_ends_of_windows_become_those_of_unix() -> None:
    """What is offered to be copied has one kind of line ends, also in a block."""
    raw = b"a: 1\r\nnote: |\r\n  One.\r\n\r\n  Two.\r\nb: 2\r\n"
    assert edited(raw, {"/a": "3", "/note": "x\ny"}) == b"a: 3\nnote: |-\n  x\n  y\nb: 2\n"
