"""JSON pointers (RFC 6901): reading and replacing one value of a document."""

from typing import Any

_TILDE = (("~1", "/"), ("~0", "~"))
ABSENT = object()
END = "-"


def parts(pointer: str) -> list[str]:
    """Return the reference tokens of a pointer, unescaped; the empty pointer has none."""
    return [_unescaped(part) for part in pointer.split("/")[1:]]


def _unescaped(part: str) -> str:
    for escaped, character in _TILDE:
        part = part.replace(escaped, character)
    return part


def resolve(document: Any, pointer: str) -> Any:
    """Return the value at a pointer, or :data:`ABSENT`."""
    value = document
    for part in parts(pointer):
        value = child(value, part)
        if value is ABSENT:
            return ABSENT
    return value


def child(value: Any, part: str) -> Any:
    """Return the member of an object or list by one token, or :data:`ABSENT`."""
    if isinstance(value, dict):
        return value.get(part, ABSENT)
    if isinstance(value, list) and is_index(part) and int(part) < len(value):
        return value[int(part)]
    return ABSENT


def is_index(part: str) -> bool:
    """Whether a token is the index of a list item as RFC 6901 writes it."""
    return part.isascii() and part.isdigit() and len(part) <= 9 and (part == "0" or part[0] != "0")


def replaced(document: Any, path: list[str], value: Any) -> Any:
    """Return the document with the value at ``path`` set; only the containers on the path are copied.

    The path's parent must exist; a key is added to an object, an item to the end of a list.
    """
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(document, list):
        at = int(head)
        below = document[at] if at < len(document) else None
        return [*document[:at], replaced(below, rest, value), *document[at + 1 :]]
    return {**document, head: replaced(document.get(head), rest, value)}


def all_pointers(document: Any, pointer: str = "") -> list[str]:
    """Return the pointer of every value below a document, in its order."""
    found = []
    members: list[tuple[str, Any]] = []
    if isinstance(document, dict):
        members = [(key.replace("~", "~0").replace("/", "~1"), value) for key, value in document.items()]
    elif isinstance(document, list):
        members = [(str(position), value) for position, value in enumerate(document)]
    for key, value in members:
        below = f"{pointer}/{key}"
        found += [below, *all_pointers(value, below)]
    return found
