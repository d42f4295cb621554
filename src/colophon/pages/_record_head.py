"""What a paper page says to machines in its head: canonical address, citation tags, JSON-LD."""

from typing import Any

import orjson

from colophon.pages import render
from colophon.pages._links import of_source, safe
from colophon.pages._words import short
from colophon.views import RecordView

# Tags that ask indexes to list the work as citable stand on no page that says "do not rely on it".
_NOT_CITABLE = ("WITHHELD", "UNSAFE")
_SOURCES, _LINE, _JSON_LD = 20, 600, 5_000
_DIGITAL_SOURCE = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"


def head(view: RecordView) -> str:
    """Return the elements for the head of a paper page."""
    return _links(view, f"{view.record.id}.html", is_main=True) + script(json_ld(view))


def head_of_continuation(view: RecordView, path: str) -> str:
    """Return the elements for the head of a page that continues a list; ``path`` is below ``papers``."""
    return _links(view, path, is_main=False)


def _links(view: RecordView, path: str, *, is_main: bool) -> str:
    tier, site_url = view.judged.derived.tier.value, view.settings.site_url
    citable = is_main and tier not in _NOT_CITABLE
    return render(
        "_record_head.html",
        id=view.record.id,
        page_url=f"{site_url}papers/{path}" if site_url else "",
        is_main=is_main,
        metas=_citation_tags(view) if citable else [],
    )


def _citation_tags(view: RecordView) -> list[tuple[str, str]]:
    """Return the tags that reference managers and indexes read."""
    manifest = view.record.manifest
    tags = [
        ("citation_title", short(manifest.title, _LINE)),
        ("citation_author", short(manifest.publisher.name, _LINE)),
        ("citation_technical_report_institution", short(manifest.publisher.name, _LINE)),
        ("citation_technical_report_number", manifest.display_id),
    ]
    if manifest.submitted:
        tags.append(("citation_publication_date", manifest.submitted.replace("-", "/")))
    return tags


def json_ld(view: RecordView) -> dict[str, Any]:
    """Return the paper as schema.org Report; texts are shortened, and it stays below 5,000 bytes."""
    document = _description(view)
    document["citation"] = _sources(view)
    while len(orjson.dumps(document)) > _JSON_LD and document["citation"]:
        document["citation"].pop()
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
        "name": short(manifest.title, _LINE),
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


def _sources(view: RecordView) -> list[dict[str, str]]:
    found = []
    for source in (view.record.manifest.sources or ())[:_SOURCES]:
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
