"""Places that a sentence gives to one of the values that it lists: "A (86.8%), B (95.9%) and C (82.9%), A has
the highest recall", "ranks first with 57.8%, after 63.6% for B".
"""

import re
from collections.abc import Iterator, Sequence

from colophon.audits._change_words import is_change
from colophon.audits._numbers import Said
from colophon.audits._orders import LESS_IS_BETTER
from colophon.language.quantities import Quantity

# "First described" is no place.
_PLACE = (
    r"(?P<place>(?:first|last)(?=\s(?:in|on|of|with|at|among|overall|by|for)\b|\s?[(,])|best|top|highest|lowest"
    r"|worst|greatest|largest|smallest)"
)
_ANY_PLACE = re.compile(rf"\b{_PLACE}\b", re.IGNORECASE)
# "Ranks first in recall on MeadowQA with", directly before the value that is said to be first.
_IS = (
    r"(?:ranks?|ranked|comes?|came|placed|places|finish(?:es|ed)|is|was|stands?|has|had|reaches|reached|gives"
    r"|shows)"
)
_COMPARED = r"(?:before|after|ahead|above|over|than|behind|followed|to|against|versus)"
_PLACED = re.compile(
    rf"\b{_IS}\s(?:the\s)?{_PLACE}\b"
    rf"(?:\s\(|(?:(?!\b{_COMPARED}\b)[^.;:()]){{0,80}}?\b(?:with|at|of|scoring|reaching)\s)(?:an?\s|only\s)?$",
    re.IGNORECASE,
)
_ITEM_BEFORE = re.compile(
    r"(?:^|[,:]\s(?:and\s)?|\b(?:and|of|among|between|from|to)\s)(?P<name>[^,;:()]{1,60}?)\s\($",
    re.IGNORECASE,
)
_OWNER = re.compile(
    rf"(?:[,;:]\s|^|\)\s(?:and\s)?)(?P<name>[^,;:()]{{1,60}}?)\s{_IS}\s(?:the\s|in\s)?{_PLACE}\b",
    re.IGNORECASE,
)
_SMALL_FIRST = frozenset({"lowest", "smallest", "last", "worst"})
_BY_SIZE = frozenset({"highest", "lowest", "greatest", "largest", "smallest"})
# With more than one of these the values belong to several settings.
_ON = re.compile(r"\bon\s(?:the\s)?[^\s,.;:()]*[A-Z]")
_SEVERAL = re.compile(
    r"\b(?:respectively|both|except|apart\sfrom|but|while|whereas|second[- ](?:best|worst|highest|lowest))\b",
    re.IGNORECASE,
)


def placings(said: Said) -> Iterator[str | None]:
    """Yield what is wrong with each stated place, "" for nothing, None for undecided."""
    values = _values(said)
    if len(values) < 2 or _SEVERAL.search(said.text) or len(_ANY_PLACE.findall(said.text)) != 1:
        return
    owned = _named(said.text, values)
    for one in values:
        match = _PLACED.search(said.text[max(0, one.start - 160) : one.start])
        if match is not None and len(set(_ON.findall(said.text))) < 2:
            yield _verdict(said.text, one, match["place"].lower(), values)
            return
    owner = _OWNER.search(said.text)
    if owner is not None and len(owned) == len(values):
        same = [one for name, one in owned if _bare(name) == _bare(owner["name"])]
        if len(same) == 1:
            yield _verdict(said.text, same[0], owner["place"].lower(), values)


def _values(said: Said) -> list[Quantity]:
    """Return the results of a sentence, where all are of one kind."""
    results = [
        one
        for one in said.numbers
        if (one.kind == "percent" or (one.kind == "plain" and "." in one.text))
        and not is_change(said.text, one)
    ]
    return (
        results if len({one.kind for one in results}) == 1 and not any(one.bound for one in results) else []
    )


def _named(text: str, values: Sequence[Quantity]) -> list[tuple[str, Quantity]]:
    """Return the values that stand alone in a bracket behind a name."""
    found = []
    for one in values:
        match = _ITEM_BEFORE.search(text[max(0, one.start - 80) : one.start])
        if match is not None and text[one.end : one.end + 1] == ")":
            found.append((match["name"], one))
    return found


def _bare(name: str) -> str:
    """Return a name as it is compared: without an article and without what leads up to it."""
    return re.sub(r"^(?:(?:among|of|between|from|and|the|an?)\s)+", "", name.strip().lower())


def _verdict(text: str, one: Quantity, place: str, values: Sequence[Quantity]) -> str | None:
    if place not in _BY_SIZE and LESS_IS_BETTER.search(text):
        return None
    least, most = min(each.value for each in values), max(each.value for each in values)
    if one.value == (least if place in _SMALL_FIRST else most):
        return ""
    listed = ", ".join(each.text for each in values)
    return f"{one.text} is called {place}: of {listed} that is not so"
