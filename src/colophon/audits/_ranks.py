"""Ranks that a sentence gives to one of the models whose scores it lists."""

import re
from collections.abc import Iterator, Sequence

from colophon.audits._numbers import Said
from colophon.audits._orders import LESS_IS_BETTER
from colophon.language.beginnings import Led
from colophon.scores import Score
from colophon.scores.reading import scores

_RANK = r"(?P<rank>first|second|third|last|best|top|worst|highest|lowest)"
_WORD = Led(rf"\b{_RANK}\b", _RANK)
_PLACES = {
    "first": 0,
    "best": 0,
    "top": 0,
    "highest": 0,
    "second": 1,
    "third": 2,
    "last": -1,
    "worst": -1,
    "lowest": -1,
}
_BY_SIZE = frozenset({"highest", "lowest"})
# "second best" is second, "the first model" and "first released" are no ranks.
_NO_RANK = re.compile(
    r"\b(?:first|second|third|last)\s(?!best|highest|lowest|place|among|of|with|on|in|by|behind|overall|and|for|at)[a-z]+"
    r"|\b(?:second|third)[-\s](?:lowest|worst)|\bat\s(?:best|worst|first|last)\b|\bbest\sof\b",
    re.IGNORECASE,
)


def ranks(said: Said) -> Iterator[str | None]:
    """Yield what is wrong with each stated rank, "" for nothing, None for undecided."""
    if not _WORD.search(said.text):
        return
    rows = scores(said.text, said.pointer)
    models = {(row.model, row.version, row.size) for row in rows}
    settings = {(row.metric, row.dataset, row.unit) for row in rows}
    if len(rows) < 2 or len(models) != len(rows) or any(row.model is None for row in rows):
        return
    for row in rows:
        match = _given(said.text, row)
        if match is None:
            continue
        rank = match["rank"].lower()
        is_open = rank not in _BY_SIZE and LESS_IS_BETTER.search(said.text)
        yield (
            None if is_open or len(settings) > 1 or _NO_RANK.search(said.text) else _verdict(row, rank, rows)
        )


def _given(text: str, row: Score) -> re.Match[str] | None:
    """Return the rank that a sentence gives to a model, directly behind its name or its bracket."""
    parts = [re.escape(part) for part in (row.model, row.version, row.size) if part]
    name = r"[\s(-]{0,2}v?".join(parts)
    behind = (
        rf"\b{name}(?:\s?\([^()]{{0,20}}\))?,?\s(?:(?:is|was|being|ranks|ranked|ranking|comes|came|placed|in|as|has|having|scores"
        rf"|scoring|reaches|achieves|the|coming|finishing|finishes)\s){{0,3}}{_RANK}\b"
    )
    return re.search(behind, text)


def _verdict(row: Score, rank: str, rows: Sequence[Score]) -> str:
    ordered = sorted((each.value for each in rows), reverse=True)
    place = _PLACES[rank]
    if place >= len(ordered) or ordered[place] == row.value:
        return ""
    values = ", ".join(each.value_text for each in rows)
    return f"{row.model} with {row.value_text} is called {rank}: of {values} that is not so"
