"""``colophon correct``, ``preview`` and ``show`` as people and scripts run them."""

import os
import pty
import re
import select
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from colophon import schema, yaml_guard

from . import program
from .as_filed import copied
from .conftest import colophon
from .gate.branches import git

PAPER = "633d4d8a-aa2a-449c-8123-213191021a18"
FOLDER = f"registry/papers/63/{PAPER}/corrections"
SAID = ("--note", "It is not so.", "--reporter", "Ada Example")
DISPUTE = ("--type", "dispute", "--reason", "wrong-value", "--change", "c004=The pipeline reads.", *SAID)
PATIENCE = 60
ISSUE = f"""### Paper

https://registry.example.org/papers/{PAPER}.html

### Type

DISPUTE: something is wrong

### Reason

wrong-value

### What is wrong

The table says another thing.

### Field

/claims/3/text

### Value it should have

The pipeline reads.

### Your name or handle

Ada Example
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a copy of the real registry as filed, and no name of a person in git's settings."""
    copied(tmp_path / "registry")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("GIT_AUTHOR_NAME", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def files(home: Path) -> set[str]:
    """Return every file there is."""
    return {file.relative_to(home).as_posix() for file in home.rglob("*") if file.is_file()}


@dataclass(frozen=True)
class Talk:
    """What a command printed on a terminal, and its exit code."""

    code: int
    out: str


def talk(home: Path, *arguments: str, answers: tuple[str, ...], interrupted: bool = False) -> Talk:
    """Run a command on a pseudo-terminal and give one answer to each question.

    With ``interrupted`` Ctrl-C answers the question after the last answer.
    """
    terminal, inner = pty.openpty()
    child = subprocess.Popen([program.PROGRAM, *arguments], cwd=home, stdin=inner, stdout=inner, stderr=inner)
    os.close(inner)
    out, given = b"", 0
    while select.select([terminal], [], [], PATIENCE)[0]:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        out += chunk
        asked = len(re.findall(rb"(?:\n|\x1b\[\?2004h)> ", out))
        while given < min(asked, len(answers)):
            os.write(terminal, answers[given].encode() + b"\n")
            given += 1
        if asked > len(answers):
            if not interrupted:
                child.kill()
                pytest.fail(f"asked for more than {len(answers)} answers:\n{out.decode()}")
            # Between a prompt and the wait for its answer a signal would only be noted.
            time.sleep(0.5)
            child.send_signal(signal.SIGINT)
            answers, given = (*answers, ""), given + 1
    os.close(terminal)
    return Talk(child.wait(PATIENCE), out.decode().replace("\r\n", "\n"))


def test_a_script_files_a_correction(home: Path) -> None:
    """One file is written beside the record, its old value filled in; the next commands are named."""
    before = files(home)
    done = colophon("correct", "SRCH:633D4D8A", *DISPUTE, "--evidence", "https://example.org/", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert files(home) - before == {f"{FOLDER}/claim-4-wrong-value.yaml"}
    for words in ("git switch -c ", "git add registry/", "git commit -m ", "git push ", "colophon preview "):
        assert words in done.stdout
    raw = (home / FOLDER / "claim-4-wrong-value.yaml").read_bytes()
    event = schema.typed("correction-event-v1", yaml_guard.read(raw).value)
    assert schema.faults("correction-event-v1", event) == ()
    [proposed] = event["proposed"]
    assert proposed["pointer"] == "/claims/3/text"
    assert proposed["old"].startswith("The annotation pipeline generates ASR")
    assert colophon("check", cwd=home).returncode == 0


def test_a_second_correction_of_a_day_comes_after_the_first(home: Path) -> None:
    """The date is a time that fits, the name another one, and the record has three versions."""
    assert colophon("correct", PAPER, *DISPUTE, cwd=home).returncode == 0
    again = [one.replace("It is not so.", "More.") for one in DISPUTE]
    assert colophon("correct", PAPER, *again, cwd=home).returncode == 0
    assert (home / FOLDER / "claim-4-wrong-value-2.yaml").is_file()
    assert "3 of 3" in colophon("show", PAPER, cwd=home).stdout
    assert colophon("check", cwd=home).returncode == 0


def test_a_dry_run_prints_the_file_alone(home: Path) -> None:
    """Standard output is the file and nothing else; nothing is written."""
    before = files(home)
    done = colophon("correct", PAPER, *DISPUTE, "--dry-run", cwd=home)
    assert done.returncode == 0
    assert yaml_guard.read(done.stdout.encode()).faults == ()
    assert "would write registry/papers/63/" in done.stderr
    assert files(home) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "missing: ID, --type, --change, --note, --reporter"),
        ([PAPER], "missing: --type, --change, --note, --reporter"),
        ([PAPER, "--type", "DISPUTE", *SAID], "missing: --reason"),
        ([PAPER, "--type", "DISPUT", *SAID], "did you mean DISPUTE?"),
        ([PAPER, "--type", "CLAIM", "--change", "c045=x", *SAID], "numbered 1 to 21"),
        ([PAPER, "--type", "CLAIM", "--change", "titel=x", *SAID], "did you mean title?"),
        ([PAPER, "--type", "CLAIM", "--change", "/titel=x", *SAID], "did you mean /title"),
        ([PAPER, "--type", "CLAIM", "--change", "title", *SAID], "has no ="),
        ([PAPER, "--type", "CLAIM", "--change", "c004=x", *SAID], "is what the publisher said"),
        ([PAPER, *DISPUTE, "--reason", "wrong-vale"], "did you mean wrong-value?"),
        ([PAPER, *DISPUTE, "--slug", "../../x"], "can be no name"),
        ([PAPER, *DISPUTE, "--date", "2020-01-01"], "H308"),
        ([PAPER, *DISPUTE, "--date", "tomorrow"], "is no date"),
        ([PAPER, *DISPUTE, "--orcid", "0000-0002-1825-0098"], "is no ORCID iD"),
        ([PAPER, *DISPUTE, "--evidence", "http://example.org"], "https://"),
        ([f"{PAPER[:-1]}9", *DISPUTE], "(Impact of Gated Sparse Attention"),
        (["--from-issue", "no-such-file"], "No such file"),
        (["--from-issue", "registry/registry.yaml"], "the heading"),
    ],
)
def test_wrong_use_is_answered_in_words(home: Path, arguments: list[str], words: str) -> None:
    """One line says what is wrong and what was meant; nothing is written."""
    before = files(home)
    done = colophon("correct", *arguments, cwd=home)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert files(home) == before


def test_an_issue_becomes_a_correction(home: Path) -> None:
    """The answers of the form make one file with the old value; another record than theirs is refused."""
    before = files(home)
    (home.parent / "issue.md").write_text(ISSUE)
    done = colophon("correct", "--from-issue", "../issue.md", "--slug", "from-issue", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert files(home) - before == {f"{FOLDER}/from-issue.yaml"}
    raw = (home / FOLDER / "from-issue.yaml").read_text()
    assert "old: The annotation pipeline" in raw
    other = colophon("correct", "c157b341", "--from-issue", "../issue.md", cwd=home)
    assert other.returncode == 2
    assert "the issue is about" in other.stderr


def test_the_name_comes_from_git(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """user.name of a person's settings stands for --reporter, and is said to be public."""
    (home.parent / "gitconfig").write_text('[core]\n\tname = no\n[user]\n\tname = "Ada Example" # me\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home.parent / "gitconfig"))
    done = colophon("correct", PAPER, *DISPUTE[:-2], cwd=home)
    assert "filed under the name Ada Example; it stays public" in done.stdout


def test_the_name_of_the_repository_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person set for this repository alone is the name of their commits here, from any folder."""
    (home.parent / "gitconfig").write_text("[user]\n\tname = Ada Example\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home.parent / "gitconfig"))
    git(home, "init", "-q")
    git(home, "config", "user.name", "Countess")
    done = colophon("correct", PAPER, "--registry", home / "registry", *DISPUTE[:-2], cwd=home.parent)
    assert "filed under the name Countess; it stays public" in done.stdout


def test_a_person_is_asked_for_what_is_missing(home: Path) -> None:
    """Questions in plain words; a wrong answer is asked again; the publisher's words become a dispute."""
    field = ("gated sparse kosmos", "45", "annotation pipeline OCR", "The pipeline reads the screen.", "n")
    why = ("wrong-vale", "2", "It is not so.", "See page 3.", "", "http://x", "https://example.org/", "")
    answers = (*field, *why, "Ada Example", "1234", "", "y")
    done = talk(home, "correct", answers=answers)
    assert done.code == 0, done.out
    for words in (
        "numbered 1 to 21", "did you mean wrong-value?", "report.txt does not have your text", "stay public",
        "is no address of evidence", "is no ORCID iD", "Write this file?",
    ):  # fmt: skip
        assert words in " ".join(done.out.split())
    raw = (home / FOLDER / "claim-5-wrong-value.yaml").read_text()
    assert "type: DISPUTE" in raw
    assert "See page 3." in raw
    assert "new: The pipeline reads the screen." in raw


def test_a_slip_of_our_own_is_found_in_the_report(home: Path) -> None:
    """A text that report.txt has word for word is offered as a transcription, and takes effect."""
    answers = ("subject", "Smart Routing for Multimodal Video Retrieval", "", "y", "Too long.", "", "", "")
    done = talk(home, "correct", PAPER, "--reporter", "Ada Example", answers=(*answers[:-1], "y"))
    assert done.code == 0, done.out
    [file] = (home / FOLDER).iterdir()
    assert "reason: transcription" in file.read_text()
    assert "subject (manifest:/subject)" in colophon("show", PAPER, cwd=home).stdout


def test_a_field_may_only_be_wrong(home: Path) -> None:
    """Who knows nothing better names the field; it stands in the note, and nothing is proposed."""
    answers = ("3", "", "n", "DISPUTE", "unsupported-claim", "No source has it.", "", "", "y")
    done = talk(home, "correct", PAPER, "--reporter", "Ada Example", answers=answers)
    assert done.code == 0, done.out
    [file] = (home / FOLDER).iterdir()
    assert "claim 3 (manifest:/claims/2/text)" in file.read_text()
    assert "proposed" not in file.read_text()


@pytest.mark.parametrize(
    "answers", [(), (PAPER,), (PAPER, "3", "Another text."), (PAPER, "3", "A text.", "n", "2")]
)
def test_an_interrupted_dialogue_leaves_nothing(home: Path, answers: tuple[str, ...]) -> None:
    """Ctrl-C at any question ends in one line, and no file or folder is left."""
    before = files(home)
    done = talk(home, "correct", answers=answers, interrupted=True)
    assert done.code == 130, done.out
    assert "interrupted; nothing half-written was left" in done.out
    assert "Traceback" not in done.out
    assert files(home) == before
    assert not (home / FOLDER).exists()


def test_with_everything_given_nothing_is_asked(home: Path) -> None:
    """A script on a terminal does not stop for a question."""
    assert talk(home, "correct", PAPER, *DISPUTE, answers=()).code == 0


def test_a_preview_shows_what_comes_of_it(home: Path) -> None:
    """Both values, state and version before and after, and the pages; nothing else is written."""
    event = colophon("correct", PAPER, *DISPUTE, "--dry-run", cwd=home).stdout
    (home / "mine.yaml").write_text(event)
    before = files(home)
    done = colophon("preview", "mine.yaml", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("1 -> 2", "CURRENT -> DISPUTED", "The pipeline reads.", "findings     none"):
        assert words in done.stdout
    assert f"open .colophon/preview/papers/{PAPER}.html" in done.stdout
    assert all(file.startswith(".colophon/preview/") for file in files(home) - before)
    assert "DISPUTED" in (home / f".colophon/preview/papers/{PAPER}.html").read_text()


def test_a_preview_fails_for_what_would_not_be_applied(home: Path) -> None:
    """A stale value, a field that is none and a broken file end with 1 or 2, in words."""
    event = colophon(
        "correct", PAPER, "--type", "METADATA", "--change", "license=MIT", *SAID, "--dry-run", cwd=home
    ).stdout
    (home / "stale.yaml").write_text(event.replace("old: null", "old: GPL"))
    stale = colophon("preview", "stale.yaml", "--out", "pages", cwd=home)
    assert (stale.returncode, "not applied" in stale.stdout, "H301" in stale.stdout) == (1, True, True)
    assert "stale.yaml:" in stale.stdout
    (home / "broken.yaml").write_text("a: [1\n")
    for name in ("broken.yaml", "registry/registry.yaml", "absent.yaml", "registry", "-"):
        done = colophon("preview", name, cwd=home)
        assert (done.returncode, done.stdout) == (2, ""), name
        assert "Traceback" not in done.stderr
    assert colophon("preview", "stale.yaml", "--out", "registry", cwd=home).returncode == 2


def test_a_record_is_shown_as_it_was(home: Path) -> None:
    """As it stands, at the end of a day, and as a version; JSON is record-version-v1."""
    assert colophon("correct", PAPER, *DISPUTE, "--date", "2026-07-02", cwd=home).returncode == 0
    assert "DISPUTED" in colophon("show", "633d4d8a", cwd=home).stdout
    for arguments in (("--as-of", "2026-07-01"), ("--version", "1")):
        assert "state        CURRENT" in colophon("show", PAPER, *arguments, cwd=home).stdout
    assert "state        DISPUTED" in colophon("show", PAPER, "--as-of", "2026-07-02", cwd=home).stdout
    for number in (1, 2):
        done = colophon("show", PAPER, "--version", str(number), "--format", "json", cwd=home)
        document = orjson.loads(done.stdout)
        assert schema.faults("record-version-v1", document) == ()
        assert (document["version"], document["event"] is None) == (number, number == 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([PAPER, "--version", "2"], "the record has version 1 only"),
        ([PAPER, "--version", "0"], "there is no version 0"),
        ([PAPER, "--as-of", "2026-06-12"], "on 2026-06-12 there was none"),
        ([PAPER, "--as-of", "2026-02-30"], "is no day"),
        ([PAPER, "--as-of", "2026-06-13", "--version", "1"], "both choose a version"),
        (["SRCH:C157B342"], "did you mean SRCH:C157B341 (Sparse Multimodal"),
    ],
)
def test_what_cannot_be_shown_is_said(home: Path, arguments: list[str], words: str) -> None:
    """One line and exit code 2."""
    done = colophon("show", *arguments, cwd=home)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
