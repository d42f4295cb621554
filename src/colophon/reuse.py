"""Files of records that need no rendering: those of the old site, and those that other jobs rendered.

A file of the old site is known by its size, its time and its place on the disk, as git knows a file it has
seen; one that looks otherwise is read, and has to have the digest that was written.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson

from colophon import bundle, canon, shards
from colophon.cache import Cache
from colophon.errors import EnvironmentFault
from colophon.judgement import Judged
from colophon.rendering import Workshop, Written


def inputs(workshop: Workshop, prose_digest: str) -> str:
    """Return what the files of every record depend on besides the record."""
    return f"{bundle.digest()}{prose_digest}{workshop.settings}"


class Reuse:
    """Which files a record would get again, from the old site or from parts of one."""

    def __init__(
        self,
        workshop: Workshop,
        prose_digest: str,
        parts: Iterable[Path],
        fingerprints: Mapping[str, bytes],
    ) -> None:
        """``fingerprints`` are of all records.  Raises UsageError where a folder holds no part of a site."""
        self._inputs, self._fresh = inputs(workshop, prose_digest), workshop.target
        self._parts = [shards.left(folder) for folder in parts]
        self._fingerprints = fingerprints

    def key(self, judged: Judged) -> str:
        """Return under which key the files of a record are kept."""
        return shards.key(self._inputs, self._fingerprints[judged.id])

    def link(self, judged: Judged) -> list[Written]:
        """Link the files of an unchanged record; [] when it changed or a file is missing or differs."""
        key = self.key(judged)
        for part in self._parts:
            files = part.files.get(key)
            if files and _are_as_written(part.folder, files):
                _link(part.folder, self._fresh, files)
                return files
        return []

    def remember(self, judged: Judged, files: list[Written]) -> None:
        """Keep which files a record has."""

    def close(self) -> None:
        """End; nothing is kept."""


class SiteReuse(Reuse):
    """The same, with what the last build of this site kept."""

    def __init__(
        self,
        old: Path,
        kept: Path,
        workshop: Workshop,
        prose_digest: str,
        parts: Iterable[Path],
        fingerprints: Mapping[str, bytes],
    ) -> None:
        super().__init__(workshop, prose_digest, parts, fingerprints)
        self._old, self._cache = old, Cache(kept)
        self._used: set[str] = set()

    def link(self, judged: Judged) -> list[Written]:
        """Link the files of an unchanged record; [] when it changed or a file is missing or differs."""
        key = self.key(judged)
        self._used.add(key)
        known = self._cache.get([key])
        files, looks = orjson.loads(known[key]) if known else ([], [])
        if files and (_looks(self._old, files) == looks or _are_as_written(self._old, files)):
            _link(self._old, self._fresh, files)
            # A copy, where the disk has no links, looks otherwise than what it was copied from.
            if _looks(self._fresh, files[:1]) != looks[:1]:
                self._remember_linked(judged, files)
            return [(path, media_type, size, digest) for path, media_type, size, digest in files]
        files = super().link(judged)
        if files:
            self.remember(judged, files)
        return files

    def _remember_linked(self, judged: Judged, files: list[Written]) -> None:
        if not _are_as_written(self._fresh, files):
            raise EnvironmentFault(
                f"{self._old}: changed while it was being built again", "run the build again"
            )
        self.remember(judged, files)

    def remember(self, judged: Judged, files: list[Written]) -> None:
        """Keep which files a record has, and how they look in the new site.

        A worker's disk may show them later than it answers; then they are not kept.
        """
        looks = _looks(self._fresh, files)
        if looks is not None:
            self._cache.put({self.key(judged): orjson.dumps((files, looks))})

    def close(self) -> None:
        """Forget what this build did not ask for, and close the cache."""
        self._cache.keep_only(self._used)
        self._cache.close()


def _looks(folder: Path, files: Iterable[Written]) -> list[list[int]] | None:
    """Return the place on the disk, time (ns) and size of each file; None where one is missing."""
    looks = []
    for path, _, _, _ in files:
        try:
            seen = os.stat(f"{folder}/{path}")  # noqa: PTH116  a Path for each of many files takes longer
        except OSError:
            return None
        looks.append([seen.st_ino, seen.st_mtime_ns, seen.st_size])
    return looks


def _are_as_written(folder: Path, files: Iterable[Written]) -> bool:
    """Return whether each file is there with its digest."""
    try:
        return all(canon.digest((folder / path).read_bytes()) == digest for path, _, _, digest in files)
    except OSError:
        return False


def _link(old: Path, fresh: Path, files: Iterable[Written]) -> None:
    """Link files over, or copy them where the disk has no links."""
    made = ""
    for path, _, _, _ in files:
        above = path.rpartition("/")[0]
        if above != made:
            (fresh / above).mkdir(parents=True, exist_ok=True)
            made = above
        try:
            os.link(f"{old}/{path}", f"{fresh}/{path}")
        except OSError:
            shutil.copyfile(f"{old}/{path}", f"{fresh}/{path}")
