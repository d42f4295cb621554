"""CSL-JSON, for Zotero, pandoc and citeproc.  Source: the CSL 1.0.2 data schema."""

from typing import Any

from colophon import canon
from colophon.contracts.paper_manifest import Manifest
from colophon.exports import Citation, export, one_line, work_type


@export("csl_json", media_type="application/vnd.citationstyles.csl+json")
def csl_json(manifest: Manifest, citation: Citation) -> str:
    """Return a list of one item of type ``report``; JSON itself keeps text inside its field."""
    publisher = one_line(citation.publisher)
    item: dict[str, Any] = {
        "id": citation.id,
        "type": "report",
        "genre": work_type(manifest),
        "number": one_line(citation.display_id),
        "title": citation.shown_title,
        "author": [{"literal": publisher}],
        "publisher": publisher,
        "issued": {"date-parts": [_date_parts(citation)]} if citation.year is not None else None,
        "URL": citation.url,
        "note": one_line(citation.note),
        "status": citation.state,
    }
    present = {name: value for name, value in item.items() if value is not None}
    return canon.dumps([present]).decode("utf-8")


def _date_parts(citation: Citation) -> list[int]:
    return [int(part) for part in citation.date.split("-")] if citation.date else [citation.year or 0]
