"""The page about large registries: its clone of one record is made as it is written, and is enough."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import ROOT, colophon

GUIDE = (ROOT / "docs" / "large-registries.md").read_text(encoding="utf-8")
ADDRESS = "https://git.example/registry.git"
RECORD = "633d4d8a-aa2a-449c-8123-213191021a18"


def commands(heading: str) -> list[str]:
    """The commands of the first block below a heading."""
    block = re.findall(r"(?s)```console\n(.*?)```", GUIDE.partition(f"## {heading}\n")[2])[0]
    return [line.removeprefix("$ ") for line in block.splitlines()]


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody and return what it printed; a failure fails the test."""
    someone = ("-c", "user.name=Test", "-c", "user.email=test@invalid")
    done = subprocess.run(
        ["git", *someone, "-C", folder, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory, registry: Path) -> Path:
    """A repository with the real registry, as a host has it."""
    work = tmp_path_factory.mktemp("host") / "work"
    shutil.copytree(registry, work / "registry")
    git(work.parent, "init", "--quiet", "--initial-branch=main", str(work))
    git(work, "add", ".")
    git(work, "commit", "--quiet", "--message=All")
    git(work, "config", "uploadpack.allowFilter", "true")
    git(work, "config", "uploadpack.allowAnySHA1InWant", "true")
    return work


@pytest.fixture
def clone(origin: Path, tmp_path: Path) -> Path:
    """The clone that the page says how to make."""
    lines = commands("Correct one record")
    assert lines[0].count(ADDRESS) == 1
    script = "\n".join(["set -e", *lines]).replace(ADDRESS, f"{origin.as_uri()} registry")
    subprocess.run(["bash", "-c", script], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path / "registry"


def test_the_clone_has_one_record(origin: Path, clone: Path) -> None:
    """Of the papers it has the one folder, whole, and nothing is changed in it."""
    papers = clone / "registry" / "papers"
    assert [folder.name for folder in papers.glob("*/*")] == [RECORD]
    held = {file.name for file in (papers / RECORD[:2] / RECORD).iterdir()}
    there = {file.name for file in (origin / "registry" / "papers" / RECORD[:2] / RECORD).iterdir()}
    assert {"manifest.json", "provenance.json", "report.txt"} <= held
    assert held == there
    assert git(clone, "status", "--short") == ""


def test_a_correction_can_be_filed_from_it(origin: Path, clone: Path) -> None:
    """`colophon correct` and `colophon preview` work there, and what is pushed is one file."""
    made = colophon(
        "correct", RECORD[:8], "--type", "DISPUTE", "--reason", "wrong-value",
        "--change", "c003=The text as it should be", "--note", "How I know.", "--reporter", "Ada Example",
        cwd=clone,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    (file,) = git(clone, "status", "--short", "--untracked-files=all").split()[1::2]
    assert colophon("preview", file, cwd=clone).returncode == 0
    git(clone, "add", file)
    git(clone, "commit", "--quiet", "--message=Correct")
    git(clone, "push", "--quiet", "origin", "your-word")
    assert git(origin, "diff", "--name-only", "main", "your-word").split() == [file]
    judged = colophon("check", "--registry", "registry", "--base", "main", "--head", "your-word", cwd=origin)
    assert judged.returncode == 0, judged.stdout


def test_the_check_of_a_change_says_that_it_needs_more(clone: Path) -> None:
    """It compares with every record, and ends in one line where their contents are not there."""
    git(clone, "commit", "--quiet", "--allow-empty", "--message=Nothing")
    done = colophon("check", "--base", "origin/main", cwd=clone)
    assert done.returncode == 3
    assert "not in this clone" in done.stderr
    assert "without --filter" in done.stderr


def test_settings_that_are_documented_are_settings(clone: Path) -> None:
    """Git takes the settings for a whole clone; what would change the machine is not run."""
    first, second, third = commands("Settings for a whole clone")
    for line in (first, second):
        git(clone, *line.partition("#")[0].split()[1:])
    assert third.startswith("git maintenance start")


def test_tables_fit_a_phone() -> None:
    """No cell is long, and none sets its alignment by a style, which pages refuse."""
    cells = [cell.strip() for line in re.findall(r"(?m)^\|(.*)\|$", GUIDE) for cell in line.split("|")]
    assert max(map(len, cells)) <= 28
    assert not [cell for cell in cells if re.fullmatch(r":?-+:|:-+:?", cell)]
