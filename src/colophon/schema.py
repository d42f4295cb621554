"""JSON Schemas by contract id: validate, explain, order keys, give types to text.

The only module that knows ``jsonschema`` and ``jsonschema_rs``.  Neither engine may fetch anything: both
get an explicit registry without retrieval.
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, Literal

import jsonschema_rs

from colophon import characters
from colophon.matching import did_you_mean, suggestion
from colophon.model import Fault
from colophon.scan import escape
from colophon.shapes import (
    blank_at,
    example,
    known,
    knows,
    load,
    ordered,
    ordered_at,
    shape_at,
    source,
    typed,
    typed_at,
)

__all__ = [
    "Engine", "blank_at", "example", "faults", "known", "knows", "load", "ordered", "ordered_at", "shape_at",
    "source", "typed", "typed_at",
]  # fmt: skip

Engine = Literal["fast", "both"]
# A hostile file of a few megabytes can have a million faults; nobody reads more than some.
_MOST_FAULTS = 200


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
        meant = suggestion(did_you_mean(shown, map(str, options)))
        return f'"{shown}" is none of {", ".join(map(str, options))}{meant}'
    if kind == "required":
        missing = shape_at(contract, [*error.instance_path, error.kind.property])
        told = f": {missing.description}" if missing is not None and missing.description else ""
        return f'"{error.kind.property}" is a required property{told}'
    if kind == "maxItems" and error.kind.limit == 0:
        return f"has no place in a document of this kind: {_described(contract, error)}"
    message = characters.visible(error.message)
    message = message if len(message) <= 300 else f"{message[:200]} ... {message[-80:]}"
    return message + _guess(contract, error)


def _described(contract: str, error: Any) -> str:
    """Return the contract's description of the field that an error is about, with the form it asks for."""
    shape = shape_at(contract, error.instance_path)
    return (shape.description if shape is not None else "") or "see the page of the contract"


def _guess(contract: str, error: Any) -> str:
    """Return which field was probably meant by an unknown one, in words, or nothing."""
    if error.kind.name != "additionalProperties":
        return ""
    shape = shape_at(contract, error.instance_path)
    names = list(shape.properties) if shape is not None else []
    nearest = [did_you_mean(str(name)[:100], names) for name in error.kind.unexpected[:5]]
    return suggestion(", ".join(name for name in nearest if name))
