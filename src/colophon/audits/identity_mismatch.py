"""B102: the cited title of a source against the title that its identifier has."""

from colophon.audits import audit
from colophon.fold import Record
from colophon.matching import title_likeness
from colophon.model import Examination, Flaw, Severity

_SAME = 0.9
_SHOWN = 160


@audit("B102", severity=Severity.WARNING)
def identity_mismatch(record: Record) -> Examination:
    """What: The title with which a source is cited must be that of the paper which the identifier names, as
    far as metadata of it is held. Two titles count as one when 90% of their words agree, in any order; a
    subtitle that one of them leaves out makes no difference.

    Why: A wrong identifier leads every reader to another paper, and a claim is then looked up in a text that
    never said it.

    Example: A source is cited as "Attention Is All You Need" with the identifier of a paper on bee flight.

    Mend: The publisher can correct the reference. If it was copied wrongly into the record, file a correction
    with the reason `transcription`. It is shown beside the record, and the finding stays.
    """
    recognised, flaws = 0, []
    for at, source in enumerate(record.manifest.sources or ()):
        titles = [one.holding.title for one in record.evidence.of(source.id) if one.holding.title]
        if source.title is None or not titles:
            continue
        recognised += 1
        nearest = max(titles, key=lambda held, cited=source.title: title_likeness(cited, held))  # type: ignore[misc]
        if title_likeness(source.title, nearest) < _SAME:
            message = f'cited as "{source.title[:_SHOWN]}", {source.identifier} is "{nearest[:_SHOWN]}"'
            flaws.append(Flaw(f"/sources/{at}/title", message))
    return Examination(recognised, recognised, tuple(flaws))
