"""The lines above the first section: title, byline, date, notice."""

import re
from dataclasses import dataclass

from colophon.errors import ReportError
from colophon.ingests import _references
from colophon.ingests._fields import is_field
from colophon.ingests._numbers import is_date, iso_date
from colophon.ingests._sections import Report
from colophon.ingests._text import bare, is_ruler, optional

_NOTICE = re.compile(
    r"\b(?:draft\b.{0,80}\b(?:review|publication|owner)|review\s+required|do\s+not\s+cite|embargo)", re.I
)
_BYLINE = re.compile(
    r"(?:[\w.&'’-]{1,40}\s){0,5}(?:research|kernel|lab|labs|institute|press|publishing)", re.IGNORECASE
)
_LINK = re.compile(r"\[([^\[\]]{1,500})\]\(<?(https?://[^\s<>\"()]{1,2000})>?\)")


@dataclass(frozen=True, slots=True)
class Front:
    """What stands above the first section; ``byline`` without the address printed beside it."""

    title: str
    byline: str | None
    url: str | None
    submitted: str | None
    header: str | None


def read(report: Report) -> Front:
    """Read the front matter.  Raises ReportError when there is no title."""
    submitted = header = None
    names: list[str] = []
    for line in (bare(line) for line in report.front if not is_ruler(line)):
        if not line or is_field("", line):
            continue
        if is_date(line):
            submitted = submitted or iso_date(line)
        elif _NOTICE.search(line[:400]) and (names or report.title):
            header = header or line
        else:
            names.append(line)
    title = optional(report.title)
    if title is None:
        title = (
            names.pop(0) if names and not (len(names) == 1 and _BYLINE.fullmatch(names[0][:300])) else None
        )
    if title is None:
        raise ReportError("the report prints no title, expected one above its first section")
    byline, url = _linked(names[0]) if names else (None, None)
    return Front(title, byline, url, submitted, header)


def _linked(line: str) -> tuple[str | None, str | None]:
    link = _LINK.search(line)
    if link:
        return link[1].strip(), link[2]
    address = _references.URL.search(line)
    if address is None:
        return line, None
    return optional(line.replace(address[0], "").replace("<>", "").strip(" ,|—–-()")), address[0].rstrip(
        ".,;)"
    )
