"""The scripts with the program itself: a correction goes through, a change of a record does not."""

import shutil
import sys
from pathlib import Path

import pytest

from .forge_files import EVENT, OURS, PAPER, ROOT, History, Runner, step

CHECK = OURS / "workflows" / "check.yml"
ISSUE = OURS / "workflows" / "correction-from-issue.yml"
MANIFEST = f"registry/papers/63/{PAPER}/manifest.json"
CORRECTION = f"""contract_version: correction-event-v1
paper: {PAPER}
type: DISPUTE
reason: off-topic
date: 2026-11-23
reporter:
  name: Ada Example
  kind: person
note: |
  The abstract is of another work.
"""
FORM = f"""### Paper

{PAPER}

### Type

DISPUTE

### Reason

off-topic

### What is wrong

The abstract is of another work.

### Your name or handle

Ada Example

### Filed by

person
"""


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A machine with this program, its checkout append-only, with the records of this repository as filed."""
    made = Runner.at(tmp_path)
    program = Path(sys.executable).with_name("colophon")
    made.program("colophon", f'#!/bin/bash\nexec "{program}" "$@"\n', made.temp / "venv" / "bin")
    ignored = shutil.ignore_patterns(".colophon", "corrections")
    shutil.copytree(ROOT / "registry", made.checkout / "registry", ignore=ignored)
    settings = made.checkout / "registry" / "registry.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("append_only: false", "append_only: true"), encoding="utf-8")
    History(made.checkout).save()
    return made


def _judged(runner: Runner, base: str, head: str, walk: str = "") -> tuple[int, str]:
    done = runner.run(step(CHECK, "Judge"), BASE=base, HEAD=head, WALK=walk, NUMBER="7")
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("walk", ["", "yes"])
def test_a_correction_goes_through(runner: Runner, walk: str) -> None:
    """One added event has no finding; its summary, its findings and its preview are ready to be uploaded."""
    history = History(runner.checkout)
    base = history.git("rev-parse", "HEAD")
    history.write(f"registry/{EVENT}", CORRECTION)
    head = history.save()
    code, said = _judged(runner, base, head, walk)
    assert code == 0, said
    out = runner.temp / "out"
    assert (out / "summary.md").stat().st_size
    assert (out / "findings.sarif").stat().st_size
    done = runner.run(step(CHECK, "Preview the corrections"), BASE=base, HEAD=head)
    assert done.stdout == f"preview of registry/{EVENT}\n", done.stdout + done.stderr
    assert list((out / "preview" / f"{PAPER}-wrong-count").rglob(f"{PAPER}.html"))


def test_a_changed_record_does_not(runner: Runner) -> None:
    """The findings are marked at their file, in a pull request and on main."""
    history = History(runner.checkout)
    base = history.git("rev-parse", "HEAD")
    text = (runner.checkout / MANIFEST).read_text(encoding="utf-8")
    history.write(MANIFEST, text.replace("28", "21", 1))
    head = history.save()
    for walk in ("", "yes"):
        code, said = _judged(runner, base, head, walk)
        assert code == 1, said
        assert "H401" in said
        assert f"::error file={MANIFEST}" in said


def test_without_a_base_the_registry_is_judged(runner: Runner) -> None:
    """The first push: the program takes the options that the script gives it."""
    code, said = _judged(runner, "", "", "")
    assert code == 0, said
    assert (runner.temp / "out" / "findings.sarif").is_file()


def test_a_form_becomes_a_correction_that_goes_through(runner: Runner) -> None:
    """What the issue form gives is written as one file, and the gate lets it in."""
    history = History(runner.checkout)
    base = history.git("rev-parse", "HEAD")
    done = runner.run(step(ISSUE, "Write the correction"), BODY=FORM)
    said = runner.temp / "said.txt"
    assert done.returncode == 0, done.stdout + done.stderr + said.read_text(encoding="utf-8")
    assert runner.outputs()["file"].startswith(f"registry/papers/63/{PAPER}/corrections/")
    code, found = _judged(runner, base, history.save())
    assert code == 0, found


def test_a_form_without_a_paper_is_answered(runner: Runner) -> None:
    """The person reads which heading is missing."""
    body = FORM.replace(PAPER, "the one about attention")
    assert runner.run(step(ISSUE, "Write the correction"), BODY=body).returncode == 1
    assert "Paper" in (runner.temp / "said.txt").read_text(encoding="utf-8")
