"""Files of records that need no rendering: those of the old site, and those that other jobs rendered.

A file of a site that somebody may have touched is read, and has to have the digest that was written.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from colophon import audit_digests, bundle, canon, dependence, shards
from colophon.cache import Cache
from colophon.judgement import Judged
from colophon.rendering import Workshop, Written


def inputs(workshop: Workshop, prose_digest: str) -> str:
    """Return what the files of every record depend on besides the record and what was found in it."""
    program = dependence.digest("colophon.rendering", apart=audit_digests.APART)
    read = f"{bundle.data_digest()}{bundle.template_digest()}{prose_digest}"
    rules = canon.digest(f"{sorted(workshop.rules.items())}".encode())
    return f"{program}{read}{rules}{workshop.settings}{workshop.is_slim}"


# Kept once the site is there that the other entries are about.
_WHOLE = "whole"


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
        """End, when the new site is in its place; nothing is kept."""


@dataclass(frozen=True, slots=True)
class Old:
    """The site that is there, where its build kept what it has, and whether nobody touched it since."""

    folder: Path
    kept: Path
    is_untouched: bool


class SiteReuse(Reuse):
    """The same, with what the last build of this site kept."""

    def __init__(
        self,
        old: Old,
        workshop: Workshop,
        prose_digest: str,
        parts: Iterable[Path],
        fingerprints: Mapping[str, bytes],
    ) -> None:
        super().__init__(workshop, prose_digest, parts, fingerprints)
        self._old, self._cache = old, Cache(old.kept)
        self._used: set[str] = set()
        # What a build keeps of records is kept before its site is there; one that ended early leaves no mark,
        # so that nobody takes the files of the old site for those.
        self._is_known = old.is_untouched and bool(self._cache.get([_WHOLE]))
        self._cache.drop([_WHOLE])

    def link(self, judged: Judged) -> list[Written]:
        """Link the files of an unchanged record; [] when it changed or a file is missing or differs."""
        key = self.key(judged)
        self._used.add(key)
        known = self._cache.get([key])
        files: list[Written] = [tuple(file) for file in orjson.loads(known[key])] if known else []
        if files and (self._is_known or _are_as_written(self._old.folder, files)):
            _link(self._old.folder, self._fresh, files)
            return files
        files = super().link(judged)
        if files:
            self.remember(judged, files)
        return files

    def remember(self, judged: Judged, files: list[Written]) -> None:
        """Keep which files a record has."""
        self._cache.put({self.key(judged): orjson.dumps(files)})

    def close(self) -> None:
        """Forget what this build did not ask for, mark that the site holds the rest, and close the cache."""
        self._cache.keep_only(self._used)
        self._cache.put({_WHOLE: b"1"})
        self._cache.close()


def _are_as_written(folder: Path, files: Iterable[Written]) -> bool:
    """Return whether each file is there with its digest; a link to one is none, for it leads elsewhere."""
    try:
        return all(
            canon.digest(file.read_bytes()) == digest and not file.is_symlink()
            for file, digest in ((folder / path, digest) for path, _, _, digest in files)
        )
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
