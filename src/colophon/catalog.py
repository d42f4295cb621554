"""The one plug-in mechanism: declare by decorator, discover by folder, then freeze."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

Declared = TypeVar("Declared")


class Catalog(Generic[Declared]):
    """Things declared by the modules of one package, by key.

    ``all()`` imports every module of the package once and freezes the catalogue; two declarations
    of one key are an error that names both files.
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._declared: dict[str, Declared] = {}
        self._origins: dict[str, str] = {}
        self._frozen: Mapping[str, Declared] | None = None

    def declare(self, key: str, value: Declared, function: Callable[..., object]) -> None:
        """Add ``value`` under ``key``; ``function`` is named as its origin in errors."""
        origin = inspect.getsourcefile(function) or function.__module__
        if self._frozen is not None:
            raise RuntimeError(f"{origin}: {key} is declared after discovery of {self._package}")
        if key in self._declared:
            raise RuntimeError(f"{key} is declared twice: {self._origins[key]} and {origin}")
        self._declared[key] = value
        self._origins[key] = origin

    def declared(self, key: str) -> Declared:
        """Return what is declared under ``key`` so far, for declarations that build on another."""
        return self._declared[key]

    def all(self) -> Mapping[str, Declared]:
        """Return everything declared, sorted by key."""
        if self._frozen is None:
            package = importlib.import_module(self._package)
            for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
                if not module.name.startswith("_"):
                    importlib.import_module(f"{self._package}.{module.name}")
            self._frozen = MappingProxyType(dict(sorted(self._declared.items())))
        return self._frozen
