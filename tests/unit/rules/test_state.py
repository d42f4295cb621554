"""The correction state follows from the events alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.index import EventFacts
from colophon.rules.state import correction_state

NEEDS_REVIEW = {"RETRACTION", "WITHDRAWAL", "SUPERSESSION", "REINSTATEMENT"}
TYPES = (
    "METADATA", "ARTIFACT", "CLAIM", "BENCHMARK", "PROVENANCE", "QUALITY_ASSESSMENT", "SUPERSESSION",
    "RETRACTION", "WITHDRAWAL", "EXPRESSION_OF_CONCERN", "REINSTATEMENT", "DISPUTE", "REMOVAL",
)  # fmt: skip
STATES = {"CURRENT", "CORRECTED", "DISPUTED", "SUPERSEDED", "WITHDRAWN", "RETRACTED"}


def history(events: list[tuple[str, bool]], reason: str | None = None) -> list[EventFacts]:
    """Return the steps of a history, pairs of type and effective: what needs a review has one, or waits."""
    steps = []
    for number, (kind, effective) in enumerate(events, 1):
        outcome = "notice" if kind not in NEEDS_REVIEW else "confirmed" if effective else "waits"
        review = "2026-07-03-000000000000" if outcome == "confirmed" else ""
        steps.append(
            EventFacts(number, f"2026-07-02-{number:012x}", "slug", number + 1, kind, reason,
                       "2026-07-02T00:00:00Z", "Ada Example", "person", "Note.", outcome, None, review)
        )  # fmt: skip
    return steps


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
    assert correction_state(history(events)).value == expected


@given(st.lists(st.tuples(st.sampled_from(TYPES), st.booleans()), max_size=12))
def test_every_history_has_one_state_with_reasons(events: list[tuple[str, bool]]) -> None:
    """Any history gives one of the six states, and says why."""
    judgement = correction_state(history(events))
    assert judgement.value in STATES
    assert judgement.reasons


@given(st.lists(st.tuples(st.sampled_from(TYPES), st.just(False)), max_size=12))
def test_strangers_never_withdraw(events: list[tuple[str, bool]]) -> None:
    """Events that are not effective never supersede, withdraw or retract a record."""
    assert correction_state(history(events)).value in {"CURRENT", "CORRECTED", "DISPUTED"}


def test_a_resolved_dispute_ends_with_its_reinstatement() -> None:
    """A reinstatement ends a retraction; only with the reason that says so it ends disputes, too."""
    events = [("DISPUTE", True), ("REINSTATEMENT", True)]
    assert correction_state(history(events, "error-in-notice")).value == "DISPUTED"
    assert correction_state(history(events, "dispute-resolved")).value == "CURRENT"


def test_an_event_that_was_not_applied_leads_to_no_state() -> None:
    """What changed nothing corrects nothing."""
    step = replace(history([("METADATA", True)])[0], outcome="not applied")
    assert correction_state([step]).value == "CURRENT"
