"""Outlines kept for the next check know in which order records came, however they were brought up to date."""

from pathlib import Path

import pytest

from colophon import snapshot
from colophon.executor import Serial
from colophon.repository import Repository
from colophon.snapshot import Place, Snapshot

from ..gate.base import COUNTED, dispute, paper
from ..gate.branches import add, delete, git, made
from ..gate.conftest import Start, begun
from ..gate.records import NEW, record
from .test_snapshot import EVENT, at, taken


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """A repository with a registry of five records, of which main has more."""
    return begun(tmp_path_factory.mktemp("order") / "repository")


def numbers(found: Snapshot) -> dict[str, int | None]:
    """Return the numbers of the records."""
    return {key: one.admitted for key, one in found.outlines.items()}


def test_records_that_came_later_have_higher_numbers(start: Start, tmp_path: Path) -> None:
    """Read anew, brought up to date and read back they are the same; what is found across records too."""
    file = tmp_path / "outlines"
    first, _ = taken(at(start, start.base), file)
    assert set(numbers(first).values()) == {1}
    added = made([record], start.folder, start.base, tmp_path / "a")
    event = made([add(EVENT, dispute(COUNTED))], start.folder, added, tmp_path / "b")
    for commit in (added, event):
        found, _ = taken(at(start, commit), file)
        assert found == taken(at(start, commit))[0]
        assert numbers(found) == {**numbers(first), NEW.id: 2}
        assert {flaw[:2] for flaw in found.across} >= {(NEW.id, "U102"), (COUNTED, "U102")}
        assert (
            snapshot.taken(at(start, commit), snapshot.kept(at(start, commit), file), None, Serial(), no)
            == found
        )


def no(stage: str, done: int, total: int) -> None:
    """Nothing is examined."""
    raise AssertionError(stage)


def test_numbers_have_no_gaps(start: Start, tmp_path: Path) -> None:
    """A record that is gone leaves none, so it makes no difference when somebody looked."""
    file = tmp_path / "outlines"
    added = made([record], start.folder, start.base, tmp_path / "a")
    taken(at(start, added), file)
    rest = [paper(one) for one in taken(at(start, added))[0].outlines if one != NEW.id]
    gone = made([delete(*rest)], start.folder, added, tmp_path / "b")
    found, _ = taken(at(start, gone), file)
    assert numbers(found) == {NEW.id: 1}
    assert found == taken(at(start, gone))[0]


def test_a_line_that_was_rewritten_is_read_anew(start: Start, tmp_path: Path) -> None:
    """Equal files may have come in another order."""
    file = tmp_path / "outlines"
    added = made([record], start.folder, start.base, tmp_path / "a")
    tree = git(start.folder, "rev-parse", f"{added}^{{tree}}").decode().strip()
    first = made([delete(paper(COUNTED))], start.folder, added, tmp_path / "c")
    first_tree = git(start.folder, "rev-parse", f"{first}^{{tree}}").decode().strip()
    root = git(start.folder, "commit-tree", first_tree, "-m", "All but one").decode().strip()
    other = git(start.folder, "commit-tree", tree, "-p", root, "-m", "The one").decode().strip()
    assert at(start, other).oid == at(start, added).oid
    before, _ = taken(at(start, added), file)
    after, examined = taken(at(start, other), file)
    assert examined == 0
    assert (before.outlines[NEW.id].admitted, before.outlines[COUNTED].admitted) == (2, 1)
    assert (after.outlines[NEW.id].admitted, after.outlines[COUNTED].admitted) == (1, 2)
    assert after == taken(at(start, other))[0]
    assert after.across != before.across


def test_a_shallow_clone_knows_no_order(start: Start, tmp_path: Path) -> None:
    """And says so as often as it is asked."""
    added = made([record], start.folder, start.base, tmp_path / "a")
    git(start.folder, "branch", "-f", "shallow", added)
    git(tmp_path, "clone", "-q", "--depth", "1", "-b", "shallow", f"file://{start.folder}", "clone")
    place, file = Place(Repository(str(tmp_path / "clone")), added, "registry", "SRCH"), tmp_path / "outlines"
    for _ in range(2):
        found, _ = taken(place, file)
        assert set(numbers(found).values()) == {None}
        assert not [flaw for flaw in found.across if flaw[1] == "U102"]
