"""What the docs show works: the example experiment runs, and the example binding is in stored form."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from colophon import canon, formulas, rerun, runs, schema

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "running-experiments.md").read_text(encoding="utf-8")


def shown(language: str) -> str:
    """Return the one block of a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return str(found)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The example, beside the harness."""
    for name in ("harness.py", "_environment.py"):
        shutil.copy(ROOT / "scripts" / "experiments" / name, tmp_path)
    file = tmp_path / "coin_toss.py"
    file.write_text(shown("python"), encoding="utf-8")
    return file


@pytest.mark.parametrize("preset", ["smoke", "cpu"])
def test_the_example_runs_as_it_stands(script: Path, preset: str) -> None:
    """Its record is in order, and its one metric is near a half."""
    out = script.with_name("run.json")
    done = subprocess.run(
        [sys.executable, script, "--preset", preset, "--out", out],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    judged = rerun.judged(out)
    # A smoke run is no run to be kept.
    assert {one.pointer for one in judged.findings} == ({"/preset"} if preset == "smoke" else set())
    record = json.loads(out.read_bytes())
    assert record["contract_version"] == runs.CONTRACT
    assert record["metrics"]["heads"]["low"] < 0.5 < record["metrics"]["heads"]["high"]


def test_a_mistyped_name_is_noted(script: Path) -> None:
    """A metric whose formula names what no run has is left out, and the run says so."""
    script.write_text(script.read_text().replace('"heads_by_seed", "share"', '"heads_by_seeds", "share"', 1))
    out = script.with_name("run.json")
    command = [sys.executable, script, "--preset", "smoke", "--out", out]
    subprocess.run(command, capture_output=True, check=True)
    record = json.loads(out.read_bytes())
    assert record["metrics"] == {}
    assert "tosses: 1 metric is left out, as there is no heads_by_seeds." in record["notes"]


def test_the_example_binding_is_in_order() -> None:
    """It fits its schema and is written as files are stored."""
    text = shown("json")
    value = canon.read(text.encode()).value
    assert schema.faults("reproduction-binding-v1", value) == ()
    assert canon.dumps(schema.ordered("reproduction-binding-v1", value)).decode() == text


def test_every_function_of_formulas_is_named() -> None:
    """The guide lists what a formula may call."""
    named = set(re.findall(r"`([a-z0-9]+)[`(]", GUIDE))
    assert named >= formulas.FUNCTION_NAMES
