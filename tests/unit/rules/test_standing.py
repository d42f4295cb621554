"""What a state rests on follows from its reasons, for every history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.rules.standing import giving
from colophon.rules.state import correction_state, title_prefix

from .test_state import TYPES, history

EVENTS = st.lists(st.tuples(st.sampled_from(TYPES), st.booleans()), max_size=8)


@given(EVENTS)
def test_every_state_but_current_has_its_events(events: list[tuple[str, bool]]) -> None:
    """A state that is not CURRENT names at least one event, and names it by its last step."""
    steps = history(events)
    state = correction_state(steps)
    found = giving(steps, state)
    assert state.value == "CURRENT" or found
    assert len(found) == len({step.number for step in found}) <= len(state.reasons)
    assert [step.version for step in found] == sorted(step.version for step in found)


@given(EVENTS)
def test_only_what_took_effect_stands_before_a_title(events: list[tuple[str, bool]]) -> None:
    """RETRACTED and WITHDRAWN stand before the title exactly in that state; nobody's wish puts them there."""
    steps = history(events)
    state = correction_state(steps).value
    prefix = title_prefix(steps)
    for loud in ("RETRACTED", "WITHDRAWN"):
        assert (prefix == f"{loud}: ") == (state == loud)
    assert not prefix or state not in ("CURRENT", "SUPERSEDED")


@pytest.mark.parametrize(
    ("events", "ids", "prefix"),
    [
        ([], [], ""),
        ([("METADATA", True), ("RETRACTION", True), ("DISPUTE", True)], [2], "RETRACTED: "),
        ([("EXPRESSION_OF_CONCERN", True), ("DISPUTE", True)], [1, 2], "EXPRESSION OF CONCERN: "),
        ([("REMOVAL", True), ("METADATA", True)], [1, 2], "REMOVED: "),
        ([("RETRACTION", False)], [1], ""),
        ([("RETRACTION", True), ("REINSTATEMENT", True)], [2], ""),
    ],
)
def test_the_events_of_a_state(events: list[tuple[str, bool]], ids: list[int], prefix: str) -> None:
    """All events that give the state are named, oldest first; others are not."""
    steps = history(events)
    state = correction_state(steps)
    assert [step.number for step in giving(steps, state)] == ids
    assert title_prefix(steps) == prefix
