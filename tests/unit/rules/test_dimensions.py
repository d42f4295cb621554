"""Each dimension with a rule follows from counts; the others are not guessed."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from colophon import contracts, schema, yaml_guard
from colophon.claim_facts import NO_CLAIM_FACTS
from colophon.contracts.quality_dimensions import DimensionVocabulary
from colophon.index import Facts
from colophon.model import Assessment, ClaimRerun, Finding, FindingClass, Severity
from colophon.rules.dimensions import dimensions

ROOT = Path(__file__).parents[3]
BLANK: dict[str, Any] = dict.fromkeys(Facts.__dataclass_fields__) | {
    "sources": (),
    "evidence": NO_CLAIM_FACTS,
}


def again(*verdicts: str) -> tuple[ClaimRerun, ...]:
    """What a run says about the first claims of a record, one verdict for each."""
    return tuple(
        ClaimRerun(f"c{at:03}", verdict, "cpu", "direct", None, False, "x", "b", "s", "r", run="runs/x")
        for at, verdict in enumerate(verdicts, 1)
    )


def assessed(
    codes: tuple[str, ...] = (), *, second: bool = False, reruns: tuple[ClaimRerun, ...] = (), **changes: Any
) -> dict[str, Assessment]:
    """Return the dimensions of a record; names of claim facts go to them, all others to its facts."""
    raw = (ROOT / "vocabularies/quality-dimensions-v1.yaml").read_bytes()
    vocabulary = contracts.read(schema.typed("quality-dimensions-v1", yaml_guard.read(raw).value))
    of_claims = {name: changes.pop(name) for name in [*changes] if hasattr(NO_CLAIM_FACTS, name)
                 if name not in Facts.__dataclass_fields__}  # fmt: skip
    facts = Facts(**(BLANK | {"evidence": replace(NO_CLAIM_FACTS, **of_claims)} | changes))
    findings = [
        Finding("p", 1, "", code, "m", code, Severity.WARNING, FindingClass.EDITORIAL, "x", second)
        for code in codes
    ]
    return dict(dimensions(cast(DimensionVocabulary, vocabulary), facts, findings, reruns))


@pytest.mark.parametrize(
    ("dimension", "given", "level"),
    [
        ("D-1", {"claims": None}, "UNASSESSED"),
        ("D-1", {"claims": 20}, "UNASSESSED"),
        ("D-1", {"claims": 0}, "LOW"),
        ("D-1", {"claims": 20, "is_grounded": True, "grounded": 20}, "HIGH"),
        ("D-1", {"claims": 20, "is_grounded": True, "grounded": 15}, "MEDIUM"),
        ("D-1", {"claims": 20, "is_grounded": True, "grounded": 10}, "LOW"),
        ("D-2", {"claims": None}, "UNASSESSED"),
        ("D-2", {"claims": 0}, "LOW"),
        ("D-2", {"claims": 4, "sources": (("arxiv", "1"),), "citing": 4, "cited": 1}, "HIGH"),
        (
            "D-2",
            {"claims": 4, "sources": (("arxiv", "1"), ("arxiv", "2")), "citing": 4, "cited": 1},
            "MEDIUM",
        ),
        ("D-2", {"claims": 4, "citing": 1}, "LOW"),
        ("D-3", {"claims": None}, "UNASSESSED"),
        ("D-3", {"claims": 4}, "MEDIUM"),
        ("D-3", {"claims": 4, "numbers": 5, "numbers_found": 4}, "HIGH"),
        ("D-3", {"claims": 4, "numbers": 5, "numbers_found": 4, "number_conflicts": 1}, "LOW"),
        ("D-3", {"claims": 4, "numbers": 5, "numbers_found": 5, "codes": ("C103",)}, "LOW"),
        ("D-3", {"claims": 4, "numbers": 5, "numbers_found": 5, "codes": ("C103",), "second": True}, "HIGH"),
        ("D-6", {"limitations": None, "uncertainties": None}, "LOW"),
        ("D-6", {"limitations": 0, "uncertainties": 0}, "LOW"),
        ("D-6", {"limitations": 3}, "HIGH"),
        ("D-6", {"limitations": 3, "codes": ("P103",)}, "MEDIUM"),
        ("D-6", {"limitations": None, "uncertainties": 2}, "MEDIUM"),
        ("D-7", {"claims": 0}, "UNASSESSED"),
        ("D-4", {"claims": 4}, "UNASSESSED"),
        ("D-4", {"claims": None, "reruns": again("VERIFIED")}, "UNASSESSED"),
        ("D-4", {"claims": 4, "reruns": again("UNVERIFIED")}, "UNASSESSED"),
        ("D-4", {"claims": 4, "reruns": again("VERIFIED")}, "MEDIUM"),
        ("D-4", {"claims": 4, "reruns": again(*["VERIFIED"] * 4)}, "HIGH"),
        ("D-4", {"claims": 4, "reruns": again("VERIFIED", "VERIFIED", "FALSIFIED")}, "LOW"),
        ("D-7", {"claims": 4}, "LOW"),
        ("D-7", {"claims": 4, "reruns": again("FALSIFIED", "UNVERIFIED", "VERIFIED")}, "LOW"),
        ("D-7", {"claims": 4, "reruns": again("VERIFIED", "VERIFIED")}, "MEDIUM"),
        ("D-7", {"claims": 4, "reruns": again(*["VERIFIED"] * 4)}, "HIGH"),
    ],
)
def test_a_level_follows_from_counts(dimension: str, given: dict[str, Any], level: str) -> None:
    """The rule gives this level for these counts, and says on what it rests."""
    found = assessed(**given)[dimension]
    assert found.level == level
    assert found.basis
    assert found.inputs


@pytest.mark.parametrize(("dimension", "basis"), [("D-5", "no rule"), ("D-8", "no rule")])
def test_without_a_rule_nothing_is_guessed(dimension: str, basis: str) -> None:
    """What nobody wrote a rule for stays unassessed, whatever the record says."""
    found = assessed(claims=20, is_grounded=True, grounded=20)
    assert list(found) == [f"D-{number}" for number in range(1, 9)]
    assert (found[dimension].level, found[dimension].basis) == ("UNASSESSED", basis)
