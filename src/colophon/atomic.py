"""Writing files so that a reader, or a kill at any moment, never sees half of one."""

import contextlib
import ctypes
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from colophon.errors import EnvironmentFault

_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


@contextmanager
def refusals_in_one_line(target: Path) -> Iterator[None]:
    """Turn a full disk, a read-only target or a missing permission into one line with a way forward."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "choose a folder that you may write to"
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            hint = "free some space, then run the same command again"
        raise EnvironmentFault(f"{target}: cannot be written: {reason}", hint) from error


def mode_below(folder: Path) -> int:
    """Return the permissions that a new file gets in a new folder, as those of the folder tell."""
    return stat.S_IMODE(folder.stat().st_mode) & 0o666


def plain(file: Path, size: int, mode: int | None = None) -> bytes | None:
    """Return the bytes of a plain file of this size, with these permissions if given; None for anything else.

    A link leads elsewhere, and whoever reads a pipe waits for somebody who writes.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    status = os.fstat(descriptor)
    is_plain = stat.S_ISREG(status.st_mode) and mode in {None, stat.S_IMODE(status.st_mode)}
    if not is_plain or status.st_size != size:
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as opened:
        return opened.read()


def write(file: Path, body: bytes) -> None:
    """Write one file whole: beside the target first, then renamed over it.

    Raises EnvironmentFault for a target that is a folder, a device or a pipe: a rename would replace it.
    """
    with refusals_in_one_line(file):
        if file.exists() and not file.is_file():
            message = f"{file}: is no plain file, so nothing is written there"
            raise EnvironmentFault(message, "name another file")
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
        try:
            beside.write_bytes(body)
            beside.replace(file)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise


def swap(fresh: Path, target: Path) -> None:
    """Put the folder ``fresh`` in the place of ``target`` and delete what was there.

    On Linux the two are exchanged by one system call, so the target exists at every moment; elsewhere
    two renames are needed.
    """
    with refusals_in_one_line(target):
        if not target.exists():
            fresh.rename(target)
            return
        if not _exchange(fresh, target):
            old = fresh.with_name(f"{fresh.name}.old")
            target.rename(old)
            fresh.rename(target)
            fresh = old
    _remove(fresh, target)


def _remove(old: Path, target: Path) -> None:
    """Remove what was there before; a folder that nobody may write to is opened first.

    Raises EnvironmentFault that says what was done and what is left.
    """

    try:
        try:
            shutil.rmtree(old)
        except PermissionError:
            _open(old)
            shutil.rmtree(old)
    except OSError as error:
        message = f"{target}: is written, but what was there before is left in {old}: {error.strerror}"
        raise EnvironmentFault(message, "remove that folder") from error


def _open(folder: Path) -> None:
    """Give its owner all rights to a folder and those below it."""
    folder.chmod(0o700)
    for below in folder.iterdir():
        if below.is_dir() and not below.is_symlink():
            _open(below)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two paths by ``renameat2``; False where the system cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    result = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(result == 0)
