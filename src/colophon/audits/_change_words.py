"""Whether the words around a number call it a change, and whether that is a factor."""

import re
from functools import lru_cache

from colophon.language.quantities import Quantity

# Numbers, and characters before and behind one that are looked at.
_REMEMBERED, NEAR = 1_024, 90
NOUN = (
    r"(?:drop|loss|gain|improvement|increase|decrease|reduction|rise|fall|decline|boost|jump|growth|gap"
    r"|differences?|change|deficit|advantage|margin|saving|savings|speed-?ups?|slow-?downs?|acceleration"
    r"|degradation|uplift|lift|shortfall|lead|overhead|cut|delta|dip|shrinkage)s?"
)
VERB = (
    r"(?:drop|los|gain|improv|increas|decreas|reduc|r[io]s|ris|f[ae]ll|declin|boost|jump|gr[eo]w|shr[aiu]nk"
    r"|lower|rais|cut|accelerat|degrad|climb|differ|exceed|outperform|surpass|slow|shorten|widen|narrow|sav)"
    r"(?:e|es|ed|en|s|ing|ting|ped|ping|n)?"
)
COMPARATIVE = (
    r"(?:faster|slower|higher|lower|larger|bigger|smaller|more|fewer|less|cheaper|better|worse|longer|shorter"
    r"|greater|quicker)"
)
BOUND = (
    r"(?:(?:about|around|approximately|roughly|nearly|almost|only|just|over|some|more than|~|≈|[+$€£¥-]) ?)*"
)
KIND = r"(?:(?:absolute|relative|net|overall|total|percentage|accuracy|marked|mere) ){0,2}"
# Directly before a stated change, and directly behind it.
_BEFORE = re.compile(
    rf"\b(?:{NOUN}(?:\sin\s(?:[\w-]+\s?){{1,4}})?\s(?:of|by|is|was)|(?:{VERB})(?:\s(?!by\b)[\w.-]+){{0,9}}?\sby|(?:factor|ratio)\sof"
    rf"|{NOUN}\s?[:=]|{VERB})\s*(?:an?\s)?(?:(?:relative|absolute|marked|full|further|mere)\s)?{BOUND}\s*$",
    re.IGNORECASE,
)
# How the last word before a stated change begins: a search costs more than a look at it.
_LAST_BEFORE = re.compile(
    rf"(?:of|by|is|was|an?$|relative|absolute|marked|full|further|mere|about|around|approximately|roughly|nearly|almost"
    rf"|only|just|over|some|than|{VERB})",
    re.IGNORECASE,
)
# "The 18650 series rises from": what rises is no rise.
_VERB_NEXT = (
    r"(?:rises|falls|drops|jumps|grows|dips|climbs|increases|decreases|declines|improves)"
    r"\s(?:from|to|by|when|with)\b"
)
_BEHIND = re.compile(
    rf"^[\s-]*(?:\((?:absolute|relative)\)\s)?{KIND}(?:(?!(?:on|in|for|at|of|with|to|from|by|and)\s)[\w-]+\s){{0,2}}?"
    rf"(?!{_VERB_NEXT})(?:{NOUN}|{COMPARATIVE})\b"
    rf"|^\s+as\s(?:fast|slow|large|many|much|high|long)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"-[a-z]")
_SIGNED = re.compile(r"(?<![0-9])\(\s?[+-]$")
_FACTOR_OF = re.compile(rf"(?:factor|ratio)\sof\s+{BOUND}$", re.IGNORECASE)


# Several audits ask for the same numbers in turn.
@lru_cache(maxsize=_REMEMBERED)
def is_change(text: str, one: Quantity) -> bool:
    """Whether the words around a number call it a change."""
    if one.kind == "points" or (one.kind == "times" and not one.text[0].isdigit()):
        return True
    if _SIGNED.search(text[max(0, one.start - 4) : one.start]):
        return True
    if _BEHIND.match(text[one.end : one.end + NEAR]):
        return True
    # "A two-dose vaccine" and "2-shot prompts" count what is in a thing.
    if one.kind == "plain" and _COUNTS.match(text, one.end):
        return False
    before = text[max(0, one.start - NEAR) : one.start]
    return _may_lead_to_change(before) and _BEFORE.search(before) is not None


def _may_lead_to_change(before: str) -> bool:
    """Whether the last word before a number is one that stands before changes, or none that is plain."""
    last = "".join(before.rsplit(None, 1)[-1:])
    return not (last.isascii() and last.isalpha()) or _LAST_BEFORE.match(last) is not None


def is_ratio(text: str, one: Quantity) -> bool:
    """Whether a stated change is a factor."""
    if one.kind == "times":
        return True
    return one.kind == "plain" and _FACTOR_OF.search(text[max(0, one.start - 40) : one.start]) is not None
