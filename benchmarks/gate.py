"""Speed and memory of judging a change of one file against a registry of many records, read from git.

    python benchmarks/gate.py --records 20000

The registry goes straight into a git repository.  Measured, each as a process of its own: the check with the
outlines that an earlier check kept, the same without them, a change that is refused without them, ``git diff
--raw`` as the least that any reader of the repository takes, and, once its files are checked out, the check
of the whole registry, which nothing without outlines may be slower than.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import generate
from measuring import BIN, RESULTS, Measured, machine, measure, save, table

_WHO = b"Benchmark <benchmark@invalid> 1767225600 +0000"
_EVENT = """contract_version: correction-event-v1
paper: {paper}
type: DISPUTE
reason: counts-disagree
date: 2026-06-30
reporter: Benchmark
note: |
  The stated count and the list are different.
proposed:
  - pointer: /stated/claims_extracted
    old: {old}
    new: 20
"""
_REFUSED = _EVENT.replace("reason: counts-disagree", "reason: no-such-code")
_SMOKE = 30
_NOW = "2026-07-01T00:00:00Z"


def main(arguments: list[str]) -> None:
    """Build the repository, measure, print a table and keep the numbers."""
    parser = argparse.ArgumentParser(description="Measure the check of a change of one file.")
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--smoke", action="store_true", help=f"{_SMOKE} records, to see that everything runs")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--name", default="gate")
    given = parser.parse_args(arguments)
    records = _SMOKE if given.smoke else given.records
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        build(folder, records, given.seed)
        measured = list(_measured(folder, records))
        size = (folder / "outlines").stat().st_size / records
    print(f"\n{table(measured)}\noutlines: {size:.0f} bytes a record")
    save(given.results, given.name, given.seed, machine(), measured, outline_bytes=round(size))


def _measured(folder: Path, records: int) -> Iterator[Measured]:
    check = [BIN / "colophon", "check", "--registry", folder / "registry", "--base", "base", "--now", _NOW]
    cache = ["--cache", folder / "outlines"]
    yield measure("git diff --raw", records, ["git", "-C", folder, "diff", "--raw", "base", "clean"], folder)
    yield measure("refused, no cache", records, ["sh", "-c", '"$@"; test $? -eq 1', "sh", *check,
                                                  "--head", "refused", *cache], folder)  # fmt: skip
    yield measure("clean, no cache", records, [*check, "--head", "clean", *cache], folder)
    for _ in range(3):
        yield measure("clean, with cache", records, [*check, "--head", "clean", *cache], folder)
    subprocess.run(["git", "-C", folder, "checkout", "--quiet", "--force", "clean"], check=True)
    whole = [BIN / "colophon", "check", "--registry", folder / "registry", "--now", _NOW]
    yield measure("check of the whole registry", records, whole, folder)


def build(folder: Path, records: int, seed: int) -> None:
    """Make a repository with the branches base, clean and refused; its work tree holds nothing."""
    registry = folder / "registry"
    generate.admission.initialise(
        registry, name=generate.NAME, id_prefix=generate.PREFIX, today=generate.OPENED
    )
    settings = registry / "registry.yaml"
    settings.write_text(settings.read_text().replace("append_only: false", "append_only: true"))
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    process = subprocess.Popen(
        ["git", "-C", folder, "fast-import", "--quiet", "--done"], stdin=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.writelines(_stream(registry, records, seed))
    process.stdin.close()
    if process.wait() != 0:
        raise SystemExit("git fast-import failed")
    subprocess.run(["git", "-C", folder, "symbolic-ref", "HEAD", "refs/heads/base"], check=True)


def _stream(registry: Path, records: int, seed: int) -> Iterator[bytes]:
    """Yield a fast-import stream: one commit with the registry, and one on each of two branches."""
    yield from _commit(b"base", b"")
    for file in sorted(path for path in registry.rglob("*") if path.is_file()):
        yield from _file(f"registry/{file.relative_to(registry).as_posix()}", file.read_bytes())
    disputed, count = "", 0
    for number, (record_id, files) in enumerate(generate._records(records, seed)):
        if number == 1:
            disputed, count = record_id, generate.facts(number, seed).extracted
        for name, body in files.items():
            yield from _file(f"registry/papers/{record_id[:2]}/{record_id}/{name}", body)
    for branch, text in ((b"clean", _EVENT), (b"refused", _REFUSED)):
        yield from _commit(branch, b"from refs/heads/base\n")
        path = f"registry/papers/{disputed[:2]}/{disputed}/corrections/count.yaml"
        yield from _file(path, text.format(paper=disputed, old=count).encode())
    yield b"done\n"


def _commit(branch: bytes, parent: bytes) -> Iterator[bytes]:
    yield b"commit refs/heads/" + branch + b"\ncommitter " + _WHO + b"\ndata 5\nmade\n" + parent


def _file(path: str, body: bytes) -> Iterator[bytes]:
    yield f"M 100644 inline {path}\ndata {len(body)}\n".encode() + body + b"\n"


if __name__ == "__main__":
    main(sys.argv[1:])
