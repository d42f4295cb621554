"""The correction events of a paper in words: each one, and the banner of a paper whose state they changed."""

import re
from collections.abc import Iterator
from typing import Any

from colophon.fold import FiledEvent
from colophon.pages._links import safe
from colophon.pages._words import clip, day, short
from colophon.views import RecordView

_NOTE, _LINE, _BEGINNING, _EVIDENCE = 8_000, 1_200, 240, 6
# Only the publisher, or a review that confirms it, can give these effect.
_BY_THE_PUBLISHER = ("RETRACTION", "WITHDRAWAL", "SUPERSESSION", "REINSTATEMENT")
_NUMBER = re.compile(r"event ([0-9]{1,5})\b")


def events(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield every event in order, whether it took effect or not."""
    for filed in view.record.events:
        event, effective = filed.event, filed.id in view.record.effective
        evidence = [short(address, 500) for address in event.evidence[:_EVIDENCE]]
        yield {
            "id": filed.id,
            "type": event.type,
            "date": event.date,
            "day": day(event.date),
            "agent": event.reporter.kind == "agent",
            "note": clip(event.note, _NOTE),
            "evidence": [(safe(address), address) for address in evidence],
            "more_evidence": max(0, len(event.evidence) - _EVIDENCE),
            "file": f"corrections/{filed.slug}.yaml",
            "waits": event.type in _BY_THE_PUBLISHER and not effective,
            **_filer(view, filed, effective=effective),
        }


def banner(view: RecordView) -> dict[str, Any] | None:
    """Return the state of a paper with the newest event that gave it; None when the paper is CURRENT."""
    state = view.judged.derived.state
    if state.value == "CURRENT":
        return None
    numbers = [int(found[1]) for reason in state.reasons if (found := _NUMBER.match(reason))]
    at = max((number for number in numbers if 0 < number <= len(view.record.events)), default=0)
    if not at:
        return {"state": state.value, "day": None}
    filed = view.record.events[at - 1]
    effective = filed.id in view.record.effective
    return {
        "state": state.value,
        "date": filed.event.date,
        "day": day(filed.event.date),
        "note": short(" ".join(filed.event.note.split()), _BEGINNING),
        **_filer(view, filed, effective=effective),
    }


def _filer(view: RecordView, filed: FiledEvent, *, effective: bool) -> dict[str, Any]:
    """Return under whose name an event was filed.

    Anyone can write a name, so no more is said than that, and of the publisher only where it took effect.
    """
    name, publisher = filed.event.reporter.name, view.record.manifest.publisher.name
    by_publisher = (
        effective and filed.event.type in _BY_THE_PUBLISHER and name.casefold() == publisher.casefold()
    )
    return {"by_publisher": by_publisher, "reporter": short(name, _LINE)}
