"""The outlines of a whole registry at one commit, and the file that keeps them."""

from pathlib import Path

import pytest

from colophon import bundle, snapshot
from colophon.executor import Serial
from colophon.repository import Repository
from colophon.snapshot import Place, Snapshot

from ..gate.base import COUNTED, KEPT, LATER, dispute, paper
from ..gate.branches import add, delete, made
from ..gate.conftest import Start, begun

EVENT = f"{paper(COUNTED)}/corrections/from-a-reader.yaml"


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """A repository with a registry of five records."""
    return begun(tmp_path_factory.mktemp("snapshot") / "repository")


def at(start: Start, commit: str) -> Place:
    """Return the registry at a commit."""
    return Place(Repository(str(start.folder)), commit, "registry", "SRCH")


def taken(place: Place, file: Path | None = None) -> tuple[Snapshot, int]:
    """Take a snapshot and count the records that were examined for it."""
    totals = [0]

    def count(stage: str, done: int, total: int) -> None:
        totals.append(total)

    return snapshot.taken(place, snapshot.kept(place, file), file, Serial(), count), max(totals)


def test_a_snapshot_holds_every_record(start: Start) -> None:
    """By id, in order, with how many findings there are."""
    found, examined = taken(at(start, start.base))
    assert (len(found.outlines), examined) == (10, 10)
    assert list(found.outlines) == sorted(found.outlines)
    assert found.findings == sum(one.findings for one in found.outlines.values()) + len(found.across)
    assert found.outlines[KEPT].title == "Fabricated Page on the Latency of Imaginary Gates"


def test_the_file_gives_the_same(start: Start, tmp_path: Path) -> None:
    """The second time nothing is examined, and nothing is written."""
    place, file = at(start, start.base), tmp_path / "outlines"
    first, _ = taken(place, file)
    raw = file.read_bytes()
    assert taken(place, file) == (first, 0)
    assert snapshot.kept(place, file) is not None
    assert file.read_bytes() == raw
    assert snapshot.kept(place, None) is None


def test_the_file_follows_the_registry(start: Start, tmp_path: Path) -> None:
    """Of another commit only the records that differ are examined, forward and back."""
    file = tmp_path / "outlines"
    taken(at(start, start.base), file)
    changed = made(
        [add(EVENT, dispute(COUNTED)), delete(paper(LATER))], start.folder, start.base, tmp_path / "i"
    )
    place = at(start, changed)
    assert snapshot.kept(place, file) is not None
    found, examined = taken(place, file)
    assert (examined, LATER in found.outlines) == (1, False)
    assert found == taken(place)[0]
    back, examined = taken(at(start, start.base), file)
    assert (examined, back) == (2, taken(at(start, start.base))[0])


def test_equal_trees_are_one_whatever_the_commit_is(start: Start, tmp_path: Path) -> None:
    """A change beside the registry costs nothing."""
    file = tmp_path / "outlines"
    taken(at(start, start.base), file)
    beside = made([add("README.md", "Other words.\n")], start.folder, start.base, tmp_path / "i")
    assert taken(at(start, beside), file)[1] == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'{"program"', b'{"porgram"'),
        (b'"across":', b'"across":3,"x":'),
        (b"[", b"{"),
        (b'"tree":"', b'"tree":"0'),
        (b'"tree":"', b'"tree":5,"x":"'),
        (b"Press", b"\xff"),
    ],
)
def test_a_file_that_is_damaged_or_foreign_is_made_anew(
    start: Start, tmp_path: Path, old: bytes, new: bytes
) -> None:
    """It is only a copy of what git knows; it never makes a check fail or differ."""
    file, place = tmp_path / "outlines", at(start, start.base)
    found, _ = taken(place, file)
    raw = file.read_bytes()
    assert old in raw
    file.write_bytes(raw.replace(old, new))
    assert snapshot.kept(place, file) is None
    assert taken(place, file) == (found, 10)
    assert file.read_bytes() == raw


def test_a_file_of_another_program_is_made_anew(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version may find other things."""
    file, place = tmp_path / "outlines", at(start, start.base)
    taken(place, file)
    monkeypatch.setattr(bundle, "digest", lambda: "another")
    assert taken(place, file)[1] == 10


def test_a_commit_without_a_registry_has_no_records(start: Start, tmp_path: Path) -> None:
    """The first change of all begins there."""
    bare = made([delete("registry")], start.folder, start.base, tmp_path / "i")
    assert taken(at(start, bare)) == (Snapshot({}, frozenset()), 0)
    assert at(start, bare).oid == ""
