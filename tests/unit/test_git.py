"""Objects are read through children that live as long as their process, and never stall or eat the memory."""

import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from colophon import git
from colophon.errors import EnvironmentFault

from ..gate.branches import git as run_git


@pytest.fixture
def root(tmp_path: Path) -> str:
    """An empty repository."""
    run_git(tmp_path, "init", "-q")
    return str(tmp_path)


def stored(root: str, raw: bytes) -> str:
    """Store an object and return its id."""
    return run_git(Path(root), "hash-object", "-w", "--stdin", stdin=raw).decode().strip()


def test_bytes_are_read_as_they_are(root: str) -> None:
    """Nothing is decoded, and the next answer begins where the last one ended."""
    for raw in (b"", b"\n", b"\0\r\n\xff", b"x" * 200_000):
        assert git.read(root, stored(root, raw)) == raw


def test_a_name_is_none_without_git_or_settings(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is made up, and what a hook says of another repository does not count."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    assert git.user_name(root) == ""
    assert git.user_name(f"{root}/no-such-folder") == ""
    run_git(Path(root), "config", "user.name", "Ada Exämple")
    assert git.user_name(root) == "Ada Exämple"
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    assert git.user_name(root) == "Ada Exämple"


def test_more_questions_than_a_pipe_takes(root: str) -> None:
    """Thousands of sizes are asked for at once, the same object twice among them."""
    oids = [stored(root, b"x" * count) for count in range(5)] * 1000
    assert git.sizes(root, oids) == {oid: count for count, oid in enumerate(oids[:5])}
    assert git.sizes(root, []) == {}


def test_a_missing_object_is_said(root: str) -> None:
    """And the child still answers the next question."""
    with pytest.raises(EnvironmentFault, match="is not in this clone"):
        git.read(root, "1" * 40)
    assert git.read(root, stored(root, b"next")) == b"next"


def test_an_object_that_is_far_too_large_is_not_read(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is known before a byte of it is held."""
    monkeypatch.setattr(git, "_LARGEST_OBJECT", 10)
    with pytest.raises(EnvironmentFault, match="has 11 bytes"):
        git.read(root, stored(root, b"x" * 11))


@pytest.mark.parametrize("oid", ["HEAD", "", "1" * 39, f"{'1' * 40}\n{'2' * 40}"])
def test_only_ids_are_asked_for(root: str, oid: str) -> None:
    """A name would change its meaning, and a line feed would ask two questions."""
    with pytest.raises(ValueError, match="no ids"):
        git.sizes(root, [oid])


def test_a_child_that_ended_is_replaced(root: str) -> None:
    """One question fails, with a next step; the one after it starts a new child."""
    oid = stored(root, b"words")
    git.read(root, oid)
    git._child(root, os.getpid(), "--batch").process.kill()
    with pytest.raises(EnvironmentFault, match="ended early") as refused:
        git.read(root, oid)
    assert "git fsck" in (refused.value.hint or "")
    assert git.read(root, oid) == b"words"


def _read(root: str, oid: str) -> bytes:
    return git.read(root, oid)


def test_a_fork_has_children_of_its_own(root: str) -> None:
    """Processes that were forked while a child ran do not take each other's answers."""
    oids = [stored(root, str(number).encode() * 1000) for number in range(40)]
    git.read(root, oids[0])
    with ProcessPoolExecutor(4, get_context("fork")) as pool:
        found = list(pool.map(_read, [root] * len(oids), oids))
    assert found == [git.read(root, oid) for oid in oids]


def test_without_git_the_next_step_is_said(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without git gets one line."""
    git._program.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(EnvironmentFault, match="git is not installed") as refused:
        git.run(root, "version")
    git._program.cache_clear()
    assert refused.value.hint is not None


def test_a_complaint_is_one_printable_line(root: str) -> None:
    """Git's own words reach a terminal without what could steer it."""
    assert git.complaint(b"fatal: bad \x1b[31m\xff name\nmore\n") == "bad \\u{1b}[31m\ufffd name"
    assert git.complaint(b"") == "failed without a word"
    with pytest.raises(EnvironmentFault, match=r"^git rev-parse: "):
        git.output(root, "rev-parse", "--verify", "none")
