"""In which order records came is read from the whole history of a main line, or nobody claims to know it."""

from pathlib import Path

import pytest

from colophon.model import WAITING, Admissions
from colophon.repository import Repository
from colophon.store import GitTree, MergedTree, OverlayTree, WorkTree, admission_order, admitted

from ..gate.branches import git
from .test_repository import commit, merged

IDS = [f"{number}{number}000000-0000-4000-8000-000000000000" for number in range(7)]


def paper(number: int, name: str = "manifest.json", above: str = "registry/") -> str:
    """Return the path of a record's file."""
    return f"{above}papers/{IDS[number][:2]}/{IDS[number]}/{name}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty repository with the branch main."""
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    return top


def order(folder: Path, inside: str = "registry") -> list[int | None]:
    """Return the numbers of all records, as the files here and the last commit tell them alike."""
    head = git(folder, "rev-parse", "HEAD").decode().strip()
    here = admission_order(WorkTree(str(folder / inside)))
    assert here == admission_order(GitTree(str(folder), head, inside))
    return [here.of(record) for record in IDS]


def test_records_are_in_the_order_of_their_commits(folder: Path) -> None:
    """Of one commit they share a number; events, other folders and later files of a record change nothing."""
    commit(folder, {paper(3): "3", paper(1): "1", paper(1, "report.txt"): "1"})
    commit(folder, {paper(1, "corrections/a.yaml"): "1", paper(1): "changed", "README.md": "words"})
    commit(folder, {paper(0): "0", paper(2, "report.txt"): "no record yet"})
    commit(folder, {paper(2): "2", "registry/refusals/55/x/manifest.json": "5", paper(4, above="old/"): "4"})
    numbers = order(folder)
    assert sorted(range(4), key=lambda record: (numbers[record], record)) == [1, 3, 0, 2]
    assert numbers[1] == numbers[3]
    assert numbers[4:] == [WAITING] * 3


def test_a_registry_may_be_the_whole_repository(folder: Path) -> None:
    """Then its paths have nothing before them."""
    commit(folder, {paper(0, above=""): "0"})
    commit(folder, {paper(1, above=""): "1"})
    assert order(folder, "")[:2] == [1, 2]


def test_a_merge_brings_its_records_at_once(folder: Path) -> None:
    """What a branch did in which order is nobody's business but its own."""
    base = commit(folder, {paper(0): "0"})
    main = commit(folder, {paper(1): "1"})
    git(folder, "checkout", "-q", base)
    commit(folder, {paper(3): "3"})
    side = commit(folder, {paper(2): "2"})
    git(folder, "checkout", "-q", "main")
    assert main != side
    git(folder, "merge", "-q", "--no-ff", "-m", "Merged", side)
    later = order(folder)
    assert later[:4] == [1, 2, 3, 3]


def test_a_record_that_went_and_came_again_keeps_its_place(folder: Path) -> None:
    """Nobody becomes the later one by being away for a while."""
    commit(folder, {paper(0): "0"})
    commit(folder, {paper(1): "1"})
    commit(folder, {paper(0): None})
    commit(folder, {paper(0): "0"})
    assert order(folder)[:2] == [1, 2]


def test_what_is_not_committed_waits(folder: Path) -> None:
    """It is later than all that is, and in no order among its like."""
    commit(folder, {paper(0): "0"})
    (folder / paper(1)).parent.mkdir(parents=True)
    (folder / paper(1)).write_text("1")
    assert order(folder)[:3] == [1, WAITING, WAITING]


def test_without_the_whole_history_there_is_no_order(folder: Path, tmp_path: Path) -> None:
    """In a shallow clone, before the first commit, outside git, and of trees that are not filed."""
    unknown = Admissions(None)
    assert admission_order(WorkTree(str(folder))) == unknown
    first = commit(folder, {paper(0): "0"})
    second = commit(folder, {paper(1): "1"})
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{folder}", "shallow")
    assert admission_order(WorkTree(str(tmp_path / "shallow/registry"))) == unknown
    assert admission_order(GitTree(str(tmp_path / "shallow"), second, "registry")) == unknown
    (tmp_path / "plain").mkdir()
    assert admission_order(WorkTree(str(tmp_path / "plain"))) == unknown
    tree = GitTree(str(folder), second, "registry")
    assert admission_order(OverlayTree(tree, ())) == unknown
    assert admission_order(MergedTree(tree, GitTree(str(folder), first, "registry"), frozenset())) == unknown
    assert admission_order(GitTree(str(folder), "0" * 40, "registry")) == unknown
    assert unknown.of(IDS[0]) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log.showSignature", "true"), ("log.follow", "true"), ("log.showRoot", "false"),
        ("diff.relative", "true"), ("diff.renames", "copies"), ("diff.noprefix", "true"),
        ("color.ui", "always"), ("log.diffMerges", "off"), ("format.pretty", "fuller"),
        ("core.quotePath", "true"), ("log.decorate", "full"), ("diff.orderFile", "/dev/zero/none"),
    ],
)  # fmt: skip
def test_settings_change_nothing(folder: Path, name: str, value: str) -> None:
    """Neither what git would print to this person nor what a repository's settings would make it run."""
    commit(folder, {paper(0): "same", "registry/papers/é\t.txt": "odd"})
    commit(folder, {paper(1): "same"})
    git(folder, "config", "gpg.program", "/nonexistent")
    git(folder, "config", name, value)
    assert order(folder)[:2] == [1, 2]


def test_an_order_goes_on_from_an_earlier_commit(folder: Path) -> None:
    """Only the commits since are read; whether the earlier one is on the line is asked first."""
    first = commit(folder, {paper(0): "0"})
    second = commit(folder, {paper(1): "1"})
    third = commit(folder, {paper(2): "2"})
    repository = Repository(str(folder))
    assert admitted(repository, third, "registry", first, 7) == {IDS[1]: 8, IDS[2]: 9}
    assert admitted(repository, third, "registry", third, 7) == {}
    assert repository.is_on_line(first, third)
    assert repository.is_on_line(third, third)
    assert not repository.is_on_line(third, first)
    side = merged(folder, second, first)
    assert repository.is_on_line(second, side)
    other = merged(folder, first, third)
    assert not repository.is_on_line(third, other)
    assert not repository.is_on_line("0" * 40, third)
    assert not repository.is_on_line("", third)
    assert not repository.is_on_line("--all", third)
