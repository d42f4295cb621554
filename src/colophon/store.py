"""Where a registry's files come from.  Paths are registry-relative POSIX paths; nothing follows links."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from colophon.errors import EnvironmentFault

Kind = Literal["file", "folder", "other"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory entry.  ``size`` is in bytes and 0 for anything but a file."""

    name: str
    kind: Kind
    size: int


class Tree(Protocol):
    """A readable snapshot of a registry."""

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return the entries of a folder sorted by name; a missing folder has none."""
        ...

    def read(self, path: str) -> bytes:
        """Return the bytes of a file.  Raises EnvironmentFault when it cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class WorkTree:
    """The files of a working directory.  Holds a path only, so it pickles."""

    root: str

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return the entries of a folder sorted by name; a missing folder has none."""
        try:
            with os.scandir(Path(self.root, folder)) as scanned:
                found = [_entry(item) for item in scanned]
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise EnvironmentFault(f"{folder or self.root}: {error.strerror}") from error
        return tuple(sorted(found, key=lambda entry: entry.name))

    def read(self, path: str) -> bytes:
        """Return the bytes of a file.  Raises EnvironmentFault when it cannot be read."""
        try:
            return Path(self.root, path).read_bytes()
        except OSError as error:
            raise EnvironmentFault(f"{path}: {error.strerror}") from error


def _entry(item: os.DirEntry[str]) -> Entry:
    status = item.stat(follow_symlinks=False)
    name = item.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if name != item.name:
        # The name cannot be written down, so nothing can be said of what lies behind it.
        return Entry(name, "other", 0)
    if stat.S_ISREG(status.st_mode):
        return Entry(name, "file", status.st_size)
    return Entry(name, "folder" if stat.S_ISDIR(status.st_mode) else "other", 0)
