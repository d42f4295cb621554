"""Publishing: every page and file is written into a new folder, which then takes the place of the old site.

A reader, or a kill at any moment, never sees half a site.  Files of records whose inputs did not change
are linked over from the old site, and so are those that other jobs rendered.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from pathlib import Path

from colophon import atomic, holdings, shards, works
from colophon.evidence import InHand, in_hand
from colophon.executor import Progress, chunks, in_order
from colophon.frame import Prose, render
from colophon.fresh_folder import WORK, fresh_folder, refuse_foreign
from colophon.inventory import inventory
from colophon.judgement import Judged
from colophon.model import Files, Rule, Tally, Written
from colophon.rendering import (
    Job,
    Workshop,
    copy_prose,
    distinct,
    listed,
    put,
    render_records,
    render_registry,
)
from colophon.reruns import Reruns
from colophon.reuse import Old, Reuse, SiteReuse, inputs
from colophon.search_build import SearchBuild, searching
from colophon.search_entry import Entry
from colophon.settings import Settings
from colophon.shards import Shard
from colophon.store import Tree
from colophon.views import registry_view
from colophon.works import Work

_CHUNK = 32
_AHEAD = 4


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
    parts: tuple[Path, ...] = (),
    is_untouched: bool = False,
    is_slim: bool = False,
) -> None:
    """Write the whole site into ``target``; ``parts`` are folders in which jobs left pages of records.

    A file of the old site is read before it is used, unless it is known that all of it ``is_untouched``.
    ``is_slim`` asks for the form that :mod:`colophon.slim` describes.

    Raises UsageError when the target holds something else than a site or a part holds none, EnvironmentFault
    when it cannot be written or another build is writing it.
    """
    # A link to a site stays a link: what it points to is replaced.
    target = target.resolve()
    refuse_foreign(target)
    with fresh_folder(target) as fresh:
        work = target.parent / WORK
        prose = render(work, settings, use_cache=use_cache)
        workshop = _workshop(tree, settings, rules, prose, fresh, target, is_slim=is_slim)
        prose_files = copy_prose(prose, workshop)
        fingerprints = {item.id: shards.fingerprint(item) for item in judged}
        kept = work / f"{target.name}.sqlite"
        if use_cache:
            old = Old(target, kept, is_untouched=is_untouched)
            reuse: Reuse = SiteReuse(old, workshop, prose.digest, parts, fingerprints)
        else:
            reuse = Reuse(workshop, prose.digest, parts, fingerprints)
        cited = tuple(works.all_works(tree))
        in_hand = _in_hand(tree, cited)
        view = registry_view(settings, judged, rules, tallies, cited, in_hand, reruns, is_slim=is_slim)
        with searching(work, target.name, view.announced, fingerprints, use_cache=use_cache) as search:
            search.rendered(_entries(parts, {reuse.key(item) for item in judged} if parts else set()))
            records = _records(judged, workshop, reuse, search, executor, progress)
            search.complete(judged, workshop, executor, progress)
            shared = [*prose_files, *render_registry(workshop, view), *search.files(workshop)]
        shared += [put(workshop, artifact) for artifact in inventory(view, [*records, *shared])]
        # Addresses of records hold their ids, so that only these can meet.
        distinct(shared)
        atomic.swap(fresh, target)
        reuse.close()


def publish_shard(
    tree: Tree,
    settings: Settings,
    judged: tuple[Judged, ...],
    rules: Mapping[str, Rule],
    target: Path,
    executor: Executor,
    progress: Progress,
    shard: Shard,
    *,
    is_slim: bool = False,
) -> int:
    """Write the pages of a shard's records into ``target``, for a last step; return how many they are.

    Raises what :func:`publish` does.
    """
    target = target.resolve()
    refuse_foreign(target)
    own = [item for item in judged if shard.has(item.id)]
    with fresh_folder(target) as fresh:
        prose = render(target.parent / WORK, settings, use_cache=True)
        workshop = _workshop(tree, settings, rules, prose, fresh, target, is_slim=is_slim)
        known = inputs(workshop, prose.digest)
        rendered = zip(own, _rendered(own, {}, workshop, executor, progress), strict=True)
        count = shards.leave(
            fresh,
            shard,
            (
                (shards.key(known, shards.fingerprint(item)), files, entry)
                for item, (_, files, entry) in rendered
            ),
        )
        atomic.swap(fresh, target)
    return count


def _workshop(
    tree: Tree,
    settings: Settings,
    rules: Mapping[str, Rule],
    prose: Prose,
    fresh: Path,
    old: Path,
    *,
    is_slim: bool,
) -> Workshop:
    slim = prose.slim if is_slim else None
    return Workshop(tree, settings, rules, prose.frame, fresh, slim, old if old.exists() else None)


def _in_hand(tree: Tree, cited: Iterable[Work]) -> dict[tuple[str, str], InHand | None]:
    """Return what is held of works, by kind and identifier."""
    names = [(one.kind, one.identifier) for one in cited]
    return {name: in_hand(holdings.of_source(tree, *name)) for name in names}


def _entries(parts: Iterable[Path], known: set[str]) -> Iterator[Entry]:
    """Yield what parts know of records for the search, in order of ids as one job would find them.

    A record that has another key by now changed since.
    """
    merged = heapq.merge(*map(shards.entries, parts), key=lambda one: one[1].id)
    return (entry for key, entry in merged if key in known)


def _records(
    judged: tuple[Judged, ...],
    workshop: Workshop,
    reuse: Reuse,
    search: SearchBuild,
    executor: Executor,
    progress: Progress,
) -> list[Written]:
    """Render every record, or link its files over from the old site or a part of the new one.

    Returns their pages.
    """
    written: list[Written] = []
    changed: dict[str, Judged] = {}
    kinds: dict[str, frozenset[str]] = {}
    for item in judged:
        linked = reuse.link(item)
        written += _pages(listed(linked.files))
        if not linked.is_whole:
            changed[item.id] = item
        if linked.missing:
            kinds[item.id] = linked.missing
    reused = len(judged) - len(changed)
    for record_id, files, entry in _rendered(changed.values(), kinds, workshop, executor, progress, reused):
        search.rendered([entry])
        written += _pages(listed(files))
        reuse.remember(changed[record_id], files)
    return written


def _pages(files: Iterable[Written]) -> list[Written]:
    """Return what is listed of a record's files: the addresses of pages.  All else of them is forgotten."""
    return [(path, "text/html", 0, "") for path, _, _, _ in files if path.endswith(".html")]


def _rendered(
    items: Iterable[Judged],
    kinds: Mapping[str, frozenset[str]],
    workshop: Workshop,
    executor: Executor,
    progress: Progress,
    done: int = 0,
) -> Iterator[tuple[str, Files, Entry]]:
    """Yield (id, files, what the search knows) of records as they are rendered, in order.

    ``done`` records needed no rendering; of those in ``kinds`` only some kinds of pages are rendered.
    """
    wanted = list(items)
    whole = done + len(wanted)
    jobs = (
        Job(workshop, chunk, {one.id: kinds[one.id] for one in chunk if one.id in kinds})
        for chunk in chunks(wanted, _CHUNK)
    )
    for results in in_order(executor, render_records, jobs, _AHEAD):
        yield from results
        done += len(results)
        progress("render", done, whole)
