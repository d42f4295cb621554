"""The correction history of one paper as correction-record-v1, today or as of one version."""

from collections.abc import Iterator, Sequence
from typing import Any

from colophon import schema
from colophon.fold import FiledRefusal, Record, Step, Version
from colophon.index import EventFacts
from colophon.model import Judgement
from colophon.rules.state import correction_state

POLICY = (
    "Corrections are added and nothing is changed or removed. The state follows from the events; one that is "
    "not effective is shown, and counts as a dispute while it waits for a review."
)


def correction_record(
    paper: str, steps: Sequence[Step], refusals: Sequence[FiledRefusal], state: Judgement
) -> dict[str, Any]:
    """Return state and events in their order; ``steps`` are all steps, or the first ones of a version."""
    confirmed = {step.event.id: step for step in steps if step.review is not None}
    events = [_event(step, confirmed.get(step.event.id)) for step in steps if step.review is None]
    effective = [step.date for step in steps if step.effective]
    return {
        "contract_version": "correction-record-v1",
        "paper": paper,
        "version": len(steps) + 1,
        "correction_state": state.value,
        "correction_count": sum(event["effective"] for event in events),
        "last_corrected_at": effective[-1] if effective else None,
        "correction_events": events,
        "superseded_versions": list(_superseded(steps)),
        "refusals": [_refusal(filed) for filed in refusals],
        "policy": POLICY,
    }


def version_document(record: Record, history: Sequence[EventFacts], version: Version) -> dict[str, Any]:
    """Return one version of a record as record-version-v1; nothing of it depends on what was filed later.

    ``history`` is that of the record's facts.
    """
    steps = record.steps[: version.number - 1]
    parts = {
        "manifest": version.documents.manifest,
        "provenance": version.documents.provenance,
        "corrections": correction_record(record.id, steps, (), correction_state(history[: len(steps)])),
    }
    return {
        "contract_version": "record-version-v1",
        "paper": record.id,
        "version": version.number,
        "since": version.step.date if version.step is not None else None,
        "began_with": version.step.id if version.step is not None else None,
        **{name: schema.ordered(part["contract_version"], part) for name, part in parts.items()},
    }


def _event(step: Step, confirmed: Step | None) -> dict[str, Any]:
    """Return one event; of one that a review confirmed later, what it did then."""
    event, last = step.event.event, confirmed or step
    return {
        "id": step.event.id,
        "slug": step.event.slug,
        "sha256": step.event.sha256,
        "type": event.type,
        "reason": event.reason,
        "date": event.date,
        "reporter": event.reporter.model_dump(mode="json"),
        "note": event.note,
        "evidence": list(event.evidence),
        "effective": last.effective,
        "outcome": last.outcome,
        "outcome_reason": _reason(last),
        "changes": [
            {"document": c.document, "pointer": c.pointer, "adds": c.adds, "old": c.old, "new": c.new}
            for c in last.changes
        ],
        "version": step.version,
        "successor": event.successor,
        "removed_file": event.removal.file if event.removal else None,
        "removed_by": event.removal.authority if event.removal else None,
        "confirmed_by": _confirmation(confirmed),
    }


def _reason(step: Step) -> str | None:
    if step.outcome == "waits":
        return "it takes effect when a review confirms that the publisher filed it"
    return step.refused.message if step.refused is not None else None


def _confirmation(step: Step | None) -> dict[str, Any] | None:
    if step is None or step.review is None:
        return None
    review = step.review.review
    return {
        "id": step.review.id,
        "reviewer": review.reviewer,
        "date": review.date,
        "looked_at": review.looked_at,
        "version": step.version,
    }


def _superseded(steps: Sequence[Step]) -> Iterator[dict[str, Any]]:
    for step in steps:
        yield {"version": step.version - 1, "until": step.date, "event": step.id}


def _refusal(filed: FiledRefusal) -> dict[str, Any]:
    refusal = filed.refusal
    return {
        "id": filed.id,
        "date": refusal.date,
        "decided_by": refusal.decided_by,
        "reason": refusal.reason,
        "note": refusal.note,
        "url": refusal.url,
        "type": refusal.correction.type,
        "reporter": refusal.correction.reporter.name,
        "asked": refusal.correction.note,
    }
