"""Steps that are timed and repeated: how they run, and the samples and metrics that they give."""

from collections.abc import Iterable, Mapping
from typing import Any

import _speed_bench
import _speed_programs
from _speed_bounds import LARGEST, SIZES
from harness import Metric, Run

_QUANTITIES = {
    "seconds": ("s", "seconds by the clock"),
    "cpu": ("s", "seconds of processor time, all processes"),
    "memory": ("MB", "most memory of all processes together"),
}


# Records of every size in the preset that only shows that everything works.
SMOKE = 30


def is_smoke(run: Run) -> bool:
    """Whether a run only shows that everything works."""
    return run.preset == "smoke"


def records_of(run: Run, label: str) -> int:
    """Return how many records a size has in a run."""
    return SMOKE if is_smoke(run) else SIZES[label]


def repetitions(run: Run, label: str) -> range:
    """Return the numbers of the repetitions at a size; at the largest one alone takes half an hour."""
    count = 1 if is_smoke(run) or label == LARGEST else 3
    return range(1, 1 + count)


def step(run: Run, label: str, name: str, method: str, *arguments: Any) -> Any:
    """Return what a method of the bench of a size gives; the bench is made when the step really runs."""

    def work() -> Any:
        return getattr(_speed_bench.at(records_of(run, label)), method)(*arguments)

    return run.step(f"{label}: {name}", work)


def timed(name: str, what: str, label: str) -> list[Metric]:
    """Return the metrics of a step that was repeated: medians, with the smallest and the largest."""
    found = []
    for quantity, (unit, of) in _QUANTITIES.items():
        each = f"{name}_{quantity}_{label}_each"
        by = " / 1000000" if quantity == "memory" else ""
        formulas = [f"{function}({each}){by}" for function in ("median", "min", "max")]
        text = f"{what}: {of}, median, least and most"
        found.append(Metric(f"{name}_{quantity}_{label}", formulas[0], unit, "measured", text, *formulas[1:]))
    formula = f"1000 * {name}_seconds_{label} / records_{label}"
    text = f"{what}: milliseconds for each record of the registry"
    return [*found, Metric(f"{name}_ms_{label}", formula, "ms", "measured", text)]


def keep_timed(run: Run, name: str, what: str, label: str, found: Iterable[Mapping[str, Any]]) -> None:
    """Keep every repetition of a step, and note where its files lay."""
    repeated = list(found)
    for place in sorted({one["place"] for one in repeated}):
        count = f"{records_of(run, label):,} records"
        run.note(f"{count}: the registry and everything that was built lay in {place}.")
    for quantity, (unit, of) in _QUANTITIES.items():
        values = [one[quantity] for one in repeated]
        told = f"{what}: {of}, by repetition"
        run.sample(f"{name}_{quantity}_{label}_each", values, "bytes" if quantity == "memory" else unit, told)


def begin(run: Run, label: str) -> int:
    """Keep how many records a size has and which program is measured, and return how many."""
    count = records_of(run, label)
    run.parameter(f"records_{label}", count, "records", f"records of the size {label}")
    version, digest = _speed_programs.version("colophon-registry"), _speed_programs.digest()
    run.note(f"Measured was colophon {version}, its sources with the digest {digest}.")
    return count
