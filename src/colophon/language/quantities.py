"""The numbers of a text with their units, and whether two of them say the same.

Numbers in names (N95, GPT-4, MEK 1/2), labels (Table 2), citations ([12]) and list marks are no quantities.
A number that was rounded agrees with what it was rounded from, a share with its percentage, a rate with the
same rate per another number.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from colophon.language.numerals import next_number, numeral
from colophon.language.units import SCALES, UNITS, Unit

_UNIT = re.compile(
    r"[\s-]?(?P<unit>%|×(?!\s?[0-9])|°\s?[CF]|µ[a-zA-Z]+|μ[a-zA-Z]+|percentage\spoints?|per\s?cent|[A-Za-z]+(?:/[A-Za-z]+)?)"
)
_SCALE = re.compile(r"[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|[kKMB](?![a-zA-Z])|bn|mn)\b")
# A word before a number that makes it the name of one of several.
_LABELS = frozenset(
    "table tables figure figures fig figs section sections appendix chapter equation eq page pages step "
    "steps algorithm theorem lemma example type class grade stage phase group level tier version volume "
    "issue no part line row column case scenario task model layer day week month year chromosome exon "
    "region domain complex category question criterion aim experiment study trial".split()
)
_CITATION = re.compile(r"\[[0-9]{1,3}(?:\s*[,-]\s*[0-9]{1,3})*\]")
_MARK = re.compile(r"(?m)(?:^[ \t]*|(?<=[\s(]))\(?[0-9]{1,2}\)(?=\s)|^[ \t]*[0-9]{1,2}\.(?=\s+[A-Z])")
# Characters that are looked back for an open bracket.
_LONGEST_BRACKET = 200
_WORD, _WORD_AT_END = re.compile(r"[^\W\d_]+(?:[-/]?[^\W_]+)*"), re.compile(r"[^\W\d_][\w.-]*$")
_PER_CENT = re.compile(r"\s?%")
_CURRENCIES = "$€£¥"
_BELOW = re.compile(r"(?:<|≤|less than|fewer than|under|below|up to|at most|no more than)\s*$", re.IGNORECASE)
_ABOVE = re.compile(
    r"(?:(?<![-=])>|≥|more than|greater than|over|above|at least|exceed(?:s|ed|ing)?|no less than)\s*$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:~|≈|about|around|approximately|approx\.?|nearly|almost|roughly|some|circa|close to)\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?:1[5-9]|20)[0-9]{2}(?:s\b|(?![\w.,]?[0-9%]|\s?(?:%|[a-z]{1,12}s\b(?<!was)(?<!has)(?<!this)(?<!is)(?<!as))))"
)

_BOUNDS = (("<", _BELOW), (">", _ABOVE), ("~", _ABOUT))
# The last two letters of the words of bounds, and their signs.
_BOUND_ENDS = frozenset("an er ow to st ve ed ds ng ut nd ly ox x. me ca".split())
_BOUND_SIGNS = tuple("<≤>≥~≈")
# Texts, and characters of one.
_REMEMBERED, _LONGEST_REMEMBERED = 512, 2_000


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text: where it stands, its value in the base of its unit, and half of its last digit.

    ``kind`` is ``percent``, ``share`` (of one), ``times``, ``year``, ``clock``, ``money``, ``plain``, or the
    name of a physical dimension.  ``unit`` is as printed, ``bound`` is ``<``, ``>``, ``~`` or empty.
    """

    start: int
    end: int
    text: str
    value: Decimal
    half: Decimal
    kind: str
    unit: str
    bound: str = ""


def quantities(text: str) -> list[Quantity]:
    """Return the quantities of a folded text in order; numbers in names, labels and citations are none."""
    return list(_remembered(text)) if len(text) <= _LONGEST_REMEMBERED else _quantities(text)


# Several audits ask for the same sentences in turn.
@lru_cache(maxsize=_REMEMBERED)
def _remembered(text: str) -> tuple[Quantity, ...]:
    return tuple(_quantities(text))


def _quantities(text: str) -> list[Quantity]:
    marks = [match for match in _MARK.finditer(text) if not _closes(text, match)]
    spans = sorted(match.span() for match in (*_CITATION.finditer(text), *marks))
    skipped = {place for start, end in spans for place in range(start, end)}
    found = []
    at = 0
    while (match := next_number(text, at)) is not None:
        at = match.end()
        if match.start() in skipped or _in_name(text, match):
            at = _past_word(text, match.end("some") if match["rate"] else match.end())
            continue
        one = _quantity(text, match)
        if one is not None:
            found.append(one)
            at = one.end
    return found


def _closes(text: str, mark: re.Match[str]) -> bool:
    """Whether the bracket behind a number was opened before it: "(30 + 84)" ends on no list mark."""
    before = text[max(0, mark.start() - _LONGEST_BRACKET) : mark.start()]
    return not mark[0].lstrip().startswith("(") and before.rfind("(") > before.rfind(")")


def has_number(text: str) -> bool:
    """Whether a text may have a quantity."""
    return next_number(text) is not None


def _past_word(text: str, at: int) -> int:
    while at < len(text) and (text[at].isalnum() or text[at] in "-_/"):
        at += 1
    return at


def _in_name(text: str, match: re.Match[str]) -> bool:
    """Whether digits belong to a name: letters before them, no unit behind, or a word that they number."""
    if match["word"] or match["tens"] or match["fraction"]:
        return False
    start, end = match.span()
    before = text[max(0, start - 24) : start]
    return _is_joined(before) or _goes_on(text[end : end + 24]) or _is_numbered(text, match, before)


def _is_joined(before: str) -> bool:
    last, second = before[-1:], before[-2:-1]
    if last.isalpha() or last in ("_", "@") or (last in ("+", "/") and second.isdigit()):
        return True
    return last in ("-", "/", ".") and second.isalpha()


def _goes_on(behind: str) -> bool:
    """Whether letters follow that are no unit, and not the s of a decade or the x of a factor."""
    word = _WORD.match(behind)
    return word is not None and _known(word[0]) is None and word[0].lower() not in ("s", "x")


def _is_numbered(text: str, match: re.Match[str], before: str) -> bool:
    """Whether a word before a small number makes it a name: Kosmos 2, BRCA 1, MEK 1/2, Table 3."""
    found = None if "." in match[0] else _word_before_space(before.removesuffix("\n"))
    if found is None:
        return False
    word = found[0]
    if word.lower() in _LABELS or word.lower().rstrip("s.") in _LABELS:
        return _PER_CENT.match(text, match.end(), match.end() + 2) is None
    if match["rate"]:
        return word.isupper() and "/" in match[0] and len(word) <= 6
    is_first = _starts_sentence(text, match.start() - len(word) - 1)
    return word[:1].isupper() and len(match[0]) == 1 and not is_first


def _word_before_space(before: str) -> re.Match[str] | None:
    """Return the word that a text ends on, with one space behind it."""
    if before[-1:] != " " or before[-2:-1].isspace():
        return None
    return _WORD_AT_END.search("".join(before.rsplit(None, 1)[-1:]))


def _starts_sentence(text: str, at: int) -> bool:
    return not text[:at].strip() or text[:at].rstrip()[-1:] in ".!?:;\n"


def _known(word: str) -> Unit | None:
    return (
        UNITS.get(word) or UNITS.get(word.lower()) or (Unit("plain", Decimal(1)) if word in SCALES else None)
    )


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    number = numeral(text, match)
    if number is None:
        return None
    value, half, kind, end, unit = number.value, number.half, number.kind, number.end, ""
    before = text[max(0, match.start() - 20) : match.start()]
    measured = _unit(text, end)
    if match["digits"] and _YEAR.match(text, match.start()) and (measured is None or measured[0] == "s"):
        kind = "year"
    elif kind == "plain":
        value, half, end = _scaled(text, end, value, half)
        if (measured := _unit(text, end)) is not None:
            unit, factor, kind, end = measured
            value, half = value * factor, half * factor
        elif before[-1:] in _CURRENCIES and before:
            kind, unit = "money", before[-1]
    value = -value if _is_negative(before) else value
    return Quantity(match.start(), end, text[match.start() : end], value, half, kind, unit, _bound(before))


def _bound(before: str) -> str:
    """Return the mark of the bound that the words before a number make it, or nothing."""
    words = before.rstrip("$€£¥-+")
    end = words.rstrip()[-2:].casefold()
    if end not in _BOUND_ENDS and not end.endswith(_BOUND_SIGNS):
        return ""
    return next((mark for mark, pattern in _BOUNDS if pattern.search(words)), "")


def _is_negative(before: str) -> bool:
    return before == "-" or (before[-1:] == "-" and not (before[-2].isalnum() or before[-2] in ")]%"))


def _scaled(text: str, end: int, value: Decimal, half: Decimal) -> tuple[Decimal, Decimal, int]:
    scale = _SCALE.match(text, end)
    if scale is None or (len(scale["scale"]) == 1 and text[end : end + 1].isspace()):
        return value, half, end
    factor = SCALES[scale["scale"]]
    return value * factor, min(half, Decimal("0.05")) * factor, scale.end()


def _unit(text: str, end: int) -> tuple[str, Decimal, str, int] | None:
    """Return the unit behind a number as printed, how many of its base it is, its dimension and its end."""
    behind = _UNIT.match(text, end)
    if behind is None:
        return None
    word = behind["unit"]
    unit = _known(word) or _known(word.partition("/")[0])
    is_letter = len(word) == 1 and word.isalpha() and text[end : end + 1].isspace() and word not in "ghmsWJ"
    return None if unit is None or is_letter else (word, unit.factor, unit.kind, behind.end())


def unit_factor(one: Quantity) -> Decimal:
    """Return how many of its base one of a quantity's unit is; 1 where it has none."""
    unit = _known(one.unit) or _known(one.unit.partition("/")[0])
    return unit.factor if unit else Decimal(1)
