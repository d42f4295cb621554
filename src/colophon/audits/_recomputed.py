"""A number recomputed from two others, with the rounding of all three."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from colophon.language.quantities import Quantity, unit_factor

_HUNDRED = Decimal(100)
_ABOUT = Decimal("0.06")
# How much more than "over two times" may be.
_BEYOND = Decimal("1.5")
_LEAST_ROUND = 1000
_MOST_COMBINED = 12
# What says the same as another number of its size, whatever the unit.
_RATES = frozenset({"percent", "share", "points"})


@dataclass(frozen=True, slots=True)
class Span:
    """All values that a printed number may have been rounded from."""

    low: Decimal
    high: Decimal

    def meets(self, other: "Span") -> bool:
        """Whether one value may be both."""
        return self.low <= other.high and other.low <= self.high

    def apart(self, other: "Span") -> "Span":
        """Return how far two numbers are from each other."""
        low, high = self.low - other.high, self.high - other.low
        if low <= 0 <= high:
            return Span(Decimal(0), max(high, -low))
        return Span(min(abs(low), abs(high)), max(abs(low), abs(high)))

    def over(self, other: "Span") -> "Span | None":
        """Return the ratio of two positive numbers."""
        if self.low <= 0 or other.low <= 0:
            return None
        return Span(self.low / other.high, self.high / other.low)

    def times(self, factor: Decimal) -> "Span":
        """Return the span in another unit."""
        return Span(self.low * factor, self.high * factor)


def span(one: Quantity, factor: Decimal = Decimal(1)) -> Span:
    """Return what a printed operand may stand for; round thousands may be rounded."""
    half = one.half
    if half and one.value >= _LEAST_ROUND and not one.value % _HUNDRED:
        half = max(half, Decimal(5) * Decimal(10) ** (_zeros(one.value) - 1))
    if one.bound == "~":
        half = max(half, abs(one.value) * _ABOUT)
    return Span((one.value - half) * factor, (one.value + half) * factor)


def result(one: Quantity) -> Span:
    """Return what a printed result may stand for: rounded or cut off at its last digit, about or at least."""
    half = one.half or Decimal("0.5")
    value = abs(one.value)
    low, high = value - half, value + half * 2
    if one.bound == "~":
        low, high = low - value * _ABOUT, high + value * _ABOUT
    if one.bound == ">":
        high = max(high, value * _BEYOND)
    return Span(low, high)


def operands(one: Quantity, other: Quantity) -> tuple[Span, Span] | None:
    """Return two operands in one unit, which one of them may leave out; None for unlike ones."""
    if one.kind == other.kind:
        return span(one), span(other)
    kinds = {one.kind, other.kind}
    if "plain" in kinds and not kinds & {"share", "clock", "year", "times", "points"}:
        named = other if one.kind == "plain" else one
        factor = unit_factor(named)
        return (
            span(one, factor if one.kind == "plain" else Decimal(1)),
            span(other, factor if other.kind == "plain" else Decimal(1)),
        )
    return None


def differences(one: Span, other: Span, kind: str) -> Iterator[Span]:
    """Yield the difference, in points too where the operands are shares."""
    yield one.apart(other)
    if kind in ("share", "plain") and max(one.high, other.high) <= Decimal("1.01"):
        yield one.apart(other).times(_HUNDRED)


def ratios(one: Span, other: Span, claimed: Quantity) -> Iterator[Span]:
    """Yield how many times one is the other, and, where it may be meant, how many times more it is."""
    for ratio in (one.over(other), other.over(one)):
        if ratio is not None:
            yield ratio
            if claimed.kind == "times" and claimed.text[0].isdigit():
                yield Span(ratio.low - 1, ratio.high - 1)


def relative(one: Span, other: Span) -> Iterator[Span]:
    """Yield the difference in percent of either, and either in percent of the other."""
    for base, value in ((one, other), (other, one)):
        ratio = value.over(base)
        if ratio is not None:
            # Both ends move together: the ratio less one, and never the difference over a third value.
            less = Span(ratio.low - 1, ratio.high - 1).apart(Span(Decimal(0), Decimal(0)))
            yield less.times(_HUNDRED)
            yield ratio.times(_HUNDRED)


def recomputed(claimed: Quantity, is_ratio: bool, one: Quantity, other: Quantity) -> list[Span]:
    """Return everything that a stated change of two numbers may mean."""
    both = operands(one, other)
    if both is None:
        return []
    kind = one.kind if one.kind != "plain" else other.kind
    if is_ratio:
        return list(ratios(*both, claimed))
    if claimed.kind == "percent":
        found = list(relative(*both))
        return found + list(differences(*both, kind)) if kind in (*_RATES, "plain") else found
    if claimed.kind == "points" and kind not in (*_RATES, "plain"):
        return []
    if claimed.kind not in ("plain", "points", kind):
        return []
    # A difference without a unit is in the unit of its operands.
    factor = unit_factor(one if one.kind != "plain" else other) if claimed.kind == "plain" else Decimal(1)
    return [each.times(1 / factor) for each in differences(*both, kind)]


def is_explained(claimed: Quantity, is_ratio: bool, numbers: Sequence[Quantity]) -> bool:
    """Whether any two of several numbers give the stated change."""
    stated = result(claimed)
    others = [one for one in numbers if one is not claimed][:_MOST_COMBINED]
    return any(
        stated.meets(found)
        for one, other in combinations(others, 2)
        for found in recomputed(claimed, is_ratio, one, other)
    )


def told(spans: Iterable[Span], claimed: Quantity, is_from_to: bool) -> str:
    """Return a result as one would write it: the change in per cent of the first, else the nearest."""
    middles = [(each.low + each.high) / 2 for each in spans]
    if claimed.kind == "percent" and is_from_to:
        nearest = middles[0]
    else:
        nearest = min(middles, key=lambda middle: abs(middle - abs(claimed.value)))
    sign = "%" if claimed.kind == "percent" else ""
    return f"{nearest:.0f}{sign}" if abs(nearest) >= _LEAST_ROUND else f"{float(nearest):.3g}{sign}"


def exact(one: Quantity) -> Quantity:
    """Return a number without its rounding, to tell what it gives."""
    return replace(one, half=Decimal(0), bound="")


def _zeros(value: Decimal) -> int:
    digits = f"{value:f}".partition(".")[0]
    return len(digits) - len(digits.rstrip("0"))
