"""A record that repeats another, in a change, in a check of the whole registry, and where nobody can tell."""

import shutil
from pathlib import Path

import pytest

from colophon import canon, pipeline, report, snapshot
from colophon.change_check import judge
from colophon.executor import Executor, Serial, local
from colophon.model import Finding, Severity
from colophon.pipeline import Survey
from colophon.store import WorkTree

from ..gate.base import COUNTED, KEPT, paper
from ..gate.branches import Branch, Step, git, made
from ..gate.conftest import Start, begun
from ..gate.events import files
from .test_change_check import ask

COPY = "a0000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """A repository with a registry of five records."""
    return begun(tmp_path_factory.mktemp("copies") / "repository")


def copies(record: str, copy: str = COPY, **changed: object) -> Step:
    """Add a copy of a record under another id, with some top keys of the manifest changed."""

    def step(branch: Branch) -> None:
        for name in ("report.txt", "manifest.json", "provenance.json"):
            raw = branch.read(f"{paper(record)}/{name}")
            if name != "report.txt":
                document = {**canon.read(raw).value}
                document |= {"paper": copy} if "paper" in document else {"id": copy, **changed}
                if "display_id" in document:
                    document["display_id"] = f"SRCH:{copy[:8].upper()}"
                raw = canon.dumps(document)
            branch.write(f"{paper(copy)}/{name}", raw)

    return step


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    """Return (record, pointer, severity) of the copies that are told."""
    return sorted((f.record, f.pointer, f.severity.value) for f in findings if f.code == "U102")


def test_a_copy_is_told_in_the_change_that_brings_it(start: Start, tmp_path: Path) -> None:
    """As errors of the new record, which block nothing, and a note of the earlier one; no new version is."""
    head = made([copies(COUNTED)], start.folder, start.base, tmp_path / "a")
    found = judge(ask(start), start.base, start.base, head).findings
    assert told(found) == [
        (COPY, "/abstract", "error"), (COPY, "/claims", "error"), (COUNTED, "/title", "note")
    ]  # fmt: skip
    assert {f.finding_class for f in found} == {"editorial"}
    assert {f.line > 1 for f in found if f.code == "U102"} == {True}
    replaced = made([copies(COUNTED, supersedes=COUNTED)], start.folder, start.base, tmp_path / "b")
    assert told(judge(ask(start), start.base, start.base, replaced).findings) == []


def test_two_copies_in_one_change_are_in_the_order_of_their_ids(start: Start, tmp_path: Path) -> None:
    """As they will be when the change is one commit of the main line; the earliest is named for both."""
    other = f"b{COPY[1:]}"
    steps = [copies(COUNTED), copies(COUNTED, other)]
    head = made(steps, start.folder, start.base, tmp_path / "a")
    found = judge(ask(start), start.base, start.base, head).findings
    assert {(record, severity) for record, _, severity in told(found)} == {
        (COPY, "error"), (other, "error"), (COUNTED, "note")
    }  # fmt: skip
    assert all(COUNTED in f.message for f in found if f.severity is Severity.ERROR and f.code == "U102")


def test_a_correction_makes_no_search(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it changes of an outline cannot make a copy, so that the change of one file is judged fast."""
    dispute = made([files("DISPUTE", "reason: other")], start.folder, start.base, tmp_path / "a")
    newer = files("SUPERSESSION", "reason: newer-version", f"successor: {KEPT}")
    superseded = made([newer], start.folder, start.base, tmp_path / "b")
    calls = []
    of = snapshot.of
    judge(ask(start), start.base, start.base, dispute)
    monkeypatch.setattr(snapshot, "of", lambda outlines: calls.append(1) or of(outlines))
    judge(ask(start), start.base, start.base, dispute)
    assert not calls
    judge(ask(start), start.base, start.base, superseded)
    assert calls


@pytest.fixture
def registry(start: Start, tmp_path: Path) -> Path:
    """The registry with a copy in a later commit and one that waits, as files of a clone."""
    head = made([copies(COUNTED)], start.folder, start.base, tmp_path / "i")
    git(start.folder, "branch", "-f", "copied", head)
    git(tmp_path, "clone", "-q", "-b", "copied", str(start.folder), "clone")
    found = tmp_path / "clone/registry"
    for name in "cd":
        waits = f"{name}{COPY[1:]}"
        folder = found / paper(waits).removeprefix("registry/")
        shutil.copytree(found / paper(KEPT).removeprefix("registry/"), folder)
        for file in folder.glob("*.json"):
            file.write_text(
                file.read_text().replace(KEPT, waits).replace(KEPT[:8].upper(), waits[:8].upper())
            )
    return found


def surveyed(registry: Path, executor: Executor) -> Survey:
    """Survey a registry from its files."""
    return pipeline.survey(WorkTree(str(registry)), executor, lambda *_: None)


def test_a_check_tells_copies_alike_however_it_runs(registry: Path) -> None:
    """What waits for its commit is later than what it repeats; of two that wait neither repeats the other."""
    found = surveyed(registry, Serial())
    waiting = [f"{name}{COPY[1:]}" for name in "cd"]
    records = {record for record, _, severity in told(found.findings) if severity != "note"}
    assert records == {COPY, *waiting}
    notes = [f for f in found.findings if f.code == "U102" and f.severity is Severity.NOTE]
    assert {f.record for f in notes} == {COUNTED, KEPT}
    assert f"{waiting[0]} (" in next(f.message for f in notes if f.record == KEPT)
    with local(2) as executor:
        assert surveyed(registry, executor) == found
    tally = found.tallies["U102"]
    assert tally.checked == tally.recognised > tally.records
    errors = next(item for item in found.judged if item.id == COPY).derived.tier
    assert any("U102 records-near-duplicate" in reason for reason in errors.reasons)


def test_without_history_nothing_is_told_and_it_is_said(registry: Path) -> None:
    """A copy of the files knows no order: what could be compared is counted as not checked."""
    shutil.rmtree(registry.parent / ".git")
    found = surveyed(registry, Serial())
    tally = found.tallies["U102"]
    assert told(found.findings) == []
    assert tally.recognised > tally.checked == 0
    printed = report.stats(pipeline.rules(), found.tallies)
    assert f"U102: {tally.recognised} not checked: no history" in printed
