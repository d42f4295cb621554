"""The workflows, ours and the templates for publishers: pinned, without rights, deaf to titles."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .forge_files import ACTION, ROOT, SHELL, STARTER, WORKFLOWS, expressions, jobs, read

PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
USES = re.compile(r"^\s*-?\s*uses:\s*(\S+)(.*)$", re.MULTILINE)
NAMES = ["check.yml", "comment.yml", "correction-from-issue.yml", "publish.yml"]
# What each job may do.  What is not here may read the contents and nothing else.
RIGHTS = {
    ("publish.yml", "tip"): {"contents": "read", "actions": "read"},
    ("publish.yml", "deploy"): {"pages": "write", "id-token": "write"},
    ("comment.yml", "receive"): {"actions": "read", "pull-requests": "read"},
    ("comment.yml", "comment"): {"actions": "read", "pull-requests": "write"},
    ("comment.yml", "code-scanning"): {"actions": "read", "security-events": "write"},
    ("correction-from-issue.yml", "file"): {
        "actions": "write", "contents": "write", "issues": "write", "pull-requests": "write",
    },
}  # fmt: skip
# What a stranger writes freely.  It may stand in a step's environment, where it is only a value.
FREE_TEXT = ("github.event.issue.body", "github.event.workflow_run.head_branch", "github.event.sender.login")
# What may stand elsewhere: commits, numbers, and names that the repository's own people chose.
PLAIN = re.compile(
    r"github\.event\.(pull_request\.(head\.sha|base\.sha|number)|before|repository\.default_branch|issue\.number"
    r"|label\.name|workflow_run\.(id|head_sha|event|conclusion|head_repository\.id))\b"
)


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.relative_to(ROOT).as_posix())
def workflow(request: pytest.FixtureRequest) -> Path:
    """One workflow file."""
    path: Path = request.param
    return path


@pytest.fixture(params=[*WORKFLOWS, ACTION], ids=lambda path: path.relative_to(ROOT).as_posix())
def file(request: pytest.FixtureRequest) -> Path:
    """One workflow file, or the action."""
    path: Path = request.param
    return path


def _steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in jobs(path).values():
        yield from job.get("steps", ())


def test_there_are_four() -> None:
    """We and the publishers have one workflow each that checks, comments, files a correction, publishes."""
    assert [path.name for path in WORKFLOWS] == NAMES * 2


def test_actions_are_pinned(file: Path) -> None:
    """An action is named by its full commit, with its version beside it; a workflow of ours by its path."""
    found = USES.findall(file.read_text(encoding="utf-8"))
    assert found or file.name == "comment.yml"
    for name, comment in found:
        if not name.startswith("./"):
            assert PINNED.fullmatch(name), name
            assert re.fullmatch(r"\s+# v\d+\.\d+\.\d+", comment), name


def test_pins_agree() -> None:
    """All workflows use one commit of each action, and one release of all parts of an action."""
    pins: dict[str, set[str]] = {}
    for path in [*WORKFLOWS, ACTION]:
        for name, comment in USES.findall(path.read_text(encoding="utf-8")):
            action, _, commit = name.partition("@")
            pins.setdefault("/".join(action.split("/")[:2]), set()).add(commit + comment)
    assert {name: found for name, found in pins.items() if len(found) != 1} == {}


def test_rights_are_given_job_by_job(workflow: Path) -> None:
    """A workflow has no rights and a job reads the contents; who may do more is listed above."""
    assert read(workflow)["permissions"] == {}
    for name, job in jobs(workflow).items():
        assert job["permissions"] == RIGHTS.get((workflow.name, name), {"contents": "read"}), name


def test_strangers_get_no_rights(workflow: Path) -> None:
    """No workflow runs a stranger's change with the rights of the repository, or with its secrets."""
    text = workflow.read_text(encoding="utf-8")
    triggers = set(read(workflow)["on"])
    assert not {"pull_request_target", "issue_comment", "discussion", "repository_dispatch"} & triggers
    assert "secrets" not in text
    trusted = {
        "comment.yml": {"workflow_run"},
        "correction-from-issue.yml": {"issues"},
        "publish.yml": {"push", "workflow_dispatch"},
    }
    assert triggers == trusted.get(
        workflow.name, {"pull_request", "push", "workflow_call", "workflow_dispatch"}
    )


def test_what_has_rights_never_holds_a_change() -> None:
    """A job that may write checks out nothing, or the default branch."""
    for path in WORKFLOWS:
        for name, job in jobs(path).items():
            if "write" not in job["permissions"].values():
                continue
            for step in job["steps"]:
                if step.get("uses", "").startswith("actions/checkout@"):
                    assert step["with"]["ref"] == "${{ github.event.repository.default_branch }}", name
            text = "".join(step.get("run", "") for step in job["steps"])
            assert not re.search(r"\bgit (fetch|checkout|switch|merge|pull|clone)\b|gh pr checkout", text)


def test_scripts_hold_no_expressions(file: Path) -> None:
    """Nothing is pasted into a script: no title, branch name or any other expression."""
    for step in _steps(file):
        assert not expressions(step.get("run", "")), step


def test_free_text_is_a_value_of_the_environment(file: Path) -> None:
    """Free text reaches a step through its environment; elsewhere stand numbers and commits."""
    text = file.read_text(encoding="utf-8")
    assert "head_ref" not in text
    assert ".title" not in text
    for line in text.splitlines():
        for name in re.findall(r"github\.event\.[\w.]+", line):
            if name in FREE_TEXT:
                assert re.fullmatch(r"\s+[A-Z_]+: \$\{\{ [\w.]+ \}\}|  group: .+", line), line
            else:
                assert PLAIN.fullmatch(name), line


def test_tokens_reach_only_steps_that_run_gh(workflow: Path) -> None:
    """A token is given step by step, and never to a step that runs colophon, pip or make."""
    for job in jobs(workflow).values():
        assert "env" not in job
        for step in job.get("steps", ()):
            script = step.get("run", "")
            has_token = any("token" in str(value) for value in step.get("env", {}).values())
            assert has_token == ("gh api" in script), step
            assert not (has_token and re.search(r"bin/colophon|pip install|^make ", script, re.MULTILINE)), (
                step
            )
    assert "env" not in read(workflow)


def test_scripts_stop_at_the_first_fault(file: Path) -> None:
    """A script of more than three lines says so itself; the shell is the same everywhere."""
    loaded = read(file)
    if "jobs" in loaded and any("run" in step for step in _steps(file)):
        containers = [job for job in loaded["jobs"].values() if "container" in job]
        assert containers or loaded["defaults"]["run"]["shell"] == SHELL[0]
    for step in _steps(file):
        if len(step.get("run", "").splitlines()) > 3:
            assert step["run"].startswith("set -euo pipefail\n"), step


def test_checkouts_keep_no_credentials(workflow: Path) -> None:
    """A checkout leaves no token behind for later steps."""
    for step in _steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_jobs_end(workflow: Path) -> None:
    """Every job that has steps ends after a stated time, and a newer run of the same kind is ordered."""
    loaded = read(workflow)
    assert loaded["concurrency"]["group"]
    for job in loaded["jobs"].values():
        if "steps" in job:
            assert 0 < job["timeout-minutes"] <= 60


def test_templates_never_install_by_bare_name() -> None:
    """The name on PyPI is another project's, so publishers install what requirements.txt names."""
    for path in STARTER.glob("workflows/*.yml"):
        text = path.read_text(encoding="utf-8")
        installs = re.findall(r"pip install (.+)", text)
        assert all(words.split()[-2:] == ["-r", "requirements.txt"] for words in installs), path
        assert bool(installs) == ("colophon build" in text or "bin/colophon" in text), path
    text = (ROOT / "starter" / "requirements.txt").read_text(encoding="utf-8")
    assert all(line.startswith("#") for line in text.splitlines())


def test_publishing_waits_for_the_check(workflow: Path) -> None:
    """What is deployed was judged since the last published commit, and built, in the same run."""
    if workflow.name != "publish.yml":
        return
    found = jobs(workflow)
    assert found["check"]["uses"] == "./.github/workflows/check.yml"
    assert found["check"]["with"] == {"main": True, "since": "${{ needs.tip.outputs.since }}"}
    needs = [found[name]["needs"] for name in ("check", "build", "deploy")]
    assert needs == ["tip", "check", "build"]
    assert not any("if" in job for job in found.values())


def test_the_cache_is_written_by_main_alone() -> None:
    """A pull request reads the cache and never stores one; main stores it after the check has passed."""
    for path in (path for path in WORKFLOWS if path.name == "check.yml"):
        steps = jobs(path)["gate"]["steps"]
        names = [step.get("uses", step.get("name", "")).partition("@")[0] for step in steps]
        save = steps[names.index("actions/cache/save")]
        assert save["if"] == "${{ inputs.main }}"
        assert names.index("actions/cache/restore") < names.index("Judge") < names.index("actions/cache/save")
        assert "continue-on-error" not in path.read_text(encoding="utf-8")
        assert "actions/cache@" not in path.read_text(encoding="utf-8")


def test_ours_and_the_templates_say_the_same() -> None:
    """A publisher's gate is ours; only the registry's folder and where colophon comes from differ."""
    ours, theirs = (
        {
            path.name: path.read_text(encoding="utf-8")
            for path in WORKFLOWS
            if (STARTER in path.parents) is starter
        }
        for starter in (False, True)
    )
    assert ours["comment.yml"] == theirs["comment.yml"]
    issue = ours["correction-from-issue.yml"].replace("REGISTRY: registry", "REGISTRY: .")
    assert (
        issue.replace('"$GITHUB_WORKSPACE"\n', "-r requirements.txt\n") == theirs["correction-from-issue.yml"]
    )
    here, there = (
        read(folder / "workflows" / "check.yml")["jobs"]["gate"] for folder in (ROOT / ".github", STARTER)
    )
    for job in (here, there):
        for step in job["steps"]:
            step.get("env", {}).pop("REGISTRY", None)
            if step.get("name") == "Install colophon from the base":
                del step["run"]
    assert here == there
    here, there = (
        read(folder / "workflows" / "publish.yml")["jobs"] for folder in (ROOT / ".github", STARTER)
    )
    assert [here[name] for name in ("tip", "check", "deploy")] == [
        there[name] for name in ("tip", "check", "deploy")
    ]
