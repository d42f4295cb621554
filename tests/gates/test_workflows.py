"""The workflows, ours and the templates for publishers: pinned, without rights, deaf to titles."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent.parent
WORKFLOWS = sorted([*ROOT.glob(".github/workflows/*.yml"), *ROOT.glob("starter/.github/workflows/*.yml")])
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
USES = re.compile(r"^\s*-?\s*uses:\s*(\S+)(.*)$", re.MULTILINE)
# What a stranger can write: titles, branch names, messages.  Anywhere in a script it is code.
FOREIGN = re.compile(r"\$\{\{")


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.relative_to(ROOT).as_posix())
def workflow(request: pytest.FixtureRequest) -> Path:
    """One workflow file."""
    path: Path = request.param
    return path


def _read(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return loaded


def _steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in _read(path)["jobs"].values():
        yield from job.get("steps", ())


def _rights(path: Path) -> dict[str, dict[str, str]]:
    return {name: job["permissions"] for name, job in _read(path)["jobs"].items()}


def test_there_are_four() -> None:
    """We and the publishers each have one workflow that checks and one that publishes."""
    assert [path.name for path in WORKFLOWS] == ["check.yml", "publish.yml"] * 2


def test_actions_are_pinned(workflow: Path) -> None:
    """An action is named by its full commit, with its version beside it; a workflow of ours by its path."""
    found = USES.findall(workflow.read_text(encoding="utf-8"))
    assert found
    for name, comment in found:
        if not name.startswith("./"):
            assert PINNED.fullmatch(name), name
            assert re.fullmatch(r"\s+# v\d+\.\d+\.\d+", comment), name


def test_pins_agree() -> None:
    """All workflows use one commit of each action."""
    pins: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for name, comment in USES.findall(path.read_text(encoding="utf-8")):
            pins.setdefault(name.split("@")[0], set()).add(name + comment)
    assert {name: found for name, found in pins.items() if len(found) != 1} == {}


def test_rights_are_given_job_by_job(workflow: Path) -> None:
    """A workflow has no rights, a job reads the contents; the deploying job alone writes, to Pages alone."""
    assert _read(workflow)["permissions"] == {}
    for name, rights in _rights(workflow).items():
        expected = {"pages": "write", "id-token": "write"} if name == "deploy" else {"contents": "read"}
        assert rights == expected, name


def test_strangers_get_no_rights(workflow: Path) -> None:
    """No workflow runs a stranger's change with the rights of the repository, or with its secrets."""
    text = workflow.read_text(encoding="utf-8")
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(_read(workflow)["on"])
    assert "secrets" not in text
    if workflow.name == "publish.yml":
        assert "pull_request" not in _read(workflow)["on"]


def test_scripts_hold_no_expressions(workflow: Path) -> None:
    """Nothing is pasted into a script: no title, branch name or any other expression."""
    for step in _steps(workflow):
        assert not FOREIGN.search(step.get("run", "")), step
    text = workflow.read_text(encoding="utf-8")
    assert "head_ref" not in text
    assert "github.event." not in text


def test_checkouts_keep_no_credentials(workflow: Path) -> None:
    """A checkout leaves no token behind for later steps."""
    for step in _steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_jobs_end(workflow: Path) -> None:
    """Every job that has steps ends after a stated time, and a newer run of the same kind is ordered."""
    loaded = _read(workflow)
    assert loaded["concurrency"]["group"]
    for job in loaded["jobs"].values():
        if "steps" in job:
            assert 0 < job["timeout-minutes"] <= 60


def test_templates_never_install_by_bare_name() -> None:
    """The name on PyPI is another project's, so publishers install what requirements.txt names."""
    for path in ROOT.glob("starter/.github/workflows/*.yml"):
        installs = re.findall(r"pip install (.+)", path.read_text(encoding="utf-8"))
        assert installs == ["-r requirements.txt"], path
    text = (ROOT / "starter" / "requirements.txt").read_text(encoding="utf-8")
    assert all(line.startswith("#") for line in text.splitlines())


def test_publishing_waits_for_the_check(workflow: Path) -> None:
    """What is deployed was checked and built in the same run."""
    jobs = _read(workflow)["jobs"]
    if workflow.name == "publish.yml":
        assert jobs["check"]["uses"] == "./.github/workflows/check.yml"
        assert (jobs["build"]["needs"], jobs["deploy"]["needs"]) == ("check", "build")
