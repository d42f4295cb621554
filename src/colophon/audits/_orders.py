"""Numbers that a sentence puts in an order: "62.0%, higher than the 63.1% of the baseline"."""

import re
from collections.abc import Iterator
from itertools import pairwise

from colophon.audits._numbers import Said, shown
from colophon.audits._recomputed import operands
from colophon.language.quantities import Quantity

_HIGHER, _LOWER = "higher|greater|larger", "lower|smaller"
_HOW_MUCH = r"(?:(?:[a-z]+ly|much|far|even|still|well)\s)?"
_WHO = r"(?:[^\s,;:()]+\s){0,5}?"
_THAN = re.compile(
    rf"^\s?[)\]]?(?:,\s?(?:(?:which|and)\s(?:is|was)\s)?|\s-\s|\s(?:is|was|are|were)\s){_HOW_MUCH}(?P<word>{_HIGHER}|{_LOWER})"
    rf"\sthan\s{_WHO}\(?$",
    re.IGNORECASE,
)
_MORE = (
    r"exceed(?:s|ed)?|surpass(?:es|ed)?|outperform(?:s|ed)?|beats?|outscores?|(?:is\s|was\s)?ahead\sof|leads|tops"
    r"|overtakes?"
)
_LESS = (
    r"trails|trailed|(?:is\s|was\s|falls\s|fell\s)?behind|loses\sto|lost\sto|falls\sshort\sof|is\sbeaten\sby"
)
_OTHER = rf"(?P<word>{_MORE}|{_LESS})\s{_WHO}(?:\(|(?:with|at|on|by)\s)$"
# The verb stands right behind the number, or behind who has it: "with 87.6% recall on X, Lupin beats Y (".
_VERB = re.compile(rf"^\s?\)?,?\s{_HOW_MUCH}{_OTHER}", re.IGNORECASE)
_WITH = re.compile(
    r"^\W*(?:with|at|by\sreaching|reaching|scoring)\s(?:an?\s[^,;:()]{1,40}\sof\s)?$", re.IGNORECASE
)
_WHO_HAS = re.compile(rf"^[^;:()]{{0,80}}?,\s(?:[^\s,;:()]+\s){{1,6}}?{_HOW_MUCH}{_OTHER}", re.IGNORECASE)
# Measures of which less is better, so that the better one has the smaller number.
LESS_IS_BETTER = re.compile(
    r"\b(?:errors?|perplexity|ppl|loss|losses|latency|(?<!in\s)times?|costs?|memory|wer|cer|fid|kid|mae|rmse|mse|lpips|ece"
    r"|(?<!hit\s)(?<!win\s)(?<!pass\s)(?<!success\s)(?<!solve\s)(?<!cure\s)(?<!response\s)(?<!acceptance\s)"
    r"(?<!completion\s)(?<!survival\s)(?<!detection\s)(?<!recovery\s)(?<!retention\s)(?<!-free\s)rates?"
    r"|regret|distance|divergence|runtime|slower|seconds|rank|hallucinat\w*)\b",
    re.IGNORECASE,
)
_BY_QUALITY = re.compile(rf"(?!exceed)(?:{_MORE}|{_LESS})$", re.IGNORECASE)
_IS_LESS = re.compile(rf"(?:{_LOWER}|{_LESS})$", re.IGNORECASE)
_COMPARED = frozenset({"percent", "plain", "share"})


def orders(said: Said) -> Iterator[str | None]:
    """Yield what is wrong with each stated order, "" for nothing, None for undecided."""
    for one, other in pairwise(said.numbers):
        between = said.text[one.end : other.start]
        match = _THAN.search(between) or _VERB.search(between)
        if match is None and _WITH.search(said.text[: one.start]):
            match = _WHO_HAS.search(between)
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
    is_less = _IS_LESS.match(word) is not None
    first, second = both if not is_less else both[::-1]
    if first.high >= second.low:
        return ""
    text = shown(said.text[one.start : other.end])
    return f"{text}: {one.text} is {'more' if is_less else 'less'} than {other.text}"
