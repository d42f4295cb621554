"""Verdicts: what stored runs say about a claim that is bound to one of their metrics.

Pure: binding and runs in, verdict and reason out.  Only a binding of grade ``direct`` can verify or falsify.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from colophon import formulas, run_metrics
from colophon.contracts.reproduction_binding import Binding, Expected, Tolerance
from colophon.contracts.run_record import Metric, RunRecord
from colophon.language import figures

VERIFIED, FALSIFIED, UNVERIFIED = "VERIFIED", "FALSIFIED", "UNVERIFIED"
# How the metric of one run lies to what is claimed.
AGREES, DIFFERS, OPEN = "agrees", "differs", "open"
_BY_OUTCOME = {AGREES: VERIFIED, DIFFERS: FALSIFIED, OPEN: UNVERIFIED}
_IN_KIND = {AGREES: "supports in kind", DIFFERS: "contradicts in kind", OPEN: "leaves it open"}
_RELATIONS = {
    "equals": "",
    "at_least": "at least ",
    "at_most": "at most ",
    "above": "more than ",
    "below": "less than ",
}
SECOND_MACHINE = "second-machine"
# Numbers that formulas need whatever is claimed.
_USUAL = frozenset({0, 1, 2, 4, 100, 0.5})
# Characters of a unit that stand behind a number.
_UNIT = 40


@dataclass(frozen=True, slots=True)
class Run:
    """A stored run as a verdict names it."""

    path: str
    sha256: str
    record: RunRecord


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is concluded about one binding.

    ``path`` is that of the binding; ``run`` is None when no stored run has the metric.  ``outcome`` is how
    the metric lies to the claim, also where the grade keeps that from deciding.  ``faults`` are (rule, JSON
    pointer of the binding, message) of what takes a binding its force; ``disagreeing`` are other runs that
    count and have another outcome, ``others`` the number of those that say the same or ran earlier code.
    ``is_vouched`` says that a maintainer of the registry reports the run.
    """

    binding: Binding
    path: str
    verdict: str
    run_class: str | None
    run: Run | None
    metric: Metric | None
    outcome: str | None
    reason: str
    faults: tuple[tuple[str, str, str], ...] = ()
    disagreeing: tuple[Run, ...] = ()
    others: int = 0
    is_vouched: bool = False

    @property
    def name(self) -> str:
        """The metric's name, or empty."""
        return (self.binding.metric or "").rpartition("/")[2]

    @property
    def is_decided(self) -> bool:
        """Whether the claim is verified or falsified."""
        return self.verdict != UNVERIFIED


def verdict(binding: Binding, path: str, runs: Sequence[Run], maintainers: Collection[str] = ()) -> Verdict:
    """Return what the runs of its experiment, the earliest first, say about the binding at a path.

    Of each operator the runs of the newest code that has the metric count: whoever mends a script replaces
    what it said before, and nobody replaces what another reported.  ``maintainers`` may run as a second one.
    """
    if binding.grade == "cannot_test" or binding.expected is None or binding.tolerance is None:
        return _without_run(binding, path, f"cannot be tested here: {binding.why}")
    name = (binding.metric or "").rpartition("/")[2]
    having = [run for run in runs if name in run.record.metrics and run.record.preset != "smoke"]
    if not having:
        return _without_run(binding, path, "no stored run has this metric yet")
    same = _counting(having)
    newest = same[-1]
    metric = newest.record.metrics[name]
    outcomes = {run.path: _outcome(binding, run.record.metrics[name]) for run in same}
    outcome = outcomes[newest.path]
    disagreeing = tuple(run for run in same if outcomes[run.path] != outcome)
    faults = tuple(_faults(binding, newest.record, name))
    run_class = _run_class(newest, same, outcomes, name, maintainers)
    decided = (
        _BY_OUTCOME[outcome] if binding.grade == "direct" and not faults and not disagreeing else UNVERIFIED
    )
    reason = _reason(binding, newest, name, outcome, faults, disagreeing)
    return Verdict(
        binding, path, decided, run_class, newest, metric, outcome, reason, faults, disagreeing,
        len(having) - 1 - len(disagreeing), newest.record.operator in maintainers,
    )  # fmt: skip


def _counting(runs: Sequence[Run]) -> list[Run]:
    """Return the runs of each operator's newest code, the earliest first."""
    newest = {run.record.operator: run.record.code for run in runs}
    return [run for run in runs if run.record.code == newest[run.record.operator]]


def _without_run(binding: Binding, path: str, reason: str) -> Verdict:
    return Verdict(binding, path, UNVERIFIED, None, None, None, None, reason)


def _outcome(binding: Binding, metric: Metric) -> str:
    """Return how a metric lies to what is claimed.

    A number agrees when the metric is within the tolerance and differs when its whole interval is outside; an
    order agrees when the whole interval fulfils it and differs when none of it does.
    """
    expected, tolerance = binding.expected, binding.tolerance
    assert expected is not None and tolerance is not None  # noqa: S101  the caller looked
    size = _size(expected, tolerance)
    low = metric.value if metric.low is None else min(metric.low, metric.value)
    high = metric.value if metric.high is None else max(metric.high, metric.value)
    # Sums in binary: a tolerance of 0.05 reaches from 12.75 to 12.85 whatever their last digits say.
    size += 1e-9 * max(abs(expected.value), size)
    if expected.relation == "equals":
        if abs(metric.value - expected.value) <= size:
            return AGREES
        is_outside = low > expected.value + size or high < expected.value - size
        return DIFFERS if is_outside else OPEN
    inside = [_holds(expected.relation, end, expected.value, size) for end in (low, high)]
    return AGREES if all(inside) else OPEN if any(inside) else DIFFERS


def _size(expected: Expected, tolerance: Tolerance) -> float:
    """Return a tolerance in the unit of the expected number."""
    return tolerance.value * abs(expected.value) if tolerance.kind == "relative" else tolerance.value


def _holds(relation: str, value: float, expected: float, size: float) -> bool:
    if relation == "at_least":
        return value >= expected - size
    if relation == "at_most":
        return value <= expected + size
    return value > expected - size if relation == "above" else value < expected + size


def _faults(binding: Binding, record: RunRecord, name: str) -> list[tuple[str, str, str]]:
    """Return what takes a binding its force, or is wrong with the class of its metric."""
    metric, inputs = record.metrics[name], run_metrics.inputs(record, name)
    expected, found = binding.expected, []
    assert expected is not None  # noqa: S101  the caller looked
    for one in inputs.published:
        number = record.published[one]
        is_same_claim = number.owner == binding.claim
        if is_same_claim and (number.value == expected.value or number.text == expected.text):
            message = f"{name} follows from {one}, which is the expected {expected.text} itself"
            found.append(("E111", "/expected", message))
    for one in inputs.parameters:
        if record.parameters[one].value == expected.value and not float(expected.value).is_integer():
            message = f"{name} follows from the parameter {one}, which is the expected {expected.text}"
            found.append(("E111", "/expected", message))
    written = frozenset().union(*(_constants(record.metrics[one]) for one in (*inputs.metrics, name)))
    if abs(expected.value) in written - _USUAL:
        found.append(("E111", "/expected", f"a formula of {name} holds the expected {expected.text} itself"))
    unjustified = _unjustified(binding, metric)
    if unjustified is not None:
        found.append(("E113", "/tolerance", unjustified))
    return found


def _constants(metric: Metric) -> frozenset[float | int]:
    given = (metric.formula, metric.low_formula, metric.high_formula)
    return frozenset().union(*(formulas.constants_in(one) for one in given if one is not None))


def overstated(record: RunRecord) -> dict[str, str]:
    """Return by metric in words why its kind says more than what it follows from."""
    origins = run_metrics.origins(record)
    found = {name: _overstated(record, name, origins[name]) for name in record.metrics}
    return {name: message for name, message in found.items() if message is not None}


def _overstated(record: RunRecord, name: str, origins: Collection[str]) -> str | None:
    kind = record.metrics[name].kind
    if kind == "measured" and "samples" not in origins:
        return f"{name} is called measured and follows from no sample"
    if kind == "counted" and not {"samples", "parameters"} & set(origins):
        return f"{name} is called counted and follows from published numbers alone"
    if kind == "measured" and record.settings.device == "cuda" and record.machine.gpu is None:
        return f"{name} was measured on cuda, and the run names no GPU"
    return None


def _unjustified(binding: Binding, metric: Metric) -> str | None:
    """Return in words why a tolerance is wider than its basis, or None."""
    expected, tolerance = binding.expected, binding.tolerance
    assert expected is not None and tolerance is not None  # noqa: S101  the caller looked
    size = _size(expected, tolerance)
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


def _run_class(
    newest: Run, same: Sequence[Run], outcomes: dict[str, str], name: str, maintainers: Collection[str]
) -> str:
    """Return what was re-run; a class that the numbers do not carry falls back to arithmetic."""
    record = newest.record
    kind = record.metrics[name].kind
    inputs = run_metrics.inputs(record, name)
    origins = [table for table in ("parameters", "published", "samples") if getattr(inputs, table)]
    if _overstated(record, name, origins) is not None:
        return "arithmetic"
    if kind != "measured":
        return kind
    agreeing = [run for run in same if outcomes[run.path] == outcomes[newest.path]]
    counting = [run for run in agreeing if run.record.operator in maintainers]
    if len({run.record.machine.name for run in counting}) > 1:
        return SECOND_MACHINE
    return "gpu" if record.settings.device == "cuda" else "cpu"


def _reason(
    binding: Binding,
    run: Run,
    name: str,
    outcome: str,
    faults: Sequence[tuple[str, str, str]],
    disagreeing: Sequence[Run],
) -> str:
    """Return the verdict's reason in a sentence or two."""
    metric, expected = run.record.metrics[name], binding.expected
    assert expected is not None  # noqa: S101  the caller looked
    lies = {AGREES: "agrees with", DIFFERS: "differs from", OPEN: "neither agrees with nor rules out"}
    said = f"{printed(metric)} {lies[outcome]} the claimed {_claimed(expected)}"
    if faults:
        return f"{said}, but {faults[0][2]}"
    if disagreeing:
        count = len(disagreeing)
        others = "1 other run says" if count == 1 else f"{count} other runs say"
        return f"{said}, and {others} otherwise"
    if binding.grade != "direct":
        return f"{said}: {_IN_KIND[outcome]}; {binding.why}"
    if run_metrics.inputs(run.record, name).samples:
        return f"{said}; reported by {run.record.operator}"
    return said


def _claimed(expected: Expected) -> str:
    """Return what is claimed; words without a number say themselves how things lie."""
    if not figures.has_digits(expected.text):
        return f'"{expected.text}"'
    return f"{_RELATIONS[expected.relation]}{expected.text}"


def printed(metric: Metric) -> str:
    """Return a metric with its interval and unit, rounded to four digits."""
    name = (metric.unit or "")[:_UNIT]
    unit = name if name in ("", "x", "%") else f" {name}"
    text = f"{rounded(metric.value)}{unit}"
    if metric.low is None or metric.high is None:
        return text
    return f"{text} ({rounded(metric.low)} to {rounded(metric.high)})"


def rounded(value: float) -> str:
    """Return a number with four significant digits, in full where it is a whole number below a million."""
    if float(value).is_integer() and abs(value) < 1_000_000:
        return str(int(value))
    if not 1e-4 <= abs(value) < 1e9:
        return f"{value:.3e}"
    places = max(0, 3 - math.floor(math.log10(abs(value))))
    return f"{value:,.{places}f}".rstrip("0").rstrip(".") if places else f"{value:,.0f}"
