"""The correction history of one paper as correction-record-v1."""

from typing import Any

from colophon.views import RecordView

POLICY = (
    "Corrections are added and nothing is changed or removed. The state follows from the events; an event "
    "that is not effective is shown and counts as a dispute."
)


def correction_record(view: RecordView) -> dict[str, Any]:
    """Return state and events in their order; the facts say which of the events are effective."""
    effective = [flag for _, flag in view.judged.facts.events]
    events = [
        {
            "id": filed.id,
            "slug": filed.slug,
            "type": filed.event.type,
            "date": filed.event.date,
            "reporter": filed.event.reporter.model_dump(mode="json"),
            "note": filed.event.note,
            "effective": flag,
        }
        for filed, flag in zip(view.record.events, effective, strict=True)
    ]
    dates = [event["date"] for event in events if event["effective"]]
    return {
        "contract_version": "correction-record-v1",
        "paper": view.record.id,
        "correction_state": view.judged.derived.state.value,
        "correction_count": len(dates),
        "last_corrected_at": dates[-1] if dates else None,
        "correction_events": events,
        "superseded_versions": [],
        "policy": POLICY,
    }
