"""Losing the cache costs time, never data and never a run."""

import sqlite3
from pathlib import Path

import pytest

from colophon.cache import Cache
from colophon.errors import EnvironmentFault


def test_what_is_put_is_got_also_by_the_next_run(tmp_path: Path) -> None:
    """Values stay over a restart; unknown keys are simply absent; a key put twice has the newer value."""
    file = tmp_path / "below" / "cache.sqlite"
    first = Cache(file)
    first.put({"a": b"1", "b": b"\x00\xff"})
    first.put({"a": b"2"})
    first.close()
    second = Cache(file)
    assert second.get(["a", "b", "c"]) == {"a": b"2", "b": b"\x00\xff"}
    second.close()


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\x00" + b"\xff" * 5_000])
def test_a_file_that_is_no_database_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    """Whatever stands in the file's place, the cache opens empty and works."""
    file = tmp_path / "cache.sqlite"
    file.write_bytes(content)
    cache = Cache(file)
    assert cache.get(["a"]) == {}
    cache.put({"a": b"1"})
    assert cache.get(["a"]) == {"a": b"1"}
    cache.close()


def test_pages_damaged_in_the_middle_are_begun_anew(tmp_path: Path) -> None:
    """Damage that shows only on reading (a power cut) is met by an empty cache, not by a failure."""
    file = tmp_path / "cache.sqlite"
    cache = Cache(file)
    keys = [f"{n:064d}" for n in range(500)]
    cache.put(dict.fromkeys(keys, b"x" * 200))
    cache.close()
    raw = bytearray(file.read_bytes())
    raw[4096:] = b"\xa5" * (len(raw) - 4096)
    file.write_bytes(raw)
    damaged = Cache(file)
    assert damaged.get(keys) == {}
    damaged.put({"a": b"1"})
    assert damaged.get(["a"]) == {"a": b"1"}
    damaged.close()


def test_what_cannot_be_kept_is_lost_silently(tmp_path: Path) -> None:
    """A database that another program locks or that is full keeps nothing, and nobody is stopped."""
    file = tmp_path / "cache.sqlite"
    cache = Cache(file)
    other = sqlite3.connect(file)
    other.execute("BEGIN EXCLUSIVE")
    cache._database.execute("PRAGMA busy_timeout=1")
    cache.put({"a": b"1"})
    other.rollback()
    other.close()
    assert cache.get(["a"]) == {}
    cache.close()


def test_a_file_that_another_process_writes_is_not_thrown_away(tmp_path: Path) -> None:
    """While it is locked nothing is known; then everything is again."""
    file = tmp_path / "cache.sqlite"
    cache = Cache(file)
    cache.put({"a/1": b"1", "a/2": b"2", "b": b"3"})
    cache._database.execute("PRAGMA busy_timeout=1")
    other = sqlite3.connect(file)
    other.execute("BEGIN EXCLUSIVE")
    assert cache.get(["b"]) == {}
    assert list(cache.below("a/")) == []
    assert cache.count("a/") == 0
    other.rollback()
    other.close()
    assert cache.get(["b"]) == {"b": b"3"}
    assert list(cache.below("a/")) == [("a/1", b"1"), ("a/2", b"2")]
    cache.drop(["a/1"])
    assert list(cache.keys("a/")) == ["a/2"]
    cache.close()


def test_a_place_that_cannot_hold_a_file_is_said_in_one_line(tmp_path: Path) -> None:
    """Where no file can be opened the run ends with what to do instead."""
    (tmp_path / "cache.sqlite").mkdir()
    with pytest.raises(EnvironmentFault, match="cache cannot be opened") as caught:
        Cache(tmp_path / "cache.sqlite")
    assert caught.value.hint == "run the command again with --no-cache"
