"""Finding the record that a person means: by id, display id, address of its page, or words of its title."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from colophon import canon, outline
from colophon.errors import UsageError
from colophon.folder import record_folders
from colophon.index import Facts
from colophon.layout import UUID
from colophon.likeness import by_words
from colophon.store import Tree

_SHORT = re.compile(r"(?:[a-z0-9]+:)?[0-9a-f]{8}")
_LOOKS_LIKE_ID = re.compile(r"(?:[a-z0-9]{1,12}:)?[0-9a-f-]{6,40}|\S+:\S*|[0-9a-f]+-[0-9a-f-]+")
_MOST_LISTED = 5
_UNREAD = "title not readable"


@dataclass(frozen=True, slots=True)
class Named:
    """One record by its names.  The title is read when it is asked for."""

    id: str
    folder: str
    display_id: str
    read_title: Callable[[], str]

    @property
    def title(self) -> str:
        """The title as filed."""
        return self.read_title()


def listed(tree: Tree, prefix: str) -> dict[str, Named]:
    """Return the records of a registry by id, from the names of their folders alone."""
    return {
        record: Named(
            record, folder, f"{prefix}:{record[:8].upper()}", partial(_title, tree, f"{folder}/manifest.json")
        )
        for record, folder in record_folders(tree)
        if UUID.fullmatch(record)
    }


def _title(tree: Tree, path: str) -> str:
    folder, _, name = path.rpartition("/")
    if all(entry.name != name or entry.kind != "file" for entry in tree.entries(folder)):
        return _UNREAD
    value = canon.read(tree.read(path)).value
    title = value.get("title") if isinstance(value, dict) else None
    return title if isinstance(title, str) else _UNREAD


def find(name: str, known: Mapping[str, Named]) -> Named:
    """Return the one record that is meant.

    Raises UsageError, which lists the records with their titles, when several are or none is.
    """
    fitting = _by_id(name, known) or _by_title(name, known)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise _several(name, fitting)
    raise UsageError(
        f"{name!r} names no record of this registry{_meant(name, known.values())}",
        "give a full id, the first eight digits of one, the address of a page, or words of a title",
    )


def folder_of(name: str, index: Iterable[Facts], registry: Path) -> str:
    """Return the folder of the record that a name means which is no path.

    Raises UsageError, which names the nearest record with its title.
    """
    known = {facts.id: _of_facts(facts) for facts in index}
    fitting = _by_id(name, known)
    if len(fitting) == 1:
        return fitting[0].folder
    if fitting:
        raise _several(name, fitting)
    meant = _meant(name, known.values())
    message = f"{name}: is neither a path below the registry in {registry} nor the id of a record{meant}"
    raise UsageError(message, "give a path or an id; colophon check without one shows all")


def _of_facts(facts: Facts) -> Named:
    return Named(facts.id, facts.folder, facts.display_id, lambda: facts.title)


def _by_id(name: str, known: Mapping[str, Named]) -> list[Named]:
    """Return the records with this full id, display id or first digits; an id may stand in an address."""
    wanted = name.strip().lower()
    inside = UUID.search(wanted)
    if inside is not None:
        return [known[inside[0]]] if inside[0] in known else []
    if not _SHORT.fullmatch(wanted):
        return []
    return [one for one in known.values() if wanted in (one.id[:8], one.display_id.lower())]


def _by_title(words: str, known: Mapping[str, Named]) -> list[Named]:
    if _LOOKS_LIKE_ID.fullmatch(words.strip().lower()) or UUID.search(words.lower()):
        return []
    return [known[record] for record in by_words(words, {one.id: one.title for one in known.values()})]


def _several(name: str, fitting: list[Named]) -> UsageError:
    shown = "; ".join(f"{one.id} {one.title}" for one in fitting[:_MOST_LISTED])
    more = f"; and {len(fitting) - _MOST_LISTED} more" if len(fitting) > _MOST_LISTED else ""
    return UsageError(f"{name} fits {len(fitting)} records: {shown}{more}", "give the full id")


def _meant(name: str, known: Iterable[Named]) -> str:
    """Return in words which record is nearest by any of its names, with its title; or nothing."""
    names: dict[str, Named] = {}
    for one in known:
        names |= {one.id: one, one.display_id: one, one.id[:8]: one}
    inside = UUID.search(name.lower())
    return outline.meant(inside[0] if inside else name.strip(), names)
