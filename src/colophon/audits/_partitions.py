"""Wholes that a sentence divides into parts: "666 cases: 311 easy and 353 hard ones".

What follows a colon, a bracket or "divides into" is the whole in parts, where it nearly adds up or its parts
exclude each other.  Of what "of the 746 cases" are this or that, some may be neither: there only more than
all is wrong.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from colophon.audits._numbers import Said, shown
from colophon.language.quantities import Quantity

# Between the whole and its first part.
_DIVIDES = re.compile(
    r"^\s[^.;:()0-9]{1,60}?(?:[:(]\s?|\b(?:divid(?:e|es|ed)|split|splits|fall|falls|fell|break\sdown|separates?d?|sorted"
    r"|grouped|partitioned)\s(?:up\s)?(?:in)?to\s|\b(?:consist(?:s|ing)?\sof|compris(?:e|es|ing)|made\sup\sof)\s)$",
    re.IGNORECASE,
)
_OF_WHICH = re.compile(
    r"^\s[^.;:()]{1,60}?,?\sof\s(?:which|whom|them|these)\s(?:only\s|just\s)?$", re.IGNORECASE
)
_OF_THE = re.compile(r"\b[Oo]f\s(?:the|all|these|its|their)?\s?(?:total\sof\s)?$")
_COMMA = re.compile(r"^\s[^.;:()]{1,80}?,\s(?:only\s|just\s)?$")
_JOINS = re.compile(
    r"^\s[^.;:()0-9]{1,60}?(?:,\s(?:and\s)?|\sand\s|\splus\s)(?:only\s|the\sother\s|another\s)?$"
)
_THINGS = re.compile(
    r"^\s(?!(?:on|at|for|to|of|per|by|times|as|than|or|and|more|less|percent|points?)\b)[A-Za-z]"
)
# Parts that need not make up the whole.
_LOOSE = re.compile(
    r"\b(?:includ\w+|such\sas|e\.g|for\sexample|overlap\w*|duplicat\w*|additional|per|each|average|mean|both|also|about"
    r"|around|roughly|nearly|almost|over|at\sleast|some|most|other|others|neither)\b",
    re.IGNORECASE,
)
_OPPOSITES = tuple(
    frozenset(pair.split("/"))
    for pair in (
        "public/private easy/hard short/long old/new men/women male/female boys/girls positive/negative"
        " open/closed train/test urban/rural young/old small/large internal/external correct/wrong"
        " correct/incorrect passed/failed alive/dead indoor/outdoor simple/complex real/synthetic"
        " manual/automatic native/introduced high/low true/false"
    ).split()
)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_LEAST_WHOLE, _MOST_PARTS = 10, 6
# How far parts may be from a whole that they were meant to make up, and how far beyond one of which they are.
_NEARLY, _CLOSE = Decimal("0.34"), Decimal("0.02")


def partitions(said: Said) -> Iterator[str]:
    """Yield what is wrong with each whole that a sentence divides, "" for nothing."""
    numbers, text = said.numbers, said.masked if len(said.numbers) > 2 else ""
    for place, whole in enumerate(numbers[:-2]):
        if not _counts(whole) or whole.value < _LEAST_WHOLE:
            continue
        between = text[whole.end : numbers[place + 1].start]
        is_whole = _DIVIDES.search(between) is not None
        is_some = _OF_WHICH.search(between) is not None or (
            _OF_THE.search(text[: whole.start]) is not None and _COMMA.search(between) is not None
        )
        parts = _parts(text, numbers[place + 1 :]) if is_whole or is_some else []
        if len(parts) > 1 and not _LOOSE.search(text[whole.start : parts[-1].end + 30]):
            yield _verdict(said, whole, parts, is_some)


def _counts(one: Quantity) -> bool:
    """Whether a number counts things that have a name behind it."""
    return one.kind == "plain" and not one.unit and not one.bound and one.value == int(one.value) >= 0


def _parts(text: str, numbers: Sequence[Quantity]) -> list[Quantity]:
    """Return the counts in a row up to the end of the sentence, or nothing where some number is none."""
    parts: list[Quantity] = []
    for one in numbers[: _MOST_PARTS + 1]:
        if parts and not _JOINS.search(text[parts[-1].end : one.start]):
            break
        if not _counts(one) or not _THINGS.search(text[one.end :]):
            return []
        parts.append(one)
    return parts if len(parts) == len(numbers) and len(parts) <= _MOST_PARTS else []


def _verdict(said: Said, whole: Quantity, parts: Sequence[Quantity], is_some: bool) -> str:
    total = sum((one.value for one in parts), Decimal(0))
    # "The 3027 cells of the 18650 series divide into": another number of the sentence may be the whole.
    if any(one.value == total for one in said.numbers) or (is_some and total < whole.value):
        return ""
    distance = abs(total - whole.value) / whole.value
    is_meant = distance <= (_CLOSE if is_some else _NEARLY) or _exclude_each_other(said.text, parts)
    if not is_meant:
        return ""
    added = " + ".join(one.text for one in parts)
    told = shown(said.text[whole.start : parts[-1].end + 20].rstrip(" ."))
    return f"{told}: {added} gives {total}, {'more than' if is_some else 'not'} {whole.text}"


def _exclude_each_other(text: str, parts: Sequence[Quantity]) -> bool:
    """Whether two parts are opposites: public and private, coated and uncoated."""
    if len(parts) != 2:
        return False
    ends = (parts[1].start, len(text))
    one, other = (
        set(_WORD.findall(text[part.end : end].lower())) for part, end in zip(parts, ends, strict=True)
    )
    if any(pair & one and pair & other and not pair <= one and not pair <= other for pair in _OPPOSITES):
        return True
    return any(f"{prefix}{word}" in other for word in one for prefix in ("un", "non-", "not-", "in"))
