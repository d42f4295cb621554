"""Text as people would write it in a YAML file: plain where that survives, else on lines of its own.

Nothing is folded and nothing is typed: what is written here is read back by the guard as exactly the same
text.  Values that are no text are mappings, lists and None.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias, Union

Tree: TypeAlias = Union[str, Mapping[str, "Tree"], Sequence["Tree"], None]  # noqa: UP007  refers to itself

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_STARTS = "/($+.=_"
_ENDS_PLAIN = re.compile(r":(?: |$)| #|\n")
# What a YAML reader refuses in a file although a text may hold it; it needs an escape.
_UNPRINTABLE = re.compile("[\ufffe\uffff]")
_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_FLOW_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9._/-])?")
_STEP = 2


def written(value: Any) -> Tree:
    """Return a stored value as a person writes it: numbers and truth values are text, null is None."""
    if isinstance(value, dict):
        return {name: written(below) for name, below in value.items()}
    if isinstance(value, list):
        return [written(below) for below in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Nobody writes 1e-05.
        return f"{Decimal(str(value)):f}"
    return None if value is None else str(value)


def is_plain(text: str) -> bool:
    """Whether a text can stand behind its key as it is, in every YAML reader."""
    if text in NULLS or text != text.strip() or _ENDS_PLAIN.search(text) or _UNPRINTABLE.search(text):
        return False
    return text[0].isalnum() or text[0] in _STARTS or ord(text[0]) > 0x7F or bool(re.match("-[0-9]", text))


def scalar(text: str | None, margin: int) -> str:
    """Return what stands behind a key or dash at column ``margin``; several lines for a block."""
    if text is None:
        return "null"
    if is_plain(text):
        return text
    return block(text, margin) or double_quoted(text)


def block(text: str, margin: int) -> str:
    """Return a text as a literal block, or an empty text where a block cannot hold it."""
    if not text.strip(" \n") or _UNPRINTABLE.search(text):
        return ""
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    chomping = ("-", "", "+")[min(ends, 2)]
    indicator = str(_STEP) if text[0] in " \n" else ""
    room = " " * (margin + _STEP)
    lines = [room + line if line else "" for line in body.split("\n")]
    return "\n".join([f"|{indicator}{chomping}", *lines, *[""] * (ends - 1)])


def double_quoted(text: str) -> str:
    """Return a text in double quotes, on one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + "".join(map(_escaped, escaped)) + '"'


def _escaped(character: str) -> str:
    """Return a character, escaped where it could not stand in a file or would join the one before it."""
    if _UNPRINTABLE.match(character) or unicodedata.combining(character):
        return f"\\U{ord(character):08x}"
    return character


def quoted(text: str) -> str:
    """Return a text of one line in the quotes that need the least of escapes."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def in_flow(text: str | None) -> str:
    """Return a value for a place between brackets or braces."""
    if text is None:
        return "null"
    return text if _FLOW_PLAIN.fullmatch(text) and text not in NULLS else double_quoted(text)


def key(name: str) -> str:
    """Return a key, in quotes unless it is a simple word."""
    return name if _KEY.fullmatch(name) and name not in NULLS else double_quoted(name)


def members(tree: Mapping[str, Tree] | Sequence[Tree], margin: int = 0) -> Iterator[str]:
    """Yield the lines of a mapping or list whose keys or dashes stand at column ``margin``."""
    room = " " * margin
    if isinstance(tree, Mapping):
        for name, value in tree.items():
            yield from _member(f"{room}{key(name)}:", value, margin)
        return
    for item in tree:
        if item and not isinstance(item, str):
            first, *rest = members(item, margin + _STEP)
            yield f"{room}- {first[margin + _STEP :]}"
            yield from rest
        else:
            yield from _member(f"{room}-", item, margin)


def _member(head: str, value: Tree, margin: int) -> Iterator[str]:
    if value is None or isinstance(value, str):
        yield f"{head} {scalar(value, margin)}"
    elif value:
        yield head
        yield from members(value, margin + _STEP)
    else:
        yield f"{head} {'{}' if isinstance(value, Mapping) else '[]'}"
