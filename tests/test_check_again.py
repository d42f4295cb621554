"""A second check answers from what the first kept, and never otherwise than a check that keeps nothing."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from . import program
from .conftest import started

REGISTRY = Path(__file__).parent / "registry"
# Longer than the time in which files count as fresh.
SETTLES = 2.2


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A copy of the test registry whose files are not fresh any more."""
    copy = Path(shutil.copytree(REGISTRY, tmp_path / "registry"))
    time.sleep(SETTLES)
    return copy


def check(registry: Path, *more: str) -> tuple[int, str]:
    done = program.run(["check", "--registry", registry, *more], env=caches(registry))
    return done.returncode, done.stdout


def caches(registry: Path) -> dict[str, str]:
    """The environment in which a check keeps what it found beside the registry."""
    return {"XDG_CACHE_HOME": str(registry.parent / "caches")}


def kept(registry: Path) -> list[Path]:
    """The files that were kept."""
    return sorted((registry.parent / "caches").rglob("*.sqlite"))


def test_the_second_check_says_the_same(registry: Path) -> None:
    """In every form, with and without what was kept; a change is seen at once."""
    before = sorted(registry.rglob("*"))
    first = check(registry)
    assert len(kept(registry)) == 1
    assert sorted(registry.rglob("*")) == before, "nothing is written where strangers file"
    assert check(registry) == first == check(registry, "--no-cache")
    for form in ("json", "github", "sarif"):
        assert check(registry, "--format", form) == check(registry, "--format", form, "--no-cache")
    assert check(registry, "--stats") == check(registry, "--stats", "--no-cache")
    file = next(registry.glob("papers/*/*/manifest.json"))
    file.write_bytes(file.read_bytes() + b"\n")
    code, said = check(registry)
    assert (code, said) == check(registry, "--no-cache")
    assert code == 1
    assert "S111" in said


def test_what_is_kept_fails_as_before(registry: Path) -> None:
    """The exit code follows from what is asked for now, not from what was asked when it was kept."""
    assert check(registry)[0] == 0
    assert check(registry, "--fail-on", "note")[0] == 1
    assert check(registry, "--fail-on", "integrity")[0] == 0


def test_the_day_counts(registry: Path) -> None:
    """What lies after the time of the check is said by that time, whatever was said at another."""
    early = "2020-01-01T00:00:00Z"
    today = check(registry)
    assert "H101" not in today[1]
    for _ in range(2):
        code, said = check(registry, "--now", early)
        assert code == 1
        assert "H101" in said
        assert check(registry) == today


def test_nothing_is_kept_where_nothing_should_be(registry: Path, powerless: Callable[[], None]) -> None:
    """Not with --no-cache, and not where the cache may not be written to: a check says the same there."""
    first = check(registry, "--no-cache")
    assert kept(registry) == []
    (registry.parent / "caches").mkdir(mode=0o555)
    command = [program.PROGRAM, "check", "--registry", registry]
    environment = {**os.environ, **caches(registry)}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, preexec_fn=powerless, env=environment
    )
    assert (done.returncode, done.stdout) == first, done.stderr
    assert kept(registry) == []


def test_what_a_registry_holds_is_no_memory(registry: Path) -> None:
    """A file of results that a stranger filed there, under whatever name, is not read."""
    first = check(registry)
    (own,) = kept(registry)
    folder = registry / ".colophon"
    folder.mkdir()
    shutil.move(own, folder / "examined.sqlite")
    raw = (folder / "examined.sqlite").read_bytes()
    assert check(registry) == first
    assert (folder / "examined.sqlite").read_bytes() == raw
    assert len(kept(registry)) == 1


def test_a_check_of_a_change_has_its_own_memory(registry: Path) -> None:
    """--no-cache says nothing of a change; the option is refused in one line."""
    done = started("check", "--registry", registry, "--base", "HEAD", "--no-cache")
    assert done.returncode == 2
    assert "--no-cache and --base cannot be used together" in done.stderr
