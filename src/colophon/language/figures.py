"""Figures as texts print them: whether one stands in a text, what it reads as, what its last place leaves."""

import re
from decimal import Decimal

from colophon.language.numerals import DIGITS, decimal, half
from colophon.language.units import SCALES

_READING = re.compile(
    rf"(?P<digits>{DIGITS.pattern})(?:[eE](?P<power>[-+]?[0-9]{{1,3}}))?"
    rf"(?:[ -]?(?P<scale>{'|'.join(SCALES)})\b)?"
)
_WHOLE_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


def stands_in(figure: str, text: str) -> bool:
    """Whether a figure stands in a text as such: 5% does not stand in 61.5%."""
    return _fenced(figure) in _fenced(text)


def _fenced(text: str) -> str:
    """Return a text with a mark before and behind every number, so that no part of one is found for it."""
    return _WHOLE_NUMBER.sub("\0\\g<0>\0", text)


def has_digits(figure: str) -> bool:
    """Whether a number stands in it in digits."""
    return _READING.search(figure) is not None


def reads_as(figure: str, value: float) -> bool:
    """Whether a figure can be read as a value: as its digits say, or in the base of its scale."""
    read = {reading for match in _READING.finditer(figure) for reading in _readings(match)}
    return not read or abs(value) in read


def _readings(match: re.Match[str]) -> tuple[float, ...]:
    plain = decimal(match["digits"]) * _power(match)
    return (float(plain), float(plain * SCALES[match["scale"]])) if match["scale"] else (float(plain),)


def _power(match: re.Match[str]) -> Decimal:
    return Decimal(10) ** int(match["power"]) if match["power"] else Decimal(1)


def half_place(figure: str, value: float) -> float | None:
    """Return half of the last printed place of the number in a figure that reads as a value, or None.

    Of ``1.8M`` that is 0.05 when the value is 1.8, and 50,000 when it is 1,800,000.
    """
    for match in _READING.finditer(figure):
        place = half(match["digits"]) * _power(match)
        for reading, scale in zip(
            _readings(match), (Decimal(1), SCALES.get(match["scale"] or "")), strict=False
        ):
            if reading == abs(value) and scale is not None:
                return float(place * scale)
    return None
