"""Corrections at size: twice the events are twice the work, and a change costs what it touches.

Calls are counted, nothing is timed.
"""

import cProfile
import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from colophon import examination, fold, folder, pipeline, record_change
from colophon.executor import Serial
from colophon.model import FindingClass
from colophon.store import OverlayTree, Tree, WorkTree

from .fabricated import write_registry
from .gate.branches import add, git, made

ROOT = Path(__file__).resolve().parent.parent
N = 24
PACKAGE = f"{Path(pipeline.__file__).parent}/"
NOW = "2026-12-01T00:00:00Z"


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def counted(calls: Counter[str], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that counts how often it is called."""

    def call(*arguments: Any, **named: Any) -> Any:
        calls[name] += 1
        return function(*arguments, **named)

    return call


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts of applied changes and examined records."""
    found: Counter[str] = Counter()
    monkeypatch.setattr(fold, "amend", counted(found, "amend", fold.amend))
    examine = counted(found, "examine", examination.examine_loaded)
    monkeypatch.setattr(examination, "examine_loaded", examine)
    monkeypatch.setattr(record_change, "examine_loaded", examine)
    return found


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fabricated registry of N records."""
    root = tmp_path_factory.mktemp("scale") / "registry"
    write_registry(root, N, 1)
    return root


def event(record: str, number: int) -> bytes:
    """Return event ``number`` of a chain: each sets what the one before it left."""
    old, new = ("null" if number == 0 else f"Licence {number - 1}"), f"Licence {number}"
    return (
        f"contract_version: correction-event-v1\npaper: {record}\ntype: METADATA\n"
        f"date: 2026-11-01T{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}Z\n"
        f"reporter: Ada Example\nnote: Number {number}.\n"
        f"changes:\n  pointer: /license\n  old: {old}\n  new: {new}\n"
    ).encode()


def first_record(tree: Tree) -> tuple[str, str]:
    """Return id and folder of one record."""
    return next(folder.record_folders(tree))


def test_a_chain_of_events_costs_its_length(registry: Path, calls: Counter[str]) -> None:
    """A record with 2N events in a row costs twice the changes of one with N, and all of them apply."""
    tree = WorkTree(str(registry))
    name, path = first_record(tree)
    costs = []
    for length in (100, 200):
        calls.clear()
        files = tuple((f"{path}/corrections/e{n:03d}.yaml", event(name, n)) for n in range(length))
        loaded = folder.load(OverlayTree(tree, files), name, path, "SRCH")
        assert loaded.record is not None
        assert [step.outcome for step in loaded.record.steps] == ["applied"] * length
        assert loaded.record.manifest.license == f"Licence {length - 1}"
        costs.append(calls["amend"])
    assert costs == [100, 200]


# What one round of a record with many corrections consists of: the type, what else its event says, and
# whether a review confirms it.
ROUND = (
    ("METADATA", "changes:\n  pointer: /license\n  old: {before}\n  new: Licence {number}\n", False),
    ("METADATA", "changes:\n  pointer: /license\n  old: stale\n  new: Licence {number}\n", False),
    ("DISPUTE", "reason: other\nproposed:\n  pointer: /title\n  old: x\n  new: Title {number}\n", False),
    ("EXPRESSION_OF_CONCERN", "reason: under-investigation\n", False),
    ("RETRACTION", "reason: flawed-method\n", True),
    ("REINSTATEMENT", "reason: error-in-notice\n", True),
)


def rounds(record: str, path: str, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of rounds of events on one record, with their reviews and a refusal each."""
    place = f"{record[:2]}/{record}"
    for number in range(count):
        hour = f"2026-11-{1 + number // 24:02d}T{number % 24:02d}"
        before = f"Licence {number - 1}" if number else "null"
        for step, (kind, more, is_reviewed) in enumerate(ROUND):
            # The names that the forms of the record would give to its files.
            file = f"{path}/corrections/finding-h301-{step}-{number:03d}.yaml"
            raw = (
                f"contract_version: correction-event-v1\npaper: {record}\ntype: {kind}\n"
                f"date: {hour}:{step:02d}:00Z\nreporter: Ada Example\nnote: Number {number}.\n"
                f"{more.format(before=before, number=number)}"
            ).encode()
            yield file, raw
            if is_reviewed:
                when = f"{hour}:{step:02d}:30Z"
                yield f"reviews/{place}/r{step}-{number:03d}.yaml", review(record, file, raw, when)
        yield f"refusals/{place}/no-{number:03d}.yaml", refusal(record, f"{hour}:59:00Z", number)


def review(record: str, file: str, raw: bytes, when: str) -> bytes:
    """Return the review that confirms a file of a record."""
    return (
        f"contract_version: review-v1\npaper: {record}\nfile: {file}\n"
        f"sha256: sha256:{hashlib.sha256(raw).hexdigest()}\n"
        f"reviewer: Rae Example\ndate: {when}\nlooked_at: The site of the publisher.\n"
    ).encode()


def refusal(record: str, when: str, number: int) -> bytes:
    """Return the refusal of a dispute."""
    return (
        f"contract_version: refusal-v1\npaper: {record}\ndate: {when}\ndecided_by: Rae Example\n"
        f"reason: no-evidence\nnote: No {number}.\n"
        f"correction:\n  type: DISPUTE\n  reporter: Ada Example\n  note: Number {number} again.\n"
    ).encode()


def built(registry: Path, count: int, site: Path) -> Counter[str]:
    """Build a registry with rounds of events on its first record; return calls by function, files and bytes.

    Counted are the calls of every function of this package, so that nothing grows unseen.
    """
    tree = WorkTree(str(registry))
    laid = OverlayTree(tree, tuple(rounds(*first_record(tree), count)))
    profile = cProfile.Profile()
    profile.runcall(pipeline.build, laid, site, Serial(), silent)
    found: Counter[str] = Counter()
    for entry in profile.getstats():
        if not isinstance(entry.code, str) and entry.code.co_filename.startswith(PACKAGE):
            where = entry.code.co_filename.removeprefix(PACKAGE)
            found[f"calls of {where} {entry.code.co_name}"] += entry.callcount
    files = [file for file in site.rglob("*") if file.is_file()]
    return found + Counter({"files": len(files), "bytes": sum(file.stat().st_size for file in files)})


def test_a_build_grows_with_the_events_of_one_record(registry: Path, tmp_path: Path) -> None:
    """As many events more cost as much more, however many there were: files, bytes, and calls of everything.

    A version's files hold one version; state, lists and forms are found in one pass over the history.
    """
    # The first build renders the prose, which the others find in the cache.
    none, few, more, most = (built(registry, count, tmp_path / "site") for count in (0, 4, 8, 12))
    assert few["files"] > none["files"] + 2 * 4 * (len(ROUND) + 2)
    assert few["calls of amend.py amend"] >= none["calls of amend.py amend"] + 3 * 4 * 3
    # Of the other records the files are linked over.
    assert few["calls of pages/_forms.py forms"] == 1
    # Pages of lists begin and end where they may, so a few calls more are no growth; and what is kept in
    # memory once met, as the shape of a contract, is called in the first build that meets it alone.
    grown = {
        name: (few[name], more[name], most[name])
        for name in most
        if most[name] - more[name] > 1.1 * max(more[name] - few[name], 0) + 100
    }
    assert grown == {}


@dataclass(frozen=True)
class Kept:
    """A repository with the registry, the commit that it is in, and a file that keeps its outlines."""

    folder: Path
    base: str
    cache: Path

    def judged(self, base: str, head: str, cache: Path | None) -> list[str]:
        """Judge a change and return the codes of what blocks."""
        change = pipeline.Change(self.folder / "registry", base, head, False, cache, NOW)
        report = pipeline.judge_change(change, Serial(), silent)
        return [found.code for found in report.findings if found.finding_class is FindingClass.INTEGRITY]

    def change(self, start: str, place: int, number: int, index: Path) -> str:
        """Return the commit that files an event of one record."""
        name, path = list(folder.record_folders(WorkTree(str(self.folder / "registry"))))[place]
        return made(
            [add(f"registry/{path}/corrections/e{number:03d}.yaml", event(name, number))],
            self.folder,
            start,
            index,
        )


@pytest.fixture(scope="module")
def kept(registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The registry in a repository, judged once so that its outlines are kept."""
    top = tmp_path_factory.mktemp("kept")
    shutil.copytree(registry, top / "repository" / "registry")
    git(top / "repository", "init", "-q", "-b", "main")
    git(top / "repository", "add", ".")
    git(top / "repository", "commit", "-q", "-m", "The base")
    base = git(top / "repository", "rev-parse", "HEAD").decode().strip()
    found = Kept(top / "repository", base, top / "outlines")
    assert found.judged(base, base, found.cache) == []
    return found


def test_a_change_of_one_file_examines_one_record(kept: Kept, calls: Counter[str], tmp_path: Path) -> None:
    """With the outlines kept only the touched record is examined: as it was and as it is."""
    head = kept.change(kept.base, 0, 0, tmp_path / "index")
    assert kept.judged(kept.base, head, kept.cache) == []
    assert calls["examine"] == 2


def test_kept_outlines_follow_main(kept: Kept, calls: Counter[str], tmp_path: Path) -> None:
    """After another change landed on main, that record is examined too, and no other; then not again."""
    cache = Path(shutil.copy(kept.cache, tmp_path / "outlines"))
    main = kept.change(kept.base, 1, 0, tmp_path / "one")
    head = kept.change(main, 0, 0, tmp_path / "two")
    assert kept.judged(main, head, cache) == []
    assert calls["examine"] == 3
    calls.clear()
    assert kept.judged(main, head, cache) == []
    assert calls["examine"] == 2


def test_without_outlines_all_records_are_examined_once(
    kept: Kept, calls: Counter[str], tmp_path: Path
) -> None:
    """No file, or a damaged one, costs one look at the whole registry and changes nothing else."""
    head = kept.change(kept.base, 0, 0, tmp_path / "index")
    assert kept.judged(kept.base, head, None) == []
    assert calls["examine"] == N + 2
    calls.clear()
    damaged = tmp_path / "outlines"
    damaged.write_bytes(kept.cache.read_bytes()[:-200])
    assert kept.judged(kept.base, head, damaged) == []
    assert calls["examine"] == N + 2
    assert damaged.read_bytes() == kept.cache.read_bytes()


def test_what_must_be_mended_first_examines_nothing_else(
    kept: Kept, calls: Counter[str], tmp_path: Path
) -> None:
    """A change that is refused anyway is not kept waiting for a look at every other record."""
    head = kept.change(kept.base, 0, 5, tmp_path / "index")
    assert kept.judged(kept.base, head, None) == ["H301"]
    assert calls["examine"] == 2


def test_the_kept_outlines_are_small(kept: Kept) -> None:
    """Less than 1,000 bytes a record."""
    assert kept.cache.stat().st_size < 1_000 * N
