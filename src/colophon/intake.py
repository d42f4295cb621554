"""A report file becomes the first documents of a record."""

import hashlib
import json
import shutil
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from colophon import atomic, bundle, canon, characters, schema, settings, yaml_guard
from colophon.errors import RegistryError, ReportError, UsageError
from colophon.folder import UUID
from colophon.ingests import FORMATS, Parsed, recognise
from colophon.store import WorkTree

DEFAULT_PREFIX = "SRCH"
MAX_BYTES = 5 * 1024 * 1024
_HEX = 8


@dataclass(frozen=True, slots=True)
class NewRecord:
    """The files of a new record, by registry-relative path, ready to be written."""

    id: str
    title: str
    format: str
    folder: str
    files: dict[str, bytes]
    prefix: str | None


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
    folder = f"papers/{chosen[:2]}/{chosen}"
    files = {f"{folder}/report.txt": raw}
    for name, document in (("manifest", manifest), ("provenance", provenance)):
        files[f"{folder}/{name}.json"] = _stored(file, document)
    return NewRecord(chosen, manifest["title"], form.name, folder, files, stated_prefix)


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


def initialise(folder: Path, *, name: str, id_prefix: str) -> list[Path]:
    """Make a new, empty registry and return the files written.

    Raises UsageError when the folder is not empty or a value does not fit the contract of registry.yaml.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: is not empty, expected a new folder", "colophon init OTHER-FOLDER")
    files = _starter_files(name, id_prefix)
    for path, body in sorted(files.items()):
        atomic.write(folder / path, body)
    return [folder / path for path in sorted(files)]


def _starter_files(name: str, id_prefix: str) -> dict[str, bytes]:
    starter = bundle.starter()
    found = sorted(file for file in starter.rglob("*") if file.is_file())
    files = {file.relative_to(starter).as_posix(): file.read_bytes() for file in found}
    vocabularies = sorted(bundle.vocabularies().glob("*.yaml"))
    files |= {f"vocabularies/{file.name}": file.read_bytes() for file in vocabularies}
    text = files["registry.yaml"].decode()
    opened = datetime.now(UTC).strftime("%Y-%m-%d")
    for key, value in (("name", name), ("id_prefix", id_prefix), ("opened", opened)):
        text = text.replace(f"@@{key}@@", json.dumps(value, ensure_ascii=False))
    reading = yaml_guard.read(text.encode())
    found_faults = reading.faults or schema.faults("registry-v1", schema.typed("registry-v1", reading.value))
    if found_faults:
        raise UsageError(
            f"registry.yaml would not be valid: {found_faults[0].pointer} {found_faults[0].message}"
        )
    return {**files, "registry.yaml": text.encode()}


def admit(files: list[Path], folder: Path, *, record_id: str | None, dry_run: bool) -> list[NewRecord]:
    """Read reports and write their records; either all are written or, on a bad one, none.

    An empty or missing folder becomes a registry first.  Raises ReportError, RegistryError or UsageError.
    """
    prefix = _registry_prefix(folder)
    records = [read_report(file, record_id, prefix or DEFAULT_PREFIX) for file in files]
    stated = {record.prefix for record in records if record.prefix is not None}
    if prefix is None:
        prefix = next(iter(sorted(stated)), DEFAULT_PREFIX)
        records = [read_report(file, record_id, prefix) for file in files]
        if not dry_run:
            initialise(folder, name="Colophon", id_prefix=prefix)
    if stated - {prefix}:
        raise ReportError(
            f"a report states a display id with prefix {', '.join(sorted(stated - {prefix}))}, "
            f"this registry's prefix is {prefix}",
            "set id_prefix in registry.yaml before the first record, or use another --registry",
        )
    _refuse_known(records, files, folder)
    if not dry_run:
        for record in records:
            _write_record(folder, record)
    return records


def _registry_prefix(folder: Path) -> str | None:
    """Return the registry's prefix, or None for an empty or missing folder."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    loaded = settings.load(WorkTree(str(folder)))
    if loaded.settings is None:
        first = loaded.findings[0]
        raise RegistryError(
            f"{first.path}:{first.line} {first.code} {first.message}", "colophon check lists all"
        )
    return loaded.settings.id_prefix


def _refuse_known(records: list[NewRecord], files: list[Path], folder: Path) -> None:
    seen: dict[str, Path] = {}
    for record, file in zip(records, files, strict=True):
        if record.id in seen:
            raise ReportError(
                f"{file}: has the id of {seen[record.id]}, {record.id}", "give each report its own --id"
            )
        seen[record.id] = file
        place = folder / record.folder
        if place.exists():
            raise _known(file, record, place)


def _known(file: Path, record: NewRecord, place: Path) -> ReportError:
    """Return the refusal of a report whose id is taken: by itself, or by another report."""
    kept = place / "report.txt"
    if kept.is_file() and kept.read_bytes() == record.files[f"{record.folder}/report.txt"]:
        message = f"{file}: this very report is in the registry already, as {record.id}"
        return ReportError(message, f"colophon check {record.id} shows what was found in it")
    message = f"{file}: another report is in the registry already as {record.id}"
    hint = "give this one an --id of its own; a wrong record is corrected by an event (docs/corrections.md)"
    return ReportError(message, hint)


def _write_record(folder: Path, record: NewRecord) -> None:
    """Write a record's folder beside its place, then rename it in."""
    place = folder / record.folder
    beside = place.with_name(f".{place.name}.part")
    with atomic.refusals_in_one_line(place):
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        try:
            for path, body in record.files.items():
                (beside / Path(path).name).write_bytes(body)
            beside.rename(place)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
