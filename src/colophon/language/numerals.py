"""How numbers are written: in digits, as words, as rates, fractions, powers of ten and times of the day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from colophon.language.beginnings import Begun
from colophon.language.units import SCALES

_WRITTEN = r"(?:[0-9]{1,3}(?:[, ][0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+"
DIGITS = re.compile(_WRITTEN)
_WORDS: dict[str, int] = {
    "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000, "dozen": 12,
    "million": 10**6, "billion": 10**9, "twice": 2, "double": 2, "doubled": 2, "doubles": 2, "doubling": 2,
    "triple": 3, "tripled": 3, "thrice": 3,
}  # fmt: skip
_TIMES = frozenset({"twice", "double", "doubled", "doubles", "doubling", "triple", "tripled", "thrice"})
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_PARTS = {"third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_SPELLED = Begun(
    rf"""
    \b(?P<fraction>(?P<over>{_ONES}|a)[ -](?P<part>third|quarter|fourth|fifth|sixth|tenth)s?)\b
    |\b(?P<tens>(?:{_TENS})[- ](?:{_ONES}))\b
    |\b(?P<word>{"|".join(_WORDS)}|half(?=\sof\b|\sthe\b|\sas\b))\b
    """,
    " ".join((*_WORDS, *_PARTS, "half")),
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"""
    (?=[0-9.]|(?<!\w)[a-z])(?:
    (?P<rate>(?P<some>{_WRITTEN})(?:\s*/\s*|\s+(?:in|(?:out\s)?of(?:\severy)?|per)\s+)
        (?:(?P<all>{_WRITTEN})(?:\s(?P<by>hundred|thousand|million|billion))?|(?P<per>hundred|thousand|million))
        \b(?![.\d/%]))
    |(?P<power>(?:(?P<factor>{_WRITTEN})\s*[x×*]\s*)?10\s*(?:\^|\*\*)\s*\(?(?P<exponent>[+-]?[0-9]{{1,3}})\)?)
    |(?P<science>[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{{1,3}})(?![^\W_])
    |(?P<clock>[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?)(?![0-9])
    |(?P<digits>{_WRITTEN})
    |{_SPELLED.pattern.pattern})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_IN_DIGITS = re.compile(r"\.?[0-9]")
_VAGUE_IF_SEVERAL = frozenset({"hundred", "thousand", "million", "billion", "dozen"})
# A pattern that ignores case takes these for i, i, s and k: dotless and dotted i, long s, the sign of Kelvin.
_TAKEN_FOR = str.maketrans("\u0131\u0130\u017f\u212a", "iisk")
_SEVERAL = re.compile(r"\b(?:several|few|many|some|the)\s+$", re.IGNORECASE)
_IN_A_YEAR = re.compile(r"\sin\s+(?:1[5-9]|20)[0-9]{2}$")
# Rates per one, per hundred, ... are compared as shares.
_PER = {"hundred": 100, "thousand": 1000, "million": 10**6}
_EXACT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as written: its value, half of its last digit, ``plain``, ``share``, ``times`` or ``clock``.

    ``end`` is where it ends in the text.
    """

    value: Decimal
    half: Decimal
    kind: str
    end: int


def next_number(text: str, at: int = 0) -> re.Match[str] | None:
    """Return where the next number from a place on is written, in digits or as a word."""
    if _SPELLED.may_be_in(text):
        return _NUMBER.search(text, at)
    digits = _IN_DIGITS.search(text, at)
    return None if digits is None else _NUMBER.match(text, digits.start())


def numbers_written(text: str) -> Iterator[re.Match[str]]:
    """Yield where each number of a text is written, one behind the other."""
    at = 0
    while (match := next_number(text, at)) is not None:
        yield match
        at = match.end()


def numeral(text: str, match: re.Match[str]) -> Numeral | None:
    """Return the number that was found by :func:`next_number`; None for words that name no number."""
    if match["rate"]:
        return _rate(match)
    if match["power"]:
        scale = Decimal(10) ** int(match["exponent"])
        if not match["factor"]:
            return Numeral(scale, _EXACT, "plain", match.end())
        return Numeral(decimal(match["factor"]) * scale, half(match["factor"]) * scale, "plain", match.end())
    if match["science"]:
        return Numeral(Decimal(match["science"]), _EXACT, "plain", match.end())
    if match["clock"]:
        hours, minutes, *_ = match["clock"].split(":")
        return Numeral(Decimal(int(hours) * 60 + int(minutes)), _EXACT, "clock", match.end())
    if match["digits"]:
        return Numeral(decimal(match["digits"]), half(match["digits"]), "plain", match.end())
    return _in_words(text, match)


def _rate(match: re.Match[str]) -> Numeral:
    some = decimal(match["some"])
    if match["per"]:
        every = Decimal(_PER[_plain(match["per"])])
    else:
        every = decimal(match["all"]) * SCALES.get(_plain(match["by"] or ""), Decimal(1))
    if 0 < some < every and not _IN_A_YEAR.search(match["rate"]):
        return Numeral(some / every, half(match["some"]) / every, "share", match.end())
    return Numeral(some, half(match["some"]), "plain", match.end("some"))


def _in_words(text: str, match: re.Match[str]) -> Numeral | None:
    if match["fraction"]:
        over = Decimal(_WORDS.get(_plain(match["over"]), 1))
        return Numeral(over / _PARTS[_plain(match["part"])], Decimal("0.005"), "share", match.end())
    if match["tens"]:
        tens, ones = re.split(r"[- ]", _plain(match["tens"]))
        return Numeral(Decimal(_WORDS[tens] + _WORDS.get(ones, 1)), _EXACT, "plain", match.end())
    word = _plain(match["word"])
    if word == "half":
        return Numeral(Decimal("0.5"), _EXACT, "share", match.end())
    if word in _VAGUE_IF_SEVERAL and _SEVERAL.search(text, max(0, match.start() - 12), match.start()):
        return None
    return Numeral(Decimal(_WORDS[word]), _EXACT, "times" if word in _TIMES else "plain", match.end())


def _plain(word: str) -> str:
    """Return a word in small letters, with i, s and k for those that a pattern takes for them."""
    return word.translate(_TAKEN_FOR).lower()


def decimal(digits: str) -> Decimal:
    """Return the value of digits that may be grouped."""
    return Decimal(digits.replace(",", "").replace(" ", ""))


def half(digits: str) -> Decimal:
    """Return half of the last printed digit."""
    return Decimal(5) / Decimal(10) ** (len(digits.partition(".")[2]) + 1)
