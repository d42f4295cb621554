"""P101: two scales whose values look alike."""

import re

from colophon.audits import audit
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_CODE = re.compile(r"([A-Za-z]+)[ -]?[0-9]+\b")


@audit("P101", severity=Severity.NOTE)
def scales_share_prefix(record: Record) -> Examination:
    """What: The verification level and the provenance level of a report are values of two scales and must
    not begin with the same letters.

    Why: "L1" and "L2" on one page read as steps of one ladder. They are not, and the higher of the two is
    easily taken for the level of verification.

    Example: A page states the paper level "L1" and the public provenance "L2".

    Mend: The publisher can name the scales apart. In this registry verification levels begin with L and
    provenance levels with PV.
    """
    level, provenance = record.manifest.stated.level, record.manifest.stated.provenance_level
    if level is None or provenance is None:
        return Examination()
    prefixes = [_CODE.match(code.strip()) for code in (level, provenance)]
    if prefixes[0] is None or prefixes[1] is None:
        return Examination(recognised=1)
    if prefixes[0][1].casefold() != prefixes[1][1].casefold():
        return Examination(1, 1)
    message = f"provenance level {provenance} and verification level {level} both begin with {prefixes[1][1]}"
    return Examination(1, 1, (Flaw("/stated/provenance_level", message),))
