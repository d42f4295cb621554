"""Set single values in a YAML file that a person wrote, and leave every other character as it is.

The guard says where each value stands; only that place is written anew.  Comments, the order of keys, blank
lines and quotes elsewhere stay because they are not touched.
"""

from collections.abc import Mapping

from colophon import characters, yaml_guard, yaml_text
from colophon import pointer as pointers
from colophon.yaml_guard import Span, YamlReading

_QUOTES, _BLOCKS = ("'", '"'), ("|", ">")


def edited(raw: bytes, values: Mapping[str, str | None]) -> bytes:
    """Return the file with texts set by JSON pointer; a key that is missing is added last in its mapping.

    It comes back with line ends of Unix, because people copy it from a page or a terminal.
    Raises ValueError, with the reason, for a file that is refused, a pointer that names no text and no new
    key, and where the result would not read as the old values with the new ones.
    """
    text = characters.unix(raw).decode("utf-8", "replace")
    reading = yaml_guard.read(raw)
    if reading.faults:
        raise ValueError(f"line {reading.faults[0].line}: {reading.faults[0].message}")
    file = _File(text, reading)
    edits = [file.edit(pointer, value) for pointer, value in values.items()]
    result = _applied(text, edits).encode()
    expected = reading.value
    for pointer, value in values.items():
        expected = pointers.replaced(expected, pointers.parts(pointer), value)
    if yaml_guard.read(result).value != expected:
        raise ValueError(f"{', '.join(values)} cannot be set without changing more; edit the file by hand")
    return result


def _applied(text: str, edits: list[tuple[int, int, str]]) -> str:
    """Return the text with each stretch from one place to another replaced."""
    parts, done = [], 0
    # A line that is added comes after a value that is set at the same place.
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], edit[2].startswith("\n"))):
        parts += [text[done:start], new]
        done = max(done, end)
    return "".join([*parts, text[done:]])


class _File:
    """The text of a file with the places of its values."""

    def __init__(self, text: str, reading: YamlReading) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.spans = reading.spans
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def edit(self, pointer: str, value: str | None) -> tuple[int, int, str]:
        """Return from where to where the text is replaced, and by what."""
        span = self.spans.get(pointer)
        if span is None:
            return self._added(pointer, value)
        if span.style in ("map", "list"):
            raise ValueError(f"{pointer or 'the document'} is a {span.style}, only a text can be set")
        start, end = self._offset(span.start), self._offset(span.end)
        new = self._written(span, value)
        # An empty value stands right behind its colon or dash.
        return start, end, f" {new}" if start == end and self.text[start - 1 : start] != " " else new

    def _offset(self, place: yaml_guard.Place) -> int:
        return self.starts[place[0]] + place[1]

    def _written(self, span: Span, value: str | None) -> str:
        """Return a value in the form of the one before it, where that can hold it."""
        if value is None:
            return "null"
        if span.flow:
            return yaml_text.in_flow(value)
        commented = self.lines[span.end[0]][span.end[1] :].strip()
        if span.style in _QUOTES or commented:
            return _in_quotes(value, span.style)
        literal = yaml_text.block(value, max(span.margin, 0)) if span.style in _BLOCKS else ""
        return literal or yaml_text.scalar(value, max(span.margin, 0))

    def _added(self, pointer: str, value: str | None) -> tuple[int, int, str]:
        above, _, last = pointer.rpartition("/")
        span = self.spans.get(above)
        if span is None or span.style != "map" or "/" not in pointer:
            raise ValueError(f"{pointer} is no place of this file, and none where a key can be added")
        name = pointers.parts(f"/{last}")[0]
        if span.flow:
            at = self._offset(span.end) - 1
            comma = "" if self.text[self._offset(span.start) + 1 : at].strip() in ("", ",") else ", "
            return at, at, f"{comma}{yaml_text.key(name)}: {yaml_text.in_flow(value)}"
        line = f"{' ' * span.margin}{yaml_text.key(name)}: {yaml_text.scalar(value, span.margin)}"
        at = self.starts[span.end[0] + 1]
        return (at, at, f"{line}\n") if at <= len(self.text) else (at - 1, at - 1, f"\n{line}")


def _in_quotes(value: str, style: str) -> str:
    if style == "'" and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    return yaml_text.double_quoted(value)
