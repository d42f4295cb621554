"""Every bundled script describes itself, and its smoke preset passes on a CPU."""

import sys
from pathlib import Path

import pytest

from colophon import rerun

from ..conftest import ROOT, colophon

SCRIPTS = ROOT / "scripts" / "experiments"
NAMES = sorted(rerun.scripts(SCRIPTS))


@pytest.mark.parametrize("name", NAMES)
def test_a_script_describes_itself(name: str) -> None:
    """With a question, limits, and for every part how long each preset takes."""
    said = rerun.describe(rerun.script(SCRIPTS, name), sys.executable)
    assert said["experiment"] == name
    assert said["question"].endswith("?")
    assert said["limits"]
    for part in said["parts"]:
        assert part["what"]
        assert part["seconds"]
        assert part["seconds"].get("gpu", 0) <= 540
    metrics = [metric["name"] for part in said["parts"] for metric in part["metrics"]]
    assert len(metrics) == len(set(metrics))
    assert sum(part["seconds"].get("smoke", 0) for part in said["parts"]) <= 60


@pytest.mark.parametrize("name", NAMES)
def test_the_smoke_preset_passes_without_a_gpu(name: str, tmp_path: Path) -> None:
    """Every kernel in the interpreter against its reference; the record is in order but for its preset."""
    out = tmp_path / "smoke.json"
    done = colophon("rerun", name, "--preset", "smoke", "--seeds", "1", "--out", out, "--operator", "Tests")
    assert done.returncode == 0, done.stdout + done.stderr
    judged = rerun.judged(out)
    assert {one.pointer for one in judged.findings} == {"/preset"}
    assert judged.record is not None
    assert all(check["error"] <= check["limit"] for check in judged.record["checks"])
