"""The record that was probably meant by an id that misses, with its title."""

from colophon import canon
from colophon.characters import inert
from colophon.errors import EnvironmentFault
from colophon.folder import record_folders
from colophon.matching import did_you_mean
from colophon.store import Tree

_TITLE = 160


def nearest_record(tree: Tree, record_id: str) -> str:
    """Return in words which record of a registry was probably meant, or nothing.

    Only the names of folders and one manifest are read, however large the registry is.
    """
    folders = dict(record_folders(tree))
    folders.pop(record_id, None)
    nearest = did_you_mean(record_id, folders)
    if nearest is None:
        return ""
    title = _title(tree, folders[nearest])
    return f"; did you mean {nearest} ({inert(title)[:_TITLE]})?" if title else f"; did you mean {nearest}?"


def _title(tree: Tree, folder: str) -> str:
    try:
        manifest = canon.read(tree.read(f"{folder}/manifest.json")).value
    except EnvironmentFault:
        return ""
    return str(manifest.get("title", "")) if isinstance(manifest, dict) else ""
