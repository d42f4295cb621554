"""Text written as YAML: read back exactly, and plain wherever a person would leave it plain."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon import characters, yaml_guard, yaml_text

TEXTS = st.text(max_size=40).filter(lambda text: characters.refused(text) is None) | st.text(
    "ab '\"\\:#[]{},&*!|>%@`-?~.é5\n\n\u0301\ufffe", max_size=20
).filter(lambda text: characters.refused(text) is None)
TREES = st.recursive(
    st.none() | TEXTS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(TEXTS.filter("<<".__ne__), below, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, "true"),
        (False, "false"),
        (None, None),
        (28, "28"),
        (0.00001, "0.00001"),
        (1e21, "1000000000000000000000"),
        ("28", "28"),
        ({"a": [1.5, {"b": None}], "c": []}, {"a": ["1.5", {"b": None}], "c": []}),
    ],
)
def test_a_stored_value_is_written_as_a_person_would(value: object, written: object) -> None:
    """In every place the same: no exponent, no quotes, no type."""
    assert yaml_text.written(value) == written


@given(
    st.dictionaries(TEXTS.filter("<<".__ne__), TREES, min_size=1, max_size=3) | st.lists(TREES, min_size=1)
)
@settings(max_examples=300)
def test_any_tree_is_read_back(tree: object) -> None:
    """Every text that may be stored, nested in mappings and lists, comes back as it was."""
    written = "\n".join(yaml_text.members(tree)) + "\n"
    reading = yaml_guard.read(written.encode())
    assert reading.faults == ()
    assert reading.value == tree


@given(st.dictionaries(st.text("abc", min_size=1), st.none() | TEXTS, min_size=1, max_size=3))
@settings(max_examples=200)
def test_text_in_braces_is_read_back(tree: dict[str, str | None]) -> None:
    """Between braces a text needs other quotes; it has them."""
    written = ", ".join(f"{yaml_text.key(name)}: {yaml_text.in_flow(value)}" for name, value in tree.items())
    assert yaml_guard.read(f"a: {{{written}}}\n".encode()).value == {"a": tree}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("28 claims", "28 claims"),
        ("no", "no"),
        ("1.10", "1.10"),
        ("-5", "-5"),
        ("45% (of 3), see [2]", "45% (of 3), see [2]"),
        ("it's", "it's"),
        ("/claims/3/text", "/claims/3/text"),
        ("https://a.example/#b", "https://a.example/#b"),
        ("“quoted” 🙂", "“quoted” 🙂"),
        (None, "null"),
        ("null", "|-\n    null"),
        ("Table 2: the score", "|-\n    Table 2: the score"),
        ("see #3", "|-\n    see #3"),
        ("@somebody", "|-\n    @somebody"),
        ("two\nlines", "|-\n    two\n    lines"),
        ("two\n\nlines\n", "|\n    two\n\n    lines"),
        ("ends\n\n\n", "|+\n    ends\n\n"),
        (" begins", "|2-\n     begins"),
        ("\n begins", "|2-\n\n     begins"),
        ("", '""'),
        (" \n", '" \\n"'),
        ("a\ufffe\u00e9", '"a\\U0000fffeé"'),
    ],
)
def test_text_looks_as_people_write_it(text: str | None, written: str) -> None:
    """Plain where it survives, then lines of its own, and quotes only for what neither can hold."""
    assert yaml_text.scalar(text, 2) == written


@pytest.mark.parametrize(
    ("text", "written"), [("a b", '"a b"'), ('a "b"', "'a \"b\"'"), ("it's \\", "'it''s \\'")]
)
def test_quotes_need_few_escapes(text: str, written: str) -> None:
    """A line that somebody is told to write holds the text as it is, where it can."""
    assert yaml_text.quoted(text) == written
    assert yaml_guard.read(f"a: {written}\n".encode()).value == {"a": text}
