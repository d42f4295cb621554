"""Examining a registry again: a record whose files look as they did is taken from what was found then.

How files look is what the file system says of them without opening them, as git's index uses it.  A file
that changed in the moments before a run is not trusted: it may change again within one tick of the clock.
What is kept is disposable, and results are found by what was read, so that branches share them.  Of a
result only those audits are run again that changed since, or came or went.
"""

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import tee
from pathlib import Path
from typing import NamedTuple

from colophon import audit_digests, bundle, dependence, folder, packed, store
from colophon.cache import Cache
from colophon.examination import Examined, Task, examine, examine_in_part, examine_loaded
from colophon.executor import Progress, chunks, in_order
from colophon.folder import Loaded
from colophon.layout import record_folder, source_folder
from colophon.store import WorkTree

_CHUNK, _AHEAD = 64, 8
_LOOK, _RESULT, _SOURCE = "look/", "result/", "source/"
_LOOK_BYTES, _KEY_BYTES, _SOURCE_BYTES = 16, 20, 8
# Results of other branches that are kept, for each record of this one.
_OTHERS = 2
# Sets of audits of which it is known what they depended on; results of a forgotten one are found anew.
_SETS = 50


class Row(NamedTuple):
    """What is kept of one record: how it looked to which program, the key of its result, its sources."""

    look: bytes
    key: bytes
    sources: bytes

    @classmethod
    def read(cls, raw: bytes) -> "Row":
        """Return a row as it was stored."""
        behind = _LOOK_BYTES + _KEY_BYTES
        return cls(raw[:_LOOK_BYTES], raw[_LOOK_BYTES:behind], raw[behind:])

    def names_one(self, sources: frozenset[bytes]) -> bool:
        """Whether the record names one of the sources, which are given by their short digests."""
        every = range(0, len(self.sources), _SOURCE_BYTES)
        return any(self.sources[at : at + _SOURCE_BYTES] in sources for at in every)


@dataclass(frozen=True, slots=True)
class Visit:
    """One record to be looked at: ``parts`` are the folders it is read from, ``known`` how they looked.

    ``about`` names what the result depends on besides its audits, ``audits`` names these, and ``file`` is
    where results are kept.
    """

    tree: WorkTree
    id: str
    folder: str
    prefix: str
    parts: tuple[str, ...]
    known: bytes
    about: str
    audits: str
    file: Path


@dataclass(frozen=True, slots=True)
class Visited:
    """How the files of a record look, when they last changed (ns), and what was found; None: as before."""

    look: bytes
    newest: int
    key: bytes
    examined: Examined | None


def examined_again(
    tree: WorkTree,
    folders: Iterable[tuple[str, str]],
    prefix: str,
    executor: Executor,
    progress: Progress,
    file: Path,
) -> Iterator[Examined]:
    """Yield what :func:`colophon.examination.examined` does, with ``file`` as the memory of what was found.

    A memory that is missing or damaged makes the run slower and nothing else.
    """
    now, wanted = time.time_ns(), sorted(folders)
    with closing(Cache(file)) as cache:
        _keep_audits(cache)
        sources, rows = _Sources.of(tree, cache, now), dict(cache.below(_LOOK))
        visits = _visits(tree, wanted, prefix, rows, sources.moved, file)
        ahead, given = tee(chunks(visits, _CHUNK))
        done = 0
        for batch, results in zip(ahead, in_order(executor, visit_all, given, _AHEAD), strict=True):
            with packed.staying():
                found = [_result(cache, rows, *pair) for pair in zip(batch, results, strict=True)]
            cache.put(dict(_new_entries(batch, results, now)))
            done += len(found)
            progress("examine", done, len(wanted))
            yield from found
        sources.keep(cache)
        _forget(cache, rows, frozenset(path for _, path in wanted))


def visit_all(visits: tuple[Visit, ...]) -> list[Visited]:
    """Look at a chunk of records, and examine those that look otherwise than before."""
    return [_visit(one) for one in visits]


def _visit(visit: Visit) -> Visited:
    seen, newest = visit.tree.look(visit.parts)
    program = f"{visit.about} {visit.audits}"
    look = hashlib.blake2b(seen + program.encode(), digest_size=_LOOK_BYTES).digest()
    if look == visit.known:
        return Visited(look, newest, b"", None)
    loaded = folder.load(visit.tree, visit.id, visit.folder, visit.prefix)
    about = f"{visit.about}\n{loaded.digest}\n{loaded.findings}"
    key = hashlib.sha256(about.encode("utf-8", "surrogatepass")).digest()[:_KEY_BYTES]
    return Visited(look, newest, key, _brought_up(_opened(visit.file), key, visit, loaded))


def _brought_up(cache: Cache, key: bytes, visit: Visit, loaded: Loaded) -> Examined:
    """Return what is found in a record that is read; of a result that is kept only what changed is new."""
    audits, known = _kept(cache, key)
    if known is None:
        return examine_loaded(loaded)
    if audits == visit.audits:
        return known
    changed = audit_digests.of_audits().changed(cache, audits)
    return examine_loaded(loaded) if changed is None else examine_in_part(loaded, known, changed)


def _kept(cache: Cache, key: bytes) -> tuple[str, Examined | None]:
    """Return by which audits a result that is kept was found, and the result; None when it is damaged."""
    name = _RESULT + key.hex()
    audits, _, raw = cache.get([name]).get(name, b"").partition(b" ")
    return audits.decode("ascii", "replace"), packed.unpacked(raw, Examined)


def _keep_audits(cache: Cache) -> None:
    """Keep what today's audits depend on, for results that a later run finds to be of these."""
    if cache.count(audit_digests.PREFIX) >= _SETS:
        cache.drop([*cache.keys(audit_digests.PREFIX)])
    audit_digests.of_audits().keep(cache)


@lru_cache(maxsize=1)
def _opened(file: Path) -> Cache:
    """Return the memory as a worker reads it, opened once in a process."""
    return Cache(file)


def _visits(
    tree: WorkTree,
    wanted: Sequence[tuple[str, str]],
    prefix: str,
    rows: Mapping[str, bytes],
    moved: frozenset[bytes],
    file: Path,
) -> Iterator[Visit]:
    program = dependence.digest(__name__, apart=audit_digests.APART)
    about, audits = f"{program} {bundle.data_digest()} {prefix}", audit_digests.of_audits().name
    beside = {part: _ids(tree, part) for part in ("reviews", "refusals")}
    for name, path in wanted:
        parts = (path, *(record_folder(name, part) for part, ids in beside.items() if name in ids))
        row = Row.read(rows.get(_LOOK + path, b""))
        known = b"" if moved and row.names_one(moved) else row.look
        yield Visit(tree, name, path, prefix, parts, known, about, audits, file)


def _ids(tree: WorkTree, part: str) -> frozenset[str]:
    """Return the names of the folders two levels below a folder at the registry's root."""
    shards = tree.entries(part)
    return frozenset(one.name for shard in shards for one in tree.entries(f"{part}/{shard.name}"))


@dataclass(frozen=True, slots=True)
class _Sources:
    """How the folders of held sources look; ``moved`` are the short digests of those that changed since."""

    looks: Mapping[str, bytes]
    moved: frozenset[bytes]

    @classmethod
    def of(cls, tree: WorkTree, cache: Cache, now: int) -> "_Sources":
        """Return the sources of a registry as they are, beside what was kept of them."""
        before, looks = dict(cache.below(_SOURCE)), {}
        for kind in tree.entries("sources"):
            for entry in tree.entries(f"sources/{kind.name}"):
                path = f"sources/{kind.name}/{entry.name}"
                look, newest = tree.look((path,))
                looks[_SOURCE + path] = look if store.is_settled(newest, now) else b""
        moved = {key for key in {*before, *looks} if not looks.get(key) or before.get(key) != looks[key]}
        return cls(looks, frozenset(_short(key.removeprefix(_SOURCE)) for key in moved))

    def keep(self, cache: Cache) -> None:
        """Keep how they look; only when every record that names one has been visited."""
        if self.moved:
            cache.drop([*cache.keys(_SOURCE)])
            cache.put(dict(self.looks))


def _short(path: str) -> bytes:
    return hashlib.blake2b(path.encode("utf-8", "surrogateescape"), digest_size=_SOURCE_BYTES).digest()


def _result(cache: Cache, rows: Mapping[str, bytes], visit: Visit, visited: Visited) -> Examined:
    """Return what was found in a record, now or before."""
    if visited.examined is not None:
        return visited.examined
    audits, known = _kept(cache, Row.read(rows[_LOOK + visit.folder]).key)
    if known is not None and audits == visit.audits:
        return known
    return examine(Task(visit.tree, visit.id, visit.folder, visit.prefix))


def _new_entries(batch: Sequence[Visit], results: Sequence[Visited], now: int) -> Iterator[tuple[str, bytes]]:
    """Yield what is to be kept of records that were read; how they look only where that is settled."""
    for visit, visited in zip(batch, results, strict=True):
        found = visited.examined
        if found is None or found.facts is None:
            continue
        yield _RESULT + visited.key.hex(), visit.audits.encode() + b" " + packed.packed(found)
        if store.is_settled(visited.newest, now):
            folders = {source_folder(*source) for source in found.facts.sources}
            sources = b"".join(sorted(_short(path) for path in folders))
            yield _LOOK + visit.folder, visited.look + visited.key + sources


def _forget(cache: Cache, rows: Mapping[str, bytes], present: frozenset[str]) -> None:
    """Drop what is kept of records that are gone, and of other branches when it grows large."""
    cache.drop(key for key in rows if key.removeprefix(_LOOK) not in present)
    if cache.count(_RESULT) > (1 + _OTHERS) * len(present):
        named = {_RESULT + Row.read(raw).key.hex() for _, raw in cache.below(_LOOK)}
        cache.drop(key for key in list(cache.keys(_RESULT)) if key not in named)
