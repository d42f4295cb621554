"""One document: each way to be wrong has a code, and a wrong one gives no data."""

import json
from pathlib import Path

import pytest

from colophon import canon, documents
from colophon.store import Entry, WorkTree

EXAMPLE = next((Path(__file__).parents[1] / "contracts/paper-manifest/v1.1/valid").glob("*.json"))
MANIFESTS = ("paper-manifest-v1", "paper-manifest-v1.1")
GOOD = EXAMPLE.read_bytes()
EVENT = (
    b"contract_version: correction-event-v1\npaper: 0fab0fab-6512-8cf2-a3ff-b23503fb94bf\ntype: DISPUTE\n"
    b"reason: other\n"
    b"date: 2026-05-01\nreporter:\n  name: 12\n  kind: person\nnote: yes\n"
)


def read(tmp_path: Path, raw: bytes) -> documents.Document:
    (tmp_path / "m.json").write_bytes(raw)
    tree = WorkTree(str(tmp_path))
    return documents.read_json(tree, "m.json", tree.entries("")[0], MANIFESTS, "r", "fast")


def read_yaml(tmp_path: Path, raw: bytes) -> documents.Document:
    (tmp_path / "e.yaml").write_bytes(raw)
    tree = WorkTree(str(tmp_path))
    return documents.read_yaml(tree, "e.yaml", tree.entries("")[0], "correction-event-v1", "r")


def stored(**changes: object) -> bytes:
    return canon.dumps({**json.loads(GOOD), **changes})


def test_a_good_document_has_data_and_bytes(tmp_path: Path) -> None:
    """What is valid and in stored form is given as it is."""
    document = read(tmp_path, canon.dumps(json.loads(GOOD)))
    assert document.findings == ()
    assert document.data == json.loads(GOOD)
    assert document.raw == canon.dumps(json.loads(GOOD))


@pytest.mark.parametrize(
    ("raw", "code", "line", "pointer"),
    [
        (b"{", "S101", 1, ""),
        (b"[\n]\n", "S110", 1, ""),
        (stored(contract_version="paper-manifest-v9"), "S109", 2, "/contract_version"),
        (stored(contract_version=7), "S109", 2, "/contract_version"),
        (b"{\n}\n", "S109", 1, ""),
        (stored(kind=7), "S110", 0, "/kind"),
        (GOOD.replace(b"\n", b"\n\n", 1), "S111", 2, ""),
    ],
)
def test_each_fault_has_its_code_and_place(
    tmp_path: Path, raw: bytes, code: str, line: int, pointer: str
) -> None:
    """Reading, contract, schema and stored form are judged in this order, and only the first that
    fails speaks.
    """
    document = read(tmp_path, raw)
    assert document.data is None
    (finding,) = document.findings
    assert (finding.path, finding.code, finding.pointer, finding.record) == ("m.json", code, pointer, "r")
    assert finding.line == line or (line == 0 and finding.line > 1)


def test_the_stored_form_names_the_line_and_what_is_expected(tmp_path: Path) -> None:
    """The first line that differs is shown as it should be, also when the file only ends too early or
    too late.
    """
    good = canon.dumps(json.loads(GOOD))
    last = good.count(b"\n")
    (short,) = read(tmp_path, good[:-1]).findings
    assert (short.code, "end of file" in short.message or short.line >= last) == ("S111", True)
    (long,) = read(tmp_path, good + b"\n").findings
    assert long.code == "S111"
    assert long.line > last


def test_a_wrong_field_names_the_nearest(tmp_path: Path) -> None:
    """An unknown field or contract is answered with the one that was probably meant."""
    (finding,) = read(tmp_path, stored(contract_version="paper-manifset-v1.1")).findings
    assert "did you mean paper-manifest-v1.1?" in finding.message


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry("m.json", "other", 0), "S108"),
        (Entry("m.json", "folder", 0), "S108"),
        (Entry("m.json", "file", 10**9), "S107"),
    ],
)
def test_what_is_no_plain_file_is_never_opened(entry: Entry, code: str) -> None:
    """Links, pipes, folders and oversized files are refused by their entry alone."""

    class Closed:
        def entries(self, folder: str) -> tuple[Entry, ...]:
            raise AssertionError

        def read(self, path: str) -> bytes:
            raise AssertionError

    for document in (
        documents.read_json(Closed(), "m.json", entry, MANIFESTS, "", "fast"),
        documents.read_yaml(Closed(), "m.json", entry, "registry-v1"),
    ):
        assert document.data is None
        assert [finding.code for finding in document.findings] == [code]


def test_yaml_scalars_have_the_type_of_their_place(tmp_path: Path) -> None:
    """A name written as 12 and a note written as yes are text, because the contract asks for text."""
    document = read_yaml(tmp_path, EVENT)
    assert document.findings == ()
    assert document.data is not None
    assert (document.data["reporter"]["name"], document.data["note"]) == ("12", "yes")


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "pointer"),
    [
        (b"correction-event-v1", b"correction-event-v7", "S109", 1, "/contract_version"),
        (b"DISPUTE", b"PRAISE", "S110", 3, "/type"),
        (b"2026-05-01", b"tomorrow", "S110", 5, "/date"),
        (b"kind: person", b"kind: dog", "S110", 8, "/reporter/kind"),
        (b"note: yes", b"note: &a yes", "S116", 9, "/note"),
        (b"note: yes", b"note: yes\nnote: no", "S102", 10, "/note"),
    ],
)
def test_yaml_faults_have_lines(
    tmp_path: Path, old: bytes, new: bytes, code: str, line: int, pointer: str
) -> None:
    """Findings in people's files name the line they wrote."""
    findings = read_yaml(tmp_path, EVENT.replace(old, new)).findings
    assert {(f.code, f.line, f.pointer) for f in findings} == {(code, line, pointer)}
