"""C104: a report that concludes something from no claims."""

from colophon.audits import _counts, audit
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity


@audit("C104", severity=Severity.ERROR)
def synthesis_empty(record: Record) -> Examination:
    """What: A report with an abstract must have at least one claim. Flagged is an empty list of claims, or,
    where no list is shown, a stated count of 0 extracted claims.

    Why: A synthesis says what its sources say. With no claim taken from any source, the abstract rests on
    nothing that a reader could follow up.

    Example: A public page gives an abstract of 865 characters with a conclusion and states "0 claims were
    extracted from source literature".

    Mend: The publisher can withdraw the report or publish one that lists its claims. If the list was lost
    when the report was read here, file a correction with the reason `transcription`. It is shown beside the
    record, and the finding stays.
    """
    manifest = record.manifest
    stated = _stated_extracted(record)
    if not manifest.abstract or (manifest.claims is None and stated is None):
        return Examination()
    beside = f"beside an abstract of {len(manifest.abstract)} characters"
    if manifest.claims is not None:
        flaws = () if manifest.claims else (Flaw("/claims", f"lists 0 claims {beside}"),)
    elif stated is not None and stated[1] == 0:
        flaws = (Flaw(stated[0], f"states 0 extracted claims and shows no list, {beside}"),)
    else:
        flaws = ()
    return Examination(1, 1, flaws)


def _stated_extracted(record: Record) -> tuple[str, int] | None:
    """Return pointer and value of the first place that states the number of extracted claims."""
    return next(_counts.places(record.manifest, "claims_extracted"), None)
