"""New registries and new records: everything that may be written is refused or written whole."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from colophon import atomic, bundle, schema, settings, yaml_guard
from colophon.errors import RegistryError, ReportError, UsageError
from colophon.intake import NewRecord, read_report
from colophon.store import WorkTree

DEFAULT_NAME = "Colophon"
DEFAULT_PREFIX = "SRCH"


def initialise(folder: Path, *, name: str, id_prefix: str, today: str) -> list[Path]:
    """Make a new, empty registry, opened ``today`` (ISO day, UTC), and return the files written.

    Raises UsageError when the folder is not empty or a value does not fit the contract of registry.yaml.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: is not empty, expected a new folder", "colophon init OTHER-FOLDER")
    files = _starter_files({"name": name, "id_prefix": id_prefix, "opened": today})
    for path, body in sorted(files.items()):
        atomic.write(folder / path, body)
    return [folder / path for path in sorted(files)]


def _starter_files(values: dict[str, str]) -> dict[str, bytes]:
    starter = bundle.starter()
    found = sorted(file for file in starter.rglob("*") if file.is_file())
    files = {file.relative_to(starter).as_posix(): file.read_bytes() for file in found}
    vocabularies = sorted(bundle.vocabularies().glob("*.yaml"))
    files |= {f"vocabularies/{file.name}": file.read_bytes() for file in vocabularies}
    text = files["registry.yaml"].decode()
    for key, value in values.items():
        text = text.replace(f"@@{key}@@", json.dumps(value, ensure_ascii=False))
    reading = yaml_guard.read(text.encode())
    wrong = reading.faults or schema.faults("registry-v1", schema.typed("registry-v1", reading.value))
    if wrong:
        raise UsageError(f"registry.yaml would not be valid: {wrong[0].pointer} {wrong[0].message}")
    return {**files, "registry.yaml": text.encode()}


def admit(
    files: list[Path], folder: Path, *, record_id: str | None, dry_run: bool, today: str
) -> list[NewRecord]:
    """Read reports and write their records; either all are written or, on a bad one, none.

    An empty or missing folder becomes a registry first.  A report dated after ``today`` (ISO day, UTC) is
    refused, because it would damage the registry.  Raises ReportError, RegistryError or UsageError.
    """
    known_prefix = _registry_prefix(folder)
    records = [read_report(file, record_id, known_prefix or DEFAULT_PREFIX) for file in files]
    stated = sorted({record.prefix for record in records if record.prefix is not None})
    prefix = known_prefix or (stated[0] if stated else DEFAULT_PREFIX)
    if prefix != (known_prefix or DEFAULT_PREFIX):
        records = [read_report(file, record_id, prefix) for file in files]
    if stated not in ([], [prefix]):
        raise ReportError(
            f"a report states a display id with prefix {', '.join(stated)}, "
            f"this registry's prefix is {prefix}",
            "set id_prefix in registry.yaml before the first record, or use another --registry",
        )
    _refuse_outside(records, folder)
    _refuse_known(records, files, folder)
    _refuse_unlinked(records, files, folder, today)
    if not dry_run:
        if known_prefix is None:
            initialise(folder, name=DEFAULT_NAME, id_prefix=prefix, today=today)
        with _alone_in(folder / "papers"):
            _refuse_known(records, files, folder)
            _write(folder, records)
    return records


@contextmanager
def _alone_in(papers: Path) -> Iterator[None]:
    """Wait until no other process writes records of this registry, and keep others waiting."""
    with atomic.refusals_in_one_line(papers):
        papers.mkdir(exist_ok=True)
        lock = os.open(papers, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


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


def _write(folder: Path, records: list[NewRecord]) -> None:
    """Write all records beside their places, then rename them in: a full disk leaves none of them behind.

    What a killed run left beside a place goes first.
    """
    places = [folder / record.folder for record in records]
    parts = [place.with_name(f".{place.name}.part") for place in places]
    with atomic.refusals_in_one_line(folder):
        try:
            for record, part in zip(records, parts, strict=True):
                shutil.rmtree(part, ignore_errors=True)
                part.mkdir(parents=True)
                for path, body in record.files.items():
                    (part / Path(path).name).write_bytes(body)
            for part, place in zip(parts, places, strict=True):
                part.rename(place)
        finally:
            for part in parts:
                shutil.rmtree(part, ignore_errors=True)


def _refuse_outside(records: list[NewRecord], folder: Path) -> None:
    """Refuse to write through a link: what lies behind it may be outside the registry."""
    for record in records:
        for part in (folder / "papers", (folder / record.folder).parent):
            if part.is_symlink() or (part.exists() and not part.is_dir()):
                raise RegistryError(
                    f"{part}: is a link or a file, expected a folder", "colophon check lists it"
                )


def _refuse_unlinked(records: list[NewRecord], files: list[Path], folder: Path, today: str) -> None:
    """Refuse what would damage the registry: a predecessor that is not there, a date that has not come."""
    coming = {record.id for record in records}
    for record, file in zip(records, files, strict=True):
        older, dated = record.manifest["supersedes"], record.manifest["submitted"]
        if older is not None and older not in coming and not (folder / "papers" / older[:2] / older).is_dir():
            raise ReportError(
                f"{file}: supersedes {older}, which is not in the registry", "ingest that one first"
            )
        if older == record.id:
            raise ReportError(f"{file}: supersedes itself, {older}", "give it an --id of its own")
        if dated is not None and dated > today:
            raise ReportError(f"{file}: is dated {dated}, which has not come yet", "ingest it on that day")
