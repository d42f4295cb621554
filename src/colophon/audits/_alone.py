"""The one stated change of a sentence that has only two numbers which it may have been made of.

Whatever the words between: a sentence that sets two latencies against each other and names one factor speaks
of the factor between them.  Left alone is a change that another clause, another baseline or another measure
may own.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from colophon.audits._numbers import Said
from colophon.language.quantities import Quantity

# Between a change and its numbers these begin something else.
_OTHER = re.compile(
    r";|\b(?:while|whereas|but|although|though|yet|despite|because|without|and|also|when\s(?!.{1,60}\breplac))\b"
    r"|,\s(?!giving|making|yielding|leaving|meaning|being)[a-z]+ing\s|\.\s",
    re.IGNORECASE,
)
# "... with a 40% reduction in memory", "using 12% fewer parameters": a change that comes along with another.
_ALONG = re.compile(
    r"\b(?:(?:with|at|for|and|by\susing)\s(?:an?\s|only\s|about\s|some\s|up\sto\s|the\s)?(?:[a-z-]+\s)?"
    r"|(?!giving|making|yielding|leaving|meaning|being)[a-z]+ing\s(?:an?\s|only\s|about\s|some\s|up\sto\s|the\s)?)$",
    re.IGNORECASE,
)
_BY_A = re.compile(r"\b(?:by|for)\s(?:an?\s)?(?:[a-z-]+\s)?$", re.IGNORECASE)
# What sets one number against the other, or leads from one to the other.
_AGAINST = re.compile(
    r"\b(?:vs\.?|versus|against|instead\sof|rather\sthan|compared|where|than|ahead\sof|behind|above|below|over|beats?"
    r"|outperforms?|exceeds?|surpass(?:es)?|trails?|relative\sto|becomes?|to|for)\b|->|→|\((?=[^()]{0,20}$)",
    re.IGNORECASE,
)
_AND = re.compile(r"\band\b", re.IGNORECASE)
_SET_APART = re.compile(
    r"\bbetween\b|[(:]\s?$|\brespectively\b|\b(?:gap|difference|ratio|margin)\b", re.IGNORECASE
)
_ON = re.compile(r"\b(?:on|in|for)\s(?:the\s)?[^\s,.;:()]*[A-Z0-9]")
_OTHER_MEASURE = re.compile(
    r"^[\s-]*(?:[a-z-]+\s)?(?:faster|slower|quicker|cheaper|smaller|larger|bigger|longer|shorter|speed-?ups?|slow-?downs?"
    r"|(?:less|more|fewer)\s(?:memory|time|energy|power|parameters|data|tokens|compute|FLOPs?|GPUs?|calls|steps))\b",
    re.IGNORECASE,
)
_BEYOND = re.compile(
    r"^[^.;,)]{0,40}?\b(?:over|than|compared|relative\sto|versus|vs|against|beyond)\b"
    r"(?!\s(?:the|its)\s(?:baseline|original|dense|initial|former|full)\b)",
    re.IGNORECASE,
)
_NEAR = 100


def pair_alone(said: Said, claimed: Quantity, levels: Sequence[Quantity]) -> tuple[Quantity, Quantity] | None:
    """Return the only two numbers that a change can be of, in their order, or None.

    ``levels`` are the results that the sentence states, without the change.
    """
    by_kind: dict[str, list[Quantity]] = defaultdict(list)
    for one in levels:
        if one.kind != "plain" or "." in one.text:
            by_kind[one.kind].append(one)
    if len(by_kind) != 1:
        return None
    pair = next(iter(by_kind.values()))
    if len(pair) != 2 or not _is_set_against(said.text, pair, claimed):
        return None
    if pair[0].kind in ("percent", "share") and _OTHER_MEASURE.search(said.text[claimed.end :][:_NEAR]):
        return None
    return (pair[0], pair[1]) if _is_near(said.text, pair, claimed) else None


def _is_set_against(text: str, pair: Sequence[Quantity], claimed: Quantity) -> bool:
    """Whether the words between two numbers set them against each other, on one and the same thing."""
    one, other = pair
    between = text[one.end : other.start]
    if len(_ON.findall(text[one.start : other.end])) > 1 or len(between) > 2 * _NEAR:
        return False
    if one.end <= claimed.start < other.start:
        return _AGAINST.search(text[claimed.end : other.start]) is not None
    if _AND.search(between):
        before = text[max(0, one.start - _NEAR) : one.start]
        return _SET_APART.search(before) is not None
    return _AGAINST.search(between) is not None


def _is_near(text: str, pair: Sequence[Quantity], claimed: Quantity) -> bool:
    """Whether nothing between a change and its pair begins another matter."""
    one, other = pair
    before = text[max(0, claimed.start - 40) : claimed.start]
    if _ALONG.search(before) and not _BY_A.search(before):
        return False
    if claimed.start >= other.end:
        between, behind = text[other.end : claimed.start], text[claimed.end : claimed.end + _NEAR]
        return not (_OTHER.search(between) or _BEYOND.search(behind))
    if claimed.end <= one.start:
        return _OTHER.search(text[claimed.end : one.start]) is None
    return not any(
        _OTHER.search(part) for part in (text[one.end : claimed.start], text[claimed.end : other.start])
    )
