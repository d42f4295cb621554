"""One event of a record's history in the words of a reader: what changed, what became of it, who says so."""

from collections.abc import Iterator
from typing import Any

from colophon import forge, reasons
from colophon.amend import FieldChange
from colophon.contracts.correction_event import Event
from colophon.fold import Step
from colophon.pages._diff import pieces
from colophon.pages._links import safe
from colophon.pages._places import in_words
from colophon.pages._words import clip, cost, day, short
from colophon.views import RecordView

# A note of 4,000 characters as dear as they can be, and what note, evidence and changes share on a page.
WHOLE_NOTE, _ROOM, _REST = 24_100, 25_000, 1_500
_LINE, _NAME, _LOOKED_AT, _ADDRESS, _MARKS = 1_200, 600, 2_000, 500, 230
# What a list of events shows of each: bytes of its note and of its changes, and how many of these.
_SHORT_NOTE, _SHORT_CHANGES, _FEW = 700, 700, 3
_OUTCOMES = {
    "applied": "Applied: since then the record reads as shown here.",
    "confirmed": "Confirmed by a review, and in effect since then.",
    "notice": "A notice: it changes no field of the record.",
    "proposed": "A proposal: it stands beside the text, which stays as its publisher wrote it.",
    "waits": "Waits for a review: a typed name proves nobody. Until then it counts as a dispute.",
    "not applied": "Not applied: it changes nothing.",
}


def last_steps(view: RecordView) -> list[Step]:
    """Return the last step of every event, in the order of the events; files of the same bytes are one."""
    return list({step.event.id: step for step in view.record.steps}.values())


def told(view: RecordView, step: Step) -> dict[str, Any]:
    """Return what is said of an event everywhere; ``step`` is its last one."""
    event = step.event.event
    return {
        "id": step.event.id,
        "type": event.type,
        "label": reasons.happened(event.type, step.outcome),
        "gone": step.event.gone is not None,
        "reason": reasons.label(event.reason),
        "date": event.date,
        "day": day(event.date),
        "since": step.date,
        "since_day": day(step.date),
        "reporter": short(event.reporter.name, _NAME),
        "agent": event.reporter.kind == "agent",
        "confirmed": step.outcome == "confirmed",
        "outcome": step.outcome,
        "outcome_in_words": _OUTCOMES[step.outcome],
        "refused": short(step.refused.message, _LINE) if step.refused is not None else "",
        "successor": event.successor,
    }


def in_short(view: RecordView, step: Step) -> dict[str, Any]:
    """Return what a list of events shows of one; all else is on the event's own page."""
    event = step.event.event
    shown = {**told(view, step), "note": clip(event.note, _SHORT_NOTE), "evidence_count": len(event.evidence)}
    return {**shown, **_changes(step, _SHORT_CHANGES, _FEW)}


def in_full(view: RecordView, step: Step) -> dict[str, Any]:
    """Return everything that the page of an event shows."""
    event, kind, orcid = (
        step.event.event,
        reasons.of_type(step.event.event.type),
        step.event.event.reporter.orcid,
    )
    file = f"{view.record.folder}/corrections/{step.event.slug}.yaml"
    note = clip(event.note, WHOLE_NOTE)
    room = max(_REST, _ROOM - cost(note.shown))
    return {
        **told(view, step),
        "wording": kind.wording,
        "code": event.reason or "",
        "orcid": orcid,
        "orcid_href": f"https://orcid.org/{orcid}" if orcid else "",
        "note": note,
        **_evidence(event, room // 3),
        **_changes(step, room - room // 3, len(step.changes)),
        "removal": event.removal.model_dump() if event.removal else None,
        "review": _review(step),
        "sha256": step.event.sha256,
        "file": file,
        "file_href": safe(forge.file_link(view.settings, file)),
        "crossref": kind.crossref,
        "datacite": kind.datacite,
        "datacite_information": kind.datacite_information,
    }


def _evidence(event: Event, room: int) -> dict[str, Any]:
    """Return the addresses that fit, at least one, and how many do not."""
    shown: list[tuple[str, str]] = []
    for address in event.evidence:
        pair = safe(address), short(address, _ADDRESS)
        room -= cost(pair[0]) + cost(pair[1]) + _MARKS // 2
        if shown and room < 0:
            break
        shown.append(pair)
    return {"evidence": shown, "more_evidence": len(event.evidence) - len(shown)}


def _changes(step: Step, room: int, most: int) -> dict[str, Any]:
    """Return the changes that fit, at least one, as pieces of old and new, and how many do not."""
    shown: list[dict[str, Any]] = []
    for change in step.changes[:most]:
        place = _place(change)
        room -= _MARKS + cost(place["words"]) + cost(place["pointer"])
        if shown and room < 0:
            break
        # What is left is shared, so that one long text does not hide the changes that follow.
        share = max(300, room // min(2, max(1, len(step.changes) - len(shown))))
        found = [] if place["said"] else pieces(change.old, change.new, adds=change.adds, room=share)
        room -= sum(piece.cost for piece in found)
        shown.append({**place, "pieces": found})
    return {"changes": shown, "more_changes": len(step.changes) - len(shown)}


def _place(change: FieldChange) -> dict[str, Any]:
    """Return where a change is, and of a flag that is never printed as such what it means."""
    said = ""
    if change.pointer.endswith("/struck"):
        said = "struck out; it stays in its place" if change.new else "no longer struck out"
    return {
        "words": short(field_in_words(change.document, change.pointer), 200),
        "said": said,
        "adds": change.adds,
        "document": change.document,
        "pointer": short(change.pointer, 400),
    }


def field_in_words(document: str, pointer: str) -> str:
    """Return a field as readers call it; of a claim's field its name as well: ``Claim c003, text``."""
    words = in_words(pointer) or pointer
    below = pointer.split("/")[3:]
    if words.startswith("Claim c") and below and below != ["struck"]:
        words = f"{words}, {' '.join(below)}"
    return f"{words}, in the provenance" if document == "provenance" else words


def _review(step: Step) -> dict[str, Any] | None:
    if step.review is None:
        return None
    review = step.review.review
    return {
        "id": step.review.id,
        "date": review.date,
        "day": day(review.date),
        "reviewer": short(review.reviewer, _LINE),
        "looked_at": clip(review.looked_at, _LOOKED_AT),
    }


def versions(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield every version of a record with events, the newest first: when it began, and with what."""
    if not view.record.steps:
        return
    for step in reversed(view.record.steps):
        yield {
            "number": step.version,
            "date": step.date,
            "day": day(step.date),
            "event": step.event.id,
            "label": reasons.happened(step.event.event.type, step.outcome),
            "by_review": step.review is not None,
        }
    yield {"number": 1, "date": "", "day": "", "event": "", "label": "", "by_review": False}
