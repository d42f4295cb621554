"""A registry's files are seen as they are; nothing follows links out of the registry."""

import os
import pickle
import shutil
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colophon import store
from colophon.errors import EnvironmentFault
from colophon.store import Entry, GitTree, OverlayTree, Tree, WorkTree

from ..gate.branches import git


def test_entries_are_sorted_and_tell_what_they_are(tmp_path: Path) -> None:
    """Files have their size, folders are folders, and links, pipes and sockets are neither."""
    (tmp_path / "b.txt").write_bytes(b"12345")
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to("b.txt")
    (tmp_path / "linked-folder").symlink_to("a")
    (tmp_path / "dangling").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        listener.bind("socket")
    finally:
        os.chdir(here)
        listener.close()
    assert WorkTree(str(tmp_path)).entries("") == (
        Entry("a", "folder", 0),
        Entry("b.txt", "file", 5),
        Entry("dangling", "other", 0),
        Entry("link", "other", 0),
        Entry("linked-folder", "other", 0),
        Entry("pipe", "other", 0),
        Entry("socket", "other", 0),
    )


def test_a_missing_folder_has_no_entries(tmp_path: Path) -> None:
    """A registry without records has no papers folder, and a file has no entries."""
    (tmp_path / "file").write_bytes(b"")
    tree = WorkTree(str(tmp_path))
    assert tree.entries("papers") == ()
    assert tree.entries("file") == ()


def test_a_name_that_is_no_utf8_stays_printable(tmp_path: Path) -> None:
    """Such a name can be shown in a finding, so it can be refused by name."""
    os.close(os.open(os.fsencode(tmp_path) + b"/caf\xe9.json", os.O_CREAT | os.O_WRONLY))
    (entry,) = WorkTree(str(tmp_path)).entries("")
    assert entry.name.encode() == "caf\ufffd.json".encode()


def test_what_cannot_be_read_is_said_with_its_path(tmp_path: Path) -> None:
    """A missing file or a folder read as a file is one line that names the path below the registry."""
    tree = WorkTree(str(tmp_path))
    with pytest.raises(EnvironmentFault, match=r"^papers/x\.json: No such file"):
        tree.read("papers/x.json")
    (tmp_path / "papers").mkdir()
    with pytest.raises(EnvironmentFault, match=r"^papers: Is a directory"):
        tree.read("papers")


def test_a_refused_folder_is_said_with_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may not be read ends the run with its name, instead of looking empty."""

    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(EnvironmentFault, match=r"^papers: Permission denied"):
        WorkTree(str(tmp_path)).entries("papers")


@given(st.binary(max_size=2_000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_are_read_as_they_are(tmp_path: Path, raw: bytes) -> None:
    """Nothing is decoded or mended on the way."""
    (tmp_path / "f").write_bytes(raw)
    tree = pickle.loads(pickle.dumps(WorkTree(str(tmp_path))))
    assert tree.read("f") == raw


@pytest.fixture
def committed(tmp_path: Path) -> GitTree:
    """A commit with a file of each kind, its registry in a folder."""
    top = tmp_path / "top"
    (top / "registry/papers/aa").mkdir(parents=True)
    (top / "registry/b.txt").write_bytes(b"1\r\n\xff")
    (top / "registry/papers/aa/run.sh").write_bytes(b"#!/bin/sh\n")
    (top / "registry/papers/aa/run.sh").chmod(0o755)
    (top / "registry/link").symlink_to("b.txt")
    os.close(os.open(os.fsencode(top / "registry") + b"/caf\xe9.json", os.O_CREAT | os.O_WRONLY))
    git(top, "init", "-q")
    git(top, "add", ".")
    head = git(top, "commit-tree", git(top, "write-tree").strip(), "-m", "All kinds").decode().strip()
    git(top, "update-index", "--add", "--cacheinfo", f"160000,{head},registry/sub")
    head = git(top, "commit-tree", git(top, "write-tree").strip(), "-m", "And a submodule").decode().strip()
    (top / "registry/b.txt").write_bytes(b"the work tree is not looked at")
    return GitTree(str(top), head, "registry")


def test_a_commit_is_seen_like_a_work_tree(committed: GitTree) -> None:
    """Plain files have their size; what may be run, links and submodules are neither file nor folder."""
    tree = pickle.loads(pickle.dumps(committed))
    assert tree.entries("") == (
        Entry("b.txt", "file", 4),
        Entry("caf\ufffd.json", "other", 0),
        Entry("link", "other", 0),
        Entry("papers", "folder", 0),
        Entry("sub", "other", 0),
    )
    assert tree.entries("papers/aa") == (Entry("run.sh", "other", 0),)
    assert tree.entries("papers/bb") == tree.entries("b.txt") == tree.entries("sub") == ()
    assert tree.read("b.txt") == b"1\r\n\xff"
    assert GitTree(tree.root, tree.commit).read("registry/b.txt") == b"1\r\n\xff"


def test_what_a_commit_does_not_hold_is_said_with_its_path(committed: GitTree) -> None:
    """A missing file, a folder, a link and a submodule cannot be read as a file."""
    with pytest.raises(EnvironmentFault, match=r"^papers/x\.json: No such file"):
        committed.read("papers/x.json")
    for path in ("papers", "link", "sub", "papers/aa/run.sh"):
        with pytest.raises(EnvironmentFault, match=rf"^{path}: Is no plain file"):
            committed.read(path)


def test_a_commit_and_its_work_tree_agree(tmp_path: Path) -> None:
    """The fabricated registry reads the same from its files and from a commit of them."""
    shutil.copytree(Path(__file__).parent.parent / "registry", tmp_path / "registry")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    head = git(tmp_path, "commit-tree", git(tmp_path, "write-tree").strip(), "-m", "All").decode().strip()
    trees = (WorkTree(str(tmp_path / "registry")), GitTree(str(tmp_path), head, "registry"))
    assert _all(trees[0], "") == _all(trees[1], "")


def _all(tree: Tree, folder: str) -> dict[str, tuple[Entry, bytes]]:
    """Return every entry below a folder by path, with its bytes."""
    found: dict[str, tuple[Entry, bytes]] = {}
    for entry in tree.entries(folder):
        path = f"{folder}/{entry.name}" if folder else entry.name
        found[path] = entry, tree.read(path) if entry.kind == "file" else b""
        found |= _all(tree, path) if entry.kind == "folder" else {}
    return found


def test_an_overlay_adds_and_replaces(tmp_path: Path) -> None:
    """Files that are not filed yet stand among those that are; the tree below stays as it is."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/kept").write_bytes(b"1")
    (tmp_path / "a/replaced").write_bytes(b"1")
    under = WorkTree(str(tmp_path))
    tree = pickle.loads(pickle.dumps(OverlayTree(under, (("a/replaced", b"22"), ("a/b/c/new", b"333")))))
    assert tree.entries("") == (Entry("a", "folder", 0),)
    assert tree.entries("a") == (
        Entry("b", "folder", 0),
        Entry("kept", "file", 1),
        Entry("replaced", "file", 2),
    )
    assert tree.entries("a/b") == (Entry("c", "folder", 0),)
    assert tree.entries("a/b/c") == (Entry("new", "file", 3),)
    assert (tree.read("a/kept"), tree.read("a/replaced"), tree.read("a/b/c/new")) == (b"1", b"22", b"333")
    assert under.read("a/replaced") == b"1"
    with pytest.raises(EnvironmentFault):
        tree.read("a/b/none")


@pytest.mark.parametrize(
    ("newest", "later", "expected"),
    [
        # A clock that tells finer times than hundredths of a second ticks often.
        (1_700_000_000_123_456_789, 49_000_000, False),
        (1_700_000_000_123_456_789, 51_000_000, True),
        # Whole seconds, or hundredths of one, may be those of a clock that ticks every two seconds.
        (1_700_000_000_000_000_000, 51_000_000, False),
        (1_700_000_000_120_000_000, 1_900_000_000, False),
        (1_700_000_000_120_000_000, 2_000_000_001, True),
        # A time that lies ahead is never settled.
        (1_700_000_000_123_456_789, -1, False),
    ],
)
def test_a_change_is_the_last_of_its_tick(newest: int, later: int, expected: bool) -> None:
    """A file is trusted to look otherwise after its next change once the clock of its disk has ticked."""
    assert store.is_settled(newest, newest + later) is expected
