"""What was published of a registry that looks as it did then: such a site need not be written again."""

import hashlib
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from colophon import bundle, packed
from colophon.cache import Cache

_PUBLISHED = "published/"


@dataclass(frozen=True, slots=True)
class Publication:
    """One build: how the registry and the program looked, which folder was written, and how many records.

    ``site`` is the identity of the folder and of the file that is written last: a site that another build
    wrote, or that was moved or deleted, has another one.
    """

    look: str
    site: str
    records: int


def published_before(memory: Path, look: str | None, target: Path) -> int | None:
    """Return how many records the site has that a build would write again as it is, or None."""
    with closing(Cache(memory)) as cache:
        kept = cache.get([_key(target)])
    known = packed.unpacked(kept[_key(target)], Publication) if kept else None
    if known is None or look is None or known.look != _whole(look) or known.site != _identity(target):
        return None
    return known.records


def keep(memory: Path, look: str | None, target: Path, records: int) -> None:
    """Keep what was published when the registry looked like that, before the build began."""
    if look is not None:
        with closing(Cache(memory)) as cache:
            publication = Publication(_whole(look), _identity(target), records)
            cache.put({_key(target): packed.packed(publication)})


def _whole(look: str) -> str:
    """Return the look of the registry with that of the prose, the theme and the scripts of the site."""
    whole = hashlib.sha256(look.encode())
    root = bundle.root()
    below = [*(root / "docs").rglob("*"), *(root / "theme").rglob("*")]
    for file in (root / "mkdocs.yml", *sorted(below)):
        if file.is_file():
            found = file.stat()
            whole.update(f"{file} {found.st_size} {found.st_mtime_ns} {found.st_ino}\n".encode())
    return whole.hexdigest()


def _identity(target: Path) -> str:
    with suppress(OSError):
        folder, index = target.stat(), (target / "index.json").stat()
        return f"{folder.st_dev} {folder.st_ino} {index.st_ino} {index.st_mtime_ns} {index.st_size}"
    return ""


def _key(target: Path) -> str:
    name = str(target.resolve()).encode("utf-8", "surrogateescape")
    return _PUBLISHED + hashlib.sha256(name).hexdigest()
