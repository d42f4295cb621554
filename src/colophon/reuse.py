"""Files of records that need no rendering: those of the old site, and those that other jobs rendered.

A file of a site that somebody may have touched is read, and has to have the digest that was written.  Of a
record only those kinds of pages are rendered again whose program or templates changed since.
"""

import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

from colophon import atomic, audit_digests, bundle, canon, dependence, shards
from colophon.cache import Cache
from colophon.judgement import Judged
from colophon.model import Files, Written
from colophon.pieces import Pieces
from colophon.rendering import Workshop, listed

# Kinds of pages are kept apart from one another; what audits find is in what was found in a record.
_APART = (*audit_digests.APART, "colophon.pages")


def inputs(workshop: Workshop, prose_digest: str) -> str:
    """Return what the files of every record depend on besides the record and what was found in it."""
    return _common(workshop, prose_digest) + _of_kinds(workshop).name


def _common(workshop: Workshop, prose_digest: str) -> str:
    """Return what files of every kind depend on besides."""
    program = dependence.digest("colophon.rendering", apart=_APART)
    rules = canon.digest(f"{sorted(workshop.rules.items())}".encode())
    read = f"{bundle.data_digest()}{prose_digest}"
    return f"{program}{read}{rules}{workshop.settings}{workshop.is_slim}"


def _of_kinds(workshop: Workshop) -> Pieces:
    """Return what each kind of pages of a record depends on, by its name."""
    kinds = workshop.kinds_of_record().items()
    digests = {name: dependence.digest(function.__module__, apart=_APART) for name, function in kinds}
    return Pieces("kinds/", digests)


# Kept once the site is there that the other entries are about.
_WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Linked:
    """Files of a record that were linked over, and the kinds of pages that are to be rendered; None: all."""

    files: Files
    missing: frozenset[str] | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is to be rendered."""
        return self.missing is not None and not self.missing


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
        self._common, self._kinds = _common(workshop, prose_digest), _of_kinds(workshop)
        self._fresh = workshop.target
        self._parts = [shards.left(folder) for folder in parts]
        self._fingerprints = fingerprints

    def key(self, judged: Judged) -> str:
        """Return under which key a part of a site has the files of a record."""
        return shards.key(self._common + self._kinds.name, self._fingerprints[judged.id])

    def link(self, judged: Judged) -> Linked:
        """Link what a record would get again; nothing when it changed or a file is missing or differs."""
        key = self.key(judged)
        for part in self._parts:
            files = part.files.get(key)
            if files and _are_as_written(part.folder, listed(files)):
                _link(part.folder, self._fresh, listed(files), atomic.mode_below(self._fresh))
                return Linked(files, frozenset())
        return Linked({}, None)

    def remember(self, judged: Judged, files: Files) -> None:
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
        self._kinds.keep(self._cache)
        self._used = {self._kinds.key}
        # What a build keeps of records is kept before its site is there; one that ended early leaves no mark,
        # so that nobody takes the files of the old site for those.
        self._is_known = old.is_untouched and bool(self._cache.get([_WHOLE]))
        self._cache.drop([_WHOLE])

    def link(self, judged: Judged) -> Linked:
        """Link what a record would get again; nothing when it changed or a file is missing or differs."""
        self._used.add(self._key(judged))
        name, files, missing = self._known(judged)
        if files and (self._is_known or _are_as_written(self._old.folder, listed(files))):
            mode = None if self._is_known else atomic.mode_below(self._fresh)
            _link(self._old.folder, self._fresh, listed(files), mode)
            linked = Linked(files, missing)
        else:
            linked = super().link(judged)
        if linked.is_whole and name != self._kinds.name:
            self.remember(judged, linked.files)
        return linked

    def _key(self, judged: Judged) -> str:
        return shards.key(self._common, self._fingerprints[judged.id])

    def _known(self, judged: Judged) -> tuple[str, Files, frozenset[str]]:
        """Return what is kept of a record: of which kinds, files that it would get again, kinds without."""
        key, every = self._key(judged), frozenset(self._kinds.digests)
        raw = self._cache.get([key]).get(key)
        name, kept = orjson.loads(raw) if raw else ("", {})
        changed = self._kinds.changed(self._cache, name)
        if changed is None:
            return name, {}, every
        files = {kind: [tuple(one) for one in kept[kind]] for kind in kept if kind not in changed}
        return name, files, every & changed

    def remember(self, judged: Judged, files: Files) -> None:
        """Keep which files a record has; what was linked over of it is kept already."""
        _, known, _ = self._known(judged)
        self._cache.put({self._key(judged): orjson.dumps([self._kinds.name, {**known, **files}])})

    def close(self) -> None:
        """Forget what this build did not ask for, mark that the site holds the rest, and close the cache."""
        self._cache.keep_only(self._used)
        self._cache.put({_WHOLE: b"1"})
        self._cache.close()


def _are_as_written(folder: Path, files: Iterable[Written]) -> bool:
    """Return whether each is there as a plain file with its digest."""
    found = ((atomic.plain(folder / path, size), digest) for path, _, size, digest in files)
    return all(body is not None and canon.digest(body) == digest for body, digest in found)


def _link(old: Path, fresh: Path, files: Iterable[Written], mode: int | None) -> None:
    """Link files over, or copy them where the disk has no links or they have other permissions than ``mode``.

    None stands for whatever permissions they have.
    """
    made = ""
    for path, _, _, _ in files:
        above = path.rpartition("/")[0]
        if above != made:
            (fresh / above).mkdir(parents=True, exist_ok=True)
            made = above
        source = f"{old}/{path}"
        if mode is None or stat.S_IMODE(os.lstat(source).st_mode) == mode:
            with suppress(OSError):
                os.link(source, f"{fresh}/{path}")
                continue
        shutil.copyfile(source, f"{fresh}/{path}")
