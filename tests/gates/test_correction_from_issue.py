"""A correction filed with the issue form: who accepts it, what becomes of it."""

import base64
from pathlib import Path

import pytest

from .forge_files import (
    EVENT,
    OURS,
    PAPER,
    STARTER,
    History,
    Runner,
    calls,
    log,
    step,
    with_colophon,
    with_gh,
)

WORKFLOWS = {
    "registry": OURS / "workflows" / "correction-from-issue.yml",
    ".": STARTER / "workflows" / "correction-from-issue.yml",
}
# Writes what it is told to, as `colophon correct` would.
WRITING = """#!/bin/bash
{ printf '%s\\n' "$PWD" "$@"; echo --end--; } >>"$STUB_LOG"
while read -r file; do mkdir -p "$(dirname "$file")"; echo "type: DISPUTE" >"$file"; done <<<"$STUB_FILES"
"""


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A machine with a checkout of main."""
    made = Runner.at(tmp_path)
    History(made.checkout).commit(registry__readme="x", readme="x")
    return made


@pytest.mark.parametrize(
    ("role", "may"), [("admin", True), ("write", True), ("read", False), ("none", False)]
)
def test_only_maintainers_accept(runner: Runner, role: str, may: bool) -> None:
    """Who set the label must be able to write to the repository; the forge is asked."""
    with_gh(runner, {"/collaborators/somebody/permission": {"permission": role}})
    done = runner.run(step(WORKFLOWS["."], "Ask who set the label"), GH_TOKEN="t", SENDER="somebody")
    assert (done.returncode == 0) == may


def test_an_unknown_sender_does_not_accept(runner: Runner) -> None:
    """No answer is no permission."""
    with_gh(runner, {})
    done = runner.run(step(WORKFLOWS["."], "Ask who set the label"), GH_TOKEN="t", SENDER="somebody")
    assert done.returncode != 0


@pytest.mark.parametrize("folder", sorted(WORKFLOWS))
def test_the_text_becomes_one_file(runner: Runner, folder: str) -> None:
    """The issue's text reaches colophon as a file, byte for byte, and one new correction comes of it."""
    event = EVENT if folder == "." else f"{folder}/{EVENT}"
    with_colophon(runner, STUB_FILES=event)
    runner.program("colophon", WRITING, runner.temp / "venv" / "bin")
    body = "### Paper\n\n$(touch sign) `touch sign` \"; touch sign; '\\n %s\r\n"
    done = runner.run(step(WORKFLOWS[folder], "Write the correction"), BODY=body)
    assert done.returncode == 0, done.stderr
    ((cwd, *arguments),) = log(runner)
    issue = runner.temp / "issue.md"
    assert (cwd, arguments) == (
        str(runner.checkout),
        ["correct", "--registry", folder, "--from-issue", str(issue)],
    )
    assert issue.read_bytes() == body.encode()
    commit = History(runner.checkout).git("rev-parse", "HEAD")
    assert runner.outputs() == {"file": event, "paper": PAPER[:8], "commit": commit}
    assert not list(runner.temp.parent.rglob("sign"))


@pytest.mark.parametrize(
    "files",
    [
        "registry/registry.yaml",
        f"registry/papers/63/{PAPER}/report.txt",
        f"registry/{EVENT}\nregistry/{EVENT.replace('wrong', 'other')}",
        f"registry/papers/63/{PAPER}/corrections/deep/er.yaml",
        "registry/readme",
        "elsewhere",
    ],
)
def test_anything_but_one_correction_is_refused(runner: Runner, files: str) -> None:
    """Another file, a second one, a changed one or none: nothing is handed on."""
    with_colophon(runner, STUB_FILES=files)
    runner.program("colophon", WRITING, runner.temp / "venv" / "bin")
    assert runner.run(step(WORKFLOWS["registry"], "Write the correction"), BODY="x").returncode == 1
    assert runner.outputs() == {}
    assert "one new correction was expected" in (runner.temp / "said.txt").read_text(encoding="utf-8")


def test_a_form_that_does_not_fit_is_answered(runner: Runner) -> None:
    """What colophon says is written below the issue, as a block of code that no text can leave."""
    with_colophon(runner, STUB_CODE="1", STUB_SAYS="```\n@somebody <img> says \x1b[31m\n")
    assert runner.run(step(WORKFLOWS["."], "Write the correction"), BODY="x").returncode == 1
    answer = step(WORKFLOWS["."], "Say what is in the way")
    assert answer["if"] == "${{ failure() && steps.write.outcome == 'failure' }}"
    with_gh(runner, {})
    assert runner.run(answer, GH_TOKEN="t", NUMBER="12").returncode == 0
    (call,) = calls(runner)
    assert (call["method"], call["address"]) == ("POST", "repos/owner/registry/issues/12/comments")
    body = call["fields"]["body"]
    assert "\n    ```\n    @somebody <img> says [31m\n" in body
    assert "set the label `correction-accepted` again" in body


def test_the_pull_request_holds_the_file_and_nothing_else(runner: Runner) -> None:
    """A branch at the commit that was read, one file on it, a pull request, and its check."""
    History(runner.checkout).write(f"registry/{EVENT}", "type: DISPUTE\n")
    with_gh(runner, {})
    values = {"NUMBER": "12", "DEFAULT_BRANCH": "main", "FILE": f"registry/{EVENT}", "COMMIT": "c" * 40}
    opened = step(WORKFLOWS["registry"], "Open the pull request")
    done = runner.run(opened, GH_TOKEN="t", PAPER=PAPER[:8], **values)
    assert done.returncode == 0, done.stderr
    ref, put, pull, check = calls(runner)
    assert ref["address"] == "repos/owner/registry/git/refs"
    assert ref["fields"] == {"ref": "refs/heads/correction/issue-12", "sha": "c" * 40}
    assert (put["method"], put["address"]) == ("PUT", f"repos/owner/registry/contents/registry/{EVENT}")
    assert base64.b64decode(put["input"]["content"]) == b"type: DISPUTE\n"
    assert put["input"]["branch"] == "correction/issue-12"
    assert (pull["fields"]["base"], pull["fields"]["head"]) == ("main", "correction/issue-12")
    assert "Closes #12" in pull["fields"]["body"]
    assert check["address"] == "repos/owner/registry/actions/workflows/check.yml/dispatches"
    assert check["fields"] == {"ref": "correction/issue-12"}
