"""R102: flags without the rule that set them."""

from colophon.audits import audit
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity


@audit("R102", severity=Severity.WARNING)
def threshold_undeclared(record: Record) -> Examination:
    """What: A report that marks claims as verified or not must name the method that decided, and, where it
    prints a confidence beside the marks, the threshold that separates the two.

    Why: Without method and threshold a tick can be neither recomputed nor disputed. Readers take it for a
    judgement of the claim, while it may be a similarity of words.

    Example: A table has columns "Verified" and "Confidence" with ticks at 0.15 to 0.34 and crosses at 0.13.
    The method says only that claims were "verified against retrieved documents".

    Mend: The publisher can state method and threshold. If the report prints them and they were not read here,
    file a correction of type PROVENANCE. It is shown beside the record, and the finding stays.
    """
    claims = record.manifest.claims or ()
    if all(claim.stated.verified is None for claim in claims):
        return Examination()
    verification = record.provenance.verification
    has_confidence = any(claim.stated.confidence is not None for claim in claims)
    missing = []
    if verification is None or verification.method is None:
        missing.append("method")
    if has_confidence and (verification is None or verification.threshold is None):
        missing.append("threshold")
    if not missing:
        return Examination(1, 1)
    pointer = "/verification" if verification is None else f"/verification/{missing[0]}"
    flagged = sum(claim.stated.verified is not None for claim in claims)
    message = f"{flagged} claims are marked as verified or not, no {' and no '.join(missing)} is declared"
    return Examination(1, 1, (Flaw(pointer, message, "provenance"),))
