"""GRIM: which shares a number of items can give.

A share of n items is k/n for a whole k.  Brown and Heathers described the test for means of whole numbers.
"""

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from colophon.audits._change_words import is_change
from colophon.audits._numbers import Said
from colophon.language.beginnings import Begun
from colophon.language.quantities import Quantity
from colophon.scores.metrics import metrics

_INTEGER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,6})"
_ITEM = (
    "(?:question|item|problem|example|sample|image|instance|case|task|prompt|claim|clip|video|sentence|document"
    "|trial|pair|statement|puzzle)"
)
# "2-shot prompts" and "4-way questions" say what the items are like; "a 150-question test" says how many.
_OF_ITEMS = Begun(
    rf"(?<![\w.,/-])(?P<n>{_INTEGER})(?:-{_ITEM}|\s(?:[a-z-]+\s){{0,2}}?(?:{_ITEM}s|queries))\b"
    rf"|\bn\s?=\s?(?P<other>{_INTEGER})(?![\w.,]*[0-9])",
    f"{_ITEM} queries n",
)
# "With 5 examples": that many are given, not asked.
_GIVEN = re.compile(
    r"\b(?:with|using|given|after|by|from|see(?:s|ing)|show(?:s|n|ing))\s(?:only\s|just\s)?$", re.IGNORECASE
)
# Each item right or wrong, once.
_COUNTED = frozenset({"accuracy", "exact match", "success rate"})
# Words after which a score need not be one share of one set.
_NOT_ONE_SHARE = re.compile(
    r"\b(?:averag\w*|means?|median|macro|micro|weighted|balanced|normali[sz]ed|seeds?|runs?|folds?|cross-?valid\w*|each|per"
    r"|training|train(?:ed)?|fine-?tun\w*|few-shot|pass@[0-9]+|estimat\w*"
    r"|relative|partial|token-?level|annotat\w*|bootstrap\w*"
    r"|repeat\w*|times|generat\w*|subsets?|datasets|benchmarks|languages|domains|categories"
    r"|classes|tasks\seach|attempts?)\b|±|\+/-",
    re.IGNORECASE,
)
_LARGEST_SET = 100_000


def granular(said: Said) -> Iterator[str]:
    """Yield what is wrong with each share of a stated number of items, "" for nothing."""
    sizes = {match["n"] or match["other"] for match in _OF_ITEMS.finditer(said.text) if not _is_given(match)}
    if len(sizes) != 1 or _NOT_ONE_SHARE.search(said.text):
        return
    items = int(sizes.pop().replace(",", ""))
    if not 1 < items <= _LARGEST_SET:
        return
    mentions = metrics(said.text)
    if not mentions or not all(one.metric.name in _COUNTED for one in mentions):
        return
    shares = {
        one.text: one for one in said.numbers if one.kind == "percent" and not is_change(said.text, one)
    }
    for one in shares.values():
        if not one.bound and 0 <= one.value <= 100:
            yield _verdict(one, items)


def _is_given(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 16) : match.start()]
    return match[0].endswith(("examples", "prompts", "pairs")) and _GIVEN.search(before) is not None


def _verdict(one: Quantity, items: int) -> str:
    """Return what is wrong: no whole number of items gives a share that is rounded, or cut off, to this."""
    low, high = one.value - one.half, one.value + one.half * 2
    smallest = (low * items / 100).to_integral_value(ROUND_CEILING)
    if smallest * 100 <= high * items:
        return ""
    exact = one.value * items / 100
    below, above = exact.to_integral_value(ROUND_FLOOR), exact.to_integral_value(ROUND_CEILING)
    return (
        f"{one.text} of {items} items: {below} of them are {_share(below, items)}%, {above} are "
        f"{_share(above, items)}%"
    )


def _share(some: Decimal, items: int) -> str:
    return f"{some * 100 / items:.2f}"
