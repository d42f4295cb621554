"""Event files as people write them first: each one, without any quoting, is the event that was meant."""

from pathlib import Path
from typing import Any

import pytest

from colophon import contracts, documents, yaml_guard
from colophon.contracts.correction_event import Event
from colophon.store import WorkTree

FOLDER = Path(__file__).parent / "spellings"
CONTRACT = "correction-event-v1"
USUAL: dict[str, Any] = {
    "contract_version": CONTRACT,
    "paper": "11111111-1111-4111-8111-111111111111",
    "type": "DISPUTE",
    "reason": "counts-disagree",
    "date": "2026-11-25",
    "reporter": {"name": "Ada Example", "orcid": None, "kind": "person"},
    "note": "The report lists 21 claims.",
    "evidence": (),
    "proposed": (),
    "changes": (),
    "successor": None,
    "removal": None,
}


def change(old: str, new: str, pointer: str = "/claims/3/text") -> tuple[dict[str, str], ...]:
    """Return one change of the manifest as it is read."""
    return ({"document": "manifest", "pointer": pointer, "old": old, "new": new},)


# What each file says that is not the usual.
SPELLINGS: dict[str, dict[str, Any]] = {
    "numbers": {
        "type": "CLAIM", "reason": None, "changes": change("28", "21", "/stated/claims_extracted")
    },
    "yes-and-no": {"proposed": change("yes", "no")},
    "a-number-as-printed": {"proposed": change("1.1", "1.10")},
    "hexadecimal": {"proposed": change("0x1E", "0x1F")},
    "percent-signs": {"note": "% of what? 45% of 3 is not 60 %", "proposed": change("60%", "%45")},
    "colons": {
        "note": "Table 2: the score is 45: it says so: twice", "proposed": change("Aim: x", "Aim: y: z")
    },
    "one-address": {"evidence": ("https://arxiv.org/abs/2507.13374",)},
    "lower-case-type": {},
    "type-in-words": {"type": "EXPRESSION_OF_CONCERN"},
    "orcid-as-address": {
        "reporter": {"name": "Ada Example", "orcid": "0000-0002-1825-009X", "kind": "person"}
    },
    "reporter-by-name": {},
    "date-with-time": {"date": "2026-11-25T09:30:00Z"},
    "folded-note": {"note": "The report lists 21 claims: see below.\nIt says: 28.\n"},
    "line-ends-of-windows": {"note": "The report lists 21 claims: see below.\nIt says: 28.\n"},
    "trailing-spaces": {},
    "comments-and-blank-lines": {"note": "The report lists 21 claims.\n# This line is text.\n"},
    "tabs-behind-values": {},
    "quotes-of-all-kinds": {
        "note": "“Counts” and «Zahlen» disagree — “28” isn’t 21",
        "proposed": change('"28" claims', "'21' claims, \"not\" 28"),
    },
    "emoji": {
        "note": "🙂 counts differ 🔥", "reporter": {"name": "🦊 Renard", "orcid": None, "kind": "person"}
    },
    "apostrophe-first": {
        # Quotes around a whole value are YAML's, and go.
        "note": "'tis 21: it's not 28", "proposed": change("28 claims", "'21 claims")
    },
    "hash-in-a-title": {"proposed": change("A study of C++", "A study of C#: F#, too", "/title")},
    "brackets-and-marks": {
        "note": "[sic] is theirs, *not* mine", "proposed": change("@handle & others", "*Homo sapiens* [!]")
    },
    "list-with-margin-dashes": {
        "type": "METADATA", "reason": None, "note": "`code` is meant",
        "evidence": ("https://a.example/1", "https://a.example/2"),
        "changes": change(">5", "- not a list", "/title"),
    },
}  # fmt: skip


def test_every_spelling_is_expected() -> None:
    """The list below and the folder name the same files."""
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(SPELLINGS)


@pytest.mark.parametrize("name", sorted(SPELLINGS))
def test_what_a_person_writes_first_is_understood(name: str) -> None:
    """Read, validated and typed, the file is the event that its writer meant."""
    tree = WorkTree(str(FOLDER))
    (entry,) = [entry for entry in tree.entries("") if entry.name == f"{name}.yaml"]
    document = documents.read_yaml(tree, entry.name, entry, CONTRACT)
    assert document.findings == ()
    event = contracts.read(document.data)
    assert isinstance(event, Event)
    assert event.model_dump() == USUAL | SPELLINGS[name]


@pytest.mark.parametrize("name", sorted(SPELLINGS))
def test_every_value_knows_its_line(name: str) -> None:
    """A finding about any of these files can point at the line as it was written."""
    raw = (FOLDER / f"{name}.yaml").read_bytes()
    reading = yaml_guard.read(raw)
    lines = raw.decode().split("\n")
    for key in reading.value:
        assert lines[reading.lines[f"/{key}"] - 1].startswith(f"{key}:")
