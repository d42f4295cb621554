"""How a whole registry looks from outside: whether anything may have changed since it was last judged."""

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from colophon import bundle, store
from colophon.errors import EnvironmentFault
from colophon.executor import in_order
from colophon.placement import FOLDERS, SETTINGS
from colophon.repository import Repository
from colophon.store import WorkTree

_AHEAD = 16


@dataclass(frozen=True, slots=True)
class _Part:
    tree: WorkTree
    path: str


def registry_look(tree: WorkTree, executor: Executor) -> str | None:
    """Return a digest of everything that judging a registry depends on, read without opening its files.

    These are names, sizes, times and inode numbers of the files, the commit that is checked out (it tells
    in which order records came), the scripts of experiments, and this program.  None while a file is so fresh
    that it may change again within the same tick of the clock.
    """
    now, whole = time.time_ns(), hashlib.sha256()
    looks = in_order(executor, _look, _parts(tree), _AHEAD)
    scripts = WorkTree(str(Path(tree.root).resolve().parent)).look(("scripts/experiments",))
    for look, newest in (*looks, scripts):
        if not store.is_settled(newest, now):
            return None
        whole.update(look)
    whole.update(f"{bundle.digest()} {_commit(tree.root)}".encode())
    return whole.hexdigest()


def _look(part: _Part) -> tuple[bytes, int]:
    return part.tree.look((part.path,))


def _parts(tree: WorkTree) -> Iterator[_Part]:
    """Yield what lies in a registry, in parts of a few hundred files."""
    for entry in tree.entries(""):
        if entry.kind == "folder" and entry.name in FOLDERS:
            for below in tree.entries(entry.name):
                yield _Part(tree, f"{entry.name}/{below.name}")
        elif entry.name in (*FOLDERS, SETTINGS):
            yield _Part(tree, entry.name)


def _commit(root: str) -> str:
    with suppress(EnvironmentFault):
        repository, _ = Repository.open(root)
        return repository.commit("HEAD")
    return ""
