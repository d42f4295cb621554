"""Reports in text or Markdown, as the publisher "Assignee Research" issues them."""

from colophon.ingests import Parsed, _sections, _shapes, ingest
from colophon.ingests._documents import documents


def recognises(text: str) -> bool:
    """Whether the text is a report with sections of a synthesis, and no kernel draft or record page."""
    return _shapes.shape(text).body


@ingest("assignee-report", version=1, recognises=recognises)
def parse(text: str) -> Parsed:
    """Return what the report states.  Raises ReportError when a fact does not fit its contract."""
    return documents(_sections.split(text))
