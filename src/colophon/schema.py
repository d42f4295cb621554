"""JSON Schemas by contract id: validate, explain, order keys, give types to text.

The only module that knows ``jsonschema`` and ``jsonschema_rs``.  Neither engine may fetch anything: both
get an explicit registry without retrieval.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import Any, Literal

import jsonschema_rs
import orjson

from colophon import bundle, characters
from colophon.matching import did_you_mean
from colophon.model import Fault
from colophon.scan import escape

Engine = Literal["fast", "both"]
_CONTRACT = re.compile(r"([a-z][a-z-]*)-(v[0-9]+(?:\.[0-9]+)?)")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,15})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,15})?")
# A hostile file of a few megabytes can have a million faults; nobody reads more than some.
_MOST_FAULTS = 200
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


@cache
def _fast(contract: str) -> Any:
    return jsonschema_rs.validator_for(load(contract), validate_formats=True, retriever=_no_retrieval)


@cache
def _second(contract: str) -> Any:
    # Imported here: its format checks build a grammar for a second, and only --engine both needs it.
    import jsonschema  # noqa: PLC0415
    import referencing  # noqa: PLC0415

    return jsonschema.Draft202012Validator(
        load(contract),
        registry=referencing.Registry(),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def _no_retrieval(uri: str) -> Any:
    raise ValueError(f"{uri} is not part of the schema")


def faults(contract: str, document: Any, engine: Engine = "fast") -> tuple[Fault, ...]:
    """Return S110 faults of a document, sorted by pointer; the lines are not known here and are 1.

    With ``both`` a second, independent engine judges too, and a disagreement is S118.
    """
    found = (
        () if engine == "fast" and _fast(contract).is_valid(document) else tuple(_explain(contract, document))
    )
    if engine == "both":
        second = _second(contract).is_valid(document)
        if second != (not found):
            words = ("accepts", "refuses") if second else ("refuses", "accepts")
            message = f"jsonschema {words[0]} the document, jsonschema-rs {words[1]} it"
            found += (Fault("S118", 1, "", message),)
    return found


def _explain(contract: str, document: Any) -> Iterator[Fault]:
    """Yield what the fast engine finds, in its own words, shortened."""
    errors = set()
    for error in islice(_fast(contract).iter_errors(document), _MOST_FAULTS):
        pointer = "".join(f"/{escape(str(part))}" for part in error.instance_path)
        errors.add((pointer, _message(contract, error)))
    for pointer, message in sorted(errors):
        yield Fault("S110", 1, pointer, message)
    if len(errors) == _MOST_FAULTS:
        yield Fault("S110", 1, "", f"there may be more than these {_MOST_FAULTS} faults of the document")


def _message(contract: str, error: Any) -> str:
    """Return an engine's message for people: a form or a choice is told by what the contract says of it."""
    kind = error.kind.name
    if kind in ("pattern", "format"):
        shown = characters.visible(str(error.instance))
        shown = shown if len(shown) <= 80 else f"{shown[:60]} ... {shown[-10:]}"
        return f'"{shown}" does not have the form of this field: {_described(contract, error)}'
    if kind == "enum":
        shown = characters.visible(str(error.instance))[:80]
        options = [option for option in error.kind.options if option is not None]
        nearest = did_you_mean(shown, [str(option) for option in options])
        meant = f"; did you mean {nearest}?" if nearest else ""
        return f'"{shown}" is none of {", ".join(map(str, options))}{meant}'
    message = characters.visible(error.message)
    message = message if len(message) <= 300 else f"{message[:200]} ... {message[-80:]}"
    return message + _guess(contract, error)


def _described(contract: str, error: Any) -> str:
    """Return the contract's description of the field that an error is about, with the form it asks for."""
    shape = _shape_at(contract, error.instance_path)
    return (shape.description if shape is not None else "") or "see the page of the contract"


def _shape_at(contract: str, path: list[str | int]) -> "_Shape | None":
    """Return what the schema says of the place at a path, or None where it says nothing."""
    shape: _Shape | None = _shape(contract)
    for part in path:
        if shape is not None:
            shape = shape.items if isinstance(part, int) else shape.properties.get(part, shape.free)
    return shape


def _guess(contract: str, error: Any) -> str:
    """Return which field was probably meant by an unknown one, in words, or nothing."""
    if error.kind.name != "additionalProperties":
        return ""
    shape = _shape_at(contract, error.instance_path)
    names = list(shape.properties) if shape is not None else []
    nearest = [did_you_mean(str(name)[:100], names) for name in error.kind.unexpected[:5]]
    meant = ", ".join(name for name in nearest if name)
    return f"; did you mean {meant}?" if meant else ""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a schema says of one place: key order, item shape, allowed types, branches by constant."""

    types: frozenset[str] = frozenset()
    properties: dict[str, "_Shape"] = field(default_factory=dict)
    free: "_Shape | None" = None
    items: "_Shape | None" = None
    constant: Any = None
    description: str = ""
    branches: tuple["_Shape", ...] = ()


@cache
def _shape(contract: str) -> _Shape:
    return _build(load(contract), load(contract), 0)


def _build(node: Any, root: dict[str, Any], depth: int) -> _Shape:
    """Follow local references and build the shape of one schema node."""
    if depth > 40 or not isinstance(node, dict):
        return _Shape()
    if "$ref" in node:
        target: Any = root
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        shape = _build(target, root, depth + 1)
        return replace(shape, description=node.get("description", shape.description))
    types = node.get("type", [])
    free = next(iter(node.get("patternProperties", {}).values()), node.get("additionalProperties"))
    return _Shape(
        frozenset([types] if isinstance(types, str) else types),
        {name: _build(below, root, depth + 1) for name, below in node.get("properties", {}).items()},
        _build(free, root, depth + 1) if isinstance(free, dict) else None,
        _build(node["items"], root, depth + 1) if "items" in node else None,
        node.get("const"),
        node.get("description", ""),
        tuple(_build(branch, root, depth + 1) for branch in node.get("oneOf", ())),
    )


def _branch(shape: _Shape, value: Any) -> _Shape:
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


def _ordered(shape: _Shape | None, value: Any) -> Any:
    if shape is None:
        return value
    if isinstance(value, dict):
        shape = _branch(shape, value)
        fixed = [name for name in shape.properties if name in value]
        rest = sorted(name for name in value if name not in shape.properties)
        return {n: _ordered(shape.properties.get(n, shape.free), value[n]) for n in (*fixed, *rest)}
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


def _typed(shape: _Shape | None, value: Any) -> Any:
    if shape is None:
        return value
    if isinstance(value, dict):
        shape = _branch(shape, value)
        return {name: _typed(shape.properties.get(name, shape.free), below) for name, below in value.items()}
    if isinstance(value, list):
        return [_typed(shape.items, item) for item in value]
    return _typed_scalar(shape.types, value)


def _typed_scalar(types: frozenset[str], text: str | None) -> Any:
    if text is None or "string" in types:
        return text
    if "integer" in types and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in types and _NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in types and text.casefold() in _TRUE | _FALSE:
        return text.casefold() in _TRUE
    return text
