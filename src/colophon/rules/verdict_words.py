"""How verdicts speak of metrics and of what is claimed."""

import math

from colophon.contracts.reproduction_binding import Binding, Expected
from colophon.contracts.run_record import Metric
from colophon.language import figures
from colophon.rules.verdict_faults import size_of

_RELATIONS = {
    "equals": "",
    "at_least": "at least ",
    "at_most": "at most ",
    "above": "more than ",
    "below": "less than ",
}
_IN_KIND = {"agrees": "supported in kind", "differs": "contradicted in kind", "open": "left open in kind"}
# Characters of a unit that stand behind a number.
_UNIT = 40


def claimed(expected: Expected) -> str:
    """Return what is claimed; words without a number say themselves how things lie."""
    if not figures.has_digits(expected.text):
        return f'"{expected.text}"'
    return f"{relation(expected)}{expected.text}"


def relation(expected: Expected) -> str:
    """Return what stands before the number that a claim prints, such as ``at least``, with a space."""
    is_bare = figures.has_digits(expected.text) and not expected.text[:1].isalpha()
    return _RELATIONS[expected.relation] if is_bare else ""


def label(verdict: str, grade: str, outcome: str | None, *, is_withheld: bool) -> str:
    """Return the word of a verdict; where nothing is decided, how far it came."""
    if verdict != "UNVERIFIED":
        return verdict.lower()
    if grade == "cannot_test":
        return "cannot be tested"
    if outcome is None:
        return "not run yet"
    return _IN_KIND[outcome] if grade == "in_kind" and not is_withheld else "unverified"


def compared(binding: Binding, metric: Metric) -> str:
    """Return the comparison that gives the outcome, with its numbers; empty where nothing is claimed."""
    expected, tolerance = binding.expected, binding.tolerance
    if expected is None or tolerance is None:
        return ""
    size = size_of(expected, tolerance)
    if expected.relation == "equals":
        return _distance(metric, expected.value, size)
    is_lower = expected.relation in ("at_least", "above")
    allowed = f"{_RELATIONS[expected.relation]}{rounded(expected.value + (-size if is_lower else size))}"
    if size:
        allowed += f", which is {rounded(expected.value)} {'less' if is_lower else 'and'} {rounded(size)}"
    if metric.low is None or metric.high is None:
        return f"{rounded(metric.value)} should be {allowed}"
    return f"all of {rounded(metric.low)} to {rounded(metric.high)} should be {allowed}"


def _distance(metric: Metric, expected: float, size: float) -> str:
    """Return how far a metric lies from a number, and its interval where the metric itself lies too far."""
    apart = abs(metric.value - expected)
    # What is left of a difference in binary is no difference.
    apart = 0 if apart <= 1e-9 * abs(expected) else apart
    text = f"{rounded(apart)} from {rounded(expected)}, where up to {rounded(size)} counts as equal"
    if apart <= size or metric.low is None or metric.high is None:
        return text
    gap = max(metric.low - expected, expected - metric.high, 0)
    rest = "so it is ruled out" if gap > size else "so it is not ruled out"
    interval = f"{rounded(metric.low)} to {rounded(metric.high)}"
    return f"{text}; the interval {interval} comes to {rounded(gap)}, {rest}"


def printed(metric: Metric) -> str:
    """Return a metric with its interval and unit, rounded to four digits."""
    name = (metric.unit or "")[:_UNIT]
    unit = name if name in ("", "x", "%") else f" {name}"
    text = f"{rounded(metric.value)}{unit}"
    if metric.low is None or metric.high is None:
        return text
    return f"{text} ({rounded(metric.low)} to {rounded(metric.high)})"


def rounded(value: float) -> str:
    """Return a number with four significant digits, in full where it is a whole number below a million.

    From a billion on it is counted in powers of a thousand, as texts do: 16.38e9.
    """
    if float(value).is_integer() and abs(value) < 1_000_000:
        return str(int(value))
    if abs(value) >= 1e9:
        power = int(f"{value:.3e}".rpartition("e")[2]) // 3 * 3
        return f"{rounded(value / 10.0**power)}e{power}"
    if abs(value) < 1e-4:
        return f"{value:.3e}"
    places = max(0, 3 - math.floor(math.log10(abs(value))))
    return f"{value:,.{places}f}".rstrip("0").rstrip(".") if places else f"{value:,.0f}"
