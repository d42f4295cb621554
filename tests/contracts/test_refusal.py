"""Refusals are typed by maintainers and keep what was asked for: text in, contract out."""

from colophon import contracts, schema, spelling, yaml_guard
from colophon.contracts.refusal import Refusal

from .contract_examples import fast_errors

CONTRACT = "refusal-v1"
WRITTEN = b"""
contract_version: refusal-v1
paper: 11111111-1111-4111-8111-111111111111
date: 2026-07-03
decided_by: Rae Example
reason: no-evidence
note: The address says nothing about this paper.
url:
correction:
  type: DISPUTE
  reason: counts-disagree
  date: 2026-07-02T10:00:00Z
  reporter: {name: Ada Example, orcid: , kind: person}
  note: It lists 21 claims.
  evidence:
    - https://press.example/1
  pull_request: https://forge.example/press/registry/pulls/7
  proposed:
    - document: manifest
      pointer: /claims/3/text
      old: 28 claims
      new: 21 claims
    - {document: provenance, pointer: /notes/-, new: yes}
"""


def read(raw: bytes) -> Refusal:
    """Return the refusal of a YAML file."""
    tree = schema.typed(CONTRACT, spelling.canonical(CONTRACT, yaml_guard.read(raw).value))
    assert fast_errors(CONTRACT, tree) == []
    refusal = contracts.read(tree)
    assert isinstance(refusal, Refusal)
    return refusal


def test_a_refusal_keeps_what_was_asked_for() -> None:
    """Scalars stay the text that was typed, an empty optional key is none, an absent `old` is not null."""
    refusal = read(WRITTEN)
    assert refusal.url is None
    assert refusal.correction.reporter.orcid is None
    assert refusal.correction.evidence == ("https://press.example/1",)
    assert [change.new for change in refusal.correction.proposed] == ["21 claims", "yes"]
    assert [change.adds for change in refusal.correction.proposed] == [False, True]


def test_little_needs_to_be_known_of_what_was_asked() -> None:
    """Type, reporter and note are enough: what came by word of mouth can be kept too."""
    head = WRITTEN[: WRITTEN.index(b"correction:")]
    body = b"correction: {type: DISPUTE, reporter: {name: Ada Example, kind: person}, note: Wrong.}\n"
    declined = read(head + body).correction
    assert (declined.date, declined.evidence, declined.proposed, declined.changes) == (None, (), (), ())


def test_shared_forms_are_those_of_the_event() -> None:
    """What an event may hold, its refusal may hold in the same form, so that nothing is lost."""
    event, refusal = (schema.load(name) for name in ("correction-event-v1", CONTRACT))
    shared = event["$defs"].keys() & refusal["$defs"].keys()
    assert shared == event["$defs"].keys()
    assert {name: event["$defs"][name] for name in shared} == {
        name: refusal["$defs"][name] for name in shared
    }
    kept = refusal["properties"]["correction"]["properties"].keys()
    assert event["properties"].keys() - kept == {"contract_version", "paper"}


def test_the_codes_are_explained_where_they_are_listed() -> None:
    """Who reads only the contract learns which code fits."""
    reason = schema.load(CONTRACT)["properties"]["reason"]
    for code in reason["enum"]:
        assert code in reason["description"], code
