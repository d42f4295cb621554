"""Publishing: every page and file is written into a new folder, which then takes the place of the old site.

A reader, or a kill at any moment, never sees half a site.  Files of records whose inputs did not change
are linked over from the old site after their digest was checked.
"""

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from pathlib import Path

import orjson

from colophon import atomic, bundle, canon, holdings, works
from colophon.cache import Cache
from colophon.errors import EnvironmentFault, UsageError
from colophon.evidence import InHand, in_hand
from colophon.executor import Progress, chunks, in_order
from colophon.frame import render
from colophon.inventory import inventory
from colophon.judgement import Judged
from colophon.model import Rule, Tally
from colophon.rendering import (
    Job,
    Workshop,
    Written,
    copy_prose,
    distinct,
    put,
    render_records,
    render_registry,
)
from colophon.reruns import Reruns
from colophon.search_build import SearchBuild, searching
from colophon.settings import Settings
from colophon.store import Tree
from colophon.views import registry_view
from colophon.works import Work

_CHUNK = 32
_AHEAD = 4
_WORK = ".colophon"


def publish(
    tree: Tree,
    settings: Settings,
    judged: tuple[Judged, ...],
    tallies: Mapping[str, Tally],
    reruns: Reruns,
    rules: Mapping[str, Rule],
    target: Path,
    executor: Executor,
    progress: Progress,
    *,
    use_cache: bool,
) -> None:
    """Write the whole site into ``target``.

    Raises UsageError when the target holds something else than a site, EnvironmentFault when it cannot be
    written or another build is writing it.
    """
    # A link to a site stays a link: what it points to is replaced.
    target = target.resolve()
    _refuse_foreign(target)
    with _new_folder(target) as fresh:
        prose = render(target.parent / _WORK, settings, use_cache=use_cache)
        workshop = Workshop(tree, settings, rules, prose.frame, fresh)
        prose_files = copy_prose(prose, fresh)
        reuse = _Reuse(target, workshop, prose.digest) if use_cache else None
        cited = tuple(works.all_works(tree))
        view = registry_view(settings, judged, rules, tallies, cited, _in_hand(tree, cited), reruns)
        work = target.parent / _WORK
        with searching(work, target.name, view.announced, use_cache=use_cache) as search:
            records = _records(judged, workshop, reuse, search, executor, progress)
            search.complete(judged, workshop, executor, progress)
            shared = [*prose_files, *render_registry(workshop, view), *search.files(workshop)]
        shared += [put(workshop, artifact) for artifact in inventory(view, [*records, *shared])]
        # Addresses of records hold their ids, so that only these can meet.
        distinct(shared)
        if reuse is not None:
            reuse.close()
        atomic.swap(fresh, target)


def _in_hand(tree: Tree, cited: Iterable[Work]) -> dict[tuple[str, str], InHand | None]:
    """Return what is held of works, by kind and identifier."""
    names = [(one.kind, one.identifier) for one in cited]
    return {name: in_hand(holdings.of_source(tree, *name)) for name in names}


def _refuse_foreign(target: Path) -> None:
    """Refuse to replace a folder that no build made, or one that holds what no build wrote."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    is_site = False
    with suppress(OSError, ValueError, LookupError, TypeError):
        index = orjson.loads((target / "index.json").read_bytes())
        is_site = index["contract_version"] == "registry-index-v1"
    if not is_site:
        raise UsageError(
            f"{target}: holds something that is no site of this program", "choose an empty --site-dir"
        )
    kept = sorted(entry.name for entry in target.iterdir() if entry.name[0] == "." or entry.name == "CNAME")
    if kept:
        raise UsageError(
            f"{target}: holds {', '.join(kept)}, which a build would delete",
            "build into another folder and copy the site from there",
        )


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """Give a new folder beside the target, under a lock; it is removed unless it was swapped in."""
    with atomic.refusals_in_one_line(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        (target.parent / _WORK).mkdir(exist_ok=True)
        lock = (target.parent / _WORK / "build.lock").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise EnvironmentFault(f"{target}: another build is writing in {target.parent}") from error
        stale = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{8}}\.new(\.old)?")
        for left in [entry for entry in target.parent.iterdir() if stale.fullmatch(entry.name)]:
            shutil.rmtree(left, ignore_errors=True)
        fresh = target.parent / f".{target.name}.{secrets.token_hex(4)}.new"
        try:
            with atomic.refusals_in_one_line(target):
                fresh.mkdir()
                yield fresh
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


class _Reuse:
    """Which files of the old site are those that a record would get again."""

    def __init__(self, old: Path, workshop: Workshop, prose_digest: str) -> None:
        self._old = old
        self._fresh = workshop.target
        self._inputs = f"{bundle.digest()}{prose_digest}{workshop.settings}"
        self._cache = Cache(old.parent / _WORK / f"{old.name}.sqlite")
        self._used: set[str] = set()

    def _key(self, judged: Judged) -> str:
        return canon.digest(f"{self._inputs}{judged}".encode())

    def link(self, judged: Judged) -> list[Written]:
        """Link the files of an unchanged record; [] when it changed or a file is missing or differs."""
        key = self._key(judged)
        self._used.add(key)
        known = self._cache.get([key])
        files: list[Written] = [tuple(file) for file in orjson.loads(known[key])] if known else []
        for path, _, _, digest in files:
            try:
                if canon.digest((self._old / path).read_bytes()) != digest:
                    return []
            except OSError:
                return []
        for path, _, _, _ in files:
            (self._fresh / path).parent.mkdir(parents=True, exist_ok=True)
            _link(self._old / path, self._fresh / path)
        return files

    def remember(self, judged: Judged, files: list[Written]) -> None:
        """Keep which files a record has."""
        self._cache.put({self._key(judged): orjson.dumps(files)})

    def close(self) -> None:
        """Forget what this build did not ask for, and close the cache."""
        self._cache.keep_only(self._used)
        self._cache.close()


def _link(old: Path, fresh: Path) -> None:
    """Link a file over, or copy it where the disk has no links."""
    try:
        os.link(old, fresh)
    except OSError:
        shutil.copyfile(old, fresh)


def _records(
    judged: tuple[Judged, ...],
    workshop: Workshop,
    reuse: _Reuse | None,
    search: SearchBuild,
    executor: Executor,
    progress: Progress,
) -> list[Written]:
    """Render every record, or link its files over from the old site."""
    written: list[Written] = []
    changed: dict[str, Judged] = {}
    for item in judged:
        linked = reuse.link(item) if reuse is not None else []
        written += linked
        if not linked:
            changed[item.id] = item
    jobs = (Job(workshop, chunk) for chunk in chunks(changed.values(), _CHUNK))
    done = len(judged) - len(changed)
    for results in in_order(executor, render_records, jobs, _AHEAD):
        search.rendered(entry for _, _, entry in results)
        for record_id, files, _ in results:
            written += files
            if reuse is not None:
                reuse.remember(changed[record_id], files)
        done += len(results)
        progress("render", done, len(judged))
    return written
