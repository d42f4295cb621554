"""What of this program a result depends on: the modules that one needs, as their texts say.

What is kept between runs is kept under the digest of them, so that a change of one audit, or of a page,
leaves what does not need it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from colophon import bundle

_ROOT = "colophon"
_IMPORT = re.compile(
    rf"^[ \t]*(?:from ({_ROOT}(?:\.\w+)*) import (\([^)]*\)|[^\n]*)|import ({_ROOT}(?:\.\w+)*))", re.MULTILINE
)
# A catalogue imports every module of its package when somebody asks it.
_CATALOG = re.compile(rf'\bCatalog\("({_ROOT}\.\w+)"\)')
_COMMENT = re.compile(r"#[^\n]*")


def digest(module: str, *, apart: tuple[str, ...] = ()) -> str:
    """Return the digest of a module and of all that it needs.

    ``apart`` are packages whose catalogue does not count: what they declare is kept under digests of its own.
    """
    whole = hashlib.sha256()
    for name in sorted(needed(module, apart=apart)):
        whole.update(f"{name} {_text_digest(name)}\n".encode())
    return whole.hexdigest()


@cache
def needed(module: str, *, apart: tuple[str, ...] = ()) -> frozenset[str]:
    """Return a module with all modules of this program that it needs, directly or not.

    Raises KeyError for a module that is none of this program.
    """
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _needs(name)
            waiting += (one for package in _catalogs(name) if package not in apart for one in _below(package))
    return frozenset(found)


@cache
def _modules() -> Mapping[str, Path]:
    """Return the files of all modules by name; a package's is its ``__init__``."""
    found = {}
    for file in bundle.PACKAGE.rglob("*.py"):
        parts = file.relative_to(bundle.PACKAGE).with_suffix("").parts
        found[".".join((_ROOT, *(part for part in parts if part != "__init__")))] = file
    return found


@cache
def _text(module: str) -> str:
    return _modules()[module].read_text(encoding="utf-8")


@cache
def _text_digest(module: str) -> str:
    return hashlib.sha256(_text(module).encode()).hexdigest()


@cache
def _needs(module: str) -> frozenset[str]:
    """Return what a module imports, with the packages in which that lies: Python runs those first."""
    found = {module}
    for package, names, alone in _IMPORT.findall(_text(module)):
        base = package or alone
        found.add(base)
        found.update(f"{base}.{name}" for name in _names(names))
    known = {name for name in found if name in _modules()}
    return frozenset(above for name in known for above in _with_above(name)) - {module}


def _names(listed: str) -> Iterable[str]:
    """Return the names in what follows ``import``."""
    parts = _COMMENT.sub("", listed).strip("() \t\n").split(",")
    return [part.split()[0] for part in parts if part.split()]


def _with_above(module: str) -> Iterator[str]:
    while module:
        yield module
        module = module.rpartition(".")[0]


@cache
def _catalogs(module: str) -> list[str]:
    return _CATALOG.findall(_text(module))


@cache
def _below(package: str) -> frozenset[str]:
    return frozenset(name for name in _modules() if name.rpartition(".")[0] == package)
