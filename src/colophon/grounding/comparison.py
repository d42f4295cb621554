"""What a claim says and its passage does not: numbers, names, denials, directions, absolute words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from colophon.grounding import polarity
from colophon.grounding.source import Source
from colophon.language.agreement import agree, derived, is_same_kind
from colophon.language.numerals import DIGITS
from colophon.language.quantities import Quantity
from colophon.language.terms import EMPTY, stem, stems
from colophon.language.units import UNITS

# Who stands before the word decides what a comparison says.
_THAN = frozenset({"than"})
# Passages with numbers up to which each number is compared with a claim's.
_READ_CLOSELY = 500
_WORD = re.compile(r"[^\W_][\w'-]*")


@dataclass(frozen=True, slots=True)
class Match:
    """A number of a claim; ``rule`` is ``here``, ``derived`` or ``elsewhere`` in the source, or empty.

    ``found`` is the number of the passage that says the same, as printed, or empty.
    """

    claimed: Quantity
    rule: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared in one passage and its neighbour."""

    numbers: tuple[Match, ...] = ()
    names: tuple[str, ...] = ()
    nowhere: tuple[str, ...] = ()
    negation: bool = False
    direction: bool = False
    opposites: tuple[tuple[str, str], ...] = ()
    absolutes: tuple[str, ...] = ()
    clash: tuple[Quantity, ...] = ()

    @property
    def unmatched(self) -> tuple[Quantity, ...]:
        """The numbers of the claim that nothing in the source says."""
        return tuple(one.claimed for one in self.numbers if not one.rule)


def compared(claim: str, numbers: Sequence[Quantity], source: Source, places: Sequence[int]) -> Comparison:
    """Compare a claim with passages of a source; ``numbers`` are those of the claim, which count from it."""
    said = " ".join(source.said(place) for place in places)
    claim_words = polarity.words(claim)
    claimed, there = frozenset(stems(claim)), frozenset().union(*(source.terms(place) for place in places))
    absent = tuple(name for name in names(claim) if not _stands(name, there, source, said))
    matches = tuple(_matched(one, source, places) for one in numbers)
    return Comparison(
        matches,
        absent,
        tuple(name for name in absent if not any(term in source.places for term in stems(name))),
        polarity.differs_in_negation(claim, source.said(places[0])),
        not (_THAN & claimed and _THAN & there) and polarity.differs_in_direction(claimed, there),
        tuple(polarity.opposites(claimed, there)),
        tuple(polarity.absolutes(claim_words, polarity.words(said))),
        tuple(one.claimed for one in matches if not one.rule and _clashes(one.claimed, source, places)),
    )


def _matched(one: Quantity, source: Source, places: Sequence[int]) -> Match:
    near = [found for place in places for found in source.numbers(place)]
    same = next((found for found in near if agree(one, found)), None)
    if same is not None:
        return Match(one, "here", same.text)
    if derived(one, near):
        return Match(one, "derived")
    return Match(one, "elsewhere" if _is_elsewhere(one, source) else "")


def _is_elsewhere(one: Quantity, source: Source) -> bool:
    """Whether a source has a number anywhere; of one with very many only the digits are looked at."""
    with_numbers = source.places_with_numbers
    if len(with_numbers) > _READ_CLOSELY:
        digits = DIGITS.search(one.text)
        return digits is not None and digits[0] in source.digits
    return any(agree(one, found) for place in with_numbers for found in source.numbers(place))


def _clashes(one: Quantity, source: Source, places: Sequence[int]) -> bool:
    """Whether the passages have another number that could be set against one of the claim."""
    return any(is_same_kind(one, found) for place in places for found in source.numbers(place))


def names(claim: str) -> list[str]:
    """Return the names in a claim: words with a capital or a digit, but for the first of a sentence."""
    found = []
    for match in _WORD.finditer(claim):
        word = match[0].removesuffix("'s")
        before = claim[: match.start()].rstrip(" \"'([")
        # The first word of what is quoted begins a sentence too.
        is_quoted = claim[: match.start()].endswith(("'", '"'))
        is_first = not before or is_quoted or before[-1] in ".!?:"
        has_more = any(character.isupper() or character.isdigit() for character in word[1:])
        is_name = (word[0].isupper() and not is_first) or (has_more and word[0].isalpha())
        if is_name and word not in UNITS and len(word) > 1:
            found.append(word)
    return list(dict.fromkeys(found))


def _stands(name: str, there: frozenset[str], source: Source, said: str) -> bool:
    """Whether the passages have a name, or parts of it; in capitals it may be short for words of theirs."""
    parts = {term for term in stems(name) if term not in EMPTY}
    if parts <= there or name.lower() in said.lower():
        return True
    short = source.short.get(stem(name.lower()))
    return (short is not None and short <= there) or (name.isupper() and _are_initials(name, said))


def _are_initials(name: str, said: str) -> bool:
    """Whether the letters of a name are the first of words that stand side by side."""
    firsts = "".join(word[0] for word in re.findall(r"[^\W_]+", said.lower()))
    return name.lower() in firsts
