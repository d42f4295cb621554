"""What was published: a site that nobody touched since need not be read, and perhaps not written, again."""

import hashlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from colophon import bundle, packed
from colophon.cache import Cache
from colophon.store import WorkTree

_PUBLISHED = "published/"


@dataclass(frozen=True, slots=True)
class Publication:
    """One build: how the registry and the program looked, how the site that was written, how many records.

    ``look`` is empty when the registry was too fresh to be known again by how it looked.
    """

    look: str
    site: str
    records: int

    def is_of(self, look: str | None, *, is_slim: bool) -> bool:
        """Whether a build in this form of a registry that looks like this would write the same again."""
        return look is not None and self.look == _whole(look, is_slim=is_slim)


def standing(memory: Path, target: Path) -> Publication | None:
    """Return what was published last, if the site still is what was written then; nobody touched any file."""
    with closing(Cache(memory)) as cache:
        kept = cache.get([_key(target)])
    known = packed.unpacked(kept[_key(target)], Publication) if kept else None
    return known if known is not None and known.site == _site(target) else None


def keep(memory: Path, look: str | None, target: Path, records: int, *, is_slim: bool) -> None:
    """Keep what was published, and in which form, when the registry looked like that before the build."""
    whole = "" if look is None else _whole(look, is_slim=is_slim)
    publication = Publication(whole, _site(target), records)
    with closing(Cache(memory)) as cache:
        cache.put({_key(target): packed.packed(publication)})


def _whole(look: str, *, is_slim: bool) -> str:
    """Return the look of the registry with those of prose, theme and scripts, and the form of the site."""
    whole = hashlib.sha256(f"{look} {is_slim}\n".encode())
    root = bundle.root()
    below = [*(root / "docs").rglob("*"), *(root / "theme").rglob("*")]
    for file in (root / "mkdocs.yml", *sorted(below)):
        if file.is_file():
            found = file.stat()
            whole.update(f"{file} {found.st_size} {found.st_mtime_ns} {found.st_ino}\n".encode())
    return whole.hexdigest()


def _site(target: Path) -> str:
    """Return how every file of a site looks: a folder that is missing looks like no site."""
    whole = target.resolve()
    look, newest = WorkTree(str(whole.parent)).look((whole.name,))
    return look.hex() if newest else ""


def _key(target: Path) -> str:
    name = str(target.resolve()).encode("utf-8", "surrogateescape")
    return _PUBLISHED + hashlib.sha256(name).hexdigest()
