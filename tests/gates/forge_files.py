"""What the tests of the forges' files share: reading them, and running their scripts as a runner would."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ROOT / ".github"
STARTER = ROOT / "starter" / ".github"
WORKFLOWS = sorted([*OURS.glob("workflows/*.yml"), *STARTER.glob("workflows/*.yml")])
ACTION = ROOT / "action.yml"
# A job of GitHub's that names `bash` as its shell is started like this.
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
PAPER = "633d4d8a-aa2a-449c-8123-213191021a18"
EVENT = f"papers/63/{PAPER}/corrections/wrong-count.yaml"


def read(path: Path) -> dict[str, Any]:
    """Return a YAML file, whose words stay words: `on` is a key, not a truth."""
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return loaded


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    """Return the jobs of a workflow, or the steps of an action as its one job."""
    loaded = read(path)
    found: dict[str, dict[str, Any]] = loaded["jobs"] if "jobs" in loaded else {"action": loaded["runs"]}
    return found


def step(path: Path, name: str) -> dict[str, Any]:
    """Return the one step of this name."""
    (found,) = (s for job in jobs(path).values() for s in job.get("steps", ()) if s.get("name") == name)
    return dict(found)


@dataclass
class Runner:
    """A machine with a checkout, an empty home, and programs of ours before those of the system."""

    checkout: Path
    temp: Path
    programs: Path
    variables: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, folder: Path) -> "Runner":
        """Make one below ``folder``."""
        made = cls(folder / "checkout", folder / "temp", folder / "programs")
        for path in (made.checkout, made.temp, made.programs):
            path.mkdir(parents=True)
        return made

    def program(self, name: str, text: str, folder: Path | None = None) -> Path:
        """Put a program on the PATH, or into a folder."""
        path = (folder or self.programs) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path

    def environment(self) -> dict[str, str]:
        """Return what a runner sets for every step."""
        return {
            "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.temp),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GITHUB_OUTPUT": str(self.temp / "outputs.txt"),
            "GITHUB_STEP_SUMMARY": str(self.temp / "step-summary.md"),
            "GITHUB_REPOSITORY": "owner/registry",
            "GITHUB_SERVER_URL": "https://forge.example",
            "GITHUB_WORKSPACE": str(self.checkout),
            "RUNNER_TEMP": str(self.temp),
            **self.variables,
        }

    def run(self, step: Mapping[str, Any], **values: str) -> "subprocess.CompletedProcess[str]":
        """Run a step's script; ``values`` are what its expressions stand for, by name, all of them."""
        written: dict[str, str] = step.get("env", {})
        expressions = {name for name, value in written.items() if "${{" in value}
        assert expressions == set(values), "every expression of the step needs a value, and nothing else"
        return self.script(step["run"], {**written, **values})

    def script(self, text: str, variables: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
        """Run a script in the checkout."""
        return subprocess.run(
            [*SHELL, "-c", text],
            cwd=self.checkout,
            env={**self.environment(), **variables},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def outputs(self) -> dict[str, str]:
        """Return what the steps handed on."""
        file = self.temp / "outputs.txt"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return dict(line.split("=", 1) for line in lines)


class History:
    """A repository in a folder, with people who commit to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str | Path) -> str:
        """Run git and return what it says."""
        who = {f"GIT_{role}_{part}": f"{part}@forge.example" for role in ("AUTHOR", "COMMITTER")
               for part in ("NAME", "EMAIL")}  # fmt: skip
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_GLOBAL": os.devnull, **who},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, **files: str) -> str:
        """Write files, whose names have `__` for a slash and `_dot_` for a dot, and return the commit."""
        for name, text in files.items():
            self.write(name.replace("__", "/").replace("_dot_", "."), text)
        return self.save()

    def write(self, path: str, text: str) -> None:
        """Write one file."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def save(self) -> str:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change")
        return self.git("rev-parse", "HEAD")


# Says what it was asked, and writes the files that it was asked for.
COLOPHON = """#!/bin/bash
{ printf '%s\\n' "$PWD" "$@"; echo --end--; } >>"$STUB_LOG"
while [ "$#" -gt 0 ]; do
  case "$1" in
    --summary-file) echo "the summary" >"$2" ;;
    --sarif-file) printf '%s' "${STUB_SARIF:-{\\}}" >"$2" ;;
    --out) mkdir -p "$2"; echo page >"$2/page.html" ;;
  esac
  shift
done
echo "${STUB_SAYS:-}"
exit "${STUB_CODE:-0}"
"""

# Answers `gh api` from a file of answers, by the end of the address; jq itself applies --jq.
GH = f"""#!{sys.executable}
import json, os, pathlib, subprocess, sys

given, known = sys.argv[1:], json.loads(pathlib.Path(os.environ["STUB_ANSWERS"]).read_text())
assert given.pop(0) == "api" and "GH_TOKEN" in os.environ
call = {{"method": "GET", "fields": {{}}, "jq": None, "input": None, "address": None}}
while given:
    word = given.pop(0)
    if word == "--method":
        call["method"] = given.pop(0)
    elif word in ("--field", "--raw-field"):
        name, value = given.pop(0).split("=", 1)
        if word == "--field" and value.startswith("@"):
            value = pathlib.Path(value[1:]).read_text()
        call["fields"][name] = value
    elif word == "--jq":
        call["jq"] = given.pop(0)
    elif word == "--input":
        call["input"] = json.loads(pathlib.Path(given.pop(0)).read_text())
    elif word not in ("--silent", "--paginate"):
        call["address"] = word
with pathlib.Path(os.environ["STUB_LOG"]).open("a") as log:
    log.write(json.dumps(call) + "\\n")
answers = [value for key, value in known.items() if call["address"].partition("?")[0].endswith(key)]
if call["method"] != "GET":
    sys.exit(0)
if not answers:
    sys.exit("gh: Not Found (HTTP 404)")
if isinstance(answers[0], str):
    sys.stdout.buffer.write(pathlib.Path(answers[0]).read_bytes())
elif call["jq"]:
    asked = ["jq", "--raw-output", call["jq"]]
    sys.exit(subprocess.run(asked, input=json.dumps(answers[0]), text=True).returncode)
"""


def log(runner: Runner) -> list[list[str]]:
    """Return what the stub of colophon was asked: folder and arguments of each call."""
    text = Path(runner.variables["STUB_LOG"]).read_text(encoding="utf-8")
    return [call.splitlines() for call in text.split("--end--\n")[:-1]]


def calls(runner: Runner) -> list[dict[str, Any]]:
    """Return what the stub of gh was asked."""
    file = Path(runner.variables["STUB_LOG"])
    return (
        [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    )


def with_gh(runner: Runner, answers: Mapping[str, Any]) -> Runner:
    """Give a runner a `gh` that knows these answers, by the end of the address; text is a file's name."""
    file = runner.temp.parent / "answers.json"
    file.write_text(json.dumps(answers), encoding="utf-8")
    runner.program("gh", GH)
    runner.variables |= {"STUB_ANSWERS": str(file), "STUB_LOG": str(runner.temp.parent / "calls.txt")}
    return runner


def with_colophon(runner: Runner, **variables: str) -> Runner:
    """Give a runner an installed colophon that notes what it is asked."""
    runner.program("colophon", COLOPHON, runner.temp / "venv" / "bin")
    runner.variables |= {"STUB_LOG": str(runner.temp.parent / "asked.txt"), **variables}
    return runner


def expressions(text: str) -> list[str]:
    """Return every expression in a text."""
    return re.findall(r"\$\{\{(.*?)\}\}", text, re.DOTALL)
