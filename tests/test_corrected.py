"""One fabricated record has an event of every type and passes through every state."""

import json
import shutil
from pathlib import Path

import pytest

from colophon import folder, schema
from colophon.alterations import note_of
from colophon.fold import Record
from colophon.index import facts_of
from colophon.rules.state import correction_state
from colophon.store import WorkTree

from .conftest import colophon

REGISTRY = Path(__file__).parent / "corrected"
RECORD = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
HISTORY = [
    (2, "METADATA", "applied", "CORRECTED"),
    (3, "ARTIFACT", "applied", "CORRECTED"),
    (4, "CLAIM", "applied", "CORRECTED"),
    (5, "BENCHMARK", "applied", "CORRECTED"),
    (6, "PROVENANCE", "applied", "CORRECTED"),
    (7, "QUALITY_ASSESSMENT", "waits", "DISPUTED"),
    (8, "DISPUTE", "proposed", "DISPUTED"),
    (9, "EXPRESSION_OF_CONCERN", "notice", "DISPUTED"),
    (10, "SUPERSESSION", "waits", "DISPUTED"),
    (11, "SUPERSESSION", "confirmed", "SUPERSEDED"),
    (12, "WITHDRAWAL", "waits", "SUPERSEDED"),
    (13, "WITHDRAWAL", "confirmed", "WITHDRAWN"),
    (14, "RETRACTION", "waits", "WITHDRAWN"),
    (15, "RETRACTION", "confirmed", "RETRACTED"),
    (16, "REINSTATEMENT", "waits", "RETRACTED"),
    (17, "REINSTATEMENT", "confirmed", "SUPERSEDED"),
    (18, "REMOVAL", "notice", "SUPERSEDED"),
    (19, "METADATA", "not applied", "SUPERSEDED"),
]


@pytest.fixture(scope="module")
def record() -> Record:
    """The record with its whole history."""
    loaded = folder.load(WorkTree(str(REGISTRY)), RECORD, f"papers/c2/{RECORD}", "SRCH")
    assert loaded.record is not None
    return loaded.record


def test_every_step_has_its_outcome_and_state(record: Record) -> None:
    """Versions are numbered on, each state follows from the steps until then, and none is left out."""
    history = facts_of(record).history
    found = [
        (step.version, step.type, step.outcome, correction_state(history[:n]).value)
        for n, step in enumerate(history, 1)
    ]
    assert found == HISTORY
    assert {state for *_, state in HISTORY} | {"CURRENT"} == set(
        _enum("correction-record-v1", "correction_state")
    )
    assert {kind for _, kind, _, _ in HISTORY} == set(_enum("correction-event-v1", "type"))


def _enum(contract: str, name: str) -> list[str]:
    values: list[str] = schema.load(contract)["properties"][name]["enum"]
    return values


def test_what_was_removed_is_known(record: Record) -> None:
    """The report is gone, the record is whole, and the registry is not damaged."""
    assert record.removed == ("report.txt",)
    assert (
        record.provenance.ingest.sha256
        == next(e.event.removal for e in record.events if e.event.removal).sha256
    )
    done = colophon("check", "--registry", REGISTRY)
    assert (done.returncode, "0 integrity findings" in done.stdout) == (0, True), done.stdout


def test_a_refusal_changes_nothing_and_is_kept(record: Record) -> None:
    """It begins no version; its reason and what was asked for stay."""
    (refusal,) = record.refusals
    assert refusal.refusal.reason == "no-evidence"
    assert refusal.refusal.correction.note.startswith("The score should be 9.9")


@pytest.mark.parametrize("slug", ["licence", "unsound"])
def test_a_removed_correction_takes_no_address_away(tmp_path: Path, slug: str) -> None:
    """Every page of the site is there still, its own says that it went, and nothing it said is left."""
    registry = tmp_path / "registry"
    shutil.copytree(REGISTRY, registry)
    assert colophon("build", "--registry", registry, "--site-dir", tmp_path / "before").returncode == 0
    file = registry / "papers" / "c2" / RECORD / "corrections" / f"{slug}.yaml"
    raw = file.read_bytes()
    note = note_of(raw, is_statement=True)
    file.write_bytes(note.raw)
    (file.parent / "gone.yaml").write_text(
        f"contract_version: correction-event-v1\npaper: {RECORD}\ntype: REMOVAL\nreason: privacy\n"
        "date: 2026-04-01\nreporter: Ada Example\nnote: It named somebody.\nremoval:\n"
        f"  authority: The editor\n  file: corrections/{slug}.yaml\n  sha256: {note.digest}\n"
    )
    assert colophon("build", "--registry", registry, "--site-dir", tmp_path / "after").returncode == 0
    before, after = (
        {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
        for site in (tmp_path / "before", tmp_path / "after")
    )
    # Parts of the search bear their digests.
    assert {path for path in before - after if not path.startswith("search/")} == set()
    place = f"papers/{RECORD}/{note.date}-{note.digest[7:19]}.html"
    page = (tmp_path / "after" / place).read_text()
    assert "<h1>Correction removed</h1>" in page
    assert f"corrections/{slug}.yaml was removed" in page
    said = raw.decode().partition("note: |\n")[2].partition("\n")[0].strip()
    assert len(said) > 20
    for path in after:
        assert said not in (tmp_path / "after" / path).read_bytes().decode("utf-8", "replace"), path
    whole = json.loads((tmp_path / "after" / "papers" / f"{RECORD}.json").read_bytes())["corrections"]
    assert schema.faults("correction-record-v1", whole) == ()
    assert [one["version"] for one in whole["superseded_versions"]] == list(range(1, len(HISTORY) + 2))
