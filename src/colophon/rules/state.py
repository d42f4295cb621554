"""The correction state of a record, computed from its history and never set by hand."""

from collections.abc import Iterable
from dataclasses import dataclass

from colophon import reasons
from colophon.index import EventFacts
from colophon.model import Judgement

_STRONGEST_FIRST = ("RETRACTED", "WITHDRAWN", "SUPERSEDED", "DISPUTED", "CORRECTED")
_ENDED = ("RETRACTED", "WITHDRAWN")
# A reinstatement with this reason says that what was said against the paper is answered, too.
_RESOLVED = "dispute-resolved"


@dataclass(frozen=True, slots=True)
class State:
    """The state of a record at one time, and what it puts before the title, such as ``RETRACTED: ``."""

    value: str
    prefix: str


def correction_state(history: Iterable[EventFacts]) -> Judgement:
    """Return the state after all steps of a history, in their order.

    Of several states the strongest is given: RETRACTED, WITHDRAWN, SUPERSEDED, DISPUTED, CORRECTED,
    and CURRENT without any.  An event that was not applied leads to none.
    """
    return _after(history).judgement()


def title_prefix(history: Iterable[EventFacts]) -> str:
    """Return what stands before the title of a record after its history; mostly empty.

    A retraction that waits for a review makes a record DISPUTED and puts nothing before its title.
    """
    return _after(history).state.prefix


def states(history: Iterable[EventFacts]) -> list[State]:
    """Return the states after the first 0, 1, 2 ... steps of a history, so of its versions 1, 2, 3 ...

    One pass over the history gives all of them.
    """
    so_far = _SoFar()
    found = [so_far.state]
    for step in history:
        so_far.take(step)
        found.append(so_far.state)
    return found


def _after(history: Iterable[EventFacts]) -> "_SoFar":
    so_far = _SoFar()
    for step in history:
        so_far.take(step)
    return so_far


class _SoFar:
    """What the steps so far lead to.  A step costs the same whatever came before it."""

    def __init__(self) -> None:
        # What stands, by the number of its event: the state that it asks for, and why.
        self._standing: dict[int, tuple[str, str]] = {}
        # By state the events that ask for it, and of these the ones with a prefix: the newest last.
        self._asking: dict[str, dict[int, None]] = {state: {} for state in _STRONGEST_FIRST}
        self._prefixes: dict[str, dict[int, str]] = {state: {} for state in _STRONGEST_FIRST}
        self._reinstated = 0

    def take(self, step: EventFacts) -> None:
        """Go on by one step."""
        if step.type == "REINSTATEMENT" and step.effective:
            self._reinstated = step.number
            # While it waited, it counted as a dispute itself.
            self._drop(step.number)
            for state in (*_ENDED, "DISPUTED") if step.reason == _RESOLVED else _ENDED:
                for number in list(self._asking[state]):
                    self._drop(number)
        elif step.outcome != "not applied":
            self._stand(step)
        else:
            self._drop(step.number)

    @property
    def state(self) -> State:
        """The strongest state that is asked for, with the newest prefix of the events that ask for it."""
        value = next((state for state in _STRONGEST_FIRST if self._asking[state]), "CURRENT")
        prefixes = self._prefixes.get(value)
        return State(value, next(reversed(prefixes.values())) if prefixes else "")

    def judgement(self) -> Judgement:
        """Return the state with the reason of each event that asks for it."""
        state = self.state.value
        if state != "CURRENT":
            return Judgement(state, tuple(why for value, why in self._standing.values() if value == state))
        last = f"event {self._reinstated}, REINSTATEMENT, is the last word"
        return Judgement(state, (last if self._reinstated else "no correction event",))

    def _stand(self, step: EventFacts) -> None:
        """Let the event of a step stand for what it asks for now; its reason keeps its place."""
        before = self._standing.get(step.number)
        if before is not None:
            self._ask_no_more(before[0], step.number)
        effect = _effect(step)
        self._standing[step.number] = effect
        self._asking[effect[0]][step.number] = None
        prefix = reasons.of_type(step.type).crec_prefix
        if step.effective and prefix is not None:
            self._prefixes[effect[0]][step.number] = prefix

    def _drop(self, number: int) -> None:
        """Let an event lead to no state."""
        before = self._standing.pop(number, None)
        if before is not None:
            self._ask_no_more(before[0], number)

    def _ask_no_more(self, state: str, number: int) -> None:
        del self._asking[state][number]
        self._prefixes[state].pop(number, None)


def _effect(step: EventFacts) -> tuple[str, str]:
    """Return the state that one step asks for, and why."""
    if step.outcome == "waits":
        reason = f"event {step.number}, {step.type}, is not confirmed by a review"
        return "DISPUTED", f"{reason}, so it counts as a dispute"
    confirmed = ", confirmed by a review" if step.review else ""
    return reasons.of_type(step.type).state, f"event {step.number} is {step.type}{confirmed}"
