"""T105: the title of a source as the title of the report."""

import re

from colophon.audits import audit
from colophon.audits._statements import quoted
from colophon.fold import Record
from colophon.language.folding import fold
from colophon.matching import tokens
from colophon.model import Examination, Flaw, Severity

_INSIDE = re.compile(r"[-'\u2019]")
_LABEL = re.compile(r"[^:]{1,60}:\s")
# A title that was cut is compared as far as it goes, if that is this many words.
_FEWEST_WORDS = 5


@audit("T105", severity=Severity.WARNING)
def title_borrowed(record: Record) -> Examination:
    """What: The title of a report must not be the title of one of the sources that it lists. Case, spaces
    and punctuation make no difference, nor does a label before a colon that names the publisher or the
    generator. A title that was cut is compared as far as it goes.

    Why: A reader who finds the report by its title takes it for the paper. Citations of the two run
    together.

    Example: A report is titled "Learning Sparse Mixture of Experts for Visual Question Answering". The
    second of its sources has the same title.

    Mend: The publisher can issue the report under a title of its own. If the title was copied wrongly into
    the record, file a correction with the reason `transcription`. It is shown beside the record, and the
    finding stays.
    """
    manifest = record.manifest
    titled = [source for source in manifest.sources or () if source.title]
    own = _without_label(record)
    is_cut = "/title" in manifest.truncated and len(own) >= _FEWEST_WORDS
    for source in titled:
        title = _words(source.title or "")
        # The last word of a cut title may be a part of one.
        if own and (title == own or (is_cut and title[: len(own) - 1] == own[:-1])):
            message = f"is the title of {source.id}, {source.identifier[:80]}: {quoted(source.title or '')}"
            return Examination(1, 1, (Flaw("/title", message),))
    return Examination(1, 1) if titled else Examination()


def _without_label(record: Record) -> list[str]:
    """Return the words of the title without a label that names who made the report."""
    title = record.manifest.title
    label = _LABEL.match(title)
    if label is None:
        return _words(title)
    makers = (record.manifest.publisher.name, record.provenance.generator or "", "synthesis", "report")
    named = set(_words(" ".join(makers)))
    return _words(title[label.end() :]) if set(_words(label[0])) <= named else _words(title)


def _words(text: str) -> list[str]:
    """Return the words of a title, the parts of a hyphenated one by themselves, whatever hyphen it has."""
    return [part for word in tokens(fold(text).text) for part in _INSIDE.split(word)]
