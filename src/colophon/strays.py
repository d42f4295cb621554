"""What lies in a registry where no record's file belongs."""

import re
from collections.abc import Collection, Iterator

from colophon import faults
from colophon.layout import BY_RECORD, UUID
from colophon.model import Fault, Finding
from colophon.store import Tree

_SHARD = re.compile("[0-9a-f]{2}")


def strays(tree: Tree, known: Collection[str]) -> Iterator[Finding]:
    """Yield what lies above the records' folders and is none; ``known`` are the ids of all records."""
    for folder in BY_RECORD:
        for shard in tree.entries(folder):
            path = f"{folder}/{shard.name}"
            if shard.kind != "folder" or not _SHARD.fullmatch(shard.name):
                if (folder, shard.name, shard.kind) != ("papers", ".gitkeep", "file"):
                    yield _stray(shard.name, shard.kind, path, "two hex digits")
                continue
            yield from _in_shard(tree, folder, shard.name, known)


def _in_shard(tree: Tree, folder: str, shard: str, known: Collection[str]) -> Iterator[Finding]:
    for entry in tree.entries(f"{folder}/{shard}"):
        path = f"{folder}/{shard}/{entry.name}"
        if entry.kind != "folder":
            yield _stray(entry.name, entry.kind, path, "a record's id")
        elif folder != "papers" and (entry.name not in known or shard != entry.name[:2]):
            code = "S113" if UUID.fullmatch(entry.name) else "S112"
            fault = Fault(
                code, 1, "", f"{entry.name!r} is no record of this registry, expected the id of one"
            )
            yield faults.finding(fault, path)


def _stray(name: str, kind: str, path: str, expected: str) -> Finding:
    code = "S108" if kind == "other" else "S114"
    what = "a link, a device or a name that is no text" if kind == "other" else f"a {kind}"
    return faults.finding(
        Fault(code, 1, "", f"{name!r} is {what}, expected a folder named by {expected}"), path
    )
