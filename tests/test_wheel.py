"""The wheel alone is enough: any publisher can run a registry from it, without this checkout."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .conftest import ROOT

REPORT = ROOT / "tests" / "ingests" / "examples" / "000_fa936746a51effa6.txt"
RECORD = "633d4d8a-aa2a-449c-8123-213191021a18"


def _run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    """Run a command and return what it printed; a failure fails the test with its words."""
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, installed from the wheel into an environment that has nothing but what it declares."""
    folder = tmp_path_factory.mktemp("environment")
    _run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=folder)
    return python.with_name("colophon")


@pytest.fixture
def alone(installed: Path) -> dict[str, str]:
    """An environment that knows neither this checkout nor this interpreter."""
    return {"PATH": f"{installed.parent}:/usr/bin:/bin", "HOME": os.devnull, "LC_ALL": "C"}


def test_wheel_carries_what_the_program_reads(wheel: Path) -> None:
    """Schemas, vocabularies, prose, theme and the starter, its hidden files too, are in the wheel."""
    names = {Path(name) for name in zipfile.ZipFile(wheel).namelist()}
    for folder in ("schemas", "vocabularies", "docs", "theme", "starter"):
        wanted = {
            Path("colophon/_bundle", folder, file.relative_to(ROOT / folder))
            for file in (ROOT / folder).rglob("*")
            if file.is_file()
        }
        assert wanted
        assert wanted <= names, sorted(wanted - names)
    assert {name.parts[0].partition("-")[0] for name in names} == {"colophon", "colophon_registry"}


def test_a_publisher_needs_only_the_wheel(installed: Path, alone: dict[str, str], tmp_path: Path) -> None:
    """In an empty folder outside the checkout: init, ingest, check and build give a page."""
    shutil.copy(REPORT, tmp_path / "report.txt")
    steps = (
        ("init", "registry"),
        ("check",),
        ("ingest", "report.txt", "--id", RECORD),
        ("check",),
        ("build",),
    )
    said = [_run(installed, *step, cwd=tmp_path, env=alone) for step in steps]
    assert "no records yet" in said[1]
    assert "1 record: 0 integrity findings" in said[3]
    page = (tmp_path / "site" / "papers" / f"{RECORD}.html").read_text(encoding="utf-8")
    assert "Gated Sparse Attention" in page
    assert (tmp_path / "site" / "quality-guide.html").is_file()


def test_a_new_registry_has_workflows_and_ignores_what_is_made(
    installed: Path, alone: dict[str, str], tmp_path: Path
) -> None:
    """`colophon init` writes settings, vocabularies, README, .gitignore and workflow templates."""
    _run(installed, "init", "registry", cwd=tmp_path, env=alone)
    written = {
        path.relative_to(tmp_path / "registry").as_posix()
        for path in (tmp_path / "registry").rglob("*")
        if path.is_file()
    }
    assert {
        ".github/workflows/check.yml",
        ".github/workflows/publish.yml",
        ".gitignore",
        "README.md",
        "registry.yaml",
        "requirements.txt",
        "vocabularies/quality-tiers-v2.yaml",
    } <= written


def test_the_starter_workflows_commands_work(installed: Path, alone: dict[str, str], tmp_path: Path) -> None:
    """The commands of the workflow templates run in a repository whose root is the registry."""
    _run(installed, "init", ".", cwd=tmp_path, env=alone)
    _run(installed, "check", "--registry", ".", "--format", "github", cwd=tmp_path, env=alone)
    _run(installed, "build", "--registry", ".", "--site-dir", "_site", cwd=tmp_path, env=alone)
    assert (tmp_path / "_site" / "index.html").is_file()
    _run(installed, "check", "--registry", ".", cwd=tmp_path, env=alone)
