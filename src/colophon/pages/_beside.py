"""What stands beside the text of a record: wordings that somebody proposes for it, and who struck an item."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from colophon import pointer as pointers
from colophon.amend import FieldChange
from colophon.fold import Step
from colophon.pages._diff import written
from colophon.pages._steps import field_in_words, last_steps
from colophon.pages._words import cost, short
from colophon.views import RecordView

_IN_LISTS = re.compile(r"/(claims|sources|limitations|uncertainties)/([0-9]+)(/.*)?")
_FIELDS = ("title", "research_question", "abstract")
# What stands beside the tier, by its label there.
STATED_FIRST = {
    "Review score": "stated/review_score",
    "Papers retrieved": "stated/papers_retrieved",
    "Claims extracted": "stated/claims_extracted",
    "Claims verified": "stated/claims_verified",
    "Tier": "stated/tier",
    "Level": "stated/level",
    "Decision": "stated/decision",
    "Policy": "stated/policy",
}
# A proposal may be as long as a text; the whole stands on the page of its event.
_WORDING, _NAME, _ABOUT, _FEW, _MARKS = 600, 300, 200, 3, 160
# Bytes of a page for all proposals that stand in no row of a list.
_ROOM = 2_000


@dataclass(frozen=True, slots=True)
class Beside:
    """One proposal: ``about`` is the field in words, or empty for the text that it stands by."""

    about: str
    text: str
    reporter: str
    event: str

    @property
    def cost(self) -> int:
        """How many bytes it takes in a page."""
        return cost(self.about) + cost(self.text) + cost(self.reporter) + _MARKS


def proposals(view: RecordView) -> dict[str, list[Beside]]:
    """Return what is proposed, the newest first, by place: ``claims/3``, ``abstract``, ``provenance`` ...

    A few for each place; what was answered by a reinstatement, or stands there by now, is left out.
    """
    found: dict[str, list[Beside]] = {}
    for step in reversed(_open(view)):
        for change in step.changes:
            if _stands_there(view, change):
                continue
            place = _place(view, change)
            if len(found.setdefault(place, [])) < _FEW:
                found[place].append(_beside(step, change, place))
    return found


def in_no_list(found: dict[str, list[Beside]]) -> dict[str, list[Beside]]:
    """Return the proposals that stand in no row of a list, as many as a page has room for."""
    room = _ROOM
    kept: dict[str, list[Beside]] = {}
    for place, items in found.items():
        if "/" in place and place not in STATED_FIRST.values():
            continue
        for item in items:
            room -= item.cost
            if room >= 0:
                kept.setdefault(place, []).append(item)
    return kept


def struck(view: RecordView) -> dict[str, str]:
    """Return by place, such as ``claims/3``, the event that last struck an item there."""
    found = {}
    for step in last_steps(view):
        if step.outcome in ("applied", "confirmed"):
            for change in step.changes:
                if change.document == "manifest" and change.pointer.endswith("/struck"):
                    found[change.pointer[1:].removesuffix("/struck")] = step.event.id
    return found


def _open(view: RecordView) -> list[Step]:
    """Return the steps whose proposals nobody has answered."""
    steps = last_steps(view)
    answered = max((step.version for step in steps if _answers(step)), default=0)
    return [step for step in steps if step.outcome in ("proposed", "waits") and step.version > answered]


def _answers(step: Step) -> bool:
    event = step.event.event
    return step.effective and event.type == "REINSTATEMENT" and event.reason == "dispute-resolved"


def _stands_there(view: RecordView, change: FieldChange) -> bool:
    current: Any = pointers.resolve(view.record.current.named(change.document), change.pointer)
    return bool(current == change.new)


def _place(view: RecordView, change: FieldChange) -> str:
    """Return where on the page a proposal stands."""
    if change.document == "provenance":
        return "provenance"
    row = _IN_LISTS.fullmatch(change.pointer)
    if row and int(row[2]) < len(getattr(view.record.manifest, row[1]) or ()):
        return f"{row[1]}/{int(row[2])}"
    parts = change.pointer.split("/")[1:3]
    if parts[0] in (*_FIELDS, "claims", "sources", "limitations", "uncertainties"):
        return parts[0]
    place = "/".join(parts)
    return place if place in STATED_FIRST.values() else "stated"


def _beside(step: Step, change: FieldChange, place: str) -> Beside:
    return Beside(
        short(_about(change, place), _ABOUT),
        short(_wording(change.new), _WORDING),
        short(step.event.event.reporter.name, _NAME),
        step.event.id,
    )


def _about(change: FieldChange, place: str) -> str:
    """Return the field in words where the place alone does not say it."""
    below = change.pointer.removeprefix(f"/{place}")
    if place in _FIELDS or below in ("", "/text"):
        return ""
    if below == change.pointer or "/" not in place:
        return field_in_words(change.document, change.pointer)
    return " ".join(below.split("/")[1:])


def _wording(value: Any) -> str:
    """Return a proposed value; of a new item its text, or what it names."""
    if isinstance(value, dict):
        value = next(
            (value[key] for key in ("text", "title", "identifier", "label") if value.get(key)), value
        )
    return written(value)


def shown(items: list[Beside]) -> Iterator[dict[str, str]]:
    """Yield proposals as templates want them."""
    for item in items:
        yield {"about": item.about, "text": item.text, "reporter": item.reporter, "event": item.event}
