"""Lines of a text that stand too far left, such as what goes on below ``note:`` without being indented.

To a YAML reader they belong to no key, and to everybody else to the text above.  They are not read, because a
guess should not decide what is published; they are shown as they should stand.
"""

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence

from colophon import unquoted
from colophon.model import Fault, Patch
from colophon.unquoted import ENTRY, begins_entry, is_below

_STEP = 2
_BLOCK = re.compile(r"[|>][+-]?")
# What begins a list, a mapping, a comment, an alias, an anchor, a tag, or a block with a margin of its own.
_NO_TEXT = re.compile(r"[\[{#&*!]|[|>][+-]?[0-9]")
# What begins a line of which something else is meant.
_NO_LINE = ("#", "\t", "---", "...", "<<:")
_SHOWN, _LONGEST = 60, 8_000


def told(text: str, wrong: Callable[[str], str]) -> Fault | None:
    """Return the fault of the first text with lines outside of it, or None when this is not what is wrong.

    ``wrong`` says what is wrong with a document, or nothing.  It has the last word: with all such lines where
    they should be, the document can be read, or it is known what else it needs.
    """
    lines = text.split("\n")
    found = list(_texts(lines))
    for first, inside, last in reversed(found):
        lines[first:last] = _written(lines[first:inside], lines[inside:last])
    if not found:
        return None
    mended = unquoted.mended("\n".join(lines), wrong)
    return None if isinstance(mended, str) and wrong(mended) else _fault(text.split("\n"), *found[0])


def joined(lines: Sequence[str], first: int, inside: int, last: int) -> Patch | None:
    """Return the patch that takes lines into the text above them; None where none fits, or only a long one.

    Counted from 0, the text begins on line ``first``, they on ``inside``, and what comes behind on ``last``.
    """
    if not first < inside < last or not _is_text(lines[first]):
        return None
    written = "\n".join(_written(lines[first:inside], lines[inside:last]))
    return Patch(first + 1, last, written) if len(written) <= _LONGEST else None


def _fault(lines: list[str], first: int, inside: int, last: int) -> Fault:
    astray = next(at for at in range(inside, last) if lines[at].strip())
    shown = lines[astray].strip()[:_SHOWN]
    message = (
        f"this line belongs to no key: {shown!r}; the lines of one text stand below its key, each indented"
    )
    return Fault("S116", astray + 1, "", message, joined(lines, first, inside, last))


def _texts(lines: list[str]) -> Iterator[tuple[int, int, int]]:
    """Yield where a text begins, where its lines end that stand below its key, and where all of them end."""
    at = 0
    while at < len(lines):
        inside = _inside(lines, at)
        end = _outside(lines, at, inside)
        if end > inside:
            yield at, inside, end
        at = end


def _inside(lines: list[str], at: int) -> int:
    """Return where the value ends that begins on a line; of what is no text, the line itself."""
    match = ENTRY.fullmatch(lines[at])
    end = at + 1
    if match is None or not match["key"]:
        return end
    while end < len(lines) and is_below(lines[end], match.start("key")):
        end += 1
    first = next((line for line in lines[at + 1 : end] if line.strip()), "")
    if not match["value"].strip() and begins_entry(first):
        return at + 1
    while not lines[end - 1].strip():
        end -= 1
    return end


def _outside(lines: list[str], at: int, inside: int) -> int:
    """Return where the lines end that belong to the text of an entry and stand outside of it."""
    match = ENTRY.fullmatch(lines[at])
    end = below = inside
    if match is None or not _is_text(lines[at]):
        return end
    has_value = bool(match["value"].strip())
    while below < len(lines):
        line = lines[below]
        below += 1
        if _is_astray(line, match.start("key"), has_value=has_value):
            end = below
        elif line.strip():
            break
    return end


def _is_text(line: str) -> bool:
    """Whether a line begins with a key and then a text, or nothing yet."""
    match = ENTRY.fullmatch(line)
    return match is not None and bool(match["key"]) and not _NO_TEXT.match(match["value"])


def _is_astray(line: str, column: int, *, has_value: bool) -> bool:
    """Whether a line belongs to no key, and so to the text of the entry at a column above it."""
    bare = line.lstrip(" ")
    if not line.strip() or is_below(line, column) or bare.startswith(_NO_LINE):
        return False
    # A list at the margin of a key that has a value is none.
    is_dash = bare.startswith("-") and has_value and len(line) - len(bare) == column
    return is_dash or not begins_entry(line)


def _written(inside: Sequence[str], outside: Sequence[str]) -> list[str]:
    """Return a text with its key, as a block."""
    match = ENTRY.fullmatch(inside[0])
    assert match is not None  # noqa: S101  the caller looked
    value, room = match["value"].strip(), " " * (match.start("key") + _STEP)
    block = value if _BLOCK.fullmatch(value) else "|"
    parts = ["" if value == block else value, *_dedented(inside[1:]), *_dedented(outside)]
    text = _without_quotes("\n".join(parts).strip())
    return [f"{match['head'].rstrip()} {block}", *(f"{room}{line}".rstrip() for line in text.split("\n"))]


def _dedented(lines: Sequence[str]) -> list[str]:
    return textwrap.dedent("\n".join(lines)).split("\n") if lines else []


def _without_quotes(text: str) -> str:
    """Return a text without the quotes around all of it."""
    is_quoted = text[0] in "\"'" and text[-1] == text[0] and text.count(text[0]) == len("''")
    return text[1:-1] if is_quoted else text
