"""Whatever lies in a registry or is given to a command gets a finding or a line, never a traceback.

The damage is done here, to a copy of the test registry: much of it cannot be a file of a repository.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from . import program

ROOT = Path(__file__).resolve().parent.parent
RECORD = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
FOLDER = f"papers/c2/{RECORD}"
REPORT = ROOT / "tests/registry-reports/unsafe.txt"
Found = tuple[str, int, str, str]


def colophon(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the program; a traceback or more than two gigabytes of addresses fails the test that runs it."""
    done = program.run(arguments, memory=2 * 2**30)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def integrity(registry: Path, *options: str) -> list[Found]:
    """Return the integrity findings of a check; they and the exit code must agree."""
    done = colophon(
        "check",
        "--registry",
        registry,
        "--format",
        "json",
        "--jobs",
        "1",
        "--now",
        "2026-12-01T00:00:00Z",
        *options,
    )
    assert done.stderr == ""
    findings = json.loads(done.stdout)["findings"]
    found = [(f["path"], f["line"], f["pointer"], f["code"]) for f in findings if f["class"] == "integrity"]
    assert done.returncode == (1 if found else 0)
    return found


def assert_one_line(done: subprocess.CompletedProcess[str], code: int, words: str) -> None:
    assert done.returncode == code, done.stdout + done.stderr
    lines = done.stderr.splitlines()
    assert lines
    assert lines[0].startswith("colophon: ")
    assert words in lines[0]
    assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("  help: "))


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A copy of the test registry with the one record that is damaged, and not its sisters."""
    source, copy = ROOT / "tests/registry", tmp_path / "registry"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("papers", "reviews", "sources"))
    shutil.copytree(source / FOLDER, copy / FOLDER)
    return copy


def test_the_registry_of_these_tests_is_good(registry: Path) -> None:
    """Without damage there is no integrity finding, so every finding below comes from the damage."""
    assert integrity(registry) == []


def edit(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(registry: Path) -> None:
        path = registry / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode("utf-8", "surrogatepass"))

    return change


def put(file: str, body: bytes) -> Callable[[Path], None]:
    def change(registry: Path) -> None:
        (registry / file).parent.mkdir(parents=True, exist_ok=True)
        (registry / file).write_bytes(body)

    return change


def bytes_of(file: str, change_bytes: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def change(registry: Path) -> None:
        (registry / file).write_bytes(change_bytes((registry / file).read_bytes()))

    return change


def moved(old: str, new: str) -> Callable[[Path], None]:
    def change(registry: Path) -> None:
        (registry / new).parent.mkdir(parents=True, exist_ok=True)
        (registry / old).rename(registry / new)

    return change


def linked(file: str) -> Callable[[Path], None]:
    def change(registry: Path) -> None:
        outside = registry.parent / "outside"
        (registry / file).rename(outside)
        (registry / file).symlink_to(outside)

    return change


def piped(file: str) -> Callable[[Path], None]:
    def change(registry: Path) -> None:
        (registry / file).unlink(missing_ok=True)
        os.mkfifo(registry / file)

    return change


def sparse(file: str) -> Callable[[Path], None]:
    def change(registry: Path) -> None:
        os.truncate(registry / file, 200 * 2**20)

    return change


def removed(name: str) -> Callable[[Path], None]:
    def change(registry: Path) -> None:
        (registry / name).unlink()

    return change


MANIFEST, PROVENANCE, TEXT = (
    f"{FOLDER}/{name}" for name in ("manifest.json", "provenance.json", "report.txt")
)
VOCABULARY = "vocabularies/quality-tiers-v2.yaml"
EVENT = f"{FOLDER}/corrections/made-up.yaml"
GOOD_EVENT = (
    f"contract_version: correction-event-v1\npaper: {RECORD}\ntype: DISPUTE\nreason: other\n"
    "date: 2026-05-01\n"
    "reporter:\n  name: Somebody\n  kind: person\nnote: Fabricated for a test.\n"
)
TITLE = '"title": "'
DAMAGE: dict[str, tuple[Callable[[Path], None], list[Found]]] = {
    "empty manifest": (put(MANIFEST, b""), [(MANIFEST, 1, "", "S101")]),
    "truncated manifest": (
        bytes_of(MANIFEST, lambda raw: raw[: raw.index(b"Fabricated Report") + 9]),
        [(MANIFEST, 9, "/title", "S101")],
    ),
    "no JSON": (put(MANIFEST, b"<html></html>\n"), [(MANIFEST, 1, "", "S101")]),
    "text after the end": (bytes_of(MANIFEST, lambda raw: raw + b"{}\n"), [(MANIFEST, 0, "", "S101")]),
    "duplicate key": (
        edit(MANIFEST, TITLE, '"title": "x",\n  "title": "'),
        [(MANIFEST, 10, "/title", "S102")],
    ),
    "duplicate key in disguise": (
        edit(MANIFEST, TITLE, '"titl\\u0065": "x",\n  "title": "'),
        [(MANIFEST, 10, "/title", "S102")],
    ),
    "NaN": (
        edit(MANIFEST, '"value": 7', '"value": NaN, "x": 7'),
        [(MANIFEST, 0, "/stated/review_score/value", "S103")],
    ),
    "300 digits": (
        edit(MANIFEST, '"claims_extracted": ', '"claims_extracted": ' + "9" * 300),
        [(MANIFEST, 0, "/stated/claims_extracted", "S103")],
    ),
    "5,000 digits": (put(MANIFEST, b"[" + b"9" * 5_000 + b"]"), [(MANIFEST, 1, "/0", "S103")]),
    "10,000 levels": (put(MANIFEST, b"[" * 10_000 + b"]" * 10_000), [(MANIFEST, 1, "/0" * 32, "S104")]),
    "10,000 objects": (put(MANIFEST, b'{"a":' * 10_000), [(MANIFEST, 1, "/a" * 32, "S104")]),
    "right-to-left override": (edit(MANIFEST, TITLE, TITLE + "\u202e"), [(MANIFEST, 9, "/title", "S105")]),
    "escaped right-to-left override": (
        edit(MANIFEST, TITLE, TITLE + "\\u202e"),
        [(MANIFEST, 9, "/title", "S105")],
    ),
    "zero width space": (edit(MANIFEST, TITLE, TITLE + "\u200b"), [(MANIFEST, 9, "/title", "S105")]),
    "tag character": (edit(MANIFEST, TITLE, TITLE + "\U000e0041"), [(MANIFEST, 9, "/title", "S105")]),
    "control character": (edit(MANIFEST, TITLE, TITLE + "\\u001b[31m"), [(MANIFEST, 9, "/title", "S105")]),
    "raw control character": (edit(MANIFEST, TITLE, TITLE + "\x1b[31m"), [(MANIFEST, 9, "/title", "S105")]),
    "lone surrogate": (edit(MANIFEST, TITLE, TITLE + "\\ud800"), [(MANIFEST, 9, "/title", "S105")]),
    "decomposed accent": (edit(MANIFEST, TITLE, TITLE + "cafe\u0301"), [(MANIFEST, 9, "/title", "S105")]),
    "byte order mark": (bytes_of(MANIFEST, lambda raw: b"\xef\xbb\xbf" + raw), [(MANIFEST, 1, "", "S106")]),
    "CRLF": (bytes_of(MANIFEST, lambda raw: raw.replace(b"\n", b"\r\n")), [(MANIFEST, 1, "", "S106")]),
    "Latin-1": (edit(MANIFEST, TITLE, TITLE + "\ud800"), [(MANIFEST, 9, "", "S106")]),
    "UTF-16": (bytes_of(MANIFEST, lambda raw: raw.decode().encode("utf-16")), [(MANIFEST, 1, "", "S106")]),
    "200 MB manifest": (sparse(MANIFEST), [(MANIFEST, 1, "", "S107")]),
    "200 MB report": (sparse(TEXT), [(TEXT, 1, "", "S107")]),
    "200 MB registry.yaml": (sparse("registry.yaml"), [("registry.yaml", 1, "", "S107")]),
    "a key of megabytes": (
        put(MANIFEST, b'{"' + b"k" * 2_000_000 + b'": [' + b"0," * 100_000 + b"0]}"),
        [(MANIFEST, 1, "", "S109")],
    ),
    "linked manifest": (linked(MANIFEST), [(MANIFEST, 1, "", "S108")]),
    "linked report": (linked(TEXT), [(TEXT, 1, "", "S108")]),
    "linked record": (linked(FOLDER), [(FOLDER, 1, "", "S108")]),
    "linked shard": (linked("papers/c2"), [("papers/c2", 1, "", "S108")]),
    "linked papers": (linked("papers"), [("papers", 1, "", "S108")]),
    "linked vocabularies": (linked("vocabularies"), [("vocabularies", 1, "", "S108")]),
    "linked registry.yaml": (linked("registry.yaml"), [("registry.yaml", 1, "", "S108")]),
    "linked vocabulary": (linked(VOCABULARY), [(VOCABULARY, 1, "", "S108")]),
    "pipe for a manifest": (piped(MANIFEST), [(MANIFEST, 1, "", "S108")]),
    "pipe for a report": (piped(TEXT), [(TEXT, 1, "", "S108")]),
    "pipe for registry.yaml": (piped("registry.yaml"), [("registry.yaml", 1, "", "S108")]),
    "pipe among papers": (piped("papers/pipe"), [("papers/pipe", 1, "", "S108")]),
    "unknown contract": (
        edit(MANIFEST, "paper-manifest-v1.1", "paper-manifest-v1.7"),
        [(MANIFEST, 2, "/contract_version", "S109")],
    ),
    "contract of another document": (
        edit(MANIFEST, "paper-manifest-v1.1", "source-provenance-v1"),
        [(MANIFEST, 2, "/contract_version", "S109")],
    ),
    "no contract": (
        edit(MANIFEST, '"contract_version": "paper-manifest-v1.1",', ""),
        [(MANIFEST, 1, "", "S109")],
    ),
    "contract is a list": (
        edit(
            MANIFEST,
            '"contract_version": "paper-manifest-v1.1"',
            '"contract_version": ["paper-manifest-v1.1"]',
        ),
        [(MANIFEST, 2, "/contract_version", "S109")],
    ),
    "a list for a manifest": (put(MANIFEST, b"[]\n"), [(MANIFEST, 1, "", "S110")]),
    "a number for a manifest": (put(MANIFEST, b"7\n"), [(MANIFEST, 1, "", "S110")]),
    "number for a title": (
        edit(MANIFEST, TITLE, '"title": 7, "x": "'),
        [(MANIFEST, 1, "", "S110"), (MANIFEST, 9, "/title", "S110")],
    ),
    "unknown field": (edit(MANIFEST, TITLE, '"titel": "x",\n  "title": "'), [(MANIFEST, 1, "", "S110")]),
    "another order of keys": (
        edit(MANIFEST, '"kind": null,\n  "license": null,', '"license": null,\n  "kind": null,'),
        [(MANIFEST, 0, "", "S111")],
    ),
    "one single line": (
        bytes_of(MANIFEST, lambda raw: json.dumps(json.loads(raw), ensure_ascii=False).encode()),
        [(MANIFEST, 1, "", "S111")],
    ),
    "no final newline": (bytes_of(MANIFEST, lambda raw: raw[:-1]), [(MANIFEST, 0, "", "S111")]),
    "tab indent": (bytes_of(MANIFEST, lambda raw: raw.replace(b"  ", b"\t")), [(MANIFEST, 2, "", "S111")]),
    "another id": (
        edit(MANIFEST, f'"id": "{RECORD}"', f'"id": "1{RECORD[1:]}"'),
        [(MANIFEST, 3, "/id", "S112"), (MANIFEST, 4, "/display_id", "S112")],
    ),
    "id in capitals": (
        edit(MANIFEST, f'"id": "{RECORD}"', f'"id": "{RECORD.upper()}"'),
        [(MANIFEST, 3, "/id", "S110")],
    ),
    "another display id": (edit(MANIFEST, ":C23C1127", ":C23C1128"), [(MANIFEST, 4, "/display_id", "S112")]),
    "wrong shard": (moved(FOLDER, f"papers/10/{RECORD}"), [(f"papers/10/{RECORD}", 1, "", "S112")]),
    "folder that is no id": (
        moved(FOLDER, "papers/c2/first"),
        [
            ("papers/c2/first", 1, "", "S112"),
            ("papers/c2/first/manifest.json", 3, "/id", "S112"),
            ("papers/c2/first/provenance.json", 3, "/paper", "S112"),
        ],
    ),
    "a claim out of order": (
        edit(MANIFEST, '"id": "c002"', '"id": "c003"'),
        [(MANIFEST, 0, "/claims/1/id", "S112")],
    ),
    "a claim of no source": (
        edit(
            MANIFEST,
            '"sources": null,\n      "locator"',
            '"sources": [\n        "s099"\n      ],\n      "locator"',
        ),
        [(MANIFEST, 0, "/claims/0/sources/0", "S113")],
    ),
    "truncated names nothing": (
        edit(MANIFEST, '"truncated": []', '"truncated": [\n    "/claims/99/text"\n  ]'),
        [(MANIFEST, 0, "/truncated/0", "S113")],
    ),
    "truncated names a number": (
        edit(MANIFEST, '"truncated": []', '"truncated": [\n    "/stated/claims_extracted"\n  ]'),
        [(MANIFEST, 0, "/truncated/0", "S113")],
    ),
    "supersedes nothing": (
        edit(MANIFEST, '"supersedes": null', '"supersedes": "00000000-0000-4000-8000-000000000000"'),
        [(MANIFEST, 0, "/supersedes", "S113")],
    ),
    "provenance of another": (
        edit(PROVENANCE, f'"paper": "{RECORD}"', f'"paper": "1{RECORD[1:]}"'),
        [(PROVENANCE, 3, "/paper", "S112")],
    ),
    "report altered": (bytes_of(TEXT, lambda raw: raw + b" "), [(PROVENANCE, 0, "/ingest/sha256", "S113")]),
    "report emptied": (put(TEXT, b""), [(PROVENANCE, 0, "/ingest/sha256", "S113")]),
    "size altered": (edit(PROVENANCE, '"size": ', '"size": 1'), [(PROVENANCE, 0, "/ingest/size", "S113")]),
    "no report": (removed(TEXT), [(TEXT, 1, "", "S117")]),
    "no manifest": (removed(MANIFEST), [(MANIFEST, 1, "", "S117")]),
    "no provenance": (removed(PROVENANCE), [(PROVENANCE, 1, "", "S117")]),
    "an empty record": (
        lambda registry: (registry / "papers/10/10000000-0000-4000-8000-000000000000").mkdir(parents=True),
        [
            (f"papers/10/10000000-0000-4000-8000-000000000000/{n}", 1, "", "S117")
            for n in ("manifest.json", "provenance.json", "report.txt")
        ],
    ),
    "manifest is a folder": (
        lambda registry: ((registry / MANIFEST).unlink(), (registry / MANIFEST).mkdir())[0],
        [(MANIFEST, 1, "", "S108")],
    ),
    "stray file in papers": (put("papers/notes.txt", b"x"), [("papers/notes.txt", 1, "", "S114")]),
    "stray file in a shard": (put("papers/c2/notes.txt", b"x"), [("papers/c2/notes.txt", 1, "", "S114")]),
    "stray file in a record": (put(f"{FOLDER}/notes.docx", b"x"), [(f"{FOLDER}/notes.docx", 1, "", "S114")]),
    "hidden file in a record": (put(f"{FOLDER}/.DS_Store", b"x"), [(f"{FOLDER}/.DS_Store", 1, "", "S114")]),
    "stray folder in a record": (put(f"{FOLDER}/more/x", b"x"), [(f"{FOLDER}/more", 1, "", "S114")]),
    "vocabulary altered": (
        bytes_of(VOCABULARY, lambda raw: raw + b"# mine\n"),
        [(VOCABULARY, 1, "", "S115")],
    ),
    "vocabulary missing": (removed(VOCABULARY), [(VOCABULARY, 1, "", "S117")]),
    "vocabulary unknown": (
        put("vocabularies/mine-v1.yaml", b"a: b\n"),
        [("vocabularies/mine-v1.yaml", 1, "", "S114")],
    ),
    "vocabulary empty": (put(VOCABULARY, b""), [(VOCABULARY, 1, "", "S110")]),
    "vocabulary of another name": (
        edit(VOCABULARY, "contract_version: quality-tiers-v2", "contract_version: quality-tiers-v1"),
        [(VOCABULARY, 1, "/contract_version", "S109")],
    ),
    "registry.yaml empty": (put("registry.yaml", b""), [("registry.yaml", 1, "", "S110")]),
    "registry.yaml a list": (put("registry.yaml", b"- a\n"), [("registry.yaml", 1, "", "S110")]),
    "registry.yaml no YAML": (put("registry.yaml", b"a: [\n"), [("registry.yaml", 2, "", "S116")]),
    "registry.yaml binary": (put("registry.yaml", b"\x00\xff"), [("registry.yaml", 1, "", "S106")]),
    "registry.yaml with alias": (
        put("registry.yaml", b"a: &x [1]\nb: [*x, *x]\n"),
        [("registry.yaml", 1, "/a", "S116")],
    ),
    "registry.yaml 20,000 deep": (
        put("registry.yaml", b"[" * 20_000),
        [("registry.yaml", 1, "/0" * 32, "S104")],
    ),
    "registry.yaml two documents": (
        bytes_of("registry.yaml", lambda raw: raw + b"---\na: b\n"),
        [("registry.yaml", 0, "", "S116")],
    ),
    "registry.yaml a folder": (
        lambda registry: ((registry / "registry.yaml").unlink(), (registry / "registry.yaml").mkdir())[0],
        [("registry.yaml", 1, "", "S108")],
    ),
    "papers is a file": (
        lambda registry: (shutil.rmtree(registry / "papers"), (registry / "papers").write_text("x"))[0],
        [("papers", 1, "", "S108")],
    ),
    "event no YAML": (put(EVENT, b"a: [\n"), [(EVENT, 2, "", "S116")]),
    "event empty": (put(EVENT, b""), [(EVENT, 1, "", "S110")]),
    "event with tag": (put(EVENT, b"a: !!python/name:os.system x\n"), [(EVENT, 1, "/a", "S116")]),
    "event of another paper": (
        put(EVENT, GOOD_EVENT.replace(RECORD, "1" + RECORD[1:]).encode()),
        [(EVENT, 0, "/paper", "S112")],
    ),
    "event of no type": (
        put(EVENT, GOOD_EVENT.replace("DISPUTE", "PRAISE").encode()),
        [(EVENT, 3, "/type", "S110")],
    ),
    "event on no day": (
        put(EVENT, GOOD_EVENT.replace("05-01", "02-30").encode()),
        [(EVENT, 5, "/date", "S110")],
    ),
    "event of an unknown contract": (
        put(EVENT, GOOD_EVENT.replace("event-v1", "event-v2").encode()),
        [(EVENT, 1, "/contract_version", "S109")],
    ),
    "event with evidence of no address": (
        put(EVENT, (GOOD_EVENT + "evidence:\n  - javascript:alert(1)\n").encode()),
        [(EVENT, 11, "/evidence/0", "S110")],
    ),
    "event in JSON file": (
        put(f"{FOLDER}/corrections/a.json", b"{}"),
        [(f"{FOLDER}/corrections/a.json", 1, "", "S114")],
    ),
    "event in capitals": (
        put(f"{FOLDER}/corrections/Made-Up.yaml", b"a: b"),
        [(f"{FOLDER}/corrections/Made-Up.yaml", 1, "", "S114")],
    ),
    "corrections is a file": (put(f"{FOLDER}/corrections", b"x"), [(f"{FOLDER}/corrections", 1, "", "S114")]),
    "event in the future": (
        put(EVENT, GOOD_EVENT.replace("2026-05-01", "2031-05-01").encode()),
        [(EVENT, 0, "/date", "H101")],
    ),
    "submitted in the future": (
        edit(MANIFEST, '"submitted": "2026', '"submitted": "2031'),
        [(MANIFEST, 0, "/submitted", "H101")],
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_each_damage_is_named_by_place(registry: Path, name: str) -> None:
    """Damage of any kind is an integrity finding with path, line, pointer and code, and a check that
    exits with 1.
    """
    change, expected = DAMAGE[name]
    change(registry)
    found = integrity(registry)
    # Where a case gives no line (0), any line but the first is right: it is not that of the file.
    assert [
        (path, 0 if wanted[1] == 0 and line > 1 else line, pointer, code)
        for (path, line, pointer, code), wanted in zip(found, expected, strict=True)
    ] == expected


def test_a_name_that_is_no_utf8_is_printable(registry: Path) -> None:
    """A file name in another encoding is refused by a name that can be printed."""
    os.close(os.open(os.fsencode(registry / FOLDER) + b"/caf\xe9.txt", os.O_CREAT | os.O_WRONLY))
    Path(os.fsdecode(os.fsencode(registry / "papers/c2") + b"/caf\xe9")).mkdir()
    found = integrity(registry)
    assert (f"{FOLDER}/caf\ufffd.txt", 1, "", "S108") in found
    assert ("papers/c2/caf\ufffd", 1, "", "S108") in found


@pytest.mark.parametrize("form", ["text", "github", "sarif", "json"])
def test_hostile_names_are_written_out(registry: Path, form: str) -> None:
    """A file name with line feeds and escapes cannot forge output in any format."""
    (registry / FOLDER / "x\n::error::owned\x1b[2J\u202e").write_text("x")
    done = colophon("check", "--registry", registry, "--format", form, "--jobs", "1")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert not any(line.startswith("::error::owned") for line in done.stdout.splitlines())


def test_an_unknown_contract_names_the_nearest(registry: Path) -> None:
    """The message lists the known contracts and says which was probably meant."""
    edit(MANIFEST, "paper-manifest-v1.1", "paper-manifset-v1.1")(registry)
    done = colophon("check", "--registry", registry, "--jobs", "1")
    assert "did you mean paper-manifest-v1.1?" in done.stdout


def test_an_unreadable_file_is_one_line(registry: Path, powerless: Callable[[], None]) -> None:
    """A file without permission to read ends the check in one line with exit code 3."""
    (registry / MANIFEST).chmod(0)
    command = [program.PROGRAM, "check", "--registry", registry, "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=powerless)
    assert_one_line(done, 3, "Permission denied")


def test_dates_are_judged_by_the_time_given(registry: Path) -> None:
    """What lies in the future is decided by ``--now`` alone."""
    manifest = registry / MANIFEST
    manifest.write_text(manifest.read_text().replace('"submitted": "2026', '"submitted": "2031'))
    assert [f[3] for f in integrity(registry)] == ["H101"]
    assert integrity(registry, "--now", "2032-01-01T00:00:00Z") == []


def test_an_empty_registry_says_so(tmp_path: Path) -> None:
    """A fresh registry has no findings and says that it has no records yet."""
    assert colophon("init", tmp_path / "fresh").returncode == 0
    done = colophon("check", "--registry", tmp_path / "fresh")
    assert (done.returncode, done.stdout) == (0, "no records yet; colophon ingest REPORT adds one\n")


def test_a_folder_that_is_no_registry_is_one_line(tmp_path: Path) -> None:
    """Check and build of such a folder exit with 2 and name ``colophon init``."""
    for command in (["check"], ["build", "--site-dir", str(tmp_path / "site")]):
        done = colophon(*command, "--registry", tmp_path)
        assert_one_line(done, 2, "no registry.yaml")
        assert "colophon init" in done.stderr


def test_nothing_is_published_from_damage(registry: Path, tmp_path: Path) -> None:
    """Build refuses a damaged registry in one line that names the first finding."""
    put(MANIFEST, b"{")(registry)
    assert_one_line(
        colophon("build", "--registry", registry, "--site-dir", tmp_path / "site"), 2, f"{MANIFEST}:1"
    )
    assert not (tmp_path / "site").exists()


def large(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(5 * 2**20 + 1)
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def written(body: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(body)
        return path

    return write


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path, "No such file"),
        (folder, "directory"),
        (written(b""), "is empty"),
        (written(b" \n\t\n"), "is empty"),
        (written(b"\x89PNG\r\n\x1a\n\x00\x00"), "is binary"),
        (written(b"caf\xe9 claims extracted"), "is not UTF-8"),
        (written(b"Dear Sir or Madam,\n"), "none of the known report formats"),
        (written(b"<html><h1>Abstract</h1></html>"), "none of the known report formats"),
        (written(b'{"title": "x"}'), "none of the known report formats"),
        (large, "at most 5242880"),
        (pipe, "is a pipe or device"),
        (lambda path: Path("/dev/zero"), "is a pipe or device"),
        (lambda path: Path("/dev/null"), "is a pipe or device"),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_read_is_one_line(
    tmp_path: Path, make: Callable[[Path], Path], words: str
) -> None:
    """Each unreadable report is refused with exit code 2, and neither it nor a good one beside it is
    written.
    """
    done = colophon("ingest", REPORT, make(tmp_path / "report.txt"), "--registry", tmp_path / "registry")
    assert_one_line(done, 2, words)
    assert not (tmp_path / "registry").exists()
