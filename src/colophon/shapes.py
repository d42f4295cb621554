"""What a contract's schema says of each place of a document: types, key order, descriptions.

Values that people type are text; here they get the type that the schema asks for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import orjson

from colophon import bundle

_CONTRACT = re.compile(r"([a-z][a-z-]*)-(v[0-9]+(?:\.[0-9]+)?)")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,15})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,15})?")
# What has an order of its own, or is written in more than one way.
_ARRANGED = (dict, list, float)
_TRUE, _FALSE = {"true", "yes", "on"}, {"false", "no", "off"}


@cache
def known() -> tuple[str, ...]:
    """Return the ids of all contracts, sorted."""
    folder = bundle.schemas()
    return tuple(sorted(f"{file.parent.name}-{file.stem}" for file in folder.glob("*/v[0-9]*.json")))


@cache
def source(contract: str) -> bytes:
    """Return the bytes of a contract's schema.  Raises KeyError for an unknown contract."""
    if contract not in known():
        raise KeyError(contract)
    match = _CONTRACT.fullmatch(contract)
    if match is None:
        raise KeyError(contract)
    return (bundle.schemas() / match[1] / f"{match[2]}.json").read_bytes()


def example(contract: str) -> str:
    """Return a made-up example of a contract as JSON text.  Raises KeyError for an unknown contract."""
    if contract not in known():
        raise KeyError(contract)
    return (bundle.schemas() / "examples" / f"{contract}.json").read_text(encoding="utf-8")


@cache
def load(contract: str) -> dict[str, Any]:
    """Return a contract's schema as a dict; do not change it."""
    schema: dict[str, Any] = orjson.loads(source(contract))
    return schema


@dataclass(frozen=True, slots=True)
class Shape:
    """What a schema says of one place: key order, item shape, allowed types, branches by constant."""

    types: frozenset[str] = frozenset()
    properties: dict[str, "Shape"] = field(default_factory=dict)
    free: "Shape | None" = None
    items: "Shape | None" = None
    constant: Any = None
    description: str = ""
    required: tuple[str, ...] = ()
    branches: tuple["Shape", ...] = ()


@cache
def _shape(contract: str) -> Shape:
    return _build(load(contract), load(contract), 0)


def _build(node: Any, root: dict[str, Any], depth: int) -> Shape:
    """Follow local references and build the shape of one schema node."""
    if depth > 40 or not isinstance(node, dict):
        return Shape()
    if "$ref" in node:
        target: Any = root
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        shape = _build(target, root, depth + 1)
        return replace(shape, description=node.get("description", shape.description))
    types = node.get("type", ["null"] if None in node.get("enum", ()) else [])
    free = next(iter(node.get("patternProperties", {}).values()), node.get("additionalProperties"))
    return Shape(
        frozenset([types] if isinstance(types, str) else types),
        {name: _build(below, root, depth + 1) for name, below in node.get("properties", {}).items()},
        _build(free, root, depth + 1) if isinstance(free, dict) else None,
        _build(node["items"], root, depth + 1) if "items" in node else None,
        node.get("const"),
        node.get("description", ""),
        tuple(node.get("required", ())),
        tuple(_build(branch, root, depth + 1) for branch in node.get("oneOf", ())),
    )


def _branch(shape: Shape, value: Any) -> Shape:
    """Return the branch whose constants the value bears, or the shape itself."""
    if isinstance(value, dict):
        for branch in shape.branches:
            constants = {k: p.constant for k, p in branch.properties.items() if p.constant is not None}
            if all(value.get(name) == constant for name, constant in constants.items()):
                return branch
    return shape


def ordered(contract: str, document: Any) -> Any:
    """Return the document with its keys in schema order, free keys sorted, and counts as integers."""
    return _ordered(_shape(contract), document)


def _ordered(shape: Shape | None, value: Any) -> Any:
    if shape is None:
        return value
    if isinstance(value, dict):
        shape = _branch(shape, value) if shape.branches else shape
        known, free = shape.properties, shape.free
        names = [name for name in known if name in value]
        if len(names) < len(value):
            names += sorted(name for name in value if name not in known)
        return {
            name: _ordered(known.get(name, free), below)
            if isinstance(below := value[name], _ARRANGED)
            else below
            for name in names
        }
    if (
        isinstance(value, list)
        and shape.items is not None
        and (shape.items.properties or shape.items.branches)
    ):
        return [_ordered(shape.items, item) for item in value]
    if isinstance(value, float) and "integer" in shape.types and value.is_integer():
        return int(value)
    return value


def typed(contract: str, tree: Any) -> Any:
    """Return a tree of text scalars with each scalar in the type that the schema asks for.

    Text that does not read as that type stays text, so that validation names it.
    """
    return _typed(_shape(contract), tree)


def typed_at(contract: str, path: list[str], value: Any) -> Any:
    """Return the value with its scalars in the types that the schema asks for at one place of a document."""
    return _typed(shape_at(contract, path), value)


def ordered_at(contract: str, path: list[str], value: Any) -> Any:
    """Return the value with its keys in the order that the schema has at one place of a document."""
    return _ordered(shape_at(contract, path), value)


def knows(contract: str, path: list[str]) -> bool:
    """Whether the schema allows a value at one place of a document."""
    return shape_at(contract, path) is not None


def blank_at(contract: str, path: list[str]) -> dict[str, Any]:
    """Return the required fields of an object at one place of a document that may be null, each null."""
    return _blank(shape_at(contract, path))


def _blank(shape: Shape | None) -> dict[str, Any]:
    if shape is None:
        return {}
    below = {name: shape.properties[name] for name in shape.required if name in shape.properties}
    return {
        name: None if "null" in one.types else _blank(one)
        for name, one in below.items()
        if "null" in one.types or one.types == {"object"}
    }


def _typed(shape: Shape | None, value: Any) -> Any:
    if shape is None:
        return value
    if isinstance(value, dict):
        shape = _branch(shape, value)
        return {name: _typed(shape.properties.get(name, shape.free), below) for name, below in value.items()}
    if isinstance(value, list):
        return [_typed(shape.items, item) for item in value]
    return _typed_scalar(shape.types, value)


def _typed_scalar(types: frozenset[str], text: Any) -> Any:
    if not isinstance(text, str) or "string" in types:
        return text
    if "integer" in types and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in types and _NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in types and text.casefold() in _TRUE | _FALSE:
        return text.casefold() in _TRUE
    return text


def shape_at(contract: str, path: Sequence[str | int]) -> Shape | None:
    """Return what the schema says of the place at a path, or None where it says nothing."""
    shape: Shape | None = _shape(contract)
    for part in path:
        if shape is not None:
            shape = _below(shape, str(part))
    return shape


def _below(shape: Shape, part: str) -> Shape | None:
    if shape.items is not None and part.isdigit():
        return shape.items
    return shape.properties.get(part, shape.free)
