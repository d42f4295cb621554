"""R101: flags of claims against the threshold that the report declares."""

from decimal import Decimal

from colophon.audits import audit
from colophon.contracts.paper_manifest import Measure
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity
from colophon.rules.printed import Printed, printed_number


@audit("R101", severity=Severity.ERROR)
def flag_contradicts_threshold(record: Record) -> Examination:
    """What: Where a report declares the threshold above which a claim counts as verified, each claim's flag
    must agree with its printed confidence: verified at or above the threshold, not verified below. A
    confidence that may have been rounded across the threshold agrees with either flag.

    Why: A flag that breaks the report's own rule was set by something else, and the report does not say by
    what. What the confidence is worth is another question.

    Example: The report declares a threshold of 0.15. A claim with confidence 0.08 is marked as verified.

    Mend: If a flag or a confidence was copied wrongly into the record, file a correction with the reason
    `transcription`. Otherwise the publisher can issue a corrected report. A correction is shown beside the
    record, and the finding stays.
    """
    verification = record.provenance.verification
    if verification is None or verification.threshold is None:
        return Examination()
    threshold = _threshold(verification.threshold)
    recognised = checked = 0
    flaws = []
    for position, claim in enumerate(record.manifest.claims or ()):
        if claim.stated.verified is None or claim.stated.confidence is None:
            continue
        recognised += 1
        confidence = printed_number(claim.stated.confidence)
        if confidence is None or not _is_comparable(confidence, threshold):
            continue
        checked += 1
        if not _agrees(claim.stated.verified, confidence, threshold.value):
            told = "verified" if claim.stated.verified else "not verified"
            message = f"marked {told} at confidence {claim.stated.confidence}, the threshold is "
            flaws.append(Flaw(f"/claims/{position}/stated/verified", message + verification.threshold.text))
    return Examination(recognised, checked, tuple(flaws))


def _threshold(measure: Measure) -> Printed:
    """Return the threshold; its number comes from the reading when its text says more than a number."""
    printed = printed_number(measure.text)
    if printed is not None and (printed.scale or measure.unit is None):
        return printed
    value = Decimal(str(measure.value))
    return Printed(value / 100 if measure.unit == "%" else value, Decimal(0), _scale(measure.unit))


def _scale(unit: str | None) -> str:
    return unit if unit is not None and unit.startswith("/") else ""


def _is_comparable(confidence: Printed, threshold: Printed) -> bool:
    """Whether both are on one scale; a share and a number above 1 are not."""
    if confidence.scale or threshold.scale:
        return confidence.scale == threshold.scale
    return (confidence.value <= 1) == (threshold.value <= 1)


def _agrees(is_verified: bool, confidence: Printed, threshold: Decimal) -> bool:
    if abs(confidence.value - threshold) <= confidence.half_place:
        return True
    return is_verified == (confidence.value >= threshold)
