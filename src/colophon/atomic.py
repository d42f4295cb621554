"""Writing files so that a reader, or a kill at any moment, never sees half of one."""

import contextlib
import ctypes
import errno
import os
import secrets
import shutil
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
        shutil.rmtree(fresh)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two paths by ``renameat2``; False where the system cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    result = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(result == 0)
