"""What happened to the papers after they were filed: every event, review of one, and refusal.

An entry never changes: its state is the one after it, whatever was filed later.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from colophon import reasons
from colophon.contracts.correction_event import instant
from colophon.index import EventFacts, RefusalFacts
from colophon.judgement import Judged
from colophon.pages import _words
from colophon.rules.standing import giving
from colophon.rules.state import State, states, title_prefix

DECLINED = "DECLINED"
# Outcomes of a step in the words of a reader, in the order of a filter.
OUTCOMES = {
    "applied": "applied",
    "confirmed": "confirmed by a review",
    "notice": "shown as a notice",
    "proposed": "proposed",
    "waits": "waits for a review",
    "not applied": "not applied",
    "declined": "declined",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a paper.

    ``kind`` is ``event``, ``review`` or ``refusal``; ``type`` that of the event, or DECLINED.  ``by`` is the
    name that was typed; of a review it is empty.  ``asked`` is what a declined correction wanted, ``note``
    then the answer.  ``outcome`` is a key of :data:`OUTCOMES`, ``state`` the state of the paper after it,
    ``prefix`` what that puts before its title.  ``page`` is where it is told in full, below ``papers``.
    """

    paper: str
    kind: str
    id: str
    date: str
    type: str
    reason: str
    by: str
    by_agent: bool
    note: str
    outcome: str
    state: str
    prefix: str
    page: str
    asked: str = ""

    @property
    def type_label(self) -> str:
        """The type in words."""
        return "Correction declined" if self.kind == "refusal" else reasons.of_type(self.type).label

    @property
    def told(self) -> str:
        """What happened, in words, with what came of it where it had no effect."""
        return self.type_label if self.kind == "refusal" else reasons.happened(self.type, self.outcome)

    @property
    def day(self) -> str:
        """The ISO day."""
        return self.date[:10]

    @property
    def heading(self) -> str:
        """What happened, in capitals; nobody reads ``RETRACTION`` alone before a review confirmed it."""
        return reasons.with_outcome(self.type.replace("_", " "), self.outcome)

    @property
    def filer(self) -> str:
        """Who filed or decided it; a typed name proves nobody."""
        if self.kind == "review":
            return "confirmed by a maintainer of this registry"
        if self.kind == "refusal":
            return f"declined by {self.by}"
        agent = ", by a program" if self.by_agent else ""
        return f"filed under the name {self.by}{agent}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a list shows of a paper that something happened to; ``href`` is below ``papers``."""

    state: str
    label: str
    prefix: str
    day: str
    day_text: str
    href: str


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry with the paper that it happened to: its title and standing of today."""

    item: Judged
    title: str
    standing: Standing | None
    entry: Entry


def happened(items: Iterable[Judged]) -> list[Happened]:
    """Return everything that happened to some papers, newest first."""
    found = [one for item in items for one in _happened_to(item)]
    return sorted(found, key=lambda one: (one.entry.date, one.entry.id, one.entry.kind), reverse=True)


def _happened_to(item: Judged) -> Iterator[Happened]:
    """Yield what happened to one paper.  What is told of the paper is the same in all, so it is made once."""
    if item.facts.history or item.facts.refusals:
        title, stands = titled(item), standing(item)
        for entry in entries(item):
            yield Happened(item, title, stands, entry)


def entries(item: Judged) -> Iterator[Entry]:
    """Yield what happened to one paper: its history in order, then its refusals."""
    after = states(item.facts.history)
    for number, step in enumerate(item.facts.history, 1):
        yield _of_step(item.id, after[number], step)
    dates = [step.date for step in item.facts.history]
    for refusal in item.facts.refusals:
        yield _of_refusal(item.id, after[bisect_right(dates, instant(refusal.date))], refusal)


def _of_step(paper: str, after: State, step: EventFacts) -> Entry:
    return Entry(
        paper=paper,
        kind="review" if step.review else "event",
        id=step.review or step.id,
        date=step.date,
        type=step.type,
        reason=reasons.label(step.reason),
        by="" if step.review else step.reporter,
        by_agent=step.kind == "agent",
        note=step.note,
        outcome=step.outcome,
        state=after.value,
        prefix=after.prefix,
        page=f"{paper}/{step.id}.html",
    )


def _of_refusal(paper: str, after: State, refusal: RefusalFacts) -> Entry:
    return Entry(
        paper=paper,
        kind="refusal",
        id=refusal.id,
        date=instant(refusal.date),
        type=DECLINED,
        reason=reasons.label(refusal.reason),
        by=refusal.decided_by,
        by_agent=False,
        note=refusal.note,
        outcome="declined",
        state=after.value,
        prefix=after.prefix,
        page=f"{paper}.html#corrections",
        asked=refusal.asked,
    )


def standing(item: Judged) -> Standing | None:
    """Return the state of a paper with the newest event that gave it; None while the paper is CURRENT."""
    state, history = item.derived.state, item.facts.history
    if state.value == "CURRENT":
        return None
    newest = next(reversed(giving(history, state)), None)
    return Standing(
        state=state.value,
        label=state.value.lower(),
        prefix=title_prefix(history),
        day=newest.date[:10] if newest else "",
        day_text=(_words.day(newest.date) if newest else None) or "",
        href=f"{item.id}/{newest.id}.html" if newest else f"{item.id}.html#corrections",
    )


def titled(item: Judged) -> str:
    """Return the title of a paper behind what its state puts before it."""
    return f"{title_prefix(item.facts.history)}{item.facts.title}"
