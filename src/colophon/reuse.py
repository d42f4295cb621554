"""Files of records that need no rendering: those of the old site, and those that other jobs rendered."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import orjson

from colophon import bundle, canon, shards
from colophon.cache import Cache
from colophon.judgement import Judged
from colophon.rendering import Workshop, Written


def inputs(workshop: Workshop, prose_digest: str) -> str:
    """Return what the files of every record depend on besides the record."""
    return f"{bundle.digest()}{prose_digest}{workshop.settings}"


class Reuse:
    """Which files a record would get again, from the old site or from parts of one."""

    def __init__(self, workshop: Workshop, prose_digest: str, parts: Iterable[Path]) -> None:
        """Raises UsageError where a folder holds no part of a site."""
        self._inputs, self._fresh = inputs(workshop, prose_digest), workshop.target
        self._parts = [shards.left(folder) for folder in parts]

    def key(self, judged: Judged) -> str:
        """Return under which key the files of a record are kept."""
        return shards.key(self._inputs, judged)

    def link(self, judged: Judged) -> list[Written]:
        """Link the files of an unchanged record; [] when it changed or a file is missing or differs."""
        key = self.key(judged)
        for part in self._parts:
            if key in part.files and _linked(part.folder, self._fresh, part.files[key]):
                return part.files[key]
        return []

    def remember(self, judged: Judged, files: list[Written]) -> None:
        """Keep which files a record has."""

    def close(self) -> None:
        """End; nothing is kept."""


class SiteReuse(Reuse):
    """The same, with what the last build of this site kept."""

    def __init__(
        self, old: Path, kept: Path, workshop: Workshop, prose_digest: str, parts: Iterable[Path]
    ) -> None:
        super().__init__(workshop, prose_digest, parts)
        self._old, self._cache = old, Cache(kept)
        self._used: set[str] = set()

    def link(self, judged: Judged) -> list[Written]:
        """Link the files of an unchanged record; [] when it changed or a file is missing or differs."""
        key = self.key(judged)
        self._used.add(key)
        known = self._cache.get([key])
        files: list[Written] = [tuple(file) for file in orjson.loads(known[key])] if known else []
        if files and _linked(self._old, self._fresh, files):
            return files
        files = super().link(judged)
        if files:
            self.remember(judged, files)
        return files

    def remember(self, judged: Judged, files: list[Written]) -> None:
        """Keep which files a record has."""
        self._cache.put({self.key(judged): orjson.dumps(files)})

    def close(self) -> None:
        """Forget what this build did not ask for, and close the cache."""
        self._cache.keep_only(self._used)
        self._cache.close()


def _linked(old: Path, fresh: Path, files: Iterable[Written]) -> bool:
    """Link files over, and return whether each is there with its digest; otherwise none is."""
    for path, _, _, digest in files:
        try:
            if canon.digest((old / path).read_bytes()) != digest:
                return False
        except OSError:
            return False
    for path, _, _, _ in files:
        (fresh / path).parent.mkdir(parents=True, exist_ok=True)
        _link(old / path, fresh / path)
    return True


def _link(old: Path, fresh: Path) -> None:
    """Link a file over, or copy it where the disk has no links."""
    try:
        os.link(old, fresh)
    except OSError:
        shutil.copyfile(old, fresh)
