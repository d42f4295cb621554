"""The lists of a paper page, row by row, so that a long list can continue on pages of its own.

A page is bounded in bytes whatever a record holds.  Every row is bounded (long texts are shortened and
go on in the JSON), and the lists of one page share what is left of it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import minijinja

from colophon.model import Finding, Severity
from colophon.pages import render
from colophon.pages._history import correction_record
from colophon.pages._links import of_source
from colophon.pages._record_facts import dimension_rows, provenance_rows, stated_rows
from colophon.pages._words import clip, day, short
from colophon.views import RecordView

_TEXT, _LINE, _NAMES = 8_000, 1_200, 20
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
Items = Callable[[RecordView], Iterable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of a record: its key on the page, its title, the kind of its rows and their values."""

    key: str
    title: str
    kind: str
    items: tuple[dict[str, Any], ...]

    def rows(self, root: str, record_id: str) -> list[str]:
        """Return rows as HTML; ``root`` is the way up to the site's root."""
        page = {"kind": self.kind, "root": root, "json": f"{root}papers/{record_id}.json"}
        return [render("_record_row.html", item=item, **page) for item in self.items]


def listings(view: RecordView) -> dict[str, Listing]:
    """Return every list of a record by key, in the order of the page."""
    found: tuple[tuple[str, str, str, Items], ...] = (
        ("findings", "Findings", "finding", _findings),
        ("claims", "Claims", "claim", _claims),
        ("sources", "Sources", "source", _sources),
        ("dimensions", "Quality dimensions", "dimension", dimension_rows),
        ("rules", "Rules that were run", "rule", _rules),
        ("corrections", "Corrections", "event", _events),
        ("provenance", "Provenance as stated", "fact", provenance_rows),
        ("stated", "Also stated in the report", "fact", stated_rows),
        ("limitations", "Limitations", "text", lambda view: _texts(view.record.manifest.limitations)),
        ("uncertainties", "Uncertainties", "text", lambda view: _texts(view.record.manifest.uncertainties)),
        ("notes", "Notes of the publisher", "text", _notes),
    )
    return {key: Listing(key, title, kind, tuple(items(view))) for key, title, kind, items in found}


def joined(rows: Iterable[str]) -> minijinja.Markup:
    """Return rows as one piece of HTML.  They come from templates of this package, escaped."""
    return minijinja.Markup("".join(rows))


def shared(totals: dict[str, int], room: int) -> dict[str, int]:
    """Divide the room of a page among lists: none gets more than it needs, the rest share evenly."""
    given: dict[str, int] = {}
    for place, (key, total) in enumerate(sorted(totals.items(), key=lambda item: (item[1], item[0]))):
        given[key] = max(0, min(total, (room - sum(given.values())) // (len(totals) - place)))
    return given


def fitting(rows: list[str], room: int) -> int:
    """Return how many rows from the first fit into ``room`` bytes."""
    for number, row in enumerate(rows):
        room -= len(row.encode())
        if room < 0:
            return number
    return len(rows)


def _findings(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield findings, the gravest first, then in the order of the file."""
    for finding in sorted(view.judged.findings, key=lambda item: _ORDER.index(item.severity)):
        yield finding_values(finding, view.settings.repository_url)


def finding_values(finding: Finding, repository_url: str | None) -> dict[str, Any]:
    """Return a finding as the shared macro wants it."""
    file = f"{repository_url}/blob/main/registry/{finding.path}#L{finding.line}"
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "slug": finding.slug,
        "message": short(finding.message, _LINE),
        "path": short(finding.path, 400),
        "pointer": short(finding.pointer, 400),
        "line": finding.line,
        "second": finding.second,
        "href": file if repository_url else "",
    }


def _claims(view: RecordView) -> Iterator[dict[str, Any]]:
    truncated = set(view.record.manifest.truncated)
    for place, claim in enumerate(view.record.manifest.claims or ()):
        confidence = claim.stated.confidence
        yield {
            "id": claim.id,
            "text": clip(claim.text, _TEXT),
            "is_cut": f"/claims/{place}/text" in truncated,
            "verified": claim.stated.verified,
            "flag": short(claim.stated.flag, 200) if claim.stated.flag else None,
            "confidence": short(confidence, 200) if confidence else None,
            "sources": (claim.sources or ())[:_NAMES],
            "more_sources": max(0, len(claim.sources or ()) - _NAMES),
            "locator": short(claim.locator, 400) if claim.locator else None,
            "values": [short(value.text, 60) for value in (claim.values or ())[:_NAMES] if value],
        }


def _sources(view: RecordView) -> Iterator[dict[str, Any]]:
    for source in view.record.manifest.sources or ():
        prefix = {"arxiv": "arXiv:", "doi": "doi:"}.get(source.kind, "")
        bare = source.identifier.lower().startswith(prefix.lower())
        yield {
            "id": source.id,
            "name": short(source.identifier if bare else f"{prefix}{source.identifier}", _LINE),
            "href": of_source(source.kind, source.identifier, source.url),
            "url": short(source.url, _LINE) if source.url and source.kind in ("url", "other") else None,
            "title": short(source.title, _LINE) if source.title else None,
        }


def _rules(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield what each rule could look at; those with nothing to look at stand together in the last row."""
    idle = []
    for code, recognised, checked, flagged in sorted(view.judged.outcomes):
        rule = {"code": code, "slug": view.rules[code].slug}
        if recognised:
            yield {**rule, "recognised": recognised, "checked": checked, "flagged": flagged, "idle": []}
        else:
            idle.append(rule)
    if idle:
        yield {"idle": idle}


def _events(view: RecordView) -> Iterator[dict[str, Any]]:
    for event in correction_record(view)["correction_events"]:
        yield {
            **event,
            "day": day(event["date"]),
            "reporter": short(event["reporter"]["name"], _LINE),
            "agent": event["reporter"]["kind"] == "agent",
            "note": clip(event["note"], _TEXT),
        }


def _notes(view: RecordView) -> Iterator[dict[str, Any]]:
    yield from _texts((*(view.record.manifest.stated.notes or ()), *(view.record.provenance.notes or ())))


def _texts(texts: tuple[str, ...] | None) -> Iterator[dict[str, Any]]:
    for text in texts or ():
        yield {"text": clip(text, _TEXT)}
