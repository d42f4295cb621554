"""What is wrong with the events and reviews of one record, each with its place and, where known, the mend."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from colophon import canon, documents, reasons
from colophon.amend import FieldChange
from colophon.contracts.correction_event import OPINIONS, TRANSCRIPTION, Event, instant
from colophon.documents import Document
from colophon.entries import FiledEvent
from colophon.event_faults import unfilled
from colophon.filed import Filed, slug_of
from colophon.fold import Step
from colophon.matching import did_you_mean, in_one_line, stands_in, suggestion
from colophon.model import Finding, Patch
from colophon.pointer import ABSENT
from colophon.removal import removed_digest
from colophon.round_trip import edited
from colophon.yaml_text import written

# Checks and groundings are confirmed too; what becomes of that is no business of the history.
_OTHERS = re.compile(r"papers/../[^/]+/(?:checks|groundings)/.+")
# Code, pointer, message, and what mends it: a text for the line of the pointer, or a patch.
Found = tuple[str, str, str, Patch | str | None]


def event_findings(
    record_id: str, filed: Filed, steps: Iterable[Step], submitted: str | None, report: bytes | None
) -> Iterator[Finding]:
    """Yield every finding about what was filed.

    ``submitted`` is the day of the paper.  ``report`` are the bytes of the report as received, or None when
    they were removed, so that nothing can be compared with them.
    """
    files = {slug_of(one.path): one for one in filed.documents if "/corrections/" in one.path}
    steps = tuple(step for step in steps if step.event.gone is None)
    seen: dict[str, str] = {}
    is_copied = any(step.event.event.reason == TRANSCRIPTION for step in steps)
    text = in_one_line(report.decode("utf-8", "replace")) if is_copied and report is not None else None
    for step in steps:
        if step.review is not None:
            continue
        document = files[step.event.slug]
        found = [*_not_applied(step, document.raw), *_of_event(step.event.event, submitted)]
        found += [*_untrue_copy(step, text), *_repeated(step.event, seen)]
        yield from (documents.finding_at(document, record_id, *one) for one in found)
    told = {step.event.id for step in steps if step.review is None and step.refused is not None}
    for step in steps:
        # What could not be applied when it was filed was told there.
        if step.review is not None and step.event.id not in told:
            document = files[step.event.slug]
            found = [*_not_applied(step, document.raw)]
            yield from (documents.finding_at(document, record_id, *one) for one in found)
    yield from _dangling(record_id, filed, files)


def _not_applied(step: Step, raw: bytes) -> Iterator[Found]:
    refused = step.refused
    if refused is None:
        return
    listed = "proposed" if step.event.event.type in OPINIONS else "changes"
    pointer = f"/{listed}/{step.at}/{refused.part}"
    patch = None
    if refused.code in ("H301", "H302") and refused.current is not ABSENT:
        patch = _rebased(raw, pointer, refused.current)
    yield refused.code, pointer, refused.message, patch


def _rebased(raw: bytes, pointer: str, current: Any) -> Patch | None:
    """Return the event's whole file with ``old`` as it stands now; None for a value of many fields."""
    value = written(current)
    if not isinstance(value, str | None):
        return None
    # One change alone may stand without a list.
    for place in (pointer, pointer.replace("/0/", "/", 1)):
        with suppress(ValueError):
            return Patch(0, 0, edited(raw, {place: value}).decode())
    return None


def _of_event(event: Event, submitted: str | None) -> Iterator[Found]:
    if submitted is not None and event.date[:10] < submitted:
        yield "H308", "/date", f"dated {event.date}, the paper is of {submitted}", None
    fitting = [reason.name for reason in reasons.for_type(event.type)]
    for pointer, message in unfilled(event.note, event.reporter.name):
        yield "H313", pointer, message, None
    if event.reason is not None and event.reason not in fitting:
        nearest = did_you_mean(event.reason, fitting)
        meant = suggestion(nearest)
        message = f"{event.reason} is no reason of {event.type}, expected one of {', '.join(fitting)}{meant}"
        yield "H312", "/reason", message, f"reason: {nearest}" if nearest else None


def _untrue_copy(step: Step, text: str | None) -> Iterator[Found]:
    """Compare what is said to be copied wrongly with the report, in one line; nothing where it is None."""
    if step.event.event.reason != TRANSCRIPTION or text is None:
        return
    for at, change in enumerate(step.changes):
        for part in _texts(change):
            if not stands_in(in_one_line(part), text):
                yield "H310", f"/changes/{at}/new", f"{part[:80]!r} does not stand in report.txt", None
                break


def _texts(change: FieldChange) -> Iterator[str]:
    """Yield the texts and numbers of a new value as a report would print them."""
    waiting = [change.new]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [below for key, below in value.items() if key != "id"]
        elif isinstance(value, list | tuple):
            waiting += value
        elif isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
            yield str(value)


def _repeated(filed: FiledEvent, seen: dict[str, str]) -> Iterator[Found]:
    """Find an event that says what an earlier one said; who filed it and when make no difference."""
    event = filed.event.model_dump(mode="json", exclude={"date", "reporter", "evidence"})
    key = canon.digest(canon.compact(event))
    if key in seen:
        yield "H309", "", f"says the same as corrections/{seen[key]}.yaml", None
    seen.setdefault(key, filed.slug)


def _dangling(record_id: str, filed: Filed, files: Mapping[str, Document]) -> Iterator[Finding]:
    """Yield the reviews that confirm no event of this record, or one that was filed only later."""
    held = {
        document.path: removed_digest(document.raw) or canon.digest(document.raw)
        for document in files.values()
    }
    waiting = {one.path: one.event for one in filed.events if one.event.needs_review}
    for document in filed.documents:
        data = document.data
        if data is None or not document.path.startswith("reviews/") or _OTHERS.fullmatch(data["file"]):
            continue
        found = _confirms_nothing(data, held, waiting.get(data["file"]))
        if found is not None:
            yield documents.finding_at(document, record_id, *found)


def _confirms_nothing(data: dict[str, Any], held: Mapping[str, str], event: Event | None) -> Found | None:
    """Return why a review has no effect; ``held`` are the digests by path."""
    file, stored = data["file"], held.get(data["file"])
    if stored is None:
        nearest = did_you_mean(file, held) or next((one for one in held if one.endswith(f"/{file}")), None)
        message = f"there is no file {file}{suggestion(nearest)}"
        return "H311", "/file", message, f"file: {nearest}" if nearest else None
    if stored != data["sha256"]:
        message = f"digest differs from that of {file}, {stored}"
        return "H311", "/sha256", message, f"sha256: {stored}"
    if event is not None and instant(data["date"]) < event.instant:
        message = f"dated {data['date']}, before what it confirms, {event.date}"
        return "H311", "/date", message, f"date: {event.date}"
    return None
