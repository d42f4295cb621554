"""R106: levels of quality that the stated counts do not carry."""

import re
from collections.abc import Callable

from colophon.audits import second_audit
from colophon.index import Facts
from colophon.model import Derived, Examination, Flaw, Severity
from colophon.scan import escape

_MEDIUM = frozenset({"medium", "moderate", "partial", "fair", "average", "medium high"})
_HIGH = frozenset({"high", "very high", "strong", "full", "excellent", "complete"})

# What a level lacks, in words; None when it lacks nothing, and no rule applies while a count is not known.
Lack = Callable[[Facts, bool], str | None]


@second_audit("R106", severity=Severity.WARNING)
def dimension_contradicts_data(facts: Facts, derived: Derived) -> Examination:
    """What: A stated level above LOW must have something to rest on. Evidence strength, citation grounding,
    numerical consistency, benchmark validity and reproducibility need at least one claim: with none there
    is nothing to support, cite, compare or reproduce. HIGH evidence strength and HIGH citation grounding
    need at least one verified claim as well, and HIGH citation grounding, where the claims are listed, one
    that names a source. Uncertainty disclosure needs at least one limitation or uncertainty. Counts that
    the report does not show decide nothing. Novelty and safety have no rule.

    Why: A level is read as a result. One that stands over no data was assigned without looking, and so may
    be every other level of that publisher. This finding is shown and never feeds the evidence tier.

    Example: A page states "Reproducibility status: MEDIUM" and "0 claims were extracted". There is nothing
    that anybody could run again.

    Mend: The publisher can leave the dimension unassessed. If level or counts were copied wrongly into the
    record, file a correction with the reason `transcription`. It is shown beside the record, and the
    finding stays.
    """
    recognised = checked = 0
    flaws = []
    for name, printed in facts.stated_dimensions:
        recognised += 1
        level = _level(printed)
        lacks = _lacks(name)
        if level is None or lacks is None or not _is_known(facts, lacks):
            continue
        checked += 1
        missing = lacks(facts, level == "HIGH") if level in ("MEDIUM", "HIGH") else None
        if missing is not None:
            shown = f"{name.replace('_', ' ')} {printed}"
            flaws.append(Flaw(f"/stated/dimensions/{escape(name)}", f"states {shown[:120]}, with {missing}"))
    return Examination(recognised, checked, tuple(flaws))


def _level(printed: str) -> str | None:
    """Return LOW, MEDIUM or HIGH for a printed level; None for what is none."""
    folded = re.sub(r"[\W_]+", " ", printed).strip().casefold()
    if folded in _HIGH:
        return "HIGH"
    if folded in _MEDIUM:
        return "MEDIUM"
    return "LOW" if folded in ("low", "very low", "weak", "none", "unassessed") else None


def _claims(facts: Facts) -> int | None:
    return facts.claims if facts.claims is not None else facts.stated_extracted


def _without_claims(facts: Facts, is_high: bool) -> str | None:
    return "0 claims" if _claims(facts) == 0 else None


def _without_support(facts: Facts, is_high: bool) -> str | None:
    none_verified = f"0 of {_claims(facts)} claims verified"
    return _without_claims(facts, is_high) or (
        none_verified if is_high and facts.stated_verified == 0 else None
    )


def _without_citations(facts: Facts, is_high: bool) -> str | None:
    lacks = _without_support(facts, is_high)
    if lacks is None and is_high and facts.claims and not facts.evidence.citing:
        return f"none of {facts.claims} claims naming a source"
    return lacks


def _without_disclosure(facts: Facts, is_high: bool) -> str | None:
    told = (facts.limitations, facts.uncertainties)
    return "no limitation and no uncertainty listed" if told in ((0, 0), (0, None), (None, 0)) else None


_RULES: dict[str, Lack] = {
    "evidence": _without_support,
    "grounding": _without_citations,
    "citation": _without_citations,
    "numerical": _without_claims,
    "benchmark": _without_claims,
    "reproducib": _without_claims,
    "replicab": _without_claims,
    "uncertainty": _without_disclosure,
}


def _lacks(name: str) -> Lack | None:
    folded = name.casefold()
    return next((rule for word, rule in _RULES.items() if word in folded), None)


def _is_known(facts: Facts, lacks: Lack) -> bool:
    if lacks is _without_disclosure:
        return facts.limitations is not None or facts.uncertainties is not None
    return _claims(facts) is not None
