"""What differs between two values, word by word, for a page.

Texts of a record may be long and hostile: what is compared and what is shown are bounded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from colophon import canon
from colophon.pages._words import cost, short

# The comparison costs up to the third power of the number of words that are left to compare.
_MOST_WORDS = 120
# Longer runs that both values share are shown at their ends only.
_SHARED, _END = 240, 100
# What a mark costs a page: <del></del>, or <ins></ins>.
_MARK = 11
_WORD = re.compile(r"\s+|\w+(?:[.,'’-]\w+)*%?|[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: ``kind`` is ``same``, ``old`` or ``new``."""

    kind: str
    text: str

    @property
    def cost(self) -> int:
        """How many bytes it takes in a page."""
        return cost(self.text) + _MARK


def pieces(old: Any, new: Any, *, adds: bool, room: int) -> list[Piece]:
    """Return both values in one line of pieces that take at most about ``room`` bytes.

    Texts that differ too much to be compared stand one after the other, shortened where they must be.
    """
    before, after = ("" if adds else written(old)), written(new)
    found = list(_compared(before, after)) if before else [Piece("new", after)]
    if sum(piece.cost for piece in found) <= room:
        return found
    each = max(0, room // 2 - 2 * _MARK)
    whole = (Piece("old", short(before, each)), Piece("new", short(after, each)))
    return [piece for piece in whole if piece.text]


def written(value: Any) -> str:
    """Return a value as people read it: a text as it is, nothing as ``null``, the rest as JSON."""
    return value if isinstance(value, str) else canon.compact(value).decode()


def _compared(before: str, after: str) -> Iterator[Piece]:
    """Compare word by word what stands between the common beginning and the common end."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle = old[start : len(old) - end], new[start : len(new) - end]
    yield from _same("".join(old[:start]))
    if max(map(len, middle)) > _MOST_WORDS:
        yield from _changed("".join(middle[0]), "".join(middle[1]))
    else:
        yield from _matched(*middle)
    yield from _same("".join(old[len(old) - end :]))


def _common(old: list[str], new: list[str]) -> int:
    """Return how many words both begin with."""
    for place, (left, right) in enumerate(zip(old, new, strict=False)):
        if left != right:
            return place
    return min(len(old), len(new))


def _matched(old: list[str], new: list[str]) -> Iterator[Piece]:
    """Yield what differs; a blank or a sign alone between two changes belongs to both of them."""
    gone, come = "", ""
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        shared = "".join(old[i1:i2])
        if kind == "equal" and (re.search(r"\w", shared) or not (gone or come)):
            yield from _changed(gone, come)
            yield from _same(shared)
            gone, come = "", ""
        else:
            gone, come = gone + shared, come + "".join(new[j1:j2])
    yield from _changed(gone, come)


def _changed(gone: str, come: str) -> Iterator[Piece]:
    """Yield what went and what came; what both end with, such as a blank, stands once behind them."""
    shared = gone[len(gone.rstrip()) :] if gone[len(gone.rstrip()) :] == come[len(come.rstrip()) :] else ""
    for kind, text in (("old", gone), ("new", come)):
        if text.removesuffix(shared):
            yield Piece(kind, text.removesuffix(shared))
    if shared:
        yield Piece("same", shared)


def _same(text: str) -> Iterator[Piece]:
    if text:
        yield Piece("same", f"{text[:_END]} … {text[-_END:]}" if len(text) > _SHARED else text)
