"""A record's folder is read whole, linked, and known by the digest of its documents."""

import shutil
from pathlib import Path

import pytest

from colophon import folder
from colophon.model import FindingClass, Severity
from colophon.store import WorkTree

RECORD = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
PLACE = f"papers/c2/{RECORD}"
EVENT = (
    f"contract_version: correction-event-v1\npaper: {RECORD}\ntype: DISPUTE\n"
    "reason: other\ndate: 2026-05-0%d\n"
    "reporter:\n  name: Somebody\n  kind: person\nnote: Fabricated for a test.\n"
)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A copy of the test registry."""
    shutil.copytree(Path(__file__).parents[1] / "registry", tmp_path / "r")
    return tmp_path / "r"


def load(registry: Path, place: str = PLACE, record_id: str = RECORD, prefix: str = "SRCH") -> folder.Loaded:
    return folder.load(WorkTree(str(registry)), record_id, place, prefix)


def codes(loaded: folder.Loaded) -> list[tuple[str, str]]:
    return [(finding.code, finding.path.removeprefix(f"{loaded.folder}/")) for finding in loaded.findings]


def test_folders_are_found_in_order(registry: Path) -> None:
    """Every folder two levels below papers is a record's, sorted; files and links are none."""
    (registry / "papers/zz").mkdir()
    (registry / "papers/zz/anything").mkdir()
    (registry / "papers/zz/file").write_text("x")
    (registry / "papers/zz/link").symlink_to(registry)
    found = list(folder.record_folders(WorkTree(str(registry))))
    assert [path for _, path in found] == sorted(path for _, path in found)
    assert found[-1] == ("anything", "papers/zz/anything")
    assert len(found) == 11


def test_a_good_folder_gives_a_record(registry: Path) -> None:
    """A record has its typed manifest, its provenance, and the stored documents with their bytes."""
    loaded = load(registry)
    assert loaded.findings == ()
    assert loaded.record is not None
    assert loaded.record.manifest.title == "Fabricated Report: Memory of Imaginary Routers"
    assert loaded.record.filed_contract == "paper-manifest-v1.1"
    assert set(loaded.stored) == {"manifest.json", "provenance.json"}
    assert loaded.manifest is not None


def test_the_digest_follows_every_document(registry: Path) -> None:
    """The key of everything derived changes with any byte of any document and with each event, and
    only then.
    """
    seen = {load(registry).digest}
    assert load(registry).digest in seen
    (registry / PLACE / "report.txt").write_bytes((registry / PLACE / "report.txt").read_bytes() + b" ")
    seen.add(load(registry).digest)
    (registry / PLACE / "corrections").mkdir()
    (registry / PLACE / "corrections/first.yaml").write_text(EVENT % 1)
    seen.add(load(registry).digest)
    (registry / PLACE / "corrections/first.yaml").rename(registry / PLACE / "corrections/second.yaml")
    seen.add(load(registry).digest)
    assert len(seen) == 4


def test_events_come_in_order_of_their_dates(registry: Path) -> None:
    """The names of event files do not decide their order; ids are day and digest."""
    (registry / PLACE / "corrections").mkdir()
    (registry / PLACE / "corrections/a-later.yaml").write_text(EVENT % 7)
    (registry / PLACE / "corrections/b-earlier.yaml").write_text(EVENT % 3)
    record = load(registry).record
    assert record is not None
    assert [event.slug for event in record.events] == ["b-earlier", "a-later"]
    assert [event.id[:11] for event in record.events] == ["2026-05-03-", "2026-05-07-"]


def test_an_event_that_cannot_be_applied_is_a_note_with_its_line(registry: Path) -> None:
    """The record stays readable, and who wrote the event learns what stands there now."""
    (registry / PLACE / "corrections").mkdir()
    change = "changes:\n  - document: manifest\n    pointer: /license\n    old: a\n    new: b\n"
    written = (EVENT % 1).replace("DISPUTE\nreason: other", "METADATA") + change
    (registry / PLACE / "corrections/change.yaml").write_text(written)
    loaded = load(registry)
    (finding,) = loaded.findings
    assert (finding.code, finding.pointer, finding.line) == ("H301", "/changes/0/old", 12)
    assert (finding.severity, finding.finding_class) == (Severity.NOTE, FindingClass.EDITORIAL)
    assert loaded.record is not None
    assert loaded.record.manifest.license is None


@pytest.mark.parametrize("name", ["manifest.json", "provenance.json"])
def test_without_a_readable_document_there_is_no_record(registry: Path, name: str) -> None:
    """A missing or damaged document prevents the record; the rest of the folder is still judged."""
    (registry / PLACE / "notes.txt").write_text("x")
    (registry / PLACE / name).write_text("{")
    loaded = load(registry)
    assert loaded.record is None
    assert codes(loaded) == sorted([("S101", name), ("S114", "notes.txt")], key=lambda item: item[1])
    (registry / PLACE / name).unlink()
    assert ("S117", name) in codes(load(registry))


def test_the_prefix_of_the_registry_is_that_of_its_records(registry: Path) -> None:
    """A display id with another prefix than the registry's disagrees."""
    (finding,) = load(registry, prefix="MADE").findings
    assert (finding.code, finding.pointer) == ("S112", "/display_id")
    assert "expected MADE:C23C1127" in finding.message


def test_a_folder_in_another_place_disagrees(registry: Path) -> None:
    """A folder lies in the shard of the first two digits of its id."""
    shutil.copytree(registry / PLACE, registry / "papers/aa" / RECORD)
    assert codes(load(registry, f"papers/aa/{RECORD}"))[0] == ("S112", f"papers/aa/{RECORD}")
