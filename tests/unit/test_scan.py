"""The slow scanner finds every refused thing, says where, and never fails."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import characters
from colophon.scan import escape, scan

TEXTS = st.text().filter(lambda text: characters.refused(text) is None)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXTS, below, max_size=4),
    max_leaves=15,
)
PIECES = st.sampled_from(
    [*'{}[],:"\\ \n\t', "true", "null", "NaN", "-Infinity", "1", "-0", "1e9", "0.5", "01", "9" * 20, '"a"',
     '"\\ud800"',
     '"\\u0061"', "\u202e", "é", "\x00", "/", "~"]
)  # fmt: skip


def pointers(value: object, pointer: str = "") -> list[str]:
    found = [pointer]
    if isinstance(value, dict):
        for key, below in value.items():
            found += pointers(below, f"{pointer}/{escape(key)}")
    elif isinstance(value, list):
        for position, below in enumerate(value):
            found += pointers(below, f"{pointer}/{position}")
    return found


@given(VALUES, st.sampled_from([None, 0, 2]), st.booleans())
def test_good_json_has_no_fault_and_every_pointer(
    value: object, indent: int | None, ascii_only: bool
) -> None:
    """Text that json writes from a storable value, in any layout, has no fault; every value has its line."""
    result = scan(json.dumps(value, indent=indent, ensure_ascii=ascii_only))
    assert result.faults == []
    assert sorted(result.lines) == sorted(set(pointers(value)))


@given(st.lists(SCALARS, max_size=30))
def test_lines_are_counted_from_one(values: list[object]) -> None:
    """With one value a line, the n-th value stands on line n + 1."""
    text = json.dumps(values, indent=1)
    lines = scan(text).lines
    assert [lines[f"/{n}"] for n in range(len(values))] == [n + 2 for n in range(len(values))]


def test_lines_of_nested_values_and_escaped_keys() -> None:
    """A key's line is that of the key; ``~`` and ``/`` in keys are escaped as RFC 6901 has it."""
    text = '{\n"a/b": {\n"~":\n[1,\n2]}}'
    assert scan(text).lines == {"": 1, "/a~1b": 2, "/a~1b/~0": 3, "/a~1b/~0/0": 4, "/a~1b/~0/1": 5}


@given(st.text() | st.lists(PIECES).map("".join))
def test_any_text_is_scanned(text: str) -> None:
    """No text makes the scanner fail, and text that json cannot read always has a fault."""
    result = scan(text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        assert result.faults
    else:
        if not result.faults:
            assert set(pointers(value)) == set(result.lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1,\n"a": 2}', [("S102", 2, "/a")]),
        ('{"a": 1,\n"\\u0061": 2}', [("S102", 2, "/a")]),
        ('{"b": [{"k": 1, "k": 1}]}', [("S102", 1, "/b/0/k")]),
        ("[1,\nNaN]", [("S103", 2, "/1")]),
        ("[Infinity, -Infinity]", [("S103", 1, "/0"), ("S103", 1, "/1")]),
        ("[1e999]", [("S103", 1, "/0")]),
        (f"[{'9' * 300}]", [("S103", 1, "/0")]),
        (f"[{'9' * 5000}]", [("S103", 1, "/0")]),
        (f"[0.{'1' * 60}]", [("S103", 1, "/0")]),
        (f"[{2**53}, {-(2**53)}]", []),
        (f"[{2**53 + 1}, {-(2**53) - 1}]", [("S103", 1, "/0"), ("S103", 1, "/1")]),
        ('{"a\u202e": "\u200b"}', [("S105", 1, ""), ("S105", 1, "/a\u202e")]),
        ('["\\ud800"]', [("S105", 1, "/0")]),
        ('["\\u0000"]', [("S105", 1, "/0")]),
        ('["cafe\u0301"]', [("S105", 1, "/0")]),
        ("", [("S101", 1, "")]),
        ("[1 2]", [("S101", 1, "")]),
        ("[1,]", [("S101", 1, "/1")]),
        ('{"a" 1}', [("S101", 1, "/a")]),
        ("{'a': 1}", [("S101", 1, "")]),
        ('["a', [("S101", 1, "/0")]),
        ('["\\x"]', [("S101", 1, "/0")]),
        ('["a",\n"b\nc"]', [("S101", 2, "/1")]),
        ("[01]", [("S101", 1, "/0")]),
        ("[+1]", [("S101", 1, "/0")]),
        ("[tru]", [("S101", 1, "/0")]),
        ("[1]\n[2]", [("S101", 2, "/0")]),
    ],
)
def test_each_refused_thing_is_found_where_it_is(text: str, expected: list[tuple[str, int, str]]) -> None:
    """Duplicate keys in any spelling, numbers, characters and syntax are named by code, line and pointer."""
    found = [(fault.code, fault.line, fault.pointer) for fault in scan(text).faults]
    if found and found[0][0] == "S101":
        # What text makes no sense has no exact pointer; code and line count.
        found, expected = [f[:2] for f in found], [f[:2] for f in expected]  # type: ignore[misc]
    assert found == expected


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_depth_ends_at_32(opening: str) -> None:
    """32 levels are read, the 33rd is refused, and ten thousand cost no stack."""
    closing = "]" if opening == "[" else "}"
    assert scan(opening * 31 + "[]" + closing * 31).faults == []
    deeper = scan(opening * 32 + "[]" + closing * 32).faults
    assert [fault.code for fault in deeper] == ["S104"]
    assert [fault.code for fault in scan(opening * 10_000).faults] == ["S104"]


def test_several_faults_are_all_found() -> None:
    """Scanning goes on after a fault that leaves the text readable."""
    text = '{"a": NaN,\n"b": "\u200b",\n"b": 1}'
    assert [fault.code for fault in scan(text).faults] == ["S103", "S105", "S102"]


def test_a_key_of_megabytes_does_not_fill_the_memory() -> None:
    """Below a long key pointers stay short: 20,000 values under a key of 100,000 characters are a few MB."""
    text = '{"' + "k" * 100_000 + '": [' + "0," * 20_000 + "0]}"
    result = scan(text)
    assert result.faults == []
    assert max(map(len, result.lines)) < 1_000


def test_a_string_of_megabytes_is_one_value() -> None:
    """A text as long as a file may be is scanned like any other."""
    assert scan(json.dumps(["x" * 4_000_000])).faults == []


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_in_shortest_form_is_storable(number: float) -> None:
    """Whatever a program computes and prints in shortest round-trip form can be stored."""
    assert scan(json.dumps([number])).faults == []
    assert math.isfinite(number)
