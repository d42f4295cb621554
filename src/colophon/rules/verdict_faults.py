"""What takes a binding its force, and a metric the class that it names: numbers that prove nothing."""

from collections.abc import Collection, Iterator

from colophon import formulas, layout, run_metrics
from colophon.contracts.reproduction_binding import Binding, Expected, Tolerance
from colophon.contracts.run_record import ClaimOwner, Metric, RunRecord
from colophon.language import figures
from colophon.language.units import UNITS

# Numbers that formulas need whatever is claimed.
_USUAL = frozenset({0, 1, 2, 4, 100, 0.5})
# What has no dimension is written in several ways; a difference of percentages has points.
_SAME = {"points": "percent", "x": "times", "ratio": "times", "share": "times"}


def faults(binding: Binding, record: RunRecord, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield (rule, JSON pointer of the binding, message) of what takes it its force."""
    metric, expected = record.metrics[name], binding.expected
    assert expected is not None  # noqa: S101  the caller looked
    for message in _compared_with_itself(binding, record, name):
        yield "E111", "/expected", message
    unjustified = _unjustified(binding, metric)
    if unjustified is not None:
        yield "E113", "/tolerance", unjustified
    if "%" in expected.text and _dimension(expected.unit)[0] != "percent":
        message = f"unit is {expected.unit or 'none'}, and the claim prints {expected.text}: a percentage"
        yield "E114", "/expected/unit", message
    elif expected.value != 0 and _dimension(expected.unit) != _dimension(metric.unit):
        message = f"unit is {expected.unit or 'none'}, {name} counts in {metric.unit or 'no unit'}"
        yield "E114", "/expected/unit", message


def _compared_with_itself(binding: Binding, record: RunRecord, name: str) -> Iterator[str]:
    inputs, expected = run_metrics.inputs(record, name), binding.expected
    assert expected is not None  # noqa: S101  the caller looked
    for one in inputs.published:
        number = record.published[one]
        is_expected = number.value == expected.value or number.text == expected.text
        if is_expected and _is_same(number.owner, binding.claim):
            yield f"{name} follows from {one}, which is the expected {expected.text} itself"
    for one in inputs.parameters:
        if record.parameters[one].value == expected.value and not float(expected.value).is_integer():
            yield f"{name} follows from the parameter {one}, which is the expected {expected.text}"
    written = frozenset().union(*(_constants(record.metrics[one]) for one in (*inputs.metrics, name)))
    if abs(expected.value) in written - _USUAL:
        yield f"a formula of {name} holds the expected {expected.text} itself"


def _is_same(one: ClaimOwner, other: ClaimOwner) -> bool:
    """Whether two claims are one, whichever version of a work each names."""
    names = [layout.without_version(claim.kind, claim.identifier) for claim in (one, other)]
    return names[0] == names[1] and (one.kind, one.claim) == (other.kind, other.claim)


def _constants(metric: Metric) -> frozenset[float | int]:
    return frozenset().union(*map(formulas.constants_in, run_metrics.formulas_of(metric)))


def _dimension(unit: str | None) -> tuple[str, object]:
    """Return what a unit measures and how many of the base it is; no unit counts as a ratio's."""
    name = (unit or "x").strip()
    known = UNITS.get(name)
    kind, factor = (name, 1) if known is None else (known.kind, known.factor)
    return _SAME.get(kind, kind), factor


def overstated(record: RunRecord) -> dict[str, str]:
    """Return by metric in words why its kind says more than what it follows from."""
    origins = run_metrics.origins(record)
    found = {name: overstatement(record, name, origins[name]) for name in record.metrics}
    return {name: message for name, message in found.items() if message is not None}


def overstatement(record: RunRecord, name: str, origins: Collection[str]) -> str | None:
    """Return in words why the kind of one metric says more than the tables that it follows from, or None."""
    kind = record.metrics[name].kind
    if kind in ("measured", "cached") and "samples" not in origins:
        return f"{name} is called {kind} and follows from no sample"
    if kind == "counted" and not {"samples", "parameters"} & set(origins):
        return f"{name} is called counted and follows from published numbers alone"
    if kind == "measured" and record.settings.device == "cuda" and record.machine.gpu is None:
        return f"{name} was measured on cuda, and the run names no GPU"
    return None


def size_of(expected: Expected, tolerance: Tolerance) -> float:
    """Return a tolerance in the unit of the expected number."""
    return tolerance.value * abs(expected.value) if tolerance.kind == "relative" else tolerance.value


def _unjustified(binding: Binding, metric: Metric) -> str | None:
    """Return in words why a tolerance is wider than its basis, or None."""
    expected, tolerance = binding.expected, binding.tolerance
    assert expected is not None and tolerance is not None  # noqa: S101  the caller looked
    size = size_of(expected, tolerance)
    if tolerance.basis == "exact":
        return None if size == 0 else f"tolerance is {size:g}, an exact count has none"
    if tolerance.basis == "printed_precision":
        most = figures.half_place(expected.text, expected.value)
        if most is None:
            return f"{expected.text} prints no number whose last place would carry a tolerance"
        return _wider(size, most, f"half of the last printed place of {expected.text}")
    if metric.low is None or metric.high is None:
        return "the metric has no interval that would show how far samples lie apart"
    most = max(metric.high - metric.value, metric.value - metric.low)
    return _wider(size, most, "the distance from the metric to the far end of its interval")


def _wider(size: float, most: float, what: str) -> str | None:
    return None if size <= most * (1 + 1e-9) else f"tolerance is {size:g}, {what} is {most:g}"
