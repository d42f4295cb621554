"""``colophon source``: what is at hand becomes one file, or one line says why not."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from colophon.cli import main

TEXT = "The gate keeps one head in three, and the model loses 0.4 points on the long set.\n"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font"
    b"/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
    b"4 0 obj<</Length 62>>stream\nBT /F1 12 Tf 10 50 Td (The gate keeps one head in three.) Tj ET    \n"
    b"endstream endobj\ntrailer<</Root 1 0 R/Size 5>>\nstartxref\n0\n%%EOF\n"
)


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the program as its entry point does; returns exit code, output and errors."""

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["colophon", *words])
        with pytest.raises(SystemExit) as stopped:
            main()
        captured = capsys.readouterr()
        return int(str(stopped.value.code)), captured.out, captured.err

    return command


@pytest.fixture
def registry(tmp_path: Path, run: Run) -> Path:
    """A fresh registry."""
    target = tmp_path / "mine"
    assert run("init", str(target))[0] == 0
    return target


def only(registry: Path) -> dict[str, object]:
    """Return the one holding of a registry."""
    (file,) = registry.glob("sources/*/*/*.json")
    loaded: dict[str, object] = json.loads(file.read_text())
    return loaded


def test_without_a_license_a_fingerprint_is_stored(registry: Path, tmp_path: Path, run: Run) -> None:
    """Nothing of the text stands in the file, and check finds it in order."""
    (tmp_path / "a.txt").write_text(TEXT)
    words = ["source", "add", "2601.00001v2", "--text", str(tmp_path / "a.txt"), "--registry", str(registry)]
    code, out, err = run(*words)
    assert (code, "as fingerprint" in out) == (0, True)
    assert "no sentence is stored: no license is given" in err
    held = only(registry)
    assert (held["text"], held["holds"], held["version"]) == (None, "full", "v2")
    assert "one head in three" not in json.dumps(held)
    assert run("check", "--registry", str(registry))[0] == 0
    assert "is filed already" in run(*words)[2]


@pytest.mark.parametrize(
    ("license_", "more", "is_stored"),
    [
        ("CC-BY-4.0", [], True),
        ("CC-BY-4.0", ["--fingerprint-only"], False),
        ("cc-by-4.0", [], True),
        ("CC BY 4.0", [], True),
        ("CC-by-4.0", ["--fingerprint-only"], False),
        ("CC-BY-NC-ND-4.0", [], False),
    ],
)
def test_an_open_license_lets_the_text_be_stored(
    license_: str, more: list[str], is_stored: bool, registry: Path, tmp_path: Path, run: Run
) -> None:
    """A text under an open license, in letters of any case, is stored unless a fingerprint is asked for."""
    (tmp_path / "a.txt").write_text(TEXT)
    words = ["source", "add", "10.1000/xyz", "--text", str(tmp_path / "a.txt"), "--license", license_]
    assert run(*words, *more, "--registry", str(registry))[0] == 0
    assert (only(registry)["text"] is not None) == is_stored


def test_a_pdf_is_read(registry: Path, tmp_path: Path, run: Run) -> None:
    """The text of a PDF is what is held of it."""
    (tmp_path / "a.pdf").write_bytes(PDF)
    words = ["source", "add", "2601.00001", "--pdf", str(tmp_path / "a.pdf"), "--license", "own"]
    assert run(*words, "--registry", str(registry))[0] == 0
    assert "keeps one head in three" in str(only(registry)["text"])


@pytest.mark.parametrize(
    ("files", "words", "message"),
    [
        ({}, [], "nothing is given"),
        ({"a.txt": b""}, ["--text", "a.txt"], "holds no text"),
        ({"a.txt": b"\xff\xfe"}, ["--text", "a.txt"], "is no UTF-8"),
        ({}, ["--text", "no.txt"], "No such file"),
        ({"a.txt": b"x", "a.pdf": b"%PDF-"}, ["--text", "a.txt", "--pdf", "a.pdf"], "both given"),
        ({"a.pdf": b"hello"}, ["--pdf", "a.pdf"], "is no PDF"),
        ({"a.pdf": b"%PDF-1.4 broken"}, ["--pdf", "a.pdf"], "a.pdf: "),
        ({"a.json": b"[1]"}, ["--metadata", "a.json"], "no metadata"),
        ({"a.json": b'{"title": 7}'}, ["--metadata", "a.json"], "title is int"),
        ({"a.json": b'{"title": "A"}'}, ["--metadata", "a.json", "--name", "No Name!"], "--name no-name"),
        ({"a.json": b'{"title": "A"}'}, ["--metadata", "a.json", "--version", "v 2"], "/version"),
        ({"a.json": b'{"title": "A"}'}, ["--metadata", "a.json", "--kind", "isbn"], "/source/kind"),
        ({"a.json": b'{"title": "A"}'}, ["--metadata", "a.json", "--by", " "], "/added_by"),
        (
            {"a.json": b'{"tables": [1], "abstract": "x"}'},
            ["--metadata", "a.json", "--license", "own"],
            "/tables",
        ),
    ],
)
def test_bad_input_is_answered_in_one_line(
    files: dict[str, bytes],
    words: list[str],
    message: str,
    registry: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Run,
) -> None:
    """Nothing is written, the exit is not zero, and no traceback is shown."""
    monkeypatch.chdir(tmp_path)
    for name, body in files.items():
        Path(name).write_bytes(body)
    code, out, err = run("source", "add", "2601.00001", *words, "--registry", str(registry))
    assert code == 2
    assert message in err
    assert out == ""
    assert not list(registry.glob("sources/*/*/*"))
