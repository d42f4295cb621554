"""A record's folder: its documents read, linked and folded into a :class:`~colophon.fold.Record`."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from colophon import canon, contracts, documents, faults, schema, yaml_guard
from colophon.contracts.correction_event import Event
from colophon.contracts.paper_manifest import Manifest
from colophon.contracts.source_provenance import Provenance
from colophon.documents import Document
from colophon.fold import FiledEvent, Record
from colophon.model import Fault, Finding
from colophon.store import Entry, Tree

MANIFESTS = ("paper-manifest-v1", "paper-manifest-v1.1")
PROVENANCES = ("source-provenance-v1",)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_FILES = ("manifest.json", "provenance.json", "report.txt")
_EVENT_NAME = re.compile(r"[a-z0-9-]{3,40}\.yaml")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a folder holds.  ``record`` is None when an integrity finding prevents reading it.

    ``manifest`` is the stored document; ``stored`` holds both documents by file name, for line look-ups.
    """

    id: str
    folder: str
    record: Record | None
    findings: tuple[Finding, ...]
    digest: str
    manifest: dict[str, Any] | None = None
    stored: dict[str, Any] = field(default_factory=dict)


def record_folders(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield (id, folder) of everything that lies two levels below ``papers``, in sorted order."""
    for shard in tree.entries("papers"):
        if shard.kind == "folder":
            for entry in tree.entries(f"papers/{shard.name}"):
                if entry.kind == "folder":
                    yield entry.name, f"papers/{shard.name}/{entry.name}"


def load(tree: Tree, record_id: str, folder: str, prefix: str, engine: schema.Engine = "fast") -> Loaded:
    """Read the folder of one record.  ``prefix`` is the registry's prefix of display ids."""
    entries = {entry.name: entry for entry in tree.entries(folder)}
    found = list(_layout_findings(record_id, folder, entries))
    manifest = _document(tree, folder, entries, "manifest.json", MANIFESTS, record_id, engine)
    provenance = _document(tree, folder, entries, "provenance.json", PROVENANCES, record_id, engine)
    report = _report(tree, folder, entries, record_id)
    events = _events(tree, folder, entries, record_id)
    parts = [part for part in (manifest, provenance, report, *events) if part is not None]
    for part in parts:
        found.extend(part.findings)
    digest = _digest(parts)
    if manifest is None or provenance is None or manifest.data is None or provenance.data is None:
        return Loaded(record_id, folder, None, tuple(sorted(found)), digest)
    found.extend(_agreement(record_id, prefix, manifest, provenance, report))
    record = Record(
        record_id, folder, manifest.data["contract_version"],
        cast(Manifest, contracts.read(manifest.data)),
        cast(Provenance, contracts.read(provenance.data)),
        tuple(_filed(events)),
    )  # fmt: skip
    stored = {"manifest.json": manifest.data, "provenance.json": provenance.data}
    return Loaded(record_id, folder, record, tuple(sorted(found)), digest, manifest.data, stored)


def _layout_findings(record_id: str, folder: str, entries: dict[str, Entry]) -> Iterator[Finding]:
    shard = folder.split("/")[1]
    if not UUID.fullmatch(record_id):
        fault = Fault("S112", 1, "", f"folder name {record_id!r} is no id, expected a lower-case UUID")
        yield faults.finding(fault, folder, "")
    elif shard != record_id[:2]:
        fault = Fault("S112", 1, "", f"folder lies in papers/{shard}, expected papers/{record_id[:2]}")
        yield faults.finding(fault, folder, record_id)
    for name in _FILES:
        if name not in entries:
            fault = Fault("S117", 1, "", f"{name} is missing, expected {', '.join(_FILES)}")
            yield faults.finding(fault, f"{folder}/{name}", record_id)
    for name, entry in entries.items():
        if entry.kind == "other":
            fault = Fault("S108", 1, "", f"{name} is a link or device, expected a plain file")
        elif name in _FILES or (name == "corrections" and entry.kind == "folder"):
            continue
        else:
            fault = Fault("S114", 1, "", f"{name} has no place in a record's folder")
        yield faults.finding(fault, f"{folder}/{name}", record_id)


def _document(
    tree: Tree,
    folder: str,
    entries: dict[str, Entry],
    name: str,
    allowed: tuple[str, ...],
    record_id: str,
    engine: schema.Engine,
) -> Document | None:
    if name not in entries or entries[name].kind == "other":
        return None
    return documents.read_json(tree, f"{folder}/{name}", entries[name], allowed, record_id, engine)


def _report(tree: Tree, folder: str, entries: dict[str, Entry], record_id: str) -> Document | None:
    """Read the report's bytes; it is kept as received, so its content is not judged."""
    entry = entries.get("report.txt")
    if entry is None or entry.kind == "other":
        return None
    path = f"{folder}/report.txt"
    refused = documents.oversized(entry, canon.MAX_BYTES)
    if refused is not None:
        return Document(path, None, b"", (faults.finding(refused, path, record_id),))
    return Document(path, {}, tree.read(path))


def _events(tree: Tree, folder: str, entries: dict[str, Entry], record_id: str) -> list[Document]:
    """Read the correction events of a record; each file's name is a slug."""
    if "corrections" not in entries or entries["corrections"].kind != "folder":
        return []
    events = []
    for entry in tree.entries(f"{folder}/corrections"):
        path = f"{folder}/corrections/{entry.name}"
        if not _EVENT_NAME.fullmatch(entry.name) or entry.kind != "file":
            fault = Fault(
                "S114", 1, "", f"{entry.name!r} is no event, expected a file [a-z0-9-]{{3,40}}.yaml"
            )
            events.append(Document(path, None, b"", (faults.finding(fault, path, record_id),)))
            continue
        event = documents.read_yaml(tree, path, entry, "correction-event-v1", record_id)
        wrong = _event_fault(event, event.data, record_id) if event.data is not None else None
        if wrong is not None:
            event = Document(path, None, event.raw, (faults.finding(wrong, path, record_id),))
        events.append(event)
    return events


def _event_fault(document: Document, event: dict[str, Any], record_id: str) -> Fault | None:
    """Return what is wrong with an event in this folder."""
    if event["paper"] != record_id:
        message = f"event names paper {event['paper']}, it lies in {record_id}"
        return Fault("S112", yaml_guard.read(document.raw).lines["/paper"], "/paper", message)
    if event.get("changes"):
        # Accepting a change without applying it would show a corrected state over uncorrected text.
        message = (
            "changes of fields are not applied by this version, expected a notice that says it in its note"
        )
        return Fault("S110", yaml_guard.read(document.raw).lines["/changes"], "/changes", message)
    return None


def _filed(events: list[Document]) -> Iterator[FiledEvent]:
    """Yield readable events in order of date, then id."""
    filed = []
    for document in events:
        if document.data is not None:
            day = document.data["date"][:10]
            event = cast(Event, contracts.read(document.data))
            slug = document.path.rpartition("/")[2].removesuffix(".yaml")
            filed.append(FiledEvent(f"{day}-{hashlib.sha256(document.raw).hexdigest()[:12]}", slug, event))
    yield from sorted(filed, key=lambda item: (item.event.date, item.id))


def _digest(parts: list[Document]) -> str:
    """Return the digest of the sorted (path, blob digest) pairs: the key of everything derived."""
    pairs = sorted((part.path, canon.digest(part.raw)) for part in parts)
    return canon.digest("".join(f"{path}\0{value}\n" for path, value in pairs).encode())


def _agreement(
    record_id: str, prefix: str, manifest: Document, provenance: Document, report: Document | None
) -> Iterator[Finding]:
    """Yield what does not agree between the documents of one record."""
    for document, found in (
        (manifest, [*_identity(record_id, prefix, manifest.data or {}), *_links(manifest.data or {})]),
        (provenance, _ingest(record_id, provenance.data or {}, report)),
    ):
        for pointer, code, message in found:
            fault = Fault(code, canon.stored_line(document.data, pointer), pointer, message)
            yield faults.finding(fault, document.path, record_id)


def _identity(record_id: str, prefix: str, manifest: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = []
    if manifest["id"] != record_id:
        found.append(("/id", "S112", f"id is {manifest['id']}, the folder is {record_id}"))
    expected = f"{prefix}:{manifest['id'][:8].upper()}"
    if manifest["display_id"] != expected:
        found.append(("/display_id", "S112", f"display id is {manifest['display_id']}, expected {expected}"))
    return found


def _links(manifest: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = []
    sources = {source["id"] for source in manifest["sources"] or ()}
    for position, claim in enumerate(manifest["claims"] or ()):
        expected = f"c{position + 1:03d}"
        if claim["id"] != expected:
            message = f"claim is named {claim['id']}, expected {expected} in printed order"
            found.append((f"/claims/{position}/id", "S112", message))
        for number, name in enumerate(claim["sources"] or ()):
            if name not in sources:
                message = f"claim names source {name}, which the record does not list"
                found.append((f"/claims/{position}/sources/{number}", "S113", message))
    for position, pointer in enumerate(manifest.get("truncated", ())):
        if not isinstance(_resolve(manifest, pointer), str):
            found.append((f"/truncated/{position}", "S113", f"{pointer} is no text of this manifest"))
    return found


def _resolve(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return None
    return value


def _ingest(
    record_id: str, provenance: dict[str, Any], report: Document | None
) -> list[tuple[str, str, str]]:
    found = []
    if provenance["paper"] != record_id:
        found.append(("/paper", "S112", f"provenance is of {provenance['paper']}, the folder is {record_id}"))
    if report is not None and report.data is not None:
        stored = canon.digest(report.raw)
        if provenance["ingest"]["sha256"] != stored:
            found.append(("/ingest/sha256", "S113", f"digest differs from report.txt, which is {stored}"))
        elif provenance["ingest"]["size"] != len(report.raw):
            found.append(("/ingest/size", "S113", f"size differs from report.txt, {len(report.raw)} bytes"))
    return found
