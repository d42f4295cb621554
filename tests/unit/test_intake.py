"""A report becomes a record, always the same one; what cannot is refused with nothing written."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import admission, canon, intake
from colophon.errors import EnvironmentFault, RegistryError, ReportError, UsageError
from colophon.layout import UUID

REPORTS = Path(__file__).parents[1] / "registry-reports"
REPORT = REPORTS / "unsafe.txt"
STATED = Path(__file__).parents[1] / "ingests/examples/001_26414e9198898de5.txt"
TODAY = "2026-11-22"
GIVEN = "c157b341-d852-485c-b26f-7cb9d63b3007"


def tree(folder: Path) -> dict[str, bytes]:
    files = [file for file in folder.rglob("*") if file.is_file()] if folder.exists() else []
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def admit(
    folder: Path, *files: Path, record_id: str | None = None, dry_run: bool = False
) -> list[intake.NewRecord]:
    return admission.admit(list(files), folder, record_id=record_id, dry_run=dry_run, today=TODAY)


def test_a_report_becomes_three_files(tmp_path: Path) -> None:
    """The record's folder holds the report as received and two documents in stored form."""
    (record,) = admit(tmp_path / "r", REPORT)
    place = tmp_path / "r" / "papers" / record.id[:2] / record.id
    assert sorted(file.name for file in place.iterdir()) == ["manifest.json", "provenance.json", "report.txt"]
    assert (place / "report.txt").read_bytes() == REPORT.read_bytes()
    for name in ("manifest.json", "provenance.json"):
        raw = (place / name).read_bytes()
        assert canon.dumps(canon.read(raw).value) == raw


def test_the_same_report_gives_the_same_record(tmp_path: Path) -> None:
    """Id and bytes follow from the report's bytes alone, not from its folder or the time."""
    copy = tmp_path / "elsewhere" / REPORT.name
    copy.parent.mkdir()
    copy.write_bytes(REPORT.read_bytes())
    os.utime(copy, (0, 0))
    assert intake.read_report(REPORT, None, "SRCH") == intake.read_report(copy, None, "SRCH")


@given(st.binary(), st.none() | st.from_regex(r"\A[0-9a-f]{8}\Z"))
def test_ids_are_uuids_of_version_8(raw: bytes, stated: str | None) -> None:
    """A made id is a lower-case UUID of version 8 and variant 1, and begins with the digits the report
    states.
    """
    made = intake._id(Path("f"), raw, None, stated)
    assert UUID.fullmatch(made)
    assert made[14] == "8"
    assert made[19] in "89ab"
    assert made.startswith(stated or hashlib.sha256(raw).hexdigest()[:8])
    assert made == intake._id(Path("f"), raw, None, stated)


def test_a_given_id_must_fit_the_stated_one(tmp_path: Path) -> None:
    """``--id`` is taken in any case when it begins with the printed digits, and refused when it does not."""
    assert intake.read_report(STATED, GIVEN.upper(), "SRCH").id == GIVEN
    with pytest.raises(
        ReportError, match="states an id that begins with c157b341, --id begins with d157b341"
    ):
        intake.read_report(STATED, "d" + GIVEN[1:], "SRCH")
    with pytest.raises(ReportError, match="is no UUID"):
        intake.read_report(STATED, "c157b341", "SRCH")


@pytest.mark.parametrize("name", ["report\u202e.txt", "a\nb.txt", "x" * 250, "tab\there.txt"])
def test_any_file_name_can_be_stored(tmp_path: Path, name: str) -> None:
    """The name of the file is kept in the provenance without what may not be stored."""
    file = tmp_path / name
    file.write_bytes(REPORT.read_bytes())
    record = intake.read_report(file, None, "SRCH")
    provenance = next(body for path, body in record.files.items() if path.endswith("provenance.json"))
    assert canon.read(provenance).faults == ()


def test_a_known_record_is_refused(tmp_path: Path) -> None:
    """Ingesting a report twice fails and changes nothing."""
    admit(tmp_path / "r", REPORT)
    before = tree(tmp_path / "r")
    with pytest.raises(ReportError, match="is in the registry already"):
        admit(tmp_path / "r", REPORT)
    assert tree(tmp_path / "r") == before


def test_one_report_given_twice_is_refused(tmp_path: Path) -> None:
    """Two files with one content would be one record; the message names both files."""
    copy = tmp_path / "copy.txt"
    copy.write_bytes(REPORT.read_bytes())
    with pytest.raises(ReportError, match=r"copy\.txt: has the id of .*unsafe\.txt"):
        admit(tmp_path / "r", REPORT, copy)
    assert tree(tmp_path / "r" / "papers") == {}


def test_several_reports_are_all_written_or_none(tmp_path: Path) -> None:
    """One bad report among good ones leaves the registry, or the place of one, as it was."""
    bad = tmp_path / "bad.txt"
    bad.write_text("Dear Sir or Madam,\n")
    with pytest.raises(ReportError, match=r"bad\.txt"):
        admit(tmp_path / "r", REPORT, bad)
    assert not (tmp_path / "r").exists()
    assert len(admit(tmp_path / "r", *sorted(REPORTS.glob("*.txt")))) == len(list(REPORTS.glob("*.txt")))


def test_an_empty_folder_becomes_a_registry(tmp_path: Path) -> None:
    """Ingesting into nothing first makes what ``init`` makes, with the prefix that the report states."""
    (tmp_path / "r").mkdir()
    admit(tmp_path / "r", STATED)
    assert 'id_prefix: "SRCH"' in (tmp_path / "r/registry.yaml").read_text()
    assert len(list((tmp_path / "r/vocabularies").iterdir())) == 5


def test_a_folder_that_is_no_registry_is_refused(tmp_path: Path) -> None:
    """A folder with other things in it does not become a registry."""
    (tmp_path / "letter.txt").write_text("x")
    with pytest.raises(RegistryError, match=r"no registry\.yaml"):
        admit(tmp_path, REPORT)
    assert list(tree(tmp_path)) == ["letter.txt"]


def test_another_prefix_is_refused(tmp_path: Path) -> None:
    """A report that prints SRCH does not fit a registry of another prefix."""
    admission.initialise(tmp_path / "r", name="Made Up", id_prefix="MADE", today=TODAY)
    before = tree(tmp_path / "r")
    with pytest.raises(ReportError, match="prefix SRCH, this registry's prefix is MADE"):
        admit(tmp_path / "r", STATED)
    assert tree(tmp_path / "r") == before


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """A dry run says what would be written and leaves even the missing folder missing."""
    (record,) = admit(tmp_path / "r", REPORT, dry_run=True)
    assert record.title == "Fabricated Report: Memory of Imaginary Routers"
    assert not (tmp_path / "r").exists()


def test_a_refused_write_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fills up in the middle of a record, nothing of the record stays."""
    admit(tmp_path / "r", STATED)
    before = tree(tmp_path / "r")
    write = Path.write_bytes

    def full(self: Path, body: bytes) -> int:
        if self.name == "provenance.json":
            raise OSError(28, "No space left on device")
        return write(self, body)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(EnvironmentFault, match="No space left on device"):
        admit(tmp_path / "r", REPORT)
    assert tree(tmp_path / "r") == before
    assert not list((tmp_path / "r").rglob("*.part"))


def test_the_rest_of_a_killed_run_is_no_hindrance(tmp_path: Path) -> None:
    """Beside a folder that a kill left half-written the same report is ingested whole."""
    record = intake.read_report(REPORT, None, "SRCH")
    rest = tmp_path / "r" / "papers" / record.id[:2] / f".{record.id}.part"
    admit(tmp_path / "r", STATED)
    rest.mkdir(parents=True)
    (rest / "manifest.json").write_text("half")
    admit(tmp_path / "r", REPORT)
    assert len(list((tmp_path / "r" / record.folder).iterdir())) == 3


def test_an_unreadable_report_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without permission is refused by name."""

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ReportError, match=r"unsafe\.txt: cannot be read: Permission denied"):
        intake.read_report(REPORT, None, "SRCH")


@pytest.mark.parametrize(
    ("name", "prefix"), [("Fine", "lower"), ("Fine", "A"), ("two\nlines", "MADE"), ("", "MADE")]
)
def test_a_registry_that_would_not_be_valid_is_not_made(tmp_path: Path, name: str, prefix: str) -> None:
    """A name or prefix outside the contract is refused before anything is written."""
    with pytest.raises(UsageError, match="would not be valid"):
        admission.initialise(tmp_path / "r", name=name, id_prefix=prefix, today=TODAY)
    assert not (tmp_path / "r").exists()


@given(st.text(min_size=1, max_size=50))
def test_any_allowed_name_is_quoted(name: str) -> None:
    """No name of a registry breaks the YAML that holds it: it is read back as given or refused."""
    try:
        files = admission._starter_files({"name": name, "id_prefix": "MADE", "opened": TODAY})
    except UsageError:
        return
    from colophon import yaml_guard  # noqa: PLC0415

    assert yaml_guard.read(files["registry.yaml"]).value["name"] == name


def test_a_folder_that_is_not_empty_is_not_initialised(tmp_path: Path) -> None:
    """``init`` never writes among other files."""
    (tmp_path / "letter.txt").write_text("x")
    with pytest.raises(UsageError, match="is not empty"):
        admission.initialise(tmp_path, name="Fine", id_prefix="MADE", today=TODAY)
    with pytest.raises(UsageError, match="is not empty"):
        admission.initialise(tmp_path / "letter.txt", name="Fine", id_prefix="MADE", today=TODAY)
