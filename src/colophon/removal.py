"""What stands in the place of a file that was removed, and what a record without its documents reads as."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from colophon import canon, schema
from colophon.characters import unix

_NOTE = re.compile(
    rb'\{"removed": "(sha256:[0-9a-f]{64})"(?:, "date": "([0-9TZ:-]{10,20})", "waited": (true|false))?\}\n'
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")
TITLE = "Removed record"


@dataclass(frozen=True, slots=True)
class Note:
    """What stands in the place of a removed file: its digest.

    That of a correction also says its date, as filed, and whether it waited for a review.  So the versions
    that it and its review began keep their numbers, and those behind them keep their addresses.
    """

    digest: str
    date: str = ""
    waited: bool = False

    @property
    def raw(self) -> bytes:
        """The note as it stands in the file: one line."""
        more = f', "date": "{self.date}", "waited": {str(self.waited).lower()}' if self.date else ""
        return f'{{"removed": "{self.digest}"{more}}}\n'.encode()

    @property
    def line(self) -> str:
        """The note without its line feed, for a message."""
        return self.raw.decode().removesuffix("\n")


LONGEST = len(Note("sha256:" + "0" * 64, "2026-01-01T00:00:00Z").raw)


def read_note(raw: bytes) -> Note | None:
    """Return the note that these bytes are, exactly, or None."""
    found = _NOTE.fullmatch(raw)
    if found is None:
        return None
    date = (found[2] or b"").decode()
    return Note(found[1].decode(), date, found[3] == b"true") if not date or _is_date(date) else None


def meant_note(raw: bytes) -> Note | None:
    """Return the note that these bytes were meant to be: as an editor leaves it, or a person writes it."""
    value = canon.read(unix(raw)).value if len(raw) <= 2 * LONGEST else None
    if not isinstance(value, dict):
        return None
    note = Note(str(value.get("removed")), str(value.get("date") or ""), value.get("waited") is True)
    return read_note(note.raw)


def removed_digest(raw: bytes) -> str | None:
    """Return the digest of the file that these bytes stand for, or None for any other bytes."""
    note = read_note(raw)
    return note.digest if note is not None else None


def _is_date(date: str) -> bool:
    with suppress(ValueError):
        return _DATE.fullmatch(date) is not None and bool(datetime.fromisoformat(date.removesuffix("Z")))
    return False


def blank_manifest(record_id: str, prefix: str) -> dict[str, Any]:
    """Return a manifest that says nothing: what a record whose manifest was removed reads as."""
    contract = "paper-manifest-v1.1"
    blank = schema.blank_at(contract, [])
    blank["stated"] = {**blank["stated"], "counts": [], "totals": []}
    known = {
        "contract_version": contract,
        "id": record_id,
        "display_id": f"{prefix}:{record_id[:8].upper()}",
        "publisher": {"name": "removed", "url": None},
        "title": TITLE,
        "truncated": [],
        "extensions": {},
    }
    ordered: dict[str, Any] = schema.ordered(contract, {**blank, **known})
    return ordered


def blank_provenance(record_id: str, digest: str, size: int) -> dict[str, Any]:
    """Return a provenance that says nothing but the digest and size, in bytes, of the report."""
    contract = "source-provenance-v1"
    ingest = {"file_name": "removed", "size": size, "sha256": digest, "format": "removed", "version": 1}
    known = {"contract_version": contract, "paper": record_id, "ingest": ingest}
    ordered: dict[str, Any] = schema.ordered(contract, {**schema.blank_at(contract, []), **known})
    return ordered
