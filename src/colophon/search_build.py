"""Bringing the search up to date with a build: what was rendered is put in, what is kept is looked for."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

from colophon import atomic, audit_digests, bundle, dependence, shards
from colophon.executor import Progress, chunks, in_order
from colophon.judgement import Judged
from colophon.model import Written
from colophon.rendering import Job, Workshop, put, search_entries
from colophon.search_entry import Entry
from colophon.search_store import SearchStore

# What makes an entry of a record, and what reads the record.
_PROGRAMS = ("colophon.search_entry", "colophon.folder")
_CHUNK = 64
_AHEAD = 4


class SearchBuild:
    """The search of one build; ``announced`` are the records that it may find, in order of ids."""

    def __init__(
        self, store: SearchStore, announced: Iterable[Judged], fingerprints: Mapping[str, bytes]
    ) -> None:
        programs = [dependence.digest(name, apart=audit_digests.APART) for name in _PROGRAMS]
        inputs = f"{programs}{bundle.data_digest()}"
        self._keys = {item.id: shards.key(inputs, fingerprints[item.id]) for item in announced}
        self._store = store
        if store.is_worn(self._keys):
            store.clear()

    def rendered(self, entries: Iterable[Entry]) -> None:
        """Put in what rendering told of records, as far as they may be found and are not kept as they are."""
        self._store.put((self._keys[one.id], one) for one in entries if self._is_wanted(one.id))

    def complete(
        self, judged: Iterable[Judged], workshop: Workshop, executor: Executor, progress: Progress
    ) -> None:
        """Read the records that were not rendered and that are not kept as they are now."""
        missing = [item for item in judged if self._is_wanted(item.id)]
        jobs = (Job(workshop, chunk) for chunk in chunks(missing, _CHUNK))
        for done, entries in enumerate(in_order(executor, search_entries, jobs, _AHEAD), 1):
            self.rendered(entries)
            progress("search", min(done * _CHUNK, len(missing)), len(missing))
        self._store.finish()

    def _is_wanted(self, record_id: str) -> bool:
        key = self._keys.get(record_id)
        return key is not None and not self._store.has(record_id, key)

    def files(self, workshop: Workshop) -> Iterator[Written]:
        """Write the files of the search into a new site."""
        return (put(workshop, artifact) for artifact in self._store.files())


@contextmanager
def searching(
    work: Path,
    name: str,
    announced: Iterable[Judged],
    fingerprints: Mapping[str, bytes],
    *,
    use_cache: bool,
) -> Iterator[SearchBuild]:
    """Give the search of a build of the site ``name``, whose kept database lies in ``work``.

    Without the cache it is made anew beside it, and nothing of it stays.
    """
    file = work / (f"{name}.search.sqlite" if use_cache else f"{name}.search.new.sqlite")
    if not use_cache:
        file.unlink(missing_ok=True)
    with atomic.refusals_in_one_line(file):
        store = SearchStore(file)
    try:
        yield SearchBuild(store, announced, fingerprints)
    finally:
        store.close()
        if not use_cache:
            file.unlink(missing_ok=True)
