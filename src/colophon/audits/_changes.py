"""Stated changes beside the two numbers they were made of: "from 54.9 to 51.3, a drop of 3.6 points".

Only what one construction ties together is paired.  A change in another clause, of another thing or against
another baseline belongs to no pair, and is left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from colophon.audits._alone import pair_alone
from colophon.audits._change_words import BOUND, COMPARATIVE, KIND, NEAR, NOUN, VERB, is_change, is_ratio
from colophon.audits._numbers import Said
from colophon.language.beginnings import Begun
from colophon.language.quantities import Quantity
from colophon.language.units import SCALES

_FROM = re.compile(rf"\bfrom\s+(?:an?\s|the\s|its\s)?(?:[a-z-]+\s){{0,2}}{BOUND}$", re.IGNORECASE)
_RANGE = re.compile(
    r"\b(?:rang|var(?:y|i)|span|differ|anywhere|between|scal(?:e|ing))\w*\s[^,;]{0,30}$", re.IGNORECASE
)
_TO = re.compile(rf"^[^.;,]{{0,40}}?\bto\s+(?:an?\s|the\s)?{BOUND}$|^\s*(?:->|→|=>)\s*$", re.IGNORECASE)
_ARROW = re.compile(r"->|→|=>")
_VERSUS = re.compile(
    r"^[^.;]{0,60}?\b(?:vs\.?|versus|compared\s(?:to|with)|against|rather\sthan|instead\sof|(?:down|up)\sfrom)\s"
    r"(?:[^\s.;]+\s){0,4}?[$€£¥]?$",
    re.IGNORECASE,
)
_TO_B = re.compile(rf"\bto\s+(?:an?\s|the\s)?{BOUND}$", re.IGNORECASE)
_FROM_A = re.compile(rf"^[^.;,]{{0,30}}?,?\sfrom\s(?:an?\s|the\s)?{BOUND}$", re.IGNORECASE)
_BETWEEN = re.compile(rf"\b{NOUN}\s(?:[a-z-]+\s){{0,4}}?between\s(?:[^\s.,;]+\s){{0,4}}?\(?$", re.IGNORECASE)
# "The gap between A (70.7%) and B (62.5%) on C is": what it is comes after both.
_DIFFERENCE = Begun(rf"\b{NOUN}\s(?:in\s[^,;:()]{{1,50}}?\s)?between\s", "between")
_EQUALS = re.compile(
    rf"\b(?:is|was|equals|amounts\sto|comes\sto|came\sto|of|at|makes)\s{BOUND}$", re.IGNORECASE
)
_AND = re.compile(r"^[^.;]{0,50}?\band\s(?:[^\s.,;]+\s){0,6}?\(?$", re.IGNORECASE)
_IS = re.compile(
    rf"^[^.;,]{{0,40}}?\b(?:is|was|of|equals|reaches)\s{BOUND}$|^\s?[)\]]?\s(?:is|was)\s{BOUND}$",
    re.IGNORECASE,
)
_APART = re.compile(
    rf"^[^.;]{{0,40}}?,\s(?:(?:that|which)\sis\s|(?:for|giving|leaving)\s)?an?\s(?:[a-z-]+\s){{0,2}}?"
    rf"(?:difference|gap|margin)\sof\s{BOUND}$",
    re.IGNORECASE,
)
# A change between its two numbers: "60.9%, 15 points below the 75.9% of".
_THEN = re.compile(rf"^[^.;]{{0,40}}?(?:,|\bis|\bwas|\bor|\(|\s-)\s?{BOUND}$", re.IGNORECASE)
_THAN = re.compile(
    rf"^[\s-]*(?:{COMPARATIVE}\sthan|below|above|behind|ahead\sof|short\sof|under)\s(?:[^\s,.;:()]+\s){{0,6}}?\(?$",
    re.IGNORECASE,
)
# What ties a change that follows to its pair: "..., which is a marked drop of".
_TIED = re.compile(
    rf"^(?P<phrase>\s*(?:on|in|for|at|under)\s[^,;:()]{{1,50}})?\s*[)\]]?\s*[,:;(\[-]?\s*"
    rf"(?:(?:or|i\.e\.,?|that\sis,?|namely|which\s(?:is|was|gives|means|makes|represents|corresponds\sto|amounts\sto)"
    rf"|representing|corresponding\sto|amounting\sto|equivalent\sto|equal\sto|yielding|giving|meaning|making(?:\sit)?|for"
    rf"|marking|by|=)\s*)?"
    rf"(?:an?\s(?:[a-z-]+\s){{0,3}}?(?:of\s*)?|(?:{VERB})\sby\s|{NOUN}\s(?:of|by)\s)?{BOUND}\s*$",
    re.IGNORECASE,
)
_OTHER_CLAUSE = re.compile(
    r"\b(?:and|while|whereas|but|with|without|although|though|[a-z]+ing)\b", re.IGNORECASE
)
# Words between a change and the pair that follows it which say that the pair is about something else.
_ELSEWHERE = re.compile(
    r"\b(?:and|while|whereas|but|with|without|although|though|yet|at|when|as|if|after|to|through|via|using|by"
    r"|despite|because|since|from|[a-z]+ing)\b|[;:()]|[0-9]|\.\s",
    re.IGNORECASE,
)
_OTHER_BASELINE = re.compile(
    r"^[^.;,)]{0,40}?\b(?:over|than|compared|relative\sto|versus|vs|against|beyond)\b"
    r"(?!\s(?:the|its)\s(?:baseline|original|dense|initial|former|full)\b)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"^[\s-]?(?:(?:more|attention|training|transformer)\s)?(?:shots?|gpus?|layers?|experts?|heads?|tokens?|steps?|epochs?|examples?|frames?|agents?|workers?"
    r"|threads?|nodes?|bits?|parameters?|rounds?|iterations?|seeds?|quer(?:y|ies)|documents?|stages?|devices?"
    r"|weeks?|months?|days?|years?|sites?|samples?|cores?|chips?|turns?|hops?|points\sin\stime)\b",
    re.IGNORECASE,
)
_NOT_MEASURED = frozenset({
    "year", "clock", "times", "points", "temperature", "concentration", "mass", "volume", "length",
    "mass of molecules", "sequence", "parameters",
})  # fmt: skip


# A change and its pair.
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Change:
    """A stated change and the two numbers it was made of; ``is_from_to`` when they stand in that order."""

    said: Said
    claimed: Quantity
    is_ratio: bool
    one: Quantity
    other: Quantity
    is_from_to: bool

    @property
    def text(self) -> str:
        """The words from the first to the last of the three numbers."""
        places = (self.claimed, self.one, self.other)
        return self.said.text[min(place.start for place in places) : max(place.end for place in places)]


def changes(said: Said) -> Iterator[Change]:
    """Yield each stated change of a sentence that is tied to exactly one pair of numbers."""
    if len(said.numbers) < _FEWEST:
        return
    found = list(_tied(said))
    yield from found or _alone(said)


def _tied(said: Said) -> Iterator[Change]:
    """Yield the changes that a known construction ties to their pair."""
    pairs = [pair for pair in _pairs(said) if _are_measured(said.text, pair)]
    for place, claimed in enumerate(said.numbers):
        tied = [
            pair for pair in pairs if claimed not in (pair.one, pair.other) and _is_tied(said, claimed, pair)
        ]
        tied += _around(said, place)
        if len(tied) == 1:
            one, other = tied[0].one, tied[0].other
            yield Change(said, claimed, is_ratio(said.text, claimed), one, other, tied[0].form == "from to")


def _alone(said: Said) -> Iterator[Change]:
    """Yield the only change of a sentence, where only two of its numbers can have made it."""
    claims = [one for one in said.numbers if is_change(said.text, one) or _is_result(said.text, one)]
    if len(claims) != 1:
        return
    levels = [one for one in said.numbers if one is not claims[0] and _is_measured(said.text, one)]
    pair = pair_alone(said, claims[0], levels)
    if pair is not None:
        is_from_to = _FROM.search(said.text[max(0, pair[0].start - NEAR) : pair[0].start]) is not None
        yield Change(said, claims[0], is_ratio(said.text, claims[0]), *pair, is_from_to)


def _is_result(text: str, one: Quantity) -> bool:
    """Whether a number is what a difference or ratio between two things is said to be."""
    if not _DIFFERENCE.may_be_in(text):
        return False
    before = text[: one.start]
    return _DIFFERENCE.search(before) is not None and _EQUALS.search(before[-NEAR:]) is not None


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two numbers set against each other, in the form ``from to``, ``versus``, ``between`` or ``and``."""

    one: Quantity
    other: Quantity
    form: str
    start: int
    end: int


def _pairs(said: Said) -> Iterator[_Pair]:
    for one, other in pairwise(said.numbers):
        before = said.text[max(0, one.start - 60) : one.start]
        between = said.text[one.end : other.start]
        start, end = one.start, other.end
        if _TO.search(between) and (_ARROW.search(between) or _FROM.search(before)):
            if not _RANGE.search(before):
                yield _Pair(one, other, "from to", start, end)
        elif _FROM_A.search(between) and (to := _TO_B.search(before)) is not None:
            yield _Pair(other, one, "from to", start - len(before) + to.start(), end)
        elif _VERSUS.search(between):
            yield _Pair(one, other, "versus", start, end)
        elif _AND.search(between):
            yield _Pair(one, other, "between" if _BETWEEN.search(before) else "and", start, end)


def _around(said: Said, place: int) -> list[_Pair]:
    """Return the numbers before and behind a change that stands between them, or nothing."""
    if not 0 < place < len(said.numbers) - 1:
        return []
    one, claimed, other = said.numbers[place - 1 : place + 2]
    is_apart = _THEN.search(said.text[one.end : claimed.start]) and _THAN.search(
        said.text[claimed.end : other.start]
    )
    if not is_apart or not (_is_measured(said.text, one) and _is_measured(said.text, other)):
        return []
    return [_Pair(one, other, "around", one.start, other.end)]


def _are_measured(text: str, pair: _Pair) -> bool:
    """Whether both numbers may be results; sizes such as "from 7B to 70B" are settings."""
    both = (pair.one, pair.other)
    is_scaled = any(one.kind == "plain" and one.text[-1:] in SCALES for one in both)
    return not (is_scaled and pair.form != "versus") and all(_is_measured(text, one) for one in both)


def _is_measured(text: str, one: Quantity) -> bool:
    """Whether a number may be a result, and is no setting under which one was had."""
    if one.kind in _NOT_MEASURED or one.bound in ("<", ">"):
        return False
    return _CONDITION.search(text[one.end : one.end + 30]) is None


def _is_tied(said: Said, claimed: Quantity, pair: _Pair) -> bool:
    text = said.text
    between = text[pair.end : claimed.start]
    if pair.form == "and":
        return claimed.start >= pair.end and _APART.search(between) is not None
    if pair.form == "between" and claimed.start >= pair.end:
        return _IS.search(between) is not None
    if not is_change(text, claimed):
        return False
    if claimed.start >= pair.end:
        tied = _TIED.search(between)
        if tied is None or _OTHER_CLAUSE.search(tied["phrase"] or ""):
            return False
        return _OTHER_BASELINE.search(text[claimed.end : claimed.end + NEAR]) is None
    return claimed.end <= pair.start and _leads_to(text[claimed.end : pair.start], pair.form)


def _leads_to(words: str, form: str) -> bool:
    """Whether the words between a change and a pair behind it tie the two."""
    if len(words) > NEAR:
        return False
    if form == "between":
        return (
            re.fullmatch(rf"[\s-]*(?:[a-z-]+\s){{0,2}}?{NOUN}\sbetween\s(?:[\w'-]+\s){{0,4}}\(?", words)
            is not None
        )
    if form == "from to" and (end := _FROM.search(words)) is not None:
        words = words[: end.start()]
    words, mark, inside = _opened(words)
    if len(inside.split()) > 4 or (not mark and form != "from to"):
        return False
    is_next = re.fullmatch(rf"[\s-]*{KIND}(?:[\w-]+\s){{0,2}}?(?:{NOUN})?\s*", words, re.IGNORECASE)
    return _ELSEWHERE.search(words) is None and (bool(mark) or is_next is not None)


def _opened(words: str) -> tuple[str, str, str]:
    """Return what stands before the last bracket, comma, colon or dash, that mark, and what follows it."""
    found = max(words.rfind(mark) for mark in ("(", ",", ":", " - ", "["))
    return (words, "", "") if found < 0 else (words[:found], words[found : found + 1], words[found + 1 :])
