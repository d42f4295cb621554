"""Numbers as reports print them, with what their last place leaves open."""

import re
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = re.compile(r"([+-]?[0-9]+(?:\.([0-9]+))?)\s*(%|/\s*[0-9]+(?:\.[0-9]+)?)?")
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number: percent are given as a share, ``half_place`` is half the last printed place.

    ``scale`` is what it is out of, such as ``/10``, or empty.
    """

    value: Decimal
    half_place: Decimal
    scale: str = ""


def printed_number(text: str | None) -> Printed | None:
    """Read ``0.18``, ``18%`` or ``8.2/10``; None for any other text."""
    text = (text or "").strip()
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    value, half_place = Decimal(match[1]), Decimal(5).scaleb(-len(match[2] or "") - 1)
    unit = re.sub(r"\s", "", match[3] or "")
    if unit == "%":
        return Printed(value / 100, half_place / 100)
    return Printed(value, half_place, unit)
