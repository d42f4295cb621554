"""The lengths that the contracts allow.  A longer text is refused by name, never cut."""

from collections.abc import Iterator
from typing import Any

from colophon.errors import ReportError

_LINE = 2000
_TEXT = {
    **dict.fromkeys(("research_question", "subject", "abstract", "methodology"), 20000),
    **dict.fromkeys(("tier_basis", "reason", "review", "method"), 20000),
    "identifier": 500,
}
_CLAIM = 4000
_TEXTS = dict.fromkeys(("limitations", "uncertainties", "headings", "notes"), 4000)
_ITEMS = {
    "/claims": 5000,
    "/sources": 5000,
    "/artifacts": 100,
    "/truncated": 10000,
    "/stated/contracts": 20,
    "/stated/counts": 200,
    "/stated/totals": 100,
    "/stated/dimensions": 20,
}
_CLAIM_VALUES, _MEMBERS, _OTHER_ITEMS = 100, 100, 500
_NUMBERS = {"query_count": 1_000_000, "dimension": 10_000_000, "rounds": 1000}
_LARGEST_COUNT = 1_000_000_000
_DIMENSION = 100


def check(document: dict[str, Any]) -> None:
    """Raise ReportError for the first value that is longer or larger than its contract allows."""
    for pointer, value in _walk("", document):
        if isinstance(value, str):
            _refuse(pointer, len(value), _longest(pointer), "characters")
        elif isinstance(value, list | dict):
            _refuse(pointer, len(value), _most(pointer), "entries")
        elif isinstance(value, int):
            _refuse(pointer, value, _NUMBERS.get(pointer.rpartition("/")[2], _LARGEST_COUNT), None)


def _walk(pointer: str, value: Any) -> Iterator[tuple[str, Any]]:
    yield pointer, value
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _walk(f"{pointer}/{key}", member)
    elif isinstance(value, list):
        for position, member in enumerate(value):
            yield from _walk(f"{pointer}/{position}", member)


def _longest(pointer: str) -> int:
    parts = pointer.split("/")[1:]
    if parts[0] == "claims" and parts[-1] == "text":
        return _CLAIM if len(parts) == 3 else _LINE
    if parts[0] == "stated" and parts[1] == "dimensions":
        return _DIMENSION
    if len(parts) > 1 and parts[-2] in _TEXTS:
        return _TEXTS[parts[-2]]
    return _TEXT.get(parts[-1], _LINE)


def _most(pointer: str) -> int:
    last = pointer.rpartition("/")[2]
    if last == "values":
        return _CLAIM_VALUES
    return _MEMBERS if last == "members" else _ITEMS.get(pointer, _OTHER_ITEMS)


def _refuse(pointer: str, size: int, most: int, unit: str | None) -> None:
    if size > most:
        what = f"has {size} {unit}" if unit else f"is {size}"
        raise ReportError(f"{pointer} {what}, its contract allows at most {most}")
