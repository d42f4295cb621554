"""What pages draw of the speed of a registry."""

from collections.abc import Iterable, Mapping

from _speed_bounds import GROWTH, LARGEST, SIZES, Bound, of_changes, of_peers, of_search, of_size, of_slim
from harness import Experiment

_PEERS = {
    "full build": "build",
    "our pages alone": "pages",
    "Hugo": "hugo",
    "plain mkdocs-material": "mkdocs",
}
_OURS = {
    "check": "check",
    "full build": "build",
    "check with our cache": "check_again",
    "build, nothing changed": "unchanged",
    "build, one record changed": "one_changed",
}


def _lines(names: Mapping[str, str], quantity: str) -> dict[str, Mapping[float | str, str]]:
    return {
        text: {count: f"{name}_{quantity}_{label}" for label, count in SIZES.items()}
        for text, name in names.items()
    }


def add_plots(experiment: Experiment) -> None:
    """Declare the plots; a point whose metric a run does not have is not drawn."""
    _add_bounds(experiment)
    log = {"x_scale": "log", "y_scale": "log"}
    experiment.plot("seconds", "Seconds by records", "records", "seconds", _lines(_OURS, "seconds"), **log)
    experiment.plot(
        "per-record", "Milliseconds of a record by records", "records", "milliseconds for each record",
        _lines({"check": "check", **_PEERS}, "ms"), **log,
    )  # fmt: skip
    experiment.plot(
        "peers", "The same 5,000 records by each program", "program", "seconds",
        {"seconds": {text: f"{name}_seconds_5k" for text, name in _PEERS.items()}}, kind="bars",
    )  # fmt: skip
    experiment.plot(
        "memory", "Memory of all processes together by records", "records", "MB",
        _lines({"check": "check", **_PEERS}, "memory"), x_scale="log", level=(1000, "bound of a full build"),
    )  # fmt: skip
    sizes = {"whole site": _lines({"": "site"}, "mb")[""], "slim site": _lines({"": "slim"}, "mb")[""],
             "Pagefind": _lines({"": "pagefind"}, "mb")[""],
             "our search index": _lines({"": "search"}, "mb")[""]}  # fmt: skip
    experiment.plot("weight", "Weight by records", "records", "MB", sizes, **log)


def _add_bounds(experiment: Experiment) -> None:
    """Draw how much of each bound is used: at the largest size, and beside the peers."""
    largest = [*of_size(LARGEST), *of_slim(LARGEST), *of_changes(LARGEST), *GROWTH, *of_search(LARGEST)]
    peers = [bound for label in SIZES for bound in of_peers(label)]
    for name, where, bounds in (("bounds", "100,000 records", largest), ("bounds-peers", "peers", peers)):
        experiment.plot(
            name, f"How much of each bound is used, {where}: 1 and less meets it", "bound",
            "measured over bound", {"share of the bound": _used(bounds)}, kind="bars",
        )  # fmt: skip


def _used(bounds: Iterable[Bound]) -> dict[float | str, str]:
    found: dict[float | str, str] = {}
    for one in bounds:
        if one.used is not None:
            size = one.metric.rpartition("_")[2]
            found[f"{one.what}, {size} records" if size in SIZES else one.what] = one.used.name
    return found
