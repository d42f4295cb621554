"""The parts about our program: check and build of a size, and builds after a change."""

from typing import Any

import _speed_bounds
from _speed_bounds import SMALLEST
from _speed_steps import begin, is_smoke, keep_timed, repetitions, step, timed
from harness import Experiment, Metric, Run

_COLD = {"check": "check without our cache", "build": "full build without our cache"}
_SLIM = "full build of a slim site without our cache"
_INGEST = {"ingest": "ingest of reports"}
# By name of the sample: what it is, and its unit.
_WEIGHTS = {
    "page": "median of all paper pages",
    "largest_page": "largest paper page",
    "page_compressed": "paper pages evenly spread, compressed by gzip",
    "frame": "what pages of lists carry around their content",
    "frame_compressed": "the same, compressed by gzip",
}


# -- A size -------------------------------------------------------------------------------------------------


def _steps(label: str) -> dict[str, str]:
    # Reports are taken in one by one; that does not change with the size of a registry.
    return {**_COLD, **_INGEST} if label == SMALLEST else _COLD


def size_metrics(label: str) -> list[Metric]:
    """Return the metrics of the part of a size."""
    found = [one for name, what in _steps(label).items() for one in timed(name, what, label)]
    for name, what in _WEIGHTS.items():
        formula = f"median({name}_bytes_{label}) / 1024"
        found.append(Metric(f"{name}_kb_{label}", formula, "KB", "measured", f"{what}, median"))
    whole = f"total(site_bytes_{label})"
    found += [
        Metric(f"site_mb_{label}", f"{whole} / 1000000", "MB", "measured", "all files of the site"),
        Metric(f"site_kb_of_record_{label}", f"{whole} / 1024 / records_{label}", "KB", "measured",
               "all files of the site, for each record"),
        Metric(f"site_files_{label}", f"total(site_count_{label})", "files", "counted", "files of the site"),
    ]  # fmt: skip
    return found + _speed_bounds.metrics(_speed_bounds.of_size(label))


def measure_size(run: Run, label: str) -> None:
    """Check and build without our cache, in turn; then weigh what was built."""
    records = begin(run, label)
    _speed_bounds.keep(run, _speed_bounds.of_size(label))
    found: dict[str, list[Any]] = {name: [] for name in _steps(label)}
    for number in repetitions(run, label):
        for name, held in found.items():
            held.append(step(run, label, f"{name} {number}", f"cold_{name}"))
    for name, what in _steps(label).items():
        keep_timed(run, name, what, label, found[name])
    _keep_weights(run, label, records, step(run, label, "weigh", "weigh"))


def _keep_weights(run: Run, label: str, records: int, weights: dict[str, Any]) -> None:
    for name, what in _WEIGHTS.items():
        values = weights[name] if isinstance(weights[name], list) else [weights[name]]
        run.sample(f"{name}_bytes_{label}", values, "bytes", what)
    run.sample(f"site_bytes_{label}", [weights["bytes"]], "bytes", "all files of the site")
    run.sample(f"site_count_{label}", [weights["files"]], "files", "files of the site")
    what = f"paper pages of {records:,} records, full build"
    run.check(what, "one a record", abs(weights["pages"] - records), 0, "difference")


# -- A slim site --------------------------------------------------------------------------------------------


def slim_metrics(label: str) -> list[Metric]:
    """Return the metrics of the part about a slim site."""
    whole = f"total(slim_bytes_{label})"
    found = [
        *timed("slim", _SLIM, label),
        Metric(f"slim_page_kb_{label}", f"median(slim_page_bytes_{label}) / 1024", "KB", "measured",
               "median of all paper pages of a slim site"),
        Metric(f"slim_mb_{label}", f"{whole} / 1000000", "MB", "measured", "all files of a slim site"),
        Metric(f"slim_kb_of_record_{label}", f"{whole} / 1024 / records_{label}", "KB", "measured",
               "all files of a slim site, for each record"),
        Metric(f"slim_files_{label}", f"total(slim_count_{label})", "files", "counted",
               "files of a slim site"),
    ]  # fmt: skip
    return found + _speed_bounds.metrics(_speed_bounds.of_slim(label))


def measure_slim(run: Run, label: str) -> None:
    """Build a slim site without our cache; then weigh it."""
    records = begin(run, label)
    _speed_bounds.keep(run, _speed_bounds.of_slim(label))
    found = [step(run, label, f"slim {number}", "cold_slim") for number in repetitions(run, label)]
    keep_timed(run, "slim", _SLIM, label, found)
    weights = step(run, label, "weigh slim", "weigh_slim")
    run.sample(f"slim_page_bytes_{label}", [weights["page"]], "bytes", "median of all paper pages")
    run.sample(f"slim_bytes_{label}", [weights["bytes"]], "bytes", "all files of a slim site")
    run.sample(f"slim_count_{label}", [weights["files"]], "files", "files of a slim site")
    what = f"paper pages of {records:,} records, slim build"
    run.check(what, "one a record", abs(weights["pages"] - records), 0, "difference")


# -- Changes ------------------------------------------------------------------------------------------------

_SAME = {"check_again": "check with our cache, nothing changed", "unchanged": "build where nothing changed"}
_ONE = {"one_changed": "build after a correction of one record"}
_FIRST = {
    "first_check": "first check with our cache, which fills it",
    "first_build": "first build with our cache, which fills it",
}
# What is changed of our program, in a copy of it: the name of a step, what it is, the file.
_PROGRAM = {
    "template": ("build after one changed template", "pages/paper.html"),
    "audit": ("build after one changed audit", "audits/title_off_topic.py"),
}


def change_metrics(label: str) -> list[Metric]:
    """Return the metrics of the part about changes."""
    kinds = {**_FIRST, **_SAME, **_ONE}
    if label == SMALLEST:
        kinds |= {name: what for name, (what, _) in _PROGRAM.items()}
    found = [one for name, what in kinds.items() for one in timed(name, what, label)]
    for name, what in {**_ONE, "unchanged": _SAME["unchanged"]}.items():
        text = f"{what}: files of the site written, made or removed, by inode and time of change, most"
        formula = f"max({name}_files_{label})"
        found.append(Metric(f"{name}_touched_{label}", formula, "files", "counted", text))
    text = "an edit of a record, until the page that is served shows it: seconds, median, least and most"
    formulas = [f"{function}(edits_{label})" for function in ("median", "min", "max")]
    found.append(Metric(f"edit_shown_seconds_{label}", formulas[0], "s", "measured", text, *formulas[1:]))
    return found + _speed_bounds.metrics(_speed_bounds.of_changes(label))


def measure_changes(run: Run, label: str) -> None:
    """Fill our cache, then build again: unchanged, after a correction, after a change of the program."""
    begin(run, label)
    _speed_bounds.keep(run, _speed_bounds.of_changes(label))
    first = step(run, label, "first with our cache", "fill")
    same, changed = [], []
    for number in repetitions(run, label):
        same.append(step(run, label, f"nothing changed {number}", "unchanged"))
        changed.append(step(run, label, f"one record changed {number}", "one_changed"))
    timings = {
        "first_check": [first["check"]],
        "first_build": [first["build"]],
        "check_again": [one["check"] for one in same],
        "unchanged": [one["build"] for one in same],
        "one_changed": [one["build"] for one in changed],
    }
    for name, what in {**_FIRST, **_SAME, **_ONE}.items():
        keep_timed(run, name, what, label, timings[name])
    for name, found in (("unchanged", same), ("one_changed", changed)):
        counts = [one["touched"] for one in found]
        run.sample(f"{name}_files_{label}", counts, "files", "files of the site touched, by repetition")
    told = "seconds until an edit is on its page, by edit, one record each"
    run.sample(f"edits_{label}", step(run, label, "edits", "edits"), "s", told)
    if label == SMALLEST:
        _measure_program(run, label)


def _measure_program(run: Run, label: str) -> None:
    """Change a file of the program and build, each in turn; all is made again, so a small size shows it."""
    # To see that it works, one is enough.
    changed = {name: one for name, one in _PROGRAM.items() if name == "template" or not is_smoke(run)}
    found: dict[str, list[Any]] = {name: [] for name in changed}
    for number in repetitions(run, label):
        for name, (_, file) in changed.items():
            found[name].append(step(run, label, f"{name} changed {number}", "program_changed", file))
    for name, (what, _) in changed.items():
        keep_timed(run, name, what, label, found[name])


# -- Growth -------------------------------------------------------------------------------------------------


def growth_metrics() -> list[Metric]:
    """Return how much longer a record takes among ten times as many."""
    found = [
        Metric(f"{name}_growth", f"{name}_ms_100k / {name}_ms_10k", "x", "measured",
               f"{what}: time of a record at 100,000 over that at 10,000")
        for name, what in _COLD.items()
    ]  # fmt: skip
    return found + _speed_bounds.metrics(_speed_bounds.GROWTH)


def add_parts(
    experiment: Experiment,
    label: str,
    *,
    size: dict[str, int],
    slim: dict[str, int] | None = None,
    changes: dict[str, int] | None = None,
) -> None:
    """Add the parts of a size, each with how many seconds it takes, by preset."""
    what = f"check and full build without our cache, and what the site weighs, {label} records"
    declare = experiment.part(f"size-{label}", what, size, size_metrics(label))
    declare(lambda run: measure_size(run, label))
    if slim is not None:
        what = f"full build of a slim site without our cache, and what it weighs, {label} records"
        declare = experiment.part(f"slim-{label}", what, slim, slim_metrics(label))
        declare(lambda run: measure_slim(run, label))
    if changes is None:
        return
    what = f"builds where nothing, one record, a template or an audit changed, {label} records"
    declare = experiment.part(f"incremental-{label}", what, changes, change_metrics(label))
    declare(lambda run: measure_changes(run, label))


def add_growth(experiment: Experiment, seconds: dict[str, int]) -> None:
    """Add the part that compares the sizes of the parts before it."""
    what = "time of a record among 100,000 over that among 10,000, from the parts of these sizes"
    declare = experiment.part("growth", what, seconds, growth_metrics())
    declare(lambda run: _speed_bounds.keep(run, _speed_bounds.GROWTH))
