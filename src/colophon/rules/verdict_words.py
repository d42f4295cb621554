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
# Characters of a unit that stand behind a number.
_UNIT = 40


def claimed(expected: Expected) -> str:
    """Return what is claimed; words without a number say themselves how things lie."""
    if not figures.has_digits(expected.text):
        return f'"{expected.text}"'
    return f"{relation(expected)}{expected.text}"


def relation(expected: Expected) -> str:
    """Return what stands before the number that a claim prints, such as ``at least``, with a space."""
    return _RELATIONS[expected.relation] if figures.has_digits(expected.text) else ""


def compared(binding: Binding, metric: Metric) -> str:
    """Return the comparison that gives the outcome, with its numbers; empty where nothing is claimed."""
    expected, tolerance = binding.expected, binding.tolerance
    if expected is None or tolerance is None:
        return ""
    size = size_of(expected, tolerance)
    if expected.relation == "equals":
        apart = rounded(abs(metric.value - expected.value))
        return f"{apart} from {rounded(expected.value)}, where up to {rounded(size)} counts as equal"
    is_lower = expected.relation in ("at_least", "above")
    allowed = f"{_RELATIONS[expected.relation]}{rounded(expected.value + (-size if is_lower else size))}"
    if size:
        allowed += f", which is {rounded(expected.value)} {'less' if is_lower else 'and'} {rounded(size)}"
    if metric.low is None or metric.high is None:
        return f"{rounded(metric.value)} should be {allowed}"
    return f"all of {rounded(metric.low)} to {rounded(metric.high)} should be {allowed}"


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
