"""T104: the abstract against the abstracts of the cited sources."""

from colophon.audits import audit
from colophon.borrowing import Borrowed, borrowed, compared
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_SHOWN = 8


@audit("T104", severity=Severity.ERROR)
def abstract_borrowed(record: Record) -> Examination:
    """What: The abstract of a synthesis must be its own. It counts as borrowed when at least 40 words in a
    row stand there as they stand in the abstract or the text of a cited source, or half of the source's
    abstract, and no quotation marks enclose them. A source's text is compared where it is held, else its
    fingerprint: hashes of runs of eight words, which prove each word of the run. Case, spaces and hyphens
    make no difference.

    Why: A borrowed abstract tells what one source says of its own work. Whoever reads it as the result of a
    synthesis is misled about what was found, and by whom.

    Example: The abstract begins "We introduce ModaRoute, an LLM-based intelligent routing system" and goes on
    for 90 words as the abstract of the cited arXiv 2507.13374 does.

    Mend: The publisher can issue an abstract of the report's own, or quote the source and name it. If the
    wrong text was copied into the record, file a correction with the reason `transcription`. It is shown
    beside the record, and the finding stays.
    """
    abstract, prints = record.manifest.abstract, compared(record.evidence)
    if not abstract or not prints:
        return Examination()
    flaws = tuple(Flaw("/abstract", _told(abstract, one)) for one in borrowed(abstract, prints))
    return Examination(len(prints), len(prints), flaws)


def _told(abstract: str, one: Borrowed) -> str:
    holding, words = one.held.holding, abstract[one.run.start : one.run.end].split()
    title = f' ("{holding.title}")' if holding.title else ""
    what = "the abstract" if holding.holds == "abstract" else "the text"
    return (
        f'{one.run.words} words in a row, from "{" ".join(words[:_SHOWN])}" to '
        f'"{" ".join(words[-_SHOWN:])}", stand in {what} of {one.source}, '
        f"{holding.source.kind} {holding.source.identifier}{title}"
    )
