"""A branch is judged against where it goes, not only against where it began: main goes on meanwhile."""

from pathlib import Path

import pytest

from colophon.model import FindingClass

from .base import COUNTED, KEPT, LATER, REMOVED, WITHDRAWAL, dispute, event, paper, review
from .branches import Step, add, delete, edit, executable, git, made, move
from .changes import MANIFEST, REPORT, SETTINGS
from .conftest import Start
from .events import at, confirms, files, reviewed
from .test_main import blocking, judged

DRAFT = "drafts/draft.yaml"
DRAFTED = dispute(KEPT).replace("never measured", "never measured, so I dispute it")


class Tip:
    """A main line that goes on from the base, and branches that left it before."""

    def __init__(self, start: Start, folder: Path, *meanwhile: Step) -> None:
        self._start, self._folder, self._made = start, folder, 0
        self.tip = self.commit(start.base, *meanwhile)

    def commit(self, parent: str, *steps: Step) -> str:
        """Return the commit that some steps lead to."""
        self._made += 1
        return made(steps, self._start.folder, parent, self._folder / f"index-{self._made}")

    def found(self, *steps: Step, begun: str = "") -> list[tuple[str, str]]:
        """Return what blocks a branch that left main at the base, or at another commit."""
        head = self.commit(begun or self._start.base, *steps)
        return blocking(judged(self._start, self.tip, head, by_commit=False))


@pytest.fixture
def free(start: Start, tmp_path: Path) -> tuple[Start, str]:
    """The base without its promise, as an own line of history."""
    steps = [edit(SETTINGS, "append_only: true", "append_only: false")]
    return start, made(steps, start.folder, start.base, tmp_path / "free")


def test_a_promise_made_meanwhile_binds(free: tuple[Start, str], tmp_path: Path) -> None:
    """A branch that began before the promise may not do what it could have done then."""
    start, before = free
    line = Tip(start, tmp_path)
    line.tip = line.commit(before, edit(SETTINGS, "append_only: false", "append_only: true"))
    assert line.found(edit(MANIFEST, "Fabricated", "Forged"), begun=before)[0] == ("H401", "manifest.json")
    assert ("H402", "report.txt") in line.found(delete(REPORT), begun=before)
    assert line.found(files("DISPUTE", "reason: other"), begun=before) == []


def test_a_maintainer_who_left_meanwhile_decides_nothing(start: Start, tmp_path: Path) -> None:
    """And one who came meanwhile does."""
    left = Tip(start, tmp_path, edit(SETTINGS, "name: Ada Example", "name: Eve Example"))
    assert left.found(confirms(REMOVED, WITHDRAWAL)) == [("H411", "seen.yaml")]
    assert left.found(confirms(REMOVED, WITHDRAWAL, by="Eve Example")) == []


def test_what_was_published_meanwhile_comes_first(start: Start, tmp_path: Path) -> None:
    """An event before it, or one that says the same, is refused before it is merged."""
    line = Tip(start, tmp_path, files("DISPUTE", "reason: other", slug="first", date="2026-05-03"))
    late = files("DISPUTE", "reason: off-topic", slug="second", date="2026-05-02")
    again = files("DISPUTE", "reason: other", slug="second", date="2026-05-04")
    assert line.found(late) == [("H407", "second.yaml")]
    assert line.found(again) == [("H309", "second.yaml")]
    assert line.found(files("DISPUTE", "reason: off-topic", slug="second", date="2026-05-04")) == []


def test_a_name_that_was_taken_meanwhile_is_refused(start: Start, tmp_path: Path) -> None:
    """Git would stop at the merge; the reporter is told before, and what is there already is no change."""
    line = Tip(start, tmp_path, files("DISPUTE", "reason: other", slug="same", date="2026-05-03"))
    other = files("DISPUTE", "reason: off-topic", slug="same", date="2026-05-04")
    assert ("H401", "same.yaml") in line.found(other)
    assert line.found(files("DISPUTE", "reason: other", slug="same", date="2026-05-03")) == []


def test_names_that_collide_with_a_later_one_are_refused(start: Start, tmp_path: Path) -> None:
    """On some machines they are one file with what main has by now."""
    line = Tip(start, tmp_path, add("registry/works/arxiv/2501.00009/x.json"))
    assert ("H404", "X.json") in line.found(add("registry/works/arxiv/2501.00009/X.json"))


def test_the_record_that_came_meanwhile_is_there(start: Start, tmp_path: Path) -> None:
    """A branch may speak of it, though its own files do not have it."""
    begun = made([delete(paper(LATER))], start.folder, start.base, tmp_path / "begun")
    line = Tip(start, tmp_path)
    line.tip = line.commit(
        begun, *(copy_of(start, path) for path in ("manifest.json", "provenance.json", "report.txt"))
    )
    assert line.found(files("DISPUTE", "reason: other", record=LATER), begun=begun) == []
    assert (
        line.found(files("SUPERSESSION", "reason: newer-version", f"successor: {LATER}"), begun=begun) == []
    )


def copy_of(start: Start, name: str) -> Step:
    """Return the step that files a document of the later record again."""
    path = f"{paper(LATER)}/{name}"
    return add(path, git(start.folder, "cat-file", "blob", f"{start.base}:{path}"))


def test_a_review_of_what_was_merged_meanwhile_passes(start: Start, tmp_path: Path) -> None:
    """The event came to main after the branch began; its review need not wait for a merge of main."""
    retraction = event(COUNTED, "RETRACTION", "reason: flawed-method")
    line = Tip(start, tmp_path, add(at(COUNTED), retraction))
    confirmed = add(reviewed(COUNTED), review(COUNTED, at(COUNTED), retraction.encode()))
    assert line.found(confirmed) == []


def test_settings_that_only_main_changed_are_those_of_main(start: Start, tmp_path: Path) -> None:
    """A branch that leaves registry.yaml alone does not take back what main made of it."""
    line = Tip(
        start, tmp_path, edit(SETTINGS, "name: Ada Example", "name: Ada Example\n  - name: Eve Example")
    )
    head = line.commit(start.base, add(f"{paper(KEPT)}/corrections/said.yaml", dispute(KEPT)))
    report = judged(start, line.tip, head, by_commit=False)
    assert [found for found in report.findings if found.finding_class is FindingClass.INTEGRITY] == []
    assert not any("registry.yaml" in note for note in report.notes)


def test_settings_that_both_sides_change_are_not_mixed(start: Start, tmp_path: Path) -> None:
    """Git would join the two texts into one that nobody has judged; equal texts are one."""
    joins = edit(SETTINGS, "name: Ada Example", "name: Ada Example\n  - name: Eve Example")
    line = Tip(start, tmp_path, joins)
    assert line.found(edit(SETTINGS, "# The day this", "# The very day this")) == [("H414", "registry.yaml")]
    assert line.found(joins) == []


@pytest.mark.parametrize(
    "damage",
    [
        add(SETTINGS, b"append_only: true\n\xff"),
        add(SETTINGS, '"append_only": true\nbranch: main\nbranch: main\n'),
        add(SETTINGS, "append_only: true\n" + "# words\n" * 40_000),
        add(SETTINGS, b"\xff"),
        delete(SETTINGS),
    ],
    ids=["no text", "a key twice", "too large", "nothing readable", "missing"],
)
def test_damage_is_no_way_out_of_the_promise(start: Start, tmp_path: Path, damage: Step) -> None:
    """Whoever mends the settings may not use the moment in which they cannot be read."""
    line = Tip(start, tmp_path, damage)
    mended = add(SETTINGS, git(start.folder, "cat-file", "blob", f"{start.base}:{SETTINGS}"))
    assert line.found(mended, begun=line.tip) == []
    assert line.found(mended, delete(REPORT), begun=line.tip)[0] == ("H402", "report.txt")


@pytest.mark.parametrize("step", [edit(DRAFT, "dispute", "quarrel"), executable(DRAFT)], ids=["text", "mode"])
def test_an_edit_does_not_follow_a_file_into_a_record(start: Start, tmp_path: Path, step: Step) -> None:
    """Main moved a draft to where it is filed; git's merge would edit the filed event."""
    begun = made([add(DRAFT, DRAFTED)], start.folder, start.base, tmp_path / "begun")
    line = Tip(start, tmp_path)
    line.tip = line.commit(begun, move(DRAFT, at(KEPT)))
    assert line.found(step, begun=begun) == [("H414", "draft.yaml")]


def test_a_file_is_not_changed_on_its_way_into_a_record(start: Start, tmp_path: Path) -> None:
    """The branch moves a draft that main edits meanwhile: what would be filed is neither text."""
    begun = made([add(DRAFT, DRAFTED)], start.folder, start.base, tmp_path / "begun")
    line = Tip(start, tmp_path)
    line.tip = line.commit(begun, edit(DRAFT, "dispute", "quarrel"))
    assert line.found(move(DRAFT, at(KEPT)), begun=begun) == [("H414", "draft.yaml")]
