"""Running the bundled experiment scripts: found by name, run as processes, closed in where that can be.

A script prints a run record; nothing of it is believed before it was judged, and nothing is stored but whole.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from colophon import atomic, canon, contracts, layout, runs, schema
from colophon.characters import visible
from colophon.contracts.run_record import RunRecord
from colophon.errors import EnvironmentFault, UsageError
from colophon.matching import did_you_mean, suggestion
from colophon.model import Finding
from colophon.rules.verdict import Run

HARNESS = "harness.py"
_IMPORTED = re.compile(r"^(?:import|from)\s+([a-z_][a-z0-9_]*)", re.MULTILINE)
_DESCRIBED_IN = 120  # seconds: a script imports torch before it answers
# What has to fit in the closed-in process: everything to be read, one folder to be written, no network.
_CLOSED_IN = ("--ro-bind", "/", "/", "--dev-bind", "/dev", "/dev", "--proc", "/proc", "--unshare-net",
              "--unshare-pid", "--die-with-parent")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a script; ``parts`` is empty for all.  ``seeds`` and ``machine`` may be left to it."""

    preset: str
    parts: tuple[str, ...]
    device: str
    seeds: int | None
    operator: str
    machine: str | None
    is_dry: bool = False

    def arguments(self, out: Path | None) -> Iterator[str]:
        """Yield the arguments of the script."""
        yield from ("--preset", self.preset, "--device", self.device, "--operator", self.operator)
        for part in self.parts:
            yield from ("--part", part)
        if self.seeds is not None:
            yield from ("--seeds", str(self.seeds))
        if self.machine is not None:
            yield from ("--machine", self.machine)
        if self.is_dry:
            yield "--dry-run"
        if out is not None:
            yield from ("--out", str(out))


@dataclass(frozen=True, slots=True)
class Judged:
    """A run that was judged by itself; ``record`` is None when ``findings`` say that it is none."""

    raw: bytes
    record: dict[str, Any] | None
    findings: tuple[Finding, ...]

    def as_run(self, name: str) -> Run:
        """Return the run under a name.  There is a record."""
        return Run(name, canon.digest(self.raw), cast(RunRecord, contracts.read(self.record or {})))


def scripts(folder: Path) -> dict[str, Path]:
    """Return the experiment scripts of a folder by their ids, in order."""
    files = sorted(folder.glob("*.py")) if folder.is_dir() else []
    named = [file for file in files if not file.name.startswith("_") and file.name != HARNESS]
    return {file.stem.replace("_", "-"): file for file in named}


def script(folder: Path, experiment: str) -> Path:
    """Return the script of an experiment.  Raises UsageError with the names that there are."""
    found = scripts(folder)
    if not found:
        raise UsageError(f"{folder}: holds no experiment scripts", "--scripts DIR names their folder")
    if experiment not in found:
        meant = suggestion(did_you_mean(experiment, found))
        raise UsageError(
            f"there is no experiment {visible(experiment)!r}, expected one of {', '.join(found)}{meant}"
        )
    return found[experiment]


def code_of(file: Path) -> dict[str, str]:
    """Return name and digest of a script, the harness and every module beside them that they import."""
    found: dict[str, str] = {}
    wanted = [file.name]
    while wanted:
        name = wanted.pop()
        path = file.parent / name
        if name in found or not path.is_file():
            continue
        raw = path.read_bytes()
        found[name] = canon.digest(raw)
        wanted += [f"{module}.py" for module in _IMPORTED.findall(raw.decode("utf-8", "replace"))]
    return dict(sorted(found.items()))


def todays_code(registry: Path) -> dict[str, frozenset[str]]:
    """Return by experiment the digests of the code beside a registry that would run today."""
    found = scripts(registry.resolve().parent / "scripts" / "experiments")
    return {name: frozenset(code_of(file).values()) for name, file in found.items()}


def describe(file: Path, python: str) -> dict[str, Any]:
    """Return what a script says of itself.  Raises EnvironmentFault with its last line when it fails."""
    command = [python, str(file), "--describe"]
    try:
        # The person who asks names the folder of the scripts and the interpreter.
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=_DESCRIBED_IN, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EnvironmentFault(f"{file.name}: cannot be run by {python}: {error}") from error
    try:
        described = json.loads(done.stdout) if done.returncode == 0 else None
    except ValueError:
        described = None
    if not isinstance(described, dict):
        raise EnvironmentFault(f"{file.name}: {_last(done.stderr)}", _missing(done.stderr))
    parts = described.get("parts")
    if not isinstance(parts, list) or not all(
        isinstance(one, dict) and isinstance(one.get("seconds"), dict) for one in parts
    ):
        raise EnvironmentFault(f"{file.name}: does not describe its parts, as --describe of the harness does")
    return described


def confinement(*writable: Path) -> tuple[str, ...]:
    """Return the beginning of a command that closes a process in, without a network.

    It may write into the folders ``writable`` alone.  Empty where that cannot be.
    """
    program = shutil.which("bwrap")
    if program is None:
        return ()
    bound = [part for folder in writable for part in ("--bind", str(folder), str(folder))]
    closed = (program, *_CLOSED_IN, *bound)
    try:
        tried = subprocess.run(  # noqa: S603  nothing in it comes from a registry
            [*closed, "true"], capture_output=True, timeout=_DESCRIBED_IN, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return closed if tried.returncode == 0 else ()


def identity(file: Path) -> tuple[int, int] | None:
    """Return what tells a file from one that was written in its place later, or None when there is none."""
    if not file.is_file():
        return None
    state = file.stat()
    return state.st_ino, state.st_mtime_ns


def execute(file: Path, ask: Ask, out: Path, python: str, cache: Path) -> int:
    """Run a script, which shows its progress itself, and return its exit code.

    It may write into the folder of ``out`` and into ``cache``, and nowhere else where it can be closed in.
    """
    if shutil.which(python) is None:
        raise EnvironmentFault(f"{python}: cannot be run", "--python names an interpreter")
    with atomic.refusals_in_one_line(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        cache.mkdir(parents=True, exist_ok=True)
    closed = confinement(out.parent.resolve(), cache.resolve())
    environment = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "1",
        "COLOPHON_SANDBOX": "bwrap" if closed else "",
        **({"TRITON_INTERPRET": "1"} if ask.preset != "gpu" and ask.device != "cuda" else {}),
    }
    for name in ("TMPDIR", "TRITON_CACHE_DIR", "TORCHINDUCTOR_CACHE_DIR", "XDG_CACHE_HOME"):
        kept = cache.resolve() / name.lower()
        kept.mkdir(exist_ok=True)
        environment[name] = str(kept)
    command = [*closed, python, str(file.resolve()), *ask.arguments(None if ask.is_dry else out.resolve())]
    try:
        # The script is one of the folder's; what comes from the person are single arguments.
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
    except OSError as error:
        raise EnvironmentFault(f"{python}: cannot be run: {error.strerror}") from error


def judged(file: Path) -> Judged:
    """Read what a script wrote, in stored form, and judge it by itself.

    Raises UsageError when it is no file, or too large.
    """
    if not file.is_file():
        raise UsageError(f"{file}: is no file")
    if file.stat().st_size > canon.MAX_BYTES:
        raise UsageError(f"{file}: has {file.stat().st_size} bytes, at most {canon.MAX_BYTES} are read")
    raw = file.read_bytes()
    reading = canon.read(raw)
    value = reading.value
    if isinstance(value, dict) and value.get("contract_version") == runs.CONTRACT:
        raw = canon.dumps(schema.ordered(runs.CONTRACT, value))
    document = runs.read_alone(raw, file.name)
    return Judged(raw, document.data, document.findings)


def store(registry: Path, run: Judged, code: Sequence[Path]) -> Path:
    """Keep a run and the code that made it; return the path of the run.

    ``code`` are folders in which the code is looked for by its digest.  Raises UsageError when a file of code
    is in none of them.
    """
    record = run.record or {}
    experiment, machine = record["experiment"], record["machine"]["name"]
    if machine == layout.CODE:
        raise UsageError(f"a machine cannot be called {machine}", "--machine NAME gives another name")
    bodies = {}
    for one in record["code"]:
        kept = registry / runs.code_path(experiment, one["sha256"])
        body = next(
            (raw for raw in _bodies(one["name"], kept, code) if canon.digest(raw) == one["sha256"]), None
        )
        if body is None:
            raise UsageError(
                f"{one['name']} with the digest {one['sha256'][:23]} is not here, and a run needs its code",
                "--code DIR names the folder of the scripts that ran",
            )
        bodies[kept] = body
    for kept, body in bodies.items():
        if not kept.exists():
            atomic.write(kept, body)
    target = registry / runs.folder(experiment, machine) / runs.file_name(record["ended"], run.raw)
    atomic.write(target, run.raw)
    return target


def _bodies(name: str, kept: Path, folders: Sequence[Path]) -> Iterator[bytes]:
    for file in (kept, *(folder / name for folder in folders)):
        if file.is_file():
            yield file.read_bytes()


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return visible(lines[-1]) if lines else "it said nothing"


def _missing(text: str) -> str | None:
    """Return how to get a package that a script needs."""
    found = re.search(r"No module named '([a-z_]+)'", text)
    return f"pip install {found[1]}, or --python names an interpreter that has it" if found else None
