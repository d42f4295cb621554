"""Corrections and registry.yaml are typed by people: text in, contract out."""

import re

from colophon import contracts, schema, yaml_guard
from colophon.contracts.correction_event import Change, Event

from .contract_examples import SCHEMAS, fast_errors

CONTRACT = "correction-event-v1"
WRITTEN = b"""
contract_version: correction-event-v1
paper: 11111111-1111-4111-8111-111111111111
type: METADATA
date: 2026-07-02
reporter: {name: Ada Example, orcid: , kind: person}
note: |
  010 is text, and so is no.
changes:
  - document: manifest
    pointer: /stated/claims_extracted
    old: 28
    new: null
  - {document: provenance, pointer: /notes/1, new: yes}
"""


def read(raw: bytes) -> Event:
    """Return the event of a YAML file."""
    tree = schema.typed(CONTRACT, yaml_guard.read(raw).value)
    assert fast_errors(CONTRACT, tree) == []
    event = contracts.read(tree)
    assert isinstance(event, Event)
    return event


def test_nobody_needs_to_know_yaml_quoting() -> None:
    """A bare date, number or yes stays the text that was typed; an empty optional key is no error."""
    event = read(WRITTEN)
    assert event.date == "2026-07-02"
    assert event.reporter.orcid is None
    assert [change.old for change in event.changes] == ["28", None]
    assert [change.new for change in event.changes] == [None, "yes"]


def test_an_absent_old_is_not_the_same_as_null() -> None:
    """Absent adds a key or item; null says that the current value is null."""
    assert [change.adds for change in read(WRITTEN).changes] == [False, True]
    assert not Change(document="manifest", pointer="/license", old=None, new="CC0").adds


def test_a_plain_day_is_its_first_second() -> None:
    """Events sort by text, whether they name a day or a time."""
    plain = read(WRITTEN)
    timed = plain.model_copy(update={"date": "2026-07-02T00:00:01Z"})
    assert plain.instant == "2026-07-02T00:00:00Z" < timed.instant


def test_the_example_of_the_documentation_is_valid() -> None:
    """What the page on corrections shows can be copied and filed."""
    page = (SCHEMAS.parent / "docs" / "corrections.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert blocks
    for block in blocks:
        read(block.encode())


def test_a_registry_file_gets_its_one_boolean() -> None:
    """`append_only: true` in YAML is the boolean that the contract asks for."""
    raw = b"""
contract_version: registry-v1
name: Example registry
description: Syntheses of Example Press.
id_prefix: DEMO
site_url:
repository_url: https://forge.example/press/registry
maintainers:
  - name: Ada Example
opened: 2026-06-01
append_only: true
"""
    tree = schema.typed("registry-v1", yaml_guard.read(raw).value)
    assert fast_errors("registry-v1", tree) == []
    assert contracts.read(tree).model_dump()["append_only"] is True


def test_the_types_are_the_thirteen() -> None:
    """The computed history knows exactly the types that may be filed."""
    filed = schema.load(CONTRACT)["properties"]["type"]["enum"]
    shown = schema.load("correction-record-v1")["$defs"]["event"]["properties"]["type"]["enum"]
    assert len(filed) == len(set(filed)) == 13
    assert filed == shown


def test_the_states_agree_wherever_they_stand() -> None:
    """One spelling of the states: the summary and the history allow the same."""
    history = schema.load("correction-record-v1")["properties"]["correction_state"]["enum"]
    assert schema.load("record-summary-v1")["properties"]["correction_state"]["enum"] == history
