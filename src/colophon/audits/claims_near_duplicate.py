"""U101: claims that say what an earlier claim says."""

from colophon.audits import audit
from colophon.audits._repeats import Statement, repeats, statement
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_SHOWN = 90


@audit("U101", severity=Severity.NOTE)
def claims_near_duplicate(record: Record) -> Examination:
    """What: No claim should say again what an earlier claim says. Two claims are near duplicates when they
    have the same numbers and at least four fifths of the words of either, or when they quote the same words
    and have half of their words in common. Claims in which one word stands in place of another, one has a
    name, a "not" or a "less" more than the other, or a comparison is turned round, are different claims;
    words of reporting such as "achieves" and "reaches" may stand for each other. Each claim is told once,
    with the first claim that it repeats.

    Why: A claim counted twice makes the list look longer and the share of verified claims look better or
    worse than it is.

    Example: Claims 16 and 18 both report the text "Anniversary Turtle Soup for Barbara and Steve" on one
    screen.

    Mend: Nothing needs to be done. The publisher can leave the repeated claim out of the next report.
    """
    claims = record.manifest.claims or ()
    if len(claims) < 2:
        return Examination()
    statements: list[Statement] = [statement(claim.text) for claim in claims]
    flaws = tuple(
        Flaw(f"/claims/{later}/text", _told(claims[earlier].id, claims[earlier].text, why))
        for later, earlier, why in repeats(statements)
    )
    return Examination(len(claims), len(claims), flaws)


def _told(earlier: str, text: str, why: str) -> str:
    line = " ".join(text.split())
    shown = line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."
    return f'says what claim {earlier} says, "{shown}" ({why})'
