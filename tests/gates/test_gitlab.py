"""The pipeline for GitLab: the same comparison, the same program, and findings that a merge request shows."""

import json
from pathlib import Path

import pytest

from .forge_files import COLOPHON, ROOT, History, Runner, log, read

PIPELINE = read(ROOT / "starter" / ".gitlab-ci.yml")
NOTHING = "0" * 40
# Makes an environment: its python runs what it is given with the real one, except pip.
PYTHON = """#!/bin/bash
{ printf '%s\\n' "$PWD" "$@"; echo --end--; } >>"$STUB_LOG"
case "$3" in
  venv)
    mkdir -p "$4/bin"
    cp "$0" "$4/bin/python"
    cp "$STUB_COLOPHON" "$4/bin/colophon"
    ;;
  pip) cp "${@: -1}" "$STUB_KEPT" ;;
  *) exec python3 "$@" ;;
esac
"""
FINDING = {
    "ruleId": "H406",
    "level": "error",
    "message": {"text": "was changed"},
    "locations": [
        {"physicalLocation": {"artifactLocation": {"uri": "papers/a%20b"}, "region": {"startLine": 3}}}
    ],
}


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A machine with a checkout, whose colophon has one finding."""
    made = Runner.at(tmp_path)
    made.program("python", PYTHON)
    colophon = made.program("colophon", COLOPHON, tmp_path / "stub")
    made.variables |= {
        "CI_PROJECT_DIR": str(made.checkout),
        "STUB_LOG": str(tmp_path / "asked.txt"),
        "STUB_COLOPHON": str(colophon),
        "STUB_KEPT": str(tmp_path / "requirements.txt"),
        "STUB_SARIF": json.dumps({"runs": [{"results": [FINDING]}]}),
    }
    return made


@pytest.fixture
def commits(runner: Runner) -> dict[str, str]:
    """Where a branch began, the tip of main since, and the branch's head; each names another colophon."""
    history = History(runner.checkout)
    made = {"old": history.commit(requirements_dot_txt="old")}
    made["main"] = history.commit(requirements_dot_txt="main")
    history.git("update-ref", "refs/remotes/origin/main", "HEAD")
    history.git("checkout", "--quiet", "-b", "branch", made["old"])
    made["head"] = history.commit(requirements_dot_txt="head")
    return made


def _check(runner: Runner, **variables: str) -> int:
    (script,) = PIPELINE["check"]["script"]
    return runner.script(script, variables).returncode


def _asked(runner: Runner) -> list[str]:
    (found,) = (call for call in log(runner) if call[1] == "check")
    return found


def _installed(runner: Runner) -> str:
    return Path(runner.variables["STUB_KEPT"]).read_text(encoding="utf-8")


def test_a_merge_request_is_compared_with_the_tip_of_its_target(
    runner: Runner, commits: dict[str, str]
) -> None:
    """Judged is the branch's own head, by the colophon that the target branch names."""
    assert _check(
        runner, CI_PIPELINE_SOURCE="merge_request_event", CI_COMMIT_SHA=commits["head"],
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main", CI_MERGE_REQUEST_DIFF_BASE_SHA=commits["old"],
        CI_COMMIT_BEFORE_SHA=NOTHING,
    ) == 0  # fmt: skip
    asked = _asked(runner)
    assert asked[-4:] == ["--base", commits["main"], "--head", commits["head"]]
    assert _installed(runner) == "main"


def test_without_the_target_its_diff_base_counts(runner: Runner, commits: dict[str, str]) -> None:
    """When the clone has no target branch, the commit where the branch began is what is compared with."""
    assert _check(
        runner, CI_PIPELINE_SOURCE="merge_request_event", CI_COMMIT_SHA="unused",
        CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=commits["head"],
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME="gone", CI_MERGE_REQUEST_DIFF_BASE_SHA=commits["old"],
    ) == 0  # fmt: skip
    assert _asked(runner)[-4:] == ["--base", commits["old"], "--head", commits["head"]]
    assert _installed(runner) == "old"


def test_the_default_branch_is_walked_from_the_tip_before(runner: Runner, commits: dict[str, str]) -> None:
    """A push is judged commit by commit, by the program of the tip before it."""
    assert _check(
        runner, CI_PIPELINE_SOURCE="push", CI_COMMIT_SHA=commits["main"], CI_COMMIT_BEFORE_SHA=commits["old"]
    ) == 0  # fmt: skip
    assert _asked(runner)[-5:] == ["--base", commits["old"], "--head", commits["main"], "--first-parent"]
    assert _installed(runner) == "old"


def test_a_first_push_is_judged_whole(runner: Runner, commits: dict[str, str]) -> None:
    """Forty zeros are no commit."""
    assert _check(
        runner, CI_PIPELINE_SOURCE="push", CI_COMMIT_SHA=commits["main"], CI_COMMIT_BEFORE_SHA=NOTHING
    ) == 0  # fmt: skip
    assert "--base" not in _asked(runner)
    assert _installed(runner) == "main"


def test_a_base_that_is_not_there_fails(runner: Runner, commits: dict[str, str]) -> None:
    """A commit that is missing is never taken for no commit."""
    values = {
        "CI_PIPELINE_SOURCE": "push",
        "CI_COMMIT_SHA": commits["main"],
        "CI_COMMIT_BEFORE_SHA": "1" * 40,
    }
    assert _check(runner, **values) == 1
    assert not Path(runner.variables["STUB_LOG"]).exists()


@pytest.mark.parametrize("code", ["0", "1", "3"])
def test_findings_become_a_code_quality_report(runner: Runner, commits: dict[str, str], code: str) -> None:
    """The report is written whatever colophon says, and colophon's word decides."""
    values = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_SHA": commits["main"], "CI_COMMIT_BEFORE_SHA": NOTHING}
    assert _check(runner, STUB_CODE=code, **values) == int(code)
    (issue,) = json.loads(
        (runner.checkout / "colophon-check" / "code-quality.json").read_text(encoding="utf-8")
    )
    assert issue["location"] == {"path": "papers/a b", "lines": {"begin": 3}}
    assert (issue["check_name"], issue["severity"]) == ("H406", "critical")
    assert issue["description"] == "H406 was changed"
    assert len(issue["fingerprint"]) == 64


def test_the_whole_history_is_there_and_reports_are_kept() -> None:
    """A comparison needs the history; a failed check keeps its reports too."""
    assert PIPELINE["variables"]["GIT_DEPTH"] == "0"
    artifacts = PIPELINE["check"]["artifacts"]
    assert artifacts["when"] == "always"
    assert artifacts["reports"]["codequality"] == "colophon-check/code-quality.json"
    assert PIPELINE["check"]["rules"][0]["if"] == '$CI_PIPELINE_SOURCE == "merge_request_event"'
    assert PIPELINE["pages"]["needs"] == ["check"]


def test_scripts_hold_only_the_shells_own_variables() -> None:
    """Branch names and titles are read from the environment, always in quotes."""
    (script,) = PIPELINE["check"]["script"]
    assert "$[[" not in script
    assert "TITLE" not in script
    assert "DESCRIPTION" not in script
