"""N101: differences, ratios, changes, totals, shares and orders recomputed from the printed numbers."""

from collections.abc import Iterator

from colophon.audits import audit
from colophon.audits._changes import Change, changes
from colophon.audits._numbers import Said, said_with_numbers, shown
from colophon.audits._orders import orders
from colophon.audits._partitions import partitions
from colophon.audits._placings import placings
from colophon.audits._ranks import ranks
from colophon.audits._recomputed import exact, is_explained, recomputed, result, told
from colophon.audits._sums import sums
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity


@audit("N101", severity=Severity.WARNING)
def arithmetic_wrong(record: Record) -> Examination:
    """What: A difference, factor, change in per cent, share, total, order or rank that stands in one sentence
    with the numbers it was made of must follow from them. Each number may have been rounded or cut off at its
    last printed digit. Where a wording has several meanings, one that fits is enough. Only numbers that the
    sentence ties together are recomputed.

    Why: A reader can check this with a pencil. When it fails, one of the numbers is wrong, and whatever
    rests on it may be too.

    Example: A claim says that accuracy falls from 54.90% to 51.28%, "a drop of 4.62 points". The two numbers
    give 3.62.

    Mend: Nothing in the record is edited. The publisher can issue a corrected report. If a number was copied
    wrongly into the record, file a correction with the reason `transcription`. It is shown beside the record,
    and the finding stays.
    """
    recognised = checked = 0
    flaws: list[Flaw] = []
    for said in said_with_numbers(record.manifest):
        verdicts = list(_verdicts(said))
        recognised += len(verdicts)
        checked += sum(1 for verdict in verdicts if verdict is not None)
        flaws.extend(Flaw(said.pointer, message) for message in verdicts if message)
    return Examination(recognised, checked, tuple(flaws))


def _verdicts(said: Said) -> Iterator[str | None]:
    """Yield what is wrong with each computation of a sentence, "" for nothing, None for undecided."""
    for change in changes(said):
        yield _of_change(change)
    added = list(sums(said))
    yield from added or partitions(said)
    yield from orders(said)
    placed = list(placings(said))
    yield from placed if any(verdict is not None for verdict in placed) else ranks(said)


def _of_change(change: Change) -> str | None:
    found = recomputed(change.claimed, change.is_ratio, change.one, change.other)
    if not found:
        return None
    stated = result(change.claimed)
    if any(stated.meets(one) for one in found) or is_explained(
        change.claimed, change.is_ratio, change.said.numbers
    ):
        return ""
    made = recomputed(change.claimed, change.is_ratio, exact(change.one), exact(change.other))
    gives = told(made or found, change.claimed, change.is_from_to)
    return (
        f"{shown(change.text)}: {change.one.text} and {change.other.text} give {gives}, "
        f"not {change.claimed.text}"
    )
