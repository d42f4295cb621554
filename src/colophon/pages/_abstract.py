"""The abstract of a record with the run marked that stands in a source."""

from typing import Any

from colophon.borrowing import borrowed, compared
from colophon.pages._words import clip, short
from colophon.views import RecordView

ABSTRACT = 4_500
_BORROWED = "T104"


def abstract_pieces(view: RecordView) -> dict[str, Any] | None:
    """Return the abstract in pieces, the longest borrowed run marked; None where no rule found one.

    Marked is the abstract as it stands now, which a correction may have changed since the finding.
    """
    abstract = view.record.manifest.abstract
    # Comparing with all held texts is slow, and the rule did it of every record already.
    if not abstract or all(finding.code != _BORROWED for finding in view.judged.findings):
        return None
    found = list(borrowed(abstract, compared(view.record.evidence)))
    if not found:
        return None
    longest = max(found, key=lambda one: one.run.words)
    shown, run, source = clip(abstract, ABSTRACT).shown, longest.run, longest.held.holding.source
    pieces = [(shown[: run.start], ""), (shown[run.start : run.end], "mark"), (shown[run.end :], "")]
    return {
        "pieces": [{"text": text, "mark": mark} for text, mark in pieces if text],
        "words": run.words,
        "source": f"{longest.source} ({source.kind} {short(source.identifier, 200)})",
    }
