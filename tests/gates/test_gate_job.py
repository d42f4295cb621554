"""The scripts of the gate's job, run on real repositories: base, head, program, preview."""

from pathlib import Path

import pytest

from .forge_files import EVENT, OURS, PAPER, STARTER, History, Runner, log, step, with_colophon

CHECKS = {"registry": OURS / "workflows" / "check.yml", ".": STARTER / "workflows" / "check.yml"}
NOTHING = "0" * 40
# What a run of each event knows; empty where the event has no such thing.
UNKNOWN = {
    "EVENT": "push",
    "PULL_BASE": "",
    "PULL_HEAD": "",
    "SHA": "",
    "MAIN": "",
    "SINCE": "",
    "DEFAULT_BRANCH": "main",
}
PYTHON = """#!/bin/bash
{ printf '%s\\n' "$PWD" "$@"; echo --end--; } >>"$STUB_LOG"
if [ "$3" = venv ]; then
  mkdir -p "$4/bin"
  cp "$0" "$4/bin/python"
  cp "$0" "$4/bin/colophon"
fi
"""


@pytest.fixture(params=sorted(CHECKS))
def folder(request: pytest.FixtureRequest) -> str:
    """The registry's folder in its repository: ours, and the publishers'."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def within(folder: str) -> str:
    """What stands before a path of the registry."""
    return "" if folder == "." else f"{folder}/"


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A machine of its own."""
    return Runner.at(tmp_path)


@pytest.fixture
def forked(runner: Runner, within: str) -> dict[str, str]:
    """A main that went on after a branch began, the branch, and both merged: commits by name."""
    history = History(runner.checkout)
    commits = {}
    for name in ("old", "base"):
        history.write(f"{within}registry.yaml", f"name: {name}\n")
        history.write("requirements.txt", f"colophon-of-{name}\n")
        commits[name] = history.save()
    history.git("update-ref", "refs/remotes/origin/main", "HEAD")
    history.git("checkout", "--quiet", "-b", "branch", commits["old"])
    history.write(f"{within}{EVENT}", "type: DISPUTE\n")
    history.write("requirements.txt", "colophon-of-head\n")
    history.write("venv.py", "raise SystemExit('a module of the change was imported')\n")
    commits["head"] = history.save()
    history.git("checkout", "--quiet", "main")
    history.git("merge", "--quiet", "--no-ff", "--strategy-option=theirs", "-m", "merge", "branch")
    commits["merge"] = history.git("rev-parse", "HEAD")
    history.git("checkout", "--quiet", "branch")
    return commits


def _range(runner: Runner, folder: str, **values: str) -> dict[str, str]:
    done = runner.run(step(CHECKS[folder], "Choose what is compared with what"), **{**UNKNOWN, **values})
    assert done.returncode == 0, done.stdout + done.stderr
    return runner.outputs()


def test_a_pull_request_is_its_head_against_its_base(
    runner: Runner, folder: str, forked: dict[str, str]
) -> None:
    """Compared are the two tips that the event names, not the merge that the forge made to test it."""
    found = _range(
        runner, folder, EVENT="pull_request", SHA=forked["merge"],
        PULL_BASE=forked["base"], PULL_HEAD=forked["head"],
    )  # fmt: skip
    assert (found["base"], found["head"], found["walk"]) == (forked["base"], forked["head"], "")
    assert found["program"] == forked["base"]
    inner = "" if folder == "." else folder
    trees = {name: History(runner.checkout).git("rev-parse", f"{forked[name]}:{inner}") for name in forked}
    assert (found["base-tree"], found["head-tree"]) == (trees["base"], trees["head"])


def test_a_merge_on_main_is_walked_from_the_tip_before(
    runner: Runner, folder: str, forked: dict[str, str]
) -> None:
    """On main the base is the commit that was judged last, and each commit since is judged in its turn."""
    found = _range(runner, folder, MAIN="true", SHA=forked["merge"], SINCE=forked["base"])
    assert (found["base"], found["head"], found["walk"]) == (forked["base"], forked["merge"], "yes")
    assert found["program"] == forked["base"]


@pytest.mark.parametrize("since", [NOTHING, ""])
def test_a_first_push_of_main_is_judged_whole(
    runner: Runner, folder: str, forked: dict[str, str], since: str
) -> None:
    """Before the first push was nothing, or forty zeros: all is judged, by the program that came with it."""
    found = _range(runner, folder, MAIN="true", SHA=forked["base"], SINCE=since)
    assert (found["base"], found["walk"], found["program"]) == ("", "", forked["base"])


@pytest.mark.parametrize("event", ["push", "workflow_dispatch"])
def test_a_branch_is_compared_with_the_default_branch(
    runner: Runner, folder: str, forked: dict[str, str], event: str
) -> None:
    """A pushed branch, new or not, is compared with the default branch of the same clone."""
    found = _range(runner, folder, EVENT=event, SHA=forked["head"])
    assert (found["base"], found["head"], found["walk"]) == (forked["base"], forked["head"], "")


def test_a_branch_without_a_default_branch_is_judged_whole(
    runner: Runner, folder: str, forked: dict[str, str]
) -> None:
    """The first branch of a new repository has nothing to be compared with."""
    assert _range(runner, folder, SHA=forked["head"], DEFAULT_BRANCH="trunk")["base"] == ""


def test_a_base_that_is_not_there_fails(runner: Runner, folder: str, forked: dict[str, str]) -> None:
    """A base that the clone does not hold is never taken for no base."""
    chosen = step(CHECKS[folder], "Choose what is compared with what")
    for wrong in (
        {"MAIN": "true", "SINCE": "1" * 40},
        {"EVENT": "pull_request", "PULL_BASE": "1" * 40, "PULL_HEAD": "2"},
    ):
        done = runner.run(chosen, **{**UNKNOWN, "SHA": forked["head"], **wrong})
        assert done.returncode == 1
        assert f"not in this repository: {'1' * 40}" in done.stdout
        assert runner.outputs() == {}
    done = runner.run(chosen, **{**UNKNOWN, "SHA": forked["head"], "EVENT": "pull_request"})
    assert done.returncode != 0


def test_the_program_is_that_of_the_base(runner: Runner, folder: str, forked: dict[str, str]) -> None:
    """Installed is what the base holds, outside the checkout and isolated from what lies there."""
    runner.program("python", PYTHON)
    runner.variables["STUB_LOG"] = str(runner.temp / "asked.txt")
    done = runner.run(step(CHECKS[folder], "Install colophon from the base"), PROGRAM=forked["base"])
    assert done.returncode == 0, done.stderr
    made, installed = log(runner)
    assert made == [str(runner.temp), "-I", "-m", "venv", "venv"]
    assert installed[:5] == [str(runner.temp), "-I", "-m", "pip", "install"]
    source = runner.temp if folder == "." else runner.temp / "program"
    assert installed[-1] == ("requirements.txt" if folder == "." else str(source))
    assert (source / "requirements.txt").read_text(encoding="utf-8") == "colophon-of-base\n"
    assert (runner.checkout / "requirements.txt").read_text(encoding="utf-8") == "colophon-of-head\n"


def test_isolated_python_ignores_the_checkout(runner: Runner, folder: str, forked: dict[str, str]) -> None:
    """With the words of the script, a module of the change named like one of Python's is not imported."""
    text = step(CHECKS[folder], "Install colophon from the base")["run"]
    assert all(" -I -m " in line for line in text.splitlines() if "python" in line and "-m" in line)
    (runner.checkout / "json").mkdir()
    (runner.checkout / "json" / "__init__.py").write_text("print('imported')", encoding="utf-8")
    assert "imported" in runner.script("python3 -m json.tool --help", {}).stdout
    assert "imported" not in runner.script("python3 -I -m json.tool --help", {}).stdout


@pytest.mark.parametrize("walk", ["", "yes"])
def test_a_change_is_judged_with_its_base(
    runner: Runner, folder: str, forked: dict[str, str], walk: str
) -> None:
    """The command names both commits, the registry, and where findings, summary and cache go."""
    with_colophon(runner)
    values = {"BASE": forked["base"], "HEAD": forked["head"], "WALK": walk, "NUMBER": "7"}
    assert runner.run(step(CHECKS[folder], "Judge"), **values).returncode == 0
    ((cwd, command, *arguments),) = log(runner)
    assert (cwd, command) == (str(runner.checkout), "check")
    given = dict(zip(arguments[::2], arguments[1::2], strict=False))
    assert given["--base"] == forked["base"]
    assert given["--head"] == forked["head"]
    assert given["--registry"] == folder
    assert given["--format"] == "github"
    assert ("--first-parent" in arguments) == bool(walk)
    out = runner.temp / "out"
    assert given["--sarif-file"] == str(out / "findings.sarif")
    assert given["--summary-file"] == str(out / "summary.md")
    assert Path(given["--cache"]).parent == runner.temp / "cache"
    assert (out / "pull-request.txt").read_text(encoding="utf-8") == "7\n"


def test_without_a_base_the_whole_registry_is_judged(
    runner: Runner, folder: str, forked: dict[str, str]
) -> None:
    """No base, no comparison; and outside a pull request no number is kept."""
    with_colophon(runner)
    values = {"BASE": "", "HEAD": forked["head"], "WALK": "", "NUMBER": ""}
    assert runner.run(step(CHECKS[folder], "Judge"), **values).returncode == 0
    (arguments,) = log(runner)
    assert not {"--base", "--head", "--first-parent", "--summary-file", "--cache"} & set(arguments)
    assert (runner.temp / "out" / "findings.sarif").is_file()
    assert not (runner.temp / "out" / "pull-request.txt").exists()


@pytest.mark.parametrize("code", ["1", "2", "3"])
def test_a_finding_fails_the_job_and_the_summary_is_shown(runner: Runner, folder: str, code: str) -> None:
    """What colophon says decides, and its words are on the run's page all the same."""
    with_colophon(runner, STUB_CODE=code)
    values = {"BASE": "1" * 40, "HEAD": "2" * 40, "WALK": "", "NUMBER": ""}
    assert runner.run(step(CHECKS[folder], "Judge"), **values).returncode == int(code)
    show = step(CHECKS[folder], "Show the summary")
    assert show["if"] == "${{ !cancelled() }}"
    assert runner.run(show).returncode == 0
    assert (runner.temp / "step-summary.md").read_text(encoding="utf-8") == "the summary\n"


def test_each_added_correction_has_a_preview(
    runner: Runner, folder: str, within: str, forked: dict[str, str]
) -> None:
    """The program of the base shows the page with the new event; the head's files lie apart."""
    with_colophon(runner)
    done = runner.run(
        step(CHECKS[folder], "Preview the corrections"), BASE=forked["base"], HEAD=forked["head"]
    )
    assert done.returncode == 0, done.stderr
    files, name = runner.temp / "head", f"{PAPER}-wrong-count"
    ((cwd, *arguments),) = log(runner)
    out = runner.temp / "out" / "preview" / name
    assert arguments == [
        "preview",
        f"{files}/{within}{EVENT}",
        "--registry",
        f"{files}/{folder}",
        "--out",
        str(out),
    ]
    assert cwd == str(runner.checkout)
    assert (files / within / EVENT).read_text(encoding="utf-8") == "type: DISPUTE\n"
    assert (out / "page.html").is_file()


def test_only_corrections_are_previewed(
    runner: Runner, folder: str, within: str, forked: dict[str, str]
) -> None:
    """A changed event, an odd name or another file has no preview and leaves no trace."""
    with_colophon(runner)
    history = History(runner.checkout)
    history.write(f"{within}{EVENT}", "type: CLAIM\n")
    for name in ("a\nb.yaml", "$(touch sign).yaml", "UPPER.yaml", "..yaml", "-n.yml", "de/ep.yaml"):
        history.write(f"{within}papers/63/{PAPER}/corrections/{name}", "")
    history.write(f"{within}papers/63/{PAPER}/report.txt", "")
    head = history.save()
    done = runner.run(step(CHECKS[folder], "Preview the corrections"), BASE=forked["head"], HEAD=head)
    assert done.returncode == 0, done.stderr
    assert not Path(runner.variables["STUB_LOG"]).exists()
    assert list((runner.temp / "out" / "preview").iterdir()) == []
    assert not (runner.checkout / "sign").exists()


def test_a_link_of_the_head_is_a_plain_file(
    runner: Runner, folder: str, within: str, forked: dict[str, str]
) -> None:
    """A symbolic link in the change leads nowhere on the machine that makes the preview."""
    with_colophon(runner)
    history = History(runner.checkout)
    link = runner.checkout / within / Path(EVENT).with_name("a-link.yaml")
    link.symlink_to("/etc/hostname")
    head = history.save()
    runner.run(step(CHECKS[folder], "Preview the corrections"), BASE=forked["base"], HEAD=head)
    made = runner.temp / "head" / within / Path(EVENT).with_name("a-link.yaml")
    assert not made.is_symlink()
    assert made.read_text(encoding="utf-8") == "/etc/hostname"


def test_previews_end_at_twenty_and_a_failed_one_fails_nothing(
    runner: Runner, folder: str, within: str, forked: dict[str, str]
) -> None:
    """The check judges; a preview that cannot be made leaves its reason in the artifact."""
    with_colophon(runner, STUB_CODE="1", STUB_SAYS="::error::told by the change")
    history = History(runner.checkout)
    for number in range(30):
        history.write(f"{within}papers/63/{PAPER}/corrections/event-{number}.yaml", "")
    head = history.save()
    done = runner.run(step(CHECKS[folder], "Preview the corrections"), BASE=forked["head"], HEAD=head)
    assert done.returncode == 0, done.stderr
    assert len(log(runner)) == 20
    assert "::error::" not in done.stdout
    kept = runner.temp / "out" / "preview" / f"{PAPER}-event-0.txt"
    assert kept.read_text(encoding="utf-8") == "::error::told by the change\n"
