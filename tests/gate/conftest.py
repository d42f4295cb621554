"""One repository with a fabricated registry that only grows, made once for all changes."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from . import base
from .branches import git

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Start:
    """Where the changes start: the repository's folder, the commit that they leave, main one commit later.

    ``cache`` is a file that keeps what the check knows of the base.
    """

    folder: Path
    base: str
    main: str
    cache: Path


def begun(folder: Path) -> Start:
    """Make the repository in a folder that is not there yet."""
    folder.mkdir()
    shutil.copytree(ROOT / "tests/registry", folder / "registry")
    for path in ("schemas/paper-manifest", "schemas/examples", "vocabularies"):
        shutil.copytree(ROOT / path, folder / path)
    base.write(folder)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "The base")
    base.write_later(folder)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Meanwhile on main")
    before, after = git(folder, "rev-parse", "HEAD^", "HEAD").decode().split()
    return Start(folder, before, after, folder.parent / "outlines")


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """The repository from which every change starts; it may be added to, never altered."""
    return begun(tmp_path_factory.mktemp("gate") / "repository")
