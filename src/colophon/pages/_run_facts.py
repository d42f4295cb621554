"""What pages show of a stored run: who ran it, on what, with which software, and what was left out."""

from collections.abc import Iterator
from typing import Any

from colophon.contracts.run_record import Check, RunRecord
from colophon.pages import _words
from colophon.pages._verdict_rows import run_link
from colophon.rules.verdict import Run
from colophon.rules.verdict_words import rounded

_LINE, _MOST = 300, 12


def run_facts(run: Run, *, is_earlier: bool) -> dict[str, Any]:
    """Return the facts of one run, each with a label."""
    record = run.record
    return {
        **run_link(run),
        "is_earlier": is_earlier,
        "facts": [(label, _words.short(text, _LINE)) for label, text in _facts(record)],
        "code": [(one.name, one.sha256.removeprefix("sha256:")) for one in record.code],
        "backends": [
            (_words.short(one.step, _LINE), _words.short(one.name, _LINE)) for one in record.backends[:_MOST]
        ],
        "more_backends": max(0, len(record.backends) - _MOST),
        "notes": [_words.short(note, _LINE) for note in record.notes[:_MOST]],
        "more_notes": max(0, len(record.notes) - _MOST),
        "checks": len(record.checks),
        "nearest": _nearest(record.checks),
    }


def _facts(record: RunRecord) -> Iterator[tuple[str, str]]:
    machine, settings = record.machine, record.settings
    yield "Parts", ", ".join(part.name for part in record.parts if part.ran)
    yield "Preset", record.preset
    yield "Began and ended", f"{record.started} to {record.ended}"
    if record.interruptions:
        yield "Interrupted", _words.counted(len(record.interruptions), "time")
    yield "Processor", f"{machine.processor}, {_words.counted(machine.cores, 'core')}"
    if machine.memory_bytes:
        yield "Memory", f"{machine.memory_bytes / 2**30:.1f} GiB"
    if machine.gpu is not None:
        gpu = machine.gpu
        yield "GPU", f"{gpu.name}, {gpu.memory_bytes / 2**30:.1f} GiB, driver {gpu.driver}, CUDA {gpu.cuda}"
        clocks = [f"{one.core_mhz:g}" for one in gpu.clocks if one.core_mhz is not None]
        if clocks:
            yield "Clocks as seen", f"{', '.join(clocks)} MHz"
    packages = (f"{name} {version}" for name, version in sorted(record.software.packages.items()))
    yield "Software", ", ".join((f"Python {record.software.python}", *packages))
    yield "Device", settings.device if settings.dtype is None else f"{settings.device}, {settings.dtype}"
    yield "Seeds", ", ".join(map(str, settings.seeds)) or "none"
    yield "Flags", ", ".join(f"{name}: {value}" for name, value in settings.flags.items()) or "none"
    network = "with a network" if record.sandbox.network else "without a network"
    yield "Closed in", f"{'by bwrap' if record.sandbox.kind == 'bwrap' else 'not'}, {network}"


def _nearest(checks: tuple[Check, ...]) -> str:
    """Return the check that came nearest to its limit, in words."""
    with_limit = [one for one in checks if one.limit > 0]
    if not with_limit:
        return ""
    one = max(with_limit, key=lambda check: check.error / check.limit)
    sizes = f"{rounded(one.error)} ({one.measure}), {rounded(one.limit)} passes"
    text = f"{one.what} against {one.reference}: {sizes}"
    return _words.short(text, _LINE)
