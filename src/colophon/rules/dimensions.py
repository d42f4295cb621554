"""Quality dimensions, each by a rule over counted facts.  One without a rule is UNASSESSED and says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from colophon.contracts.quality_dimensions import DimensionVocabulary
from colophon.index import Facts
from colophon.model import Assessment, ClaimRerun, Finding
from colophon.proportions import wilson_lower_bound
from colophon.rules.tier_facts import rounded_down

_UNASSESSED, _LOW, _MEDIUM, _HIGH = "UNASSESSED", "LOW", "MEDIUM", "HIGH"
# "none" is for good: no rule that rests on checkable facts is known for these.
_BASIS = {"none": "no rule", "planned": "no rule yet", "written": "no rule yet"}
_MOST, _HALF = 0.8, 0.5
_NUMBER_RULES = ("C101", "C103", "N101", "N102", "N103", "N104", "R101")
_SILENT = "P103"


@dataclass(frozen=True, slots=True)
class Given:
    """What the rules of dimensions may look at."""

    facts: Facts
    codes: frozenset[str]
    reruns: tuple[ClaimRerun, ...]


def dimensions(
    vocabulary: DimensionVocabulary,
    facts: Facts,
    findings: Sequence[Finding],
    reruns: Sequence[ClaimRerun] = (),
) -> tuple[tuple[str, Assessment], ...]:
    """Return the assessment of each dimension by id, in the order of the vocabulary."""
    codes = frozenset(finding.code for finding in findings if not finding.second)
    given = Given(facts, codes, tuple(reruns))
    return tuple(
        (item.id, _RULES[item.id](given))
        if item.id in _RULES and item.rule != "none"
        else (item.id, Assessment(_UNASSESSED, _BASIS[item.rule]))
        for item in vocabulary.dimensions
    )


def _evidence_strength(given: Given) -> Assessment:
    basis = (
        "lower bound of the share of claims that a held source carries: HIGH from 0.80, MEDIUM from 0.50; "
        "of a record without claims LOW; UNASSESSED until all that is held was looked at"
    )
    claims, known = given.facts.claims, given.facts.evidence
    if claims is None:
        return Assessment(_UNASSESSED, basis, ("the report shows no list of claims",))
    if claims and not known.is_grounded:
        return Assessment(_UNASSESSED, basis, ("no grounding of everything that is held is stored",))
    bound = wilson_lower_bound(known.grounded, claims)
    level = _HIGH if bound >= _MOST else _MEDIUM if bound >= _HALF else _LOW
    return Assessment(
        level, basis, (f"{known.grounded} of {claims} claims", f"lower bound {rounded_down(bound)}")
    )


def _citation_grounding(given: Given) -> Assessment:
    basis = (
        "claims that name a source and listed sources that a claim names: HIGH when all do, MEDIUM when "
        "half of the claims do, else LOW"
    )
    claims, known = given.facts.claims, given.facts.evidence
    if claims is None:
        return Assessment(_UNASSESSED, basis, ("the report shows no list of claims",))
    listed = len(given.facts.sources)
    inputs = (
        f"{known.citing} of {claims} claims name a source",
        f"{known.cited} of {listed} sources are named",
    )
    is_whole = claims > 0 and known.citing == claims and known.cited == listed
    level = _HIGH if is_whole else _MEDIUM if claims and known.citing >= _HALF * claims else _LOW
    return Assessment(level, basis, inputs)


def _numerical_consistency(given: Given) -> Assessment:
    basis = (
        "LOW when a rule about numbers fired or a source has another number; else HIGH when at least 80% "
        "of the claims' numbers stand in held sources; else MEDIUM"
    )
    if given.facts.claims is None:
        return Assessment(_UNASSESSED, basis, ("the report shows no list of claims",))
    known = given.facts.evidence
    fired = sorted(given.codes.intersection(_NUMBER_RULES))
    inputs = (
        f"rules about numbers that fired: {', '.join(fired) or 'none'}",
        f"{known.numbers_found} of {known.numbers} looked up numbers found",
        f"{known.number_conflicts} claims with another number in a source",
    )
    if fired or known.number_conflicts:
        return Assessment(_LOW, basis, inputs)
    is_found = known.numbers > 0 and known.numbers_found >= _MOST * known.numbers
    return Assessment(_HIGH if is_found else _MEDIUM, basis, inputs)


def _uncertainty_disclosure(given: Given) -> Assessment:
    basis = (
        "limitations that name method, threshold, text searched and the share unchecked (P103 finds "
        "nothing): HIGH; limitations or uncertainties of any kind: MEDIUM; none: LOW"
    )
    counts = (given.facts.limitations, given.facts.uncertainties)
    if counts == (None, None):
        return Assessment(_LOW, basis, ("the report lists no limitations and no uncertainties",))
    inputs = (f"{counts[0] or 0} limitations", f"{counts[1] or 0} uncertainties")
    if not any(counts):
        return Assessment(_LOW, basis, inputs)
    return Assessment(_MEDIUM if _SILENT in given.codes or not counts[0] else _HIGH, basis, inputs)


def _benchmark_validity(given: Given) -> Assessment:
    basis = (
        "claims whose figures a run decided: LOW when one is falsified, HIGH when at least 80% of the claims "
        "are verified, else MEDIUM; UNASSESSED while none is decided"
    )
    verified, falsified = (_claims(given, verdict=verdict) for verdict in ("VERIFIED", "FALSIFIED"))
    claims = given.facts.claims
    if not claims or not verified | falsified:
        return Assessment(_UNASSESSED, basis, ("no run decided a claim",))
    inputs = (f"{len(verified)} of {claims} claims verified", f"{len(falsified)} falsified")
    level = _LOW if falsified else _HIGH if len(verified) >= _MOST * claims else _MEDIUM
    return Assessment(level, basis, inputs)


def _reproducibility_status(given: Given) -> Assessment:
    basis = (
        "claims that a stored run verified: HIGH from 80%, MEDIUM from 50%, else LOW; UNASSESSED for a "
        "record without claims"
    )
    claims = given.facts.claims
    if not claims:
        return Assessment(_UNASSESSED, basis, ("there is no claim that could be run again",))
    bound = len({one.claim for one in given.reruns if one.run is not None and not one.is_withheld})
    verified = len(_claims(given, verdict="VERIFIED"))
    level = _HIGH if verified >= _MOST * claims else _MEDIUM if verified >= _HALF * claims else _LOW
    inputs = (f"{bound} of {claims} claims are bound to a stored run", f"{verified} verified by one")
    return Assessment(level, basis, inputs)


def _claims(given: Given, verdict: str) -> set[str]:
    return {one.claim for one in given.reruns if one.verdict == verdict}


_RULES: dict[str, Callable[[Given], Assessment]] = {
    "D-1": _evidence_strength,
    "D-2": _citation_grounding,
    "D-3": _numerical_consistency,
    "D-4": _benchmark_validity,
    "D-6": _uncertainty_disclosure,
    "D-7": _reproducibility_status,
}
