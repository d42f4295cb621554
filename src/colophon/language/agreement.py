"""Whether two numbers say the same: as printed, rounded, in another unit, or derived from two others."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import permutations

from colophon.language.quantities import Quantity, unit_factor

_NEAR = Decimal("0.05")
# How far beyond a bound a number may lie that the bound was said of.
_BEYOND = Decimal("1.5")
# Numbers of one passage from which another may be derived.
_MOST_DERIVED = 12


def agree(claimed: Quantity, found: Quantity) -> bool:
    """Whether a number of a claim says what a number of its source says, or what that is rounded to.

    A claim may round and not invent digits; what it calls about so much may be a little more or less, and
    what it bounds may lie a little beyond.
    """
    pair = _comparable(claimed, found)
    if pair is None:
        return False
    (value, half), (other, other_half) = pair
    distance = abs(value - other)
    if not distance or (other_half < half and distance <= half):
        return True
    if claimed.bound in ("<", ">") and not found.bound:
        low, high = sorted((value, other))
        return (other < value) == (claimed.bound == "<") and high <= _BEYOND * low
    return "~" in (claimed.bound, found.bound) and distance <= _NEAR * max(abs(value), abs(other))


def equal(claimed: Quantity, found: Quantity) -> bool:
    """Whether two numbers are one, digit for digit."""
    pair = _comparable(claimed, found)
    return pair is not None and pair[0][0] == pair[1][0]


def is_same_kind(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers could be set against each other."""
    return _comparable(one, other) is not None


def _comparable(
    one: Quantity, other: Quantity
) -> tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]] | None:
    kinds = {one.kind, other.kind}
    if kinds <= {"percent", "share"}:
        return _as_share(one), _as_share(other)
    if len(kinds) == 1 or kinds in ({"plain", "times"}, {"plain", "year"}):
        return (one.value, one.half), (other.value, other.half)
    if kinds <= {"plain", "share"} and all(x.kind != "plain" or 0 <= x.value <= 1 for x in (one, other)):
        return (one.value, one.half), (other.value, other.half)
    if kinds == {"plain", "percent"} and any(x.kind == "plain" and 0 < x.value < 1 for x in (one, other)):
        return _as_share(one), _as_share(other)
    # A unit that one of the two leaves out, as a table or a list of values often does.
    if "plain" in kinds and not kinds & {"share", "clock", "year"}:
        factor = next((unit_factor(x) for x in (one, other) if x.kind != "plain"), Decimal(1))
        return tuple(
            (x.value / factor, x.half / factor) if x.kind != "plain" else (x.value, x.half)
            for x in (one, other)
        )  # type: ignore[return-value]
    return None


def _as_share(one: Quantity) -> tuple[Decimal, Decimal]:
    of = Decimal(100) if one.kind == "percent" else Decimal(1)
    return one.value / of, one.half / of


def derived(claimed: Quantity, found: Iterable[Quantity]) -> bool:
    """Whether a number is the difference, or the ratio, of two numbers of one passage."""
    for one, other in permutations(list(found)[:_MOST_DERIVED], 2):
        if one.kind != other.kind or one.value == other.value:
            continue
        slack = max(claimed.half, one.half + other.half, Decimal("0.0001"))
        is_point = (claimed.kind, one.kind) == ("points", "percent")
        difference = abs(abs(one.value - other.value) - abs(claimed.value))
        if (is_point or claimed.kind == one.kind) and difference <= slack:
            return True
        if not other.value:
            continue
        ratio = one.value / other.value
        if claimed.kind in ("times", "plain") and claimed.half and abs(ratio - claimed.value) <= claimed.half:
            return True
        if (
            claimed.kind == "percent"
            and claimed.half
            and abs(abs(ratio - 1) * 100 - claimed.value) <= claimed.half
        ):
            return True
    return False
