"""C103: stated totals against the sums of their members."""

from colophon.audits import audit
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity


@audit("C103", severity=Severity.ERROR)
def totals_disagree(record: Record) -> Examination:
    """What: A total that a report states together with its members must equal their sum.

    Why: A total that its own members do not give is wrong on its face: one of the numbers is. Readers take
    totals at their word and pass them on.

    Example: A report states 174 papers, made up of 30 and 84. They give 114.

    Mend: Nothing in the record is edited. The publisher can issue a corrected report. If a number was copied
    wrongly into the record, file a correction with the reason `transcription`. It is shown beside the record,
    and the finding stays.
    """
    totals = record.manifest.stated.totals
    flaws = tuple(
        Flaw(
            f"/stated/totals/{position}/total",
            f"states a total of {stated.total}, {_sum(stated.members)} gives {sum(stated.members)}",
        )
        for position, stated in enumerate(totals)
        if stated.total != sum(stated.members)
    )
    return Examination(len(totals), len(totals), flaws)


def _sum(members: tuple[int, ...]) -> str:
    """Return the members as a sum, shortened in the middle when there are many."""
    shown = [str(member) for member in members]
    return " + ".join(shown if len(shown) <= 8 else [*shown[:4], "...", *shown[-2:]])
