"""Drafts of the SOVEREIGN research kernel, which names itself in the byline."""

from colophon.ingests import Parsed, _front, _sections, _shapes, ingest
from colophon.ingests._documents import documents


def recognises(text: str) -> bool:
    """Whether the kernel names itself above the first section of a report."""
    return _shapes.shape(text).kernel


@ingest("kernel-draft", version=1, recognises=recognises)
def parse(text: str) -> Parsed:
    """Return what the draft states; its byline names publisher and generator.

    Raises ReportError when a fact does not fit its contract.
    """
    report = _sections.split(text)
    return documents(report, generator=_front.read(report).byline)
