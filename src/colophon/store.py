"""Where a registry's files come from.  Paths are registry-relative POSIX paths; nothing follows links."""

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from colophon.errors import EnvironmentFault
from colophon.layout import UUID
from colophon.model import Admissions
from colophon.repository import Repository

Kind = Literal["file", "folder", "other"]
_PLAIN = "100644"
_KINDS: dict[str, Kind] = {_PLAIN: "file", "040000": "folder"}

_MANIFEST = re.compile(rf"papers/[0-9a-f]{{2}}/({UUID.pattern})/manifest\.json")


# The coarsest clock among common file systems ticks every two seconds; one that tells finer times than
# hundredths of a second ticks at least every ten milliseconds, of which this is a multiple.
_COARSE_NS, _FINE_NS = 2_000_000_000, 50_000_000
_HUNDREDTH_NS = 10_000_000


def is_settled(newest: int, now: int) -> bool:
    """Whether files that last changed at ``newest`` (ns) had, at ``now``, changed for the last time.

    A later change would have another time, unless it came within the same tick of the disk's clock.
    """
    return newest < now - (_FINE_NS if newest % _HUNDREDTH_NS else _COARSE_NS)


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

    def look(self, paths: Iterable[str]) -> tuple[bytes, int]:
        """Return how paths, and all that lies below them, look from outside, and when the last changed (ns).

        The look is a digest of names, kinds, sizes, times and inode numbers.  It is a sum, so that a folder
        of half a million files is neither sorted nor held.
        """
        whole = newest = 0
        for wanted in paths:
            for path, status in _from(f"{self.root}/{wanted}"):
                modified, changed = status.st_mtime_ns, status.st_ctime_ns
                about = (
                    f"{status.st_mode} {status.st_size} {status.st_ino} {modified} {changed} "
                    f"{path[len(self.root) :]}"
                )
                raw = hashlib.blake2b(about.encode("utf-8", "surrogateescape"), digest_size=32).digest()
                whole += int.from_bytes(raw, "big")
                newest = max(newest, modified, changed)
        return hashlib.blake2b(f"{whole}".encode(), digest_size=16).digest(), newest

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return the entries of a folder sorted by name; a missing folder has none."""
        try:
            with os.scandir(f"{self.root}/{folder}") as scanned:
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


@dataclass(frozen=True, slots=True)
class GitTree:
    """The files of one commit: ``root`` is the repository's top folder, ``folder`` the registry's in it.

    ``commit`` is a full id, so what was read once stays true.  Holds text only, so it pickles.
    """

    root: str
    commit: str
    folder: str = ""

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return the entries of a folder sorted by name; a missing folder has none."""
        repository = Repository(self.root)
        nodes = repository.entries(self.commit, self._inside(folder))
        sizes = repository.sizes([node.oid for node in nodes if node.mode == _PLAIN])
        found = [_named(node.name, _KINDS.get(node.mode, "other"), sizes.get(node.oid, 0)) for node in nodes]
        return tuple(sorted(found, key=lambda entry: entry.name))

    def read(self, path: str) -> bytes:
        """Return the bytes of a file.  Raises EnvironmentFault when it cannot be read."""
        repository = Repository(self.root)
        node = repository.node(self.commit, self._inside(path))
        if node is None:
            raise EnvironmentFault(f"{path}: No such file or directory in commit {self.commit[:12]}")
        if node.mode != _PLAIN:
            raise EnvironmentFault(f"{path}: Is no plain file in commit {self.commit[:12]}")
        return repository.read(node.oid)

    def _inside(self, path: str) -> str:
        return "/".join(part for part in (self.folder, path) if part)


@dataclass(frozen=True, slots=True)
class MergedTree:
    """A commit with what a change does to it, as a merge would leave it.

    ``tip`` is where the change goes, ``head`` what it ends with; ``changed`` are the paths, from the
    registry's root, that it touches: they are those of the head, all others those of the tip.
    """

    tip: GitTree
    head: GitTree
    changed: frozenset[str]

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return the entries of a folder sorted by name; a missing folder has none."""
        found = {entry.name: entry for entry in self.tip.entries(folder)}
        above = f"{folder}/" if folder else ""
        names = {
            path.removeprefix(above).partition("/")[0] for path in self.changed if path.startswith(above)
        }
        own = {entry.name: entry for entry in self.head.entries(folder)} if names else {}
        for name in names:
            if name in own:
                found[name] = own[name]
            elif f"{above}{name}" in self.changed:
                found.pop(name, None)
        return tuple(sorted(found.values(), key=lambda entry: entry.name))

    def read(self, path: str) -> bytes:
        """Return the bytes of a file.  Raises EnvironmentFault when it cannot be read."""
        return (self.head if path in self.changed else self.tip).read(path)


@dataclass(frozen=True, slots=True)
class OverlayTree:
    """A tree with some files added or replaced: (path, bytes) each.  For a look at what is not filed yet."""

    tree: Tree
    files: tuple[tuple[str, bytes], ...]

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return the entries of a folder sorted by name; a missing folder has none."""
        found = {entry.name: entry for entry in self.tree.entries(folder)}
        above = f"{folder}/" if folder else ""
        for path, body in self.files:
            if path.startswith(above):
                name, _, below = path.removeprefix(above).partition("/")
                found[name] = Entry(name, "folder", 0) if below else Entry(name, "file", len(body))
        return tuple(sorted(found.values(), key=lambda entry: entry.name))

    def read(self, path: str) -> bytes:
        """Return the bytes of a file.  Raises EnvironmentFault when it cannot be read."""
        body = dict(self.files).get(path)
        return self.tree.read(path) if body is None else body


def admission_order(tree: Tree) -> Admissions:
    """Return in which order the records of a tree came, as the whole history of its main line tells."""
    with suppress(EnvironmentFault):
        if isinstance(tree, WorkTree):
            repository, folder = Repository.open(tree.root)
            return Admissions(admitted(repository, repository.commit("HEAD"), folder))
        if isinstance(tree, GitTree):
            return Admissions(admitted(Repository(tree.root), tree.commit, tree.folder))
    return Admissions(None)


def admitted(
    repository: Repository, head: str, folder: str, since: str = "", after: int = 0
) -> dict[str, int] | None:
    """Return the numbers of the records that came with the commits up to ``head``, or None.

    ``since`` leaves out the commits up to that one, and ``after`` is the last number before.
    """
    within = f"{folder}/" if folder else ""
    commits = repository.additions(head, f"{within}papers", since)
    if commits is None:
        return None
    numbers: dict[str, int] = {}
    for number, files in enumerate(commits, after + 1):
        for file in files:
            found = _MANIFEST.fullmatch(file.removeprefix(within))
            if found is not None:
                numbers.setdefault(found[1], number)
    return numbers


def _from(path: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield a path and what lies below it, with the status of each; what is missing is left out."""
    with suppress(OSError):
        status = os.lstat(path)
        yield path, status
        if stat.S_ISDIR(status.st_mode):
            yield from _below(path)


def _below(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    with suppress(OSError), os.scandir(folder) as scanned:
        for item in scanned:
            with suppress(FileNotFoundError):
                yield item.path, item.stat(follow_symlinks=False)
            if item.is_dir(follow_symlinks=False):
                yield from _below(item.path)


def _entry(item: os.DirEntry[str]) -> Entry:
    status = item.stat(follow_symlinks=False)
    if stat.S_ISREG(status.st_mode):
        return _named(item.name, "file", status.st_size)
    return _named(item.name, "folder" if stat.S_ISDIR(status.st_mode) else "other", 0)


def _named(name: str, kind: Kind, size: int) -> Entry:
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if shown != name:
        # The name cannot be written down, so nothing can be said of what lies behind it.
        return Entry(shown, "other", 0)
    return Entry(name, kind, size)
