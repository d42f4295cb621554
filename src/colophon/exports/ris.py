"""RIS, for EndNote, Mendeley and library catalogues.

A line is a two-letter tag, two spaces, a hyphen, a space and the value, so a value without a line break
cannot leave its field.  Lines end in LF: stored JSON holds no CR.
"""

from collections.abc import Iterator

from colophon.contracts.paper_manifest import Manifest
from colophon.exports import Citation, export, one_line, work_type


@export("ris", media_type="application/x-research-info-systems")
def ris(manifest: Manifest, citation: Citation) -> str:
    """Return one reference of type ``RPRT`` (report)."""
    return "".join(f"{tag}  - {one_line(value)}\n" for tag, value in _fields(manifest, citation)) + "ER  - \n"


def _fields(manifest: Manifest, citation: Citation) -> Iterator[tuple[str, str]]:
    """Yield tag and value; ``TY`` has to be the first."""
    yield "TY", "RPRT"
    yield "ID", citation.id
    yield "TI", citation.shown_title
    yield "AU", citation.publisher
    yield "PB", citation.publisher
    if citation.year is not None:
        yield "PY", f"{citation.year:04d}"
    if citation.date:
        yield "DA", citation.date.replace("-", "/")
    yield "M3", work_type(manifest)
    yield "SN", citation.display_id
    if citation.url:
        yield "UR", citation.url
    yield "N1", citation.note
