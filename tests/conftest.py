"""What tests of several folders share: the real registry, and its site built once for all of them."""

import atexit
import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from colophon import pages

from . import program

# What commands keep is kept for these tests alone; programs that are started inherit it.
CACHES = tempfile.mkdtemp(prefix="colophon-caches-")
os.environ["XDG_CACHE_HOME"] = CACHES
atexit.register(shutil.rmtree, CACHES, ignore_errors=True)

# How long an example takes depends on the machine and on what ran before; speed has its place in benchmarks/.
settings.register_profile("colophon", deadline=None)
settings.load_profile("colophon")

PR_SET_SECUREBITS = 28
SECBIT_NOROOT = 1
ROOT = Path(__file__).resolve().parent.parent


def colophon(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the program and return what it printed."""
    return program.run(arguments, cwd)


def started(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Start the program as people start it, with a seed of its own for Python's hashes."""
    command = [program.PROGRAM, *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def publish(target: Path, registry: Path, *options: str) -> Path:
    """Build a registry's site into ``target`` and return it; a failed build fails the test with its words."""
    done = started("build", "--registry", registry, "--site-dir", target, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@pytest.fixture(scope="session", autouse=True)
def printed() -> Iterator[None]:
    """Templates whose values are looked at: the engine would print None as a word."""
    engine = pages._made(_some)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "_environment", lambda: engine)
        yield


def _some(value: object) -> object:
    if value is None:
        raise ValueError("None would be printed")
    # The engine writes 31.0 for it, and what comes back from here as 31.
    if isinstance(value, float):
        raise TypeError(f"{value} has to be written as text first")
    return value


@pytest.fixture(scope="session")
def registry() -> Path:
    """The registry of this repository; read only."""
    return ROOT / "registry"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, registry: Path) -> Path:
    """The site of the real registry, built by one process; read only."""
    return publish(tmp_path_factory.mktemp("published") / "site", registry, "--jobs", "1", "--no-cache")


@pytest.fixture(scope="session")
def powerless() -> Callable[[], None]:
    """What a child calls before it becomes another program: root then has the rights of its files only.

    Linux gives a program that root starts every capability, unless this bit says that user 0 is nobody
    special (capabilities(7)).  For other users the call is refused, and not needed.
    """
    libc = ctypes.CDLL(None)

    def give_up() -> None:
        libc.prctl(PR_SET_SECUREBITS, SECBIT_NOROOT, 0, 0, 0)

    return give_up
