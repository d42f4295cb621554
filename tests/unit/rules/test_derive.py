"""Everything derived from one record, and the documents that publish it."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from colophon import contracts, schema, yaml_guard
from colophon.claim_facts import NO_CLAIM_FACTS
from colophon.contracts.quality_tiers import EvidenceTierAssessment, EvidenceTierVocabulary
from colophon.index import EventFacts, Facts
from colophon.model import ClaimRerun
from colophon.rules import assessment
from colophon.rules.derive import derive
from colophon.rules.level import verification_level
from colophon.rules.vocabularies import Vocabularies

RELEASED = sorted((Path(__file__).parents[3] / "vocabularies").glob("*-v*.yaml"))


WITHDRAWN = EventFacts(
    1, "2026-07-02-000000000000", "slug", 3, "WITHDRAWAL", "other", "2026-07-02T00:00:00Z", "Example Press",
    "person", "Note.", "confirmed", None, "2026-07-03-000000000000",
)  # fmt: skip


def facts(**changes: object) -> Facts:
    """Facts of a plain record."""
    plain: dict[str, object] = dict.fromkeys(Facts.__dataclass_fields__)
    identity = "5d0c7a3e-1f42-4b6a-9c8d-2e7f60a1b3c4"
    plain |= {
        "id": identity,
        "stated_dimensions": (),
        "sources": (),
        "lengths": (),
        "history": (),
        "refusals": (),
        "removed": (),
        "evidence": NO_CLAIM_FACTS,
        "claims": 21,
    }
    return Facts(**(plain | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_released_vocabularies_are_valid(path: Path) -> None:
    """A released vocabulary reads without faults, is valid, and bears its file's name."""
    reading = yaml_guard.read(path.read_bytes())
    assert not reading.faults
    document = schema.typed(path.stem, reading.value)
    jsonschema.Draft202012Validator(schema.load(path.stem)).validate(document)
    assert document["contract_version"] == path.stem
    assert contracts.read(document) == contracts.read(reading.value)


@pytest.mark.parametrize("claims", [None, 0, 21])
def test_published_documents_are_valid(claims: int | None, vocabularies: Vocabularies) -> None:
    """Tier, level and dimensions are published as valid documents of their contracts."""
    record = facts(claims=claims, stated_score=8.2, stated_verified=24, stated_tier="DOI grade")
    derived = derive(record, (), vocabularies)
    documents: list[dict[str, Any]] = [
        assessment.tier_assessment(record, (), derived, vocabularies.evidence_tiers),
        assessment.publisher_tier_assessment(record, derived),
        assessment.level_assessment(record, derived),
        assessment.dimension_assessment(record, derived),
    ]
    for document in documents:
        contract = document["contract_version"]
        jsonschema.Draft202012Validator(schema.load(contract)).validate(document)
        assert type(contracts.read(document)).__name__.endswith("Assessment")


def test_each_shape_has_its_reading(vocabularies: Vocabularies) -> None:
    """The two shapes of one contract are told apart by their document field."""
    record = facts()
    document = assessment.tier_assessment(
        record, (), derive(record, (), vocabularies), vocabularies.evidence_tiers
    )
    assert isinstance(contracts.read(document), EvidenceTierAssessment)
    assert isinstance(vocabularies.evidence_tiers, EvidenceTierVocabulary)


def test_a_record_without_groundings_is_unchecked_at_level_one(vocabularies: Vocabularies) -> None:
    """Claims that were never looked up stand at L1, and the record is UNCHECKED."""
    derived = derive(facts(), (), vocabularies)
    assert (derived.tier.value, derived.level.value, derived.state.value) == ("UNCHECKED", "L1", "CURRENT")
    assert dict(derived.claims_per_level)["L1"] == 21


def test_a_withdrawal_reaches_the_tier(vocabularies: Vocabularies) -> None:
    """State and tier are derived from the same events."""
    derived = derive(facts(history=(WITHDRAWN,)), (), vocabularies)
    assert (derived.tier.value, derived.state.value) == ("WITHHELD", "WITHDRAWN")


def test_a_stated_withdrawal_withholds(vocabularies: Vocabularies) -> None:
    """What the header says of a withdrawal is the reason of the tier."""
    header = "WITHDRAWN by the publisher on 2026-07-01"
    tier = derive(facts(stated_header=header), (), vocabularies).tier
    assert tier.value == "WITHHELD"
    assert tier.reasons == (f"the publisher says that it took the report back: {header}",)


@pytest.mark.parametrize(
    ("text", "value", "tiers"),
    [
        ("4.1/5", 4.1, "DOI_GRADE, PUBLIC_RECORD"),
        ("82 %", 82.0, "DOI_GRADE, PUBLIC_RECORD"),
        ("8.2/10", 8.2, "DOI_GRADE, PUBLIC_RECORD"),
        ("8.2", 8.2, "DOI_GRADE, PUBLIC_RECORD"),
        ("0.82", 0.82, ""),
        ("4.1 stars", 4.1, ""),
        ("12/10", 12.0, ""),
    ],
)
def test_a_score_is_read_on_its_printed_scale(
    text: str, value: float, tiers: str, vocabularies: Vocabularies
) -> None:
    """A printed scale is applied before the publisher's rules are; an unclear one decides nothing."""
    record = facts(stated_score=value, stated_score_text=text, stated_verified=3)
    found = derive(record, (), vocabularies).publisher_tiers
    assert found.value == tiers
    assert (f"(printed as {text})" in found.reasons[0]) is (text in ("4.1/5", "82 %"))


@pytest.mark.parametrize(
    ("claims", "located", "level", "counted"),
    [
        (None, 0, "L1", {}),
        (0, 0, "L1", {"L1": 0, "L2": 0}),
        (5, 2, "L1", {"L1": 3, "L2": 2}),
        (5, 5, "L2", {"L2": 5}),
    ],
)
def test_level_is_the_lowest_of_the_claims(
    claims: int | None, located: int, level: str, counted: dict[str, int], vocabularies: Vocabularies
) -> None:
    """A record's level is the lowest of its claims', L1 with none, and the counts add up."""
    judgement, per_level = verification_level(claims, (1 << located) - 1, vocabularies.levels)
    assert judgement.value == level
    assert counted.items() <= dict(per_level).items()
    assert sum(dict(per_level).values()) == (claims or 0)


def rerun(claim: str, run_class: str, verdict: str = "VERIFIED", *, is_confined: bool = True) -> ClaimRerun:
    """What a run says about one claim."""
    return ClaimRerun(
        claim, verdict, run_class, "direct", None, is_confined, "x", "b", "s", "r", run="runs/x"
    )


@pytest.mark.parametrize(
    ("reruns", "counted"),
    [
        ((rerun("c001", "cpu"),), {"L1": 1, "L2": 1, "L5": 1}),
        ((rerun("c002", "gpu"), rerun("c003", "counted")), {"L2": 1, "L5": 2}),
        ((rerun("c003", "second-machine", is_confined=False),), {"L2": 2, "L6": 1}),
        ((rerun("c003", "second-machine"), rerun("c003", "cpu")), {"L2": 2, "L6": 1}),
        # Arithmetic runs nothing of what a claim is about, and an open process is no sandbox.
        ((rerun("c003", "arithmetic"),), {"L1": 1, "L2": 2}),
        ((rerun("c003", "cpu", is_confined=False),), {"L1": 1, "L2": 2}),
        ((rerun("c003", "cpu", "FALSIFIED"), rerun("c002", "cpu", "UNVERIFIED")), {"L1": 1, "L2": 2}),
    ],
)
def test_a_claim_that_a_run_verified_stands_higher(
    reruns: tuple[ClaimRerun, ...], counted: dict[str, int], vocabularies: Vocabularies
) -> None:
    """Each claim is counted once, at the highest level that holds; the first two of three are located."""
    judgement, per_level = verification_level(3, 0b011, vocabularies.levels, reruns)
    assert {name: number for name, number in per_level if number} == counted
    assert judgement.value == min(counted)
