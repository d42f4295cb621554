"""The command itself: what it prints, and how it ends."""

from pathlib import Path

import pytest

from ..conftest import colophon
from .branches import git, made
from .changes import CHANGES
from .conftest import Start
from .events import EVENTS
from .records import RECORDS
from .rows import NOW, Row

SHOWN = {row.name: row for row in (*CHANGES, *EVENTS, *RECORDS)}


def checked(row: Row, start: Start, tmp_path: Path, *options: str) -> tuple[int, str]:
    """Run the command on the change of a row, as a forge does in a clone; return its exit and output."""
    head = made(row.steps, start.folder, start.base, tmp_path / "index")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--no-checkout", start.folder.as_uri(), str(clone))
    git(clone, "fetch", "-q", "origin", f"{head}:refs/heads/change")
    git(clone, "checkout", "-q", "main")
    done = colophon(
        "check",
        "--base",
        "origin/main",
        "--head",
        "change",
        "--now",
        NOW,
        "--registry",
        clone / "registry",
        *options,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    "name", ["conflict_with_a_published_event", "alias_bomb", "settings_deleted", "edit_manifest"]
)
def test_a_refused_change_ends_with_1(start: Start, tmp_path: Path, name: str) -> None:
    """The code and the words of the row are printed."""
    row = SHOWN[name]
    code, printed = checked(row, start, tmp_path)
    assert (code, row.code in printed) == (1, True), printed
    assert all(words in printed for words in row.words), printed


@pytest.mark.parametrize("name", ["dispute_with_a_proposal", "new_record", "only_a_readme"])
def test_an_honest_change_ends_with_0(start: Start, tmp_path: Path, name: str) -> None:
    """Also when it touches no record, and when the record that it adds has editorial findings."""
    row = SHOWN[name]
    code, printed = checked(row, start, tmp_path, "--cache", str(tmp_path / "outlines"))
    assert code == 0, printed
    assert (f"{row.touched} record" in printed) is True, printed
    assert (tmp_path / "outlines").exists()


def test_a_refused_change_is_json_too(start: Start, tmp_path: Path) -> None:
    """Programs read the same findings."""
    code, printed = checked(SHOWN["late"], start, tmp_path, "--format", "json")
    assert (code, '"H407"' in printed) == (1, True), printed


def test_what_is_not_committed_is_said(start: Start, tmp_path: Path) -> None:
    """A person who wrote a file and forgot to commit it is told; programs, and other heads, hear nothing."""
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", start.folder.as_uri(), str(clone))
    (clone / "registry" / "mine.yaml").write_text("x\n")
    (clone / "elsewhere").write_text("x\n")
    ask = ("check", "--base", "origin/main", "--now", NOW, "--registry", "registry")
    done = colophon(*ask, cwd=clone)
    assert done.stderr.splitlines() == [
        "note: 1 file is not committed, so not judged:",
        "  registry/mine.yaml",
        "  next: git add registry && git commit -m 'Correct a record', then this again",
    ]
    assert "0 records touched" in done.stdout
    for options in (("--format", "github"), ("--head", "origin/main"), ("--first-parent",)):
        assert colophon(*ask, *options, cwd=clone).stderr == ""
