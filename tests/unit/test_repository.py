"""Git is read exactly and runs nothing: neither settings nor branches make it look elsewhere."""

import os
import pickle
import subprocess
from pathlib import Path

import pytest

from colophon.errors import EnvironmentFault, UsageError
from colophon.git import Node
from colophon.repository import Change, Repository

from ..gate.branches import git

NOTHING = "0" * 40


def commit(folder: Path, files: dict[str, str | None], message: str = "A change") -> str:
    """Commit files with their text, None deletes one; return the commit."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            (folder / path).unlink()
        else:
            (folder / path).write_text(text, encoding="utf-8")
    git(folder, "add", "-A", ".")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD").decode().strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty repository with the branch main."""
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    return top


def merged(folder: Path, first: str, second: str) -> str:
    """Merge two commits, keeping the files of the first."""
    tree = git(folder, "rev-parse", f"{first}^{{tree}}").decode().strip()
    made = git(folder, "commit-tree", tree, "-p", first, "-p", second, "-m", "Merged")
    return made.decode().strip()


def test_a_folder_knows_its_repository(folder: Path) -> None:
    """The top folder has no path inside; a folder below it has; the value pickles."""
    (folder / "a/registry").mkdir(parents=True)
    assert Repository.open(folder) == (Repository(str(folder)), "")
    assert Repository.open(folder / "a/registry") == (Repository(str(folder)), "a/registry")
    assert pickle.loads(pickle.dumps(Repository(str(folder)))) == Repository(str(folder))


def test_a_link_is_the_folder_that_it_is_named_as(folder: Path) -> None:
    """A change can put a link in the registry's place; what it leads to is not what was asked for."""
    (folder / "elsewhere").mkdir()
    (folder / "registry").symlink_to("elsewhere")
    assert Repository.open(folder / "registry") == (Repository(str(folder)), "registry")


def test_a_folder_laid_out_like_git_s_own_is_a_folder(folder: Path) -> None:
    """A change can bring the files that make git take a folder for a repository without a work tree."""
    registry = folder / "registry"
    git(folder, "init", "-q", "--bare", str(registry))
    (registry / "config").write_text(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n"
    )
    assert Repository.open(registry) == (Repository(str(folder)), "registry")


def test_a_folder_without_a_repository_is_said(tmp_path: Path) -> None:
    """Neither a folder outside of every repository nor a missing one is a crash."""
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(EnvironmentFault) as refused:
            Repository.open(path)
        assert str(path) in (refused.value.hint or "")


def test_settings_of_the_caller_do_not_lead_elsewhere(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a hook, GIT_DIR may name another repository; the folder that was asked for is read."""
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", "/dev/null")
    assert Repository.open(folder) == (Repository(str(folder)), "")


def test_a_commit_has_many_names_and_one_id(folder: Path) -> None:
    """Branches, tags, short ids and HEAD give the full id; so does an annotated tag."""
    first = commit(folder, {"a": "1"})
    git(folder, "tag", "-a", "v1", "-m", "First")
    repository = Repository(str(folder))
    assert {repository.commit(name) for name in ("main", "HEAD", "v1", first[:8], first)} == {first}


@pytest.mark.parametrize("name", ["", "-x", "--all", "a\nb", "\u202emain", "a\0b"])
def test_what_can_be_no_name_is_refused(folder: Path, name: str) -> None:
    """Nothing that git could read as an option, and nothing unseen, is handed to it."""
    with pytest.raises(UsageError):
        Repository(str(folder)).commit(name)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("main", "git fetch origin main, then name it origin/main"),
        ("origin/main", "git fetch origin main"),
        ("1" * 40, f"git fetch origin {'1' * 40}"),
        ("$(id)", "git fetch origin '$(id)', then name it origin/$(id)"),
        (NOTHING, "such as origin/main"),
    ],
)
def test_a_missing_commit_is_said_with_the_command_that_fetches_it(
    folder: Path, name: str, hint: str
) -> None:
    """The next command can be copied, whatever was given."""
    with pytest.raises(EnvironmentFault, match="names no commit") as refused:
        Repository(str(folder)).commit(name)
    assert hint in (refused.value.hint or "")


def test_a_tree_is_no_commit(folder: Path) -> None:
    """The id of something else is refused like a missing one."""
    commit(folder, {"a": "1"})
    tree = git(folder, "rev-parse", "HEAD^{tree}").decode().strip()
    with pytest.raises(EnvironmentFault):
        Repository(str(folder)).commit(tree)


def test_changes_are_exact(folder: Path) -> None:
    """Each path has its status, modes and ids; a rename is a deletion and an addition; names stay bytes."""
    odd = os.fsdecode(b"caf\xe9 \n\t\"'.txt")
    before = commit(folder, {"kept": "0", "edited": "1", "moved": "2", "retyped": "3", "run": "4"})
    (folder / "retyped").unlink()
    (folder / "retyped").symlink_to("kept")
    (folder / "run").chmod(0o755)
    (folder / odd).write_bytes(b"5")
    after = commit(folder, {"edited": "1!", "moved": None, "b/moved": "2"})
    found = {change.path: change for change in Repository(str(folder)).changes(before, after)}
    assert {path: (change.status, change.old_mode, change.new_mode) for path, change in found.items()} == {
        "edited": ("M", "100644", "100644"),
        "moved": ("D", "100644", "000000"),
        "b/moved": ("A", "000000", "100644"),
        "retyped": ("T", "100644", "120000"),
        "run": ("M", "100644", "100755"),
        odd: ("A", "000000", "100644"),
    }
    assert found["moved"].old_oid == found["b/moved"].new_oid
    assert found["moved"].new_oid == NOTHING
    assert Repository(str(folder)).changes(after, after) == ()


def test_changed_paths_of_trees(folder: Path) -> None:
    """Two trees can be compared too; one that is not in the clone, or no id at all, is None."""
    one, two = commit(folder, {"a": "1", "b": "1"}), commit(folder, {"a": "2"})
    repository = Repository(str(folder))
    trees = [repository.tree_oid(commit, "") or "" for commit in (one, two)]
    assert repository.changed_paths(*trees) == ("a",)
    assert repository.changed_paths("1" * 40, trees[1]) is None
    assert repository.changed_paths("--output=x", trees[1]) is None


def test_settings_of_the_repository_run_nothing(folder: Path, tmp_path: Path) -> None:
    """Outside diffs, text conversion, filters, hooks and monitors are never run."""
    mark = tmp_path / "ran"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {mark}\n", encoding="utf-8")
    trap.chmod(0o755)
    before = commit(folder, {"a.txt": "1", ".gitattributes": "* diff=evil filter=evil\n"})
    after = commit(folder, {"a.txt": "2"})
    for name in (
        "diff.external", "diff.evil.textconv", "diff.evil.command", "filter.evil.smudge", "filter.evil.clean",
        "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "gpg.program",
    ):  # fmt: skip
        git(folder, "config", name, str(trap))
    git(folder, "config", "core.hooksPath", str(tmp_path))
    repository, _ = Repository.open(folder)
    (change,) = repository.changes(before, after)
    assert repository.read(change.new_oid) == b"2"
    assert repository.merge_base(before, after) == before
    (folder / "a.txt").write_text("3", encoding="utf-8")
    assert repository.uncommitted("") == ("a.txt",)
    git(folder, "config", "filter.a=b.clean", str(trap))
    assert repository.uncommitted("") == ()
    assert not mark.exists()


def test_what_is_not_committed_is_named(folder: Path) -> None:
    """New, staged, changed and deleted files below a folder, also in a new folder; nothing ignored."""
    assert Repository.open(folder)[0].uncommitted("registry") == ()
    commit(folder, {"registry/a": "1", "registry/b": "1", "other": "1", ".gitignore": "*.bak\n"})
    repository, _ = Repository.open(folder)
    assert repository.uncommitted("registry") == ()
    (folder / "registry/new ü").mkdir()
    for name in (
        "registry/new ü/c\nd",
        "registry/b",
        "registry/x.bak",
        "registry/staged",
        "elsewhere",
        "other",
    ):
        (folder / name).write_text("2", encoding="utf-8")
    (folder / "registry/a").unlink()
    git(folder, "add", "registry/staged")
    expected = {"registry/a", "registry/b", "registry/staged", "registry/new ü/c\nd"}
    assert set(repository.uncommitted("registry")) == expected
    assert set(repository.uncommitted("")) == {*expected, "elsewhere", "other"}


def test_replaced_objects_are_not_believed(folder: Path) -> None:
    """A replacement in the clone shows other bytes to people; here the objects that were pushed are read."""
    one, two = commit(folder, {"a": "1"}), commit(folder, {"a": "2"})
    three = commit(folder, {"a": "3"})
    git(folder, "replace", three, two)
    (folder / ".git/info").mkdir(exist_ok=True)
    (folder / ".git/info/grafts").write_text(f"{three}\n", encoding="utf-8")
    repository = Repository(str(folder))
    (change,) = repository.changes(two, three)
    assert repository.read(change.new_oid) == b"3"
    assert repository.merge_base(one, three) == one


def test_the_steps_of_main(folder: Path) -> None:
    """Each commit is paired with its first parent, oldest first; what a merge brings in is one step."""
    one, two = commit(folder, {"a": "1"}), commit(folder, {"a": "2"})
    git(folder, "checkout", "-q", "-b", "side", one)
    side = commit(folder, {"b": "1"})
    merge = merged(folder, two, side)
    repository = Repository(str(folder))
    assert repository.first_parents(one, merge) == ((one, two), (two, merge))
    assert repository.first_parents(merge, merge) == ()


def test_a_base_beside_the_line_is_one_step(folder: Path) -> None:
    """Where main was merged into a branch from the side, or rewritten, base and head are compared at once."""
    one, two = commit(folder, {"a": "1"}), commit(folder, {"a": "2"})
    git(folder, "checkout", "-q", "-b", "side", one)
    side = commit(folder, {"b": "1"})
    swallowed = merged(folder, side, two)
    repository = Repository(str(folder))
    assert repository.first_parents(two, swallowed) == ((two, swallowed),)
    assert repository.first_parents(two, side) == ((two, side),)
    assert repository.first_parents(two, one) == ((two, one),)


def test_folders_of_a_commit(folder: Path) -> None:
    """Files, folders, links and submodules are told apart; what is no folder holds nothing."""
    (folder / "link").symlink_to("a")
    head = commit(folder, {"a": "1", "b/c": "22"})
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    git(folder, "commit", "-q", "-m", "With a submodule")
    repository, head = Repository(str(folder)), git(folder, "rev-parse", "HEAD").decode().strip()
    found = {node.name: (node.mode, node.kind) for node in repository.entries(head, "")}
    assert found == {
        "a": ("100644", "blob"),
        "b": ("040000", "tree"),
        "link": ("120000", "blob"),
        "sub": ("160000", "commit"),
    }
    node = repository.node(head, "b/c")
    assert isinstance(node, Node)
    assert (repository.read(node.oid), repository.sizes([node.oid])) == (b"22", {node.oid: 2})
    assert repository.entries(head, "a") == repository.entries(head, "none/at/all") == ()
    assert repository.node(head, "a/b") is None
    assert repository.tree_oid(head, "sub") is None


def test_repositories_with_longer_ids(tmp_path: Path) -> None:
    """Trees of a repository with SHA-256 ids are read alike."""
    git(tmp_path, "init", "-q", "--object-format=sha256")
    head = commit(tmp_path, {"b/c": "22"})
    repository = Repository(str(tmp_path))
    node = repository.node(head, "b/c")
    assert node is not None
    assert (len(head), repository.read(node.oid)) == (64, b"22")


def test_what_was_not_fetched_is_not_fetched_now(folder: Path, tmp_path: Path) -> None:
    """In a clone that leaves out file contents, a missing one is said; no connection is made for it."""
    head = commit(folder, {"a": "1"})
    git(folder, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", folder.as_uri(), str(clone))
    repository = Repository(str(clone))
    node = repository.node(head, "a")
    assert node is not None
    with pytest.raises(EnvironmentFault) as refused:
        repository.read(node.oid)
    assert "--filter" in (refused.value.hint or "")
    missing = subprocess.run(
        ["git", "-C", clone, "rev-list", "--objects", "--missing=print", "--all"],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert f"?{node.oid}" in missing.stdout


def test_a_change_pickles() -> None:
    """What is found travels to other processes."""
    change = Change("a", "A", "000000", "100644", NOTHING, "1" * 40)
    assert pickle.loads(pickle.dumps(change)) == change
