"""N102: percentage points written as per cent."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from colophon.audits import audit
from colophon.audits._change_words import is_change, is_ratio
from colophon.audits._changes import changes
from colophon.audits._numbers import Said, said_with_numbers, shown
from colophon.audits._recomputed import operands, relative, result, told
from colophon.fold import Record
from colophon.language.quantities import Quantity
from colophon.language.terms import EMPTY, stems
from colophon.model import Examination, Flaw, Severity

# Who says one of these knows the difference.
_SAYS_WHICH = re.compile(r"\b(?:absolute|relative(?:ly)?|percentage|points?|pp|ppt|p\.p)\b", re.IGNORECASE)
_IN_RELATIVE_TERMS = re.compile(
    r"\b(?:in|by)\s(?:relative|absolute)\s(?:terms|numbers|value)|\brelatively\b", re.I
)
_MOST_COMPARED = 300
_MOST_PAIRS = 50
_LEAST_SHARED = 2
_LEAST_ALIKE = 0.5
_ONE_DECIMAL = Decimal("0.05")
_CERTAIN = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class _Result:
    """A percentage of a record that is no change, and the words beside it."""

    said: Said
    number: Quantity
    words: frozenset[str]


@audit("N102", severity=Severity.WARNING)
def points_called_percent(record: Record) -> Examination:
    """What: A gain or loss in per cent must not be the plain difference of two percentages; that is
    percentage points. It is compared with the two numbers that its sentence ties it to. Where there are none,
    it is compared with percentages in the record that share its words. A change that says
    "points", "absolute" or "relative" is left alone, and so is one that fits as a change in per cent.

    Why: A fall from 54.90% to 51.28% is 3.62 points and 6.59 per cent. Whoever reads "3.62% loss" beside
    the per cent of another paper compares two different things.

    Example: A claim states "a marked 3.62% loss in overall accuracy". Two other claims state accuracies of
    54.90% and 51.28%.

    Mend: Nothing in the record is edited. The publisher can issue a corrected report that says "points". If
    the word was copied wrongly into the record, file a correction with the reason `transcription`. It is
    shown beside the record, and the finding stays.
    """
    sentences = list(said_with_numbers(record.manifest))
    results = list(_results(sentences))[:_MOST_COMPARED]
    results.sort(key=lambda one: one.number.value)
    recognised = checked = 0
    flaws: list[Flaw] = []
    for said, claimed in _changes_in_percent(sentences):
        recognised += 1
        if recognised > _MOST_COMPARED:
            continue
        pairs = _in_sentence(said, claimed) or _elsewhere(said, claimed, results)
        checked += bool(pairs)
        message = _verdict(said, claimed, pairs)
        if message:
            flaws.append(Flaw(said.pointer, message))
    return Examination(recognised, checked, tuple(flaws))


def _changes_in_percent(sentences: Sequence[Said]) -> Iterator[tuple[Said, Quantity]]:
    for said in sentences:
        tied = [change.claimed for change in changes(said)]
        for one in said.numbers:
            around = said.text[max(0, one.start - 20) : one.end + 40]
            is_stated = one.kind == "percent" and (one in tied or is_change(said.text, one))
            if is_stated and not (_SAYS_WHICH.search(around) or _IN_RELATIVE_TERMS.search(said.text)):
                yield said, one


def _results(sentences: Sequence[Said]) -> Iterator[_Result]:
    for said in sentences:
        plain = [one for one in said.numbers if one.kind == "percent" and not is_change(said.text, one)]
        # A sentence with more percentages does not say which of them its words are about.
        if 0 < len(plain) <= _LEAST_SHARED:
            words = _words(said)
            yield from (_Result(said, one, words) for one in plain if not one.bound)


def _words(said: Said) -> frozenset[str]:
    """Return what a sentence speaks of: two values of one thing differ in their numbers anyway."""
    text = said.text
    for one in reversed(said.numbers):
        text = f"{text[: one.start]} {text[one.end :]}"
    return frozenset(stems(text)) - EMPTY


def _in_sentence(said: Said, claimed: Quantity) -> list[tuple[_Result, _Result]]:
    """Return the two numbers that the sentence itself ties to a change."""
    none: frozenset[str] = frozenset()
    return [
        (_Result(said, change.one, none), _Result(said, change.other, none))
        for change in changes(said)
        if change.claimed is claimed and "percent" in (change.one.kind, change.other.kind)
    ]


def _elsewhere(said: Said, claimed: Quantity, results: Sequence[_Result]) -> list[tuple[_Result, _Result]]:
    """Return the pairs of percentages elsewhere that a change is the difference of, in shared words.

    A difference in whole per cent is had by chance too often, one with a single decimal may be.
    """
    if claimed.bound or claimed.half > _ONE_DECIMAL or is_ratio(said.text, claimed):
        return []
    words = _words(said)
    near = [one for one in results if len(words & one.words) >= _LEAST_SHARED]
    values = [one.number.value for one in near]
    found = []
    for low in near:
        wanted = low.number.value + abs(claimed.value)
        for high in near[
            bisect_left(values, wanted - _CERTAIN / 10) : bisect_right(values, wanted + _CERTAIN / 10)
        ]:
            if _are_alike(low, high) and claimed.half == low.number.half == high.number.half:
                found.append((high, low))
            if len(found) > _MOST_PAIRS:
                return []
    return found if claimed.half <= _CERTAIN or len(found) == 1 else _nearest(words, found)


def _nearest(
    words: frozenset[str], pairs: Sequence[tuple[_Result, _Result]]
) -> list[tuple[_Result, _Result]]:
    """Return the pair that shares the most words with a change, where one is nearer than all others."""
    shared = [len(words & one.words & other.words) for one, other in pairs]
    best = max(shared, default=0)
    return [pairs[shared.index(best)]] if best > _LEAST_SHARED and shared.count(best) == 1 else []


def _are_alike(one: _Result, other: _Result) -> bool:
    """Whether two sentences say one thing of two settings."""
    return len(one.words & other.words) >= _LEAST_ALIKE * len(one.words | other.words)


def _verdict(said: Said, claimed: Quantity, pairs: Sequence[tuple[_Result, _Result]]) -> str | None:
    """Return what is wrong, or None where nothing is or a change in per cent fits as well."""
    stated = result(claimed)
    wrong = None
    for one, other in pairs:
        both = operands(one.number, other.number)
        changed = list(relative(*both)) if both is not None else []
        # Of nothing there is no per cent.
        if both is None or not changed:
            continue
        if any(stated.meets(each) for each in changed):
            return None
        if stated.meets(both[0].apart(both[1])):
            change = told(changed, claimed, is_from_to=True)
            wrong = wrong or (
                f"{shown(_around(said, claimed))}: {_place(one, said)} and {_place(other, said)} differ by "
                f"{abs(claimed.value)} percentage points, which is a change of {change}"
            )
    return wrong


def _place(one: _Result, said: Said) -> str:
    return one.number.text if one.said is said else f"{one.number.text} ({one.said.pointer})"


def _around(said: Said, claimed: Quantity) -> str:
    """Return a change with the words beside it."""
    text = said.text
    start = text.rfind(" ", 0, max(0, claimed.start - 20)) + 1
    end = text.find(" ", claimed.end + 20)
    return text[start : end if end > 0 else len(text)]
