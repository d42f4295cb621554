"""YAML that people write, read behind an event guard.

Aliases, anchors, tags, directives, merge keys, duplicate keys, several documents and nesting beyond 32
are refused before anything is built.  Every scalar is read as text (an empty or ``null`` plain one is
None): which type is meant follows from the schema, so nobody needs to know YAML quoting.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
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

from colophon import characters
from colophon.model import Fault
from colophon.scan import MAX_DEPTH, escape

MAX_BYTES = 256 * 1024
_NULLS = {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class YamlReading:
    """A tree of dict, list, str and None; the line of each value by pointer; faults."""

    value: Any
    lines: dict[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


class _Refused(Exception):
    def __init__(self, line: int, pointer: str, message: str, code: str = "S116") -> None:
        super().__init__(message)
        self.fault = Fault(code, line, pointer, message)


def read(raw: bytes) -> YamlReading:
    """Read one guarded YAML document; never raises on any input."""
    faults = characters.encoding_faults(raw, MAX_BYTES)
    if faults:
        return YamlReading(None, {}, faults)
    text = raw.decode("utf-8")
    reader = _Reader()
    try:
        value = reader.document(text)
        _refuse_unseen(text)
    except _Refused as refused:
        return YamlReading(None, reader.lines, (refused.fault,))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        return YamlReading(None, reader.lines, (Fault("S116", line, "", f"no YAML: {error.problem}"),))
    except (YAMLError, ValueError, RecursionError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        return YamlReading(None, reader.lines, (Fault("S116", 1, "", f"no YAML: {first}"),))
    return YamlReading(value, reader.lines)


def _refuse_unseen(text: str) -> None:
    """Refuse in comments what is refused in values; and in values what the parser would read as a line
    end.
    """
    for number, line in enumerate(text.split("\n"), 1):
        reason = characters.refused(line.replace("\t", " "))
        if reason is not None:
            raise _Refused(number, "", f"text {reason}", "S105")


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.events: Iterator[Any] = iter(())
        self.depth = 0
        self.text_lines: list[str] = []

    def document(self, text: str) -> Any:
        """Build the one document of the text."""
        self.text_lines = [*text.split("\n"), ""]
        parser = YAML(typ="safe", pure=True)
        self.events = iter(parser.parse(text))
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
        value = self._mapping(pointer) if isinstance(event, MappingStartEvent) else self._sequence(pointer)
        self.depth -= 1
        return value

    def _scalar(self, event: ScalarEvent, line: int, pointer: str) -> str | None:
        text = str(event.value)
        if event.style is None and self._is_cut_by_comment(event):
            shown = f"text stops before a #, which begins a comment here: {text[:60]!r}"
            raise _Refused(line, pointer, f"{shown}; write the whole text below the key, after |")
        if event.style is None and text in _NULLS:
            return None
        reason = characters.refused(text)
        if reason is not None:
            raise _Refused(line, pointer, f"text {reason}", "S105")
        return text

    def _is_cut_by_comment(self, event: ScalarEvent) -> bool:
        """Whether a comment follows plain text on its line: the writer most likely meant one text."""
        rest = self.text_lines[event.end_mark.line][event.end_mark.column :]
        return bool(event.value) and rest.lstrip().startswith("#")

    def _mapping(self, pointer: str) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                return value
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
        raise _Refused(1, pointer, "a mapping is not closed")

    def _sequence(self, pointer: str) -> list[Any]:
        value: list[Any] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                return value
            value.append(self._node(event, f"{pointer}/{len(value)}"))
        raise _Refused(1, pointer, "a sequence is not closed")
