"""Claims from a claim table or list."""

import re
from typing import Any

from colophon.errors import ReportError
from colophon.ingests import _references, _tables
from colophon.ingests._numbers import DECIMAL, measure
from colophon.ingests._text import blocks, list_item, optional

# Of two columns for one kind the name that stands first is read: "Claim | Statement" numbers its claims.
_COLUMNS = {
    "claim": (
        "claim text", "extracted claim", "statement", "statements", "assertion", "assertions",
        "claim", "claims", "finding", "findings", "text",
    ),
    "flag": (
        "verified", "independently verified", "verified flag", "is verified", "verification", "supported",
        "is supported", "support", "grounded", "confirmed", "valid", "check", "checked", "status", "flag",
        "verdict", "verification status",
    ),
    "confidence": (
        "confidence", "confidence score", "conf", "similarity", "similarity score", "cosine",
        "cosine similarity", "cosine score", "tf-idf similarity", "tf-idf score", "score",
    ),
    "source": (
        "source", "sources", "cited source", "reference", "references", "ref", "refs", "citation",
        "citations", "source id", "paper",
    ),
    "locator": ("locator", "location", "place", "section", "page", "pages", "passage", "where"),
    "values": ("value", "values"),
    "number": ("#", "no", "nr", "number", "id", "claim id", "claim no", "claim number", "claim #", "n", "№"),
}  # fmt: skip
COLUMNS = {name: kind for kind, names in _COLUMNS.items() for name in names}
_TICKS = "✓ ✔ ☑ ✅".split()
_CROSSES = "× ✗ ✘ ☒ ❌ ✖".split()
_YES = "yes y true 1 verified supported confirmed valid grounded pass passed [x]"
_NO = "no n false 0 unverified unsupported unconfirmed invalid fail failed"
_NOT = ("[ ]", "not verified", "not supported", "not confirmed", "not grounded")
_TRUE = frozenset([*_TICKS, *_YES.split()])
_FALSE = frozenset([*_CROSSES, *_NO.split(), *_NOT])
_LEADING = re.compile(rf"({'|'.join(_TICKS + _CROSSES)}|\[[xX ]\])\ufe0f?\s{{1,4}}(?=\S)")
_TRAILING = re.compile(
    rf"\s{{1,4}}(?:[-–—|:]\s{{1,4}})?[(\[]?({'|'.join(_TICKS + _CROSSES)})\ufe0f?[)\]]?"
    rf"(?:[\s,(|]{{1,4}}({DECIMAL}%?)\)?)?$"
)
_LOOSE = re.compile(r"[|\t]|\s{3,}")
_ENDS_IN_MARK = re.compile(
    rf"\s(?:{chr(124).join(_TICKS + _CROSSES)})\ufe0f?(?:\s{{1,4}}{DECIMAL}){{0,2}}\s{{0,4}}$"
)
_MARKS = "|".join(sorted((re.escape(mark) for mark in _TRUE | _FALSE), key=len, reverse=True))
_FITS = {
    "flag": re.compile(rf"(?:{_MARKS}|[-–—])\ufe0f?", re.IGNORECASE),
    "confidence": re.compile(rf"{DECIMAL}%?|[-–—]|n/a"),
    "number": re.compile(r"(?:[#a-z]{0,2}[0-9]{1,5}[.)]?)", re.IGNORECASE),
    "source": re.compile(r"(?:\[?s?[0-9]{1,4}\]?,?)+|arXiv:\S+|https?://\S+|doi:\S+|[-–—]", re.IGNORECASE),
    "locator": re.compile(r"§\S+|p\.\S+|[-–—]"),
    "values": re.compile(rf"{DECIMAL}%?|[-–—]"),
}
# A power of ten behind a number is no unit, so such a value is not read.
_VALUE = re.compile(
    rf"(?<![\w.,^])({DECIMAL})(?!\s{{0,2}}[×x*·]\s{{0,2}}10|[.,]?\d|\^)\s{{0,2}}(?:([^\s;,\d][^\s;,]{{0,99}})(?![^\s;,]))?"
)


def claims(
    lines: list[str] | None, cited: list[dict[str, Any]] | None
) -> tuple[list[dict[str, Any]] | None, list[str]]:
    """Return the claims of a section in printed order, and words for what of it was not read.

    Claims are None when the section shows no list, [] for an empty one.  Raises ReportError for a row with a
    flag or a confidence but no text.
    """
    if lines is None:
        return None, []
    tables = _tables.find_all(lines, COLUMNS, "claim", _FITS)
    if tables:
        return _tabled(tables, cited)
    items = [block for block in blocks(lines) if block]
    if not items or (len(items) == 1 and _references.is_none(items[0])):
        return [], []
    if not any(list_item(line) is not None for line in lines):
        head = next(line.strip() for line in lines if line.strip())
        loose = _LOOSE.search(head) or any(map(_ENDS_IN_MARK.search, lines))
        return None, [f"table that begins {head!r} in the section of claims"] if loose else []
    found, prose = _items(lines)
    listed = _tables.Table(("flag", "claim", "confidence"), tuple(_marked(item) for item in found if item))
    return _unsure([_claim(number, (listed, row), cited) for number, row in enumerate(listed.rows, 1)], prose)


def _tabled(
    tables: list[_tables.Table], cited: list[dict[str, Any]] | None
) -> tuple[list[dict[str, Any]], list[str]]:
    """The claims of all tables, numbered throughout."""
    unread = [f"column {name!r} of the claims table" for table in tables for name in table.unknown]
    lines = [line for table in tables for line in _apart(table.rest)]
    unread += [f"line {line!r} beside the claims table" for line in lines]
    rows = [(table, row) for table in tables for row in table.rows if any(row)]
    return _unsure([_claim(number, row, cited) for number, row in enumerate(rows, 1)], unread)


def _items(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part the items of a list, each with the lines it goes on, from the prose around them."""
    items: list[list[str]] = []
    prose: list[str] = []
    within = False
    for line in lines:
        if list_item(line) is not None:
            items.append([line])
            within = True
        elif within and line.strip() and (items[-1][-1].strip() or line[:2].isspace()):
            items[-1].append(line)
        elif within and not line.strip():
            items[-1].append("")
        else:
            prose.append(line)
            within = False
    return [" ".join(blocks(item)) for item in items], [
        f"line {line!r} beside the claims" for line in blocks(prose)
    ]


def _apart(lines: tuple[str, ...]) -> list[str]:
    return [block for block in blocks(lines) if not _references.is_none(block)]


def _marked(item: str) -> tuple[str, str, str]:
    """Part a claim of a list from the tick or cross before or behind it and from its confidence."""
    if match := _LEADING.match(item):
        return match[1], item[match.end() :], ""
    if match := _TRAILING.search(item[-60:]):
        return match[1], item[: len(item) - len(match[0])], match[2] or ""
    return "", item, ""


def _unsure(found: list[dict[str, Any]], unread: list[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Add the marks that are neither tick nor cross to what was not read."""
    flags = [claim["stated"]["flag"] for claim in found if claim["stated"]["verified"] is None]
    marks = dict.fromkeys(flag for flag in flags if flag is not None)
    return found, [*unread, *(f"mark {mark!r} of {flags.count(mark)} of the claims" for mark in marks)]


def _claim(
    number: int, shown: tuple[_tables.Table, tuple[str, ...]], cited: list[dict[str, Any]] | None
) -> dict[str, Any]:
    table, row = shown
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
