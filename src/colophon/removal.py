"""What stands in the place of a file that was removed, and what a record without its documents reads as."""

import re
from typing import Any

from colophon import schema

_PLACEHOLDER = re.compile(rb'\{"removed": "(sha256:[0-9a-f]{64})"\}\n')
TITLE = "Removed record"


def placeholder(digest: str) -> bytes:
    """Return the bytes that stand in the place of a removed file with this digest."""
    return f'{{"removed": "{digest}"}}\n'.encode()


def removed_digest(raw: bytes) -> str | None:
    """Return the digest of the file that these bytes stand for, or None for any other bytes."""
    found = _PLACEHOLDER.fullmatch(raw)
    return found[1].decode() if found else None


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
