"""Totals, equations and shares that a sentence states together with what they were made of."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise

from colophon.audits._numbers import Said, shown
from colophon.audits._recomputed import Span, operands, result, span
from colophon.language.numerals import decimal, half
from colophon.language.quantities import Quantity

_PLUS = re.compile(r"^\s*\+\s*$|^\s+plus\s+$", re.IGNORECASE)
_MINUS = re.compile(r"^\s+-\s+$|^\s+minus\s+$", re.IGNORECASE)
_EQUALS = re.compile(r"^\s*[=≈]\s*$|^\s+(?:equals|makes|gives)\s+$", re.IGNORECASE)
_LISTED = re.compile(r"^[^.;:()0-9]{0,60}?(?:,|\band\b|\bplus\b|\+|&)[^.;:()0-9]{0,60}$", re.IGNORECASE)
_TOTAL_NEXT = re.compile(
    r"^[^.;:()0-9]{0,40}?(?:\btotall?ing|\badd(?:s|ing)?\sup\sto|\bsum(?:s|ming)?\s(?:up\s)?to|\btotal(?:s|l?ed)?\sto"
    r"|\b(?:for|making|giving)\sa\stotal\sof|,\sa\stotal\sof|\bor\sa\stotal\sof|\b(?:gives|makes|equals))\s(?:of\s)?$",
    re.IGNORECASE,
)
_TOTAL_BEHIND = re.compile(r"^[^.;:,()0-9]{0,30}?\s(?:in\stotal|altogether|in\sall|overall)\b", re.IGNORECASE)
_IS_NEXT = re.compile(r"^[^.;:()0-9]{0,40}?(?:,|:|-|\bor\b|\bmaking\b|\bgiving\b)\s*$", re.IGNORECASE)
# Words after which members need not add up.
_LOOSE = re.compile(
    r"\b(?:includ\w+|such\sas|e\.g|for\sexample|overlap\w*|duplicat\w*|exclud\w+|after|additional|remaining|others?"
    r"|of\swhich|of\swhom|among|respectively|each|per|average|mean|both|shared|common|unique|distinct)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"^\s(?:[a-z]+\s)?(?:for\s)?(?:train(?:ing)?|valid(?:ation)?|val|dev(?:elopment)?|test(?:ing)?)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(r"[^.;:()0-9]{0,40}(?:\(|:\s)")
_FROM = re.compile(r"^\s(?:[a-z]+\s)?from\s", re.IGNORECASE)
_INTEGER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})"
_NUMBER = r"[0-9]{1,3}(?:\.[0-9]{1,6})?"
_PARTS = (
    rf"(?<![\w.,/-])(?P<some>{_INTEGER})\s?(?P<sign>/|\b(?:out\s)?of\s(?:the\s|all\s)?)\s?"
    rf"(?P<all>{_INTEGER})(?![\w/%]|[.,][0-9]|\s?%)"
)
_SHARE_BEHIND = re.compile(
    rf"{_PARTS}(?:\s[A-Za-z-]{{1,20}}){{0,3}}\s?[(\[,]\s?(?:i\.e\.,?\s|or\s)?"
    rf"(?P<share>{_NUMBER})\s?%(?!\s?(?:CI|conf|cred|HPD|pred))"
)
_SHARE_BEFORE = re.compile(
    rf"(?<![\w.,±-])(?P<share>{_NUMBER})\s?%(?:\s[A-Za-z-]{{1,20}}){{0,4}}\s?[(\[]\s?(?:n\s?=\s?)?{_PARTS}\s?[)\]]"
)
_MOST_MEMBERS = 8
# A whole has two parts or more.
_FEWEST = 2
_LEAST_WHOLE = 10


def sums(said: Said) -> Iterator[str | None]:
    """Yield what is wrong with each total, equation and share, "" for nothing, None for undecided."""
    numbers, text = said.numbers, said.masked if len(said.numbers) > _FEWEST else ""
    for place, total in enumerate(numbers if len(numbers) > _FEWEST else ()):
        if place >= 2 and _EQUALS.search(text[numbers[place - 1].end : total.start]):
            yield from _equation(said, place)
        elif place >= 2 and _is_total(text, numbers[place - 1], total):
            yield from _total(said, text, place)
        yield from _bracket(said, place)
    for pattern in (_SHARE_BEHIND, _SHARE_BEFORE) if "%" in said.text else ():
        yield from (_share(match) for match in pattern.finditer(said.text))


def _equation(said: Said, place: int) -> Iterator[str]:
    """Yield what is wrong with a sum or difference before an equals sign."""
    numbers, text = said.numbers, said.text
    terms = [(1, numbers[place - 1])]
    for at in range(place - 1, 0, -1):
        between = text[numbers[at - 1].end : numbers[at].start]
        sign = 1 if _PLUS.search(between) else -1 if _MINUS.search(between) else 0
        if not sign:
            break
        terms[-1] = (sign, numbers[at])
        terms.append((1, numbers[at - 1]))
    before = text[max(0, terms[-1][1].start - 3) : terms[-1][1].start]
    if len(terms) < 2 or re.search(r"[-+/*×=]\s*$", before):
        return
    if len({one.kind for _, one in terms}) > 1:
        return
    made = Span(Decimal(0), Decimal(0))
    for sign, one in terms:
        made = Span(
            made.low + min(sign * span(one).low, sign * span(one).high),
            made.high + max(sign * span(one).low, sign * span(one).high),
        )
    stated = result(numbers[place])
    shown_part = shown(text[terms[-1][1].start : numbers[place].end])
    fits = stated.meets(made) or stated.meets(Span(-made.high, -made.low))
    yield "" if fits else f"{shown_part}: the left side gives {_middle(made)}"


def _is_total(text: str, last: Quantity, total: Quantity) -> bool:
    """Whether a number is called the total of the list before it."""
    between = text[last.end : total.start]
    if _TOTAL_NEXT.search(between):
        return True
    is_named_behind = _TOTAL_BEHIND.search(text[total.end : total.end + 60]) is not None
    return is_named_behind and _IS_NEXT.search(between) is not None


def _total(said: Said, text: str, place: int) -> Iterator[str | None]:
    """Yield what is wrong with a total behind its members; some of the numbers before may be none."""
    numbers = said.numbers
    members = [numbers[place - 1]]
    while len(members) < place and len(members) < _MOST_MEMBERS:
        before = numbers[place - 1 - len(members)]
        if before.kind != members[0].kind or not _LISTED.search(text[before.end : members[0].start]):
            break
        members.insert(0, before)
    total = numbers[place]
    if len(members) < 2:
        return
    spans = _alike(members, total)
    if spans is None or total.bound or _LOOSE.search(text):
        yield None
        return
    groups = (group for size in range(2, len(spans) + 1) for group in combinations(spans, size))
    yield _judged(said, members, total, map(_added, groups))


def _judged(said: Said, members: Sequence[Quantity], total: Quantity, sums_of_members: Iterable[Span]) -> str:
    slack = _counted(total).half
    stated = Span(total.value - slack, total.value + slack)
    made = Span(Decimal(0), Decimal(0))
    for made in sums_of_members:
        if stated.meets(made):
            return ""
    added = " + ".join(one.text for one in members)
    start, end = min(members[0].start, total.start), max(members[-1].end, total.end)
    return f"{shown(said.text[start:end])}: {added} gives {_middle(made)}, not {total.text}"


def _bracket(said: Said, place: int) -> Iterator[str]:
    """Yield what is wrong with a whole before a bracket that adds its parts, or lists its splits."""
    numbers, text = said.numbers, said.text
    whole, behind = numbers[place], numbers[place + 1 :]
    opens = _OPENS.match(text[whole.end : whole.end + 44]) if len(behind) >= _FEWEST else None
    if not opens or whole.end + opens.end() != behind[0].start:
        return
    end = text.find(")", behind[0].start) if "(" in opens[0] else len(text)
    members = [one for one in behind if one.start < end][:_MOST_MEMBERS]
    between = [text[one.end : other.start] for one, other in pairwise(members)]
    is_sum = bool(between) and all(_PLUS.search(words) for words in between)
    splits = [_SPLIT.search(text[one.end : one.end + 24]) for one in members]
    is_total = text[: whole.start].rstrip().endswith("total of")
    if is_total and len(members) > 1 and all(_FROM.search(text[one.end : one.end + 24]) for one in members):
        is_sum = True
    is_split = len(members) > 1 and all(splits) and any("rain" in found[0] for found in splits if found)
    spans = _alike(members, whole)
    if (is_sum or is_split) and spans is not None and not whole.bound:
        yield _judged(said, members, whole, [_added(spans)])


def _alike(members: Sequence[Quantity], total: Quantity) -> list[Span] | None:
    """Return the members as spans in the unit of their total, or None where they are unlike."""
    found = []
    for one in members:
        both = operands(_counted(one), total)
        if both is None or one.bound or one.value < 0:
            return None
        found.append(both[0])
    return found


def _counted(one: Quantity) -> Quantity:
    """Return a count of things as it is: what is not round was not rounded."""
    is_count = one.kind == "plain" and not one.unit and one.text.replace(",", "").isdigit()
    is_round = one.value >= 1000 and not one.value % 100
    return replace(one, half=Decimal(0)) if is_count and not is_round else one


def _added(spans: Sequence[Span]) -> Span:
    return Span(sum((one.low for one in spans), Decimal(0)), sum((one.high for one in spans), Decimal(0)))


def _share(match: re.Match[str]) -> str | None:
    some, whole = decimal(match["some"]), decimal(match["all"])
    # "Grade 3/4 (12%)" is no share.
    if not 0 <= some <= whole or (match["sign"] == "/" and whole < _LEAST_WHOLE) or not whole:
        return None
    share, slack = decimal(match["share"]), half(match["share"]) * 2
    made = some * 100 / whole
    if abs(made - share) <= slack:
        return ""
    return f"{shown(match[0])}: {match['some']} of {match['all']} is {made:.4g}%, not {match['share']}%"


def _middle(made: Span) -> str:
    return f"{((made.low + made.high) / 2).normalize():f}"
