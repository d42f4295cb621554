"""Which part of a file a request asks for: RFC 9110, sections 13 and 14, for one range of bytes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SPEC = re.compile(r"bytes[ \t]*=[ \t]*(?:([0-9]+)-([0-9]*)|-([0-9]+))[ \t]*", re.ASCII | re.IGNORECASE)
_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
# No file is as large; a number of more digits need not be computed to be beyond its end.
_BEYOND = 10**18


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a file, the first and the last, both included."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1


class OutsideError(ValueError):
    """A range of which the file has no byte."""


def asked(header: str | None, size: int) -> Span | None:
    """Return the part of ``size`` bytes that a Range header asks for, None for the whole.

    A header of another unit, in another form, or of several ranges counts as none, as the standard allows.
    Raises OutsideError for a range that has no byte of the file.
    """
    found = _SPEC.fullmatch(header) if header is not None else None
    if found is None:
        return None
    first, last, ending = found.groups()
    if ending is not None:
        return _inside(max(0, size - _number(ending)), size - 1, size)
    if last and _number(last) < _number(first):
        return None
    return _inside(_number(first), min(_number(last) if last else size - 1, size - 1), size)


def _inside(first: int, last: int, size: int) -> Span:
    if first >= size:
        raise OutsideError(f"begins at byte {first}, and the file has {size}")
    return Span(first, last)


def _number(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) < len(str(_BEYOND)) else _BEYOND


def tag(inode: int, size: int, modified_ns: int) -> str:
    """Return the strong entity tag of a file: another file, or another writing of it, has another."""
    return f'"{inode:x}-{size:x}-{modified_ns:x}"'


def names(header: str, own: str, *, strongly: bool) -> bool:
    """Return whether a header lists the tag ``own``, or is ``*``.  A weak tag is never strongly the same."""
    if header.strip() == "*":
        return True
    return own in _tags(header, strongly=strongly)


def _tags(header: str, *, strongly: bool) -> Iterable[str]:
    return [text for weak, text in _TAG.findall(header) if not (weak and strongly)]


def still_the_same(header: str | None, own: str, dated: str, now: str) -> bool:
    """Return whether an If-Range header, a tag or a date, speaks of the file as it is.

    ``dated`` is its Last-Modified.  A date proves nothing in the second in which the file was written.
    """
    if header is None:
        return True
    value = header.strip()
    if '"' in value:
        return value == own
    return value == dated and dated != now
