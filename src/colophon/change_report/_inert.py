"""Record text as Markdown that stays text.

Everything from a record stands in a code span or a fenced block.  Forges resolve character references and
backslashes before they look for mentions, issues, commits and addresses, so these do not help; inside code
they look for none of it, and there is no HTML, link, image or table there.
"""

import re
from collections.abc import Iterable

from colophon.report import harmless

_LONGEST = 1_000
_TICKS = re.compile("`+")
# Words of prose without anything that Markdown or a forge could take for more.
_WORDS = re.compile(r"[A-Za-z]+(?:(?:-|[,;:]? )[A-Za-z]+)*\.?")


def clipped(text: str, longest: int) -> str:
    """Return the beginning of a text with a count of what was cut."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]}… ({len(text) - longest} more characters)"


def code(text: str, longest: int = _LONGEST) -> str:
    """Return a code span of one line."""
    shown = clipped(harmless(text), longest)
    if not shown:
        return "(empty)"
    ticks = "`" * (_longest_run(shown) + 1)
    stripped = shown.startswith(" ") and shown.endswith(" ") and shown.strip(" ") != ""
    pad = " " if stripped or shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def cell(text: str) -> str:
    """Return a code span for a table; forges disagree about an escaped bar, so it is written out."""
    return code(text.replace("|", "\\u{7c}"), 100)


def words(text: str) -> str:
    """Return plain words as they are and every other text as a code span."""
    return text if len(text) <= _LONGEST and _WORDS.fullmatch(text) else code(text)


def fenced(lines: Iterable[str], language: str = "") -> str:
    """Return lines as a fenced block, whose fence is longer than any run of backticks inside."""
    shown = [harmless(line) for line in lines]
    fence = "`" * max(3, 1 + max(map(_longest_run, shown), default=0))
    body = "".join(f"{line}\n" for line in shown)
    return f"{fence}{language}\n{body}{fence}\n"


def _longest_run(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)
