"""Claims from a claim table or list."""

import re
from typing import Any

from colophon.errors import ReportError
from colophon.ingests import _references, _tables
from colophon.ingests._numbers import DECIMAL, measure
from colophon.ingests._text import blocks, list_item, optional

_COLUMNS = {
    "claim": ("claim", "claims", "claim text", "extracted claim", "statement", "text"),
    "flag": ("verified", "verification", "status", "independently verified", "checked", "verified flag"),
    "confidence": ("confidence", "confidence score", "similarity", "cosine", "score"),
    "source": ("source", "sources", "reference", "references", "ref", "refs", "paper", "cited source"),
    "locator": ("locator", "location", "place", "section", "page", "passage"),
    "values": ("value", "values"),
    "number": ("#", "no", "number", "id", "claim id", "n", "№"),
}
COLUMNS = {name: kind for kind, names in _COLUMNS.items() for name in names}
_TRUE = frozenset("✓ ✔ ☑ ✅ yes y true 1 verified [x]".split())
_FALSE = frozenset("× ✗ ✘ ☒ ❌ ✖ no n false 0 unverified [ ]".split()) | {"[ ]", "not verified"}
_MARKS = "|".join(sorted((re.escape(mark) for mark in _TRUE | _FALSE), key=len, reverse=True))
_FITS = {
    "flag": re.compile(rf"(?:{_MARKS}|[-–—])\ufe0f?", re.IGNORECASE),
    "confidence": re.compile(rf"{DECIMAL}%?|[-–—]|n/a"),
    "number": re.compile(r"(?:[#a-z]{0,2}[0-9]{1,5}[.)]?)", re.IGNORECASE),
    "source": re.compile(r"(?:\[?s?[0-9]{1,4}\]?,?)+|arXiv:\S+|https?://\S+|doi:\S+|[-–—]", re.IGNORECASE),
    "locator": re.compile(r"§\S+|p\.\S+|[-–—]"),
    "values": re.compile(rf"{DECIMAL}%?|[-–—]"),
}
_VALUE = re.compile(rf"({DECIMAL})\s{{0,2}}([^\s;,\d][^\s;,]{{0,30}})?")


def claims(lines: list[str] | None, cited: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """Return the claims of a section in printed order; None when it shows no list, [] for an empty one.

    Raises ReportError for a row with a flag or a confidence but no text.
    """
    if lines is None:
        return None
    table = _tables.find(lines, COLUMNS, "claim", _FITS)
    if table:
        rows = [row for row in table.rows if any(row)]
        return [_claim(number, table, row, cited) for number, row in enumerate(rows, 1)]
    items = [block for block in blocks(lines) if block]
    if not items or (len(items) == 1 and _references.is_none(items[0])):
        return []
    if not any(list_item(line) is not None for line in lines):
        return None
    listed = _tables.Table(("claim",), tuple((item,) for item in _items(lines)))
    return [_claim(number, listed, row, cited) for number, row in enumerate(listed.rows, 1)]


def _items(lines: list[str]) -> list[str]:
    first = next(position for position, line in enumerate(lines) if list_item(line) is not None)
    return blocks(lines[first:])


def _claim(
    number: int, table: _tables.Table, row: tuple[str, ...], cited: list[dict[str, Any]] | None
) -> dict[str, Any]:
    text = table.cell(row, "claim")
    if not text:
        raise ReportError(f"row {number} of the claim table has no text, expected a claim")
    flag = optional(table.cell(row, "flag"))
    return {
        "id": f"c{number:03d}",
        "text": text,
        "stated": {
            "verified": verified(flag),
            "flag": flag,
            "confidence": optional(table.cell(row, "confidence")),
        },
        "sources": _references.named(table.cell(row, "source"), cited),
        "locator": optional(table.cell(row, "locator")),
        "values": _values(table.cell(row, "values")),
    }


def verified(flag: str | None) -> bool | None:
    """Read a flag as printed; None for one that is not known, such as a lone x, which some use as a tick."""
    mark = (flag or "").replace("\ufe0f", "").strip().casefold()
    return True if mark in _TRUE else False if mark in _FALSE else None


def _values(cell: str) -> list[dict[str, Any]] | None:
    found = [measure(match[0].strip(), match[1], match[2]) for match in _VALUE.finditer(cell)]
    return found or None
