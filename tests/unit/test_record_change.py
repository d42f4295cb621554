"""One record before and after a change, as people are told of it."""

from pathlib import Path

import pytest

from colophon import settings
from colophon.change_report import FieldChange, RecordChange
from colophon.gate import judge_change
from colophon.record_change import look, record_change
from colophon.repository import Repository
from colophon.rules.vocabularies import vocabularies_of
from colophon.snapshot import Place

from ..gate.base import COUNTED, EVENT, KEPT, RETRACTED, change, event, paper
from ..gate.branches import Step, add, delete, made, remove
from ..gate.conftest import Start, begun
from ..gate.events import at, confirms, corrects, files
from ..gate.records import NEW, record

TITLE = "Fabricated Report: Memory of Imaginary Routers"


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """A repository with a registry of five records."""
    return begun(tmp_path_factory.mktemp("record") / "repository")


def told(
    start: Start, tmp_path: Path, name: str, *steps: Step, removals: tuple[str, ...] = ()
) -> RecordChange:
    """Return what some steps do to a record."""
    head = made(steps, start.folder, start.base, tmp_path / "index")
    repository = Repository(str(start.folder))
    old, new = (Place(repository, commit, "registry", "SRCH") for commit in (start.base, head))
    loaded = settings.load(new.tree).settings
    assert loaded is not None
    gated = judge_change(repository, start.base, start.base, head, "registry")
    return record_change(look(old, new, name), gated.changed, removals, vocabularies_of(loaded.vocabularies))


def test_a_change_that_folds_is_shown_field_by_field(start: Start, tmp_path: Path) -> None:
    """Old and new as they are stored, with the event that set them, and nothing of earlier events."""
    found = told(
        start, tmp_path, COUNTED, corrects("/license", "MIT", "CC0-1.0"),
        corrects("/search/query_count", "3", "2", "provenance", slug="second", date="2026-05-02"),
    )  # fmt: skip
    assert (found.id, found.display_id, found.title, found.is_new) == (COUNTED, "SRCH:C23C1127", TITLE, False)
    first, second = found.events
    assert (first[1:], second[1:]) == (("METADATA", "Fabricated Press", "applied"),) * 2
    assert found.fields == (
        FieldChange(first[0], "manifest", "/license", "CC0-1.0", "MIT", "folded"),
        FieldChange(second[0], "provenance", "/search/query_count", "2", "3", "folded"),
    )
    assert found.state == ("CORRECTED", "CORRECTED")
    assert found.tier == ("UNSAFE", "UNSAFE")


@pytest.mark.parametrize(
    ("step", "kind", "outcome"),
    [
        (
            files("DISPUTE", "reason: other", "proposed:", *change("/license", "MIT", "CC0-1.0")[1:]),
            "proposed",
            "proposed",
        ),
        (
            files("METADATA", "reason: publisher-revision", *change("/license", "MIT", "CC0-1.0")),
            "waits",
            "waits",
        ),
    ],
)
def test_what_does_not_fold_is_shown_as_such(
    start: Start, tmp_path: Path, step: Step, kind: str, outcome: str
) -> None:
    """A proposal and a revision that waits leave the record as it is."""
    found = told(start, tmp_path, COUNTED, step)
    ((event_id, _, _, said),) = found.events
    assert said == outcome
    assert found.fields == (FieldChange(event_id, "manifest", "/license", "CC0-1.0", "MIT", kind),)


def test_an_event_that_is_not_applied_says_why(start: Start, tmp_path: Path) -> None:
    """It has no field to show."""
    found = told(start, tmp_path, COUNTED, corrects("/license", "MIT", "GPL"))
    assert found.fields == ()
    assert found.events[0][3].startswith('not applied: old is "GPL", the value is "CC0-1.0"')


def test_a_review_is_told_beside_its_event(start: Start, tmp_path: Path) -> None:
    """The state changes with it, and so may the tier."""
    found = told(
        start, tmp_path, COUNTED, files("RETRACTION", "reason: other"), confirms(COUNTED, at(COUNTED))
    )
    assert [said for *_, said in found.events] == ["waits", "confirmed"]
    assert (found.state, found.tier) == (("CORRECTED", "RETRACTED"), ("UNSAFE", "WITHHELD"))


def test_a_review_alone_is_told_too(start: Start, tmp_path: Path) -> None:
    """Its event was there before."""
    found = told(
        start, tmp_path, RETRACTED, files("REINSTATEMENT", "reason: error-in-notice", record=RETRACTED),
        confirms(RETRACTED, at(RETRACTED), date="2026-05-02"),
    )  # fmt: skip
    assert found.state == ("RETRACTED", "CURRENT")
    assert [kind for _, kind, *_ in found.events] == ["REINSTATEMENT"] * 2


def test_a_new_record_has_nothing_before(start: Start, tmp_path: Path) -> None:
    """Tier, level and state begin with it."""
    found = told(start, tmp_path, NEW.id, record)
    assert (found.is_new, found.title) == (True, NEW.title)
    assert (found.tier[0], found.level[0], found.state) == (None, None, (None, "CURRENT"))


def test_a_record_that_cannot_be_read_is_named_by_its_id(start: Start, tmp_path: Path) -> None:
    """Before or after the change; what was known before is shown."""
    gone = told(start, tmp_path, KEPT, delete(paper(KEPT)))
    assert (gone.title[:10], gone.state) == ("Fabricated", ("CURRENT", None))
    (tmp_path / "index").unlink()
    path = f"registry/{NEW.folder}/manifest.json"
    broken = told(start, tmp_path, NEW.id, record, add(path, "{"))
    assert (broken.title, broken.display_id) == ("not readable", NEW.id[:8].upper())
    assert (broken.tier, broken.events) == ((None, None), ())


def test_a_removed_file_is_named(start: Start, tmp_path: Path) -> None:
    """Only those of this record."""
    removals = (EVENT.removeprefix("registry/"), f"papers/0f/{KEPT}/report.txt")
    found = told(start, tmp_path, RETRACTED, remove(EVENT), removals=removals)
    assert found.removed == removals[:1]


def test_the_files_that_the_change_touches_are_listed(start: Start, tmp_path: Path) -> None:
    """Also one that cannot be read; not what was filed before, nor files of another record."""
    found = told(
        start,
        tmp_path,
        COUNTED,
        add(at(COUNTED), b"\xff"),
        add(at(COUNTED, "fine"), event(COUNTED, "DISPUTE", "reason: other")),
        files("DISPUTE", "reason: other", record=RETRACTED),
    )
    assert [path.rpartition("/")[2] for path in found.files] == ["fine.yaml", "from-a-reader.yaml"]
