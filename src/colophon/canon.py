"""Strict reading, the one stored form of JSON, and digests.

Stored form: UTF-8, LF, final newline, two-space indent, keys in schema order (the order is given by
:mod:`colophon.schema`).  A digest is the SHA-256 of the stored bytes, so ``sha256sum`` verifies it.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from colophon import characters
from colophon.model import Fault
from colophon.scan import scan

MAX_BYTES = 5 * 1024 * 1024
# Anything with one of these may be in order; the slow scanner decides.  A file in stored form that holds
# none of them cannot hide a deep nesting, an escaped control character or a number that is too large.
_ESCAPE = re.compile(rb"\\[bfrtu/]")
_DEEP, _DIGITS = b"\n" + b" " * 64, b"0" * 16
_ANY_DIGIT = bytes.maketrans(b"123456789", b"000000000")
# In stored form a value stands behind a space.  Digits behind a point, of which measurements are full, or
# before one belong to a fraction; it lost none if it is written the same again.
_LONG_INTEGER = re.compile(rb"(?:\A|[ -])[0-9]{16,}+(?![.eE])")


@dataclass(frozen=True, slots=True)
class Reading:
    """A parsed document, or None with the faults that prevented it."""

    value: Any
    faults: tuple[Fault, ...]


def digest(raw: bytes) -> str:
    """Return ``sha256:<64 hex>`` of the bytes."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def dumps(value: Any) -> bytes:
    """Return JSON in stored form; keys keep their order."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def compact(value: Any) -> bytes:
    """Return one line of JSON without a newline; keys keep their order."""
    return orjson.dumps(value)


def read(raw: bytes) -> Reading:
    """Read JSON strictly.

    Refused: duplicate keys, NaN and infinities, nesting beyond 32, integers beyond 2^53, control, bidi
    and zero-width characters, text not in NFC, byte order marks, CR.  A value is returned only when
    there is no fault.
    """
    faults = characters.encoding_faults(raw, MAX_BYTES)
    if faults:
        return Reading(None, faults)
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        found = scan(raw.decode("utf-8")).faults
        return Reading(None, tuple(found) or (Fault("S101", 1, "", f"no JSON: {error}"),))
    if _looks_plain(raw, value):
        return Reading(value, ())
    faults = tuple(scan(raw.decode("utf-8")).faults)
    return Reading(None if faults else value, faults)


def _looks_plain(raw: bytes, value: Any) -> bool:
    """Whether the bytes are so close to the stored form that no fault can hide in them.

    Writing the value again gives the same bytes, so no key stood twice and no number lost digits.
    """
    if _needs_scan(raw) or dumps(value) != raw:
        return False
    return b"\x7f" not in raw if raw.isascii() else characters.refused(raw.decode("utf-8")) is None


def _needs_scan(raw: bytes) -> bool:
    has_escape = b"\\" in raw and _ESCAPE.search(raw) is not None
    return has_escape or _DEEP in raw or _has_long_integer(raw)


def _has_long_integer(raw: bytes) -> bool:
    # Most files have no row of digits that long anywhere, which is quicker to see.
    return _DIGITS in raw.translate(_ANY_DIGIT) and _LONG_INTEGER.search(raw) is not None


def lines(raw: bytes) -> dict[str, int]:
    """Return the 1-based line of every value of a JSON file by JSON pointer."""
    return scan(raw.decode("utf-8", errors="replace")).lines


def line_of(line_by_pointer: dict[str, int], pointer: str) -> int:
    """Return the line of a pointer, or of its nearest ancestor that exists."""
    while pointer and pointer not in line_by_pointer:
        pointer = pointer.rpartition("/")[0]
    return line_by_pointer.get(pointer, 1)


def stored_line(value: Any, pointer: str) -> int:
    """Return the 1-based line of a pointer in the stored form of ``value``, or of its nearest ancestor.

    In stored form the line follows from the value alone, which is much faster than scanning the text.
    """
    return StoredLines(value).line(pointer)


class StoredLines:
    """The lines of one value in stored form; for many pointers its members are counted once."""

    def __init__(self, value: Any) -> None:
        self._value = value
        self._counted: dict[int, dict[str, tuple[int, Any]]] = {}

    def line(self, pointer: str) -> int:
        """Return the 1-based line of a pointer, or of its nearest ancestor."""
        line, value = 1, self._value
        for part in pointer.split("/")[1:]:
            found = self._members(value).get(part.replace("~1", "/").replace("~0", "~"))
            if found is None:
                return line
            below, value = found
            line += below
        return line

    def _members(self, value: Any) -> dict[str, tuple[int, Any]]:
        """Return what a container holds, each with the lines from the container's first to its own."""
        # The value is not altered, and kept, so that an id is one part of it.
        if id(value) not in self._counted:
            members: Iterable[tuple[str, Any]] = ()
            if isinstance(value, dict):
                members = value.items()
            elif isinstance(value, list):
                members = ((str(position), item) for position, item in enumerate(value))
            found, below = {}, 1
            for name, member in members:
                found[name] = below, member
                below += _height(member)
            self._counted[id(value)] = found
        return self._counted[id(value)]


def _height(value: Any) -> int:
    """Return how many lines a value takes in stored form."""
    return dumps(value).count(b"\n") if isinstance(value, dict | list) else 1
