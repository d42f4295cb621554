"""Fingerprints of texts: enough to prove that a run of words was taken over, without holding a sentence.

The words are those of the folded text in lower case.  Of every run of eight words the hash is the first 16
digits of its SHA-256; of every four neighbouring runs the one with the least hash is kept, the last of
equals, and the first and the last run of the text (winnowing, Schleimer, Wilkerson and Aiken 2003).  So
whatever shares eleven words in a row with the text shares a hash with it, and the kept runs of a shared
stretch overlap: each word of it is proved.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from colophon.contracts.source_holding import Fingerprint as Stored
from colophon.language.folding import Folded, fold

METHOD = "winnow-1"
RUN, _NEIGHBOURS = 8, 4
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
# Places of one hash in a text that are looked at; a text that repeats itself more often is none of prose.
_MOST_PLACES = 40


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The kept runs of a text of ``words`` words: where each begins, from 0 and in order, and its hash."""

    words: int
    positions: tuple[int, ...]
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedRun:
    """The longest run of words that a text shares with another: their number, and where it stands in it.

    ``start`` and ``end`` count characters of the text as it was given.
    """

    words: int
    start: int
    end: int


class Worded:
    """A text as words, with where each stands and the hashes of all its runs."""

    def __init__(self, text: str) -> None:
        self._folded: Folded = fold(text)
        found = list(_WORD.finditer(self._folded.text))
        self.words = tuple(match[0].lower() for match in found)
        self._bounds = tuple(match.span() for match in found)
        self.hashes = [_hash(self.words[at : at + RUN]) for at in range(max(len(self.words) - RUN + 1, 0))]

    def stretch(self, first: int, last: int) -> tuple[int, int]:
        """Return where words stand in the text as given, from the first to the last."""
        return self._folded.original(self._bounds[first][0], self._bounds[last][1])


def fingerprint(text: str) -> Fingerprint:
    """Return the fingerprint of a text; of one with fewer than eight words it holds no run."""
    worded = Worded(text)
    hashes = worded.hashes
    kept = {0, len(hashes) - 1} if hashes else set()
    for at in range(len(hashes) - _NEIGHBOURS + 1):
        kept.add(min(range(at + _NEIGHBOURS - 1, at - 1, -1), key=hashes.__getitem__))
    positions = sorted(kept)
    return Fingerprint(len(worded.words), tuple(positions), tuple(hashes[at] for at in positions))


def of_stored(stored: Stored) -> Fingerprint:
    """Return the fingerprint that a holding stores."""
    return Fingerprint(stored.words, stored.positions, stored.hashes)


def longest_run(text: Worded, other: Fingerprint) -> SharedRun | None:
    """Return the longest run of words that a text shares with a fingerprint, as far as its hashes prove."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, found in enumerate(text.hashes):
        if len(places[found]) < _MOST_PLACES:
            places[found].append(at)
    longest, end = 0, 0
    # By how far the two lie apart: the first word of the run that goes on there.
    going_on: dict[int, int] = {}
    for position, wanted in zip(other.positions, other.hashes, strict=False):
        begun = {at - position: going_on.get(at - position, at) for at in places.get(wanted, ())}
        for apart, first in begun.items():
            words = position + apart + RUN - first
            if words > longest:
                longest, end = words, position + apart + RUN
        going_on = begun
    if not longest:
        return None
    return SharedRun(longest, *text.stretch(end - longest, end - 1))


def _hash(words: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]
