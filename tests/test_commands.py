"""The command line: every command is documented, and wrong use is answered in words."""

import subprocess
import sys
from pathlib import Path

import pytest

from . import program

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = sorted(
    f.stem.replace("_", "-") for f in (ROOT / "src/colophon/cli").glob("*.py") if not f.stem.startswith("_")
)


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return program.run(arguments, cwd, {"COLUMNS": "100"})


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_stands_in_the_readme(command: str) -> None:
    """``--help`` of each command says what it does, and the README mentions the command."""
    result = run(command, "--help")
    assert result.returncode == 0
    assert "Usage:" in result.stdout
    assert f"colophon {command}" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("arguments", [["explain", "C101"], ["check", "--stats"]])
def test_a_full_disk_is_told_in_one_line(arguments: list[str]) -> None:
    """Output that cannot be written is the machine's fault, not the registry's."""
    command = [sys.executable, "-c", "from colophon.cli import main; main()", *arguments]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    assert done.returncode == 3
    assert done.stderr.splitlines()[0].startswith("colophon: the output cannot be written: No space left")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("closed", "code", "words"),
    [
        (">&-", 3, "colophon: the output cannot be written: it is closed\n"),
        (">&- 2>&-", 3, ""),
        ("2>&-", 0, ""),
        ("<&-", 0, ""),
    ],
)
def test_a_closed_stream_is_no_crash(closed: str, code: int, words: str) -> None:
    """Without an output the command says so where it can, and what it does not need may be closed."""
    command = ["bash", "-c", f'"$0" explain C101 {closed}', program.PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (code, words)


def test_a_command_reads_only_what_it_needs() -> None:
    """Half a second of imports is left out by a command that neither judges nor builds."""
    code = "import sys; from colophon.cli import main\ntry: main()\nfinally: print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, "source", "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    read = set(done.stdout.split())
    assert "colophon.cli.source" in read
    assert not {"colophon.cli.check", "colophon.pipeline", "colophon.pages", "onnxruntime"} & read


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], "Did you mean 'check'"),
        (["explain", "C110"], "did you mean C101?"),
        (["explain", "counts-disagre"], "did you mean counts-disagree?"),
        (["check", "--now", "yesterday"], "is no ISO 8601 time"),
        (["check", "--registry", "no-such-folder"], "is no folder"),
        (["check", "--fail-on", "everything"], "everything"),
        (["check", "SRCH:C157B342"], "did you mean SRCH:C157B341 (Sparse Multimodal"),
        (["check", "no/such/path"], "neither a path below the registry in registry"),
        (["ingest"], "Missing argument"),
        (["ingest", "no-such-file.txt"], "No such file or directory"),
        (["ingest", "a.txt", "b.txt", "--id", "633d4d8a-aa2a-449c-8123-213191021a18"], "2 files were given"),
        (["build", "--site-dir", "src"], "no site of this program"),
        (["build", "--site-dir", "registry/refusals/site"], "lies inside the"),
        (["preview", "x.yaml", "--out", "registry/reviews"], "lies inside the"),
    ],
)
def test_wrong_use_is_answered_in_words(arguments: list[str], words: str) -> None:
    """Wrong use exits with 2 and says in one line what is wrong; no traceback, nothing on standard output."""
    result = run(*arguments)
    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_a_folder_that_is_no_registry_names_init(tmp_path: Path) -> None:
    """``check`` in a folder without registry.yaml fails and names ``colophon init``."""
    result = run("check", "--registry", str(tmp_path))
    assert result.returncode == 2
    assert "colophon init" in result.stderr


def test_a_fresh_registry_passes_and_says_so(tmp_path: Path) -> None:
    """``init`` makes a registry that ``check`` finds in order and empty."""
    assert run("init", str(tmp_path / "mine"), "--name", 'A "quoted": name #1').returncode == 0
    result = run("check", "--registry", str(tmp_path / "mine"))
    assert (result.returncode, result.stdout.startswith("no records yet")) == (0, True)
    assert run("init", str(tmp_path / "mine")).returncode == 2


@pytest.mark.parametrize(("fail_on", "code"), [("integrity", 0), ("error", 1), ("warning", 1), ("note", 1)])
def test_fail_on_decides_the_exit_code(fail_on: str, code: int) -> None:
    """Editorial findings fail the command only from the severity that is asked for."""
    assert run("check", "--fail-on", fail_on).returncode == code


def test_every_command_takes_a_registry(tmp_path: Path) -> None:
    """``--registry DIR`` works with all of a registry; explain then speaks of its vocabularies."""
    for command in sorted({*COMMANDS} - {"source"}):
        assert "--registry" in run(command, "--help").stdout, command
    for command in ("add", "fetch"):
        assert "--registry" in run("source", command, "--help").stdout, command
    assert run("init", "--registry", str(tmp_path / "mine")).returncode == 0
    assert "quality-tiers-v2" in run("explain", "unsafe", "--registry", str(tmp_path / "mine")).stdout
    assert run("explain", "unsafe", "--registry", str(tmp_path)).returncode == 2
    assert run("init", "one", "--registry", "two", cwd=tmp_path).returncode == 2


def test_stats_tell_not_applicable_from_fine() -> None:
    """``--stats`` prints a row for every audit, with what it recognised apart from what it flagged."""
    result = run("check", "--stats")
    row = next(line for line in result.stdout.splitlines() if line.startswith("B101"))
    assert row.split() == ["B101", "identifier-malformed", "3", "1", "6", "6", "6", "0"]


def test_a_path_narrows_the_output() -> None:
    """Only findings below the path, or of the id, are shown; a path without records says so."""
    one = run("check", "registry/papers/63")
    assert "633d4d8a" in one.stdout
    assert "c157b341" not in one.stdout
    assert run("check", "SRCH:633D4D8A").stdout == one.stdout
    assert run("check", "633d4d8a").stdout == one.stdout
    assert "0 records touched" in run("check", "registry/vocabularies").stdout


def test_rule_pages_are_fresh(tmp_path: Path) -> None:
    """docs/rules holds exactly what ``explain --write`` makes of today's rules."""
    assert run("explain", "--write", str(tmp_path)).returncode == 0
    made = {file.name: file.read_text() for file in tmp_path.iterdir()}
    kept = {file.name: file.read_text() for file in (ROOT / "docs" / "rules").iterdir()}
    assert kept == made


def test_records_are_made_again_from_their_reports(tmp_path: Path) -> None:
    """Ingesting the stored report of each record again gives the same bytes."""
    registry = tmp_path / "registry"
    for manifest in sorted((ROOT / "registry/papers").glob("*/*/manifest.json")):
        examples = ROOT / "tests/ingests/examples"
        report = next(
            file for file in examples.glob("0*.txt")
            if file.read_bytes() == (manifest.parent / "report.txt").read_bytes()
        )  # fmt: skip
        made = run("ingest", str(report), "--id", manifest.parent.name, "--registry", str(registry))
        assert made.returncode == 0, made.stderr
        again = registry / manifest.parent.relative_to(ROOT / "registry")
        for name in ("manifest.json", "provenance.json", "report.txt"):
            assert (again / name).read_bytes() == (manifest.parent / name).read_bytes()
