"""``colophon ground RECORD`` and ``colophon judge``: what they write is what check accepts."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from colophon.cli import main

ROOT = Path(__file__).resolve().parent.parent
RECORD = "633d4d8a"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the program as its entry point does, with answers typed; returns exit code, output and errors."""

    def command(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["colophon", *words])
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as stopped:
            main()
        captured = capsys.readouterr()
        return int(str(stopped.value.code)), captured.out, captured.err

    return command


@pytest.fixture
def registry(tmp_path: Path) -> str:
    """A copy of this project's registry, in which nothing was looked up yet."""
    shutil.copytree(ROOT / "registry", tmp_path / "registry", ignore=shutil.ignore_patterns("groundings"))
    return str(tmp_path / "registry")


def test_a_record_is_grounded_once(registry: str, run: Run) -> None:
    """The file is written, check accepts it, and the same verdicts are not filed twice."""
    code, out, _ = run("ground", RECORD, "--registry", registry)
    assert (code, "21 source_missing" in out) == (0, True)
    assert len(list(Path(registry).glob("papers/63/*/groundings/*.json"))) == 1
    assert "filed already" in run("ground", RECORD, "--registry", registry)[1]
    assert run("check", "--registry", registry)[0] == 0


def test_texts_that_may_not_be_stored_need_a_name(registry: str, tmp_path: Path, run: Run) -> None:
    """Their verdicts are reported by somebody, and nothing of the text is written."""
    (tmp_path / "2507.13374.txt").write_text("The dataset spans 29,259 source videos of many kinds.\n")
    words = ["ground", RECORD, "--registry", registry, "--texts", str(tmp_path)]
    assert "--by" in run(*words)[2]
    code, _, err = run(*words, "--by", "Rae Example")
    assert code == 0, err
    (file,) = Path(registry).glob("papers/63/*/groundings/*.json")
    assert "Rae Example" in file.read_text()
    assert "of many kinds" not in file.read_text()
    assert run("check", "--registry", registry)[0] == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ground"], "give a record, or --claims and --sources"),
        (["ground", "ffffffff"], "names no record"),
        (["ground", RECORD, "--claims", "x"], "give a record, or --claims and --sources"),
        (["ground", "--claims", "x"], "go together"),
        (["ground", "c157b341"], "nothing is held of the sources"),
        (["ground", RECORD, "--texts", "no-such-folder", "--by", "Rae"], "is no folder"),
        (["ground", RECORD, "--texts", ".", "--by", "Rae"], "has no text of a source"),
        (["judge", "c157b341"], "lists no claims"),
        (["judge", RECORD, "--claim", "c099"], "is none of the claims c001 to c021"),
        (["judge", RECORD, "--by", "Rae", "--name", "No!"], "is no name for a file"),
        (["judge", RECORD, "--name", "../x"], "is no name for a file"),
        (["judge", RECORD, "--all", "--claim", "c001"], "--all and --claim exclude one another"),
        (["judge", RECORD, "--all", "--sample", "20"], "--sample and --all exclude one another"),
        (["judge", RECORD, "--model", ".", "--by", "Rae"], "--model and --by exclude one another"),
        (["judge", RECORD, "--precision", "0.9"], "belong to --model"),
        (["judge", RECORD, "--independent"], "belong to --model"),
        (["ground", "--claims", "x", "--sources", "y", "--dry-run"], "are for a record"),
        (["ground", "--claims", "x", "--sources", "y", "--by", "Rae"], "are for a record"),
    ],
)
def test_bad_input_is_answered_in_one_line(
    words: list[str], message: str, registry: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written and no traceback is shown."""
    monkeypatch.chdir(tmp_path)
    code, _, err = run(*words, "--registry", registry, typed="Rae\ny\n")
    assert (code, message in err) == (2, True), err
    assert not list(Path(registry).glob("papers/*/*/checks/*"))


def test_a_check_is_written_and_accepted(registry: str, run: Run) -> None:
    """Two claims are judged, then the answers end: what was judged is written, and check takes it."""
    run("ground", RECORD, "--registry", registry)
    typed = "Rae Example\ny\n1\ns002\nsection 2\nIt says so.\n2\nnone\nmajor\ns002\n\nThe table says 12.\n"
    code, out, err = run("judge", RECORD, "--registry", registry, typed=typed)
    assert (code, "2 claims" in out) == (0, True), err
    (file,) = Path(registry).glob("papers/63/*/checks/*.yaml")
    assert "how: random" in file.read_text()
    # What a source contradicts is wrong in some way: "none" is asked again.
    assert "error: major" in file.read_text()
    assert run("check", "--registry", registry)[0] == 0
    assert "is filed already" in run("judge", RECORD, "--registry", registry, typed=typed)[2]


@pytest.mark.parametrize(
    ("typed", "judged"),
    [("3\nminor\n", 1), ("1\ns002\n", 1), ("1\ns002\nTable 2\n", 1), ("2\n", 0), ("1\n\n\n2\n", 1)],
)
def test_a_verdict_stands_when_the_answers_end_behind_it(
    typed: str, judged: int, registry: str, run: Run
) -> None:
    """Where and why need not be said; how wrong a contradicted claim is must be."""
    code, _, err = run("judge", RECORD, "--registry", registry, typed=f"Rae\ny\n{typed}")
    assert code == 0, err
    assert (
        sum(file.read_text().count("verdict:") for file in Path(registry).glob("papers/63/*/checks/*"))
        == judged
    )
    assert run("check", "--registry", registry)[0] == 0


def test_who_is_named_is_not_asked_for(registry: str, run: Run) -> None:
    """With --by the first question is whether they are independent."""
    code, _, err = run("judge", RECORD, "--registry", registry, "--by", "Ada Example", typed="y\n1\n")
    assert (code, "Who judges?" in err) == (0, False)
    [file] = Path(registry).glob("papers/63/*/checks/*.yaml")
    assert "name: Ada Example" in file.read_text()


def test_answers_that_never_fit_end_the_questions(registry: str, run: Run) -> None:
    """A stream of other words is not asked for ever, a long one is not said back whole; what fits is kept."""
    garbage = f"{'x' * 100_000}\n" + "no such answer\n" * 100
    code, _, err = run("judge", RECORD, "--registry", registry, typed=f"Rae\ny\n1\n\n\n{garbage}")
    assert (code, "none of 50 answers fits" in err, len(err) < 30_000) == (0, True, True)
    [file] = Path(registry).glob("papers/63/*/checks/*.yaml")
    assert file.read_text().count("verdict:") == 1


def test_nothing_judged_writes_nothing(registry: str, run: Run) -> None:
    """Who leaves at once leaves no file."""
    code, out, _ = run("judge", RECORD, "--registry", registry, typed="Rae\nn\n")
    assert (code, "nothing was written" in out) == (0, True)
    assert not list(Path(registry).glob("papers/*/*/checks/*"))
