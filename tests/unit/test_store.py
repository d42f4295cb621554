"""A registry's files are seen as they are; nothing follows links out of the registry."""

import os
import pickle
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colophon.errors import EnvironmentFault
from colophon.store import Entry, WorkTree


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
