"""What lands on main is judged again, commit by commit: what is fine alone may not be so together."""

from pathlib import Path

import pytest

from colophon import pipeline
from colophon.change_report import ChangeReport
from colophon.executor import Serial
from colophon.model import FindingClass

from .base import COUNTED, KEPT, event, paper
from .branches import Step, add, delete, git, made
from .conftest import Start
from .events import corrects, files
from .rows import NOW
from .test_changes import silent


def judged(start: Start, base: str, head: str, *, by_commit: bool = True) -> ChangeReport:
    """Judge what leads from one commit to another as the program does on main."""
    change = pipeline.Change(start.folder / "registry", base, head, by_commit, start.cache, NOW)
    return pipeline.judge_change(change, Serial(), silent)


def blocking(report: ChangeReport) -> list[tuple[str, str]]:
    """Return (code, name of the file) of what blocks."""
    found = [one for one in report.findings if one.finding_class is FindingClass.INTEGRITY]
    return [(one.code, one.path.rpartition("/")[2]) for one in found]


def merged(start: Start, tip: str, branch: str, step: Step, index: Path) -> str:
    """Return the commit that merges a branch into the tip of a main line; the step is what the branch did."""
    tree = (
        git(start.folder, "rev-parse", f"{made([step], start.folder, tip, index)}^{{tree}}").decode().strip()
    )
    made_of = ("-p", tip, "-p", branch)
    return git(start.folder, "commit-tree", tree, *made_of, "-m", "Merged").decode().strip()


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (
            corrects("/submitted", "2026-03-05", "2026-03-04", slug="fifth"),
            corrects("/submitted", "2026-03-06", "2026-03-04", slug="sixth", date="2026-05-02"),
            "H302",
        ),
        (
            files("DISPUTE", "reason: other", slug="fifth", date="2026-05-02"),
            files("DISPUTE", "reason: off-topic", slug="sixth", date="2026-05-01"),
            "H407",
        ),
        (
            files("DISPUTE", "reason: other", slug="fifth"),
            files("DISPUTE", "reason: other", slug="sixth", date="2026-05-02"),
            "H309",
        ),
    ],
    ids=["from one value", "later first", "the same words"],
)
def test_two_fine_changes_collide_on_main(
    start: Start, tmp_path: Path, first: Step, second: Step, code: str
) -> None:
    """Each passes alone; the second merge is refused, and its file is named."""
    one = made([first], start.folder, start.base, tmp_path / "a")
    two = made([second], start.folder, start.base, tmp_path / "b")
    assert blocking(judged(start, start.base, one, by_commit=False)) == []
    assert blocking(judged(start, start.base, two, by_commit=False)) == []
    tip = merged(start, start.main, one, first, tmp_path / "c")
    assert blocking(judged(start, start.main, tip)) == []
    last = merged(start, tip, two, second, tmp_path / "d")
    assert blocking(judged(start, tip, last)) == [(code, "sixth.yaml")]
    assert blocking(judged(start, start.main, last)) == [(code, "sixth.yaml")]


def test_what_is_added_and_deleted_again_is_seen(start: Start, tmp_path: Path) -> None:
    """Between the ends of a push nothing seems to happen; step by step a published file is gone."""
    path = f"{paper(COUNTED)}/corrections/brief.yaml"
    added = made(
        [add(path, event(COUNTED, "DISPUTE", "reason: other"))], start.folder, start.main, tmp_path / "a"
    )
    gone = made([delete(path)], start.folder, added, tmp_path / "b")
    assert blocking(judged(start, start.main, gone, by_commit=False)) == []
    assert blocking(judged(start, start.main, gone)) == [("H402", "brief.yaml")]


def test_a_rewritten_main_line_loses_nothing_unseen(start: Start, tmp_path: Path) -> None:
    """After a forced push the old tip is no parent of the new one, and what only it held is missed."""
    path = f"{paper(KEPT)}/corrections/lost.yaml"
    old = made([add(path, event(KEPT, "DISPUTE", "reason: other"))], start.folder, start.main, tmp_path / "a")
    new = made([add("README.md", "Rewritten.\n")], start.folder, start.main, tmp_path / "b")
    assert blocking(judged(start, old, new)) == [("H402", "lost.yaml")]


def test_several_commits_are_one_report(start: Start, tmp_path: Path) -> None:
    """A push of two commits names both records, and counts what both added."""
    one = made([files("DISPUTE", "reason: other")], start.folder, start.main, tmp_path / "a")
    two = made([files("DISPUTE", "reason: other", record=KEPT)], start.folder, one, tmp_path / "b")
    report = judged(start, start.main, two)
    assert ([record.id for record in report.records], report.files) == ([COUNTED, KEPT], 2)
    assert (report.base, report.head) == (start.main, two)


def test_a_commit_on_main_itself_is_said_to_be_nothing(start: Start) -> None:
    """Whoever forgot to make a branch is told so, not that all is well."""
    for head in (start.main, start.base):
        (note,) = judged(start, start.main, head, by_commit=False).notes
        nothing = f"{start.main} has all of this already, so nothing is judged"
        assert note == f"{nothing}; commit on a branch: git switch -c NAME"
