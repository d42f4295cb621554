"""What tests of several folders share: the real registry, and its site built once for all of them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def colophon(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the program as people run it and return what it printed."""
    program = Path(sys.executable).with_name("colophon")
    return subprocess.run(
        [program, *arguments], cwd=cwd, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def publish(target: Path, registry: Path, *options: str) -> Path:
    """Build a registry's site into ``target`` and return it; a failed build fails the test with its words."""
    done = colophon("build", "--registry", registry, "--site-dir", target, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@pytest.fixture(scope="session")
def registry() -> Path:
    """The registry of this repository; read only."""
    return ROOT / "registry"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, registry: Path) -> Path:
    """The site of the real registry, built by one process; read only."""
    return publish(tmp_path_factory.mktemp("published") / "site", registry, "--jobs", "1", "--no-cache")
