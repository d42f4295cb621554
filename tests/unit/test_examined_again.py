"""A record that looks as it did is not read again, and what comes out is what examining it anew gives."""

import os
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colophon import (
    audit_digests,
    bundle,
    dependence,
    examination,
    examined_again,
    folder,
    store,
)
from colophon.audits import AUDITS, Audit
from colophon.examination import Examined
from colophon.executor import Serial, local
from colophon.fold import Record
from colophon.folder import record_folders
from colophon.model import Examination, Flaw
from colophon.pieces import Pieces
from colophon.store import WorkTree

REGISTRY = Path(__file__).parents[1] / "registry"
RECORDS = sorted(found.name for found in REGISTRY.glob("papers/*/*"))
# Of the records these name the source of which the test registry holds a text.
HELD = "sources/arxiv/2503.99011"
CITING = 4


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts the records that are read and those that are examined; fresh files count as settled."""
    found: Counter[str] = Counter()
    load, examine = folder.load, examination.examine_loaded

    def counted_load(*arguments: object) -> folder.Loaded:
        found["load"] += 1
        return load(*arguments)  # type: ignore[arg-type]

    def counted_examine(loaded: folder.Loaded) -> Examined:
        found["examine"] += 1
        return examine(loaded)

    monkeypatch.setattr(folder, "load", counted_load)
    monkeypatch.setattr(examined_again, "examine_loaded", counted_examine)
    monkeypatch.setattr(store, "is_settled", lambda newest, now: True)
    examined_again._opened.cache_clear()
    return found


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A copy of the test registry."""
    return Path(shutil.copytree(REGISTRY, tmp_path / "registry"))


def again(registry: Path, memory: Path) -> list[Examined]:
    tree = WorkTree(str(registry))
    return list(examined_again.examined_again(tree, record_folders(tree), "SRCH", Serial(), silent, memory))


def anew(registry: Path) -> list[Examined]:
    tree = WorkTree(str(registry))
    return list(examination.examined(tree, record_folders(tree), "SRCH", Serial(), silent))


def test_nothing_changed_reads_nothing(registry: Path, tmp_path: Path, loads: Counter[str]) -> None:
    """The second run gives the same and opens no record; so does one by several processes."""
    memory = tmp_path / "memory"
    first = again(registry, memory)
    assert loads == {"load": len(RECORDS), "examine": len(RECORDS)}
    assert first == anew(registry)
    loads.clear()
    assert again(registry, memory) == first
    assert not loads
    tree = WorkTree(str(registry))
    with local(2) as pool:
        pooled = examined_again.examined_again(tree, record_folders(tree), "SRCH", pool, silent, memory)
        assert list(pooled) == first


def test_one_change_reads_one_record(registry: Path, tmp_path: Path, loads: Counter[str]) -> None:
    """A changed byte of equal length, with its old time put back, is seen: the inode's own time tells."""
    memory, file = tmp_path / "memory", registry / f"papers/c2/{RECORDS[7]}/manifest.json"
    again(registry, memory)
    status, raw = file.stat(), file.read_bytes()
    file.write_bytes(raw.replace(b"search", b"sears\xc3", 1) if b"search" in raw else raw[:-1] + b" ")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file.stat().st_size == status.st_size
    loads.clear()
    found = again(registry, memory)
    assert loads["load"] == 1
    assert found == anew(registry)
    file.write_bytes(raw)
    loads.clear()
    assert again(registry, memory) == anew(registry)
    assert loads["examine"] == 0, "what was read before is known, as on the other branch"


@pytest.mark.parametrize("part", ["reviews", "refusals"])
def test_what_is_filed_elsewhere_about_a_record_counts(
    part: str, registry: Path, tmp_path: Path, loads: Counter[str]
) -> None:
    """A review or a refusal lies beside the papers."""
    memory, record = tmp_path / "memory", RECORDS[0]
    again(registry, memory)
    place = registry / part / record[:2] / record
    place.mkdir(parents=True, exist_ok=True)
    (place / "of-no-kind.yaml").write_text("nothing: here\n")
    loads.clear()
    found = again(registry, memory)
    assert loads["load"] == 1
    assert found == anew(registry)
    shutil.rmtree(place)
    assert again(registry, memory) == anew(registry)


def test_a_held_source_touches_those_that_name_it(
    registry: Path, tmp_path: Path, loads: Counter[str]
) -> None:
    """A text that is taken away, or filed later, is evidence for every record that names its source."""
    memory = tmp_path / "memory"
    again(registry, memory)
    shutil.move(registry / HELD, tmp_path / "away")
    loads.clear()
    found = again(registry, memory)
    assert loads["load"] == CITING
    assert found == anew(registry)
    shutil.move(tmp_path / "away", registry / HELD)
    loads.clear()
    found = again(registry, memory)
    assert loads == {"load": CITING}
    assert found == anew(registry)
    loads.clear()
    again(registry, memory)
    assert not loads


def test_another_program_or_prefix_finds_anew(
    registry: Path, tmp_path: Path, loads: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an earlier version found is not what this one finds, nor what one found that read other files."""
    memory = tmp_path / "memory"
    for module, name in ((dependence, "digest"), (bundle, "data_digest")):
        again(registry, memory)
        loads.clear()
        monkeypatch.setattr(module, name, lambda *_, **__: "another")
        again(registry, memory)
        assert loads["examine"] == len(RECORDS)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts how often each audit was run."""
    found: Counter[str] = Counter()
    run = examination._run

    def counted(audit: Audit, record: Record) -> Examination:
        found[audit.rule.code] += 1
        return run(audit, record)

    monkeypatch.setattr(examination, "_run", counted)
    return found


def otherwise(record: Record) -> Examination:
    """What an earlier form of an audit found: a flaw in every record."""
    return Examination(7, 7, (Flaw("/title", "was found by an earlier form"),))


@pytest.mark.parametrize("how", ["changed", "came", "went"])
def test_a_changed_audit_alone_is_run_again(
    how: str, registry: Path, tmp_path: Path, loads: Counter[str], runs: Counter[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Whether it changed, came or went since: what the others found is kept, and all is as found anew."""
    memory, whole = tmp_path / "memory", dict(AUDITS.all())
    one = next(name for name, audit in whole.items() if audit.examine is not None)
    earlier, then = dict(whole), dict(audit_digests.of_audits().digests)
    if how == "changed":
        earlier[one], then[one] = replace(whole[one], examine=otherwise), "earlier"
    elif how == "came":
        del earlier[one], then[one]
    else:
        earlier["A000"] = replace(whole[one], rule=replace(whole[one].rule, code="A000"), examine=otherwise)
        then["A000"] = "earlier"
    with monkeypatch.context() as patched:
        patched.setattr(AUDITS, "_frozen", earlier)
        patched.setattr(audit_digests, "of_audits", lambda: Pieces(audit_digests.PREFIX, then))
        before = again(registry, memory)
    runs.clear()
    loads.clear()
    found = again(registry, memory)
    assert runs == ({} if how == "went" else {one: len(RECORDS)})
    assert loads == {"load": len(RECORDS)}
    assert found == anew(registry)
    assert found != before
    runs.clear()
    assert again(registry, memory) == found
    assert not runs


def test_audits_that_nobody_knows_any_more_are_all_run_again(
    registry: Path, tmp_path: Path, loads: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A memory that lost what earlier audits depended on, or has other bytes there, is no help."""
    memory, earlier = tmp_path / "memory", Pieces(audit_digests.PREFIX, {"A000": "earlier"})
    for lost in (b"", b"no value"):
        with monkeypatch.context() as patched:
            patched.setattr(audit_digests, "of_audits", lambda: earlier)
            again(registry, memory)
        cache = examined_again.Cache(memory)
        cache.put({earlier.key: lost}) if lost else cache.drop([earlier.key])
        cache.close()
        loads.clear()
        assert again(registry, memory) == anew(registry)
        assert loads["examine"] == len(RECORDS)


def test_fresh_files_are_read_again(
    registry: Path, tmp_path: Path, loads: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file changed within a tick of the clock before a run may change once more and look the same."""
    monkeypatch.setattr(store, "is_settled", lambda newest, now: False)
    memory = tmp_path / "memory"
    first = again(registry, memory)
    loads.clear()
    assert again(registry, memory) == first
    assert loads == {"load": len(RECORDS)}


def test_the_memory_does_not_grow_without_end(registry: Path, tmp_path: Path, loads: Counter[str]) -> None:
    """Of each record a few results are kept, and none of a record that is gone."""
    memory, file = tmp_path / "memory", registry / f"papers/c2/{RECORDS[7]}/manifest.json"
    raw = file.read_bytes()
    for number in range(5 * len(RECORDS)):
        file.write_bytes(raw.replace(b'"title": "', b'"title": "%d ' % number, 1))
        again(registry, memory)
    cache = examined_again.Cache(memory)
    most = (1 + examined_again._OTHERS) * len(RECORDS)
    assert cache.count("result/") <= most + 1
    shutil.rmtree(registry / f"papers/c2/{RECORDS[7]}")
    again(registry, memory)
    assert cache.count("look/") == len(RECORDS) - 1
    cache.close()


@pytest.mark.parametrize("damage", ["none", "cut", "noise", "results"])
def test_a_damaged_memory_costs_time_only(
    damage: str, registry: Path, tmp_path: Path, loads: Counter[str]
) -> None:
    """Whatever stands in the file, the same is found."""
    memory = tmp_path / "memory"
    first = again(registry, memory)
    if damage == "cut":
        memory.write_bytes(memory.read_bytes()[:5000])
    elif damage == "noise":
        raw = bytearray(memory.read_bytes())
        raw[4096:] = b"\xa5" * (len(raw) - 4096)
        memory.write_bytes(raw)
    elif damage == "results":
        cache = examined_again.Cache(memory)
        cache.put(dict.fromkeys(list(cache.keys("result/")), b"\x80nothing"))
        cache.close()
    examined_again._opened.cache_clear()
    assert again(registry, memory) == first


CHANGES = ("touch", "edit", "add", "remove", "review", "source", "undo")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, len(RECORDS) - 1)), max_size=5))
def test_whatever_changes_the_same_is_found(
    tmp_path_factory: pytest.TempPathFactory, loads: Counter[str], changes: list[tuple[str, int]]
) -> None:
    """After each of several changes the memory gives what examining everything anew gives."""
    root = tmp_path_factory.mktemp("changes")
    registry = Path(shutil.copytree(REGISTRY, root / "registry"))
    examined_again._opened.cache_clear()
    for kind, number in changes:
        change(registry, kind, RECORDS[number])
        assert again(registry, root / "memory") == anew(registry)


def change(registry: Path, kind: str, record: str) -> None:
    """Change something of a record, or bring it back as it was."""
    place = Path("papers") / record[:2] / record
    file = registry / place / "manifest.json"
    if kind == "touch" and file.exists():
        file.touch()
    elif kind == "edit" and file.exists():
        file.write_bytes(file.read_bytes().replace(b"the ", b"The ", 1))
    elif kind == "add" and file.exists():
        (file.parent / "stray.txt").write_text("no place here")
    elif kind == "remove":
        shutil.rmtree(registry / place, ignore_errors=True)
    elif kind == "review":
        beside = registry / "reviews" / record[:2] / record
        beside.mkdir(parents=True, exist_ok=True)
        (beside / "odd.yaml").write_text(f"odd: {record}\n")
    elif kind == "source":
        shutil.rmtree(registry / HELD, ignore_errors=True)
    elif kind == "undo":
        shutil.rmtree(registry / place, ignore_errors=True)
        shutil.copytree(REGISTRY / place, registry / place)
        shutil.rmtree(registry / HELD, ignore_errors=True)
        shutil.copytree(REGISTRY / HELD, registry / HELD)
