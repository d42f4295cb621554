"""The benchmarks run, and what they generate is what ingest would have made."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from colophon import intake

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The generator of fabricated registries."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "benchmarks" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate"] = module
    spec.loader.exec_module(module)
    return module


def test_generated_records_are_what_ingest_makes(generate: ModuleType, tmp_path: Path) -> None:
    """A record written directly equals, byte for byte, the record that its report would become."""
    ids = generate.write_registry(tmp_path / "registry", 12, 3)
    for record_id, report in zip(ids, generate.write_reports(tmp_path / "reports", 12, 3), strict=True):
        record = intake.read_report(report, None, generate.PREFIX)
        assert record.id == record_id
        for path, body in record.files.items():
            assert (tmp_path / "registry" / path).read_bytes() == body


def test_generated_records_say_that_they_are_made_up(generate: ModuleType) -> None:
    """Title, abstract and publisher of every report say so, and the same seed gives the same text."""
    for number in range(50):
        text = generate.report(generate.facts(number, 1))
        assert text.startswith("# Fabricated Report")
        assert "Fabricated Syntheses (benchmark)" in text
        assert "describes no real system" in text
        assert text == generate.report(generate.facts(number, 1))
        assert text != generate.report(generate.facts(number, 2))


def ran(name: str, results: Path) -> tuple[str, dict[str, Any]]:
    """Run a benchmark over few records; return what it printed and what it kept."""
    command = [sys.executable, ROOT / f"benchmarks/{name}.py", "--smoke", "--results", results]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = results.glob(f"*-{name}.json")
    return done.stdout, json.loads(file.read_text())


def test_the_benchmark_of_the_gate_runs(tmp_path: Path) -> None:
    """A run over few records measures each way to judge a change, and a check of the whole beside them."""
    _, kept = ran("gate", tmp_path)
    assert [m["step"] for m in kept["measured"]] == [
        "git diff --raw", "refused, no cache", "clean, no cache", *["clean, with cache"] * 3,
        "check of the whole registry",
    ]  # fmt: skip
    assert 0 < kept["outline_bytes"] < 1_000


def test_the_benchmark_runs(tmp_path: Path) -> None:
    """A run over few records measures every step and the peer, and names no machine."""
    printed, kept = ran("scale", tmp_path)
    assert "| 20 | check |" in printed
    assert [m["step"] for m in kept["measured"]] == [
        "ingest", "check", "build, no cache", "build, first with cache", "build, nothing changed",
        "mkdocs-material, one page per record",
    ]  # fmt: skip
    assert all(m["seconds"] > 0 and m["memory"] > 0 and m["records"] == 20 for m in kept["measured"])
    assert set(kept["machine"]) == {
        "cores",
        "memory_gb",
        "load_before",
        "system",
        "processor",
        "python",
        "packages",
    }
