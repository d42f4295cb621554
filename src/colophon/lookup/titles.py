"""The word that publishers put before the title of a paper that no longer stands."""

import re

from colophon.lookup.found import Status

_MARK = re.compile(
    r"[\W_]{0,3}(?:(?P<retracted>retracted)|withdrawn|removed)"
    r"(?:\s+(?:article|paper|chapter|manuscript))?\s*[:\]|]\s*",
    re.IGNORECASE,
)


def mark(title: str | None) -> Status | None:
    """Return what the word before a title says: retracted, withdrawn, or nothing."""
    match = _MARK.match(title or "")
    if match is None:
        return None
    return Status.RETRACTED if match["retracted"] else Status.WITHDRAWN


def unmarked(title: str | None) -> str | None:
    """Return a title without that word, so that it is the one under which the paper is cited."""
    return _MARK.sub("", title, count=1) or title if title else title


def reason(service: str, status: Status) -> str:
    """Say where a status was read."""
    return f"{service}: the title there is marked as {status}"
