"""Printed numbers and dates."""

import re
from datetime import date
from typing import Any

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
# A count as printed: thousands separators, digits of any script, number words up to twenty.  Digits are
# bounded, so that no hostile run of them is converted.
COUNT = (
    r"(?<![\w.,/])(?:\d{1,3}(?:[,\u00a0\u202f\u2009'’]\d{3}){1,5}(?!\d)|\d{1,15}(?![\d%]|[.,]\d)|"
    + "|".join(sorted([*_WORDS, "no", "none"], key=len, reverse=True))
    + r")(?!\w)"
)
DECIMAL = r"[-−–+]?\d{1,15}(?:[.,]\d{1,15})?"
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_DATES = (
    re.compile(r"(?<!\d)(?P<year>[0-9]{4})[-‐‑/](?P<number>[0-9]{1,2})[-‐‑/](?P<day>[0-9]{1,2})(?!\d)"),
    re.compile(_MONTH + r"\s{1,3}(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?\s{1,3}(?P<year>[0-9]{4})(?!\d)"),
    re.compile(
        r"(?<!\d)(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\s{1,3}" + _MONTH + r",?\s{1,3}(?P<year>[0-9]{4})(?!\d)"
    ),
)


def count(text: str) -> int:
    """Return the value of a count as printed, such as ``1,204`` or ``twelve``."""
    word = text.casefold()
    if word in ("no", "none"):
        return 0
    return _WORDS.index(word) if word in _WORDS else int(re.sub(r"\D", "", text))


def measure(text: str, number: str, unit: str | None) -> dict[str, Any]:
    """Return {text, value, unit} of a number as printed."""
    value = float(number.replace("−", "-").replace("–", "-").replace(",", "."))
    return {"text": text, "value": value, "unit": unit or None}


def iso_date(text: str | None) -> str | None:
    """Return the first date in the text as ISO 8601, or None; day and month in digits alone are ambiguous."""
    for pattern in _DATES:
        match = pattern.search(text or "")
        if match:
            return _day(match.groupdict())
    return None


def is_date(line: str) -> bool:
    """Whether the line is a date and nothing else."""
    return any(pattern.fullmatch(line) for pattern in _DATES) and iso_date(line) is not None


def _day(parts: dict[str, str]) -> str | None:
    if "number" in parts:
        month = int(parts["number"])
    else:
        fitting = [n for n, name in enumerate(_MONTHS, 1) if name.startswith(parts["month"].lower())]
        month = 9 if parts["month"].lower() == "sept" else fitting[0] if len(fitting) == 1 else 0
    try:
        return date(int(parts["year"]), month, int(parts["day"])).isoformat()
    except ValueError:
        return None
