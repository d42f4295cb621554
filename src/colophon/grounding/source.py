"""A source as claims are looked up in it: its sentences, their words and numbers, by word."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal

from colophon.language.folding import Folded, fold
from colophon.language.numerals import DIGITS
from colophon.language.quantities import Quantity, has_number, quantities
from colophon.language.sentences import sentences
from colophon.language.terms import short_forms, stems

# Between sentences that were given, so that no word goes on from one to the next.
_APART = "\n\n"
Kind = Literal["full", "abstract", "table"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence: its place in the folded text, and the stems of its words in order."""

    start: int
    end: int
    stems: tuple[str, ...]


class Source:
    """A text that claims are looked up in.

    ``parts`` are its sentences where it was given so; a span then counts from the start of its sentence.
    """

    def __init__(self, name: str, kind: Kind, text: str, title: str = "", parts: Sequence[str] = ()) -> None:
        self.name = name
        self.kind = kind
        self.title = title
        self.parts = tuple(parts)
        self.original = _APART.join(parts) if parts else text
        self._quantities: dict[int, list[Quantity]] = {}
        self._extended: dict[int, frozenset[str]] = {}

    @cached_property
    def folded(self) -> Folded:
        """The whole text, folded."""
        return fold(self.original)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The sentences in order."""
        text = self.folded.text
        return tuple(Passage(start, end, tuple(stems(text[start:end]))) for start, end in self._bounds())

    def _bounds(self) -> list[tuple[int, int]]:
        if not self.parts:
            return sentences(self.folded.text)
        starts, last = self.folded.starts, len(self.folded.text)

        def folded(offset: int) -> int:
            return min(bisect_left(starts, offset), last)

        begun = zip(self._offsets, self.parts, strict=False)
        return [(folded(at), folded(at + len(part))) for at, part in begun]

    @cached_property
    def title_stems(self) -> frozenset[str]:
        """The stems of its title."""
        return frozenset(stems(fold(self.title).text))

    @cached_property
    def short(self) -> dict[str, frozenset[str]]:
        """What is short for what in it."""
        return short_forms(f"{fold(self.title).text}. {self.folded.text}")

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The passages that have a stem, or what it is short for, by stem."""
        found: dict[str, list[int]] = defaultdict(list)
        for place in range(len(self.passages)):
            for term in self.terms(place):
                found[term].append(place)
        return found

    def said(self, place: int) -> str:
        """Return the folded text of a passage; nothing behind the last one."""
        if place >= len(self.passages):
            return ""
        passage = self.passages[place]
        return self.folded.text[passage.start : passage.end]

    def terms(self, place: int) -> frozenset[str]:
        """The stems of a passage, with short forms and what they are short for."""
        known = self._extended.get(place)
        if known is None:
            known = self._extended[place] = self._with_short(frozenset(self.passages[place].stems))
        return known

    def _with_short(self, terms: frozenset[str]) -> frozenset[str]:
        more = set(terms)
        for short, long in self.short.items():
            if short in terms:
                more |= long
            elif long and long <= terms:
                more.add(short)
        return frozenset(more)

    def numbers(self, place: int) -> list[Quantity]:
        """The quantities of a passage; they count from its start."""
        known = self._quantities.get(place)
        if known is None:
            known = self._quantities[place] = quantities(self.said(place))
        return known

    @cached_property
    def digits(self) -> frozenset[str]:
        """All numbers that are written in digits, as they are written."""
        return frozenset(match[0] for match in DIGITS.finditer(self.folded.text))

    @cached_property
    def places_with_numbers(self) -> tuple[int, ...]:
        """The passages that have a number, so that the others need not be read for one."""
        return tuple(place for place in range(len(self.passages)) if has_number(self.said(place)))

    def rarity(self, term: str) -> float:
        """How few of the passages have a term: the logarithm of their number over the term's."""
        return math.log((len(self.passages) + 1) / (len(self.places.get(term, ())) + 0.5))

    def offset(self, place: int) -> int:
        """Return where a sentence that was given stands in the whole text."""
        return self._offsets[place]

    @cached_property
    def _offsets(self) -> list[int]:
        return [0, *accumulate(len(part) + len(_APART) for part in self.parts)]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the folded text stands in the original."""
        return self.folded.original(start, end)
