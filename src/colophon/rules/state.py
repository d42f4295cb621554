"""The correction state of a record, computed from its events and never set by hand."""

from collections.abc import Sequence

from colophon.model import Judgement

# These take effect only when the publisher filed them or a review confirmed them.
_NEEDS_EFFECT = {"RETRACTION", "WITHDRAWAL", "SUPERSESSION", "REINSTATEMENT"}
_STATES = {
    "RETRACTION": "RETRACTED",
    "WITHDRAWAL": "WITHDRAWN",
    "SUPERSESSION": "SUPERSEDED",
    "DISPUTE": "DISPUTED",
    "EXPRESSION_OF_CONCERN": "DISPUTED",
}
_STRONGEST_FIRST = ("RETRACTED", "WITHDRAWN", "SUPERSEDED", "DISPUTED", "CORRECTED")


def correction_state(events: Sequence[tuple[str, bool]]) -> Judgement:
    """Return the state after ``events``, pairs of type and effective, in their order.

    Of several states the strongest is given: RETRACTED, WITHDRAWN, SUPERSEDED, DISPUTED, CORRECTED,
    and CURRENT without any.
    """
    standing: list[tuple[str, str]] = []
    reinstated = 0
    for number, (kind, effective) in enumerate(events, 1):
        if kind == "REINSTATEMENT" and effective:
            reinstated = number
            standing = [item for item in standing if item[0] not in ("RETRACTED", "WITHDRAWN")]
        else:
            standing.append(_effect(number, kind, effective))
    for state in _STRONGEST_FIRST:
        reasons = tuple(reason for value, reason in standing if value == state)
        if reasons:
            return Judgement(state, reasons)
    reason = f"event {reinstated}, REINSTATEMENT, is the last word" if reinstated else "no correction event"
    return Judgement("CURRENT", (reason,))


def _effect(number: int, kind: str, effective: bool) -> tuple[str, str]:
    """Return the state that one event asks for, and why."""
    if kind in _NEEDS_EFFECT and not effective:
        reason = f"event {number}, {kind}, is neither by the publisher nor confirmed by a review"
        return "DISPUTED", f"{reason}, so it counts as a dispute"
    return _STATES.get(kind, "CORRECTED"), f"event {number} is {kind}"
