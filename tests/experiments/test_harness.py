"""The harness: one command line for every script, whole records or none, and interrupted runs that go on."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from colophon import canon, rerun, runs

from ..conftest import ROOT

SCRIPTS = ROOT / "scripts" / "experiments"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The counting experiment beside a copy of the harness."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    for name in ("harness.py", "_environment.py"):
        shutil.copy(SCRIPTS / name, folder)
    return Path(shutil.copy(Path(__file__).parent / "counting.py", folder))


def start(script: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start the script."""
    surroundings = {**os.environ, "COUNTING_TRACE": str(script.parent.parent / "trace"), **environment}
    command = [sys.executable, str(script), *arguments]
    return subprocess.Popen(
        command,
        env=surroundings,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # What runs in the background is started deaf to Ctrl-C, and its children would be too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )


def ran(script: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """Run the script: exit code, output, errors."""
    process = start(script, *arguments, **environment)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def record(file: Path) -> dict[str, Any]:
    """What a script wrote."""
    made: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return made


def traced(script: Path) -> list[str]:
    """The steps that were really run."""
    return (script.parent.parent / "trace").read_text(encoding="utf-8").split()


def test_a_run_is_in_order_by_its_contract(script: Path, tmp_path: Path) -> None:
    """Its record is accepted as it is, its digests are those of the files, its metrics follow."""
    out = tmp_path / "run.json"
    code, _, err = ran(
        script, "--out", str(out), "--operator", "Ada Example", "--machine", "desk", "--seeds", "2"
    )
    assert code == 0, err
    judged = rerun.judged(out)
    assert judged.findings == ()
    held = record(out)
    assert {one["name"]: one["sha256"] for one in held["code"]} == {
        file.name: canon.digest(file.read_bytes()) for file in script.parent.glob("*.py")
    }
    assert held["metrics"]["sum_3"]["value"] == 6
    assert (held["metrics"]["share"]["low"], held["metrics"]["share"]["high"]) == (0.5, 1)
    assert "never" not in held["metrics"]
    assert any("nothing: left out" in note for note in held["notes"])
    assert [part["name"] for part in held["parts"] if part["ran"]] == ["sums"]
    assert (held["operator"], held["machine"]["name"], held["settings"]["seeds"]) == (
        "Ada Example",
        "desk",
        [0, 1],
    )
    assert not out.with_name("run.json.partial").exists()


def test_the_registry_reads_the_same_imports_as_ran(script: Path, tmp_path: Path) -> None:
    """What would run today is told without running it."""
    out = tmp_path / "run.json"
    ran(script, "--out", str(out))
    assert rerun.code_of(script) == {one["name"]: one["sha256"] for one in record(out)["code"]}


def test_an_interrupted_run_goes_on(script: Path, tmp_path: Path) -> None:
    """Finished steps are kept and not run again, and the record says where it was stopped."""
    out = tmp_path / "run.json"
    process = start(script, "--out", str(out), COUNTING_STOPS_AT="3")
    trace = script.parent.parent / "trace"
    for _ in range(600):
        if trace.exists() and "3" in trace.read_text(encoding="utf-8").split():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "2 finished steps are kept, the same command goes on" in err
    assert not out.exists()
    code, _, err = ran(script, "--out", str(out))
    assert code == 0, err
    assert traced(script) == ["1", "2", "3", "3"]
    held = record(out)
    assert [one["kept"] for one in held["interruptions"]] == [2]
    assert held["metrics"]["sum_3"]["value"] == 6
    assert rerun.judged(out).findings == ()


def test_a_run_of_other_code_is_not_continued(script: Path, tmp_path: Path) -> None:
    """Steps of another script, or of other settings, would be another experiment."""
    out = tmp_path / "run.json"
    (tmp_path / "run.json.partial").write_text('{"key": "other", "started": "2026-01-01T00:00:00Z"}\n{"step"')
    code, _, err = ran(script, "--out", str(out))
    assert code == 0
    assert "belongs to another run, so everything runs anew" in err
    assert record(out)["interruptions"] == []


def test_too_little_memory_leaves_a_step_out(script: Path, tmp_path: Path) -> None:
    """The others count, and a note says what is missing."""
    out = tmp_path / "run.json"
    code, _, _ = ran(script, "--out", str(out), COUNTING_FULL_AT="2")
    held = record(out)
    assert code == 0
    assert sorted(held["metrics"]) == ["share", "sum_1", "sum_3"]
    assert any("count to 2: left out, the GPU's memory is too small" in note for note in held["notes"])


def test_a_time_limit_ends_a_run_that_still_counts(script: Path, tmp_path: Path) -> None:
    """No step begins after it; what was kept before is concluded from, and the record says where it ended."""
    out = tmp_path / "run.json"
    asked = ("--preset", "smoke", "--time-limit", "1", "--out", str(out))
    code, _, err = ran(script, *asked, COUNTING_SLOW_AT="2")
    assert code == 0, err
    held = record(out)
    assert traced(script) == ["1", "2"]
    assert sorted(held["metrics"]) == ["sum_1", "sum_2"]
    assert any("the time limit of 1 s before its step 'count to 3'" in one for one in held["notes"])
    assert "late: did not run, the time limit of 1 s was over" in held["notes"]
    assert "late ran" not in held["notes"]
    assert [part["name"] for part in held["parts"] if part["ran"]] == ["sums"]
    # That it was but a test of the code is all that is wrong with it.
    assert [one.code for one in rerun.judged(out).findings] == ["E106"]


def test_a_failed_check_is_told_and_fails(script: Path, tmp_path: Path) -> None:
    """The record is written, and the registry would refuse it."""
    out = tmp_path / "run.json"
    code, _, err = ran(script, "--out", str(out), COUNTING_ERROR="0.75")
    assert code == 1
    assert "one differs from one by 0.75, at most 0.5 passes" in err
    assert [one.code for one in rerun.judged(out).findings] == ["E106"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--part", "other", "--out", "x"), "there is no part 'other', expected one of sums, late, large"),
        (("--part", "large", "--out", "x"), "no such part has the preset cpu"),
        ((), "there is no --out FILE"),
        (("--preset", "gpu", "--out", "x", "--device", "cuda"), "there is no GPU that torch can use"),
        (("--seeds", "0"), "no number from 1 to 1000"),
        (("--time-limit", "soon"), "no number from 1 to 1000"),
        (("--machine", "My Desk"), "is not 2 to 61 of"),
        (("--operator", " "), "a name is one line"),
    ],
)
def test_wrong_use_is_answered_in_words(script: Path, arguments: tuple[str, ...], words: str) -> None:
    """One line, no traceback, and nothing is written."""
    code, out, err = ran(script, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
    assert not (script.parent.parent / "trace").exists()


def test_an_output_that_cannot_be_written_is_told_in_a_line(script: Path) -> None:
    """Before anything is counted."""
    code, _, err = ran(script, "--out", "/nonexistent/run.json")
    assert (code, "Traceback" in err) == (3, False)
    assert "/nonexistent/run.json.partial: No such file or directory" in err


def test_a_dry_run_runs_nothing(script: Path) -> None:
    """It says what would run, and for how long."""
    code, out, _ = ran(script, "--dry-run")
    assert code == 0
    assert out.splitlines() == [
        "sums: about 1 s on cpu: adds numbers up",
        "nothing was run; in all about 1 s",
    ]


def test_a_script_says_what_it_is(script: Path) -> None:
    """Parts, metrics with units, presets with durations; no claims and no grades."""
    code, out, _ = ran(script, "--describe")
    said = json.loads(out)
    assert code == 0
    assert said["experiment"] == "counting"
    assert [part["name"] for part in said["parts"]] == ["sums", "late", "large"]
    assert said["parts"][0]["seconds"] == {"smoke": 1, "cpu": 1}
    assert "figures-c001" not in out
    assert runs.CONTRACT == "run-record-v1"
