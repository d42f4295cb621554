"""The lines above the first section: title, byline, date, notice."""

import re
from dataclasses import dataclass

from colophon.errors import ReportError
from colophon.ingests import _references
from colophon.ingests._fields import is_field, is_known
from colophon.ingests._numbers import is_date, iso_date, split_date
from colophon.ingests._sections import Report
from colophon.ingests._text import bare, is_ruler, optional

_NOTICE = re.compile(
    r"\b(?:draft\b.{0,80}\b(?:review|publication|owner)|review\s+required|do\s+not\s+cite|embargo)", re.I
)
_TAKEN_BACK = re.compile(
    r"(?<!not )(?<!never )\b(?:withdrawn|withdrew|withdrawal|retract(?:ed|ion)|superseded)\b", re.IGNORECASE
)
_BYLINE = re.compile(
    r"(?:[\w.&'’-]{1,40}\s){0,5}(?:research|kernel|lab|labs|institute|press|publishing)", re.IGNORECASE
)
_BY = re.compile(r"(?:(?:published|issued|produced|prepared|generated)\s)?by:?\s{1,3}(?=\S)", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]{1,500})\]\(<?(https?://[^\s<>\"()]{1,2000})>?\)")


@dataclass(frozen=True, slots=True)
class Front:
    """What stands above the first section; ``byline`` without the address printed beside it."""

    title: str
    byline: str | None
    url: str | None
    submitted: str | None
    header: str | None
    notices: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def read(report: Report, titled: str | None = None) -> Front:
    """Read the front matter; ``titled`` is a title that stands under a label.

    Raises ReportError when there is no title.
    """
    submitted = header = None
    names: list[str] = []
    unread: list[str] = []
    notices: list[str] = []
    for line in (bare(line) for line in report.front if not is_ruler(line)):
        if not line or is_known("", line):
            continue
        below_title = bool(names or report.title)
        if below_title and _TAKEN_BACK.search(line[:400]) and not _BYLINE.fullmatch(line[:300]):
            # It says more than any other notice.
            unread += [_above(header)] if header else []
            header = line
            notices.append(line)
            continue
        rest, day = (None, line) if is_date(line) else _dated(line, below_title)
        if day is None and is_field("", line):
            unread.append(f"row {line!r} above the first section")
            continue
        submitted = submitted or iso_date(day)
        if day and iso_date(day) is None:
            unread.append(f"date {day!r}")
        if rest and below_title and _NOTICE.search(rest[:400]):
            unread += [_above(rest)] if header else []
            notices.append(rest)
            header, rest = header or rest, None
        if rest:
            names.append(rest)
    title = optional(titled) or optional(report.title)
    if title is None:
        title = (
            names.pop(0) if names and not (len(names) == 1 and _BYLINE.fullmatch(names[0][:300])) else None
        )
    if title is None:
        raise ReportError("the report prints no title, expected one above its first section")
    byline, url = _linked(_BY.sub("", names[0])) if names else (None, None)
    unread += [_above(name) for name in names[1:]]
    return Front(title, byline, url, submitted, header, tuple(notices), tuple(unread))


def _above(line: str) -> str:
    return f"line {line!r} above the first section"


def _dated(line: str, titled: bool) -> tuple[str, str | None]:
    """Part a date from the byline; a title may hold one and is left whole."""
    return split_date(line) if titled else (line, None)


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
