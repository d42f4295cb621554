"""A JSON Schema as a flat list of fields, for readers, and the difference of two such lists."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "object",
    "null": "null",
}
_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Field:
    """One place of a document.  ``path`` is a JSON pointer; ``*`` is every item, ``{key}`` a free key."""

    path: str
    kind: str
    required: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one shape of a document; most contracts have one shape."""

    name: str
    meaning: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions of a contract."""

    path: str
    text: str


def groups(schema: Schema) -> list[Group]:
    """Return the shapes of a schema with their fields."""
    branches = schema.get("oneOf")
    if not branches:
        return [Group("", schema.get("description", ""), tuple(_below(schema, schema, "", 0)))]
    return [
        Group(
            branch.get("$ref", "").rpartition("/")[2] or f"shape {number}",
            _resolved(branch, schema).get("description", ""),
            tuple(_below(_resolved(branch, schema), schema, "", 0)),
        )
        for number, branch in enumerate(branches, 1)
    ]


def plain(text: str) -> str:
    """Return a description without the marks of code."""
    return text.replace("`", "")


def changes(earlier: Schema, later: Schema) -> Iterator[Change]:
    """Yield the fields that were added, removed, or are now another type or otherwise required, by path."""
    old, new = _by_path(earlier), _by_path(later)
    for path in sorted(old.keys() | new.keys()):
        if path not in old:
            yield Change(path, "added, required" if new[path].required else "added")
        elif path not in new:
            yield Change(path, "removed")
        elif path.endswith("/contract_version"):
            continue
        else:
            yield from _differences(path, old[path], new[path])


def _differences(path: str, old: Field, new: Field) -> Iterator[Change]:
    if old.required != new.required:
        yield Change(path, "now required" if new.required else "no longer required")
    if old.kind != new.kind:
        yield Change(path, f"was {old.kind}, is {new.kind}")


def _by_path(schema: Schema) -> dict[str, Field]:
    shapes = groups(schema)
    return {
        f"{group.name}: {field.path}" if len(shapes) > 1 else field.path: field
        for group in shapes
        for field in group.fields
    }


def _resolved(node: Schema, root: Schema) -> Schema:
    """Return a node with its local reference followed; what stands beside the reference wins."""
    found = node
    while "$ref" in found:
        target: Any = root
        for part in found["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        found = {**target, **{name: value for name, value in found.items() if name != "$ref"}}
    return found


def _below(node: Schema, root: Schema, path: str, depth: int) -> Iterator[Field]:
    """Yield the fields of an object in schema order."""
    if depth > _DEPTH:
        return
    required = set(node.get("required", ()))
    for name, value in node.get("properties", {}).items():
        yield from _field(_resolved(value, root), root, f"{path}/{name}", name in required, depth)
    free = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
    for value in free:
        if isinstance(value, dict):
            yield from _field(_resolved(value, root), root, f"{path}/{{key}}", False, depth)


def _field(node: Schema, root: Schema, path: str, required: bool, depth: int) -> Iterator[Field]:
    """Yield one field and what lies below it."""
    items = _resolved(node["items"], root) if isinstance(node.get("items"), dict) else None
    kind = _kind(node)
    if items is not None:
        kind = kind.replace("list", f"list of {_kind(items)}")
    yield Field(path, kind, required, plain(node.get("description", "")))
    if items is not None:
        yield from _below(items, root, f"{path}/*", depth + 1)
    yield from _below(node, root, path, depth + 1)


def _kind(node: Schema) -> str:
    """Return in words what a value may be."""
    if "const" in node:
        return json.dumps(node["const"])
    if "enum" in node:
        values = (value if isinstance(value, str) else json.dumps(value) for value in node["enum"])
        return f"one of {', '.join(values)}"
    types = node.get("type", [])
    words = [_WORDS.get(name, name) for name in ([types] if isinstance(types, str) else types)]
    if node.get("format") == "date":
        words = ["day" if word == "text" else word for word in words]
    return " or ".join(words) or "any value"
