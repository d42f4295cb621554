"""Applying one change of a correction event to a document, or saying why it cannot be applied.

Values are compared and set in the type that the contract asks for, so ``28`` in a person's file equals
the stored number.  Nothing is removed: a list keeps its positions, an item is struck instead.
"""

import re
from dataclasses import dataclass
from typing import Any

from colophon import pointer as pointers
from colophon import schema
from colophon.contracts.correction_event import OPINIONS, REVISION, TRANSCRIPTION, Change, Event
from colophon.matching import did_you_mean
from colophon.pointer import ABSENT, END

_FIXED = {
    "manifest": re.compile(r"/(contract_version|id|display_id|truncated)(/.*)?|/(claims|sources)/[0-9]+/id"),
    "provenance": re.compile(r"/(contract_version|paper|ingest)(/.*)?"),
}
_SHOWN = 120
# Characters from which on a text is taken to mean the place where it stands.
_TELLING = 12


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One change with the values as they are stored.  ``old`` is None when a key or item was added."""

    document: str
    pointer: str
    adds: bool
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a change is not applied.  ``code`` is that of a rule; ``current`` is the value that stands there.

    ``part`` is what of the change is wrong: ``pointer``, ``old`` or ``new``.
    """

    code: str
    message: str
    part: str = "pointer"
    current: Any = ABSENT


def words_refused(event: Event) -> tuple[int, Refused] | None:
    """Return the place and the refusal of the first change of the publisher's words without a right to."""
    if event.reason in (TRANSCRIPTION, REVISION):
        return None
    for at, change in enumerate(event.changes):
        if change.is_words:
            message = (
                f"{change.pointer} is what the publisher said; expected `type: DISPUTE` with `proposed` in "
                "the place of `changes`, or `reason: transcription` if it was copied wrongly here"
            )
            return at, Refused("H304", message)
    return None


def waits(event: Event) -> bool:
    """Whether an event waits for its review, which then begins a version of its own."""
    return event.type not in OPINIONS and event.needs_review and words_refused(event) is None


def amend(document: dict[str, Any], change: Change) -> tuple[dict[str, Any], FieldChange] | Refused:
    """Return the document with the change applied, and the change as stored; or why it is refused."""
    contract = document["contract_version"]
    if _FIXED[change.document].fullmatch(change.pointer):
        return Refused("H307", f"{change.pointer} identifies the record and never changes")
    path = pointers.parts(change.pointer)
    parent = pointers.resolve(document, _above(change.pointer))
    if isinstance(parent, list) and path[-1] == END:
        path[-1] = str(len(parent))
    place = "/" + "/".join(change.pointer.split("/")[1:-1] + path[-1:]) if path else ""
    current = pointers.child(parent, path[-1]) if path else ABSENT
    if change.adds:
        wrong = _added(contract, path, parent, current)
    else:
        wrong = _stale(contract, change, path, current)
    if wrong is not None:
        return _with_nearest(wrong, document, change)
    new = _new_value(contract, path, change.new, parent)
    wrong = _unfit(current, new)
    if wrong is not None:
        return wrong
    stored = FieldChange(change.document, place, change.adds, None if change.adds else current, new)
    return pointers.replaced(document, path, new), stored


def _above(pointer: str) -> str:
    return pointer.rpartition("/")[0]


def _added(contract: str, path: list[str], parent: Any, current: Any) -> Refused | None:
    """Return what keeps a key or the next item from being added."""
    if current is not ABSENT:
        message = f"a value stands there already, {shown(current)}; expected a line `old:` with it"
        return Refused("H301", message, "old", current)
    if isinstance(parent, list):
        if pointers.is_index(path[-1]) and int(path[-1]) == len(parent):
            return None
        return Refused("H303", f"is no place of this list, whose next item is {len(parent)}")
    if isinstance(parent, dict) and schema.knows(contract, path):
        return None
    return Refused("H303", "is no field of this document")


def _stale(contract: str, change: Change, path: list[str], current: Any) -> Refused | None:
    """Return what is wrong with ``old``, which must be the current value."""
    if current is ABSENT:
        return Refused("H303", "is no field of this document")
    old = _typed(contract, path, change.old)
    if _same(old, current):
        return None
    return Refused("H301", f"old is {shown(old)}, the value is {shown(current)}", "old", current)


def _same(old: Any, current: Any) -> bool:
    """Whether two values are one; how a text is wrapped into lines makes no difference."""
    if isinstance(old, str) and isinstance(current, str):
        return " ".join(old.split()) == " ".join(current.split())
    return bool(old == current) and isinstance(old, bool) == isinstance(current, bool)


def _typed(contract: str, path: list[str], value: Any) -> Any:
    typed = schema.typed_at(contract, path, value)
    return typed.removesuffix("\n") if isinstance(typed, str) else typed


def _new_value(contract: str, path: list[str], value: Any, parent: Any) -> Any:
    """Return the new value as stored; of a new item what is not given is null, and its id is the next."""
    new = _typed(contract, path, value)
    if isinstance(new, dict):
        new = {**schema.blank_at(contract, path), **new}
        if isinstance(parent, list) and path[0] in ("claims", "sources") and len(path) == 2:
            new = {**new, "id": f"{path[0][0]}{int(path[1]) + 1:03d}"}
    return schema.ordered_at(contract, path, new)


def _unfit(current: Any, new: Any) -> Refused | None:
    """Return what is wrong with a new value beside the current one."""
    if current is not ABSENT and _same(new, current):
        return Refused("H305", f"new is the value that stands there, {shown(current)}", "new")
    if isinstance(current, list) and any(isinstance(item, dict) for item in current):
        message = "items of this list keep their places; expected `struck: true` for one, or the next item"
        return Refused("H306", message, "pointer")
    if isinstance(current, dict) and new is not None and not isinstance(new, dict):
        return Refused("H306", f"is an object with fields, the new value is {shown(new)}", "new")
    return None


def _with_nearest(wrong: Refused, document: dict[str, Any], change: Change) -> Refused:
    """Add the nearest existing pointer, with its value, to a pointer that misses.

    Where the old text stands at another place, that one was meant, however near the next is.
    """
    is_there = wrong.current is not ABSENT
    place = _only_place(document, change.old)
    nearest = None if is_there else did_you_mean(change.pointer, pointers.all_pointers(document))
    if is_there and place is None:
        return wrong
    message = f"{change.pointer} {f'is {shown(wrong.current)}' if is_there else wrong.message}"
    if place not in (None, nearest):
        message += f"; the text of `old` stands at {place}, did you mean that?"
    elif nearest is not None:
        message += f"; did you mean {nearest}, which is {shown(pointers.resolve(document, nearest))}?"
    return Refused(wrong.code, message)


def _only_place(document: dict[str, Any], old: Any) -> str | None:
    """Return the pointer at which alone a text stands; None for one too short to mean a place."""
    if not isinstance(old, str) or len(old) < _TELLING:
        return None
    found = [one for one in pointers.all_pointers(document) if _same(old, pointers.resolve(document, one))]
    return found[0] if len(found) == 1 else None


def shown(value: Any) -> str:
    """Return a value for a message, in one line, shortened."""
    if value is ABSENT:
        return "absent"
    if isinstance(value, str):
        text = " ".join(value.split())
        return f'"{text}"' if len(text) <= _SHOWN else f'"{text[:_SHOWN]}..." ({len(text)} characters)'
    if isinstance(value, dict):
        return f"an object with {', '.join(list(value)[:6])}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return {None: "null", True: "true", False: "false"}.get(value, str(value))
