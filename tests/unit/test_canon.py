"""One strict reading, one stored form, digests of the stored bytes."""

import hashlib
import json
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from colophon import canon, characters
from colophon.scan import scan

TEXTS = st.text(max_size=30).filter(lambda text: characters.refused(text) is None)
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


def nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth - 1):
        value = [value]
    return value


@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    """Any storable value comes back equal, from the stored form and from one line."""
    for raw in (canon.dumps(value), canon.compact(value)):
        reading = canon.read(raw)
        assert reading.faults == ()
        assert json.dumps(reading.value) == json.dumps(value)


@given(VALUES)
def test_the_stored_form_is_a_fixed_point(value: object) -> None:
    """Writing what was read gives the same bytes: UTF-8, LF, two spaces, final newline."""
    raw = canon.dumps(value)
    assert canon.dumps(canon.read(raw).value) == raw
    assert raw.endswith(b"\n")
    assert b"\r" not in raw


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Draw a JSON file with a few bytes changed, cut out or put in."""
    writer = draw(st.sampled_from([canon.dumps, canon.compact]))
    raw = bytearray(writer(draw(VALUES)))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(raw)))
        end = min(len(raw), place + draw(st.integers(0, 3)))
        raw[place:end] = draw(
            st.binary(max_size=2)
            | st.sampled_from(
                [b'"', b"\\u0061", b"\\n", b"9" * 17, b"NaN", b"[", b"]", b',"a":1', b"\x7f", b"-0", b"1.0"]
            )
        )
    return bytes(raw)


@given(mutated())
@settings(max_examples=400)
@example(canon.dumps(nested(33)))
@example(canon.dumps(nested(32)))
@example(b'["a\nb"]')
@example(canon.dumps({"a": "\x7f"}))
@example(b'{\n  "a": 1,\n  "a": 1\n}\n')
@example(b"[\n  -0\n]\n")
@example(b"[\n  9007199254740993\n]\n")
@example(b"[\n  9007199254740993.0\n]\n")
@example(b"[\n  -9007199254740993\n]\n")
@example(b"9007199254740993\n")
@example(b"[\n  0.1234567890123456\n]\n")
@example(b"[\n  0.12345678901234567890\n]\n")
@example(b"[\n  1234567890123456.5\n]\n")
@example(b'{\n  "a 9007199254740993": "b -9007199254740993"\n}\n')
@example('[\n  "cafe\u0301"\n]\n'.encode())
@example(b'[\n  "\\u202e"\n]\n')
def test_the_fast_way_and_the_scanner_agree(raw: bytes) -> None:
    """Bytes are read as a value exactly when the slow scanner finds nothing wrong with them."""
    encoding = characters.encoding_faults(raw, canon.MAX_BYTES)
    reading = canon.read(raw)
    if encoding:
        assert reading.faults == encoding
    else:
        faults = scan(raw.decode()).faults
        assert bool(reading.faults) == bool(faults)
        assert reading.faults or json.dumps(reading.value) == json.dumps(json.loads(raw))


def test_measurements_are_read_the_fast_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run is full of fractions with all their digits, and is read without a look at each character."""
    raw = canon.dumps({"samples": [1 / n for n in range(1, 1000)], "counts": [2**49, -(2**49)]})
    monkeypatch.delattr(canon, "scan")
    assert canon.read(raw).faults == ()


@given(st.binary())
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """No bytes make the reader fail; a refusal has at least one fault and no value."""
    reading = canon.read(raw)
    assert reading.value is None or not reading.faults


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        (b"", ["S101"]),
        (b"{", ["S101"]),
        (b'{"a": 1, "a": 1}', ["S102"]),
        (b"[NaN]", ["S103"]),
        (b"[" + b"9" * 300 + b"]", ["S103"]),
        (b"[" * 10_000 + b"]" * 10_000, ["S104"]),
        ('["\u202e"]'.encode(), ["S105"]),
        (b'["\\u0007"]', ["S105"]),
        (b'\xef\xbb\xbf"a"', ["S106"]),
        (b"[\r\n]", ["S106"]),
        (b" " * (canon.MAX_BYTES + 1), ["S107"]),
    ],
)
def test_each_kind_of_damage_has_its_code(raw: bytes, codes: list[str]) -> None:
    """Every way in which a file can be damaged has a code of its own."""
    reading = canon.read(raw)
    assert reading.value is None
    assert [fault.code for fault in reading.faults] == codes


def test_a_digest_is_what_sha256sum_prints(tmp_path: object) -> None:
    """Anybody can verify a digest with coreutils."""
    raw = canon.dumps({"a": [1, "é"]})
    assert canon.digest(raw) == f"sha256:{hashlib.sha256(raw).hexdigest()}"
    shown = subprocess.run(["sha256sum"], input=raw, capture_output=True, check=True).stdout.decode()
    assert canon.digest(raw) == f"sha256:{shown.split()[0]}"


def test_lines_are_found_by_pointer_or_by_the_nearest_parent() -> None:
    """A pointer that does not exist has the line of what would hold it."""
    lines = canon.lines(b'{\n  "a": {\n    "b": 1\n  }\n}\n')
    assert canon.line_of(lines, "/a/b") == 3
    assert canon.line_of(lines, "/a/missing/deep") == 2
    assert canon.line_of(lines, "/nowhere") == 1
    assert canon.line_of({}, "/a") == 1


def test_keys_keep_their_order() -> None:
    """The formatter never sorts: the order is the schema's."""
    assert canon.compact({"b": 1, "a": 2}) == b'{"b":1,"a":2}'


@given(VALUES)
def test_lines_follow_from_the_value(value: object) -> None:
    """In stored form the line of every pointer is the one that the scanner finds, and of an unknown one its
    ancestor's.
    """
    raw = canon.dumps(value)
    found = scan(raw.decode()).lines
    assert {pointer: canon.stored_line(value, pointer) for pointer in found} == found
    lines = canon.StoredLines(value)
    assert {pointer: lines.line(pointer) for pointer in found} == found
    assert canon.stored_line(value, "/no such key/below") == 1
