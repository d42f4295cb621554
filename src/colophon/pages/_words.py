"""Words of a page: texts bounded by what they cost in HTML, days, counts.

A record's text may be long and hostile; a page is bounded in bytes.  So a text is measured as it will
stand in the page, escaped and encoded.
"""

from dataclasses import dataclass
from typing import Any

from colophon.model import Derived, Finding, Severity

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# What escaping adds to one character: &amp; &lt; &gt; &quot; &#x27;
_ESCAPED = (("&", 4), ("<", 3), (">", 3), ('"', 5), ("'", 5))
_WORD = 40
NO_DATE = "date not stated"

# Characters of a reason beside a badge.
_BECAUSE = 90


@dataclass(frozen=True, slots=True)
class Text:
    """A text for a page.  ``goes_on`` is set when the page shows only its beginning."""

    shown: str
    goes_on: bool = False


def cost(text: str) -> int:
    """Return how many bytes a text takes in a page."""
    size = len(text) if text.isascii() else len(text.encode())
    for character, extra in _ESCAPED:
        size += extra * text.count(character)
    return size


def clip(text: str, limit: int) -> Text:
    """Return a text that takes at most ``limit`` bytes in a page, ended at a word where one is near."""
    if len(text) * 7 <= limit or cost(text) <= limit:
        return Text(text)
    low, high = 0, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if cost(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    shown = text[:low]
    space = shown.rfind(" ", max(0, low - _WORD))
    return Text(shown[:space] if space > 0 else shown, goes_on=True)


def short(text: str, limit: int) -> str:
    """Return a text that takes at most ``limit`` bytes, with an ellipsis where it was shortened."""
    clipped = clip(text, limit)
    return f"{clipped.shown}…" if clipped.goes_on else clipped.shown


def day(iso: str | None) -> str | None:
    """Return an ISO day or date-time as people write the day: ``13 June 2026``."""
    return f"{int(iso[8:10])} {_MONTHS[int(iso[5:7]) - 1]} {iso[:4]}" if iso else None


def month(iso: str) -> str:
    """Return the month of an ISO day as people write it: ``June 2026``."""
    return f"{_MONTHS[int(iso[5:7]) - 1]} {iso[:4]}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 claim``, ``21 claims``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def named(vocabulary: dict[str, Any], part: str, name: str) -> dict[str, Any]:
    """Return the entry of a vocabulary that bears a name; an unknown name stands for itself."""
    found: dict[str, Any] = next(
        (entry for entry in vocabulary[part] if entry["name"] == name),
        {"name": name, "label": name, "wording": ""},
    )
    return found


def because(derived: Derived, findings: tuple[Finding, ...]) -> str:
    """Return in a few words why a tier was given, to stand beside its badge: "because C101, C104"."""
    errors = {f.code for f in findings if f.severity is Severity.ERROR and not f.second}
    if derived.tier.value == "UNSAFE" and errors:
        return f"because {', '.join(sorted(errors))}"
    return f"because {short(derived.tier.reasons[0], _BECAUSE)}" if derived.tier.reasons else ""
