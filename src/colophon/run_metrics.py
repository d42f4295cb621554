"""The metrics of a run, computed again: what each follows from, and whether it is what its formula gives."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from colophon import formulas
from colophon.contracts.run_record import Metric, RunRecord
from colophon.formulas import FormulaError, Value

# Sums in another order differ in their last digits.
_RELATIVE = 1e-9
# Values that all formulas of a run may go through together, and characters that they may have.
_MOST_WORK = 20_000_000
_LONGEST = 600_000


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a metric follows from, by name, through all metrics in between; each in order."""

    parameters: tuple[str, ...]
    published: tuple[str, ...]
    samples: tuple[str, ...]
    metrics: tuple[str, ...]


def inputs(record: RunRecord, name: str) -> Inputs:
    """Return what a metric follows from.  The record's metrics follow from no circle."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        metric = record.metrics.get(waiting.pop())
        if metric is not None:
            new = _used(metric) - found
            found |= new
            waiting.extend(new)
    return Inputs(
        tuple(sorted(one for one in found if one in record.parameters)),
        tuple(sorted(one for one in found if one in record.published)),
        tuple(sorted(one for one in found if one in record.samples)),
        tuple(sorted(one for one in found if one in record.metrics)),
    )


def origins(record: RunRecord) -> dict[str, frozenset[str]]:
    """Return for every metric the tables that it follows from: parameters, published, samples."""
    found: dict[str, frozenset[str]] = {}
    for table in ("parameters", "published", "samples"):
        found |= dict.fromkeys(getattr(record, table), frozenset({table}))
    graph = {name: _used(metric) for name, metric in record.metrics.items()}
    nothing: frozenset[str] = frozenset()
    for name in TopologicalSorter(graph).static_order():
        if name in graph:
            found[name] = nothing.union(*(found.get(used, nothing) for used in graph[name]))
    return {name: found[name] for name in record.metrics}


def in_order(record: RunRecord, names: Iterable[str]) -> list[str]:
    """Return metrics so that each stands behind those that it follows from, otherwise by name."""
    wanted = sorted(set(names))
    graph = {name: sorted(_used(record.metrics[name]) & set(wanted)) for name in wanted}
    return list(TopologicalSorter(graph).static_order())


def formulas_of(metric: Metric) -> Iterator[str]:
    """Yield the formulas that a metric has: its own, and those of the ends of its interval."""
    yield from (one for one in (metric.formula, metric.low_formula, metric.high_formula) if one is not None)


def _used(metric: Metric) -> frozenset[str]:
    """Return the names that a metric's formulas use."""
    return frozenset().union(*(formulas.names_in(one) for one in formulas_of(metric)))


def differing(record: RunRecord) -> Iterator[tuple[str, str]]:
    """Yield pointer and message of every metric that is not what its formula gives."""
    yield from _doubled(record)
    length = sum(len(formula) for metric in record.metrics.values() for formula in formulas_of(metric))
    if length > _LONGEST:
        yield "/metrics", f"the formulas have {length:,} characters, at most {_LONGEST:,} are read"
        return
    unreadable = dict(_unreadable(record))
    for name, message in unreadable.items():
        yield f"/metrics/{name}/formula", f"the formula of {name} gives no number: {message}"
    if unreadable:
        return
    if (flaw := _circle(record) or _too_much(record)) is not None:
        yield flaw
        return
    names = _names(record)
    for name, metric in record.metrics.items():
        yield from _compared(name, metric, names)


def _compared(name: str, metric: Metric, names: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    pointer = f"/metrics/{name}"
    try:
        values = _recomputed(metric, names)
    except FormulaError as error:
        yield f"{pointer}/formula", f"the formula of {name} gives no number: {error}"
        return
    stored = (metric.value, metric.low, metric.high)
    for part, was, now in zip(("value", "low", "high"), stored, values, strict=True):
        if not _agree(was, now):
            yield f"{pointer}/{part}", f"{part} of {name} is {was}, its formula gives {now}"
    low, high = metric.low, metric.high
    if (low is None) != (high is None):
        yield pointer, f"the interval of {name} has one end, expected two or none"
    elif low is not None and high is not None and not _between(metric.value, low, high):
        yield pointer, f"{name} is {metric.value}, outside of its own interval, {low} to {high}"


def _unreadable(record: RunRecord) -> Iterator[tuple[str, str]]:
    for name, metric in record.metrics.items():
        try:
            _used(metric)
        except FormulaError as error:
            yield name, str(error)


def _circle(record: RunRecord) -> tuple[str, str] | None:
    """Return the flaw of metrics that follow from themselves: whatever was written agrees with it."""
    graph = {name: _used(metric) & record.metrics.keys() for name, metric in record.metrics.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        name = str(error.args[1][0])
        return f"/metrics/{name}/formula", f"{name} follows from itself"
    return None


def _too_much(record: RunRecord) -> tuple[str, str] | None:
    """Return the flaw of formulas that go through their samples more often than any run has a use for."""
    work = 0
    for name, metric in record.metrics.items():
        for formula in formulas_of(metric):
            for used in formulas.uses_of(formula):
                samples = record.samples.get(used)
                work += 1 if samples is None else len(samples.values)
        if work > _MOST_WORK:
            return f"/metrics/{name}/formula", f"the formulas go through more than {_MOST_WORK:,} values"
    return None


def _agree(was: float | None, now: float | None) -> bool:
    if was is None or now is None:
        return was is now
    return abs(was - now) <= _RELATIVE * max(abs(was), abs(now))


def _between(value: float, low: float, high: float) -> bool:
    """Whether a value lies in an interval, whose ends may be off by the last digits of a sum."""
    return (low <= value or _agree(low, value)) and (value <= high or _agree(high, value))


def _doubled(record: RunRecord) -> Iterator[tuple[str, str]]:
    """Yield the names that two tables share, or a table and a function: a formula could mean either."""
    seen: dict[str, str] = dict.fromkeys(formulas.FUNCTION_NAMES, "the functions of formulas")
    tables = ("parameters", "published", "samples", "metrics")
    for table in tables:
        for name in getattr(record, table):
            if name in seen:
                yield f"/{table}/{name}", f"{name} stands in {seen[name]} too"
            seen[name] = table


def _names(record: RunRecord) -> Mapping[str, Value]:
    names: dict[str, Value] = {name: one.values for name, one in record.samples.items()}
    names |= {name: one.value for name, one in record.parameters.items()}
    names |= {name: one.value for name, one in record.published.items()}
    return names | {name: one.value for name, one in record.metrics.items()}


def _recomputed(
    metric: Metric, names: Mapping[str, Value]
) -> tuple[float | int, float | int | None, float | int | None]:
    """Return value, low and high by their formulas.  Raises FormulaError when one gives no number."""
    ends = (metric.low_formula, metric.high_formula)
    low, high = (None if one is None else formulas.evaluate(one, names) for one in ends)
    return formulas.evaluate(metric.formula, names), low, high
