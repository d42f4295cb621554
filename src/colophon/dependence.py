"""What of this program a result depends on: the modules and templates that a module needs, as they say.

What is kept between runs is kept under the digest of them, so that a change of one audit, or of a template,
leaves what does not need it.  A template goes by its name in the folder of pages.
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
# Where a module or another template asks for a template; a page's address is written alike elsewhere.
_TEMPLATE = re.compile(r'(?:\brender(?:ed)?\(\s*|\{%-?\s*(?:from|import|include|extends)\s+)"([\w.]+\.html)"')


def digest(module: str, *, apart: tuple[str, ...] = ()) -> str:
    """Return the digest of a module and of all that it needs.

    ``apart`` are packages whose catalogue does not count: what they declare is kept under digests of its own.
    """
    whole = hashlib.sha256()
    for one in sorted(needed(module, apart=apart)):
        whole.update(f"{one} {_text_digest(one)}\n".encode())
    return whole.hexdigest()


@cache
def needed(module: str, *, apart: tuple[str, ...] = ()) -> frozenset[str]:
    """Return a module with all modules and templates of this program that it needs, directly or not.

    Raises KeyError for a module that is none of this program.
    """
    found: set[str] = set()
    waiting = [module]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += _needs(at)
            waiting += (one for package in _catalogs(at) if package not in apart for one in _below(package))
    return frozenset(found)


@cache
def _modules() -> Mapping[str, Path]:
    """Return the files of all modules and templates by name; a package's is its ``__init__``."""
    found = {file.name: file for file in (bundle.PACKAGE / "pages").glob("*.html")}
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
    """Return the templates that a module asks for and what it imports, with the packages in which that lies.

    Python runs those packages first.
    """
    templates = {one for one in _TEMPLATE.findall(_text(module)) if one in _modules()}
    if module.endswith(".html"):
        return frozenset(templates - {module})
    found = {module}
    for package, names, alone in _IMPORT.findall(_text(module)):
        base = package or alone
        found.add(base)
        found.update(f"{base}.{one}" for one in _names(names))
    above = {part for one in found if one in _modules() for part in _with_above(one)}
    return frozenset((above | templates) - {module})


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
    return frozenset(one for one in _modules() if one.rpartition(".")[0] == package)
