"""Which characters stored text may hold.

Refused are the Unicode categories Cc (but line feed), Cf, Cs, Co, Zl and Zp, what Unicode keeps free for
such characters (U+2065, U+FFF0..FFF8, the whole block U+E0000..E0FFF with its variation selectors, which can
hide any text), letters and signs that are drawn as nothing, such as U+3164, and text that is not in
Normalization Form C: what a reader cannot see must not reach a page or a diff.
"""

import re
import unicodedata
from collections.abc import Iterator

from colophon.model import Fault

_REFUSED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufeff\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_BOM = b"\xef\xbb\xbf"
# What most texts consist of, and what is in order wherever it stands.
_PLAIN = bytes([0x0A, *range(0x20, 0x7F)])


def refused(text: str) -> str | None:
    """Return what is wrong with ``text`` in words, or None."""
    # Bytes are taken out many times faster than characters are looked for.
    unusual = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    if not unusual:
        return None
    others = unusual.decode("utf-8", "surrogatepass")
    match = _REFUSED.search(others)
    if match:
        return f"holds U+{ord(match[0]):04X} {name(match[0])}"
    # Only a combining character can make one with a plain one before it.
    is_composed = not any(map(unicodedata.combining, set(others))) and unicodedata.is_normalized(
        "NFC", others
    )
    if not is_composed and not unicodedata.is_normalized("NFC", text):
        return "is not in Unicode Normalization Form C"
    return None


def unseen(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, what is wrong with it) of every line with a refused character; a tab is none."""
    for number, line in enumerate(text.split("\n"), 1):
        reason = refused(line.replace("\t", " "))
        if reason is not None:
            yield number, reason


def name(character: str) -> str:
    """Return the Unicode name of a character; control characters have none and get a plain word."""
    return unicodedata.name(character, "control or private character").lower()


def tidy(text: str) -> str:
    """Return a report's text for parsing: NFC, LF line ends, invisible characters dropped.

    Tabs stay, because they separate table cells; a parser must not let one into a stored text.
    """
    text = re.sub("\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    text = _REFUSED.sub(lambda m: "\t" if m[0] == "\t" else "", text)
    return unicodedata.normalize("NFC", text)


def unix(raw: bytes) -> bytes:
    """Return text with the line ends of Windows made those of Unix; a CR alone stays."""
    return raw.replace(b"\r\n", b"\n")


def visible(text: str) -> str:
    """Return text for a terminal: every refused character is written as ``\\u{...}``, line feeds too."""
    return _REFUSED.sub(lambda m: f"\\u{{{ord(m[0]):x}}}", text).replace("\n", "\\n")


def inert(text: str) -> str:
    """Return text for a log that a forge reads: visible, and never the beginning of a workflow command."""
    return visible(text).replace("::", "\\u{3a}:").replace("##[", "#\\u{23}[")


def encoding_faults(raw: bytes, limit: int) -> tuple[Fault, ...]:
    """Return faults of size (in bytes), byte order mark, line ends and encoding."""
    if len(raw) > limit:
        return (Fault("S107", 1, "", f"file has {len(raw)} bytes, at most {limit} are read"),)
    if raw.startswith(_BOM):
        return (Fault("S106", 1, "", "file begins with a byte order mark, expected plain UTF-8"),)
    if b"\r" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\r")) + 1
        return (
            Fault("S106", line, "", "line ends with CR, expected LF only: save the file with Unix line ends"),
        )
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return (Fault("S106", line, "", f"byte 0x{raw[error.start]:02x} is not UTF-8"),)
    return ()
