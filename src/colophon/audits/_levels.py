"""Shares beyond a hundred per cent, and amounts below nothing, by what is said to have them.

A share is known by its noun: what is retained, covered, survived or answered is a part of a whole.  Costs,
growth and what is set against a baseline may be any number of per cent.
"""

import re
from collections.abc import Iterator

from colophon.audits._change_words import is_change
from colophon.audits._numbers import Said, shown
from colophon.language.beginnings import Led
from colophon.language.quantities import Quantity

_A_SHARE = re.compile(
    r"\b(?:accuracy|precision|recall|sensitivity|specificity|coverage|(?:ground|canopy|vegetation|cloud|crop|forest|land)"
    r"\scover|occupancy|retention|survival|adherence|compliance|attendance|completion|participation|abstinence"
    r"|prevalence|seroconversion|seropositivity|germination|mortality|purity|availability|uptime|turnout|uptake"
    r"|remission|eradication|recovery|concordance|agreement|utili[sz]ation|state\sof\s(?:health|charge)"
    r"|(?:coulombic|faradaic|faradic|removal|separation|capture|encapsulation|conversion)\sefficiency"
    r"|(?:[a-z-]+\s)?success|share|fraction|proportion|percentage|probability|likelihood|chance"
    r"|(?:success|pass|hit|win|cure|response|acceptance|completion|detection|survival|mortality|positive|negative"
    r"|miss|failure|drop-?out|attrition|adoption|retention|refusal|violation|click(?:-through)?|recovery|relapse"
    r"|recurrence|positivity|approval|(?:un)?employment|literacy|participation|solve|resolution|hallucination"
    r"|vacancy|attendance|admission|readmission|graduation|discovery|[a-z]+-free)\srates?)\b",
    re.IGNORECASE,
)
# Beside one of these a number of per cent may be any: what it is compared with is not its own whole.
_OPEN_WORDS = (
    r"\b(?:relative|baseline|normali[sz]ed|compared|than|times|chang\w*|differ\w*|increas\w*|decreas\w*|gain\w*|improv\w*|drop\w*|los[est]\w*"
    r"|reduc\w*|grow\w*|growth|rais\w*|ris(?:e|es|ing)|ratio|index|costs?|overhead|speed\w*|spik\w*|analyt\w*|CPU"
    r"|cores?|threads?|above|over|beyond|margin|deviation|variation|error|delta|up\sto|oversubscri\w*|more|less"
    r"|enrol\w*|would|impossible|cannot)\b"
)
_OPEN = Led(_OPEN_WORDS, _OPEN_WORDS)
_OPEN_SIGN = re.compile(r"[Δ±]", re.IGNORECASE)
_BREAK = re.compile(r"[;:()]|,\s|\b(?:and|but|while|whereas)\b", re.IGNORECASE)
# What cannot be less than nothing; an energy, a temperature or a time on an axis can.
_AMOUNTS = frozenset({"bytes", "frequency", "rate", "tokens", "parameters", "mass of molecules", "sequence"})
_LASTING = re.compile(
    r"\b(?:latenc(?:y|ies)|durations?|run-?\s?times?|running\stimes?|(?:response|waiting|training|inference|processing|execution"
    r"|computation|survival|recovery|reaction|wall-?clock)\stimes?|time\sto|length\sof\sstay|lasts?|lasted|takes?|took)\b",
    re.IGNORECASE,
)
_SPENDS = re.compile(
    r"\b(?:uses|used|needs|needed|takes|took|requires|required|consumes|consumed|occupies|costs?|stores|holds|weighs)\s"
    r"(?:only\s|about\s)?(?:-|minus\s)$",
    re.IGNORECASE,
)
_MEASURED = frozenset({"time", "mass", "volume", "length", "energy", "power", "money"}) | _AMOUNTS
_NEAR = 90


def levels(said: Said, judged: frozenset[int]) -> Iterator[str]:
    """Yield what is wrong with each share and amount that a sentence states as it is, "" for nothing.

    ``judged`` is where the numbers begin that somebody else looks at.
    """
    if _OPEN.search(said.text) or (not said.text.isascii() and _OPEN_SIGN.search(said.text)):
        return
    for one in said.numbers:
        is_spread = said.text[max(0, one.start - 2) : one.start] in ("/-", "+-")
        if one.start in judged or one.bound or is_spread or is_change(said.text, one):
            continue
        if one.kind == "percent" and (share := _share(said.text, one)):
            yield _of_share(said.text, one, share)
        elif one.kind in _MEASURED and _is_amount(said.text, one):
            told = shown(said.text[max(0, one.start - 1) : one.end])
            yield f"{told}: an amount is not negative" if one.value < 0 else ""


def _share(text: str, one: Quantity) -> str:
    """Return the noun that makes a number of per cent a share: in its own part of the sentence."""
    before, behind = text[max(0, one.start - _NEAR) : one.start], text[one.end : one.end + _NEAR]
    start = max((match.end() for match in _BREAK.finditer(before)), default=0)
    end = match.start() if (match := _BREAK.search(behind)) else len(behind)
    # "131% of the nominal capacity" is a share of what follows.
    if behind.lstrip().startswith("of "):
        return ""
    found = _A_SHARE.search(before, start) or _A_SHARE.search(behind, 0, end)
    return found[0] if found else ""


def _of_share(text: str, one: Quantity, share: str) -> str:
    if one.value > 100:
        return f"{share} of {one.text}: a share is at most 100%"
    return f"{share} of -{one.text}: a share is not negative" if one.value < 0 else ""


def _is_amount(text: str, one: Quantity) -> bool:
    before = text[max(0, one.start - _NEAR) : one.start]
    if _SPENDS.search(before) or one.kind in _AMOUNTS:
        return True
    return one.kind == "time" and _LASTING.search(before) is not None
