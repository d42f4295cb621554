"""Printed numbers and dates."""

import re
from datetime import date
from typing import Any

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
# A count as printed: thousands separators, digits of any script, number words below a hundred.  Digits are
# bounded, so that no hostile run of them is converted.  "10-12", "5 million" and "no fewer than" are none.
COUNT = (
    r"(?<![\w.,/–−-])(?<!hundred\s)(?<!hundred\sand\s)(?<!thousand\s)(?<!thousand\sand\s)"
    r"(?:\d{1,3}(?:[,\u00a0\u202f\u2009'’]\d{3}){1,5}(?!\d)|\d{1,15}(?!\d|\s?%|[.,]\d)|"
    + rf"(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_WORDS[1:10])}))?(?!-)|"
    + "|".join(sorted([*_WORDS[:20], "no", "none"], key=len, reverse=True))
    + r")(?!\w)(?!\s{1,3}(?:hundred|thousand|million|billion|dozen|per\s?cent|"
    r"(?:few|less|more|other)\w{0,3}\sthan)\b)"
)
DECIMAL = (
    r"[-−–+]?(?:[1-9]\d{0,2}(?:,\d{3}){1,4}(?![\d,])(?:\.\d{1,15})?|\d{1,15}(?:[.,]\d{1,15})?)"
    r"(?:[eE][-−+]?\d{1,2}(?!\w))?"
)
_THOUSANDS = re.compile(r"[-−–+]?[1-9]\d{0,2}(?:,\d{3})+(?!\d)")
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wednes|wed|thurs?|thu|fri|satur|sat|sun)(?:day)?\.?,?\s{1,3})?"
_TIME = (
    r"(?:[T\s,]{1,3}(?:at\s)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?\s?"
    r"(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_ORDINAL = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_DATES = (
    re.compile(
        r"(?<!\d)(?P<year>[0-9]{4})(?P<mark>[-‐‑/.])(?P<number>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})(?!\d)"
    ),
    re.compile(_MONTH + r"\s{1,3}" + _ORDINAL + r",?\s{1,3}(?P<year>[0-9]{4})(?!\d)"),
    re.compile(r"(?<!\d)" + _ORDINAL + r"\s{1,3}(?:of\s)?" + _MONTH + r",?\s{1,3}(?P<year>[0-9]{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>[0-9]{1,2})[-‐‑]" + _MONTH + r"[-‐‑](?P<year>[0-9]{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>[0-9]{4}),?\s{1,3}" + _MONTH + r"\s{1,3}" + _ORDINAL + r"(?!\d)"),
    # Where dots part them, the day comes first.
    re.compile(r"(?<![\d.])(?P<day>[0-9]{1,2})\.\s?(?P<number>[0-9]{1,2})\.\s?(?P<year>[0-9]{4})(?!\d)"),
    re.compile(
        r"(?<![\d/])(?P<one>[0-9]{1,2})(?P<mark>[-/])(?P<two>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})(?!\d)"
    ),
)
_WHOLE = tuple(re.compile(rf"\(?{_WEEKDAY}{form.pattern}{_TIME}[.)]?", re.IGNORECASE) for form in _DATES)
_MONTH_ONLY = re.compile(rf"(?:{_MONTH}|[0-9]{{4}}-[0-9]{{2}}),?\s{{0,3}}(?:[0-9]{{4}})?", re.IGNORECASE)


def count(text: str) -> int:
    """Return the value of a count as printed, such as ``1,204`` or ``twenty-eight``."""
    word = text.casefold()
    if word in ("no", "none"):
        return 0
    if word in _WORDS:
        return _WORDS.index(word)
    tens, _, ones = word.partition("-")
    if tens in _TENS:
        return 10 * (_TENS.index(tens) + 2) + (_WORDS.index(ones) if ones else 0)
    return int(re.sub(r"\D", "", text))


def measure(text: str, number: str, unit: str | None) -> dict[str, Any]:
    """Return {text, value, unit} of a number as printed; a comma before three digits parts thousands."""
    plain = number.replace("−", "-").replace("–", "-")
    plain = plain.replace(",", "") if _THOUSANDS.match(plain) else plain.replace(",", ".")
    return {"text": text, "value": float(plain), "unit": unit or None}


def iso_date(text: str | None) -> str | None:
    """Return the first date in the text as ISO 8601, or None.

    Day and month in digits alone, as in 03/04/2026, are read only when just one order makes a date.
    """
    for pattern in _DATES:
        match = pattern.search(text or "")
        if match:
            return _day(match.groupdict())
    return None


def is_date(line: str) -> bool:
    """Whether the line is a date and nothing else, even one that cannot be read, such as 03/04/2026."""
    whole = next(filter(None, (pattern.fullmatch(line) for pattern in _WHOLE)), None)
    if whole is not None:
        return "month" not in whole.groupdict() or _month(whole["month"]) > 0
    match = _MONTH_ONLY.fullmatch(line)
    return match is not None and line[-1].isdigit() and (match["month"] is None or _month(match["month"]) > 0)


def split_date(line: str) -> tuple[str, str | None]:
    """Part a byline from a date that a mark sets off behind or before it."""
    for part in re.finditer(r"\s{0,3}(?:[,|·•;]|\s[-–—])\s{1,3}", line[:400]):
        before, after = line[: part.start()].strip(), line[part.end() :].strip()
        if before and after and (is_date(before) or is_date(after)):
            return (after, before) if is_date(before) else (before, after)
    return line, None


def _month(name: str) -> int:
    name = name.lower()
    fitting = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)]
    return 9 if name == "sept" else fitting[0] if len(fitting) == 1 else 0


def _day(parts: dict[str, str]) -> str | None:
    if "one" in parts:
        orders = [(int(parts["one"]), int(parts["two"])), (int(parts["two"]), int(parts["one"]))]
    else:
        month = int(parts["number"]) if "number" in parts else _month(parts["month"])
        orders = [(month, int(parts["day"]))]
    found = {iso for month, day in orders if (iso := _iso(int(parts["year"]), month, day))}
    return found.pop() if len(found) == 1 else None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
