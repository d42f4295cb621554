"""The three real records carry the facts of their reports, and their tiers and findings follow."""

import json
from pathlib import Path

import pytest

from colophon import pipeline
from colophon.executor import Serial
from colophon.pipeline import Survey
from colophon.store import WorkTree

ROOT = Path(__file__).resolve().parent.parent
MODAROUTE = "633d4d8a-aa2a-449c-8123-213191021a18"
EFFICIENCY = "c157b341-d852-485c-b26f-7cb9d63b3007"
KERNEL = "20164509-383a-47f5-a404-579667fe34a5"


@pytest.fixture(scope="module")
def registry() -> Survey:
    return pipeline.survey(WorkTree(str(ROOT / "registry")), Serial(), lambda *_: None, engine="both")


@pytest.fixture(scope="module")
def fabricated() -> Survey:
    return pipeline.survey(
        WorkTree(str(ROOT / "tests" / "registry")), Serial(), lambda *_: None, engine="both"
    )


def manifest(record_id: str) -> dict:
    folder = ROOT / "registry" / "papers" / record_id[:2] / record_id
    return json.loads((folder / "manifest.json").read_text())


def provenance(record_id: str) -> dict:
    folder = ROOT / "registry" / "papers" / record_id[:2] / record_id
    return json.loads((folder / "provenance.json").read_text())


def found(survey: Survey, record_id: str) -> set[tuple[str, str]]:
    return {(f.code, f.pointer) for f in survey.findings if f.record == record_id}


def test_no_record_is_damaged(registry: Survey, fabricated: Survey) -> None:
    """Neither registry has an integrity finding, by both schema engines."""
    assert registry.integrity == ()
    assert fabricated.integrity == ()


def test_modaroute_states_what_its_report_prints() -> None:
    """Record 000: counts, score, date, rows, flags, confidence range, references and the cut abstract."""
    record = manifest(MODAROUTE)
    stated, claims = record["stated"], record["claims"]
    confidences = [float(claim["stated"]["confidence"]) for claim in claims]
    assert record["display_id"] == "SRCH:633D4D8A"
    assert (record["publisher"]["name"], record["submitted"]) == ("Assignee Research", "2026-06-13")
    counts = (stated["papers_retrieved"], stated["claims_extracted"], stated["claims_verified"])
    assert (*counts, stated["review_score"]["text"]) == (12, 28, 24, "8.2/10")
    assert (len(claims), sum(claim["stated"]["verified"] for claim in claims)) == (21, 19)
    assert (min(confidences), max(confidences)) == (0.13, 0.34)
    assert [source["identifier"] for source in record["sources"]] == [
        "2601.15305v1",
        "2507.13374v1",
        "2512.07011v1",
    ]
    assert len(record["abstract"]) == 599
    assert record["truncated"] == ["/abstract"]
    assert "ModaRoute" in record["abstract"]
    assert "Kosmos-2" in record["title"]
    assert "Flickr30K" in record["research_question"]


def test_efficiency_page_states_what_it_prints() -> None:
    """Record 001: counts, score, level, tier, dimensions, corrections, contracts and the two L scales."""
    record = manifest(EFFICIENCY)
    stated = record["stated"]
    counts = (stated["papers_retrieved"], stated["claims_extracted"], stated["review_score"]["text"])
    assert counts == (13, 0, "2.5/10")
    assert record["claims"] is None
    assert (stated["level"], stated["provenance_level"]) == ("L1", "L2")
    assert stated["tier"] == "Quarantine candidate"
    assert stated["dimensions"] == {
        "evidence_strength": "LOW",
        "reproducibility_status": "MEDIUM",
        "uncertainty_disclosure": "MEDIUM",
    }
    assert stated["correction"] == {"status": "CURRENT", "count": 0}
    assert stated["contracts"] == ["paper-manifest-v1.1", "correction-record-v1", "source-provenance-v1"]


def test_kernel_draft_states_what_it_prints() -> None:
    """Record 002: counts, confidence, verification, embeddings, panel, decision, policy and what is cut."""
    record, made = manifest(KERNEL), provenance(KERNEL)
    stated, claims = record["stated"], record["claims"]
    confidences = [float(claim["stated"]["confidence"]) for claim in claims]
    assert (record["submitted"], record["publisher"]["name"]) == ("2026-05-28", "SOVEREIGN Research Kernel")
    assert (stated["papers_retrieved"], stated["claims_extracted"], stated["claims_verified"]) == (11, 15, 0)
    assert (len(claims), min(confidences), max(confidences)) == (15, 0.01, 0.08)
    assert made["verification"]["method"].startswith("TF-IDF cosine")
    assert (made["verification"]["features"], made["verification"]["threshold"]["value"]) == ("bigrams", 0.15)
    assert made["embeddings"] == {"model": "nv-embedqa-e5-v5", "dimension": 1024}
    assert made["panel"]["roles"] == ["SKEPTIC", "VALIDATOR", "SYNTHESIZER"]
    assert made["panel"]["revise_below"]["value"] == 6.5
    assert (stated["review_score"]["text"], stated["decision"]) == ("4.8/10", "REJECT")
    assert (stated["revision_rounds"], stated["policy"]) == (0, "ESCALATE_TO_OWNER")
    assert "Owner review required" in stated["header"]
    assert (len(record["abstract"]), record["abstract"].rsplit(maxsplit=1)[-1]) == (600, "on")
    assert record["truncated"] == ["/title", "/abstract", "/claims/0/text", "/claims/2/text"]


def test_evidence_tiers_of_the_three_records(registry: Survey) -> None:
    """000 and 001 are UNSAFE, 002 is WITHHELD."""
    tiers = {item.id: item.derived.tier.value for item in registry.judged}
    assert tiers == {MODAROUTE: "UNSAFE", EFFICIENCY: "UNSAFE", KERNEL: "WITHHELD"}


def test_every_defect_is_named_with_its_place(registry: Survey) -> None:
    """Every defect that today's audits cover is found where it stands, and nothing else."""
    assert found(registry, MODAROUTE) == {
        ("C101", "/stated/claims_extracted"),
        ("C101", "/stated/claims_verified"),
        ("X101", "/abstract"),
        ("R102", "/verification/threshold"),
    }
    assert found(registry, EFFICIENCY) == {
        ("C104", "/stated/claims_extracted"),
        ("P101", "/stated/provenance_level"),
        ("P102", "/stated/claim_source"),
    }
    assert found(registry, KERNEL) == {
        ("X101", "/title"),
        ("X101", "/abstract"),
        ("X101", "/claims/0/text"),
        ("X101", "/claims/2/text"),
        ("R103", "/stated/decision"),
        ("R103", "/stated/policy"),
        ("R103", "/stated/revision_rounds"),
        ("P102", "/headings/3"),
        ("P102", "/headings/4"),
    }


def test_lines_of_findings_show_the_value(registry: Survey) -> None:
    """The line of each finding holds the last key of its pointer, or lies inside the list it points to."""
    for finding in registry.findings:
        lines = (ROOT / "registry" / finding.path).read_text().splitlines()
        key = finding.pointer.rpartition("/")[2]
        assert key.isdigit() or f'"{key}"' in lines[finding.line - 1], finding


@pytest.mark.parametrize(
    ("title", "tier", "state"),
    [
        ("Fabricated Page on the Latency of Imaginary Gates", "UNCHECKED", "CURRENT"),
        ("Fabricated Report: Window Sizes of Local Attention in Imaginary Encoders", "UNCHECKED", "CURRENT"),
        ("Fabricated Report: Memory of Imaginary Routers", "UNSAFE", "CURRENT"),
        ("SOVEREIGN: Do Imaginary Experts Specialise by Season?", "WITHHELD", "CURRENT"),
        ("Fabricated Report: Depth of Imaginary Gardens", "UNCHECKED", "DISPUTED"),
    ],
)
def test_fabricated_registry_reaches_tiers_through_files(
    fabricated: Survey, title: str, tier: str, state: str
) -> None:
    """Records made of files alone reach UNCHECKED, UNSAFE and WITHHELD; a typed name retracts nothing."""
    item = next(item for item in fabricated.judged if item.facts.title == title)
    assert (item.derived.tier.value, item.derived.state.value) == (tier, state)


def test_a_record_of_the_first_contract_is_read_and_upgraded(fabricated: Survey) -> None:
    """A paper-manifest-v1 record is judged like any other and remembers what it was filed as."""
    filed = {item.facts.filed_contract for item in fabricated.judged}
    assert filed == {"paper-manifest-v1", "paper-manifest-v1.1"}
