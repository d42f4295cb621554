"""What tools of other people say of the files for forges: shells, schemas, and an auditor of workflows."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .forge_files import ACTION, OURS, ROOT, STARTER, WORKFLOWS, jobs, read

SCHEMAS = {
    "github-workflows": WORKFLOWS,
    "github-actions": [ACTION],
    "github-issue-forms": [OURS / "ISSUE_TEMPLATE" / "correction.yml"],
    "github-issue-config": [OURS / "ISSUE_TEMPLATE" / "config.yml"],
    "dependabot": [OURS / "dependabot.yml"],
    "gitlab-ci": [ROOT / "starter" / ".gitlab-ci.yml"],
}


def _scripts() -> Iterator[tuple[str, str]]:
    for path in [*WORKFLOWS, ACTION]:
        for name, job in jobs(path).items():
            for number, step in enumerate(job.get("steps", ())):
                if "run" in step:
                    yield f"{path.relative_to(ROOT)}:{name}:{number}", step["run"]
    pipeline = read(ROOT / "starter" / ".gitlab-ci.yml")
    for name, job in pipeline.items():
        if isinstance(job, dict) and "script" in job:
            yield f"gitlab:{name}", "\n".join(job["script"])


SCRIPTS = dict(_scripts())


def _tool(name: str, *arguments: str | Path, text: str = "") -> None:
    """Run a tool of this environment; what it finds fails the test with its words."""
    program = Path(sys.executable).with_name(name)
    assert program.exists(), f'{name} is not installed; help: pip install --editable ".[dev]"'
    done = subprocess.run(
        [program, *arguments], input=text, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_read_by_the_shell(name: str) -> None:
    """bash reads every script without running it."""
    done = subprocess.run(["bash", "-n"], input=SCRIPTS[name], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SCRIPTS)
def test_shellcheck_finds_nothing(name: str) -> None:
    """No unquoted value, no ignored failure.  A job's shell ends at the first fault, as GitHub starts it."""
    _tool("shellcheck", "--shell=bash", "-", text=f"set -e\n{SCRIPTS[name]}")


def test_the_gitlab_script_needs_no_bash() -> None:
    """GitLab runs it with whatever shell the image has."""
    _tool("shellcheck", "--shell=dash", "-", text=SCRIPTS["gitlab:check"])


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_fit_the_schemas_of_the_forges(schema: str) -> None:
    """The published schemas, as check-jsonschema carries them; nothing is fetched."""
    _tool("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *SCHEMAS[schema])


def test_zizmor_finds_nothing() -> None:
    """An auditor of workflows: injection, rights, pins, credentials, cache poisoning.  Nothing is fetched."""
    _tool("zizmor", "--offline", "--no-progress", "--min-severity", "medium", OURS, STARTER, ACTION)


def test_what_zizmor_is_told_to_pass_over_is_known() -> None:
    """One trigger alone is exempt, with its reason beside it."""
    files = [*WORKFLOWS, ACTION, OURS / "dependabot.yml"]
    found = [
        line for path in files for line in path.read_text(encoding="utf-8").splitlines() if "zizmor:" in line
    ]
    assert len(found) == 2
    assert all(re.match(r"  workflow_run: # zizmor: ignore\[dangerous-triggers\] \w", line) for line in found)
