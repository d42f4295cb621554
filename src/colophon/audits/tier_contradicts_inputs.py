"""R104: the publisher's tier against the publisher's own rule."""

from colophon.audits import second_audit
from colophon.index import Facts
from colophon.model import Derived, Examination, Flaw, Severity
from colophon.rules.publisher_tier import PublisherTiers, tier_name


@second_audit("R104", severity=Severity.ERROR)
def tier_contradicts_inputs(facts: Facts, derived: Derived) -> Examination:
    """What: The quality tier that a publisher states must be one whose published rule holds for the score,
    the number of verified claims and the reproducibility that it states. The rules overlap, so several tiers
    may fit. A score that prints another scale is brought to the scale of the rules. A tier whose rule needs
    something not stated, or that a rounded score may reach, is not flagged.

    Why: A tier that its own rule does not give was assigned some other way, and its name promises more, or
    less, than the inputs do. This finding is shown and never feeds the evidence tier.

    Example: A report with a score of 5.2 states the tier "DOI grade", which asks for 7.5.

    Mend: The publisher can issue a corrected tier. If tier or score was copied wrongly into the record, file
    a correction with the reason `transcription`. It is shown beside the record, and the finding stays.
    """
    tiers = derived.publisher_tiers
    if facts.stated_tier is None:
        return Examination()
    name = tier_name(facts.stated_tier)
    if not isinstance(tiers, PublisherTiers) or name not in (*tiers.holding, *tiers.failing):
        return Examination(recognised=1)
    if name in tiers.holding:
        return Examination(1, 1)
    given = tiers.value or "no tier"
    message = f'states the tier "{facts.stated_tier}", its own rule gives {given} ({tiers.reasons[0]})'
    return Examination(1, 1, (Flaw("/stated/tier", message),))
