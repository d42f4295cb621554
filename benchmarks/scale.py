"""Speed and memory of ``colophon``, beside plain mkdocs-material over the same text, in one run.

    python benchmarks/scale.py --records 1000,5000

Each step is a process of its own.  Time is wall-clock.  Memory is the greatest sum, over the process and all
its children, of the proportional set size (pages shared by several processes are counted once), sampled from
/proc every 50 ms; where there is no /proc it is the greatest resident size of one process.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import generate

BIN = Path(sys.executable).parent
RESULTS = Path(__file__).resolve().parent / "results"
PEER = "mkdocs-material, one page per record"
_INTERVAL = 0.05
_SMOKE = 20


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


def measure(step: str, records: int, command: list[str | Path], folder: Path) -> Measured:
    """Run one command and measure it.  A command that fails ends the benchmark with its words."""
    print(f"  {step} ...", end=" ", flush=True)
    started = time.monotonic()
    with (folder / "output.txt").open("w+") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        sampler = _Sampler(process.pid)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        sampler.ended.set()
        sampler.join()
        if status != 0:
            output.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))} failed:\n{output.read()[-2000:]}")
    # ru_maxrss is in KB on Linux, in bytes on macOS.
    resident = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    found = Measured(
        step,
        records,
        round(seconds, 2),
        round(usage.ru_utime + usage.ru_stime, 2),
        round(sampler.peak / 2**10 if sampler.peak else resident),
    )
    print(f"{found.seconds} s, {found.memory} MB", flush=True)
    return found


class _Sampler(threading.Thread):
    """Follows the memory of a process and its children; ``peak`` is in KB."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root = root
        self.peak = 0
        self.ended = threading.Event()

    def run(self) -> None:
        """Sample until told to end."""
        while not self.ended.wait(_INTERVAL):
            self.peak = max(self.peak, sum(map(_memory, _family(self.root))))


def _family(root: int) -> Iterator[int]:
    yield root
    try:
        children = [
            Path(f"/proc/{root}/task/{task.name}/children") for task in Path(f"/proc/{root}/task").iterdir()
        ]
        for line in [file.read_text() for file in children]:
            for child in line.split():
                yield from _family(int(child))
    except OSError:
        return


def _memory(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def compare(records: int, seed: int, ingested: int, *, peer: bool) -> list[Measured]:
    """Generate a registry in a temporary folder and measure every step over it."""
    print(f"{records} fabricated records, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        reports = generate.write_reports(folder / "reports", min(records, ingested), seed)
        generate.write_registry(folder / "registry", records, seed)
        colophon, site = BIN / "colophon", folder / "public" / "site"
        build: list[str | Path] = [colophon, "build", "--registry", folder / "registry", "--site-dir", site]
        check: list[str | Path] = [colophon, "check", "--registry", folder / "registry", "--format", "json"]
        found = [
            measure(
                "ingest", len(reports), [colophon, "ingest", *reports, "--registry", folder / "new"], folder
            ),
            measure("check", records, check, folder),
            measure("build, no cache", records, [*build, "--no-cache"], folder),
            measure("build, first with cache", records, build, folder),
            measure("build, nothing changed", records, build, folder),
        ]
        if peer:
            _write_peer(folder / "peer", records, seed)
            mkdocs: list[str | Path] = [BIN / "mkdocs", "build", "-q", "-f", folder / "peer" / "mkdocs.yml"]
            found.append(measure(PEER, records, mkdocs, folder))
    return found


def _write_peer(folder: Path, records: int, seed: int) -> None:
    """Write the same text as plain Markdown: default Material, search on, pages not listed in the
    navigation.
    """
    docs = folder / "docs"
    (docs / "papers").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(
        "site_name: Fabricated registry (benchmark)\ntheme:\n  name: material\nplugins:\n  - search\n"
        "nav:\n  - index.md\nvalidation:\n  omitted_files: ignore\n"
    )
    (docs / "index.md").write_text("# Fabricated registry (benchmark)\n")
    for number in range(records):
        (docs / "papers" / f"{number:06d}.md").write_text(
            _page(generate.facts(number, seed)), encoding="utf-8"
        )


def _page(stated: generate.Facts) -> str:
    rows = "".join(
        f"| {text} | {'✓' if mark else '×'} | {confidence} |\n" for text, mark, confidence in stated.claims
    )
    links = "".join(f"- <http://arxiv.org/abs/{source}>\n" for source in stated.sources)
    return (
        f"# {stated.title}\n\n{generate.PUBLISHER}, {stated.submitted.isoformat()}\n\n## Abstract\n\n"
        f"{stated.abstract}\n\n"
        f"## Question\n\n{stated.question}\n\n## Results\n\n{stated.extracted} claims extracted. "
        f"Quality review score: {stated.score}/10.\n\n## Claims\n\n"
        f"| Claim | Verified | Confidence |\n| --- | --- | --- |\n"
        f"{rows}\n## References\n\n{links}"
    )


def table(measured: list[Measured]) -> str:
    """Return a Markdown table; a ratio says how many times what the peer needs a step needs."""
    peers = {found.records: found for found in measured if found.step == PEER}
    head = (
        "records",
        "step",
        "seconds",
        "CPU s",
        "records/s",
        "MB",
        "time / peer",
        "CPU / peer",
        "memory / peer",
    )
    lines = [f"| {' | '.join(head)} |", f"| ---: | --- |{' ---: |' * (len(head) - 2)}"]
    for found in measured:
        peer = peers.get(found.records)
        ratios = ["", "", ""]
        if peer is not None and found.step not in ("ingest", PEER):
            pairs = (
                (found.seconds, peer.seconds),
                (found.cpu_seconds, peer.cpu_seconds),
                (found.memory, peer.memory),
            )
            ratios = [f"{ours / max(theirs, 0.01):.2f}" for ours, theirs in pairs]
        cells = (
            str(found.records), found.step, f"{found.seconds:.1f}", f"{found.cpu_seconds:.1f}",
            f"{found.rate:.0f}", f"{found.memory:.0f}", *ratios,
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


def main(arguments: list[str]) -> None:
    """Measure, print a table, and keep the numbers."""
    parser = argparse.ArgumentParser(description="Measure colophon beside plain mkdocs-material.")
    parser.add_argument("--records", default="1000,5000", help="how many records, comma-separated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ingest", type=int, default=1000, help="most reports that are ingested")
    parser.add_argument("--peer", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument(
        "--peer-most", type=int, default=5000, help="the peer is left out beyond so many records"
    )
    parser.add_argument("--smoke", action="store_true", help=f"{_SMOKE} records, to see that everything runs")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--name", default="scale")
    given = parser.parse_args(arguments)
    sizes = [_SMOKE] if given.smoke else [int(word) for word in given.records.split(",")]
    facts = machine()
    measured: list[Measured] = []
    for size in sizes:
        measured += compare(size, given.seed, given.ingest, peer=given.peer and size <= given.peer_most)
    print(f"\n{table(measured)}")
    save(given.results, given.name, given.seed, facts, measured)


def save(
    folder: Path, name: str, seed: int, facts: dict[str, object], measured: list[Measured], **more: object
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


if __name__ == "__main__":
    main(sys.argv[1:])
