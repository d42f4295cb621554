"""K105: claims that a held source contradicts."""

from colophon.audits import audit
from colophon.claim_facts import open_conflicts
from colophon.contracts.claim_grounding import PassageSpan
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_QUOTE = 160


@audit("K105", severity=Severity.WARNING)
def claim_in_conflict(record: Record) -> Examination:
    """What: A claim must not say otherwise than the held text of its source. Compared are numbers, denials,
    directions, names and the cells of tables, by the rules of the grounding method. A claim on which two
    sources disagree counts too. A confirmed check that judges the claim supported settles it.

    Why: A claim that its own source contradicts misleads about that source, and whoever cites it repeats
    the mistake.

    Example: A claim gives 3.62% where the passage that is about the same says 6.6%.

    Mend: Read the passage beside the claim. If the method is wrong, judge the claim with `colophon judge`;
    when a maintainer's review confirms that, the conflict is settled. If the claim is wrong, the publisher
    can correct it.
    """
    grounding = record.evidence.telling
    if grounding is None:
        return Examination()
    looked_up = sum(1 for one in grounding.claims if one.verdict is not None)
    places = {claim.id: at for at, claim in enumerate(record.manifest.claims or ())}
    flaws = []
    for one in open_conflicts(record.evidence):
        where = _said(one.spans[0]) if one.spans else ""
        flaws.append(Flaw(f"/claims/{places[one.claim]}/text", f"{one.verdict}: {one.rule}{where}"))
    decided = sum(1 for one in grounding.claims if one.verdict not in (None, "source_missing"))
    return Examination(looked_up, max(decided, len(flaws)), tuple(flaws))


def _said(span: PassageSpan) -> str:
    if span.quote is None:
        return f", in {span.source}, whose text may not be stored"
    return f', {span.source} says "{" ".join(span.quote.split())[:_QUOTE]}"'
