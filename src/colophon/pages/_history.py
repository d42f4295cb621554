"""What was filed about one paper as JSON: its whole history, and the one step that began a version."""

from collections.abc import Iterator
from typing import Any

from colophon import schema
from colophon.entries import FiledRefusal
from colophon.fold import Record, Step, Version
from colophon.model import Judgement

POLICY = (
    "Corrections are added and nothing is changed or removed. The state follows from the events; one that is "
    "not effective is shown, and counts as a dispute while it waits for a review."
)


def correction_record(record: Record, state: Judgement) -> dict[str, Any]:
    """Return the history of a record as correction-record-v1: its state, and its events in their order."""
    steps = record.steps
    events = [_event(last) for last in {step.event.id: step for step in steps}.values()]
    effective = [step.date for step in steps if step.effective]
    return {
        "contract_version": "correction-record-v1",
        "paper": record.id,
        "version": len(steps) + 1,
        "correction_state": state.value,
        "correction_count": sum(event["effective"] for event in events),
        "last_corrected_at": effective[-1] if effective else None,
        "correction_events": events,
        "superseded_versions": list(_superseded(record)),
        "refusals": [_refusal(filed) for filed in record.refusals],
        "policy": POLICY,
    }


def version_document(paper: str, version: Version, state: str) -> dict[str, Any]:
    """Return one version of a record as record-version-v1; nothing of it depends on what was filed later.

    ``state`` is that of the record as of then.  Of the history it holds one step, so that the versions of a
    record with many events do not repeat them.
    """
    step, contract = version.step, "record-version-v1"
    document = {
        "contract_version": contract,
        "paper": paper,
        "version": version.number,
        "since": step.date if step is not None else None,
        "began_with": step.id if step is not None else None,
        "event": _event(step) if step is not None else None,
        "correction_state": state,
        "previous": f"papers/{paper}/v{version.number - 1}.json" if step is not None else None,
        "newest": f"papers/{paper}.json",
    }
    parts = (version.documents.manifest, version.documents.provenance)
    manifest, provenance = (schema.ordered(part["contract_version"], part) for part in parts)
    return {**schema.ordered(contract, document), "manifest": manifest, "provenance": provenance}


def _event(step: Step) -> dict[str, Any]:
    """Return the event of a step as it stands after it."""
    event = step.event.event
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
        "effective": step.effective,
        "outcome": step.outcome,
        "outcome_reason": _reason(step),
        "changes": [
            {"document": c.document, "pointer": c.pointer, "adds": c.adds, "old": c.old, "new": c.new}
            for c in step.changes
        ],
        "version": step.filed_as,
        "successor": event.successor,
        "removed_file": event.removal.file if event.removal else None,
        "removed_by": event.removal.authority if event.removal else None,
        "confirmed_by": _confirmation(step),
    }


def _reason(step: Step) -> str | None:
    if step.outcome == "waits":
        return "it takes effect when a review confirms that the publisher filed it"
    return step.refused.message if step.refused is not None else None


def _confirmation(step: Step) -> dict[str, Any] | None:
    if step.review is None:
        return None
    review = step.review.review
    return {
        "id": step.review.id,
        "reviewer": review.reviewer,
        "date": review.date,
        "looked_at": review.looked_at,
        "version": step.version,
    }


def _superseded(record: Record) -> Iterator[dict[str, Any]]:
    for step in record.steps:
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
