"""The correction state follows from the events alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.rules.state import correction_state

TYPES = (
    "METADATA", "ARTIFACT", "CLAIM", "BENCHMARK", "PROVENANCE", "QUALITY_ASSESSMENT", "SUPERSESSION",
    "RETRACTION", "WITHDRAWAL", "EXPRESSION_OF_CONCERN", "REINSTATEMENT", "DISPUTE", "REMOVAL",
)  # fmt: skip
STATES = {"CURRENT", "CORRECTED", "DISPUTED", "SUPERSEDED", "WITHDRAWN", "RETRACTED"}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], "CURRENT"),
        ([("METADATA", True)], "CORRECTED"),
        ([("METADATA", False)], "CORRECTED"),
        ([("REMOVAL", True)], "CORRECTED"),
        ([("DISPUTE", False)], "DISPUTED"),
        ([("EXPRESSION_OF_CONCERN", True), ("CLAIM", True)], "DISPUTED"),
        ([("SUPERSESSION", True)], "SUPERSEDED"),
        ([("WITHDRAWAL", True)], "WITHDRAWN"),
        ([("RETRACTION", True)], "RETRACTED"),
        ([("RETRACTION", True), ("WITHDRAWAL", True)], "RETRACTED"),
        ([("WITHDRAWAL", True), ("SUPERSESSION", True)], "WITHDRAWN"),
        ([("RETRACTION", False)], "DISPUTED"),
        ([("WITHDRAWAL", False)], "DISPUTED"),
        ([("SUPERSESSION", False)], "DISPUTED"),
        ([("RETRACTION", True), ("REINSTATEMENT", True)], "CURRENT"),
        ([("WITHDRAWAL", True), ("METADATA", True), ("REINSTATEMENT", True)], "CORRECTED"),
        ([("RETRACTION", True), ("REINSTATEMENT", False)], "RETRACTED"),
        ([("REINSTATEMENT", False)], "DISPUTED"),
        ([("REINSTATEMENT", True), ("RETRACTION", True)], "RETRACTED"),
        ([("SUPERSESSION", True), ("REINSTATEMENT", True)], "SUPERSEDED"),
        ([("DISPUTE", True), ("RETRACTION", True), ("REINSTATEMENT", True)], "DISPUTED"),
    ],
)
def test_state(events: list[tuple[str, bool]], expected: str) -> None:
    """The strongest state that still stands is given; a stranger's retraction is only a dispute."""
    assert correction_state(events).value == expected


@given(st.lists(st.tuples(st.sampled_from(TYPES), st.booleans()), max_size=12))
def test_every_history_has_one_state_with_reasons(events: list[tuple[str, bool]]) -> None:
    """Any history gives one of the six states, and says why."""
    judgement = correction_state(events)
    assert judgement.value in STATES
    assert judgement.reasons


@given(st.lists(st.tuples(st.sampled_from(TYPES), st.just(False)), max_size=12))
def test_strangers_never_withdraw(events: list[tuple[str, bool]]) -> None:
    """Events that are not effective never supersede, withdraw or retract a record."""
    assert correction_state(events).value in {"CURRENT", "CORRECTED", "DISPUTED"}
