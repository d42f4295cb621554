"""Nobody ever sees half a file or half a site."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from colophon import atomic
from colophon.errors import EnvironmentFault


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    """Folders are made, an old file is replaced, and nothing lies beside it."""
    file = tmp_path / "a" / "b.txt"
    atomic.write(file, b"old")
    atomic.write(file, b"new")
    assert file.read_bytes() == b"new"
    assert names(file.parent) == ["b.txt"]


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EDQUOT, "free some space"),
        (errno.EROFS, "may write to"),
        (errno.EACCES, "may write to"),
    ],
)
def test_a_refused_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, hint: str
) -> None:
    """A full or read-only disk is one line with a way forward; the old file is untouched, nothing lies
    beside it.
    """
    file = tmp_path / "f"
    file.write_bytes(b"old")

    def half(self: Path, body: bytes) -> None:
        with self.open("wb") as opened:
            opened.write(body[:1])
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(EnvironmentFault, match="cannot be written") as caught:
        atomic.write(file, b"new")
    assert hint in (caught.value.hint or "")
    assert caught.value.exit_code == 3
    assert file.read_bytes() == b"old"
    assert names(tmp_path) == ["f"]


def test_an_interruption_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C between writing and renaming leaves what was there."""
    file = tmp_path / "f"
    file.write_bytes(b"old")

    def interrupt(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        atomic.write(file, b"new")
    assert file.read_bytes() == b"old"
    assert names(tmp_path) == ["f"]


def folder(path: Path, content: str) -> Path:
    path.mkdir()
    (path / "index.html").write_text(content)
    return path


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_swap_puts_the_new_folder_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    """After a swap the target holds the new folder only and nothing else is left, with or without
    renameat2.
    """
    if not can_exchange:
        monkeypatch.setattr(atomic, "_exchange", lambda one, other: False)
    target = folder(tmp_path / "site", "old")
    (target / "gone.html").write_text("old")
    atomic.swap(folder(tmp_path / ".site.new", "new"), target)
    assert names(tmp_path) == ["site"]
    assert {f.name: f.read_text() for f in target.iterdir()} == {"index.html": "new"}


def test_a_swap_into_nothing_is_a_rename(tmp_path: Path) -> None:
    """The first build has nothing to exchange."""
    atomic.swap(folder(tmp_path / ".site.new", "new"), tmp_path / "site")
    assert names(tmp_path) == ["site"]


@pytest.mark.skipif(not hasattr(os, "O_PATH"), reason="exchange is a Linux system call")
def test_two_folders_are_exchanged_by_one_call(tmp_path: Path) -> None:
    """On Linux the target exists at every moment of a swap, because it is never renamed away."""
    one, other = folder(tmp_path / "one", "1"), folder(tmp_path / "other", "2")
    inodes = one.stat().st_ino, other.stat().st_ino
    assert atomic._exchange(one, other)
    assert (other.stat().st_ino, one.stat().st_ino) == inodes


def test_an_exchange_that_the_system_refuses_is_told(tmp_path: Path) -> None:
    """Where nothing can be exchanged nothing has changed."""
    assert not atomic._exchange(tmp_path / "missing", tmp_path / "too")


def test_a_swap_that_fails_keeps_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that cannot be renamed stays as it was, said in one line."""
    monkeypatch.setattr(atomic, "_exchange", lambda one, other: False)

    def refuse(self: Path, target: Path) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    target, fresh = folder(tmp_path / "site", "old"), folder(tmp_path / ".site.new", "new")
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(EnvironmentFault, match="cannot be written: Device or resource busy"):
        atomic.swap(fresh, target)
    assert (target / "index.html").read_text() == "old"


def test_what_is_no_plain_file_is_not_replaced(tmp_path: Path) -> None:
    """A rename would put a file in the place of a device or a pipe, for every program on the machine."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    link = tmp_path / "link"
    link.symlink_to(pipe)
    for target in (pipe, link, tmp_path):
        with pytest.raises(EnvironmentFault, match="is no plain file") as refused:
            atomic.write(target, b"words")
        assert refused.value.hint == "name another file"
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert names(tmp_path) == ["link", "pipe"]


def test_only_a_plain_file_is_read(tmp_path: Path) -> None:
    """Of the size and the permissions that are asked for; a link, a pipe, a folder or nothing is none."""
    file = tmp_path / "file"
    file.write_bytes(b"words")
    file.chmod(0o640)
    (tmp_path / "link").symlink_to(file)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert atomic.plain(file, 5) == b"words"
    assert atomic.plain(file, 5, 0o640) == b"words"
    assert atomic.plain(file, 5, 0o644) is None
    assert atomic.plain(file, 4) is None
    for name in ("link", "folder", "pipe", "missing"):
        assert atomic.plain(tmp_path / name, 5) is None


def test_a_new_folder_tells_what_a_new_file_gets(tmp_path: Path) -> None:
    """Whatever the mask of the process is."""
    for number, mask in enumerate((0o022, 0o077, 0o002)):
        before = os.umask(mask)
        try:
            folder = tmp_path / f"{number}"
            folder.mkdir()
            (folder / "file").write_bytes(b"")
        finally:
            os.umask(before)
        assert (folder / "file").stat().st_mode & 0o7777 == atomic.mode_below(folder)


def test_what_was_there_and_cannot_be_removed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new folder is in its place by then, and the message says so."""
    fresh, target = tmp_path / "fresh", tmp_path / "target"
    for folder in (fresh, target):
        folder.mkdir()
        (folder / "of").write_text(folder.name)

    def refused(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", refused)
    with pytest.raises(EnvironmentFault, match="is written, but what was there before is left in") as told:
        atomic.swap(fresh, target)
    assert told.value.hint == "remove that folder"
    assert (target / "of").read_text() == "fresh"
    assert (fresh / "of").read_text() == "target"


def test_folders_that_nobody_may_write_to_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by one whom permissions bind, which is nobody who runs tests as root; a link is not followed."""
    fresh, target, outside = (tmp_path / name for name in ("fresh", "target", "outside"))
    for folder in (fresh, target / "below", outside):
        folder.mkdir(parents=True)
    (target / "below" / "link").symlink_to(outside)
    for folder in (target / "below", target, outside):
        folder.chmod(0o555)
    remove = shutil.rmtree

    def as_a_user(path: Path) -> None:
        if any(not folder.stat().st_mode & 0o200 for folder in (path, path / "below")):
            raise PermissionError(13, "Permission denied")
        remove(path)

    monkeypatch.setattr(shutil, "rmtree", as_a_user)
    atomic.swap(fresh, target)
    assert names(tmp_path) == ["outside", "target"]
    assert outside.stat().st_mode & 0o777 == 0o555
    outside.chmod(0o755)
