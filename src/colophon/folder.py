"""A record's folder: its documents read, linked and folded into a :class:`~colophon.fold.Record`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

from colophon import canon, contracts, documents, faults, links, removal, schema
from colophon.contracts.paper_manifest import Manifest
from colophon.contracts.source_provenance import Provenance
from colophon.documents import Document
from colophon.entries import FiledEvent, ordered
from colophon.event_findings import event_findings
from colophon.filed import Filed
from colophon.filed import read as read_filed
from colophon.fold import Documents, Record, fold
from colophon.gathering import FOLDERS, Beside, Gathered, gather, without_manifest
from colophon.layout import UUID
from colophon.model import Fault, Finding
from colophon.store import Entry, Tree

MANIFESTS = ("paper-manifest-v1", "paper-manifest-v1.1")
PROVENANCES = ("source-provenance-v1",)
_FILES = ("manifest.json", "provenance.json", "report.txt")
_FOLDERS = ("corrections", *FOLDERS)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a folder holds.  ``record`` is None when an integrity finding prevents reading it.

    ``filed`` is what people filed about it, readable or not.  ``manifest`` is the stored document; ``stored``
    holds both documents by file name, for line look-ups.
    """

    id: str
    folder: str
    record: Record | None
    findings: tuple[Finding, ...]
    digest: str
    filed: Filed
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
    people = read_filed(tree, folder, record_id)
    parts = _parts(tree, folder, entries, record_id, engine)
    removed = _removed(parts, people.events)
    for name in removed:
        parts[name] = _blank(name, parts, record_id, prefix)
    found = list(_layout_findings(record_id, folder, entries))
    found.extend(finding for part in (*parts.values(), *people.documents) for finding in part.findings)
    found.extend(_unexplained(people, folder, record_id))
    manifest, provenance = parts.get("manifest.json"), parts.get("provenance.json")
    read = [*parts.values(), *people.documents]
    if manifest is None or provenance is None or manifest.data is None or provenance.data is None:
        digest = _digest(read)
        return Loaded(record_id, folder, None, tuple(sorted(found)), digest, people)
    report = None if "report.txt" in removed else parts.get("report.txt")
    found.extend(_agreement(record_id, prefix, manifest, provenance, report))
    record = _record(record_id, folder, manifest.data, provenance.data, people, removed)
    beside = Beside(record_id, folder, entries.keys())
    gathered = _gathered(tree, beside, record, canon.digest(manifest.raw), people)
    record = replace(record, evidence=gathered.evidence)
    found.extend(gathered.findings)
    digest = _digest(read, gathered.digests)
    submitted, raw = record.filed.manifest["submitted"], None if report is None else report.raw
    found.extend(event_findings(record_id, people, record.steps, submitted, raw))
    stored = {"manifest.json": manifest.data, "provenance.json": provenance.data}
    return Loaded(record_id, folder, record, tuple(sorted(found)), digest, people, manifest.data, stored)


def _parts(
    tree: Tree, folder: str, entries: dict[str, Entry], record_id: str, engine: schema.Engine
) -> dict[str, Document]:
    """Read the three files that were filed first, by name; one that is missing or no file is left out."""
    parts = {}
    for name, allowed in (("manifest.json", MANIFESTS), ("provenance.json", PROVENANCES), ("report.txt", ())):
        entry = entries.get(name)
        if entry is None or entry.kind == "other":
            continue
        path = f"{folder}/{name}"
        if name == "report.txt":
            parts[name] = _report(tree, path, entry, record_id)
        else:
            parts[name] = documents.read_json(tree, path, entry, allowed, record_id, engine)
    return parts


def _report(tree: Tree, path: str, entry: Entry, record_id: str) -> Document:
    """Read the report's bytes; it is kept as received, so its content is not judged."""
    refused = documents.oversized(entry, canon.MAX_BYTES)
    if refused is not None:
        return Document(path, None, b"", (faults.finding(refused, path, record_id),))
    return Document(path, {}, tree.read(path))


def _removed(parts: dict[str, Document], events: tuple[FiledEvent, ...]) -> tuple[str, ...]:
    """Return the files that a REMOVAL took away: what stands there names the digest that the event names."""
    removals = {(one.event.removal.file, one.event.removal.sha256) for one in events if one.event.removal}
    return tuple(name for name, part in parts.items() if (name, removal.removed_digest(part.raw)) in removals)


def _unexplained(people: Filed, folder: str, record_id: str) -> Iterator[Finding]:
    """Yield the notes of removals that no REMOVAL explains, in place of corrections, reviews and refusals."""
    removals = {
        (one.event.removal.file, one.event.removal.sha256) for one in people.events if one.event.removal
    }
    for document in people.documents:
        digest = removal.removed_digest(document.raw)
        file = document.path.removeprefix(f"{folder}/")
        if digest is not None and (file, digest) not in removals:
            message = f"is the note of a removal, and no event of type REMOVAL names {file} with {digest}"
            yield faults.finding(Fault("S113", 1, "/removed", message), document.path, record_id)


def _blank(name: str, parts: dict[str, Document], record_id: str, prefix: str) -> Document:
    """Return what a removed file reads as: nothing is known of what it said."""
    part = parts[name]
    if name == "manifest.json":
        return Document(part.path, removal.blank_manifest(record_id, prefix), part.raw)
    if name == "provenance.json":
        report = parts.get("report.txt")
        raw = report.raw if report is not None else b""
        digest = removal.removed_digest(raw) or canon.digest(raw)
        return Document(part.path, removal.blank_provenance(record_id, digest, len(raw)), part.raw)
    return Document(part.path, {}, part.raw)


def _record(
    record_id: str,
    folder: str,
    manifest: dict[str, Any],
    provenance: dict[str, Any],
    people: Filed,
    removed: tuple[str, ...],
) -> Record:
    """Fold what was filed over its events and reviews."""
    as_filed = Documents(contracts.upgraded(manifest), contracts.upgraded(provenance))
    last, steps = as_filed, []
    for version in fold(as_filed, ordered(people.entries)):
        last = version.documents
        steps += [version.step] if version.step is not None else []
    return Record(
        record_id, folder, manifest["contract_version"],
        cast(Manifest, contracts.read(last.manifest)),
        cast(Provenance, contracts.read(last.provenance)),
        as_filed, last, tuple(steps), people.refusals, removed,
    )  # fmt: skip


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
        elif name in _FILES or (name in _FOLDERS and entry.kind == "folder"):
            continue
        else:
            fault = Fault("S114", 1, "", f"{name} has no place in a record's folder")
        yield faults.finding(fault, f"{folder}/{name}", record_id)


def _gathered(tree: Tree, beside: Beside, record: Record, manifest_sha256: str, people: Filed) -> Gathered:
    """Read the evidence of a record that is otherwise read."""
    if "manifest.json" in record.removed:
        return without_manifest(tree, beside)
    confirmed = {(one.review.file, one.review.sha256) for one in people.reviews}
    return gather(tree, beside, record.as_filed().manifest, manifest_sha256, confirmed)


def _digest(parts: list[Document], more: Iterable[tuple[str, str]] = ()) -> str:
    """Return the digest of the sorted (path, blob digest) pairs: the key of everything derived."""
    pairs = sorted({*((part.path, canon.digest(part.raw)) for part in parts), *more})
    return canon.digest("".join(f"{path}\0{value}\n" for path, value in pairs).encode())


def _agreement(
    record_id: str, prefix: str, manifest: Document, provenance: Document, report: Document | None
) -> Iterator[Finding]:
    """Yield what does not agree between the documents of one record."""
    for document, found in (
        (manifest, [*_identity(record_id, prefix, manifest.data or {}), *_links(manifest.data or {})]),
        (provenance, _ingest(record_id, provenance.data or {}, report)),
    ):
        lines = canon.StoredLines(document.data)
        for pointer, code, message in found:
            fault = Fault(code, lines.line(pointer), pointer, message)
            yield faults.finding(fault, document.path, record_id)


def _identity(record_id: str, prefix: str, manifest: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = []
    if manifest["id"] != record_id:
        found.append(("/id", "S112", f"id is {manifest['id']}, the folder is {record_id}"))
    expected = f"{prefix}:{manifest['id'][:8].upper()}"
    if manifest["display_id"] != expected:
        found.append(("/display_id", "S112", f"display id is {manifest['display_id']}, expected {expected}"))
    for name in ("claims", "sources", "artifacts"):
        for position, item in enumerate(manifest[name] or ()):
            if "struck" in item:
                found.append((f"/{name}/{position}/struck", "S119", "only a correction strikes an item"))
    return found


def _links(manifest: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = [(pointer, "S112", message) for pointer, message in links.misnamed(manifest)]
    return found + [(pointer, "S113", message) for pointer, message in links.dangling(manifest)]


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
