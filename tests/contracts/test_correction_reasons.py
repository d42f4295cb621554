"""The vocabulary of event types and reasons says what the program does and what others call it."""

from dataclasses import replace
from functools import cache
from typing import cast

import pytest

from colophon import contracts, schema, yaml_guard
from colophon.contracts.correction_event import NEEDS_REVIEW, OPINIONS, REVISION, TRANSCRIPTION
from colophon.contracts.correction_reasons import CorrectionReasons, EventType, Reason
from colophon.index import EventFacts
from colophon.rules.state import correction_state

from .contract_examples import SCHEMAS, fast_errors, slow_errors

CONTRACT = "correction-reasons-v1"
ROOT = SCHEMAS.parent
TYPES: list[str] = schema.load("correction-event-v1")["properties"]["type"]["enum"]
CORRECTING = TYPES[:6]
ASKED_FOR = {
    "transcription", "publisher-revision", "counts-disagree", "wrong-value", "wrong-unit", "wrong-source",
    "off-topic", "borrowed-text", "cut-text", "unsupported-claim", "unreproducible", "flawed-method",
    "fabricated-reference", "duplicate", "ethics", "rights", "privacy", "court-order", "publisher-request",
    "newer-version", "error-in-notice", "dispute-resolved", "under-investigation", "other",
}  # fmt: skip
STEP = EventFacts(
    number=1, id="2026-07-02-0123456789ab", slug="a-word", version=2, type="", reason=None, date="2026-07-02",
    reporter="Ada Example", kind="person", note="", outcome="notice",
)  # fmt: skip


@cache
def vocabulary() -> CorrectionReasons:
    """Return the released vocabulary, read as any registry's is."""
    reading = yaml_guard.read((ROOT / "vocabularies" / f"{CONTRACT}.yaml").read_bytes())
    assert reading.faults == ()
    document = schema.typed(CONTRACT, reading.value)
    assert slow_errors(CONTRACT, document) == fast_errors(CONTRACT, document) == []
    return cast(CorrectionReasons, contracts.read(document))


def entries() -> list[EventType | Reason]:
    """Return everything that has a wording."""
    return [*vocabulary().types, *vocabulary().reasons]


def reasons_of(kind: str) -> set[str]:
    """Return the codes that an event of one type may give."""
    return {reason.name for reason in vocabulary().reasons if kind in reason.types}


@pytest.mark.parametrize("folder", ["registry", "tests/registry"])
def test_every_registry_here_has_it_byte_for_byte(folder: str) -> None:
    """The registries in this repository hold the released bytes."""
    released = (ROOT / "vocabularies" / f"{CONTRACT}.yaml").read_bytes()
    assert (ROOT / folder / "vocabularies" / f"{CONTRACT}.yaml").read_bytes() == released


def test_every_type_stands_there_once_in_the_order_of_the_event() -> None:
    """No type that may be filed is without its words, and the two contracts list them alike."""
    assert [entry.name for entry in vocabulary().types] == TYPES
    assert schema.load(CONTRACT)["$defs"]["event_type"]["enum"] == TYPES
    declined = schema.load("refusal-v1")["properties"]["correction"]["properties"]["type"]["enum"]
    assert declined == TYPES


def test_notices_are_the_types_that_change_no_field() -> None:
    """Six types correct a field; the others are notices."""
    assert [entry.name for entry in vocabulary().types if not entry.is_notice] == CORRECTING
    assert {entry.name for entry in vocabulary().types if entry.is_notice} >= OPINIONS


def test_what_needs_a_review_is_what_the_program_asks_one_for() -> None:
    """The vocabulary promises no other effect than the fold gives."""
    assert {entry.name for entry in vocabulary().types if entry.needs_review} == NEEDS_REVIEW


@pytest.mark.parametrize("entry", vocabulary().types, ids=lambda entry: entry.name)
def test_a_type_leads_to_the_state_that_it_names(entry: EventType) -> None:
    """A record whose only effective event is of this type has the state of the vocabulary."""
    assert correction_state((replace(STEP, type=entry.name),)).value == entry.state


def test_the_states_are_those_of_the_history() -> None:
    """One spelling of the states."""
    states = schema.load(CONTRACT)["$defs"]["type"]["properties"]["state"]["enum"]
    assert states == schema.load("correction-record-v1")["properties"]["correction_state"]["enum"]


def test_the_names_elsewhere() -> None:
    """Crossref has no type for a dispute or a reinstatement; DataCite's Other always says what it is."""
    types = {entry.name: entry for entry in vocabulary().types}
    assert {name for name, entry in types.items() if entry.crossref is None} == {"DISPUTE", "REINSTATEMENT"}
    assert all((e.datacite == "Other") == (e.datacite_information is not None) for e in types.values())
    prefixes = {name: entry.crec_prefix for name, entry in types.items() if entry.crec_prefix}
    assert prefixes == {
        "RETRACTION": "RETRACTED: ",
        "WITHDRAWAL": "WITHDRAWN: ",
        "EXPRESSION_OF_CONCERN": "EXPRESSION OF CONCERN: ",
        "REMOVAL": "REMOVED: ",
    }


def test_every_reason_that_was_asked_for_is_there_once() -> None:
    """No code stands there twice, and no two are called the same."""
    names = [reason.name for reason in vocabulary().reasons]
    assert len(names) == len(set(names))
    assert set(names) >= ASKED_FOR
    labels = [entry.label for entry in entries()]
    assert len(labels) == len(set(labels))


def test_every_type_can_give_a_reason() -> None:
    """Whatever is filed, one code fits, if only `other`."""
    for kind in TYPES:
        assert "other" in reasons_of(kind)
        assert len(reasons_of(kind)) >= 2, kind


def test_only_a_correction_of_a_field_may_touch_what_the_publisher_said() -> None:
    """The two codes that open the publisher's words belong to exactly the types that correct a field."""
    for code in (TRANSCRIPTION, REVISION):
        assert [kind for kind in TYPES if code in reasons_of(kind)] == CORRECTING


def test_types_are_listed_in_one_order() -> None:
    """A reader finds the types of each reason in the order of the contract."""
    for reason in vocabulary().reasons:
        assert list(reason.types) == sorted(reason.types, key=TYPES.index), reason.name


def test_every_wording_is_one_sentence() -> None:
    """What people read is a sentence, short enough for a tooltip, and free of the code itself."""
    for entry in entries():
        assert entry.wording.endswith("."), entry.name
        assert ". " not in entry.wording, entry.name
        assert entry.wording[0].isupper(), entry.name
        assert entry.label[0].isupper(), entry.name
        assert len(entry.wording) <= 110, entry.name
