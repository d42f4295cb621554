"""The parts that compare: pages beside Hugo and plain mkdocs-material, the search index beside Pagefind."""

from collections.abc import Callable
from typing import Any

import _speed_bounds
import _speed_programs
from _speed_steps import begin, keep_timed, repetitions, step, timed
from harness import Experiment, Metric, Run

_PAGES = "our pages alone: every record read and rendered, every page written, findings kept from a check"
_HUGO, _MKDOCS = "Hugo, one page a record", "plain mkdocs-material, one page a record"
_PAGEFIND = "Pagefind over our paper pages"


def peer_metrics(label: str, *, with_mkdocs: bool) -> list[Metric]:
    """Return the metrics of the part about peers."""
    found = [*timed("pages", _PAGES, label), *timed("hugo", _HUGO, label)]
    peers = ["hugo"]
    if with_mkdocs:
        found += timed("mkdocs", _MKDOCS, label)
        peers.append("mkdocs")
    for peer in peers:
        found += [
            Metric(f"faster_than_{peer}_{label}", f"{peer}_seconds_{label} / pages_seconds_{label}", "x",
                   "measured", f"seconds of {peer} over those of our pages alone"),
            Metric(f"pages_memory_over_{peer}_{label}", f"pages_memory_{label} / {peer}_memory_{label}", "x",
                   "measured", f"memory of our pages alone over that of {peer}"),
            Metric(f"build_over_{peer}_{label}", f"build_seconds_{label} / {peer}_seconds_{label}", "x",
                   "measured", f"seconds of our full build over those of {peer}; the work is not equal"),
        ]  # fmt: skip
    return found + _speed_bounds.metrics(_speed_bounds.of_peers(label))


def measure_peers(run: Run, label: str, *, with_mkdocs: bool) -> None:
    """Build the same records by every program in turn."""
    records = begin(run, label)
    _speed_bounds.keep(run, _speed_bounds.of_peers(label))
    programs: dict[str, tuple[str, tuple[Any, ...]]] = {"pages": (_PAGES, ())}
    programs |= {name: one for name, one in _peers(run).items() if with_mkdocs or name != "mkdocs"}
    found: dict[str, list[Any]] = {name: [] for name in programs}
    for number in repetitions(run, label):
        for name, (_, arguments) in programs.items():
            found[name].append(step(run, label, f"{name} {number}", name, *arguments))
    for name, (what, _) in programs.items():
        keep_timed(run, name, what, label, found[name])
        wrong = max(abs(one["pages"] - records) for one in found[name])
        run.check(f"paper pages of {records:,} records, {name}", "one a record", wrong, 0, "difference")


def _peers(run: Run) -> dict[str, tuple[str, tuple[Any, ...]]]:
    """Return the peers that are installed, by name: what they do and their program; note the others."""
    found: dict[str, tuple[str, tuple[Any, ...]]] = {}
    asked = {
        "hugo": (_HUGO, _speed_programs.hugo(), "hugo"),
        "mkdocs": (_MKDOCS, _speed_programs.mkdocs(), "mkdocs-material"),
    }
    for name, (what, program, package) in asked.items():
        if program is None:
            _note_missing(run, package)
        else:
            found[name] = (what, (program,))
            run.note(f"{package} {_speed_programs.version(package)}.")
    return found


def _note_missing(run: Run, package: str) -> None:
    run.note(f"{package} is not installed, so nothing was compared with it: pip install '.[benchmarks]'.")


# -- Search -------------------------------------------------------------------------------------------------


def search_metrics(label: str, *, with_pagefind: bool) -> list[Metric]:
    """Return the metrics of the part about search."""
    found = index_metrics("search", "our search index", label)
    found += [
        Metric(f"query_kb_{label}", f"median(query_bytes_{label}) / 1024", "KB", "measured",
               "read by a query from our index, nothing kept before, median of the queries"),
        Metric(f"query_ms_{label}", f"1000 * median(query_times_{label})", "ms", "measured",
               "a query of our index by SQLite on this machine, in no browser, median of the queries"),
    ]  # fmt: skip
    if with_pagefind:
        found += timed("pagefind", _PAGEFIND, label)
        found += index_metrics("pagefind", "Pagefind's index", label)
    return found + _speed_bounds.metrics(_speed_bounds.of_search(label))


def index_metrics(name: str, what: str, label: str) -> list[Metric]:
    """Return the metrics of what an index weighs."""
    return [
        Metric(f"{name}_mb_{label}", f"total({name}_bytes_{label}) / 1000000", "MB", "measured", what),
        Metric(f"{name}_largest_mb_{label}", f"max({name}_largest_{label}) / 1000000", "MB", "measured",
               f"{what}, largest file"),
        Metric(f"{name}_files_{label}", f"total({name}_count_{label})", "files", "counted",
               f"{what}, files"),
    ]  # fmt: skip


def measure_search(run: Run, label: str, *, with_pagefind: bool) -> None:
    """Index our pages with Pagefind; weigh and ask the index that a build makes, where it makes one."""
    begin(run, label)
    _speed_bounds.keep(run, _speed_bounds.of_search(label))
    ours = step(run, label, "our index", "search")
    if ours is None:
        run.note("A build makes no folder search/, so no index of ours was measured.")
    else:
        keep_index(run, "search", label, ours)
        if ours["queries"]:
            keep_queries(run, "query", label, ours["queries"])
    if with_pagefind:
        _measure_pagefind(run, label)


def keep_queries(run: Run, name: str, label: str, asked: list[dict[str, float]]) -> None:
    """Keep what queries read and took."""
    for what, key, unit in (("bytes", "bytes", "bytes"), ("times", "seconds", "s")):
        values = [one[key] for one in asked]
        run.sample(f"{name}_{what}_{label}", values, unit, "by query, as the code lists them")


def _measure_pagefind(run: Run, label: str) -> None:
    program = _speed_programs.pagefind()
    if program is None:
        _note_missing(run, "pagefind-bin")
        return
    run.note(f"pagefind {_speed_programs.version('pagefind-bin')}.")
    found = [
        step(run, label, f"pagefind {number}", "pagefind", program) for number in repetitions(run, label)
    ]
    keep_timed(run, "pagefind", _PAGEFIND, label, found)
    keep_index(run, "pagefind", label, found[-1])


def keep_index(run: Run, name: str, label: str, weights: dict[str, Any]) -> None:
    """Keep what an index weighs."""
    run.sample(f"{name}_bytes_{label}", [weights["bytes"]], "bytes", "all files of the index")
    run.sample(f"{name}_largest_{label}", [weights["largest"]], "bytes", "largest file of the index")
    run.sample(f"{name}_count_{label}", [weights["files"]], "files", "files of the index")


def add_peers(experiment: Experiment, label: str, seconds: dict[str, int], *, with_mkdocs: bool) -> None:
    """Add the part about peers of a size; ``seconds`` says how long it takes, by preset."""
    beside = "Hugo and plain mkdocs-material" if with_mkdocs else "Hugo"
    declare = experiment.part(
        f"peers-{label}", f"our pages alone beside {beside} over the same {label} records", seconds,
        peer_metrics(label, with_mkdocs=with_mkdocs),
    )  # fmt: skip
    declare(_told(measure_peers, label, with_mkdocs=with_mkdocs))


def add_search(experiment: Experiment, label: str, seconds: dict[str, int], *, with_pagefind: bool) -> None:
    """Add the part about search of a size; ``seconds`` says how long it takes, by preset."""
    beside = " beside Pagefind" if with_pagefind else ""
    declare = experiment.part(
        f"search-{label}", f"the search index of a build{beside}, {label} records", seconds,
        search_metrics(label, with_pagefind=with_pagefind),
    )  # fmt: skip
    declare(_told(measure_search, label, with_pagefind=with_pagefind))


def _told(function: Callable[..., None], label: str, **options: bool) -> Callable[[Run], None]:
    def measure(run: Run) -> None:
        function(run, label, **options)

    return measure
