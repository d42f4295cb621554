"""What lies beside a record is read only where it belongs; a verdict counts only when it is made again."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from colophon import canon, folder, groundings, schema
from colophon.acquisition import Acquired, holding
from colophon.contracts.paper_manifest import Manifest
from colophon.examination import examine_loaded
from colophon.folder import Loaded
from colophon.judgement import future_dates
from colophon.sampling import drawn_order
from colophon.store import WorkTree

ROOT = Path(__file__).parents[2]
PAPER = "633d4d8a-aa2a-449c-8123-213191021a18"
FOLDER = f"papers/63/{PAPER}"
TEXT = (
    "We look at routing. The dataset spans 29,259 source videos across diverse content categories. Each clip "
    "has speech transcripts. Dense captions reach 75.9% Recall@5, and the router reaches 60.9% of them. "
    "No index of images is used in the first stage."
)
MODEL = ["  model:", "    id: judge", "    sha256: null", "    precision: none"]
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """The real record 000, not looked up yet, with one of its sources held as a fabricated full text."""
    ignored = shutil.ignore_patterns("groundings")
    shutil.copytree(ROOT / "registry" / FOLDER, tmp_path / FOLDER, ignore=ignored)
    hold(tmp_path, "2507.13374v1", TEXT)
    return tmp_path


def write(path: Path, document: dict[str, Any]) -> None:
    """Write a document in stored form."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(canon.dumps(schema.ordered(document["contract_version"], document)))


def hold(registry: Path, identifier: str, text: str) -> None:
    """Hold a full text of a source."""
    made, faults = holding(
        Acquired(
            "arxiv", identifier, "Rae", "made up", "2026-11-26", holds="full", license="own", text=text
        )
    )  # fmt: skip
    assert faults == ()
    write(registry / f"sources/arxiv/{identifier.partition('v')[0]}/2026-11-26-made-up.json", made)


def load(registry: Path) -> Loaded:
    """Return the record as it is read."""
    return folder.load(WorkTree(str(registry)), PAPER, FOLDER, "SRCH")


def manifest(registry: Path) -> Manifest:
    """Return the manifest as filed."""
    record = load(registry).record
    assert record is not None
    return record.as_filed().manifest


def ground(registry: Path, reported_by: str | None = None) -> dict[str, Any]:
    """Return the grounding of the record, as the command makes it."""
    record = load(registry).record
    assert record is not None
    texts = groundings.texts_of(record.as_filed().manifest, record.evidence.held)
    digest = canon.digest((registry / FOLDER / "manifest.json").read_bytes())
    return groundings.document(record.as_filed().manifest, digest, texts, reported_by)


def stored(registry: Path, document: dict[str, Any], name: str = "2026-11-26-lexical-1.json") -> None:
    """Store a grounding beside the record."""
    write(registry / FOLDER / "groundings" / name, document)


def codes(registry: Path) -> set[tuple[str, str]]:
    """Return (code, pointer) of every integrity finding."""
    return {
        (one.code, one.pointer)
        for one in examine_loaded(load(registry)).findings
        if one.finding_class == "integrity"
    }


def test_a_grounding_that_is_made_again_counts(registry: Path) -> None:
    """Its verdicts become facts, and nothing is wrong with it."""
    stored(registry, ground(registry))
    examined = examine_loaded(load(registry))
    assert codes(registry) == set()
    assert examined.facts is not None
    facts = examined.facts.evidence
    assert facts.is_grounded
    # What may stand in the two sources that are not held was not looked up.
    assert facts.held == sum(number for verdict, number in facts.verdicts if verdict != "source_missing") == 2
    assert dict(facts.verdicts)["quoted"] >= 1
    assert (facts.grounded, facts.sources) == (dict(facts.verdicts)["quoted"], 1)


def test_one_byte_of_another_verdict_is_damage(registry: Path) -> None:
    """Whoever writes a better verdict by hand is found out, with the line that was expected."""
    document = ground(registry)
    worse = next(one for one in document["claims"] if one["verdict"] == "source_missing")
    worse["verdict"] = "quoted"
    stored(registry, document)
    (found,) = [one for one in examine_loaded(load(registry)).findings if one.code == "S120"]
    assert "source_missing" in found.message
    assert found.line > 1


def test_nothing_is_missed_where_a_source_was_not_read(registry: Path) -> None:
    """Of a claim that names no source all must be held in full before it is said to stand nowhere."""
    partly = ground(registry)["claims"]
    assert {one["verdict"] for one in partly} <= {"quoted", "values_match", "located", "source_missing"}
    assert any(one["rule"].endswith("of s001, s003 no full text is held") for one in partly)
    for identifier in ("2601.15305v1", "2512.07011v1"):
        hold(registry, identifier, TEXT)
    wholly = ground(registry)["claims"]
    assert "not_located" in {one["verdict"] for one in wholly}
    assert not any("no full text is held" in one["rule"] for one in wholly)


def test_what_is_held_since_makes_a_grounding_old(registry: Path) -> None:
    """A grounding that left out what is held now stays, is not damage, and feeds nothing."""
    stored(registry, ground(registry))
    hold(registry, "2512.07011", TEXT)
    examined = examine_loaded(load(registry))
    assert codes(registry) == set()
    assert examined.facts is not None
    assert not examined.facts.evidence.is_grounded
    assert examined.facts.evidence.grounded == 0


def test_a_conflict_stays_open_when_more_is_held(registry: Path) -> None:
    """Nobody closes a conflict by filing another text: what can be made again still says so."""
    otherwise = TEXT.replace("29,259", "31,000").replace("diverse content", "content")
    hold(registry, "2507.13374v1", otherwise)
    stored(registry, ground(registry))
    before = examine_loaded(load(registry)).facts
    hold(registry, "2512.07011", TEXT)
    after = examine_loaded(load(registry)).facts
    assert before is not None
    assert after is not None
    assert before.evidence.open_conflicts == after.evidence.open_conflicts > 0


def test_conflicts_in_a_text_that_is_not_held_are_not_believed(registry: Path) -> None:
    """A stranger cannot open a conflict by naming a text that nobody can look into."""
    document = ground(registry)
    document["texts"][0]["file"] = "sources/arxiv/2507.13374/2026-11-26-no-such.json"
    document["claims"][0]["verdict"] = "conflict"
    stored(registry, document)
    facts = examine_loaded(load(registry)).facts
    assert facts is not None
    assert facts.evidence.open_conflicts == 0


def test_the_last_grounding_of_a_day_is_the_newest(registry: Path) -> None:
    """The number behind a name counts, not the order of its characters."""
    stored(registry, ground(registry))
    hold(registry, "2512.07011", TEXT)
    for number in (2, 3):
        stored(registry, ground(registry), f"2026-11-26-lexical-1-{number}.json")
    record = load(registry).record
    assert record is not None
    ends = ["lexical-1.json", "1-2.json", "1-3.json"]
    names = [one.path for one in record.evidence.groundings]
    assert [name.endswith(end) for name, end in zip(names, ends, strict=True)] == [True, True, True]


def test_a_grounding_in_another_version_is_still_made_again(registry: Path) -> None:
    """When the cited version is held too, the verdicts in the other one are old, and proved all the same."""
    hold(registry, "2507.13374v2", TEXT)
    stored(registry, ground(registry))
    (registry / "sources/arxiv/2507.13374/2026-11-26-made-up.json").rename(
        registry / "sources/arxiv/2507.13374/2026-11-26-second.json"
    )
    assert ("S113", "/texts/0/file") in codes(registry)
    hold(registry, "2507.13374v2", TEXT)
    cited = json.loads((registry / "sources/arxiv/2507.13374/2026-11-26-second.json").read_text())
    write(registry / "sources/arxiv/2507.13374/2026-11-26-second.json", {**cited, "version": "v1"})
    record = load(registry).record
    assert record is not None
    (old,) = record.evidence.groundings
    assert (old.is_remade, old.is_current, codes(registry)) == (True, False, set())
    document = json.loads((registry / FOLDER / "groundings/2026-11-26-lexical-1.json").read_text())
    document["claims"][0]["verdict"] = "quoted"
    stored(registry, document)
    assert ("S120", "") in codes(registry)


def test_reported_verdicts_repeat_nothing_and_count_for_nothing(registry: Path) -> None:
    """A grounding in texts that are not stored names who reports it."""
    texts = [
        groundings.Text(
            "s002 a.txt", "s002", "full", None, "", "", canon.digest(TEXT.encode()), len(TEXT), TEXT
        )
    ]
    digest = canon.digest((registry / FOLDER / "manifest.json").read_bytes())
    document = groundings.document(manifest(registry), digest, texts, "Rae Example")
    assert "29,259 source videos" not in json.dumps([one["spans"] for one in document["claims"]])
    stored(registry, document)
    examined = examine_loaded(load(registry))
    assert codes(registry) == set()
    assert examined.facts is not None
    assert not examined.facts.evidence.is_grounded


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda d: d.update(paper="11111111-1111-4111-8111-111111111111"), ("S112", "/paper")),
        (lambda d: d.update(manifest_sha256="sha256:" + "0" * 64), ("S113", "/manifest_sha256")),
        (lambda d: d["claims"].pop(), ("S113", "/claims")),
        (lambda d: d["claims"][0].update(text_sha256="sha256:" + "0" * 64), ("S113", "/claims")),
        (lambda d: d["texts"][0].update(source="s009"), ("S113", "/texts/0/source")),
        (
            lambda d: d["texts"][0].update(file="sources/arxiv/2507.13374/2026-11-26-no-such.json"),
            ("S113", "/texts/0/file"),
        ),
        (lambda d: d["texts"][0].update(file=None), ("S113", "/texts/0/file")),
        (lambda d: d.update(reported_by="Rae"), ("S113", "/reported_by")),
        (lambda d: d["claims"][0].update(verdict="verified"), ("S110", "/claims/0/verdict")),
    ],
)
def test_a_grounding_of_something_else_is_refused(
    change: Change, expected: tuple[str, str], registry: Path
) -> None:
    """Another paper, another manifest, other claims, sources that are not listed."""
    document = ground(registry)
    change(document)
    stored(registry, document)
    assert expected in codes(registry)


def check(registry: Path, **changes: Any) -> str:
    """Return a claim-check as YAML: all claims of the record, supported."""
    lines = [
        "contract_version: claim-check-v1", f"paper: {changes.get('paper', PAPER)}", "date: 2026-11-26",
        "checker:", "  name: Rae Example", f"  kind: {changes.get('kind', 'person')}",
        f"  independent: {changes.get('independent', 'true')}",
        *(MODEL if "kind" in changes else []),
        "drawn:", f"  how: {changes.get('how', 'all')}", f"  of: {changes.get('of', 21)}", "claims:",
    ]  # fmt: skip
    names = changes.get("claims") or [claim.id for claim in manifest(registry).claims or ()]
    for name in names:
        lines += [
            f"  - claim: {name}", f"    verdict: {changes.get('verdict', 'supported')}",
            f"    error: {changes.get('error', 'none')}", "    source: s002", "    locator: section 1",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


def file_check(registry: Path, text: str, *, confirm: bool = True) -> None:
    """File a check, and a maintainer's review of it."""
    path = f"{FOLDER}/checks/rae-2026.yaml"
    (registry / path).parent.mkdir(exist_ok=True)
    (registry / path).write_text(text)
    if confirm:
        review = registry / f"reviews/63/{PAPER}/seen.yaml"
        review.parent.mkdir(parents=True, exist_ok=True)
        review.write_text(
            f"contract_version: review-v1\npaper: {PAPER}\nfile: {path}\n"
            f"sha256: {canon.digest(text.encode())}\nreviewer: Rae Maintainer\n"
            "date: 2026-11-26\nlooked_at: The check.\n"
        )


def facts_with(registry: Path, text: str, *, confirm: bool = True) -> Any:
    """Return the claim facts of the record with a check."""
    file_check(registry, text, confirm=confirm)
    assert codes(registry) == set()
    facts = examine_loaded(load(registry)).facts
    assert facts is not None
    return facts.evidence


def test_a_confirmed_check_counts(registry: Path) -> None:
    """What an independent person judged supported, with source and place, is grounded and located."""
    facts = facts_with(registry, check(registry))
    assert (facts.grounded, facts.located, facts.sample) == (21, 21, 21)


@pytest.mark.parametrize("changes", [{"independent": "false"}, {"kind": "model"}, {"verdict": "unclear"}])
def test_what_does_not_count(registry: Path, changes: dict[str, str]) -> None:
    """Neither a publisher's own check, nor a model's, nor an undecided one raises anything."""
    facts = facts_with(registry, check(registry, **changes))
    assert (facts.grounded, facts.located) == (0, 0)


def test_the_day_of_a_check_is_a_date_of_the_record(registry: Path) -> None:
    """A day draws the sample, so one that has not come cannot be chosen: it is judged like any date."""
    file_check(registry, check(registry))
    facts = examine_loaded(load(registry)).facts
    assert facts is not None
    tree = WorkTree(str(registry))
    assert list(future_dates([facts], "2026-11-26T00:00:00Z", tree)) == []
    [found] = [one for one in future_dates([facts], "2026-11-25T00:00:00Z", tree) if "/checks/" in one.path]
    assert (found.code, found.pointer, found.line) == ("H101", "/date", 3)


def test_without_a_review_a_check_is_only_shown(registry: Path) -> None:
    """Nothing that a stranger files raises its own standing."""
    facts = facts_with(registry, check(registry), confirm=False)
    assert (facts.grounded, facts.sample, facts.judged_contradicted) == (0, 0, 0)


def test_a_contradicted_claim_is_an_open_conflict(registry: Path) -> None:
    """And a major error makes the sample count for nothing."""
    facts = facts_with(registry, check(registry, verdict="contradicted", error="major"))
    assert (facts.judged_contradicted, facts.open_conflicts, facts.sample) == (21, 21, 0)


def test_a_random_sample_is_the_drawn_one(registry: Path) -> None:
    """The first claims of the day's order are accepted, and any others refused with the right ones named."""
    digest = canon.digest((registry / FOLDER / "manifest.json").read_bytes())
    order = drawn_order(digest, "2026-11-26", [claim.id for claim in manifest(registry).claims or ()])
    assert facts_with(registry, check(registry, how="random", claims=order[:10])).sample == 10
    file_check(registry, check(registry, how="random", claims=order[1:11]))
    assert ("S113", "/drawn/how") in codes(registry)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"paper": "11111111-1111-4111-8111-111111111111"}, ("S112", "/paper")),
        ({"of": 20}, ("S113", "/drawn/of")),
        ({"claims": ["c001"]}, ("S113", "/drawn/how")),
        ({"claims": ["c099"], "how": "chosen"}, ("S113", "/claims/0/claim")),
        ({"claims": ["c001", "c001"], "how": "chosen"}, ("S113", "/claims/1/claim")),
    ],
)
def test_a_check_of_something_else_is_refused(
    registry: Path, changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    """Another paper, another number of claims, claims that are not there or stand twice."""
    file_check(registry, check(registry, **changes))
    assert expected in codes(registry)
