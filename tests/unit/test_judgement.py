"""The whole-registry stage: links between records, second findings, dates by the time given."""

import shutil
from pathlib import Path

import pytest

from colophon import judgement, settings
from colophon.examination import Task, examine_all
from colophon.folder import record_folders
from colophon.judgement import Judged
from colophon.model import FindingClass
from colophon.store import WorkTree

RECORD = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A copy of the test registry."""
    shutil.copytree(Path(__file__).parents[1] / "registry", tmp_path / "r")
    return tmp_path / "r"


def judged(registry: Path, *, backwards: bool = False) -> list[Judged]:
    tree = WorkTree(str(registry))
    loaded = settings.load(tree).settings
    assert loaded is not None
    tasks = tuple(Task(tree, name, path, "SRCH") for name, path in record_folders(tree))
    examined = examine_all(tuple(reversed(tasks)) if backwards else tasks)
    return list(judgement.judge(tree, loaded, examined))


def test_every_readable_record_is_judged(registry: Path) -> None:
    """Each has findings in order and derived values with reasons; a damaged record is left out, not
    the others.
    """
    found = judged(registry)
    assert len(found) == 10
    for item in found:
        assert list(item.findings) == sorted(item.findings)
        assert item.derived.tier.reasons
    (registry / f"papers/c2/{RECORD}/manifest.json").write_text("{")
    assert [item.id for item in judged(registry)] == [item.id for item in found if item.id != RECORD]


def test_the_order_of_examination_changes_nothing(registry: Path) -> None:
    """Whatever order results come in, each record is judged the same."""
    forwards = {item.id: item for item in judged(registry)}
    assert {item.id: item for item in judged(registry, backwards=True)} == forwards


def test_second_findings_never_feed_the_tier(registry: Path) -> None:
    """A finding that compares a stated with a derived value is editorial and marked as second."""
    second = [f for item in judged(registry) for f in item.findings if f.second]
    assert all(finding.finding_class is FindingClass.EDITORIAL for finding in second)


def test_what_supersedes_nothing_dangles(registry: Path) -> None:
    """A link to a record that is not here is an integrity finding on its line; one to a record here is
    none.
    """
    file = registry / f"papers/c2/{RECORD}/manifest.json"
    text = file.read_text()
    for target, expected in (
        ("00000000-0000-4000-8000-000000000000", ["S113"]),
        ("0fab0fab-6512-8cf2-a3ff-b23503fb94bf", []),
    ):
        file.write_text(text.replace('"supersedes": null', f'"supersedes": "{target}"'))
        (item,) = [item for item in judged(registry) if item.id == RECORD]
        found = [f for f in item.findings if f.finding_class is FindingClass.INTEGRITY]
        assert [f.code for f in found] == expected
        for finding in found:
            assert '"supersedes"' in file.read_text().splitlines()[finding.line - 1]


@pytest.mark.parametrize(
    ("now", "count"),
    [
        ("2026-03-03T23:59:59Z", 1),
        ("2026-03-04T00:00:00Z", 0),
        ("2026-03-05T00:00:00Z", 0),
    ],
)
def test_a_day_is_over_when_it_has_begun(registry: Path, now: str, count: int) -> None:
    """A stated day lies in the future until the first second of that day."""
    facts = [item.facts for item in judged(registry) if item.id == RECORD]
    found = list(judgement.future_dates(facts, now, WorkTree(str(registry))))
    assert [finding.code for finding in found] == ["H101"] * count


def test_a_future_event_stands_on_its_line(registry: Path) -> None:
    """The date of an event, with its time, is compared to the second and found on the line it was
    written on.
    """
    corrections = registry / f"papers/c2/{RECORD}/corrections"
    corrections.mkdir()
    (corrections / "later.yaml").write_text(
        f"contract_version: correction-event-v1\npaper: {RECORD}\ntype: DISPUTE\n"
        "reason: other\ndate: 2026-05-01T12:00:00Z\n"
        "reporter:\n  name: Somebody\n  kind: person\nnote: Fabricated for a test.\n"
    )
    facts = [item.facts for item in judged(registry) if item.id == RECORD]
    tree = WorkTree(str(registry))
    assert list(judgement.future_dates(facts, "2026-05-01T12:00:00Z", tree)) == []
    (finding,) = judgement.future_dates(facts, "2026-05-01T11:59:59Z", tree)
    assert (finding.code, finding.line, finding.pointer) == ("H101", 5, "/date")
    assert finding.path.endswith("corrections/later.yaml")
