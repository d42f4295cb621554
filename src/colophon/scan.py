"""A strict, non-recursive JSON scanner that says where things are and what is wrong with them.

It runs only where the fast reader of :mod:`colophon.canon` found something, and where a finding needs
the line of a JSON pointer.  Grammar: RFC 8259; pointers: RFC 6901.
"""

import json
import re
from dataclasses import dataclass, field

from colophon import characters
from colophon.model import Fault

MAX_DEPTH = 32
MAX_INTEGER = 2**53
_LONGEST_KEY = 200

_SPACE = re.compile(r"[ \t\r\n]*")
# Possessive, so that a string of megabytes is matched without a stack of places to go back to.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NUMBER = re.compile(r"-?[0-9.][0-9a-zA-Z.+-]*")
_GOOD_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_DECODER = json.JSONDecoder(strict=False)
_WORD = re.compile(r"-?[A-Za-z]+")
_CONSTANTS = {"true", "false", "null"}
_NOT_FINITE = {"NaN", "Infinity", "-Infinity"}


@dataclass
class _Container:
    """An open object or array; ``keys`` is None for an array."""

    pointer: str
    keys: set[str] | None
    count: int = 0


class _Syntax(Exception):
    """Internal: scanning cannot go on; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass
class Scan:
    """Line of every value by JSON pointer, and every fault found until the text made no sense."""

    lines: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def scan(text: str) -> Scan:
    """Scan a JSON text; never raises on any input."""
    return _Scanner(text).run()


def escape(key: str) -> str:
    """Escape one reference token of a JSON pointer.

    Of a longer key the first 200 characters stand for it: the pointers below a key of megabytes would
    otherwise fill the memory.
    """
    return key[:_LONGEST_KEY].replace("~", "~0").replace("/", "~1")


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.line = 1
        self.stack: list[_Container] = []
        self.pointer = ""
        self.result = Scan()

    def run(self) -> Scan:
        try:
            self._value()
            while self.stack:
                self._member()
            self._skip()
            if self.position < len(self.text):
                self._stop("S101", f"text goes on after the value: {self._here()}")
        except _Syntax as stop:
            self.result.faults.append(stop.fault)
        return self.result

    def _advance(self, end: int) -> None:
        self.line += self.text.count("\n", self.position, end)
        self.position = end

    def _skip(self) -> None:
        match = _SPACE.match(self.text, self.position)
        assert match is not None  # noqa: S101  the pattern matches the empty string
        self._advance(match.end())

    def _here(self) -> str:
        rest = self.text[self.position : self.position + 20]
        return repr(rest) if rest else "the file ends"

    def _fault(self, code: str, message: str) -> None:
        self.result.faults.append(Fault(code, self.line, self.pointer, message))

    def _stop(self, code: str, message: str) -> None:
        raise _Syntax(Fault(code, self.line, self.pointer, message))

    def _value(self) -> None:
        """Read one value, or open one container; the position stands before it."""
        self._skip()
        self.result.lines.setdefault(self.pointer, self.line)
        opening = self.text[self.position : self.position + 1]
        if opening in ("{", "["):
            self._open(opening)
        elif opening == '"':
            self._string()
        elif match := _WORD.match(self.text, self.position):
            self._word(match)
        elif match := _NUMBER.match(self.text, self.position):
            self._number(match)
        else:
            self._stop("S101", f"expected a value, found {self._here()}")

    def _open(self, opening: str) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._stop("S104", f"nesting is deeper than {MAX_DEPTH}")
        self.stack.append(_Container(self.pointer, set() if opening == "{" else None))
        self._advance(self.position + 1)

    def _string(self) -> str:
        match = _STRING.match(self.text, self.position)
        if match is None:
            self._stop("S101", "a string is not closed before the file ends")
            raise AssertionError
        try:
            value = str(_DECODER.decode(match[0])) if "\\" in match[0] else match[0][1:-1]
        except ValueError:
            self._stop("S101", f"a string holds a wrong escape: {self._here()}")
            raise
        reason = characters.refused(value)
        if "\n" in match[0]:
            self._fault("S101", "a string goes over the end of a line, expected \\n in its place")
        if reason is not None:
            self._fault("S105", f"text {reason}")
        self._advance(match.end())
        return value

    def _word(self, match: re.Match[str]) -> None:
        if match[0] in _NOT_FINITE:
            self._fault("S103", f"{match[0]} is no JSON number")
        elif match[0] not in _CONSTANTS:
            self._stop("S101", f"expected a value, found {match[0][:40]!r}")
        self._advance(match.end())

    def _number(self, match: re.Match[str]) -> None:
        number = match[0]
        good = _GOOD_NUMBER.fullmatch(number)
        if good is None:
            self._stop("S101", f"{number[:40]!r} is no JSON number")
        elif good[1] is None and good[2] is None:
            if len(number) > 17 or abs(int(number)) > MAX_INTEGER:
                shown = number if len(number) <= 24 else f"{number[:12]}... ({len(number)} characters)"
                self._fault("S103", f"integer {shown} is beyond 2^53")
        elif len(number) > 40 or abs(float(number)) == float("inf"):
            self._fault("S103", f"number {number[:24]} cannot be held exactly")
        self._advance(match.end())

    def _member(self) -> None:
        """Read the next member of the innermost container, or its end."""
        container = self.stack[-1]
        self.pointer = container.pointer
        self._skip()
        closing = "]" if container.keys is None else "}"
        if self.text[self.position : self.position + 1] == closing:
            self.stack.pop()
            self._advance(self.position + 1)
            return
        if container.count:
            self._punctuation(",")
        container.count += 1
        if container.keys is None:
            self.pointer = f"{container.pointer}/{container.count - 1}"
        else:
            self._key(container, container.keys)
        self._value()

    def _key(self, container: _Container, keys: set[str]) -> None:
        self._skip()
        if self.text[self.position : self.position + 1] != '"':
            self._stop("S101", f"expected a quoted key, found {self._here()}")
        line = self.line
        key = self._string()
        self.pointer = f"{container.pointer}/{escape(key)}"
        if key in keys:
            self._fault("S102", f"key {key[:_LONGEST_KEY]!r} stands twice in one object")
        keys.add(key)
        self.result.lines.setdefault(self.pointer, line)
        self._punctuation(":")

    def _punctuation(self, expected: str) -> None:
        self._skip()
        if self.text[self.position : self.position + 1] != expected:
            self._stop("S101", f"expected {expected!r}, found {self._here()}")
        self._advance(self.position + 1)
