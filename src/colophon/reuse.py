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

from colophon import atomic, audit_digests, bundle, canon, dependence, packed, shards
from colophon.cache import Cache
from colophon.judgement import Judged
from colophon.rendering import Files, Workshop, Written, listed

# Kinds of pages are kept apart from one another; what audits find is in what was found in a record.
_APART = (*audit_digests.APART, "colophon.pages")


def inputs(workshop: Workshop, prose_digest: str) -> str:
    """Return what the files of every record depend on besides the record and what was found in it."""
    return _common(workshop, prose_digest) + dependence.name(_of_kinds(workshop))


def _common(workshop: Workshop, prose_digest: str) -> str:
    """Return what files of every kind depend on besides."""
    program = dependence.digest("colophon.rendering", apart=_APART)
    rules = canon.digest(f"{sorted(workshop.rules.items())}".encode())
    read = f"{bundle.data_digest()}{prose_digest}"
    return f"{program}{read}{rules}{workshop.settings}{workshop.is_slim}"


def _of_kinds(workshop: Workshop) -> dict[str, str]:
    """Return the digests of what each kind of pages of a record depends on, by its name."""
    kinds = workshop.kinds_of_record().items()
    return {name: dependence.digest(function.__module__, apart=_APART) for name, function in kinds}


# Kept once the site is there that the other entries are about.
_WHOLE = "whole"
_KINDS = "kinds/"


@dataclass(frozen=True, slots=True)
class Linked:
    """Files of a record that were linked over, and the kinds of pages that are to be rendered; None: all."""

    files: Files
    missing: frozenset[str] | None


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
        """Return under which key a part of a site has the files of a record."""
        return shards.key(self._inputs, self._fingerprints[judged.id])

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
        self._common = _common(workshop, prose_digest)
        self._kinds = _of_kinds(workshop)
        self._name = dependence.name(self._kinds)
        self._earlier: dict[str, frozenset[str]] = {self._name: frozenset()}
        self._used = {_KINDS + self._name}
        self._cache.put({_KINDS + self._name: packed.packed(self._kinds)})
        # What a build keeps of records is kept before its site is there; one that ended early leaves no mark,
        # so that nobody takes the files of the old site for those.
        self._is_known = old.is_untouched and bool(self._cache.get([_WHOLE]))
        self._cache.drop([_WHOLE])

    def link(self, judged: Judged) -> Linked:
        """Link what a record would get again; nothing when it changed or a file is missing or differs."""
        self._used.add(self._key(judged))
        name, known = self._known(judged)
        changed = self._changed(name)
        files = {kind: written for kind, written in known.items() if kind not in changed}
        if files and (self._is_known or _are_as_written(self._old.folder, listed(files))):
            mode = None if self._is_known else atomic.mode_below(self._fresh)
            _link(self._old.folder, self._fresh, listed(files), mode)
            linked = Linked(files, frozenset(kind for kind in changed if kind in self._kinds))
        else:
            linked = super().link(judged)
        if linked.files and not linked.missing and name != self._name:
            self.remember(judged, linked.files)
        return linked

    def _key(self, judged: Judged) -> str:
        return shards.key(self._common, self._fingerprints[judged.id])

    def _known(self, judged: Judged) -> tuple[str, Files]:
        """Return what is kept of a record: of which kinds, by the name of their digests, and their files."""
        key = self._key(judged)
        raw = self._cache.get([key]).get(key)
        if raw is None:
            return "", {}
        name, files = orjson.loads(raw)
        return name, {kind: [tuple(file) for file in written] for kind, written in files.items()}

    def _changed(self, name: str) -> frozenset[str]:
        """Return the kinds of pages that are made otherwise than when digests had that name."""
        if name not in self._earlier:
            raw = self._cache.get([_KINDS + name]).get(_KINDS + name)
            before = packed.unpacked(raw, dict) if raw else None
            self._earlier[name] = dependence.changed(before or {}, self._kinds)
        return self._earlier[name]

    def remember(self, judged: Judged, files: Files) -> None:
        """Keep which files a record has; what was linked over of it is kept already."""
        name, known = self._known(judged)
        changed = self._changed(name)
        whole = {kind: written for kind, written in known.items() if kind not in changed} | dict(files)
        self._cache.put({self._key(judged): orjson.dumps([self._name, whole])})

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
