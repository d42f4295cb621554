"""What a reader cannot see is refused, everything else may be stored."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import characters

INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# Kept free by Unicode for invisible characters, or the variation selectors of plane 14, which can carry any
# text unseen: refused too, so that a newer Unicode does not change what an older one let in.
ALSO_REFUSED = {
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
    0x2065,
    *range(0xFFF0, 0xFFF9),
    *range(0x13439, 0x13440),
    *range(0xE0000, 0xE1000),
    *range(0xFFFFE, 0x100000),
    *range(0x10FFFE, 0x110000),
}


def test_the_refused_set_is_that_of_unicode() -> None:
    """Every code point of Cc (but LF), Cf, Cs, Co, Zl and Zp is refused, and beyond them only the
    listed ones.
    """
    wrong = []
    for point in range(0x110000):
        character = chr(point)
        expected = unicodedata.category(character) in INVISIBLE and character != "\n"
        # Beside a letter that is no ASCII, so that the general set is asked; a lone mark is still in NFC.
        found = (characters.refused(f"ж{character}") or "").startswith("holds")
        if found != (expected or point in ALSO_REFUSED):
            wrong.append(f"U+{point:04X}")
    assert wrong == []


def test_the_short_way_for_ascii_agrees_with_the_general_one() -> None:
    """Whether text is ASCII only makes no difference to what is refused in it."""
    for point in range(0x80):
        alone, beside = characters.refused(chr(point)), characters.refused(chr(point) + "ж")
        assert alone == beside


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("plain text, 60.9% ✓ × ’ naïve 漢字", None),
        ("two\nlines", None),
        ("", None),
        ("a\tb", "holds U+0009 control or private character"),
        ("a\u202eb", "holds U+202E right-to-left override"),
        ("a\u200bb", "holds U+200B zero width space"),
        ("a\ue000b", "holds U+E000 control or private character"),
        ("cafe\u0301", "is not in Unicode Normalization Form C"),
        ("\u1100 \u1161", None),
        ("\u1100\u1161", "is not in Unicode Normalization Form C"),
    ],
)
def test_the_reason_names_the_character(text: str, reason: str | None) -> None:
    """A refusal names the code point and the character, so that it can be found in an editor."""
    assert characters.refused(text) == reason


@given(st.text())
def test_tidied_text_holds_only_what_may_be_stored_and_tabs(text: str) -> None:
    """Tidying any text leaves nothing refused but tabs, and tidying twice changes nothing."""
    tidy = characters.tidy(text)
    assert characters.refused(tidy.replace("\t", " ")) is None
    assert characters.tidy(tidy) == tidy


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_becomes_lf(end: str) -> None:
    """Whatever a program writes as a line end is one LF after tidying."""
    assert characters.tidy(f"a{end}b") == "a\nb"


@given(st.text())
def test_visible_text_is_one_line_without_surprises(text: str) -> None:
    """Whatever a record holds, its visible form is one line that cannot move a terminal's cursor."""
    shown = characters.visible(text)
    assert not any(unicodedata.category(c) in INVISIBLE for c in shown)


@pytest.mark.parametrize(
    ("raw", "code", "line"),
    [
        (b"\xef\xbb\xbf{}", "S106", 1),
        (b"{\n}\r\n", "S106", 2),
        (b"a\nb\xff", "S106", 2),
        (b"\xed\xa0\x80", "S106", 1),
        (b"\xc0\xaf", "S106", 1),
        (b"x" * 11, "S107", 1),
    ],
)
def test_encoding_faults_name_the_line(raw: bytes, code: str, line: int) -> None:
    """Byte order mark, CR, bytes that are no UTF-8 (overlong, surrogates) and size are named with
    their line.
    """
    faults = characters.encoding_faults(raw, 10)
    assert [(fault.code, fault.line) for fault in faults] == [(code, line)]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff")))
def test_plain_utf8_has_no_encoding_fault(text: str) -> None:
    """Any UTF-8 without byte order mark and CR within the limit is fine."""
    assert characters.encoding_faults(text.encode(), 10_000) == ()


@given(st.text(st.sampled_from("ab \n\u00e9\u0301\u0323\u1100\u1161\uac00\u212b\u4e00")))
def test_the_form_is_that_of_the_whole_text(text: str) -> None:
    """A look at the unusual characters alone finds out no more and no less of a text's form."""
    assert (characters.refused(text) is None) == unicodedata.is_normalized("NFC", text)
