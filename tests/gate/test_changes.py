"""The check of a change refuses every hostile or clumsy one by name, and lets every honest one pass."""

from pathlib import Path

import pytest

from colophon import change_check, faults, pipeline
from colophon.change_report import ChangeReport
from colophon.characters import visible
from colophon.executor import Serial
from colophon.model import Finding, FindingClass, Severity
from colophon.store import GitTree

from .branches import Branch, Step, made
from .changes import CHANGES
from .conftest import Start
from .events import EVENTS
from .records import RECORDS
from .rows import NOW, Row

ROWS = (*CHANGES, *EVENTS, *RECORDS)


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def judged(row: Row, start: Start, tmp_path: Path, *more: Step) -> ChangeReport:
    """Make the change of a row on a branch that left main one commit ago; judge it as the program does."""
    head = made((*row.steps, *more), start.folder, start.base, tmp_path / f"index-{len(more)}")
    change = pipeline.Change(start.folder / "registry", start.main, head, False, start.cache, NOW)
    return pipeline.judge_change(change, Serial(), silent)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_change_is_judged_as_its_row_says(row: Row, start: Start, tmp_path: Path) -> None:
    """Exactly the codes of the row block, as errors; a message has its words; all can be printed."""
    report = judged(row, start, tmp_path)
    blocking = [found for found in report.findings if found.finding_class is FindingClass.INTEGRITY]
    assert {found.code for found in blocking} == {row.code, *row.also} - {""}, blocking
    named = [found for found in blocking if found.code == row.code]
    assert all(any(words in found.message for found in named) for words in row.words), named
    assert not row.patch or any(found.patch and row.patch in f"{found.patch.text}\n" for found in named), (
        named
    )
    assert {note for note in report.notes if "is removed" in note} == {
        f"{path.removeprefix('registry/')} is removed; the page says why" for path in row.removals
    }
    assert row.touched is None or len(report.records) == row.touched
    assert not row.state or report.records[0].state[1] == row.state
    assert report.findings == change_check.worst_first(set(report.findings))
    for found in report.findings:
        assert found.message == visible(found.message)
        assert found.path.encode()
    for found in blocking:
        assert (found.slug, found.severity) == (faults.RULES[found.code].slug, Severity.ERROR)


def mended(finding: Finding) -> Step:
    """Return the step of a person who takes the text that a finding offers."""
    patch, path = finding.patch, f"registry/{finding.path}"
    assert patch is not None

    def step(branch: Branch) -> None:
        lines = branch.read(path).decode().split("\n")
        if patch.first == 0:
            lines = patch.text.split("\n")
        else:
            lines[patch.first - 1 : patch.last] = patch.text.split("\n")
        branch.write(path, "\n".join(lines).encode())

    return step


@pytest.mark.parametrize("row", [row for row in ROWS if row.patch], ids=str)
def test_what_is_offered_mends_the_change(row: Row, start: Start, tmp_path: Path) -> None:
    """Whoever takes the offered text as it is needs to do nothing else."""
    (found,) = {found for found in judged(row, start, tmp_path).findings if found.patch is not None}
    after = judged(row, start, tmp_path, mended(found))
    assert {found.code for found in after.findings if found.finding_class is FindingClass.INTEGRITY} == set()


@pytest.mark.parametrize("row", [row for row in ROWS if not row.code], ids=str)
def test_what_passes_leaves_the_registry_whole(row: Row, start: Start, tmp_path: Path) -> None:
    """After an honest change the check of the whole registry finds nothing that means damage."""
    head = made(row.steps, start.folder, start.base, tmp_path / "index")
    tree = GitTree(str(start.folder), head, "registry")
    assert pipeline.survey(tree, Serial(), silent, now=NOW).integrity == ()


def test_the_tables_are_large_enough() -> None:
    """No row stands twice, and hostile and honest changes are both there in number."""
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert sum(1 for row in ROWS if row.code) >= 150
    assert sum(1 for row in ROWS if not row.code) >= 40
