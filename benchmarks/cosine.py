"""The rule that the reports themselves state: a TF-IDF cosine over words and pairs of words, at least 0.15.

It is here to be shown beside ours, and gives no verdict.  The reports do not say what the weights are fitted
on; here it is the text of the sources and the claim at hand, smoothed as is usual (Pedregosa et al. 2011).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

THRESHOLD = 0.15
_WORD = re.compile(r"\b\w\w+\b")


def _grams(text: str) -> Counter[str]:
    words = _WORD.findall(text.lower())
    return Counter([*words, *(f"{one} {other}" for one, other in pairwise(words))])


class Cosine:
    """The cosine of claims with texts; weights are fitted on the texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._grams = {text: _grams(text) for text in texts}
        self._counts = Counter(gram for grams in self._grams.values() for gram in grams)
        self._lengths: dict[str, float] = {}

    def of(self, claim: str, text: str) -> float:
        """Return the cosine of a claim with one of the texts, 0 to 1."""
        claimed, there = _grams(claim), self._grams[text]
        if text not in self._lengths:
            self._lengths[text] = self._length(there)
        length = self._length(claimed) * self._lengths[text]
        shared = sum(
            n * there[gram] * self._weight(gram) ** 2 for gram, n in claimed.items() if gram in there
        )
        return shared / length if length else 0.0

    def _length(self, grams: Counter[str]) -> float:
        return math.sqrt(sum((n * self._weight(gram)) ** 2 for gram, n in grams.items()))

    def _weight(self, gram: str) -> float:
        """One more document, the claim, has every one of its grams."""
        return math.log((2 + len(self._grams)) / (2 + self._counts[gram])) + 1
