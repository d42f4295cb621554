"""N104: values that cannot be."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from colophon.audits import audit
from colophon.audits._granularity import granular
from colophon.audits._levels import levels
from colophon.audits._numbers import Said, said_with_numbers
from colophon.audits._scales import NEXT_TO_ONE, impossible, judged, measured
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity


@audit("N104", severity=Severity.WARNING)
def value_impossible(record: Record) -> Examination:
    """What: A value must lie on its scale. An accuracy, a retention or any other share is at most 100%, and
    an accuracy or F1 is at most 1 where the record prints it from 0 to 1. A correlation lies between -1 and
    1, a probability between 0 and 1. A part is no more than its whole, and a count is not negative, nor is an
    amount such as a latency or what a system needs of memory. Where a sentence states an accuracy in per cent
    and the number of items, some whole number of items must give it (the GRIM test).
    Means over runs, classes or data sets are left alone, and so are changes.

    Why: Such a value is wrong whatever was measured. It was mistyped, misread or made up.

    Example: A claim states "62.3% accuracy on 150 questions". Of 150 questions, 93 are 62.00% and 94 are
    62.67%.

    Mend: Nothing in the record is edited. The publisher can issue a corrected report. If the number was
    copied wrongly into the record, file a correction with the reason `transcription`. It is shown beside the
    record, and the finding stays.
    """
    sentences = list(said_with_numbers(record.manifest))
    ones = _printed_up_to_one(sentences)
    looked_at = 0
    flaws: list[Flaw] = []
    for said in sentences:
        verdicts = [*impossible(said, ones), *levels(said, judged(said)), *granular(said)]
        looked_at += len(verdicts)
        flaws.extend(Flaw(said.pointer, message) for message in verdicts if message)
    return Examination(looked_at, looked_at, tuple(flaws))


def _printed_up_to_one(sentences: Sequence[Said]) -> frozenset[str]:
    """Return the measures whose plain values all lie at or next to the scale from 0 to 1."""
    greatest: dict[str, Decimal] = defaultdict(Decimal)
    for said in sentences:
        for name, one in measured(said):
            greatest[name] = max(greatest[name], one.value)
    return frozenset(name for name, value in greatest.items() if value <= NEXT_TO_ONE)
