"""Text as it is compared: one spelling of spaces, hyphens, quotes, entities and simple LaTeX, with offsets.

Every character of the folded text knows where it stood, so whatever is found in it can be shown in the
source's own words.
"""

import html
import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

# Runs of characters that are their own folded form, a hyphen at the end of a line left out.
_OWN = r"[A-Za-z0-9 ,.;:!?()%/'\"\n+=*@#<>\[\]|]"
_PLAIN = re.compile(rf"{_OWN}*(?:-(?![ \t]*\r?\n){_OWN}*)*")
_BROKEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010][ \t]*\r?\n[ \t]*(?=[^\W\d_])")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_COMMAND = re.compile(
    r"\\(?:(?P<wrap>text|mathrm|mathbf|mathit|mathcal|emph|textbf|textit|textsc|operatorname)\s*(?=\{)"
    r"|(?P<sign>times|cdot|pm|leq?|geq?|approx|sim|to|rightarrow)(?![A-Za-z])|(?P<mark>[%&#_$]))"
)
_SIGNS = {
    "times": "x", "cdot": ".", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "approx": "~",
    "sim": "~", "to": "->", "rightarrow": "->",
}  # fmt: skip
# A formula between dollars, and not two prices.
_FORMULA = re.compile(r"\$(?=[^$\n]{0,80}[\\^_={}][^$\n]{0,80}\$)|(?<=[\\^_={}%0-9A-Za-z])\$(?![0-9])")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u0060\u00b4"), "'") | dict.fromkeys(
    map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"), '"'
)
_SPACES = dict.fromkeys(map(ord, "\t\r\u000b\u000c\u00a0\u1680\u202f\u205f\u3000"), " ") | dict.fromkeys(
    range(8192, 8203), " "
)
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"
_NOTHING = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF], ""
)
_TABLE = {**_HYPHENS, **_QUOTES, **_SPACES, **_NOTHING}
# A decimal point as some journals print it.
_POINT = re.compile(r"(?<=[0-9])[·•](?=[0-9])")
# Texts, and characters of one.
_REMEMBERED, _LONGEST_REMEMBERED = 256, 2_000
# What may stand between two words, or not, and mean the same.
_LOOSE = re.compile(r"\s+|(?<=[^\W_])-(?=[^\W\d_])|(?<=[^\W\d_])-(?=[^\W_])|(?<![0-9])['\"](?![0-9])")


@dataclass(frozen=True)
class Folded:
    """A folded text; ``starts`` are the offsets in the original of each character, and of the end."""

    text: str
    starts: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the folded text stands in the original."""
        return self.starts[start], max(self.starts[end], self.starts[start])

    @cached_property
    def squeezed(self) -> "Squeezed":
        """The text in lower case without what may be written otherwise: spaces, hyphens in words, quotes."""
        return Squeezed(self.text)


class Squeezed:
    """A text without loose characters; where they stood is counted only when somebody asks."""

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self.text = _LOOSE.sub(_between, folded)
        # A few letters have a lower case of two characters.
        lower = self.text.lower()
        same = len(lower) == len(self.text)
        self.text = lower if same else "".join(one.lower()[:1] for one in self.text)

    @cached_property
    def starts(self) -> "array[int]":
        """The offsets in the folded text of each character, and of the end."""
        starts = array("l")
        at = 0
        for loose in _LOOSE.finditer(self._folded):
            starts.extend(range(at, loose.start()))
            starts.extend([loose.start()] * len(_between(loose)))
            at = loose.end()
        starts.extend(range(at, len(self._folded) + 1))
        return starts


def _between(loose: re.Match[str]) -> str:
    """Return what stays of loose characters: digits with a space between them are two numbers, or grouped."""
    text, start, end = loose.string, loose.start(), loose.end()
    is_space = loose[0].isspace()
    return " " if is_space and text[start - 1 : start].isdigit() and text[end : end + 1].isdigit() else ""


def fold(text: str) -> Folded:
    """Return the text folded, not to be altered.  Never raises, whatever the text holds."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _folded(text)


# Many audits ask for the texts of one record in turn.
@lru_cache(maxsize=_REMEMBERED)
def _remembered(text: str) -> Folded:
    return _folded(text)


def _folded(text: str) -> Folded:
    whole = _PLAIN.match(text)
    if whole is not None and whole.end() == len(text):
        return Folded(text, range(len(text) + 1))
    parts: list[str] = []
    starts = array("l")
    at = 0
    while at < len(text):
        plain = _PLAIN.match(text, at)
        end = plain.end() if plain is not None else at
        if end < len(text) and unicodedata.combining(text[end]):
            end -= 1  # The last letter and the accent that follows are one.
        if end > at:
            parts.append(text[at:end])
            starts.extend(range(at, end))
            at = end
            continue
        part, end = _special(text, at)
        parts.append(part)
        starts.extend([at] * len(part))
        at = end
    starts.append(len(text))
    folded = "".join(parts)
    return Folded(folded if folded.isascii() else _POINT.sub(".", folded), starts)


def _special(text: str, at: int) -> tuple[str, int]:
    """Return what a character that is not plain is folded to, and the offset behind what belongs to it."""
    character = text[at]
    for pattern in (_BROKEN, _FORMULA):
        match = pattern.match(text, at)
        if match is not None:
            return "", match.end()
    if character == "&" and (match := _ENTITY.match(text, at)):
        return _translated(html.unescape(match[0])), match.end()
    if character == "\\" and (match := _COMMAND.match(text, at)):
        return _SIGNS.get(match["sign"] or "", match["mark"] or ""), match.end()
    if character in _RAISED:
        end = at + 1
        while end < len(text) and text[end] in _RAISED:
            end += 1
        return "^" + _translated(text[at:end]), end
    if character in "{}":
        return "", at + 1
    if character == "~":
        return ("~" if text[at + 1 : at + 2].isdigit() else " "), at + 1
    end = at + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return _translated(text[at:end]), end


def _translated(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_TABLE)).translate(_TABLE)
