"""papers/<id>.html of a slim site: one short page for a paper; beside it lie only notices and versions.

Every list is cut where it gets long, and says how much of it stands in the record alone.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from colophon import forge
from colophon.claim_facts import CUT
from colophon.model import Page
from colophon.pages import Output, _steps, _verdict_rows, record_page, render
from colophon.pages._forms import findings_in_order
from colophon.pages._links import of_source, safe, with_kind
from colophon.pages._passages import shown_grounding
from colophon.pages._places import said
from colophon.pages._record_events import refusals
from colophon.pages._record_facts import NOT_SHOWN, stated_first
from colophon.pages._record_head import short_head
from colophon.pages._told import lead, told
from colophon.pages._verdicts import VERDICTS
from colophon.pages._words import cost, counted, short
from colophon.views import RecordView

_TITLE, _CLAIM, _LINE, _ABSTRACT = 900, 300, 180, 1_500
# Bytes of the rows of each list, and what a row takes beside its text.
_FINDINGS, _CLAIMS, _SOURCES, _EVENTS, _MARKS = 3_000, 5_000, 1_500, 1_500, 60
_VERDICTS = 2


@record_page("slim_paper")
def slim_paper(view: RecordView) -> Iterator[Output]:
    """Yield the short page of one paper."""
    about, path = told(view), f"{view.record.id}.html"
    body = render("slim_paper.html", **about.tier, **_context(view), **_lists(view))
    yield Page(
        f"papers/{path}", about.title, about.description, "papers", body, short_head(view), "page-paper"
    )


def _context(view: RecordView) -> dict[str, Any]:
    """Return everything of the page but its lists."""
    manifest, record = view.record.manifest, view.record
    return {
        **lead(view),
        "title": short(manifest.title, _TITLE),
        "abstract": short(manifest.abstract, _ABSTRACT) if manifest.abstract is not None else None,
        "newest": len(record.steps) + 1,
        "stated_rows": stated_first(view),
        "no_claims": _missing(manifest.claims),
        "no_sources": _missing(manifest.sources),
        "record_href": safe(forge.file_link(view.settings, f"{record.folder}/manifest.json")),
    }


def _missing(items: tuple[Any, ...] | None) -> str:
    return NOT_SHOWN if items is None else "an empty list"


def _lists(view: RecordView) -> dict[str, dict[str, Any]]:
    return {
        "findings": _bounded(_findings(view), "finding", _FINDINGS),
        "claims": _bounded(_claims(view), "claim", _CLAIMS),
        "sources": _bounded(_sources(view), "source", _SOURCES),
        "events": _bounded(_events(view), "correction", _EVENTS),
        "refusals": _bounded(_refusals(view), "declined correction", _EVENTS),
    }


def _bounded(items: Iterable[dict[str, Any]], noun: str, room: int) -> dict[str, Any]:
    """Return as many items, from the first on, as fit into ``room`` bytes, and in words how many are left."""
    shown, left = [], 0
    for item in items:
        room -= cost(item["text"]) + _MARKS
        if room < 0:
            left += 1
        else:
            shown.append(item)
    return {"shown": shown, "left": counted(left, noun) if left else ""}


def _findings(view: RecordView) -> Iterator[dict[str, Any]]:
    for finding in findings_in_order(view):
        text, severity = short(said(finding), _LINE), finding.severity.value
        yield {"severity": severity, "code": finding.code, "slug": finding.slug, "text": text}


def _claims(view: RecordView) -> Iterator[dict[str, Any]]:
    stored, claims = shown_grounding(view), view.record.manifest.claims or ()
    truncated = set(view.record.manifest.truncated)
    words = {one.claim: VERDICTS[one.verdict or CUT] for one in stored.grounding.claims} if stored else {}
    verdicts = _verdict_rows.of_claims(view.judged.derived.reruns)
    for place, claim in enumerate(claims):
        said = verdicts.get(claim.id, [])
        yield {
            "id": claim.id,
            "text": short(claim.text, _CLAIM),
            "struck": bool(claim.struck),
            "is_cut": f"/claims/{place}/text" in truncated,
            "word": words.get(claim.id, ""),
            "verdicts": said[:_VERDICTS],
            "more_verdicts": max(0, len(said) - _VERDICTS),
        }


def _sources(view: RecordView) -> Iterator[dict[str, Any]]:
    for source in view.record.manifest.sources or ():
        href = of_source(source.kind, source.identifier, source.url)
        text = short(with_kind(source.kind, source.identifier), _LINE)
        yield {"href": href, "text": text, "struck": bool(source.struck)}


def _events(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield the corrections, the newest first."""
    for step in reversed(_steps.last_steps(view)):
        event = _steps.told(view, step)
        yield {"id": event["id"], "text": event["label"], "date": event["date"], "day": event["day"]}


def _refusals(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield what was declined, the newest first."""
    for refusal in refusals(view):
        yield {**refusal, "text": short(refusal["note"].shown, _LINE)}
