"""How the words of a text begin: a cheap sign that a pattern cannot be found in it.

A search for one of many words costs tens of microseconds in a sentence that has none of them, and most
sentences have none.  Their beginnings are read once for all patterns that ask.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

_SHORT, _LONG = 3, 4
_HEAD = re.compile(r"\b\w{1,4}")
# Texts, and characters of one; in a longer one a pattern is sought at once.
_REMEMBERED, LONGEST = 256, 2_000
# What a pattern that ignores case takes for these letters, beside their capitals.
_ALIKE = str.maketrans({"\u017f": "s", "\u0130": "i", "\u0131": "i", "\u212a": "k"})


class Begun:
    """A pattern, and words or beginnings of words of which every match of it holds one.

    These stand in any text, or in a pattern, and have three letters or more, or are whole words.
    """

    def __init__(self, pattern: str, words: str, flags: int = re.IGNORECASE) -> None:
        self.pattern = re.compile(pattern, flags)
        plain = re.sub(r"\\.", " ", words).lower()
        self._beginnings = frozenset(word[:_LONG] for word in re.findall(r"[a-z0-9]+", plain))

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match of the pattern, as the pattern itself does."""
        return self.pattern.search(text) if self.may_be_in(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return all matches of the pattern, as the pattern itself does."""
        return self.pattern.finditer(text) if self.may_be_in(text) else iter(())

    def search_before(self, text: str, end: int, length: int) -> re.Match[str] | None:
        """Return the first match in at most so many characters before a place, cut out of the text."""
        start = max(0, end - length)
        # The cut may make a word begin where none did.
        if self.may_be_in(text) or (start and self.may_be_in(text[start : start + _LONG])):
            return self.pattern.search(text[start:end])
        return None

    def may_be_in(self, text: str) -> bool:
        """Whether a word of the text begins as one of every match does, or the text is long."""
        return len(text) > LONGEST or not self._beginnings.isdisjoint(beginnings(text))


class Led(Begun):
    """A pattern whose every match begins with one of the words: it is tried where one of them stands."""

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match of the pattern, as the pattern itself does."""
        return next(self.finditer(text), None)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield all matches of the pattern, as the pattern itself does."""
        if len(text) > LONGEST:
            yield from self.pattern.finditer(text)
            return
        if not self.may_be_in(text):
            return
        end = 0
        for head, start in _read(text)[1]:
            if start < end or (head not in self._beginnings and head[:_SHORT] not in self._beginnings):
                continue
            match = self.pattern.match(text, start)
            if match is not None:
                end = match.end()
                yield match


def beginnings(text: str) -> frozenset[str]:
    """Return the first three and the first four letters of each word, in lower case; of shorter words all."""
    return _read(text)[0]


# Many patterns are sought in one sentence in turn.
@lru_cache(maxsize=_REMEMBERED)
def _read(text: str) -> tuple[frozenset[str], tuple[tuple[str, int], ...]]:
    """Return the beginnings, and the first letters of each word in lower case with where it begins."""
    plain = text if text.isascii() else text.translate(_ALIKE)
    words = tuple([(match[0].lower(), match.start()) for match in _HEAD.finditer(plain)])
    long = [head for head, _ in words]
    return frozenset(long).union([head[:_SHORT] for head in long]), words
