"""Faults of a correction event, told to whoever wrote it: which type, and which reason, may be meant."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from colophon import likeness, reasons, schema
from colophon.characters import unix, visible
from colophon.contracts.correction_event import is_words
from colophon.matching import did_you_mean, suggestion
from colophon.model import Fault, Patch
from colophon.outdented import joined
from colophon.scan import escape
from colophon.unquoted import is_idle
from colophon.yaml_guard import YamlReading

# What stands in a file that a page begins, for its reporter to replace.
NO_DATE = "YYYY-MM-DD"
NO_NAME = "Your name or handle"
NO_NOTE = "Say here what is wrong and how you know it. This is published with the record."
# A key whose colon has no space behind it, so that YAML takes it for a text.
_KEY_IN_NAME = re.compile(r"(name|kind|orcid):(?=\S)")
# Where a document of a contract holds an event.
_PLACES = {"correction-event-v1": "", "refusal-v1": "/correction"}


def worded(
    contract: str, tree: Any, raw: bytes, reading: YamlReading, found: Iterable[Fault]
) -> tuple[Fault, ...]:
    """Return the faults of a document with those told in full that people make in an event.

    ``tree`` is the document in the contract's spelling and types, ``reading`` what was read of its bytes.
    """
    above = _PLACES.get(contract)
    if above is None:
        return tuple(found)
    event = tree.get("correction") if above and isinstance(tree, dict) else tree
    told = _Event(event if isinstance(event, dict) else {}, above, reading)
    faults = [told.worded(fault) for fault in found]
    if above or not faults:
        return tuple(faults)
    text = unix(raw).decode("utf-8", "replace")
    return tuple(_with_texts(faults, text.split("\n"), reading)) + tuple(told.unfilled())


def _with_texts(faults: Iterable[Fault], lines: list[str], reading: YamlReading) -> Iterator[Fault]:
    """Yield faults; unknown keys below the note as what they most likely are, lines of its text."""
    names = list(reading.value)
    end = first = names.index("note") + 1 if isinstance(reading.value.get("note"), str) else len(names)
    while end < len(names) and _is_unknown(names[end]):
        end += 1
    for fault in faults:
        if first == end or fault.pointer or not fault.message.startswith("Additional properties"):
            yield fault
            continue
        pointer = f"/{escape(names[first])}"
        last = reading.lines[f"/{escape(names[end])}"] - 1 if end < len(names) else len(lines)
        while is_idle(lines[last - 1]):
            last -= 1
        shown = visible(names[first])[:80]
        told = f"{shown!r} is no key of an event; if the line belongs to the note, indent it"
        patch = joined(lines, reading.lines["/note"] - 1, reading.lines[pointer] - 1, last)
        yield replace(fault, pointer=pointer, message=told, patch=patch)


def _is_unknown(name: str) -> bool:
    """Whether a key is none of an event, and near to none."""
    known = schema.load("correction-event-v1")["properties"]
    return name not in known and did_you_mean(name[:100], known) is None


def unfilled(note: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield pointer and message of what a page left to its reporter and nobody wrote."""
    if name.strip().casefold() == NO_NAME.casefold():
        yield "/reporter/name", f"the name is still {NO_NAME!r}, expected yours in its place"
    elif (key := _KEY_IN_NAME.match(name)) is not None:
        message = (
            f"{key[0]!r} was read as a part of the name, expected a space behind the colon: `{key[1]}: ...`"
        )
        yield "/reporter/name", message
    if NO_NOTE in " ".join(note.split()):
        message = f"the note still holds {NO_NOTE!r}, expected what is wrong in its place"
        yield "/note", message


class _Event:
    """An event of which something is wrong, with the place of its keys in the file."""

    def __init__(self, event: Mapping[str, Any], above: str, reading: YamlReading) -> None:
        self.event = event
        self.above = above
        self.reading = reading

    def worded(self, fault: Fault) -> Fault:
        """Return a fault in the words of an event."""
        if fault.pointer == f"{self.above}/type":
            return self._type(fault)
        if fault.pointer != self.above or not fault.message.startswith(('"type" is', '"reason" is')):
            return fault
        if fault.message.startswith('"type"'):
            return replace(fault, message=f'"type" is missing; {reasons.types_in_words()}')
        return self._reason(fault)

    def unfilled(self) -> Iterator[Fault]:
        """Yield what is left to fill in, so that it is told together with what cannot be read."""
        reporter = self.event.get("reporter")
        name = reporter.get("name") if isinstance(reporter, dict) else ""
        for pointer, message in unfilled(str(self.event.get("note")), str(name)):
            yield Fault("H313", 1, pointer, message)

    def _type(self, fault: Fault) -> Fault:
        given = str(self.event.get("type"))
        usual = self._usual_type()
        meant = reasons.type_meant(given, usual)
        message = f'"{visible(given)[:80]}" is no type of event{suggestion(meant)}'
        if meant is None or reasons.is_any_correction(given):
            message += f" ({reasons.types_in_words()})"
        return replace(fault, message=message, patch=self._line("type", f"type: {meant}") if meant else None)

    def _usual_type(self) -> str:
        """Return the type that fits what is changed; what the publisher said can only be disputed."""
        listed = self.event.get("changes")
        places = [
            (str(item.get("document")), str(item["pointer"]))
            for item in (listed if isinstance(listed, list) else ())
            if isinstance(item, dict) and str(item.get("pointer")).startswith("/")
        ]
        if not places or any(is_words(*place) for place in places):
            return "DISPUTE"
        return reasons.type_of_field(*places[0])

    def _reason(self, fault: Fault) -> Fault:
        kind = str(self.event.get("type"))
        fitting = reasons.for_type(kind)
        if not fitting:
            return fault
        meant = next(self._reasons_in_note(), None)
        names = ", ".join(reason.name for reason in fitting)
        asked = suggestion(meant) or "; write other where the note says it best"
        message = f'"reason" is missing, a {kind} needs one of {names}{asked}'
        return replace(fault, message=message, patch=self._line("reason", f"reason: {meant or 'other'}"))

    def _reasons_in_note(self) -> Iterator[str]:
        """Yield the reasons whose name the note uses."""
        note = {"note": str(self.event.get("note"))}
        for reason in reasons.for_type(str(self.event.get("type"))):
            if reason.name != "other" and likeness.by_words(reason.label, note):
                yield reason.name

    def _line(self, name: str, text: str) -> Patch | None:
        """Return a line in the place of a key's own; a key that is missing goes below ``type``."""
        pointer = f"{self.above}/{name}"
        span = self.reading.spans.get(pointer) or self.reading.spans.get(f"{self.above}/type")
        if span is None or span.flow or span.start[0] != span.end[0] or span.margin < 0:
            return None
        line = span.start[0] + 1
        text = " " * span.margin + text
        return Patch(line, line, text) if pointer in self.reading.spans else Patch(line + 1, line, text)
