"""YAML that people write, read behind an event guard.

Aliases, anchors, tags, directives, merge keys, duplicate keys, several documents and nesting beyond 32
are refused before anything is built.  Every scalar is read as text (an empty or ``null`` plain one is
None): which type is meant follows from the schema, so nobody needs to know YAML quoting.  A value that
YAML refuses, such as ``note: Table 2: the score``, is read as the text it shows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from colophon import characters, outdented, slips, unquoted
from colophon.model import Fault, Patch
from colophon.scan import MAX_DEPTH, escape
from colophon.unquoted import NO_YAML
from colophon.yaml_text import NULLS

MAX_BYTES = 256 * 1024
_EMPTY_BLOCK = re.compile(r"[|>][+-]?[1-9]")
_BARE_HASH = re.compile(r":[ \t]+#[^ \t#]")
_QUOTES, _BLOCKS = ("'", '"'), ("|", ">")
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value stands: line and column of its first character and behind its last, from 0.

    ``style`` is empty for plain text, the quote or block sign of other text, ``map`` or ``list``.
    ``margin`` is the column of the keys or dashes around it, of a ``map`` or ``list`` in lines that of its
    own; -1 is none.  ``flow`` is true for what stands between brackets or braces, and for those themselves.
    """

    start: Place
    end: Place
    style: str
    margin: int
    flow: bool


@dataclass(frozen=True, slots=True)
class YamlReading:
    """A tree of dict, list, str and None; the line and the span of each value by pointer; faults."""

    value: Any
    lines: dict[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    spans: dict[str, Span] = field(default_factory=dict)


class _Refused(Exception):
    def __init__(
        self, line: int, pointer: str, message: str, code: str = "S116", patch: Patch | None = None
    ) -> None:
        super().__init__(message)
        self.fault = Fault(code, line, pointer, message, patch)


def read(raw: bytes) -> YamlReading:
    """Read one guarded YAML document; never raises on any input.  Line ends of Windows are line ends."""
    raw = characters.unix(raw)
    faults = characters.encoding_faults(raw, MAX_BYTES)
    if faults:
        return YamlReading(None, {}, faults)
    text = raw.decode("utf-8")
    reading = _attempt(text)
    if not _is_read(reading) and not isinstance(reading.value, str):
        mended = outdented.told(text, _wrong) or unquoted.mended(text, _wrong)
        if isinstance(mended, Fault):
            reading = YamlReading(None, reading.lines, (mended,))
        elif mended != text:
            reading = _as_written(_attempt(mended), text, mended)
    slip = None if _is_read(reading) else slips.told(text, _wrong)
    return reading if slip is None else YamlReading(None, reading.lines, (slip,))


def _is_read(reading: YamlReading) -> bool:
    return all(fault.code != "S116" for fault in reading.faults) and not isinstance(reading.value, str)


def _wrong(text: str) -> str:
    """Return why YAML's own rules, and not those for stored text, refuse a document, or nothing."""
    return "".join(fault.message for fault in _attempt(text).faults if fault.code == "S116")


def _attempt(text: str) -> YamlReading:
    reader = _Reader(text)
    try:
        value = reader.document()
        # In comments is refused what is in values; in values, what the parser takes for a line end.
        unseen = next(characters.unseen(text), None)
        if unseen is not None:
            return YamlReading(None, reader.lines, (Fault("S105", unseen[0], "", f"text {unseen[1]}"),))
    except _Refused as refused:
        return YamlReading(None, reader.lines, (refused.fault,))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        message = NO_YAML + slips.in_words(error.problem)
        return YamlReading(None, reader.lines, (Fault("S116", line, "", message),))
    except (YAMLError, ValueError, RecursionError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        return YamlReading(None, reader.lines, (Fault("S116", 1, "", f"{NO_YAML}{first}"),))
    return YamlReading(value, reader.lines, spans=reader.spans)


def _as_written(reading: YamlReading, text: str, mended: str) -> YamlReading:
    """Return a reading of mended text with the spans of the text as written."""
    lines, others = text.split("\n"), mended.split("\n")
    spans = dict(reading.spans)
    for pointer, span in reading.spans.items():
        number = span.end[0]
        written = lines[number].rstrip()
        if written.replace("\t", " ") != others[number].rstrip():
            style = "" if span.style in _QUOTES else span.style
            spans[pointer] = replace(span, end=(number, len(written)), style=style)
    return replace(reading, spans=spans)


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self.spans: dict[str, Span] = {}
        self.text_lines = [*text.split("\n"), ""]
        self.events: Iterator[Any] = iter(YAML(typ="safe", pure=True).parse(text))
        self.depth = 0
        self.margin = -1
        self.in_flow = False
        # Behind the last character of the last value that was read.
        self.last: Place = (0, 0)

    def document(self) -> Any:
        """Build the one document of the text."""
        value: Any = None
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                self._refuse_directives(event, documents)
            elif isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent | AliasEvent):
                value = self._node(event, "")
        return value

    def _refuse_directives(self, event: DocumentStartEvent, documents: int) -> None:
        line = event.start_mark.line + 1
        if event.version is not None or event.tags:
            raise _Refused(line, "", "a %YAML or %TAG directive is not allowed")
        if documents > 1:
            raise _Refused(line, "", "the file holds more than one YAML document")

    def _node(self, event: Any, pointer: str) -> Any:
        line = event.start_mark.line + 1
        self.lines.setdefault(pointer, line)
        if isinstance(event, AliasEvent):
            raise _Refused(line, pointer, "an alias (*name) is not allowed; write the value out")
        if event.anchor is not None:
            raise _Refused(line, pointer, "an anchor (&name) is not allowed; write the value out")
        if event.tag is not None:
            raise _Refused(line, pointer, f"a tag ({event.tag}) is not allowed; write plain text")
        if isinstance(event, ScalarEvent):
            return self._scalar(event, line, pointer)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Refused(line, pointer, f"nesting is deeper than {MAX_DEPTH}", "S104")
        value = self._container(event, pointer)
        self.depth -= 1
        return value

    def _container(self, event: Any, pointer: str) -> dict[str, Any] | list[Any]:
        """Read a mapping or list in its own margin and note where it stands."""
        around = self.margin, self.in_flow
        start = _place(event.start_mark)
        if event.flow_style:
            self.in_flow = True
        else:
            self.margin = start[1]
        value: dict[str, Any] | list[Any]
        if isinstance(event, MappingStartEvent):
            value, end = self._mapping(pointer)
        else:
            value, end = self._sequence(pointer)
        if event.flow_style:
            self.last = end
            self._refuse_joined(end, pointer)
        style = "map" if isinstance(value, dict) else "list"
        self.spans[pointer] = Span(start, self.last, style, self.margin, self.in_flow)
        self.margin, self.in_flow = around
        return value

    def _scalar(self, event: ScalarEvent, line: int, pointer: str) -> str | None:
        text = str(event.value)
        self._refuse_unclear(event, line, pointer)
        if event.style is None and text in NULLS:
            value = None
        else:
            value = text
            reason = characters.refused(text)
            if reason is not None:
                raise _Refused(line, pointer, f"text {reason}", "S105")
        self.last = self._end(event)
        start = _place(event.start_mark)
        self.spans[pointer] = Span(start, self.last, event.style or "", self.margin, self.in_flow)
        return value

    def _end(self, event: ScalarEvent) -> Place:
        """Return the place behind the last character; a block ends with its last line that is not empty."""
        if event.style not in _BLOCKS:
            return _place(event.end_mark)
        first, last = event.start_mark.line, event.end_mark.line
        # Without a line end at the end of the file the mark stands on the last line of the block itself.
        last -= event.end_mark.column == 0 or self.text_lines[last].lstrip().startswith("#")
        while last > first and not self.text_lines[last].strip():
            last -= 1
        return last, len(self.text_lines[last])

    def _refuse_unclear(self, event: ScalarEvent, line: int, pointer: str) -> None:
        """Refuse text of which YAML takes less, or more, than its writer most likely meant."""
        here = self.text_lines[event.start_mark.line]
        if event.style is None and self._is_cut_by_comment(event):
            is_whole = event.end_mark.line == event.start_mark.line and not self.in_flow
            raise _Refused(line, pointer, *unquoted.cut(line, str(event.value), here if is_whole else ""))
        if event.style in _BLOCKS and not event.value.strip():
            if _EMPTY_BLOCK.match(here[event.start_mark.column :]):
                raise _Refused(line, pointer, "a block of text is empty")
        elif event.style in _QUOTES:
            below = range(event.start_mark.line + 1, event.end_mark.line + 1)
            if any(self._is_outside(self.text_lines[number]) for number in below):
                raise _Refused(line, pointer, "a text in quotes does not end on its line")
            self._refuse_joined(_place(event.end_mark), pointer)

    def _refuse_joined(self, end: Place, pointer: str) -> None:
        """Refuse a # right behind a quote or bracket, which the parser would take for a comment."""
        if self.text_lines[end[0]].startswith("#", end[1]):
            raise _Refused(end[0] + 1, pointer, f"{NO_YAML}a # follows without a space")

    def _is_outside(self, line: str) -> bool:
        return bool(line.strip()) and len(line) - len(line.lstrip(" ")) <= self.margin

    def _is_cut_by_comment(self, event: ScalarEvent) -> bool:
        """Whether a comment follows plain text on its line: the writer most likely meant one text."""
        rest = self.text_lines[event.end_mark.line][event.end_mark.column :]
        return event.value not in NULLS and rest.lstrip().startswith("#")

    def _mapping(self, pointer: str) -> tuple[dict[str, Any], Place]:
        value: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                return value, _place(event.end_mark)
            line = event.start_mark.line + 1
            if not isinstance(event, ScalarEvent):
                raise _Refused(line, pointer, "a key must be plain text")
            key = str(self._node(event, pointer) or "")
            if key == "<<":
                raise _Refused(line, pointer, "a merge key (<<) is not allowed; write the values out")
            if key in value:
                raise _Refused(line, f"{pointer}/{escape(key)}", f"key {key[:200]!r} stands twice", "S102")
            below = f"{pointer}/{escape(key)}"
            self.lines[below] = line
            value[key] = self._node(next(self.events), below)
            if value[key] is None:
                self._nothing(below, event)
        raise _Refused(1, pointer, "a mapping is not closed")

    def _nothing(self, pointer: str, key: ScalarEvent) -> None:
        """Note that an empty value stands behind its colon, wherever the parser goes on."""
        span = self.spans[pointer]
        if span.start != span.end:
            return
        number = key.end_mark.line
        colon = self.text_lines[number].find(":", key.end_mark.column)
        if _BARE_HASH.match(self.text_lines[number], colon):
            raise _Refused(number + 1, pointer, *unquoted.cut(number + 1, "", self.text_lines[number]))
        self.last = (number, colon + 1)
        self.spans[pointer] = replace(span, start=self.last, end=self.last)

    def _sequence(self, pointer: str) -> tuple[list[Any], Place]:
        value: list[Any] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                return value, _place(event.end_mark)
            value.append(self._node(event, f"{pointer}/{len(value)}"))
        raise _Refused(1, pointer, "a sequence is not closed")


def _place(mark: Any) -> Place:
    return mark.line, mark.column
