"""The correction state follows from the events alone."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import reasons
from colophon.index import EventFacts
from colophon.rules.state import State, correction_state, states

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


def plainly(steps: Sequence[EventFacts]) -> tuple[State, tuple[int, ...]]:
    """Return the state after some steps, and the events that gave it in the order of their reasons.

    As the rules are written: every step is looked at again, and so is everything that stands.
    """
    standing: dict[int, EventFacts] = {}
    for step in steps:
        if step.outcome == "not applied":
            standing.pop(step.number, None)
        elif step.type == "REINSTATEMENT" and step.effective:
            standing.pop(step.number, None)
            ended = {"RETRACTED", "WITHDRAWN"} | (
                {"DISPUTED"} if step.reason == "dispute-resolved" else set()
            )
            standing = {number: one for number, one in standing.items() if leads_to(one) not in ended}
        else:
            standing[step.number] = step
    for value in ("RETRACTED", "WITHDRAWN", "SUPERSEDED", "DISPUTED", "CORRECTED"):
        giving = {number: one for number, one in standing.items() if leads_to(one) == value}
        if giving:
            newest = sorted(giving.values(), key=lambda one: one.version, reverse=True)
            prefixes = (reasons.of_type(one.type).crec_prefix for one in newest if one.outcome != "waits")
            return State(value, next(filter(None, prefixes), "")), tuple(giving)
    return State("CURRENT", ""), ()


def leads_to(step: EventFacts) -> str:
    """Return what one step asks for."""
    return "DISPUTED" if step.outcome == "waits" else reasons.of_type(step.type).state


@st.composite
def with_reviews(draw: st.DrawFn) -> list[EventFacts]:
    """Any history in which events wait, are confirmed in any order, or turn out not to apply."""
    steps: list[EventFacts] = []
    waiting: list[EventFacts] = []
    plain = history([("METADATA", True)])[0]
    for version in range(2, 2 + draw(st.integers(0, 16))):
        if waiting and draw(st.booleans()):
            event = waiting.pop(draw(st.integers(0, len(waiting) - 1)))
            outcome = draw(st.sampled_from(("confirmed", "confirmed", "not applied")))
            steps.append(replace(event, version=version, outcome=outcome, review="2026-07-03-000000000000"))
            continue
        kind = draw(st.sampled_from(TYPES))
        outcome = "waits" if kind in NEEDS_REVIEW else draw(st.sampled_from(("notice", "not applied")))
        number = 1 + sum(not step.review for step in steps)
        reason = draw(st.sampled_from((None, "dispute-resolved")))
        steps.append(
            replace(plain, number=number, version=version, type=kind, outcome=outcome, reason=reason)
        )
        waiting += [steps[-1]] if outcome == "waits" else []
    return steps


@given(with_reviews())
def test_one_pass_gives_the_state_of_every_version(steps: list[EventFacts]) -> None:
    """State and prefix after each step, and the events that gave them, are those of the steps until then."""
    found = states(steps)
    assert len(found) == len(steps) + 1
    for length, state in enumerate(found):
        expected, numbers = plainly(steps[:length])
        judgement = correction_state(steps[:length])
        assert (state, judgement.value) == (expected, expected.value)
        assert [reason.split(",")[0].split(" is ")[0] for reason in judgement.reasons if numbers] == [
            f"event {number}" for number in numbers
        ]
