"""The vocabulary of event types and reasons."""

import pytest

from colophon import reasons, schema
from colophon.contracts.correction_event import NEEDS_REVIEW, OPINIONS, REVISION, TRANSCRIPTION

TYPES = schema.load("correction-event-v1")["properties"]["type"]["enum"]


def test_types_are_those_of_the_contract_of_events() -> None:
    """Each type that can be filed is described, and no other."""
    assert [entry.name for entry in reasons.vocabulary().types] == TYPES
    assert [reasons.of_type(name).name for name in TYPES] == TYPES


def test_what_needs_a_review_is_said_once() -> None:
    """The vocabulary says what the program does."""
    assert {entry.name for entry in reasons.vocabulary().types if entry.needs_review} == NEEDS_REVIEW
    assert {entry.name for entry in reasons.vocabulary().types if entry.is_notice} >= NEEDS_REVIEW | OPINIONS


@pytest.mark.parametrize("name", TYPES)
def test_every_type_has_a_reason(name: str) -> None:
    """Whatever is filed, there is a code for it, with the last resort last."""
    found = [reason.name for reason in reasons.for_type(name)]
    assert len(set(found)) == len(found) >= 2
    assert found[-1] == "other"


def test_only_changes_touch_what_the_publisher_said() -> None:
    """The two reasons that allow it are for no notice."""
    for code in (TRANSCRIPTION, REVISION):
        of = {name for name in TYPES if code in [reason.name for reason in reasons.for_type(name)]}
        assert of == {entry.name for entry in reasons.vocabulary().types if not entry.is_notice}


def test_a_code_has_a_label_and_an_unknown_one_stands_for_itself() -> None:
    """A record with a code of another vocabulary can still be shown."""
    assert reasons.label("counts-disagree") == "Counts disagree"
    assert (reasons.label("unheard-of"), reasons.label(None)) == ("unheard-of", "")
    with pytest.raises(KeyError):
        reasons.of_type("GOSSIP")
