"""The metrics of a run, computed again: what each follows from, and whether it is what its formula gives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from colophon import formulas
from colophon.contracts.run_record import Metric, RunRecord
from colophon.formulas import FormulaError, Value

# Sums in another order differ in their last digits.
_RELATIVE = 1e-9


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a metric follows from, by name, through all metrics in between; each in order."""

    parameters: tuple[str, ...]
    published: tuple[str, ...]
    samples: tuple[str, ...]
    metrics: tuple[str, ...]


def recomputed(
    record: RunRecord, metric: Metric
) -> tuple[float | int, float | int | None, float | int | None]:
    """Return value, low and high of a metric by its formulas.

    Raises FormulaError when one gives no number.
    """
    names = _names(record)
    ends = (metric.low_formula, metric.high_formula)
    low, high = (None if one is None else formulas.evaluate(one, names) for one in ends)
    return formulas.evaluate(metric.formula, names), low, high


def inputs(record: RunRecord, name: str) -> Inputs:
    """Return what a metric follows from.

    Raises FormulaError when a formula is none, names what is not there, or follows from itself.
    """
    found: dict[str, None] = {}
    _follow(record, name, found, ())
    return Inputs(
        tuple(sorted(one for one in found if one in record.parameters)),
        tuple(sorted(one for one in found if one in record.published)),
        tuple(sorted(one for one in found if one in record.samples)),
        tuple(sorted(one for one in found if one in record.metrics)),
    )


def differing(record: RunRecord) -> Iterator[tuple[str, str]]:
    """Yield pointer and message of every metric that is not what its formula gives."""
    yield from _doubled(record)
    for name, metric in record.metrics.items():
        pointer = f"/metrics/{name}"
        try:
            inputs(record, name)
            values = recomputed(record, metric)
        except FormulaError as error:
            yield f"{pointer}/formula", f"the formula of {name} gives no number: {error}"
            continue
        stored = (metric.value, metric.low, metric.high)
        for part, was, now in zip(("value", "low", "high"), stored, values, strict=True):
            if not _agree(was, now):
                yield f"{pointer}/{part}", f"{part} of {name} is {was}, its formula gives {now}"


def _agree(was: float | None, now: float | None) -> bool:
    if was is None or now is None:
        return was is now
    return abs(was - now) <= _RELATIVE * max(abs(was), abs(now))


def _doubled(record: RunRecord) -> Iterator[tuple[str, str]]:
    """Yield the names that two tables share: a formula could mean either."""
    seen: dict[str, str] = {}
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


def _follow(record: RunRecord, name: str, found: dict[str, None], above: tuple[str, ...]) -> None:
    """Gather the names that a metric follows from."""
    if name in above:
        raise FormulaError(f"{name} follows from itself")
    metric = record.metrics[name]
    for formula in (metric.formula, metric.low_formula, metric.high_formula):
        for used in formulas.names_in(formula) if formula else ():
            is_known = used in found
            found[used] = None
            if used in record.metrics and not is_known:
                _follow(record, used, found, (*above, name))
            elif used in (*above, name):
                raise FormulaError(f"{used} follows from itself")
