"""What is wrong with a type or a reason is told in full, with the line to write."""

import pytest

from colophon import documents
from colophon.model import Finding
from colophon.store import Entry, OverlayTree, WorkTree

HEAD = "contract_version: correction-event-v1\npaper: 11111111-1111-4111-8111-111111111111\n"
TAIL = "date: 2026-11-25\nreporter: Ada Example\n"
ANY = ("correction", "Corrections", "CORRIGENDUM", "Erratum", "errata", "fix", "error", "typo", "update")


def found(text: str, contract: str = "correction-event-v1") -> tuple[Finding, ...]:
    """Return the findings of a file."""
    tree = OverlayTree(WorkTree("/nonexistent"), (("x.yaml", text.encode()),))
    return documents.read_yaml(tree, "x.yaml", Entry("x.yaml", "file", len(text)), contract).findings


def mended(text: str, finding: Finding) -> str:
    """Return the file with the finding's patch."""
    patch = finding.patch
    assert patch is not None
    lines = text.split("\n")
    lines[patch.first - 1 : patch.last] = [patch.text]
    return "\n".join(lines)


@pytest.mark.parametrize("word", ANY)
@pytest.mark.parametrize(
    ("changes", "meant"),
    [
        ("", "DISPUTE"),
        ("proposed:\n  pointer: /title\n  old: A\n  new: B\n", "DISPUTE"),
        ("changes:\n  pointer: /claims/2/text\n  old: A\n  new: B\n", "DISPUTE"),
        ("changes:\n  pointer: /claims/2/struck\n  new: true\n", "CLAIM"),
        ("changes:\n  pointer: /license\n  old:\n  new: MIT\n", "METADATA"),
        ("changes:\n  document: provenance\n  pointer: /model\n  old: A\n  new: B\n", "PROVENANCE"),
        ("changes:\n  - words\n  - pointer: none\n", "DISPUTE"),
    ],
)
def test_a_word_for_any_correction_leads_to_the_type_that_fits(word: str, changes: str, meant: str) -> None:
    """The field decides; the types stand there with what they mean, and no word means a retraction."""
    text = f"{HEAD}type: {word}\nreason: other\n{TAIL}note: It is not so.\n{changes}"
    finding = next(one for one in found(text) if one.pointer == "/type")
    assert (finding.code, finding.line) == ("S110", 3)
    assert f"did you mean {meant}?" in finding.message
    assert "RETRACTION: The publisher takes the paper back as unsound" in finding.message
    assert f"\ntype: {meant}\n" in mended(text, finding)


@pytest.mark.parametrize(("word", "meant"), [("disput", "DISPUTE"), ("retracted", "RETRACTION"), ("no", "")])
def test_a_slip_of_the_pen_is_named(word: str, meant: str) -> None:
    """The nearest type alone; all of them only where none is near."""
    finding = found(f"{HEAD}type: {word}\nreason: other\n{TAIL}note: It is not so.\n")[0]
    assert ("did you mean" in finding.message, finding.patch is not None) == (bool(meant), bool(meant))
    assert ("METADATA" in finding.message) == (not meant)
    assert meant in finding.message


@pytest.mark.parametrize("reason", ["", "reason:\n", "reason: null\n"])
@pytest.mark.parametrize(
    ("kind", "note", "meant"),
    [
        ("dispute", "It is not so.", "other"),
        ("dispute", "In row 3 the unit is wrong.", "wrong-unit"),
        ("retraction", "It infringes the rights of others.", "rights"),
        ("reinstatement", "Publisher has asked for it.", "publisher-request"),
    ],
)
def test_a_missing_reason_is_one_of_its_type(reason: str, kind: str, note: str, meant: str) -> None:
    """All that fit the type are named, and the one that the note speaks of; its line makes the file valid."""
    text = f"{HEAD}type: {kind}\n{TAIL}{reason}note: {note}\n"
    (finding,) = found(text)
    assert finding.code == "S110"
    assert ("counts-disagree" in finding.message) == (kind != "reinstatement")
    assert ", other" in finding.message
    assert f"reason: {meant}\n" in mended(text, finding)
    assert found(mended(text, finding)) == ()


def test_a_type_that_is_missing_is_asked_for() -> None:
    """With what there is to choose from."""
    (finding,) = found(f"{HEAD}{TAIL}note: It is not so.\n")
    assert '"type" is missing; the types are METADATA: ' in finding.message


@pytest.mark.parametrize(
    ("lines", "after"),
    [
        ("see table 2: 21 rows\n", "evidence: https://a.example\n"),
        ("and: so on\nsee page 4: 21\n\n", "# Seen there.\nevidence: https://a.example\n"),
        ("see table 2: 21 rows\n", ""),
    ],
)
def test_a_line_with_a_colon_may_belong_to_the_note(lines: str, after: str) -> None:
    """YAML takes it for a key; it is shown below the note, and that file is valid."""
    text = f"{HEAD}type: dispute\nreason: other\n{TAIL}note: It is not so.\n{lines}{after}"
    (finding,) = found(text)
    assert (finding.code, finding.line) == ("S110", 8)
    assert "indent it" in finding.message
    assert found(mended(text, finding)) == ()
    assert "note: |\n  It is not so.\n  " in mended(text, finding)


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}type: dispute\nreason: other\n{TAIL}note: It is not so.\nevidense: https://a.example\n",
        f"{HEAD}type: dispute\nseverity: high\nreason: other\n{TAIL}note: It is not so.\n",
        f"{{{', '.join((HEAD + TAIL).split(chr(10)))} type: dispute, reason: other, note: x, y z: 1}}\n",
    ],
)
def test_another_key_is_no_line_of_the_note(text: str) -> None:
    """One that is misspelt, or stands elsewhere, is named; what stands in braces is not rewritten."""
    assert [(one.code, one.patch) for one in found(text)] == [("S110", None)]


def test_a_declined_correction_is_told_alike() -> None:
    """Its lines are indented, and so is the one to write; what stands in braces is not rewritten."""
    start = "contract_version: refusal-v1\ncorrection:\n  contract_version: correction-event-v1\n"
    text = f"{start}  type: erratum\n  reason: other\n"
    patches = [one.patch for one in found(text, "refusal-v1") if one.pointer == "/correction/type"]
    assert [patch.text for patch in patches if patch is not None] == ["  type: DISPUTE"]
    flow = (
        f"{{contract_version: correction-event-v1, type: erratum, {TAIL.replace(chr(10), ', ')} note: x}}\n"
    )
    assert [one.patch for one in found(flow) if one.pointer == "/type"] == [None]
