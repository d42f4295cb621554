"""The action and the hooks that other registries use: run as written, on real repositories."""

from pathlib import Path
from typing import Any

import pytest

from .forge_files import ACTION, COLOPHON, ROOT, History, Runner, log, read, step

NOTHING = "0" * 40
# Makes an environment whose colophon and python are ours.
PYTHON = """#!/bin/bash
{ printf '%s\\n' "$PWD" "$@"; echo --end--; } >>"$STUB_LOG"
if [ "$3" = venv ]; then
  mkdir -p "$4/bin"
  cp "$0" "$4/bin/python"
fi
"""


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A machine with a checkout of two commits."""
    made = Runner.at(tmp_path)
    made.program("python", PYTHON)
    made.variables |= {
        "GITHUB_ACTION_PATH": str(tmp_path / "action"),
        "STUB_LOG": str(tmp_path / "asked.txt"),
    }
    return made


@pytest.fixture
def commits(runner: Runner) -> tuple[str, str]:
    """The checkout's two commits, old and new."""
    history = History(runner.checkout)
    return history.commit(readme="old"), history.commit(readme="new")


def _install(runner: Runner, requirement: str = "") -> Path:
    done = runner.run(step(ACTION, "Install colophon"), REQUIREMENT=requirement)
    assert done.returncode == 0, done.stderr
    folder = Path(runner.outputs()["folder"])
    runner.program("colophon", COLOPHON, folder / "venv" / "bin")
    return folder


def _judge(runner: Runner, folder: Path, base: str, head: str, **more: str) -> int:
    values = {
        "FOLDER": str(folder),
        "REGISTRY": "records",
        "BASE": base,
        "HEAD": head,
        "FIRST_PARENT": "false",
    }
    return runner.run(step(ACTION, "Judge"), **{**values, **more}).returncode


def test_inputs_are_values_of_the_environment() -> None:
    """Every input is described, and none is pasted into a script."""
    action = read(ACTION)
    assert {"registry", "base", "head", "colophon", "python"} <= set(action["inputs"])
    assert set(action["outputs"]) == {"summary", "sarif"}
    assert all(value["description"] for value in [*action["inputs"].values(), *action["outputs"].values()])
    assert action["runs"]["using"] == "composite"
    used = " ".join(str(item) for item in action["runs"]["steps"])
    assert all(f"inputs.{name} " in used for name in action["inputs"])


@pytest.mark.parametrize(
    "requirement", ["", "colophon-registry @ https://forge.example/a.whl", "--index-url=x"]
)
def test_what_is_installed_is_named_by_the_caller(runner: Runner, requirement: str) -> None:
    """The program of the action's own commit, or one requirement that the caller names; never an option."""
    folder = _install(runner, requirement)
    made, installed = log(runner)
    assert made == [str(folder), "-I", "-m", "venv", "venv"]
    assert installed[0] == str(folder)
    assert installed[-2:] == ["--", requirement or runner.variables["GITHUB_ACTION_PATH"]]
    assert runner.checkout not in folder.parents


def test_a_change_is_compared_with_its_base(runner: Runner, commits: tuple[str, str]) -> None:
    """Both commits are named, and the outputs are where the files are."""
    folder = _install(runner)
    assert _judge(runner, folder, *commits, FIRST_PARENT="true") == 0
    *_, (cwd, command, *arguments) = log(runner)
    assert (cwd, command) == (str(runner.checkout), "check")
    given = dict(zip(arguments[::2], arguments[1::2], strict=False))
    assert (given["--base"], given["--head"], given["--registry"]) == (*commits, "records")
    assert arguments[-1] == "--first-parent"
    outputs = {name: value["value"] for name, value in read(ACTION)["outputs"].items()}
    for name, file in (("summary", "summary.md"), ("sarif", "findings.sarif")):
        assert outputs[name] == f"${{{{ steps.prepare.outputs.folder }}}}/{file}"
        assert (folder / file).is_file()
    assert (runner.temp / "step-summary.md").read_text(encoding="utf-8") == "the summary\n"


@pytest.mark.parametrize("base", ["", NOTHING])
def test_without_a_base_all_is_judged(runner: Runner, commits: tuple[str, str], base: str) -> None:
    """A new branch, or an event that has no base."""
    assert _judge(runner, _install(runner), base, commits[1]) == 0
    assert "--base" not in log(runner)[-1]


def test_a_shallow_checkout_fails(runner: Runner, commits: tuple[str, str]) -> None:
    """A commit that is not there is said, with the way to have it; nothing is judged."""
    assert _judge(runner, _install(runner), "1" * 40, commits[1]) == 3
    assert log(runner)[-1][1] != "check"


def test_findings_fail_the_step_after_the_summary(runner: Runner, commits: tuple[str, str]) -> None:
    """The code is colophon's own, and the summary is shown all the same."""
    runner.variables["STUB_CODE"] = "1"
    assert _judge(runner, _install(runner), *commits) == 1
    assert (runner.temp / "step-summary.md").is_file()


def _hook(text: Any) -> dict[str, Any]:
    (hook,) = text
    return dict(hook)


def test_the_hook_judges_the_registry_and_not_single_files() -> None:
    """pre-commit runs the same command as people do, when something of the registry changed."""
    hook = _hook(read(ROOT / ".pre-commit-hooks.yaml"))
    assert (hook["id"], hook["entry"], hook["language"]) == ("colophon-check", "colophon check", "python")
    assert hook["args"] == ["--registry", "registry"]
    assert (hook["files"], hook["pass_filenames"]) == ("^registry/", False)


def test_a_new_registry_has_the_hook() -> None:
    """The template's hook names the registry at the repository's root."""
    (repository,) = read(ROOT / "starter" / ".pre-commit-config.yaml")["repos"]
    hook = _hook(repository["hooks"])
    assert (repository["repo"], hook["entry"]) == ("local", "colophon check --registry .")
    assert hook["pass_filenames"] is False
