"""A clone in which a change cannot be judged is refused with the command that mends it, never passed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from colophon.errors import EXIT_ENVIRONMENT, EnvironmentFault
from colophon.gate import judge_change
from colophon.repository import Repository

from .base import KEPT, LATER, dispute, paper
from .branches import add, git, made
from .conftest import Start

Malformed = Callable[[bytes, Callable[[bytes], bytes]], bytes]


def cloned(start: Start, folder: Path, *options: str) -> Path:
    """Clone the repository as a forge's workflow does."""
    git(folder.parent, "clone", "-q", *options, start.folder.as_uri(), str(folder))
    return folder


def test_what_main_added_since_is_not_deleted_by_the_branch(start: Start, tmp_path: Path) -> None:
    """Compared with the tip of main, a branch seems to delete what came later; not with the merge base."""
    head = made([add("README.md")], start.folder, start.base, tmp_path / "index")
    repository = Repository(str(start.folder))
    (trap,) = judge_change(repository, start.main, start.main, head, "registry").findings
    assert (trap.code, trap.path) == ("H402", f"papers/9a/{LATER}/corrections/meanwhile.yaml")
    base = repository.merge_base(start.main, head)
    assert base == start.base
    assert judge_change(repository, base, start.main, head, "registry").findings == ()


def test_a_shallow_clone_is_refused(start: Start, tmp_path: Path) -> None:
    """What a workflow checks out by default lacks the history, and the hint says how to get it."""
    repository, _ = Repository.open(cloned(start, tmp_path / "clone", "--depth", "1"))
    head = repository.commit("HEAD")
    with pytest.raises(EnvironmentFault, match="is shallow") as refused:
        repository.merge_base(repository.commit("origin/main"), head)
    assert refused.value.exit_code == EXIT_ENVIRONMENT
    assert refused.value.hint is not None
    assert "git fetch --unshallow origin" in refused.value.hint
    assert "fetch-depth: 0" in refused.value.hint


def test_a_missing_base_is_refused(start: Start, tmp_path: Path) -> None:
    """A branch or commit that was not fetched is named with the command that fetches it."""
    repository, _ = Repository.open(cloned(start, tmp_path / "clone"))
    with pytest.raises(EnvironmentFault, match="'origin/release' names no commit") as refused:
        repository.commit("origin/release")
    assert refused.value.hint == "git fetch origin release"


def test_an_unrelated_history_is_refused(start: Start, tmp_path: Path) -> None:
    """A branch that does not descend from main could hold anything."""
    folder = cloned(start, tmp_path / "clone")
    tree = git(folder, "rev-parse", "HEAD^{tree}").decode().strip()
    orphan = git(folder, "commit-tree", tree, "-m", "Begun anew").decode().strip()
    repository = Repository(str(folder))
    with pytest.raises(EnvironmentFault, match="no commit in common") as refused:
        repository.merge_base(start.main, orphan)
    assert "git switch" in (refused.value.hint or "")


def test_two_merge_bases_are_refused(start: Start, tmp_path: Path) -> None:
    """What a branch took over from main and then deleted would not show against the older of two bases."""
    folder = str(start.folder)
    one = made([add("one.txt")], start.folder, start.base, tmp_path / "one")
    two = made([add("two.txt")], start.folder, start.base, tmp_path / "two")
    tree = git(start.folder, "rev-parse", f"{one}^{{tree}}").decode().strip()
    crossed = [
        git(start.folder, "commit-tree", tree, "-p", first, "-p", second, "-m", "Merged").decode().strip()
        for first, second in ((one, two), (two, one))
    ]
    with pytest.raises(EnvironmentFault, match="2 merge bases") as refused:
        Repository(folder).merge_base(*crossed)
    assert "git merge" in (refused.value.hint or "")


@pytest.mark.parametrize(
    "malformed",
    [
        lambda tree, entry: tree + entry(b"arxiv") + entry(b"arxiv"),
        lambda tree, entry: tree + tree,
        lambda tree, entry: entry(b"zzz") + tree,
        lambda tree, entry: tree + entry(b"b/c"),
        lambda tree, entry: tree + entry(b"x").replace(b"100644", b"100664"),
    ],
    ids=["a name twice", "all names twice", "out of order", "a slash in a name", "a mode of nobody"],
)
def test_a_malformed_tree_is_refused(start: Start, tmp_path: Path, malformed: Malformed) -> None:
    """Git compares folders by the order of their names: in a false one a change can hide from it."""
    folder = cloned(start, tmp_path / "clone")
    blob = git(folder, "hash-object", "-w", "--stdin", stdin=b"words").decode().strip()
    below = git(folder, "cat-file", "tree", f"{start.main}:registry/works")
    raw = malformed(below, lambda name: b"100644 " + name + b"\0" + bytes.fromhex(blob))
    tree = (
        git(folder, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=raw).decode().strip()
    )
    for path in ("registry/works", "registry"):
        old = git(folder, "rev-parse", f"{start.main}:{path}").decode().strip()
        above = git(folder, "ls-tree", f"{start.main}:{path.rpartition('/')[0]}")
        tree = git(folder, "mktree", stdin=above.replace(old.encode(), tree.encode())).decode().strip()
    head = git(folder, "commit-tree", tree, "-p", start.main, "-m", "Malformed").decode().strip()
    with pytest.raises(EnvironmentFault, match="is malformed") as refused:
        judge_change(Repository(str(folder)), start.main, start.main, head, "registry")
    assert "git fsck" in (refused.value.hint or "")


def test_a_path_of_a_thousand_folders_is_judged(start: Start, tmp_path: Path) -> None:
    """It is refused by name like any other, not by a stack that runs over."""
    deep = "registry/works/" + "a/" * 1_000 + "x.json"
    head = made([add(deep)], start.folder, start.base, tmp_path / "index")
    found = judge_change(Repository(str(start.folder)), start.base, start.main, head, "registry").findings
    assert [one.code for one in found] == ["H405"]


def test_a_detached_head_is_judged(start: Start, tmp_path: Path) -> None:
    """A workflow checks out a commit and no branch."""
    folder = cloned(start, tmp_path / "clone")
    git(folder, "checkout", "-q", "--detach")
    event = f"{paper(KEPT)}/corrections/counts-disputed.yaml"
    (folder / event).parent.mkdir()
    (folder / event).write_text(dispute(KEPT), encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "An event")
    repository, inside = Repository.open(folder / "registry")
    head = repository.commit("HEAD")
    tip = repository.commit("main")
    report = judge_change(repository, repository.merge_base(tip, head), tip, head, inside)
    assert (report.findings, report.touched) == ((), (KEPT,))
    assert report.added == (event.removeprefix("registry/"),)
