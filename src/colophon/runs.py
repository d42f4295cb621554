"""Stored runs: ``runs/<experiment>/<machine>/<UTC day>-<16 hex>.json``, the code beside them under ``code/``.

A run is named by the digest of its own bytes, and so is every file of code.  Nothing here runs anything.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, cast

from colophon import canon, contracts, dated_files, documents, faults, layout, run_metrics
from colophon.contracts.run_record import RunRecord
from colophon.dated_files import Wrong
from colophon.documents import Document
from colophon.model import Fault, Finding
from colophon.store import Entry, Tree

CONTRACT = "run-record-v1"
_NAMED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-([0-9a-f]{16})\.json")
_CODE = re.compile(r"([0-9a-f]{64})\.py")


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run with its path and the digest of its bytes."""

    path: str
    sha256: str
    record: RunRecord


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of one experiment: the runs that are in order, the earliest first, and what is wrong."""

    runs: tuple[StoredRun, ...]
    findings: tuple[Finding, ...]


def file_name(ended: str, raw: bytes) -> str:
    """Return the name of a run that ended at a UTC time and has these bytes."""
    return f"{ended[:10]}-{canon.digest(raw).removeprefix('sha256:')[:16]}.json"


def folder(experiment: str, machine: str) -> str:
    """Return the folder of the runs of an experiment on one machine."""
    return f"runs/{experiment}/{machine}"


def code_path(experiment: str, sha256: str) -> str:
    """Return where a file of code with this digest is kept."""
    return f"runs/{experiment}/{layout.CODE}/{sha256.removeprefix('sha256:')}.py"


def read(tree: Tree, experiment: str, now: str | None = None) -> Stored:
    """Read the runs and the code of an experiment; dates are judged where ``now`` is given (ISO, UTC)."""
    kept = _code_kept(tree, experiment)
    found: list[Finding] = []
    runs: list[StoredRun] = []
    named: set[str] = set()
    for document in _documents(tree, experiment, kept):
        found.extend(document.findings)
        if document.data is None:
            continue
        named.update(one["sha256"] for one in document.data["code"])
        found.extend(_later(document, now))
        if not document.findings:
            record = cast(RunRecord, contracts.read(document.data))
            runs.append(StoredRun(document.path, canon.digest(document.raw), record))
    found += [*_strays(tree, experiment), *_code(tree, experiment, named)]
    return Stored(tuple(sorted(runs, key=lambda run: (run.record.ended, run.path))), tuple(found))


def read_alone(raw: bytes, path: str) -> Document:
    """Return a run that lies anywhere, judged by itself: its contract, its metrics, its checks."""
    reading = canon.read(raw)
    found = reading.faults or documents.json_faults(reading.value, raw, (CONTRACT,))
    document = Document(
        path, None if found else reading.value, raw, tuple(faults.finding(one, path) for one in found)
    )
    return document if document.data is None else dated_files.judged(document, _inside(document.data))


def _code_kept(tree: Tree, experiment: str) -> frozenset[str]:
    """Return the digests of the files of code that are kept."""
    names = (_CODE.fullmatch(one.name) for one in tree.entries(f"runs/{experiment}/{layout.CODE}"))
    return frozenset(f"sha256:{name[1]}" for name in names if name)


def _documents(tree: Tree, experiment: str, kept: Collection[str]) -> Iterator[Document]:
    """Yield the runs of one experiment in order of their paths, each judged with its place and its code."""
    for machine in tree.entries(f"runs/{experiment}"):
        if machine.kind != "folder" or machine.name == layout.CODE:
            continue
        for entry in tree.entries(f"runs/{experiment}/{machine.name}"):
            path = f"runs/{experiment}/{machine.name}/{entry.name}"
            if not _NAMED.fullmatch(entry.name):
                yield Document(path, None, b"", (dated_files.unexpected(path, entry, _EXPECTED),))
                continue
            document = documents.read_json(tree, path, entry, (CONTRACT,), "", "fast")
            if document.data is not None:
                document = dated_files.judged(document, _wrong(document, kept))
            elif document.raw and (other := misnamed(document.path, document.raw)):
                document = Document(path, None, document.raw, (*document.findings, other))
            yield document


_EXPECTED = "a run named <UTC day>-<first 16 hex digits of its SHA-256>.json"


def misnamed(path: str, raw: bytes) -> Finding | None:
    """Return the finding for bytes that are not those which the name of a stored run promises, or None."""
    digest = canon.digest(raw).removeprefix("sha256:")
    name = _NAMED.fullmatch(path.rpartition("/")[2])
    if name is None or digest.startswith(name[2]):
        return None
    message = f"the file's SHA-256 begins with {digest[:16]}, its name says {name[2]}"
    return faults.finding(Fault("E103", 1, "", message), path)


def _wrong(document: Document, kept: Collection[str]) -> Iterator[Wrong]:
    """Yield what does not agree between a run, its place and its code, or inside it."""
    data = document.data or {}
    _, experiment, machine, name = document.path.split("/")
    if data["experiment"] != experiment:
        yield "/experiment", "S112", f"experiment is {data['experiment']}, the file lies in {experiment}"
    if data["machine"]["name"] != machine:
        yield "/machine/name", "S112", f"machine is {data['machine']['name']}, the file lies in {machine}"
    if not name.startswith(data["ended"][:10]):
        yield "/ended", "S112", f"ended is {data['ended']}, and the file's name does not begin with that day"
    other = misnamed(document.path, document.raw)
    if other is not None:
        yield "", "E103", other.message
    for at, code in enumerate(data["code"]):
        if code["sha256"] not in kept:
            path = code_path(experiment, code["sha256"])
            yield f"/code/{at}/sha256", "E102", f"{code['name']} ran, and {path} is not there"
    yield from _inside(data)


def _inside(data: dict[str, Any]) -> Iterator[Wrong]:
    """Yield what is wrong in a run by itself."""
    if data["ended"] < data["started"]:
        yield "/ended", "S113", f"ended is {data['ended']}, before it started, {data['started']}"
    if data["preset"] == "smoke":
        yield "/preset", "E106", "preset is smoke, which only shows that the code works; expected cpu or gpu"
    for at, check in enumerate(data["checks"]):
        if check["error"] > check["limit"]:
            message = f"{check['what']} differs from {check['reference']} by {check['error']:.3g}"
            yield f"/checks/{at}", "E106", f"{message}, at most {check['limit']:.3g} passes"
    record = cast(RunRecord, contracts.read(data))
    for pointer, message in run_metrics.differing(record):
        yield pointer, "E104", message


def _later(document: Document, now: str | None) -> Iterator[Finding]:
    data = document.data or {}
    if now is not None and data["ended"] > now:
        line = canon.stored_line(data, "/ended")
        message = f"date {data['ended']} lies after the time of this check, {now}"
        yield faults.finding(Fault("H101", line, "/ended", message), document.path)


def _strays(tree: Tree, experiment: str) -> Iterator[Finding]:
    for entry in tree.entries(f"runs/{experiment}"):
        is_machine = entry.kind == "folder" and layout.EXPERIMENT.fullmatch(entry.name)
        if not is_machine:
            path = f"runs/{experiment}/{entry.name}"
            yield dated_files.unexpected(path, entry, f"a folder for each machine, and {layout.CODE}")


def _code(tree: Tree, experiment: str, named: Collection[str]) -> Iterator[Finding]:
    """Yield the files of code that are not what their names say, or that no run names."""
    for entry in tree.entries(f"runs/{experiment}/{layout.CODE}"):
        path = f"runs/{experiment}/{layout.CODE}/{entry.name}"
        found = _code_fault(tree, path, entry, named)
        if isinstance(found, Finding):
            yield found
        elif found is not None:
            yield faults.finding(found, path)


def _code_fault(tree: Tree, path: str, entry: Entry, named: Collection[str]) -> Fault | Finding | None:
    name = _CODE.fullmatch(entry.name)
    if name is None or entry.kind != "file":
        return dated_files.unexpected(path, entry, "a file named <SHA-256>.py")
    if (refused := documents.oversized(entry, canon.MAX_BYTES)) is not None:
        return refused
    digest = canon.digest(tree.read(path))
    if digest != f"sha256:{name[1]}":
        return Fault("E103", 1, "", f"the file's SHA-256 is {digest[7:]}, its name says {name[1]}")
    if digest not in named:
        return Fault("S114", 1, "", "no run of this experiment that can be read names this code")
    return None
