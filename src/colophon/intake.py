"""A report file becomes the first documents of a record."""

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from colophon import canon, characters, schema
from colophon.errors import ReportError
from colophon.ingests import FORMATS, Parsed, recognise
from colophon.layout import UUID, record_folder

MAX_BYTES = 5 * 1024 * 1024
_HEX = 8


@dataclass(frozen=True, slots=True)
class NewRecord:
    """The files of a new record, by registry-relative path, ready to be written.

    ``manifest`` are its facts as stored; ``unread`` says in words what the report shows and was not read.
    """

    id: str
    title: str
    format: str
    folder: str
    files: dict[str, bytes]
    prefix: str | None
    manifest: dict[str, Any]
    unread: tuple[str, ...] = ()


def read_report(file: Path, record_id: str | None, prefix: str) -> NewRecord:
    """Read one report file and return its record.

    Raises ReportError when the file is missing, empty, larger than 5 MB, binary or of no known format.
    """
    raw = _bytes(file)
    try:
        text = characters.tidy(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ReportError(f"{file}: byte {error.start} is not UTF-8, expected a text file") from error
    form = recognise(text)
    if form is None:
        known = ", ".join(FORMATS.all())
        raise ReportError(
            f"{file}: looks like none of the known report formats ({known})",
            "colophon ingest --help shows what each format looks like",
        )
    try:
        parsed = form.parse(text)
    except ReportError as error:
        raise ReportError(f"{file}: {error.message}", error.hint) from error
    stated_prefix, stated_hex = _stated(file, parsed)
    chosen = _id(file, raw, record_id, stated_hex)
    manifest = _manifest(parsed, chosen, stated_prefix or prefix)
    provenance = _provenance(parsed, chosen, file.name, raw, form.name, form.version)
    folder = record_folder(chosen)
    files = {f"{folder}/report.txt": raw}
    for name, document in (("manifest", manifest), ("provenance", provenance)):
        files[f"{folder}/{name}.json"] = _stored(file, document)
    return NewRecord(
        chosen, manifest["title"], form.name, folder, files, stated_prefix, manifest, parsed.unread
    )


def _bytes(file: Path) -> bytes:
    try:
        status = file.stat()
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            raise ReportError(f"{file}: is a pipe or device, expected a text file")
        if status.st_size > MAX_BYTES:
            raise ReportError(f"{file}: has {status.st_size} bytes, a report has at most {MAX_BYTES}")
        raw = file.read_bytes()
    except OSError as error:
        raise ReportError(f"{file}: cannot be read: {error.strerror}") from error
    if not raw.strip():
        raise ReportError(f"{file}: is empty, expected a report")
    if b"\0" in raw:
        raise ReportError(f"{file}: is binary, expected a text file")
    return raw


def _stated(file: Path, parsed: Parsed) -> tuple[str | None, str | None]:
    if parsed.display_id is None:
        return None, None
    prefix, _, digits = parsed.display_id.partition(":")
    return prefix, digits.lower()


def _id(file: Path, raw: bytes, given: str | None, stated_hex: str | None) -> str:
    """Return the id given, or a deterministic one (RFC 9562 version 8) that begins with the stated digits."""
    if given is None:
        name = (stated_hex or "") + hashlib.sha256(raw).hexdigest()
        name = f"{name[:12]}8{name[13:16]}{'89ab'[int(name[16], 16) % 4]}{name[17:32]}"
        return f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:32]}"
    chosen = given.lower()
    if not UUID.fullmatch(chosen):
        raise ReportError(f"--id {given!r} is no UUID, expected 8-4-4-4-12 hexadecimal digits")
    if stated_hex is not None and chosen[:_HEX] != stated_hex:
        raise ReportError(
            f"{file}: states an id that begins with {stated_hex}, --id begins with {chosen[:_HEX]}"
        )
    return chosen


def _manifest(parsed: Parsed, record_id: str, prefix: str) -> dict[str, Any]:
    return {
        **parsed.manifest,
        "contract_version": "paper-manifest-v1.1",
        "id": record_id,
        "display_id": f"{prefix}:{record_id[:_HEX].upper()}",
    }


def _provenance(
    parsed: Parsed, record_id: str, file_name: str, raw: bytes, form: str, version: int
) -> dict[str, Any]:
    name = (
        characters.tidy(file_name).replace("\n", " ").replace("\t", " ").encode("utf-8", "replace").decode()
    )
    return {
        **parsed.provenance,
        "contract_version": "source-provenance-v1",
        "paper": record_id,
        "ingest": {
            "file_name": name[:255],
            "size": len(raw),
            "sha256": canon.digest(raw),
            "format": form,
            "version": version,
        },
    }


def _stored(file: Path, document: dict[str, Any]) -> bytes:
    """Return the document in stored form.  Raises ReportError when the report cannot fit the contract."""
    contract = document["contract_version"]
    found = schema.faults(contract, document)
    if found:
        raise ReportError(
            f"{file}: cannot be held by {contract}: {found[0].pointer or '/'} {found[0].message}"
        )
    body = canon.dumps(schema.ordered(contract, document))
    faults = canon.read(body).faults
    if faults:
        raise ReportError(f"{file}: cannot be stored: {faults[0].pointer or '/'} {faults[0].message}")
    return body
