"""One stored document: read strictly, validated in the version it was written in, its place known."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from colophon import canon, event_faults, faults, schema, spelling, yaml_guard
from colophon.matching import did_you_mean, suggestion
from colophon.model import Fault, Finding, Patch
from colophon.store import Entry, Tree


@dataclass(frozen=True, slots=True)
class Document:
    """A document that has no integrity fault, or None as ``data`` with the findings that say why."""

    path: str
    data: dict[str, Any] | None
    raw: bytes
    findings: tuple[Finding, ...] = ()


def read_json(
    tree: Tree, path: str, entry: Entry, contracts: Iterable[str], record: str, engine: schema.Engine
) -> Document:
    """Read one JSON document that must name one of ``contracts``."""
    refused = oversized(entry, canon.MAX_BYTES)
    if refused is not None:
        return Document(path, None, b"", (faults.finding(refused, path, record),))
    raw = tree.read(path)
    reading = canon.read(raw)
    found = reading.faults or json_faults(reading.value, raw, contracts, engine)
    data = None if found else reading.value
    return Document(path, data, raw, tuple(faults.finding(fault, path, record) for fault in found))


def json_faults(
    value: Any, raw: bytes, contracts: Iterable[str], engine: schema.Engine = "fast"
) -> tuple[Fault, ...]:
    """Return what is wrong with a value that was read from these bytes: contract, schema, stored form."""
    found = _contract_faults(value, contracts)
    found = found or schema.faults(value["contract_version"], value, engine)
    found = found or _form_faults(value, raw)
    return _with_lines(found, canon.lines(raw)) if found else ()


def read_yaml(tree: Tree, path: str, entry: Entry, contract: str, record: str = "") -> Document:
    """Read one YAML document of one contract; scalars get the type that the schema asks for."""
    refused = oversized(entry, yaml_guard.MAX_BYTES)
    if refused is not None:
        return Document(path, None, b"", (faults.finding(refused, path, record),))
    raw = tree.read(path)
    reading = yaml_guard.read(raw)
    found = reading.faults
    typed = schema.typed(contract, spelling.canonical(contract, reading.value))
    if not found:
        found = _contract_faults(typed, (contract,)) or event_faults.worded(
            contract, typed, raw, reading, schema.faults(contract, typed)
        )
        found = _with_lines(found, reading.lines)
    data = None if found else typed
    return Document(path, data, raw, tuple(faults.finding(fault, path, record) for fault in found))


def finding_at(
    document: Document, record: str, code: str, pointer: str, message: str, mend: Patch | str | None = None
) -> Finding:
    """Return a finding at a pointer of a YAML document; a ``mend`` of text is to stand on its line."""
    line = canon.line_of(yaml_guard.read(document.raw).lines, pointer)
    patch = Patch(line, line, mend) if isinstance(mend, str) else mend
    return faults.finding(Fault(code, line, pointer, message, patch), document.path, record)


def oversized(entry: Entry, limit: int) -> Fault | None:
    """Return the fault of a file that is no plain file or has more than ``limit`` bytes, unread."""
    if entry.kind != "file":
        return Fault("S108", 1, "", f"{entry.name} is a link, folder or device, expected a plain file")
    if entry.size > limit:
        return Fault("S107", 1, "", f"file has {entry.size} bytes, at most {limit} are read")
    return None


def _contract_faults(value: Any, contracts: Iterable[str]) -> tuple[Fault, ...]:
    """Say which contract is missing or unknown, and which one was probably meant."""
    allowed = sorted(contracts)
    if not isinstance(value, dict):
        return (Fault("S110", 1, "", f"document is no object, expected {' or '.join(allowed)}"),)
    named = value.get("contract_version")
    if named in allowed:
        return ()
    if named is None:
        return (Fault("S109", 1, "", f"contract_version is missing, expected {' or '.join(allowed)}"),)
    shown = str(named)[:100]
    meant = suggestion(did_you_mean(shown, allowed))
    message = f"contract {shown!r} is not one of {', '.join(allowed)}{meant}"
    return (Fault("S109", 1, "/contract_version", message),)


def _form_faults(value: dict[str, Any], raw: bytes) -> tuple[Fault, ...]:
    """Compare the bytes with the stored form and name the first line that differs."""
    expected = canon.dumps(schema.ordered(value["contract_version"], value))
    if expected == raw:
        return ()
    wanted, found = expected.split(b"\n"), raw.split(b"\n")
    pairs = zip(wanted, found, strict=False)
    line = next((n for n, (a, b) in enumerate(pairs, 1) if a != b), min(len(wanted), len(found)))
    shown = wanted[line - 1][:60].decode("utf-8", "replace").strip() if line <= len(wanted) else "end of file"
    return (
        Fault("S111", line, "", f"file is not in stored form from line {line}, expected {shown!r} there"),
    )


def _with_lines(found: tuple[Fault, ...], lines: dict[str, int]) -> tuple[Fault, ...]:
    return tuple(
        fault if fault.code == "S111" else replace(fault, line=canon.line_of(lines, fault.pointer))
        for fault in found
    )
