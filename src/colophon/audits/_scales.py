"""Values outside the scale of what they measure, and parts that exceed their whole."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from colophon.audits._change_words import is_change
from colophon.audits._numbers import Said, shown
from colophon.language.beginnings import Begun, Led
from colophon.language.numerals import decimal
from colophon.language.quantities import Quantity
from colophon.scores.metrics import Mention, metrics

_INTEGER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})"
_ITEMS = (
    r"(?:participants|patients|people|persons|individuals|respondents|students|users|questions|samples|items|cases"
    r"|claims|papers|articles|studies|examples|queries|images|sentences|documents|instances|tasks|clips|videos|records"
    r"|trials|runs|problems|prompts|datasets|models|layers|experts|heads|parameters|tokens|references|sources|GPUs)"
)
_IS = re.compile(
    r"^(?:\s(?:scores?|rates?|values?|coefficients?))?\s?(?:\([^()0-9]{1,20}\)\s?)?"
    r"(?:of|=|:|is|was|reaches|reached|at)?\s?(?:only\s|up\sto\s)?-?$"
)
# "The F1 score of Lupin on MeadowQA is 1.43."
_OF_IS = re.compile(
    r"^(?:\s(?:scores?|rates?|values?|coefficients?))?\s(?:of|for|between|with|on)\s[^,;:()]{1,80}\s"
    r"(?:is|was|=|equals|reaches|reached|stands\sat|stood\sat|comes\sto|came\sto|amounts\sto)\s(?:only\s)?-?$"
)
# "At 336 pixels": a whole number of things is no score.
_THINGS = re.compile(r"^\s(?!points\b)[a-z]+s\b(?<!\s(?:is|as))(?<!was)(?<!has)(?<!this)(?<!plus)(?<!versus)")
_IN = re.compile(r"^\s(?:[a-z-]+\s)?$|^\s(?:in|of)\s(?:[a-z]+\s)?$")
# "The F1 score of Lupin on MeadowQA rises from 0.84 to 1.04": a level before and one after.
_MOVES = re.compile(
    r"^(?:\s(?:scores?|rates?|values?|coefficients?))?(?:\s(?:of|for|between|with|on)\s[^,;:()]{1,80})?\s"
    r"(?:rises|rose|climbs|climbed|goes|went|moves|moved|grows|grew|jumps|jumped|falls|fell|drops|dropped|sinks|sank"
    r"|improves|improved|increases|increased|decreases|decreased|declines|declined|changes|changed)\s"
    r"from\s(?P<one>[0-9]{1,3}(?:\.[0-9]{1,6})?)\s?(?P<unit>%?)\sto\s(?P<other>[0-9]{1,3}(?:\.[0-9]{1,6})?)\s?(?P<same>%?)"
    r"(?![\w%]|\.[0-9])"
)
_REBASED = re.compile(r"\b(?:relative|normali|index)\w*|\bcompared\b", re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:chang|differ|delta|increas|decreas|gain|improv|drop|los[est]|reduc|relative|normali|compared)\w*|[Δ±]",
    re.IGNORECASE,
)
_PROBABILITY = Led(
    r"\b(?P<log>log\w*[\s(-]?)?(?P<name>p-?\s?values?|[pP])\s?(?:of|=|<|>|≤|≥|is|was)\s?"
    r"(?P<value>-?[0-9]*\.?[0-9]+)(?![\w.,]*\s?(?:[x×*]|%|e-|\^))",
    "log p pvalue pof pis pwas",
    0,
)
_TESTED = re.compile(
    r"signific|\btests?\b|t-test|anova|\bCI\b|confidence|correlat|hazard|odds|null\shyp|p-?values?",
    re.IGNORECASE,
)
_SHARE = Led(
    r"\b(?:share|fraction|proportion|probability|likelihood)\s(?:of\s(?:[a-z-]+\s){0,4})?"
    r"(?:of|is|was|=|reaches)\s?(?P<value>[0-9]+\.[0-9]+)"
    r"(?!\w|\.[0-9]|\s?(?:%|million|billion|thousand|k\b|M\b|[x×]|per))",
    "share fraction proportion probability likelihood",
)
_OF_ALL = Begun(
    rf"(?<![\w.,+/-])(?P<share>[0-9]{{1,4}}(?:\.[0-9]+)?)\s?(?:%|per\s?cent|percent)\sof\s"
    rf"(?:the\s|all\s|these\s|its\s){{0,2}}(?:[a-z]+\s)?{_ITEMS}\b",
    "of",
    0,
)
_PART = Begun(
    rf"(?<![\w.,/^-])(?P<some>{_INTEGER})\s(?:out\sof|of)\s(?:the\s|all\s|its\s)?"
    rf"(?P<all>{_INTEGER})\s(?:[a-z-]+\s){{0,2}}?{_ITEMS}\b",
    "of",
    0,
)
_OF_WHICH = Begun(
    rf"(?<![\w.,/^-])(?P<all>{_INTEGER})\s(?:[a-z-]+\s){{0,2}}?{_ITEMS},?"
    rf"\s(?:of\s(?:which|whom|them))\s(?:only\s)?(?P<some>{_INTEGER})(?![\w%]|[.,][0-9]|\s?(?:%|per))",
    "of",
    0,
)
_OF_THE = Begun(
    rf"\b[Oo]f\s(?:the\s|all\s|these\s)?(?P<all>{_INTEGER})\s(?:[a-z-]+\s){{0,2}}?{_ITEMS},"
    rf"\s(?:only\s)?(?P<some>{_INTEGER})(?![\w%]|[.,][0-9]|\s?%)"
    rf"(?=\s(?:[a-z]+\s)?(?:were|was|are|is|had|have|did|answered|passed|failed|met)\b)",
    "of",
    0,
)
_NEGATIVE = re.compile(rf"(?:^|(?<=[\s(]))(?:-|minus\s)(?P<value>{_INTEGER})\s(?:[a-z]+\s)?{_ITEMS}\b")
# Measures that are low enough on the scale to 100 to be read as next to one.
_OFTEN_LOW = frozenset(
    {"bleu", "rouge", "meteor", "map", "pass", "success rate", "recall", "precision", "iou"}
)
_MOST_FOUND = 40
_HUNDRED = Decimal(100)
# Printed between one and this, a share is on the scale from 0 to 1; beyond it on the one to 100.
NEXT_TO_ONE = Decimal("1.99")


def impossible(said: Said, ones: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with each value that has a scale or a whole, "" for nothing.

    ``ones`` are the measures that the record elsewhere prints from 0 to 1.
    """
    for mention in metrics(said.text):
        one = _value(said, mention)
        if one is not None:
            yield _of_scale(said, mention, one, ones)
        if mention.metric.scale != "open":
            yield from _moved(said.text, mention)
    yield from _probabilities(said.text)
    yield from _shares(said.text)
    yield from _parts(said)


def judged(said: Said) -> frozenset[int]:
    """Return where the numbers begin that a measure with a scale has."""
    values = (_value(said, mention) for mention in metrics(said.text))
    return frozenset(one.start for one in values if one is not None)


def measured(said: Said) -> Iterator[tuple[str, Quantity]]:
    """Yield each measure of a share with its plain value."""
    for mention in metrics(said.text):
        one = _value(said, mention)
        is_low = mention.metric.name.partition("@")[0] in _OFTEN_LOW
        if one is not None and one.kind == "plain" and mention.metric.scale == "share" and not is_low:
            yield mention.metric.name, one


def _value(said: Said, mention: Mention) -> Quantity | None:
    """Return the number that a measure has: directly behind its name, or before it."""
    if mention.metric.scale == "open":
        return None
    for one in said.numbers:
        if one.kind not in ("percent", "plain") or is_change(said.text, one):
            continue
        between = said.text[mention.end : max(one.start, mention.end)][:120]
        is_behind = one.start >= mention.end
        if is_behind and ((len(between) < 40 and _IS.match(between)) or _OF_IS.match(between)):
            return None if one.kind == "plain" and _THINGS.match(said.text[one.end :]) else one
        if 0 <= mention.start - one.end < 40 and _IN.match(said.text[one.end : mention.start]):
            return one if one.kind == "percent" or "." in one.text else None
    return None


def _of_scale(said: Said, mention: Mention, one: Quantity, ones: frozenset[str]) -> str:
    name = said.text[mention.start : mention.end]
    limit = _HUNDRED
    is_plain = one.kind == "plain" and "." in one.text
    if (
        is_plain
        and 1 < abs(one.value) <= NEXT_TO_ONE
        and (mention.metric.scale == "correlation" or mention.metric.name in ones)
    ):
        limit = Decimal(1)
    if abs(one.value) > limit and not _CHANGED.search(said.text):
        sign = "-" if one.value < 0 else ""
        return f"{name} of {sign}{one.text}: the scale ends at {sign}{limit}"
    if one.value < 0 and mention.metric.scale == "share" and not _CHANGED.search(said.text):
        return f"{name} of -{one.text}: the scale begins at 0"
    return ""


def _moved(text: str, mention: Mention) -> Iterator[str]:
    """Yield what is wrong with a measure that moves from one level to another, "" for nothing."""
    found = _MOVES.match(text[mention.end :])
    if found is None or _REBASED.search(text):
        return
    levels = sorted((Decimal(found["one"]), Decimal(found["other"])))
    is_percent = bool(found["unit"] or found["same"])
    # Of two plain levels, one at most one and the other next to it, both are on the scale from 0 to 1.
    limit = Decimal(1) if not is_percent and levels[0] <= 1 and levels[1] <= NEXT_TO_ONE else _HUNDRED
    name = text[mention.start : mention.end]
    unit = "%" if is_percent else ""
    yield f"{name} of {levels[1]}{unit}: the scale ends at {limit}" if levels[1] > limit else ""


def _probabilities(text: str) -> Iterator[str]:
    for match in islice(_PROBABILITY.finditer(text), _MOST_FOUND):
        if match["log"] or (len(match["name"]) == 1 and not _TESTED.search(text)):
            continue
        value = Decimal(match["value"])
        yield "" if 0 <= value <= 1 else f"{shown(match[0])}: a probability lies between 0 and 1"


def _shares(text: str) -> Iterator[str]:
    for match in islice(_SHARE.finditer(text), _MOST_FOUND):
        value = Decimal(match["value"])
        # Beyond two it may be in per cent.
        yield f"{shown(match[0])}: a share is at most 1" if 1 < value < 2 else ""
    for match in islice(_OF_ALL.finditer(text), _MOST_FOUND):
        is_over = Decimal(match["share"]) > _HUNDRED and not _CHANGED.search(text)
        yield f"{shown(match[0])}: a share is at most 100%" if is_over else ""


def _parts(said: Said) -> Iterator[str]:
    text, starts = said.text, {one.start for one in said.numbers}
    for pattern in (_PART, _OF_WHICH, _OF_THE):
        for match in islice(pattern.finditer(text), _MOST_FOUND):
            some, whole = decimal(match["some"]), decimal(match["all"])
            is_year = len(match["some"]) == 4 and match["some"][:2] in ("19", "20")
            # "Version 5 of 3 models": a number in a name is no part.
            if not is_year and match.start("some") in starts:
                yield (
                    f"{shown(match[0])}: {match['some']} is more than {match['all']}" if some > whole else ""
                )
    is_signed = "-" in text or "minus" in text
    for match in islice(_NEGATIVE.finditer(text), _MOST_FOUND) if is_signed else ():
        if not _CHANGED.search(text):
            yield f"{shown(match[0])}: a count is not negative"
