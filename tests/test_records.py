"""The three real records carry the facts of their reports, and their tiers and findings follow."""

import json
from pathlib import Path

import pytest
import yaml

from colophon import canon, executor, folder, groundings, pipeline
from colophon.executor import Serial
from colophon.fold import Record
from colophon.gathering import remade
from colophon.judgement import Judged
from colophon.pipeline import Survey
from colophon.store import OverlayTree, WorkTree

ROOT = Path(__file__).resolve().parent.parent
MODAROUTE = "633d4d8a-aa2a-449c-8123-213191021a18"
EFFICIENCY = "c157b341-d852-485c-b26f-7cb9d63b3007"
KERNEL = "20164509-383a-47f5-a404-579667fe34a5"
FABRICATED = WorkTree(str(ROOT / "tests" / "registry"))
EVERY_VERDICT = "f6ed4c50-3adc-8251-9627-5314981729b1"
GROUNDED = "5cd32782-044b-8f0d-8867-ca858784ace3"
CONTRADICTED = "95767020-18fd-85b7-94c0-c38defeb2e6c"
GATES = "sources/arxiv/2503.99011/2026-11-26-thistledown-gates.json"


@pytest.fixture(scope="module")
def registry() -> Survey:
    return pipeline.survey(WorkTree(str(ROOT / "registry")), Serial(), lambda *_: None, engine="both")


@pytest.fixture(scope="module")
def fabricated() -> Survey:
    return pipeline.survey(FABRICATED, Serial(), lambda *_: None, engine="both")


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
        ("C102", "/stated/papers_retrieved"),
        ("K103", "/methodology"),
        ("K103", "/review"),
        ("K103", "/stated/counts/3/text"),
        ("K104", "/claims"),
        ("K106", "/claims/8/text"),
        ("P103", "/limitations"),
        ("R102", "/verification/threshold"),
        ("R105", "/stated/review_score"),
        ("T101", "/title"),
        ("T102", "/research_question"),
        ("T103", "/research_question"),
        ("T104", "/abstract"),
        ("T106", "/abstract"),
        ("U101", "/claims/17/text"),
        ("X101", "/abstract"),
    }
    assert found(registry, EFFICIENCY) == {
        ("B106", "/abstract"),
        ("C104", "/stated/claims_extracted"),
        ("P101", "/stated/provenance_level"),
        ("P102", "/stated/claim_source"),
        ("P103", "/limitations"),
        ("R106", "/stated/dimensions/reproducibility_status"),
    }
    assert found(registry, KERNEL) == {
        ("C102", "/stated/papers_retrieved"),
        ("K104", "/claims"),
        ("N102", "/claims/1/text"),
        ("P102", "/headings/3"),
        ("P102", "/headings/4"),
        ("P103", "/uncertainties"),
        ("R103", "/stated/decision"),
        ("R103", "/stated/policy"),
        ("R103", "/stated/revision_rounds"),
        ("T102", "/research_question"),
        ("T103", "/research_question"),
        ("T106", "/abstract"),
        ("X101", "/abstract"),
        ("X101", "/claims/0/text"),
        ("X101", "/claims/2/text"),
        ("X101", "/title"),
        ("X102", "/title"),
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
        ("Fabricated Report: What Imaginary Gates, Mowers and Hedges Tell of Bees", "UNCHECKED", "CURRENT"),
        ("Fabricated Report: Gaps and Strips as Help for Imaginary Bumblebees", "UNSAFE", "CURRENT"),
        ("Fabricated Report: Weather and the Hours of Imaginary Bees", "LOCATED", "CURRENT"),
        (
            "Fabricated Report: How Much of the Visiting Insects Imaginary Mowing Costs",
            "MOSTLY_GROUNDED",
            "CURRENT",
        ),
        (
            "Fabricated Report: Flower Visits and Flights of Bees in Managed Imaginary Meadows",
            "GROUNDED",
            "CURRENT",
        ),
    ],
)
def test_fabricated_registry_reaches_tiers_through_files(
    fabricated: Survey, title: str, tier: str, state: str
) -> None:
    """Records made of files alone reach every tier; a typed name retracts nothing."""
    item = next(item for item in fabricated.judged if item.facts.title == title)
    assert (item.derived.tier.value, item.derived.state.value) == (tier, state)


def test_a_record_of_the_first_contract_is_read_and_upgraded(fabricated: Survey) -> None:
    """A paper-manifest-v1 record is judged like any other and remembers what it was filed as."""
    filed = {item.facts.filed_contract for item in fabricated.judged}
    assert filed == {"paper-manifest-v1", "paper-manifest-v1.1"}


def judged(survey: Survey, record_id: str) -> Judged:
    """Return what was found of one record."""
    return next(item for item in survey.judged if item.id == record_id)


def loaded(tree: WorkTree | OverlayTree, record_id: str) -> Record:
    """Return one record of the fabricated registry, with what lies beside it."""
    found = folder.load(tree, record_id, f"papers/{record_id[:2]}/{record_id}", "SRCH").record
    assert found is not None
    return found


def test_every_evidence_tier_is_held_by_a_record(fabricated: Survey) -> None:
    """So that every tier has a page to look at, and its rule a record that it was tried on."""
    vocabulary = yaml.safe_load(FABRICATED.read("vocabularies/quality-tiers-v2.yaml"))
    names = {tier["name"] for tier in vocabulary["tiers"]}
    assert {item.derived.tier.value for item in fabricated.judged} == names


VERDICTS = {
    "c001": ("quoted", 1, ["s001"]),
    "c002": ("values_match", 1, ["s002"]),
    "c003": ("values_match", 1, ["s002 Table 2"]),
    "c004": ("located", 1, ["s003"]),
    "c005": ("conflict", 1, ["s002"]),
    "c006": ("conflict", 1, ["s003"]),
    "c007": ("conflict", 1, ["s002 Table 1"]),
    "c008": ("conflict", 1, ["s001"]),
    "c009": ("disputed", 1, ["s001", "s004"]),
    "c010": ("not_located", 1, []),
    "c011": ("source_missing", 1, ["s005"]),
    "c012": ("source_missing", 1, []),
    "c013": (None, 0, []),
    "c014": ("not_located", 1, ["s004"]),
    "c015": ("located", 2, ["s002", "s002"]),
    "c016": ("quoted", 1, ["s005"]),
    "c017": ("conflict", 1, ["s005"]),
    "c018": ("conflict", 2, ["s004", "s004"]),
}


def test_one_record_shows_every_verdict() -> None:
    """Over full texts, tables, an abstract and a fingerprint: which claim has which, and where."""
    current = loaded(FABRICATED, EVERY_VERDICT).evidence.current
    assert current is not None
    claims = {one.claim: one for one in current.grounding.claims}
    shown = {
        name: (
            one.verdict,
            one.parts,
            [f"{span.source} {span.table}" if span.table else span.source for span in one.spans],
        )
        for name, one in claims.items()
    }
    assert shown == VERDICTS
    assert claims["c005"].signals.number_conflict
    assert claims["c006"].signals.direction
    assert claims["c008"].signals.negation
    assert claims["c007"].rule == "2,075 stands where the claim says 1,866"
    assert claims["c013"].rule.startswith("the claim is cut")
    assert claims["c014"].signals.wrong_source == "s003"
    # All of its words stand in a row in the paper of which only a fingerprint is kept.
    assert claims["c012"].signals.fingerprint_run == 15
    # The sentence that gave the verdict is shown first.
    assert claims["c018"].spans[0].quote == "Fitting a roof of 15 cm reduced the misses to 5.0%."


def test_spans_are_the_words_of_the_held_text() -> None:
    """Offsets cut the quote out of the text, and prefix and suffix stand around it."""
    record = loaded(FABRICATED, EVERY_VERDICT)
    texts = {
        text.text_sha256: text.content for text in groundings.texts_of(record.manifest, record.evidence.held)
    }
    current = record.evidence.current
    assert current is not None
    spans = [span for one in current.grounding.claims for span in (*one.spans, *one.runners_up)]
    in_text = [(span, texts[span.text_sha256]) for span in spans if span.table is None]
    assert len(in_text) > len(VERDICTS)
    for span, text in in_text:
        assert isinstance(text, str)
        assert text[span.start : span.end] == span.quote
        around = f"{span.prefix}{span.quote}{span.suffix}"
        assert text.startswith(around, span.start - len(span.prefix or ""))


def test_a_confirmed_check_counts_and_another_is_only_shown(fabricated: Survey) -> None:
    """A confirmed "supported" settles a conflict; "contradicted" of an unconfirmed check changes nothing."""
    record = loaded(FABRICATED, EVERY_VERDICT)
    confirmed = {one.check.checker.name: one.is_confirmed for one in record.evidence.checks}
    assert confirmed == {"Fabricated Judge": True, "Fabricated Bystander": False}
    facts = judged(fabricated, EVERY_VERDICT).facts.evidence
    against = [name for name, shown in VERDICTS.items() if shown[0] in ("conflict", "disputed")]
    assert (len(against), facts.open_conflicts, facts.judged_contradicted) == (7, 6, 0)
    reasons = judged(fabricated, CONTRADICTED).derived.tier.reasons
    assert reasons == ("claims judged contradicted by a confirmed check: 1",)


def test_the_grounded_record_stands_on_its_sample(fabricated: Survey) -> None:
    """Without a review that confirms the check of its sample as it lies there it is one tier lower."""
    facts = judged(fabricated, GROUNDED).facts.evidence
    assert (facts.grounded, facts.held, facts.sample) == (20, 20, 10)
    assert (facts.sources, facts.largest_source) == (4, 5)
    review = f"reviews/{GROUNDED[:2]}/{GROUNDED}/sample-seen.yaml"
    digest = yaml.safe_load(FABRICATED.read(review))["sha256"]
    body = FABRICATED.read(review).replace(digest.encode(), canon.digest(b"another file").encode())
    survey = pipeline.survey(OverlayTree(FABRICATED, ((review, body),)), Serial(), lambda *_: None)
    assert judged(survey, GROUNDED).derived.tier.value == "MOSTLY_GROUNDED"


@pytest.mark.parametrize("processes", [1, 2])
def test_groundings_are_made_again_byte_for_byte(processes: int) -> None:
    """Each but the reported one, in this process and in others."""
    names = [name for name, _ in folder.record_folders(FABRICATED)]
    with executor.local(processes) as pool:
        made = list(executor.in_order(pool, again, names, len(names)))
    stored = {path: body for found in made for path, body in found.items()}
    kept = {path for path in stored if path.endswith("-lexical-1.json")}
    assert len(kept) == len(stored) == 5
    assert stored == {path: FABRICATED.read(path) for path in stored}


def again(record_id: str) -> dict[str, bytes]:
    """Make the groundings of one record again: bytes by path."""
    record = loaded(FABRICATED, record_id)
    return {one.path: made for one, made in remade(record.as_filed().manifest, record.evidence)}


def altered(path: str, old: str, new: str) -> dict[str, str]:
    """Return the paths of the integrity findings by their codes, when one file is altered by hand."""
    body = FABRICATED.read(path)
    assert old.encode() in body
    tree = OverlayTree(FABRICATED, ((path, body.replace(old.encode(), new.encode(), 1)),))
    survey = pipeline.survey(tree, Serial(), lambda *_: None)
    return {finding.code: finding.path for finding in survey.integrity}


def grounding(record_id: str, number: str = "") -> str:
    """Return the path of a grounding file."""
    return f"papers/{record_id[:2]}/{record_id}/groundings/2026-11-26-lexical-1{number}.json"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"verdict": "conflict"', '"verdict": "located"'),
        ('"rule": "74% stands nowhere in the source"', '"rule": "74% stands in the source"'),
        ('"found": "418,306"', '"found": "418,307"'),
        ('"coverage": 1.0', '"coverage": 0.9'),
    ],
)
def test_a_grounding_altered_by_hand_is_named(old: str, new: str) -> None:
    """Whatever was altered: it is not what the method makes of the held texts."""
    path = grounding(EVERY_VERDICT)
    assert altered(path, old, new) == {"S120": path}


def test_a_holding_altered_by_hand_is_named() -> None:
    """Its text no longer has the digest beside it, and what was found in it counts no more."""
    body = FABRICATED.read(GATES).replace(b"418,306", b"418,307", 1)
    tree = OverlayTree(FABRICATED, ((GATES, body),))
    survey = pipeline.survey(tree, Serial(), lambda *_: None)
    refused = [(one.code, one.path, one.pointer) for one in survey.integrity]
    assert refused.pop() == ("S113", GATES, "/text_sha256")
    # A grounding names each text that it was made of: none of it may stand on a text that is not held.
    assert {one[:2] for one in refused} >= {("S113", grounding(GROUNDED)), ("S113", grounding(EVERY_VERDICT))}
    assert all(code == "S113" and pointer.startswith("/texts/") for code, _, pointer in refused)
    assert judged(survey, GROUNDED).derived.tier.value == "UNCHECKED"


def test_a_holding_altered_with_its_digest_is_named_too() -> None:
    """The groundings that were made of it are not made of it any more."""
    document = json.loads(FABRICATED.read(GATES))
    document["text"] = document["text"].replace("418,306 passages in", "418,307 passages in")
    document["text_sha256"] = canon.digest(document["text"].encode())
    tree = OverlayTree(FABRICATED, ((GATES, canon.dumps(document)),))
    survey = pipeline.survey(tree, Serial(), lambda *_: None)
    assert {one.code for one in survey.integrity} == {"S120"}
    assert grounding(GROUNDED) in {one.path for one in survey.integrity}


def test_a_reported_grounding_names_what_is_not_stored() -> None:
    """It is shown, feeds no tier, repeats no word of the text, and needs one text that is not stored."""
    record = loaded(FABRICATED, EVERY_VERDICT)
    (reported,) = (one for one in record.evidence.groundings if one.grounding.reported_by is not None)
    assert (reported.path, reported.is_current) == (grounding(EVERY_VERDICT, "-2"), False)
    (claim,) = (one for one in reported.grounding.claims if one.claim == "c012")
    assert (claim.verdict, claim.spans[0].source, claim.spans[0].quote) == ("quoted", "s006", None)
    path = grounding(EVERY_VERDICT)
    assert altered(path, '"reported_by": null', '"reported_by": "Fabricated Reader"') == {"S113": path}
    path = grounding(EVERY_VERDICT, "-2")
    assert altered(path, '"reported_by": "Fabricated Reader"', '"reported_by": null') == {"S113": path}
