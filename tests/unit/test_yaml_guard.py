"""YAML from people: plain text in, nothing that expands or changes meaning."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon import yaml_guard
from colophon.scan import MAX_DEPTH

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
PIECES = st.sampled_from(
    ["a", "b: ", "- ", "\n", "  ", "\n  ", ": ", "? ", "[", "]", "{", "}", ",", "&a ", "*a", "!x ",
     "!!binary ",
     "|\n", ">\n",
     "'", '"', "#", "%YAML 1.1\n", "%TAG ! x\n", "---\n", "...\n", "\t", "<<: ", "~", "null", "\\x41",
     "é", "\u202e", "\x00",
     "@", "`", "\ufeff", "%", "\x85", "- - ", "!<", ">-\n"]
)  # fmt: skip


def read(text: str) -> object:
    reading = yaml_guard.read(text.encode())
    assert reading.faults == ()
    return reading.value


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        ("a: 1\nb: *a\n", "S116", 2, "alias"),
        ("a: &x 1\n", "S116", 1, "anchor"),
        ("a: &x [1]\n", "S116", 1, "anchor"),
        ("&x a: 1\n", "S116", 1, "anchor"),
        (BOMB, "S116", 1, "anchor"),
        ("&a [*a]", "S116", 1, "anchor"),
        ("a: !!binary aGk=\n", "S116", 1, "tag"),
        ("a: !x y\n", "S116", 1, "tag"),
        ("a: !!python/object/apply:os.system [id]\n", "S116", 1, "tag"),
        ("%YAML 1.1\n---\na: 1\n", "S116", 2, "directive"),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", "S116", 2, "directive"),
        ("a:\n  <<: {b: 1}\n", "S116", 2, "merge key"),
        ("a: 1\na: 2\n", "S102", 2, "stands twice"),
        ("a: {b: 1, 'b': 2}\n", "S102", 1, "stands twice"),
        ("a: 1\n---\nb: 1\n", "S116", 2, "more than one"),
        ("a:\n\t- 1\n", "S116", 2, "cannot start any token"),
        ("? [1]\n: 2\n", "S116", 1, "plain text"),
        ("a: 'x", "S116", 1, "no YAML"),
        ("a: b: c\n", "S116", 1, "no YAML"),
        ("a: [1, 2\n", "S116", 2, "no YAML"),
        ("a: \"\\u202e\"\n", "S105", 1, "right-to-left"),
        ("a: \u200b\n", "S105", 1, "zero width"),
        ("a: 1\n# \u202e\n", "S105", 2, "right-to-left"),
        ("a: 'b\x85c'\n", "S105", 1, "U+0085"),
        ("a: b\u2028\n", "S105", 1, "U+2028"),
        ("# cafe\u0301\na: 1\n", "S105", 1, "Normalization Form C"),
        ("a: \"\\t\"\n", "S105", 1, "U+0009"),
    ],
)  # fmt: skip
def test_what_changes_meaning_or_expands_is_refused(text: str, code: str, line: int, words: str) -> None:
    """Each refused feature has one fault with its line, in words that say what to write instead."""
    reading = yaml_guard.read(text.encode())
    assert reading.value is None
    (fault,) = reading.faults
    assert (fault.code, fault.line) == (code, line)
    assert words in fault.message


@pytest.mark.parametrize(
    ("raw", "code"), [(b"\xef\xbb\xbfa: 1", "S106"), (b"a: 1\r\n", "S106"), (b"a: \xff", "S106")]
)
def test_encoding_is_that_of_every_stored_file(raw: bytes, code: str) -> None:
    """Byte order mark, CR and other encodings are refused before the YAML reader sees them."""
    assert [fault.code for fault in yaml_guard.read(raw).faults] == [code]


def test_size_is_limited() -> None:
    """256 KB are more than a person writes."""
    reading = yaml_guard.read(b"# " + b"x" * yaml_guard.MAX_BYTES)
    assert [fault.code for fault in reading.faults] == ["S107"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_bombs_end_at_32(opening: str) -> None:
    """Nesting beyond 32 is refused at once, long before a recursive reader would fail."""
    reading = yaml_guard.read((opening * 20_000).encode())
    assert [fault.code for fault in reading.faults] == ["S104"]


def test_32_levels_are_read() -> None:
    """The limit itself is allowed."""
    assert yaml_guard.read(("[" * MAX_DEPTH + "]" * MAX_DEPTH).encode()).faults == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no\n", {"a": "no"}),
        ("a: 010\n", {"a": "010"}),
        ("a: 1e10\n", {"a": "1e10"}),
        ("a: 2026-06-13\n", {"a": "2026-06-13"}),
        ("a: 0xfffffffffffffffffffff\n", {"a": "0xfffffffffffffffffffff"}),
        ("a: 12:30:45\n", {"a": "12:30:45"}),
        ("a: sha256:1e10\n", {"a": "sha256:1e10"}),
        ("a:\n", {"a": None}),
        ("a: ~\nb: null\nc: 'null'\nd: ''\n", {"a": None, "b": None, "c": "null", "d": ""}),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
        ("1: x\ntrue: y\n", {"1": "x", "true": "y"}),
        ("- a\n- [b, c]\n", ["a", ["b", "c"]]),
        ("", None),
        ("# only a comment\n", None),
    ],
)
def test_every_scalar_is_read_as_text(text: str, value: object) -> None:
    """Nobody needs to know YAML quoting: only an empty or null plain value is no text."""
    assert read(text) == value


def test_lines_are_known_by_pointer() -> None:
    """Each key and item has its line, for findings of the schema."""
    reading = yaml_guard.read(b"a: 1\nb:\n  - x\n  - k: v\n    'm/n': w\n")
    assert reading.lines == {"": 1, "/a": 1, "/b": 2, "/b/0": 3, "/b/1": 4, "/b/1/k": 4, "/b/1/m~1n": 5}


@given(st.text() | st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the reader fail; a refusal gives one fault with a line of the file."""
    raw = text.encode("utf-8", "surrogatepass")
    reading = yaml_guard.read(raw)
    for fault in reading.faults:
        assert (
            1
            <= fault.line
            <= raw.count(b"\n") + 2 + text.count("\x85") + text.count("\u2028") + text.count("\u2029")
        )
    assert reading.value is None or not reading.faults


@given(st.binary(max_size=60))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Bytes that are no text are refused like every other damage."""
    reading = yaml_guard.read(raw)
    assert reading.value is None or not reading.faults


def test_a_long_key_does_not_fill_the_memory() -> None:
    """Pointers below a key of many thousand characters stay short."""
    raw = b"? " + b"k" * 50_000 + b"\n: [" + b"a," * 5_000 + b"a]\n"
    reading = yaml_guard.read(raw)
    assert reading.faults == ()
    assert max(map(len, reading.lines)) < 1_000
