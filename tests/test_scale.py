"""Twice the records are twice the work, no more: calls are counted at N and 2N, nothing is timed."""

import functools
import gc
import pickle
import re
import shutil
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from colophon import atomic, dependence, examination, folder, pipeline, rendering, scan, schema
from colophon.examination import Task, examine_all
from colophon.executor import Serial, chunks, in_order
from colophon.layout import UUID
from colophon.model import Written
from colophon.pages import Output
from colophon.rendering import Workshop
from colophon.store import Entry, WorkTree

from .fabricated import write_registry

ROOT = Path(__file__).resolve().parent.parent
N = 24
# What each fabricated record names; the registry may hold texts of every one of them.
SOURCES = 6
OF_RECORD = re.compile(rf"papers/{UUID.pattern}")
# Shards and audits across records do not grow by exactly two.
ROOM = 1.15


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


class CountingTree:
    """A working tree that counts what is asked of it."""

    def __init__(self, root: Path, calls: Counter[str]) -> None:
        self._tree = WorkTree(str(root))
        self._calls = calls

    def entries(self, path: str) -> tuple[Entry, ...]:
        """Count and list."""
        self._calls["entries"] += 1
        return self._tree.entries(path)

    def read(self, path: str) -> bytes:
        """Count and read."""
        self._calls["read"] += 1
        found = self._tree.read(path)
        self._calls["bytes read"] += len(found)
        return found


def counted(calls: Counter[str], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        calls[name] += 1
        return function(*arguments, **named)

    return call


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts of schema validations, slow scans, loaded folders and written files."""
    found: Counter[str] = Counter()
    monkeypatch.setattr(schema, "faults", counted(found, "validate", schema.faults))
    monkeypatch.setattr(scan._Scanner, "run", counted(found, "scan", scan._Scanner.run))
    monkeypatch.setattr(folder, "load", counted(found, "load", folder.load))
    monkeypatch.setattr(rendering, "write", counted(found, "write", rendering.write))
    return found


@pytest.fixture(scope="module")
def registries(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Fabricated registries of N, 2N and 4N records."""
    root = tmp_path_factory.mktemp("scale")
    for size in (N, 2 * N, 4 * N):
        write_registry(root / str(size), size, 1)
    return {size: root / str(size) for size in (N, 2 * N, 4 * N)}


def assert_linear(small: Counter[str], large: Counter[str], per_record: dict[str, float]) -> None:
    for name in sorted(small.keys() | large.keys()):
        assert large[name] <= 2 * small[name] * ROOM, f"{name}: {small[name]} at N, {large[name]} at 2N"
    for name, most in per_record.items():
        each = (large[name] - small[name]) / N
        assert each <= most, f"{name}: {each} for each further record, at most {most}"


def test_check_grows_with_the_records(registries: dict[int, Path], calls: Counter[str]) -> None:
    """A check lists a record's folder once and its shard twice, and validates each of its documents once.

    It looks once for what is held of each of the six sources of a fabricated record.
    """
    found = []
    for size in (N, 2 * N):
        calls.clear()
        survey = pipeline.survey(
            CountingTree(registries[size], calls), Serial(), silent, now="2026-12-01T00:00:00Z"
        )
        assert len(survey.judged) == size
        assert not survey.integrity
        found.append(calls.copy())
    # A scan finds the line of a finding, so it comes only where something was found.
    assert_linear(*found, {"entries": 6 + SOURCES, "read": 5, "validate": 2, "load": 1, "scan": 4})


def test_build_grows_with_the_records(
    registries: dict[int, Path], calls: Counter[str], tmp_path: Path
) -> None:
    """A build reads each record twice, to judge and to render, and writes a bounded number of files for it.

    These are the page, its JSON, its findings as SARIF and its badge, the pages with the forms to correct it
    and those on which its claims, findings and rules go on, of which there are as many as they need, and its
    share of the lists.
    """
    found = []
    for size in (N, 2 * N):
        calls.clear()
        tree = CountingTree(registries[size], calls)
        pipeline.build(tree, tmp_path / str(size) / "site", Serial(), silent, use_cache=False)
        found.append(calls.copy())
    assert_linear(*found, {"entries": 10 + 2 * SOURCES, "read": 8, "load": 2, "write": 10})


def test_a_cached_build_renders_nothing_again(
    registries: dict[int, Path], calls: Counter[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second build of an unchanged registry renders no record; after one change it renders one."""
    rendered = Counter[str]()
    monkeypatch.setattr(rendering, "_render_record", counted(rendered, "record", rendering._render_record))
    tree = WorkTree(str(registries[N]))
    counts = []
    for _ in range(2):
        rendered.clear()
        pipeline.build(tree, tmp_path / "site", Serial(), silent)
        counts.append(rendered["record"])
    assert counts == [N, 0]


def test_a_copy_of_the_site_renders_nothing_and_a_changed_file_its_record(
    registries: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that look otherwise are read: those with their bytes are used, and others are made anew."""
    rendered = Counter[str]()
    monkeypatch.setattr(rendering, "_render_record", counted(rendered, "record", rendering._render_record))
    tree, site = WorkTree(str(registries[N])), tmp_path / "site"
    pipeline.build(tree, site, Serial(), silent)
    shutil.copytree(site, tmp_path / "copy")
    shutil.rmtree(site)
    (tmp_path / "copy").rename(site)
    page = min(site.glob("papers/*.html"))
    whole = page.read_bytes()
    page.write_bytes(whole[:-1] + b" ")
    for expected in (1, 0):
        rendered.clear()
        pipeline.build(tree, site, Serial(), silent)
        assert rendered["record"] == expected
        assert page.read_bytes() == whole


def test_a_changed_template_renders_its_pages_alone(
    registries: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each record one badge is made anew; all else is linked over, also by the build after that."""
    tree, site = WorkTree(str(registries[N])), tmp_path / "site"
    pipeline.build(tree, site, Serial(), silent)
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    made: list[str] = []
    put, digest = rendering.put, dependence._text_digest

    def counted_put(workshop: Workshop, output: Output) -> Written:
        made.append(output.path)
        return put(workshop, output)

    monkeypatch.setattr(rendering, "put", counted_put)
    monkeypatch.setattr(
        dependence, "_text_digest", lambda name: "" if name == "badge.svg.html" else digest(name)
    )
    for badges in (N, 0):
        made.clear()
        pipeline.build(tree, site, Serial(), silent)
        of_records = [path for path in made if OF_RECORD.match(path)]
        assert len(of_records) == badges
        assert all(path.endswith(".svg") for path in of_records)
        assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before


def test_a_build_that_ended_early_is_not_taken_for_the_site(
    registries: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It kept what it rendered and left the old site: the next build takes no old file for a new one."""
    registry, site = tmp_path / "registry", tmp_path / "site"
    shutil.copytree(registries[N], registry)
    tree = WorkTree(str(registry))
    pipeline.build(tree, site, Serial(), silent)
    manifest = min((registry / "papers").glob("*/*/manifest.json"))
    manifest.write_text(manifest.read_text().replace('"title": "', '"title": "Changed ', 1))

    def killed(*paths: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(atomic, "swap", killed)
        pipeline.build(tree, site, Serial(), silent)
    page = site / "papers" / f"{manifest.parent.name}.html"
    assert "Changed " not in page.read_text()
    pipeline.build(tree, site, Serial(), silent, is_untouched=True)
    assert "Changed " in page.read_text()


def examined(root: Path, size: int) -> list[examination.Examined]:
    tree = WorkTree(str(root))
    tasks = (Task(tree, name, path, "SRCH") for name, path in folder.record_folders(tree))
    results = [item for found in in_order(Serial(), examine_all, chunks(tasks, 8), 2) for item in found]
    assert len(results) == size
    return results


def forget() -> None:
    """Empty what is remembered of the last texts: of few records that is less than of many."""
    # What a build in this process froze is not among the objects that the collector tells of.
    gc.unfreeze()
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper) and str(one.__module__).startswith("colophon."):
            one.cache_clear()
    # Patterns that are made of a text's own words are remembered by Python, whatever ran before.
    re.purge()


@pytest.fixture(scope="module")
def warm(registries: dict[int, Path]) -> None:
    """Fill caches and let the interpreter's own tables grow, as far as no test before has done so."""
    examined(registries[4 * N], 4 * N)


def test_facts_of_a_record_stay_below_one_kilobyte(registries: dict[int, Path]) -> None:
    """What the whole-registry stage holds of a record is less than 1,000 bytes pickled."""
    sizes = [len(pickle.dumps(item.facts, pickle.HIGHEST_PROTOCOL)) for item in examined(registries[N], N)]
    assert max(sizes) < 1_000


@pytest.mark.usefixtures("warm")
def test_memory_of_the_examine_stage_is_flat(registries: dict[int, Path]) -> None:
    """Beside the results, examining 4N records needs no more memory than examining N."""

    def peak(size: int) -> int:
        tree = WorkTree(str(registries[size]))
        tasks = (Task(tree, name, path, "SRCH") for name, path in folder.record_folders(tree))
        gc.collect()
        # What pytest and other tests hold is not searched again for each chunk.
        gc.freeze()
        tracemalloc.start()
        for _ in in_order(Serial(), examine_all, chunks(tasks, 8), 1):
            # The interpreter keeps thousands of freed tuples for later; this lets them go.
            gc.collect()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        gc.unfreeze()
        return most

    few, many = (min(peak(size) for _ in range(2)) for size in (N, 4 * N))
    assert many < 1.5 * few + 200_000


@pytest.mark.usefixtures("warm")
def test_results_of_a_record_are_small(registries: dict[int, Path]) -> None:
    """What is kept of a further record, findings included, is a few kilobytes, never its manifest of nine."""

    def held(size: int) -> int:
        gc.collect()
        tracemalloc.start()
        results = examined(registries[size], size)
        forget()
        gc.collect()
        used = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        del results
        return used

    few, many = (min(held(size) for _ in range(2)) for size in (N, 4 * N))
    assert (many - few) / (3 * N) < 8_000
