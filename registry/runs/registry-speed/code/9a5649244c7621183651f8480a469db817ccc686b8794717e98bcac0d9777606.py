"""The part about the search alone: an index of papers whose words are drawn as often as those of texts are.

Fabricated records repeat few words, so that a question finds most of them; these papers have 60,000 words.
"""

import json
import shutil
from typing import Any

import _speed_beside
import _speed_bounds
import _speed_process
import _speed_programs
import _speed_search
from _speed_bounds import LARGEST
from _speed_place import scratch
from _speed_steps import begin, records_of
from harness import Experiment, Metric, Run

# The database while it is built, its parts, and the database that they make up again.
_BYTES_OF_PAPER = 10_000


def measured(papers: int) -> dict[str, Any]:
    """Build the index in a process of its own; return what that took, and what it weighs and answers."""
    folder, place = scratch(papers * _BYTES_OF_PAPER)
    try:
        target, environment = folder / "index", _speed_programs.environment(folder)
        found = _speed_process.measure(_speed_programs.indexer(papers, target), folder, environment)
        said = json.loads(found["said"].splitlines()[-1])
        index = target / "search"
        asked, weights = _speed_search.queries(index, folder, said["questions"]), _speed_search.weigh(index)
        return {**said, "memory": found["memory"], "place": place, "queries": asked, "weights": weights}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def metrics() -> list[Metric]:
    """Return the metrics of the part."""
    built, label = "the search index of drawn papers", LARGEST
    found = [
        Metric(f"search_seconds_{label}", f"total(search_built_{label})", "s", "measured",
               f"{built}, built by one process: seconds of processor time, without those of drawing words"),
        Metric(f"search_memory_{label}", f"total(search_held_{label}) / 1000000", "MB", "measured",
               f"{built}, built and updated: most memory"),
        Metric(f"search_update_seconds_{label}", f"total(search_updated_{label})", "s", "measured",
               f"{built}, updated for one paper: seconds of processor time"),
        *_speed_beside.index_metrics("drawn", built, label),
    ]  # fmt: skip
    for name, sample, by, unit, what in (
        ("drawn_query_kb", "drawn_query_bytes", " / 1024", "KB", "read by a query, nothing kept before"),
        ("drawn_query_ms", "drawn_query_times", " * 1000", "ms", "a query by SQLite, in no browser"),
    ):
        each = f"{sample}_{label}"
        formulas = [f"{function}({each}){by}" for function in ("median", "min", "max")]
        told = f"{what}, of {built}: median, least and most of the queries"
        found.append(Metric(f"{name}_{label}", formulas[0], unit, "measured", told, *formulas[1:]))
    return found + _speed_bounds.metrics(_speed_bounds.DRAWN)


def measure(run: Run) -> None:
    """Build the index of drawn papers, update it for one, and ask it."""
    label = LARGEST
    begin(run, label)
    _speed_bounds.keep(run, _speed_bounds.DRAWN)
    papers = records_of(run, label)
    found = run.step(f"{label}: index of drawn papers", lambda: measured(papers))
    run.note(f"{papers:,} drawn papers: everything that was built lay in {found['place']}.")
    run.sample(f"search_built_{label}", [found["built_seconds"]], "s", "building the index")
    run.sample(f"search_updated_{label}", [found["updated_seconds"]], "s", "updating it for one paper")
    run.sample(f"search_held_{label}", [found["memory"]], "bytes", "most memory")
    _speed_beside.keep_index(run, "drawn", label, found["weights"])
    _speed_beside.keep_queries(run, "drawn_query", label, found["queries"])


def add_drawn(experiment: Experiment, seconds: dict[str, int]) -> None:
    """Add the part; ``seconds`` says how long it takes, by preset."""
    what = "the search index alone, of 100,000 papers whose words are drawn"
    experiment.part(f"index-{LARGEST}", what, seconds, metrics())(measure)
