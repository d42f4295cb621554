"""K104: claims that nobody can follow to a source."""

from colophon.audits import audit
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_SHOWN = 3


@audit("K104", severity=Severity.WARNING)
def claim_without_locator(record: Record) -> Examination:
    """What: Each claim that a report lists must name the source it was taken from, or the place in it. A
    record with claims that name neither is flagged once, with their number.

    Why: A list of claims over a list of sources leaves the reader to search all of them for each claim. A
    claim that was taken from nowhere looks the same as one that was taken from page 4.

    Example: A table lists 21 claims with ticks. Below it stand three addresses, and nothing says which
    claim came from which.

    Mend: The publisher can print the source of each claim, and the page, section or table. If the report
    prints them and they were not read here, file a correction with the reason `transcription`. It is shown
    beside the record, and the finding stays.
    """
    claims = record.manifest.claims
    if not claims:
        return Examination()
    bare = [number for number, claim in enumerate(claims) if not claim.sources and not claim.locator]
    if not bare:
        return Examination(1, 1)
    shown = ", ".join(claims[number].id for number in bare[:_SHOWN])
    more = f" and {len(bare) - _SHOWN} more" if len(bare) > _SHOWN else ""
    which = "" if len(bare) == len(claims) else f": {shown}{more}"
    message = f"{len(bare)} of {len(claims)} claims name neither a source nor a place in one{which}"
    pointer = f"/claims/{bare[0]}" if len(bare) == 1 else "/claims"
    return Examination(1, 1, (Flaw(pointer, message),))
