"""Marks by which report formats are told apart."""

import re
from dataclasses import dataclass
from functools import lru_cache

from colophon.ingests import _sections
from colophon.ingests._fields import fields
from colophon.ingests._text import label

_KERNEL = re.compile(r"\bSOVEREIGN\b|\bautonomous\s{1,3}draft\b", re.IGNORECASE)
_MARKUP = re.compile(r"\s{0,200}(?:<[!?a-zA-Z]|\{|\[\s{0,200}[\[{\"\]])")
_MACHINE = re.compile(
    r"claims?\s{1,3}(?:were\s{1,3})?(?:extracted|verified)|extracted\s{1,3}(?:\w{1,20}\s{1,3}){0,2}claims|papers\s{1,3}(?:were\s{1,3})?retrieved|"
    r"machine-generated\s{1,3}(?:\w{1,20}\s{1,3}){0,2}synthesis|research\s{1,3}(?:question|goal)[*_]{0,2}:",
    re.IGNORECASE,
)
_BODY = ("introduction", "methodology", "results", "claims", "limitations", "uncertainties")
_RECORD = ("verification level", "quality tier", "quality dimensions", "correction record", "provenance")
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Shape:
    """What a report looks like: a kernel's marks, sections of a record page, sections of a report."""

    kernel: bool
    record: bool
    body: bool


@lru_cache(maxsize=1)
def shape(text: str) -> Shape:
    """Tell what a text looks like.  At most one of ``kernel``, ``record`` and ``body`` is set."""
    if _MARKUP.match(text):
        return Shape(False, False, False)
    report = _sections.split(text)
    front = [report.title or "", *report.front]
    record_sections, body_sections = report.has(*_RECORD), report.has(*_BODY)
    known = body_sections + report.has("abstract", "references")
    machine = known >= _LEAST and body_sections > 0 and _is_machine_made(text, report)
    kernel = machine and any(_KERNEL.search(line[:2000]) for line in front)
    page = record_sections >= _LEAST and (report.display_id is not None or body_sections == 0)
    record = not kernel and page and _has_rows(report)
    return Shape(kernel, record, machine and not kernel and not record)


def _is_machine_made(text: str, report: _sections.Report) -> bool:
    if _MACHINE.search(text):
        return True
    return any(
        {"claim", "verified"} <= {label(w) for w in re.split(r"[\s|]", line[:300])}
        for line in report.lines("claims") or ()
    )


def _has_rows(report: _sections.Report) -> bool:
    """Whether the sections of a record page hold labelled rows."""
    found = fields(report)
    return len(found.values) + len(found.contracts) + len(found.dimensions or ()) >= _LEAST
