"""Frozen values as bytes for a file of our own, and back.

The file may have come from elsewhere, as caches of build machines do, so reading makes nothing but the
values of this program: bytes that ask for anything else are no value.
"""

import gc
import io
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass
from enum import Enum
from typing import Any, TypeVar

Value = TypeVar("Value")
_PACKAGE = "colophon."


class _Reader(pickle.Unpickler):
    """Makes the frozen values and enumerations of this program and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module.startswith(_PACKAGE) else None
        if not isinstance(found, type) or not _is_value(found):
            raise pickle.UnpicklingError(f"{module}.{name} is no value")
        return found


def _is_value(kind: type) -> bool:
    return (
        is_dataclass(kind) or issubclass(kind, Enum) or (issubclass(kind, tuple) and hasattr(kind, "_fields"))
    )


class _Writer(pickle.Pickler):
    """Writes a member of an enumeration by its value: some versions of Python ask for ``getattr`` instead."""

    def reducer_override(self, obj: Any) -> Any:
        return (type(obj), (obj.value,)) if isinstance(obj, Enum) else NotImplemented


@contextmanager
def staying() -> Iterator[None]:
    """Read many values that come to stay.

    Looking for garbage among a hundred thousand of them makes the reading longer by a third and more, and
    would do so to all that follows.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if collects:
            gc.enable()


def packed(value: object) -> bytes:
    """Return a value as bytes."""
    file = io.BytesIO()
    _Writer(file, pickle.HIGHEST_PROTOCOL).dump(value)
    return file.getvalue()


def unpacked(raw: bytes, kind: type[Value]) -> Value | None:
    """Return the value of a kind that was packed, or None when the bytes are no such value."""
    try:
        found = _Reader(io.BytesIO(raw)).load()
    except Exception:  # noqa: BLE001  damaged bytes raise whatever they please
        return None
    return found if isinstance(found, kind) else None
