"""papers/<id>/v<k>.html and .json: the record as of one version; only for records with events.

A published version never changes, so nothing stands here that depends on later events or on rules.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from colophon import canon, contracts, reasons
from colophon.contracts.paper_manifest import Manifest
from colophon.fold import Version
from colophon.model import Artifact, Page
from colophon.pages import Output, record_page, render
from colophon.pages._history import version_document
from colophon.pages._links import of_source, with_kind
from colophon.pages._record_facts import NOT_SHOWN, stated_first
from colophon.pages._words import clip, cost, counted, day, short
from colophon.rules.state import states
from colophon.views import RecordView

_TITLE, _TEXT, _CLAIM, _NAME = 1_500, 4_000, 1_200, 600
# Bytes of a page for the claims, and for the sources.
_CLAIMS, _SOURCES, _MARKS = 13_000, 5_000, 130
Rows = tuple[list[dict[str, Any]], int]


@record_page("version")
def version(view: RecordView) -> Iterator[Output]:
    """Yield page and JSON of every version of a record that has events."""
    if not view.record.steps:
        return
    after = states(view.judged.facts.history)
    for one in view.record.versions():
        path, state = f"papers/{view.record.id}/v{one.number}", after[one.number - 1].value
        document = version_document(view.record.id, one, state)
        yield Artifact(f"{path}.json", "application/json", canon.dumps(document))
        yield _page(view, one, state, path)


def _page(view: RecordView, one: Version, state: str, path: str) -> Page:
    manifest = cast(Manifest, contracts.read(one.documents.manifest))
    json, site_url = f"v{one.number}.json", view.settings.site_url
    head = render(
        "_version_head.html", json=json, href=f"{site_url}papers/{view.record.id}.html" if site_url else ""
    )
    body = render("version.html", json=json, **_history(view, one, state), **_content(view, manifest))
    newest = len(view.record.steps) + 1
    title = f"Version {one.number} of {newest}: {short(manifest.title, _NAME)}"
    description = f"{manifest.display_id} as of version {one.number}."
    return Page(f"{path}.html", title, description, "papers", body, head, "page-version")


def _history(view: RecordView, one: Version, state: str) -> dict[str, Any]:
    """Return which version it is, when and with what it began, and the state then."""
    step = one.step
    return {
        "id": view.record.id,
        "number": one.number,
        "newest": len(view.record.steps) + 1,
        "since": step.date if step is not None else None,
        "since_in_words": day(step.date) if step is not None else None,
        "event": step.event.id if step is not None else "",
        "label": reasons.happened(step.event.event.type, step.outcome) if step is not None else "",
        "by_review": step is not None and step.review is not None,
        "state": state,
    }


def _content(view: RecordView, manifest: Manifest) -> dict[str, Any]:
    """Return what the record says as of then."""
    claims, left_claims = _claims(manifest)
    sources, left_sources = _sources(manifest)
    return {
        "display_id": manifest.display_id,
        "title": clip(manifest.title, _TITLE),
        "publisher": short(manifest.publisher.name, _NAME),
        "submitted": manifest.submitted,
        "submitted_in_words": day(manifest.submitted),
        "question": _text(manifest.research_question),
        "abstract": _text(manifest.abstract),
        "claims": claims,
        "left_claims": left_claims,
        "claims_in_words": _number(manifest.claims, "claim"),
        "sources": sources,
        "left_sources": left_sources,
        "sources_in_words": _number(manifest.sources, "source"),
        "stated_rows": stated_first(replace(view, record=replace(view.record, manifest=manifest))),
    }


def _text(text: str | None) -> Any:
    return None if text is None else clip(text, _TEXT)


def _number(items: tuple[object, ...] | None, noun: str) -> str:
    return NOT_SHOWN if items is None else counted(len(items), noun)


def _claims(manifest: Manifest) -> Rows:
    """Return the claims that fit into a page, and how many are left to the JSON."""
    room, shown = _CLAIMS, []
    for claim in manifest.claims or ():
        text = clip(claim.text, _CLAIM)
        room -= cost(text.shown) + _MARKS
        if room < 0:
            break
        shown.append({"id": claim.id, "text": text, "struck": bool(claim.struck)})
    return shown, len(manifest.claims or ()) - len(shown)


def _sources(manifest: Manifest) -> Rows:
    """Return the sources that fit into a page, and how many are left to the JSON."""
    room, shown = _SOURCES, []
    for source in manifest.sources or ():
        name = short(with_kind(source.kind, source.identifier), _NAME)
        href = of_source(source.kind, source.identifier, source.url)
        room -= cost(name) + cost(href) + _MARKS
        if room < 0:
            break
        shown.append({"id": source.id, "name": name, "href": href, "struck": bool(source.struck)})
    return shown, len(manifest.sources or ()) - len(shown)
