"""R105: a high score over a record that contradicts itself."""

from decimal import Decimal

from colophon.audits import second_audit
from colophon.index import Facts
from colophon.model import Derived, Examination, Flaw, Severity
from colophon.rules.score import Score

_HIGH, _SCALE = Decimal("7.5"), 10


@second_audit("R105", severity=Severity.WARNING)
def score_contradicts_findings(facts: Facts, derived: Derived) -> Examination:
    """What: A report whose review score is 7.5 of 10 or more must have no error among its findings. A score
    on another printed scale is brought to ten first. One whose scale is unclear is not looked at.

    Why: An error is a contradiction inside the record, or with a text that is held. A review that gave a
    high score did not see it. This finding is shown and never feeds the evidence tier.

    Example: A report states a score of 8.2/10. Its results count 28 claims and its table lists 21, which is
    an error of the rule C101.

    Mend: The publisher can review the report again, or issue a corrected one. If the score was copied
    wrongly into the record, file a correction with the reason `transcription`. It is shown beside the
    record, and the finding stays.
    """
    text = facts.stated_score_text
    score = Score.read(text)
    if text is None or score is None:
        return Examination()
    of_ten = score.on(_SCALE)
    if of_ten is None or not 0 <= of_ten.value <= _SCALE:
        return Examination(recognised=1)
    if of_ten.value < _HIGH or not derived.error_rules:
        return Examination(1, 1)
    message = f"states a score of {text}, and error rules fired: {', '.join(derived.error_rules)}"
    return Examination(1, 1, (Flaw("/stated/review_score", message),))
