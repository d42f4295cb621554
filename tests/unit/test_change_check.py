"""Judging a change as a whole: what is run, in which order it is told, and what stays out."""

from pathlib import Path

import pytest

from colophon import change_check, pipeline
from colophon.change_check import Ask, joined, judge, walk, worst_first
from colophon.change_report import ChangeReport
from colophon.errors import RegistryError
from colophon.executor import Serial
from colophon.model import Finding, FindingClass, Severity
from colophon.repository import Repository

from ..gate.base import COUNTED, KEPT, LATER, REMOVED, dispute, event, paper
from ..gate.branches import Step, add, delete, edit, made
from ..gate.conftest import Start, begun
from ..gate.events import SETTINGS, confirms, corrects, files
from ..gate.records import MANIFEST, NEW, record, states
from ..gate.rows import NOW

BLOCKS, NOTES = FindingClass.INTEGRITY, FindingClass.EDITORIAL


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """A repository with a registry of five records."""
    return begun(tmp_path_factory.mktemp("change") / "repository")


def ask(start: Start, *, kept: bool = True) -> Ask:
    """Return what is asked of a check, with the outlines of the registry kept or not."""
    repository, file = Repository(str(start.folder)), start.cache if kept else None
    return Ask(repository, "registry", pipeline.rules(), NOW, file, Serial(), lambda *_: None)


def judged(start: Start, tmp_path: Path, *steps: Step, kept: bool = True) -> ChangeReport:
    """Judge some steps from the base."""
    count = len(list(tmp_path.iterdir()))
    head = made(steps, start.folder, start.base, tmp_path / f"i{count}")
    return judge(ask(start, kept=kept), start.base, start.base, head)


def codes(report: ChangeReport, of: FindingClass = BLOCKS) -> list[str]:
    """Return the codes of what blocks, or of the notes."""
    return [found.code for found in report.findings if found.finding_class is of]


def finding(code: str, severity: Severity, of: FindingClass, path: str = "a") -> Finding:
    """Return a finding."""
    return Finding(path, 1, "", code, "", "slug", severity, of)


def test_what_blocks_is_told_first() -> None:
    """Then errors, warnings and notes, each by place."""
    block, error = finding("H401", Severity.ERROR, BLOCKS, "z"), finding("C101", Severity.ERROR, NOTES, "y")
    warning, note = finding("Q101", Severity.WARNING, NOTES, "b"), finding("H301", Severity.NOTE, NOTES)
    other = finding("Q101", Severity.WARNING, NOTES, "c")
    assert worst_first({other, note, warning, error, block}) == (block, error, warning, other, note)


def test_a_change_of_nothing_has_nothing_to_say(start: Start, tmp_path: Path) -> None:
    """No record, no finding; what was wrong before is counted and not told."""
    report = judged(start, tmp_path, add("README.md", "Other words.\n"))
    assert (report.records, report.findings, report.files, report.notes) == ((), (), 0, ())
    assert (report.standing, report.standing_where) == (33, "colophon check")


def test_only_what_the_change_brings_is_told(start: Start, tmp_path: Path) -> None:
    """A record with editorial findings gets an event; they stay with the rest."""
    report = judged(start, tmp_path, files("DISPUTE", "reason: other"))
    assert (report.findings, report.standing, report.files) == ((), 33, 1)
    assert [one.id for one in report.records] == [COUNTED]


def test_editorial_findings_of_a_new_record_are_told_and_block_nothing(start: Start, tmp_path: Path) -> None:
    """Whoever files it should know."""
    report = judged(start, tmp_path, record)
    assert codes(report) == []
    assert set(codes(report, NOTES)) >= {"C101"}
    # The words of its report were taken from another's, which gets a note of that.
    told = [found for found in report.findings if found.severity is not Severity.NOTE]
    assert {found.record for found in told} == {NEW.id}
    assert {(found.code, found.record) for found in report.findings if found not in told} == {
        ("U102", COUNTED)
    }
    assert report.standing == 33


def test_what_only_the_whole_registry_shows_is_told(start: Start, tmp_path: Path) -> None:
    """A link to a paper that is not there, and a successor that is, need all other records."""
    fine = judged(start, tmp_path, files("SUPERSESSION", "reason: newer-version", f"successor: {LATER}"))
    assert fine.findings == ()
    new = judged(
        start, tmp_path, record, files("SUPERSESSION", "reason: newer-version", f"successor: {NEW.id}")
    )
    assert codes(new) == []
    lost = judged(start, tmp_path, record, states("supersedes", f"{KEPT[:-1]}e"))
    assert codes(lost) == ["S113"]
    (found,) = [found for found in lost.findings if found.code == "S113"]
    assert (found.path, found.pointer, found.line > 1) == (
        MANIFEST.removeprefix("registry/"),
        "/supersedes",
        True,
    )


def test_what_must_be_mended_first_waits_for_nothing_else(start: Start, tmp_path: Path) -> None:
    """Without kept outlines the whole registry is looked at only for a change that may pass; it is said."""
    report = judged(start, tmp_path, corrects("/license", "MIT", "GPL"), kept=False)
    assert (codes(report), report.standing) == (["H301"], 0)
    assert report.notes == ("rules over the whole registry were not run: mend the change first",)
    assert judged(start, tmp_path, files("DISPUTE", "reason: other"), kept=False).notes == ()


def test_a_registry_that_the_change_takes_away_is_no_crash(start: Start, tmp_path: Path) -> None:
    """What the gate says of it is told; where that is nothing, the reader is told what is missing."""
    assert codes(judged(start, tmp_path, delete(SETTINGS))) == ["H408"]
    free = made(
        [edit(SETTINGS, "append_only: true", "append_only: false")], start.folder, start.base, tmp_path / "a"
    )
    gone = made([delete(SETTINGS)], start.folder, free, tmp_path / "b")
    with pytest.raises(RegistryError, match="no registry"):
        judge(ask(start), free, free, gone)


def test_the_first_change_of_all_is_judged(start: Start, tmp_path: Path) -> None:
    """Nothing was there before, so nobody could confirm, and nothing could be altered."""
    bare = made([delete("registry")], start.folder, start.base, tmp_path / "a")
    report = judge(ask(start), bare, bare, start.base)
    assert set(codes(report)) == {"H411", "H413", "H410"}
    assert len(report.records) == 10
    assert "the base is not append-only yet: files may still be changed" in report.notes


@pytest.mark.parametrize(
    "steps",
    [(add(SETTINGS, b"append_only: true\n\xff"),), (edit(SETTINGS, "opened:", "openend:"),)],
    ids=["no text", "typo"],
)
def test_settings_that_cannot_be_read_end_the_check(
    start: Start, tmp_path: Path, steps: tuple[Step, ...]
) -> None:
    """Nothing can be said of records by them; their own fault is told."""
    report = judged(start, tmp_path, *steps, files("DISPUTE", "reason: other"))
    assert report.records == ()
    assert any(found.path == "registry.yaml" for found in report.findings)


def test_the_prefix_of_ids_stays_while_there_are_records(start: Start, tmp_path: Path) -> None:
    """Every stored display id would be wrong; a registry without a record may still choose."""
    report = judged(start, tmp_path, edit(SETTINGS, "SRCH", "EVIL"))
    assert [(found.code, found.path, found.pointer) for found in report.findings] == [
        ("S112", "registry.yaml", "/id_prefix")
    ]
    empty = made(
        [delete("registry/papers", "registry/reviews", "registry/refusals")],
        start.folder,
        start.base,
        tmp_path / "a",
    )
    renamed = made([edit(SETTINGS, "SRCH", "EVIL")], start.folder, empty, tmp_path / "b")
    assert judge(ask(start), empty, empty, renamed).findings == ()


def test_that_a_file_has_no_place_is_said_once(start: Start, tmp_path: Path) -> None:
    """The gate says where it belongs, so the reader of the record says nothing."""
    assert codes(judged(start, tmp_path, add(f"{paper(KEPT)}/notes.docx"))) == ["H405"]


def test_maintainers_are_those_of_the_base(start: Start, tmp_path: Path) -> None:
    """Who is added by the change itself decides nothing in it."""
    waits = f"{paper(REMOVED)}/corrections/withdrawal-asked.yaml"
    joins = edit(SETTINGS, "name: Ada Example", "name: Ada Example\n  - name: Eve Example")
    review = confirms(REMOVED, waits, by="Eve Example")
    assert codes(judged(start, tmp_path, joins, review)) == ["H411"]
    merged = made([joins], start.folder, start.base, tmp_path / "a")
    head = made([review], start.folder, merged, tmp_path / "b")
    report = judge(ask(start), merged, merged, head)
    assert codes(report) == []
    assert (
        f"reviews/59/{REMOVED}/seen.yaml is signed Eve Example: merge it only when that is who sent it"
        in (report.notes)
    )


def test_what_becomes_of_the_settings_is_told(start: Start, tmp_path: Path) -> None:
    """Who may confirm, where the site is, when it was opened: whoever merges it decides about all records."""
    report = judged(
        start,
        tmp_path,
        edit(SETTINGS, "name: Ada Example", "name: Ada Example\n  - name: Eve Example"),
        edit(SETTINGS, "opened: 2026-01-01", "opened: 2026-01-02"),
    )
    assert codes(report) == []
    assert report.notes == (
        "registry.yaml: opened was 2026-01-01 and is 2026-01-02",
        "registry.yaml: maintainers was Ada Example, Fabricated Maintainer "
        "and is Ada Example, Eve Example, Fabricated Maintainer",
    )
    moved = judged(start, tmp_path, edit(SETTINGS, "registry.example", "evil.example"))
    assert (codes(moved), moved.site_url) == ([], "https://registry.example/")
    worded = judged(start, tmp_path, edit(SETTINGS, "# The day this registry was opened.", "# The day."))
    assert worded.notes == ("registry.yaml changes in its comments, contacts or layout alone",)


def test_commits_in_a_row_are_judged_one_by_one(start: Start, tmp_path: Path) -> None:
    """Their findings are told once, their records in order, their notes once."""
    broken = add(f"{paper(KEPT)}/corrections/broken.yaml", event(KEPT, "GOSSIP"))
    one = made([broken], start.folder, start.base, tmp_path / "a")
    two = made(
        [add(f"{paper(LATER)}/corrections/fine.yaml", dispute(LATER))], start.folder, one, tmp_path / "b"
    )
    reports = list(walk(ask(start), start.base, two))
    assert [[found.id for found in report.records] for report in reports] == [[KEPT], [LATER]]
    assert [codes(report) for report in reports] == [["S110"] * len(codes(reports[0])), []]
    whole = joined(start.base, two, [*reports, *reports])
    assert whole.findings == change_check.worst_first(reports[0].findings)
    assert (whole.base, whole.head, whole.files) == (start.base, two, 4)
    assert joined(one, one, []).findings == ()
