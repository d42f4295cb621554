"""Printed scores and limits with the scale they are out of, and how they compare."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

# A share of 1 and a number of points look alike below this.
_SHARE = Decimal(1)
_HUNDRED = Decimal(100)
# A comma before three digits may part thousands.
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15}|,(?![0-9]{3}(?![0-9]))[0-9]{1,15})?")
_SCALE = re.compile(
    r"\s{0,3}(?:(?P<percent>%|per ?cent)"
    r"|(?:points )?(?:/|out of|of)\s{0,3}(?P<out_of>[0-9]{1,6}(?:\.[0-9]{1,6})?|ten|five)"
    r"(?: points)?)\.?",
    re.IGNORECASE,
)
_WORDS = {"ten": Decimal(10), "five": Decimal(5)}
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Score:
    """A number with half its last printed place; ``out_of`` is None where no scale is printed."""

    value: Decimal
    half_place: Decimal
    out_of: Decimal | None = None

    @classmethod
    def read(cls, text: str | None, unit: str | None = None) -> Self | None:
        """Read ``8.2/10``, ``82 %``, ``4.1 out of 5`` or ``6.5``; None for anything else.

        ``unit`` is the scale where the text does not print it.
        """
        text = (text or "").strip()
        number = _NUMBER.match(text) if len(text) <= _LONGEST else None
        if number is None:
            return None
        printed = text[number.end() :] or unit or ""
        out_of = _out_of(printed)
        if printed.strip() and out_of is None:
            return None
        plain = number[0].replace(",", ".")
        places = len(plain.partition(".")[2])
        return cls(Decimal(plain), Decimal(5).scaleb(-places - 1), out_of)

    def on(self, maximum: float) -> Self | None:
        """Return the score on a scale from 0 to ``maximum``; None when its own scale is unclear.

        Where none is printed it is the asked one, but for a number up to 1, which may be a share.
        """
        if self.out_of is None:
            return None if 0 < self.value <= _SHARE else self
        factor = Decimal(str(maximum)) / self.out_of
        return type(self)(self.value * factor, self.half_place * factor, Decimal(str(maximum)))

    def is_below(self, limit: "Score") -> bool | None:
        """Whether the score lies below a limit however it was rounded; None when that is unclear.

        A limit without a scale is on the score's own, unless it cannot be: it exceeds it, or one of the two
        looks like a share and the other does not.
        """
        if limit.out_of is None:
            is_unclear = (
                (self.value <= _SHARE < limit.value or limit.value <= _SHARE < self.value)
                if self.out_of is None
                else limit.value > self.out_of or limit.value <= _SHARE < self.out_of
            )
            return None if is_unclear else self.value + self.half_place < limit.value
        if self.out_of is None:
            return None
        return (self.value + self.half_place) * limit.out_of < limit.value * self.out_of


def _out_of(text: str) -> Decimal | None:
    match = _SCALE.fullmatch(text)
    if match is None:
        return None
    if match["percent"]:
        return _HUNDRED
    number = match["out_of"].casefold()
    return _WORDS.get(number) or Decimal(number) or None
