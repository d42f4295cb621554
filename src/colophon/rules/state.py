"""The correction state of a record, computed from its history and never set by hand."""

from collections.abc import Sequence

from colophon.index import EventFacts
from colophon.model import Judgement

_STATES = {
    "RETRACTION": "RETRACTED",
    "WITHDRAWAL": "WITHDRAWN",
    "SUPERSESSION": "SUPERSEDED",
    "DISPUTE": "DISPUTED",
    "EXPRESSION_OF_CONCERN": "DISPUTED",
}
_STRONGEST_FIRST = ("RETRACTED", "WITHDRAWN", "SUPERSEDED", "DISPUTED", "CORRECTED")
_ENDED = ("RETRACTED", "WITHDRAWN")
# A reinstatement with this reason says that what was said against the paper is answered, too.
_RESOLVED = "dispute-resolved"


def correction_state(history: Sequence[EventFacts]) -> Judgement:
    """Return the state after all steps of a history, in their order.

    Of several states the strongest is given: RETRACTED, WITHDRAWN, SUPERSEDED, DISPUTED, CORRECTED,
    and CURRENT without any.  An event that was not applied leads to none.
    """
    standing: dict[int, tuple[str, str]] = {}
    reinstated = 0
    for step in history:
        if step.type == "REINSTATEMENT" and step.effective:
            reinstated = step.number
            ended = (*_ENDED, "DISPUTED") if step.reason == _RESOLVED else _ENDED
            # While it waited, it counted as a dispute itself.
            standing.pop(step.number, None)
            standing = {number: item for number, item in standing.items() if item[0] not in ended}
        elif step.outcome != "not applied":
            standing[step.number] = _effect(step)
        else:
            standing.pop(step.number, None)
    for state in _STRONGEST_FIRST:
        reasons = tuple(reason for value, reason in standing.values() if value == state)
        if reasons:
            return Judgement(state, reasons)
    reason = f"event {reinstated}, REINSTATEMENT, is the last word" if reinstated else "no correction event"
    return Judgement("CURRENT", (reason,))


def _effect(step: EventFacts) -> tuple[str, str]:
    """Return the state that one step asks for, and why."""
    if step.outcome == "waits":
        reason = f"event {step.number}, {step.type}, is not confirmed by a review"
        return "DISPUTED", f"{reason}, so it counts as a dispute"
    confirmed = ", confirmed by a review" if step.review else ""
    return _STATES.get(step.type, "CORRECTED"), f"event {step.number} is {step.type}{confirmed}"
