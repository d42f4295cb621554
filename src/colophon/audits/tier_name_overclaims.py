"""R107: a tier whose name asserts what the record lacks."""

import re

from colophon.audits import second_audit
from colophon.index import Facts
from colophon.model import Derived, Examination, Flaw, Severity

_DOI = re.compile(r"(?:^|[\W_])DOI(?:$|[\W_])", re.IGNORECASE)


@second_audit("R107", severity=Severity.WARNING)
def tier_name_overclaims(facts: Facts, derived: Derived) -> Examination:
    """What: A stated tier whose name asserts that the report has a DOI needs a DOI of the report in the
    record. DOIs of its sources do not count.

    Why: Readers take "DOI grade" to mean that the report is registered and kept by an archive. The tier's own
    rule asks only for a score. This finding is shown and never feeds the evidence tier.

    Example: A report states the tier "DOI grade". No DOI of the report is printed anywhere.

    Mend: The publisher can register the report and state its DOI, or use a tier that does not name one. If
    the report prints its DOI and it was not read here, file a correction of type METADATA. It is shown beside
    the record, and the finding stays.
    """
    if facts.stated_tier is None or not _DOI.search(facts.stated_tier):
        return Examination()
    if facts.doi is not None:
        return Examination(1, 1)
    message = f'states the tier "{facts.stated_tier}", the record holds no DOI of the report'
    return Examination(1, 1, (Flaw("/stated/tier", message),))
