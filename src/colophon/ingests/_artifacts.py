"""Files that a report says exist."""

import re
from collections.abc import Sequence
from typing import Any

from colophon.ingests import _references, _tables
from colophon.ingests._fields import labelled
from colophon.ingests._text import bare, blocks, label, optional

_COLUMNS = {
    "type": "type",
    "artifact": "type",
    "kind": "type",
    "label": "label",
    "name": "label",
    "description": "label",
    "url": "url",
    "address": "url",
    "link": "url",
    "sha256": "sha256",
    "sha-256": "sha256",
    "digest": "sha256",
    "format": "format",
    "media type": "format",
}
_DIGEST = re.compile(
    r"(?:sha-?256\s{0,2}[:=]?\s{0,2})?(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])", re.IGNORECASE
)


def artifacts(lines: Sequence[str] | None, rows: list[tuple[str, str]]) -> list[dict[str, Any]] | None:
    """Return the artifacts of a section and of rows named ``<type> artifact``; None when none are shown."""
    if lines is None:
        return [_artifact(kind, value) for kind, value in rows] or None
    table = _tables.find(lines, _COLUMNS, "type", {})
    if table:
        listed = [_from_row(table, row) for row in table.rows if table.cell(row, "type")]
    else:
        pairs = [labelled(block) for block in blocks(lines) if not _references.is_none(block)]
        listed = [
            _artifact(label(pair[0]).removesuffix(" artifact"), pair[1])
            for pair in pairs
            if pair and label(pair[0])
        ]
    return [*(_artifact(kind, value) for kind, value in rows), *listed]


def _from_row(table: _tables.Table, row: tuple[str, ...]) -> dict[str, Any]:
    parts = _artifact(table.cell(row, "type"), " ".join((table.cell(row, "url"), table.cell(row, "sha256"))))
    return parts | {
        "label": optional(table.cell(row, "label")),
        "format": optional(table.cell(row, "format")),
    }


def _artifact(kind: str, value: str) -> dict[str, Any]:
    digest = _DIGEST.search(value)
    rest = value.replace(digest[0], "") if digest else value
    cited = _references.source(rest)
    text = rest if cited["url"] is None else cited["title"]
    return {
        "type": bare(kind),
        "label": optional((text or "").strip(" ,;()")),
        "url": cited["url"],
        "sha256": f"sha256:{digest[1].lower()}" if digest else None,
        "format": None,
    }
