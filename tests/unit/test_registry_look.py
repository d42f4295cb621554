"""A registry looks otherwise when anything that is judged may have changed, and only then."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from colophon import bundle, store
from colophon.executor import Serial, local
from colophon.registry_look import registry_look
from colophon.store import WorkTree

REGISTRY = Path(__file__).parents[1] / "registry"


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the test registry, whose fresh files count as settled."""
    monkeypatch.setattr(store, "is_settled", lambda newest, now: True)
    return Path(shutil.copytree(REGISTRY, tmp_path / "top" / "registry"))


def look(registry: Path) -> str | None:
    return registry_look(WorkTree(str(registry)), Serial())


def test_the_same_files_look_the_same(registry: Path) -> None:
    """By one process or two, after reading, and with other files beside the registry's own."""
    first = look(registry)
    assert first
    for file in registry.rglob("*.json"):
        file.read_bytes()
    (registry / "notes.txt").write_text("not of the registry")
    (registry / ".cache").mkdir()
    assert look(registry) == first
    with local(2) as pool:
        assert registry_look(WorkTree(str(registry)), pool) == first


def commit(registry: Path) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *arguments], cwd=registry, check=True, capture_output=True)

    git("init", "-q")
    git("add", "registry.yaml")
    git("commit", "-q", "-m", "Begin")


CHANGES: dict[str, Callable[[Path], object]] = {
    "settings": lambda root: (root / "registry.yaml").touch(),
    "a vocabulary": lambda root: next((root / "vocabularies").iterdir()).touch(),
    "a manifest": lambda root: next(root.glob("papers/*/*/manifest.json")).touch(),
    "a stray": lambda root: (root / "papers" / "stray.txt").write_text(""),
    "a folder": lambda root: (root / "bindings" / "an-experiment").mkdir(parents=True),
    "a link": lambda root: (root / "runs").symlink_to(root / "papers"),
    "a source": lambda root: shutil.rmtree(root / "sources" / "arxiv" / "2503.99011"),
    "a script": lambda root: (root.parent / "scripts" / "experiments").mkdir(parents=True),
    "a commit": commit,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_shows(change: str, registry: Path) -> None:
    """Whatever a check reads: files, what lies at a folder's place, scripts, the commit."""
    first = look(registry)
    CHANGES[change](registry)
    assert look(registry) not in (first, None)


def test_another_program_sees_another_registry(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version may judge otherwise."""
    first = look(registry)
    monkeypatch.setattr(bundle, "digest", lambda: "another")
    assert look(registry) != first


def test_fresh_files_give_no_look(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They may change once more within the same tick of the clock."""
    monkeypatch.setattr(store, "is_settled", lambda newest, now: False)
    assert look(registry) is None
