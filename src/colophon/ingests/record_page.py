"""A publisher's public page of a record: title, abstract and tables of tier, level and provenance."""

from colophon.ingests import Parsed, _sections, _shapes, ingest
from colophon.ingests._documents import documents


def recognises(text: str) -> bool:
    """Whether the text has the tables of a record page."""
    return _shapes.shape(text).record


@ingest("record-page", version=1, recognises=recognises)
def parse(text: str) -> Parsed:
    """Return what the page states.  Raises ReportError when a fact does not fit its contract."""
    return documents(_sections.split(text))
