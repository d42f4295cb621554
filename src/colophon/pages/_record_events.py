"""The corrections of a paper on its own page: each event, what was declined, and the banner of its state."""

from collections.abc import Iterator
from typing import Any

from colophon import reasons
from colophon.fold import Step
from colophon.pages._links import safe
from colophon.pages._steps import WHOLE_NOTE, in_short, last_steps, told
from colophon.pages._words import Text, clip, cost, day, short
from colophon.rules.standing import giving
from colophon.views import RecordView

_NOTE, _LINE, _BEGINNING = 1_500, 1_200, 1_000
_TAKEN_BACK = ("RETRACTED", "WITHDRAWN")
_FILES = {
    "report.txt": "the report as it was received",
    "manifest.json": "what was read from the report",
    "provenance.json": "how the report was made and read",
}


def events(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield every event, the newest first, whether it took effect or not."""
    above = _of_state(view)
    for step in reversed(last_steps(view)):
        is_above = above is not None and above.event.id == step.event.id
        yield {**in_short(view, step), "is_above": is_above}


def refusals(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield every declined correction, the newest first; files of the same bytes are one."""
    for filed in reversed(list({filed.id: filed for filed in view.record.refusals}.values())):
        refusal = filed.refusal
        yield {
            "id": filed.id,
            "date": refusal.date,
            "day": day(refusal.date),
            "by": short(refusal.decided_by, _LINE),
            "reason": refusal.reason.replace("-", " "),
            "label": reasons.of_type(refusal.correction.type).label,
            "note": clip(refusal.note, _NOTE),
            "href": safe(refusal.url),
            "asker": short(refusal.correction.reporter.name, _LINE),
            "asked": clip(refusal.correction.note, _NOTE),
        }


def banner(view: RecordView) -> dict[str, Any] | None:
    """Return the state of a paper with the newest event that gave it; None without any event.

    A paper that was reinstated is CURRENT, and its banner says that, too.
    """
    state, step = view.judged.derived.state.value, _of_state(view)
    if step is None:
        return None if state == "CURRENT" else {"state": state, "event": None, "is_grave": False}
    return {
        "state": state,
        "event": {**told(view, step), "has_changes": bool(step.changes)},
        "note": clip(step.event.event.note, WHOLE_NOTE),
        "is_grave": state in _TAKEN_BACK,
        "successor": view.judged.facts.successor if state == "SUPERSEDED" else None,
    }


def shortened(found: dict[str, Any] | None, excess: int) -> dict[str, Any] | None:
    """Return a banner whose note takes ``excess`` bytes less; a beginning stays, the notice has it whole."""
    if found is None or found["event"] is None or excess <= 0:
        return found
    note = clip(found["note"].shown, max(_BEGINNING, cost(found["note"].shown) - excess))
    return {**found, "note": Text(note.shown, goes_on=note.goes_on or found["note"].goes_on)}


def _of_state(view: RecordView) -> Step | None:
    """Return the last step of the newest event that gave the state."""
    found = giving(view.judged.facts.history, view.judged.derived.state)
    return view.record.steps[found[-1].version - 2] if found else None


def removed(view: RecordView) -> list[dict[str, Any]]:
    """Return the files that were taken away, each with who decided it, why, and what its digest was."""
    found: dict[str, dict[str, Any]] = {}
    for filed in view.record.events:
        removal = filed.event.removal
        if removal is not None and removal.file in view.record.removed:
            found[removal.file] = {
                "file": removal.file,
                "what": _FILES[removal.file],
                "authority": short(removal.authority, _LINE),
                "sha256": removal.sha256,
                "reason": reasons.label(filed.event.reason),
                "date": filed.event.date,
                "day": day(filed.event.date),
                "note": clip(filed.event.note, _NOTE),
                "event": filed.id,
            }
    return list(found.values())
