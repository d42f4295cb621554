"""Claims and sources as JSON lines, and verdicts as such: the interface of ``colophon ground``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from colophon import given_files
from colophon.errors import UsageError
from colophon.grounding.source import Source
from colophon.grounding.tables import Table
from colophon.grounding.verdicts import Grounding, Span

_KINDS = ("full", "abstract", "table")
_MOST_MEBIBYTES = 1024
_CLAIM = 'expected {"id": text, "text": text, "sources": [ids] or null}'
_SOURCE = (
    'expected {"id": text, "kind": "full", "abstract" or "table"} with one of "text": text, '
    '"sentences": [texts] or "table": {"caption": text, "columns": [texts], "rows": [[texts]]}'
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, and the ids of the sources that it names; None names none, and all are searched."""

    id: str
    text: str
    sources: tuple[str, ...] | None


def claims(path: Path) -> list[Claim]:
    """Read claims.  Raises UsageError with file and line for one that is malformed."""
    found: dict[str, Claim] = {}
    for where, one in _objects(path, _CLAIM):
        named = one.get("sources")
        if named is not None and not _are_texts(named):
            raise _fault(where, '"sources" is no list of ids', _CLAIM)
        claim = Claim(
            _text(one, "id", where, _CLAIM),
            _text(one, "text", where, _CLAIM),
            None if named is None else tuple(named),
        )
        if claim.id in found:
            raise _fault(where, f"the id {claim.id!r} stands twice", "expected one claim with each id")
        found[claim.id] = claim
    return list(found.values())


def sources(path: Path) -> list[Source | Table]:
    """Read sources.  Raises UsageError with file and line for one that is malformed."""
    found: dict[str, Source | Table] = {}
    for where, one in _objects(path, _SOURCE):
        source = _source(one, where)
        if source.name in found:
            raise _fault(where, f"the id {source.name!r} stands twice", "expected one source with each id")
        found[source.name] = source
    return list(found.values())


def _source(one: dict[str, Any], where: str) -> Source | Table:
    name, kind = _text(one, "id", where, _SOURCE), one.get("kind")
    if kind not in _KINDS:
        raise _fault(where, f'"kind" is {_shown(kind)}', _SOURCE)
    held = [key for key in ("text", "sentences", "table") if one.get(key) is not None]
    if len(held) != 1 or (held[0] == "table") != (kind == "table"):
        raise _fault(
            where, f"the source has {' and '.join(held) or 'no text'}, and its kind is {kind}", _SOURCE
        )
    if held[0] == "table":
        return _table(name, one["table"], where)
    title = one.get("title") or ""
    if not isinstance(title, str):
        raise _fault(where, '"title" is no text', _SOURCE)
    if held[0] == "sentences":
        if not _are_texts(one["sentences"]):
            raise _fault(where, '"sentences" is no list of texts', _SOURCE)
        return Source(name, kind, "", title, one["sentences"])
    return Source(name, kind, _text(one, "text", where, _SOURCE), title)


def _table(name: str, table: Any, where: str) -> Table:
    rows = table.get("rows") if isinstance(table, dict) else None
    columns = table.get("columns") if isinstance(table, dict) else None
    if (
        not isinstance(rows, list)
        or not isinstance(columns, list)
        or not all(isinstance(r, list) for r in rows)
    ):
        raise _fault(where, '"table" has no lists "columns" and "rows"', _SOURCE)
    cells = [_cells(row, where) for row in rows]
    return Table(name, str(table.get("caption") or ""), _cells(columns, where), tuple(cells))


def _cells(row: list[Any], where: str) -> tuple[str, ...]:
    if any(isinstance(cell, dict | list) for cell in row):
        raise _fault(where, "a cell of the table is an object or a list", _SOURCE)
    return tuple("" if cell is None else str(cell) for cell in row)


def _objects(path: Path, expected: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (file:line, object) of every line that is not empty."""
    for number, line in enumerate(given_files.read(path, _MOST_MEBIBYTES).split(b"\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise _fault(where, f"no JSON: {error}", expected) from error
        if not isinstance(value, dict):
            raise _fault(where, f"the line is {_shown(value)} and no object", expected)
        yield where, value


def _text(one: dict[str, Any], key: str, where: str, expected: str) -> str:
    value = one.get(key)
    if not isinstance(value, str):
        raise _fault(where, f'"{key}" is {_shown(value)} and no text', expected)
    return value


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _shown(value: Any) -> str:
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    return "missing" if value is None else repr(value)[:60]


def _fault(where: str, what: str, expected: str) -> UsageError:
    return UsageError(f"{where}: {what}; {expected}")


def line(claim: Claim, found: Grounding) -> bytes:
    """Return the verdict on a claim as one line."""
    document = {
        "claim": claim.id,
        "verdict": found.verdict,
        "spans": [_span(span) for span in found.spans],
        "signals": found.signals,
        "rule": found.rule,
    }
    return orjson.dumps(document) + b"\n"


def _span(span: Span) -> dict[str, Any]:
    place = {} if span.sentence is None else {"sentence": span.sentence}
    return {"source": span.source, "start": span.start, "end": span.end, **place, "quote": span.quote}
