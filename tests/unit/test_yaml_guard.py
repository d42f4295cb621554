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

# What a person may type on one line; what stands first decides most.
LINES = st.text("ab '\"\\:#[]{},&*!|>%@`-?=~.é5", min_size=1, max_size=12).filter(str.strip)


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
        ("a:\n\t- 1\n", "S116", 2, "a tab stands before"),
        ("? [1]\n: 2\n", "S116", 1, "plain text"),
        ("a b: 'x", "S116", 1, "no YAML"),
        ("a:\n  b: c: d\n  e\n", "S116", 3, "belongs to no key: 'e'"),
        ("a: [1, [\n", "S116", 2, "no YAML"),
        ("a: [1,\n", "S116", 2, "no YAML"),
        ("a: @b\n  c\n", "S116", 1, "no YAML"),
        ("a: @b\nc: *d\n", "S116", 2, "alias"),
        ("a: @b\nc: &d e\n", "S116", 2, "anchor"),
        ("a: @b\nc: &d [e\n", "S116", 2, "anchor"),
        ("a: @b\nc: !!binary aGk=\n", "S116", 2, "tag"),
        ("a: @b\nc: [*d, e]\n", "S116", 2, "alias"),
        ("a: @b\nc: [*d] e\n", "S116", 2, "alias"),
        ("a: @b\n<<: {c: 1}\n", "S116", 1, "no YAML"),
        ("a: @b\n---\nc: 1\n", "S116", 2, "more than one"),
        ("a: @b\na: c\n", "S102", 2, "stands twice"),
        ("a: b #3\n", "S116", 1, "below its key, after |"),
        ("- a\n- b: \"c\" d #3\n", "S116", 2, "begins a comment here"),
        ("a: b: c #3\n", "S116", 1, 'a #, which begins a comment here: \'b: c\'; put'),
        ("a: #3 is wrong\n", "S116", 1, "begins a comment here"),
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
    ("line", "written"),
    [
        ("note: b #3", 'note: "b #3"'),
        ("note: #3 is wrong", 'note: "#3 is wrong"'),
        ('- b: "c" d #3', "- b: '\"c\" d #3'"),
        ("  note: it's #3", '  note: "it\'s #3"'),
        ('note: say "it\'s" #3', "note: 'say \"it''s\" #3'"),
        ("new: C\\n #3", "new: 'C\\n #3'"),
        ("evidence: https://a.example # page 3", "# page 3\nevidence: https://a.example"),
        ("- https://a.example  #page 3", "#page 3\n- https://a.example"),
        ("  - type: dispute #", '  - type: "dispute #"'),
        ("- {a: b # c", None),
        ("- [a # b", None),
    ],
)
def test_a_text_cut_by_a_comment_is_shown_whole(line: str, written: str | None) -> None:
    """In quotes; an address or a code keeps its comment, above.  What is shown is read."""
    (fault,) = yaml_guard.read(f"{line}\n".encode()).faults
    assert fault.code == "S116"
    assert (fault.patch.text if fault.patch is not None else None) == written
    if written is not None:
        assert yaml_guard.read(f"{written}\n".encode()).faults == ()


@pytest.mark.parametrize(
    ("raw", "code"),
    [(b"\xef\xbb\xbfa: 1", "S106"), (b"a: 1\rb: 2\r", "S106"), (b"a: 1\r\r\n", "S106"), (b"a: \xff", "S106")],
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
        ("a: null # nothing\n", {"a": None}),
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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Table 2: the score", "Table 2: the score"),
        ("see below:", "see below:"),
        ('"Both" words are wrong', '"Both" words are wrong'),
        ("'45' or \"46\"", "'45' or \"46\""),
        ("'tis wrong", "'tis wrong"),
        ('"Table"#3', '"Table"#3'),
        ("[Table]#3", "[Table]#3"),
        ('"never closed', '"never closed'),
        ("[sic] is theirs", "[sic] is theirs"),
        ("[never closed", "[never closed"),
        ("{a} is no set", "{a} is no set"),
        ("@somebody said so", "@somebody said so"),
        ("`code` is meant", "`code` is meant"),
        ("% of what?", "% of what?"),
        ("*important* words", "*important* words"),
        ("*important*", "*important*"),
        ("& more", "& more"),
        ("! important", "! important"),
        ("!= 5", "!= 5"),
        ("| pipe", "| pipe"),
        ("> 5", "> 5"),
        (">5", ">5"),
        ("- a dash", "- a dash"),
        ("-", "-"),
        ("? why", "? why"),
        (", and", ", and"),
        ("]", "]"),
        ("5\t", "5"),
        ("null\t ", None),
        ('"5"\t', "5"),
    ],
)
@pytest.mark.parametrize("frame", ["a: {}\nz: 1\n", "b:\n  - a: {}\n    z: 1\n", "a:\t{}"])
def test_what_yaml_alone_refuses_is_read_as_it_is_shown(frame: str, text: str, value: str | None) -> None:
    """A value on its line needs no quotes, wherever it stands."""
    tree = read(frame.replace("{}", text))
    tree = tree["b"][0] if isinstance(tree, dict) and "b" in tree else tree
    assert tree in ({"a": value, "z": "1"}, {"a": value})


def test_items_of_a_list_need_no_quotes() -> None:
    """What is no mapping or list to YAML is text behind a dash too."""
    text = "- @a\n-\n- 'b' c\n- [d] e\n-   %f\n-\t`g`\n- - *h* i\n- See: j: k\n- see j: k: l\n"
    assert read(text) == [
        "@a",
        None,
        "'b' c",
        "[d] e",
        "%f",
        "`g`",
        ["*h* i"],
        {"See": "j: k"},
        "see j: k: l",
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x: @y\na: |\n  b: @c\n  - [d\n  # e\n", "b: @c\n- [d\n# e\n"),
        ("x: @y\na: >2\n  b: @c\n", "b: @c\n"),
        ('x: @y\na: "b\n  c: @d\n  e"\n', "b c: @d e"),
        ("x: @y\na:\n  'b\n  c: @d'\n", "b c: @d"),
        ("x: @y\na:\n  b\n  - @c\n", "b - @c"),
        ("x: @y\na: b\n  - @c\n", "b - @c"),
        ("x: @y\na: [b,\n  '@c', {d: e}]\n", ["b", "@c", {"d": "e"}]),
        ("x: @y\na: [sic]\n", ["sic"]),
        ("x: @y\na: 'b' # c\n", "b"),
        ("x: @y\na:\n- b: '@c'\n", [{"b": "@c"}]),
    ],
)
def test_what_yaml_reads_is_left_as_it_is(text: str, value: object) -> None:
    """Where another value of the file needs quotes, nothing else changes its meaning."""
    assert read(text) == {"x": "@y", "a": value}


@pytest.mark.parametrize(
    "text", ['"x": |\n  b: @c\na: @b\n', "x y: 'b\n  c: @d'\na: @b\n", "{\n  a: @b, c: d\n}\n"]
)
def test_a_file_that_is_not_understood_line_by_line_is_refused(text: str) -> None:
    """Keys in quotes, keys of several words and braces around everything need YAML's own quotes."""
    assert [fault.code for fault in yaml_guard.read(text.encode()).faults] == ["S116"]


def test_a_quote_that_is_not_closed_takes_no_other_value() -> None:
    """An apostrophe at the beginning does not swallow the lines up to the next one."""
    assert read("a: 'tis\nb: the authors'\n") == {"a": "'tis", "b": "the authors'"}
    assert read('a: "b\n\n  c"\n') == {"a": "b\nc"}


@given(LINES, LINES)
@settings(max_examples=300)
def test_any_line_of_text_is_read_as_yaml_does_or_as_it_is_shown(one: str, other: str) -> None:
    """A value that YAML reads keeps that meaning beside one that it refuses; the other is the text shown."""
    alone = yaml_guard.read(f"a: {one}\n".encode())
    both = yaml_guard.read(f"a: {one}\nb: @{other}\n".encode())
    if not both.faults and " #" not in other:
        assert both.value == {"a": alone.value["a"], "b": f"@{other}".strip(" ")}
    if not alone.faults and not isinstance(alone.value["a"], dict | list | None):
        assert (
            one.strip()[0] in "|>"
            or alone.value["a"] in (one.strip(" "), one.strip(" ")[1:-1].replace("''", "'"))
            or "\\" in one
        )


def test_many_values_without_quotes_end_early() -> None:
    """A file with more such values than a person writes is refused."""
    text = "".join(f"a{number}: @b\n" for number in range(2_000))
    assert [fault.line for fault in yaml_guard.read(text.encode()).faults] == [1]


@pytest.mark.parametrize(
    ("text", "pointer", "shown", "style"),
    [
        ("a: b c # d\n".replace(" #", ""), "/a", "b c d", ""),
        ("a: 'b' # c\n", "/a", "'b'", "'"),
        ("a: @b  \nc: 1\n", "/a", "@b", ""),
        ("a: 'b' c\n", "/a", "'b' c", ""),
        ("a: 'b'\t\n", "/a", "'b'", "'"),
        ("a: |\n  b\n\n  c\n\n# d\ne: f\n", "/a", "|\n  b\n\n  c", "|"),
        ("a: |\n  b", "/a", "|\n  b", "|"),
        ("a: |\n  b\n  ", "/a", "|\n  b", "|"),
        ("a: |\n  b\n# c", "/a", "|\n  b", "|"),
        ("a: # b\nc: d\n", "/a", "", ""),
        ("a:\n  b: 1\n\n  # c\nd: e\n", "/a", "b: 1", "map"),
        ("a: {b: 1} # c\n", "/a", "{b: 1}", "map"),
        ("a:\n- b\n- c:\nd: e\n", "/a", "- b\n- c:", "list"),
        ("a: [[b], c]\n", "/a/0", "[b]", "list"),
    ],
)
def test_spans_are_what_a_value_is_written_as(text: str, pointer: str, shown: str, style: str) -> None:
    """A value's first and last character are known, without comments and empty lines behind it."""
    span = yaml_guard.read(text.encode()).spans[pointer]
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    start, end = (starts[line] + column for line, column in (span.start, span.end))
    assert (text[start:end], span.style) == (shown, style)


def test_lines_are_known_by_pointer() -> None:
    """Each key and item has its line, for findings of the schema."""
    reading = yaml_guard.read(b"a: 1\nb:\n  - x\n  - k: v\n    'm/n': w\n")
    assert reading.lines == {"": 1, "/a": 1, "/b": 2, "/b/0": 3, "/b/1": 4, "/b/1/k": 4, "/b/1/m~1n": 5}


@given(st.text() | st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=400)
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
