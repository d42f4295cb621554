"""Numbers that a sentence puts in an order: "62.0%, higher than the 63.1% of the baseline"."""

import re
from collections.abc import Iterator
from itertools import pairwise

from colophon.audits._numbers import Said, shown
from colophon.audits._recomputed import operands
from colophon.language.quantities import Quantity

_HIGHER, _LOWER = "higher|greater|larger", "lower|smaller"
_HOW_MUCH = r"(?:(?:[a-z]+ly|much|far|even|still|well)\s)?"
_WHO = r"(?:[^\s,.;:()]+\s){0,5}?"
_THAN = re.compile(
    rf"^\s?[)\]]?(?:,\s?(?:(?:which|and)\s(?:is|was)\s)?|\s-\s|\s(?:is|was|are|were)\s){_HOW_MUCH}(?P<word>{_HIGHER}|{_LOWER})"
    rf"\sthan\s{_WHO}\(?$",
    re.IGNORECASE,
)
_VERB = re.compile(
    rf"^\s?\)\s{_HOW_MUCH}(?P<word>exceed(?:s|ed)?|surpass(?:es|ed)?|outperform(?:s|ed)?|beats?|outscores?)\s{_WHO}\($",
    re.IGNORECASE,
)
# Measures of which less is better, so that the better one has the smaller number.
LESS_IS_BETTER = re.compile(
    r"\b(?:errors?|perplexity|ppl|loss|losses|latency|time|times|cost|costs|memory|wer|cer|fid|kid|mae|rmse|mse|lpips|ece|rates?"
    r"|regret|distance|divergence|runtime|slower|seconds|rank|hallucinat\w*)\b",
    re.IGNORECASE,
)
_BY_QUALITY = re.compile(r"surpass|outperform|beat|outscore", re.IGNORECASE)
_COMPARED = frozenset({"percent", "plain", "share"})


def orders(said: Said) -> Iterator[str | None]:
    """Yield what is wrong with each stated order, "" for nothing, None for undecided."""
    for one, other in pairwise(said.numbers):
        between = said.text[one.end : other.start]
        match = _THAN.search(between) or _VERB.search(between)
        if match is not None and _may_be_compared(one, other):
            yield _verdict(said, one, other, match["word"])


def _may_be_compared(one: Quantity, other: Quantity) -> bool:
    """Whether two results are of one kind; a whole number without a unit may count something else."""
    if one.kind != other.kind or one.bound or other.bound:
        return False
    return one.kind in _COMPARED and (one.kind != "plain" or ("." in one.text and "." in other.text))


def _verdict(said: Said, one: Quantity, other: Quantity, word: str) -> str | None:
    both = operands(one, other)
    if both is None or (_BY_QUALITY.match(word) and LESS_IS_BETTER.search(said.text)):
        return None
    is_less = word.lower() in _LOWER.split("|")
    first, second = both if not is_less else both[::-1]
    if first.high >= second.low:
        return ""
    text = shown(said.text[one.start : other.end])
    return f"{text}: {one.text} is {'more' if is_less else 'less'} than {other.text}"
