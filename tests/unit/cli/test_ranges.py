"""Which part of a file a request asks for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.cli import _ranges
from colophon.cli._ranges import OutsideError, Span


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", Span(0, 0)),
        ("bytes=2-4", Span(2, 4)),
        ("bytes=2-", Span(2, 9)),
        ("bytes=2-99", Span(2, 9)),
        ("bytes=-3", Span(7, 9)),
        ("bytes=-99", Span(0, 9)),
        ("BYTES = 2-4 ", Span(2, 4)),
        ("bytes=0000000000000000000000000002-4", Span(2, 4)),
        (f"bytes=2-{'9' * 9000}", Span(2, 9)),
    ],
)
def test_a_range_of_ten_bytes(header: str, span: Span) -> None:
    """First and last byte are included; what lies behind the end is cut."""
    assert _ranges.asked(header, 10) == span


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=4-2",
        "bytes=a-b",
        "bytes=1-2,5-6",
        "bytes=+1-2",
        "bytes=1-2;x",
        "lines=1-2",
        "bytes=٢-٤",
    ],
)
def test_no_range_is_the_whole(header: str | None) -> None:
    """What is no single range of bytes is passed over, as RFC 9110 allows."""
    assert _ranges.asked(header, 10) is None


@pytest.mark.parametrize(
    ("header", "size"),
    [
        ("bytes=10-", 10),
        ("bytes=10-12", 10),
        ("bytes=-0", 10),
        ("bytes=0-", 0),
        ("bytes=-5", 0),
        (f"bytes={'9' * 9000}-", 10),
    ],
)
def test_a_range_without_a_byte(header: str, size: int) -> None:
    """It has an answer of its own."""
    with pytest.raises(OutsideError):
        _ranges.asked(header, size)


@given(st.binary(max_size=50), st.integers(0, 60), st.none() | st.integers(0, 60))
def test_a_range_is_the_slice(body: bytes, first: int, last: int | None) -> None:
    """What is asked for are the bytes that a slice gives."""
    expected = body[first:] if last is None else body[first : last + 1]
    try:
        span = _ranges.asked(f"bytes={first}-{'' if last is None else last}", len(body))
    except OutsideError:
        assert not expected
        return
    if span is None:
        assert last is not None
        assert last < first
    else:
        assert body[span.first : span.last + 1] == expected
        assert len(span) == len(expected)


@given(st.text(max_size=30))
def test_any_header_is_answered(header: str) -> None:
    """No header makes anything but a part, the whole, or a refusal."""
    try:
        span = _ranges.asked(header, 10)
    except OutsideError:
        return
    assert span is None or 0 <= span.first <= span.last < 10


def test_a_tag_is_of_one_writing() -> None:
    """It is an entity tag, and differs with the file, its size and its time."""
    tags = {_ranges.tag(*held) for held in [(1, 2, 3), (2, 2, 3), (1, 3, 3), (1, 2, 4)]}
    assert len(tags) == 4
    assert all(re.fullmatch('"[0-9a-f-]+"', tag) for tag in tags)


@pytest.mark.parametrize(
    ("header", "weakly", "strongly"),
    [
        ('"a"', True, True),
        ('"b", "a"', True, True),
        ('W/"a"', True, False),
        ("*", True, True),
        ('"b"', False, False),
        ("a", False, False),
        ("", False, False),
    ],
)
def test_lists_of_tags(header: str, weakly: bool, strongly: bool) -> None:
    """A weak tag is the same only where that is enough."""
    assert _ranges.names(header, '"a"', strongly=False) is weakly
    assert _ranges.names(header, '"a"', strongly=True) is strongly


DATED, NOW = "Mon, 01 Jun 2026 00:00:00 GMT", "Tue, 02 Jun 2026 00:00:00 GMT"


@pytest.mark.parametrize(
    ("header", "now", "same"),
    [
        (None, NOW, True),
        ('"a"', NOW, True),
        ('"b"', NOW, False),
        ('W/"a"', NOW, False),
        (DATED, NOW, True),
        (DATED, DATED, False),
        (NOW, NOW, False),
        ("yesterday", NOW, False),
    ],
)
def test_if_range(header: str | None, now: str, same: bool) -> None:
    """Only the very same tag, or the very same date of a file that is not just being written, is the same."""
    assert _ranges.still_the_same(header, '"a"', DATED, now) is same
