"""What a paper page says to machines in its head: canonical address, citation tags, JSON-LD."""

from typing import Any

import orjson

from colophon.pages import _log, render
from colophon.pages._links import of_source, safe
from colophon.pages._words import short
from colophon.rules.state import title_prefix
from colophon.views import RecordView

# Tags that ask indexes to list the work as citable stand only where most claims were found in their sources.
_CITABLE = ("GROUNDED", "MOSTLY_GROUNDED")
_SOURCES, _CORRECTIONS, _LINE, _JSON_LD = 20, 10, 600, 5_000
_DIGITAL_SOURCE = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"


def head(view: RecordView) -> str:
    """Return the elements for the head of a paper page."""
    return short_head(view) + script(json_ld(view))


def short_head(view: RecordView) -> str:
    """Return the same without what is said in JSON-LD."""
    return _links(view, f"{view.record.id}.html", is_main=True)


def head_of_continuation(view: RecordView, path: str) -> str:
    """Return the elements for the head of a page that continues a list; ``path`` is below ``papers``."""
    return _links(view, path, is_main=False)


def _links(view: RecordView, path: str, *, is_main: bool) -> str:
    tier, site_url = view.judged.derived.tier.value, view.settings.site_url
    citable = is_main and tier in _CITABLE
    return render(
        "_record_head.html",
        id=view.record.id,
        page_url=f"{site_url}papers/{path}" if site_url else "",
        is_main=is_main,
        has_feed=bool(view.judged.facts.history or view.judged.facts.refusals),
        metas=_citation_tags(view) if citable else [],
    )


def _citation_tags(view: RecordView) -> list[tuple[str, str]]:
    """Return the tags that reference managers and indexes read."""
    manifest = view.record.manifest
    tags = [
        ("citation_title", short(_title(view), _LINE)),
        ("citation_author", short(manifest.publisher.name, _LINE)),
        ("citation_technical_report_institution", short(manifest.publisher.name, _LINE)),
        ("citation_technical_report_number", manifest.display_id),
    ]
    if manifest.submitted:
        tags.append(("citation_publication_date", manifest.submitted.replace("-", "/")))
    return tags


def _title(view: RecordView) -> str:
    """Return the title behind what the state puts before it."""
    return f"{title_prefix(view.judged.facts.history)}{view.record.manifest.title}"


def json_ld(view: RecordView) -> dict[str, Any]:
    """Return the paper as schema.org Report; texts are shortened, and it stays below 5,000 bytes."""
    document = _description(view)
    document["correction"] = _corrections(view)
    document["citation"] = _sources(view)
    document["isBasedOn"] = [source["url"] for source in document["citation"] if "url" in source]
    # What a reader can do without first: a source is named twice, an old correction stands on the page.
    for name in ("isBasedOn", "citation", "correction"):
        while len(orjson.dumps(document)) > _JSON_LD and document[name]:
            document[name].pop()
    return {name: value for name, value in document.items() if value}


def _description(view: RecordView) -> dict[str, Any]:
    manifest, ingest = view.record.manifest, view.record.provenance.ingest
    derived, site_url = view.judged.derived, view.settings.site_url
    publisher = {"@type": "Organization", "name": short(manifest.publisher.name, _LINE)}
    if safe(manifest.publisher.url):
        publisher["url"] = safe(manifest.publisher.url)
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": f"{site_url}papers/{view.record.id}.html" if site_url else f"urn:uuid:{view.record.id}",
        "identifier": view.record.id,
        "reportNumber": manifest.display_id,
        "name": short(_title(view), _LINE),
        "version": len(view.judged.facts.history) + 1,
        "genre": "Machine-generated literature synthesis",
        "digitalSourceType": _DIGITAL_SOURCE,
        "creativeWorkStatus": f"Evidence tier {derived.tier.value}; state {derived.state.value}",
        "dateCreated": manifest.submitted,
        "publisher": publisher,
        "license": safe(manifest.license),
        "encoding": {
            "@type": "MediaObject",
            "name": short(ingest.file_name, _LINE),
            "contentSize": f"{ingest.size} B",
            "sha256": ingest.sha256.removeprefix("sha256:"),
        },
    }


def _corrections(view: RecordView) -> list[dict[str, str]]:
    """Return the newest corrections, one that waits for a review as such; none that was not applied."""
    found, site_url = [], view.settings.site_url
    entries = (entry for entry in _log.entries(view.judged) if entry.kind != "refusal")
    for entry in reversed([one for one in entries if one.outcome != "not applied"]):
        comment = {
            "@type": "CorrectionComment",
            "name": entry.heading,
            "text": short(entry.note, _LINE),
            "datePublished": entry.date,
        }
        found.append({**comment, **({"url": f"{site_url}papers/{entry.page}"} if site_url else {})})
    return found[:_CORRECTIONS]


def _sources(view: RecordView) -> list[dict[str, str]]:
    """Return the sources that were not struck out."""
    found = []
    cited = [source for source in view.record.manifest.sources or () if not source.struck]
    for source in cited[:_SOURCES]:
        entry = {"@type": "CreativeWork", "identifier": short(source.identifier, 200)}
        href = of_source(source.kind, source.identifier, source.url)
        found.append({**entry, **({"url": href} if href else {})})
    return found


def script(document: dict[str, Any]) -> str:
    """Return a JSON-LD block.  The one place where record text meets a script element.

    With ``<``, ``>`` and ``&`` written as escapes no text can end the element or open a comment in it.
    """
    text = orjson.dumps(document).decode()
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f'<script type="application/ld+json">{text}</script>\n'
