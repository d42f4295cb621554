"""``colophon ground``: claims and sources as JSON lines in, a verdict on each claim out."""

import json
from pathlib import Path

import pytest

from .conftest import ROOT, colophon, started

FILES = ROOT / "tests" / "grounding"
CLAIMS, SOURCES = FILES / "claims.jsonl", FILES / "sources.jsonl"
WORDS = "The imaginary encoder Foxglove reaches a recall of 45.5% on MeadowQA."


def ground(claims: Path, sources: Path) -> tuple[int, str, str]:
    """Run the command on two files."""
    done = colophon("ground", "--claims", claims, "--sources", sources, "--format", "jsonl")
    return done.returncode, done.stdout, done.stderr


def written(path: Path, *lines: object) -> Path:
    """Write lines; what is no text is written as JSON."""
    path.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines))
    return path


def test_the_verdicts_are_those_on_file() -> None:
    """Over full texts, an abstract and a table; the same on every run."""
    expected = (FILES / "verdicts.jsonl").read_text()
    for run in (colophon, started):
        done = run("ground", "--claims", CLAIMS, "--sources", SOURCES, "--format", "jsonl")
        assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")
    verdicts = [json.loads(line)["verdict"] for line in expected.splitlines()]
    assert {*verdicts} >= {
        "quoted",
        "values_match",
        "located",
        "conflict",
        "not_located",
        "source_missing",
        None,
    }


@pytest.mark.parametrize("jobs", ["1", "2", "3"])
def test_several_processes_give_the_same_bytes(jobs: str, tmp_path: Path) -> None:
    """Twenty copies of each claim, under other ids, are divided and come back in their order."""
    texts = [json.loads(line) for line in CLAIMS.read_text().splitlines()]
    many = [{**one, "id": f"{round_}-{one['id']}"} for round_ in range(20) for one in texts]
    done = colophon(
        "ground", "--claims", written(tmp_path / "c", *many), "--sources", SOURCES, "--jobs", jobs
    )
    assert (done.returncode, done.stderr) == (0, "")
    once = [json.loads(line) for line in (FILES / "verdicts.jsonl").read_text().splitlines()]
    expected = [{**one, "claim": f"{round_}-{one['claim']}"} for round_ in range(20) for one in once]
    assert [json.loads(line) for line in done.stdout.splitlines()] == expected


def test_one_claim_does_not_change_another(tmp_path: Path) -> None:
    """Neither do the order of the sources and the claims around it; the order of the claims is kept."""
    whole = {json.loads(line)["claim"]: line for line in (FILES / "verdicts.jsonl").read_text().splitlines()}
    claims, sources = (path.read_text().splitlines()[::-1] for path in (CLAIMS, SOURCES))
    code, out, _ = ground(written(tmp_path / "c", *claims[::3]), written(tmp_path / "s", *sources))
    assert code == 0
    assert out.splitlines() == [whole[json.loads(line)["id"]] for line in claims[::3]]


@pytest.mark.parametrize(
    ("claim", "source", "where", "words"),
    [
        ("{", {}, "claims.jsonl:2", "no JSON"),
        ("[1]", {}, "claims.jsonl:2", "is a list and no object"),
        ({"id": [[]], "text": "x"}, {}, "claims.jsonl:2", '"id" is a list and no text'),
        ({"id": "c"}, {}, "claims.jsonl:2", '"text" is missing'),
        ({"id": 1, "text": "x"}, {}, "claims.jsonl:2", '"id" is 1 and no text'),
        ({"id": "c", "text": "x", "sources": "s"}, {}, "claims.jsonl:2", "no list of ids"),
        ({"id": "first", "text": "x"}, {}, "claims.jsonl:2", "'first' stands twice"),
        ('{"id": "c", "text": "\\ud800"}', {}, "claims.jsonl:2", "no JSON"),
        ({}, {"id": "s", "kind": "book", "text": "x"}, "sources.jsonl:2", "\"kind\" is 'book'"),
        ({}, {"id": "s", "kind": "full"}, "sources.jsonl:2", "no text"),
        ({}, {"id": "s", "kind": "full", "table": {}}, "sources.jsonl:2", "has table, and its kind is full"),
        (
            {},
            {"id": "s", "kind": "full", "text": "x", "sentences": []},
            "sources.jsonl:2",
            "text and sentences",
        ),
        ({}, {"id": "s", "kind": "full", "sentences": [1]}, "sources.jsonl:2", "no list of texts"),
        ({}, {"id": "s", "kind": "full", "text": "x", "title": 1}, "sources.jsonl:2", '"title" is no text'),
        ({}, {"id": "s", "kind": "table", "table": {"rows": 1}}, "sources.jsonl:2", "no lists"),
        (
            {},
            {"id": "s", "kind": "table", "table": {"columns": [], "rows": [[{}]]}},
            "sources.jsonl:2",
            "a cell",
        ),
        ({}, {"id": "first", "kind": "full", "text": "x"}, "sources.jsonl:2", "'first' stands twice"),
    ],
)
def test_a_malformed_line_is_named(
    tmp_path: Path, claim: object, source: object, where: str, words: str
) -> None:
    """By file and line, with what was expected; no verdict is printed, and there is no traceback."""
    first = {"id": "first", "text": WORDS}, {"id": "first", "kind": "full", "text": WORDS}
    claims = written(tmp_path / "claims.jsonl", first[0], *([claim] if claim else []))
    sources = written(tmp_path / "sources.jsonl", first[1], *([source] if source else []))
    code, out, err = ground(claims, sources)
    assert (code, out) == (2, "")
    assert where in err.replace("\n", "")
    assert words in " ".join(err.split())
    assert "expected" in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """And so is a folder, and bytes that are no text."""
    for path in (tmp_path / "nowhere", tmp_path):
        code, out, err = ground(path, SOURCES)
        assert (code, out, "cannot be read" in err) == (2, "", True)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\n")
    assert ground(tmp_path / "bytes", SOURCES)[0] == 2


def test_empty_files_give_nothing(tmp_path: Path) -> None:
    """No claims, no lines; no sources, and every claim misses its own."""
    nothing = written(tmp_path / "nothing", "", "  ")
    assert ground(nothing, nothing) == (0, "", "")
    code, out, _ = ground(CLAIMS, nothing)
    assert code == 0
    assert {json.loads(line)["verdict"] for line in out.splitlines()} == {"source_missing", None}


def test_large_and_odd_texts_are_answered(tmp_path: Path) -> None:
    """A source of 10 MB, a claim of 50,000 characters, and what other scripts and markup hold."""
    filler = "".join(f"Paragraph {n} has {n % 97} words about made-up things. " for n in range(190_000))
    assert len(filler) > 9_000_000
    large = {"id": "large", "kind": "full", "text": f"{filler}\n\n{WORDS}\n\n{filler[:1_000_000]}"}
    claims = [
        {"id": "plain", "text": WORDS, "sources": ["large"]},
        {"id": "long", "text": "x1 y2, " * 7_000 + "z.", "sources": ["large"]},
        {"id": "digits", "text": "9" * 50_000, "sources": ["large"]},
        {"id": "hebrew", "text": "\u05d4\u05e0\u05d9\u05e1\u05d5\u05d9 \u202e45%", "sources": ["large"]},
        {"id": "tex", "text": "$\\frac{1}{2}$ of \\textbf{it} &amp; more", "sources": ["large"]},
    ]
    code, out, err = ground(written(tmp_path / "c", *claims), written(tmp_path / "s", large))
    assert (code, err) == (0, "")
    found = {one["claim"]: one for one in map(json.loads, out.splitlines())}
    assert list(found) == [claim["id"] for claim in claims]
    assert found["plain"]["verdict"] == "quoted"
    (span,) = found["plain"]["spans"]
    assert large["text"][span["start"] : span["end"]] == span["quote"] == WORDS.removesuffix(".")
