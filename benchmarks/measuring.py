"""What the smaller benchmarks share: a step that is measured, a table of them, and the file of their numbers.

A step is measured as the experiment registry-speed measures: a process of its own, with the memory of all
processes below it.
"""

import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts" / "experiments"))
import _speed_process

BIN = Path(sys.executable).parent
RESULTS = Path(__file__).resolve().parent / "results"


@dataclass(frozen=True, slots=True)
class Measured:
    """One step over ``records`` records.  ``memory`` is the peak in MB of all processes together."""

    step: str
    records: int
    seconds: float
    cpu_seconds: float
    memory: float

    @property
    def rate(self) -> float:
        """Records per second."""
        # A step of less than a hundredth of a second is stored as none.
        return self.records / max(self.seconds, 0.005)


def measure(step: str, records: int, command: Sequence[str | Path], folder: Path) -> Measured:
    """Run one command and measure it.  A command that fails ends the benchmark with its words."""
    print(f"  {step} ...", end=" ", flush=True)
    try:
        took = _speed_process.measure(command, folder)
    except RuntimeError as error:
        raise SystemExit(str(error)) from error
    found = Measured(
        step, records, round(took["seconds"], 2), round(took["cpu"], 2), round(took["memory"] / 2**20)
    )
    print(f"{found.seconds} s, {found.memory} MB", flush=True)
    return found


def table(measured: Iterable[Measured]) -> str:
    """Return a Markdown table of what was measured."""
    head = ("records", "step", "seconds", "CPU s", "records/s", "MB")
    lines = [f"| {' | '.join(head)} |", f"| ---: | --- |{' ---: |' * (len(head) - 2)}"]
    for found in measured:
        cells = (
            str(found.records), found.step, f"{found.seconds:.1f}", f"{found.cpu_seconds:.1f}",
            f"{found.rate:.0f}", f"{found.memory:.0f}",
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def machine() -> dict[str, object]:
    """Return what one needs to know of the machine; nothing that names it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    packages = ("colophon-registry", "mkdocs", "mkdocs-material", "pydantic", "jsonschema-rs", "orjson")
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "load_before": round(os.getloadavg()[0], 1),
        "system": platform.system(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in packages},
    }


def save(
    folder: Path,
    name: str,
    seed: int,
    facts: dict[str, object],
    measured: Iterable[Measured],
    **more: object,
) -> None:
    """Keep the numbers of one run, with what one needs to know of the machine."""
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    file = folder / f"{day}-{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {
        "day": day,
        "seed": seed,
        "machine": facts,
        **more,
        "measured": [asdict(found) for found in measured],
    }
    file.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {file}")
