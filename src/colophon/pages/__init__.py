"""Page kinds: one file per kind, its template beside it.

A kind is a function of one record's view or of the registry's view and yields pages (poured into the
frame) and artifacts (written as they are).  Record text is hostile: it reaches HTML only through the
autoescaping templates of this package.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import minijinja

from colophon.catalog import Catalog
from colophon.model import Artifact, Page
from colophon.views import RecordView, RegistryView

Output = Page | Artifact
OfRecord = Callable[[RecordView], Iterator[Output]]
OfRegistry = Callable[[RegistryView], Iterator[Output]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One page kind; exactly one of the two functions is set."""

    name: str
    of_record: OfRecord | None = None
    of_registry: OfRegistry | None = None


KINDS: Catalog[Kind] = Catalog("colophon.pages")


def record_page(name: str) -> Callable[[OfRecord], OfRecord]:
    """Declare a kind that has one page or file per record."""

    def declare(function: OfRecord) -> OfRecord:
        KINDS.declare(name, Kind(name, of_record=function), function)
        return function

    return declare


def registry_page(name: str) -> Callable[[OfRegistry], OfRegistry]:
    """Declare a kind that is made once for the whole registry."""

    def declare(function: OfRegistry) -> OfRegistry:
        KINDS.declare(name, Kind(name, of_registry=function), function)
        return function

    return declare


def render(template: str, **context: Any) -> str:
    """Render a template of this package; every value is escaped, an unknown name is an error."""
    return _environment().render_template(template, **context)


@cache
def _environment() -> minijinja.Environment:
    folder = Path(__file__).parent
    return minijinja.Environment(
        loader=lambda name: (folder / name).read_text(encoding="utf-8"),
        undefined_behavior="strict",
        auto_escape_callback=_escaping,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _escaping(name: str) -> Literal["html"]:
    """Escape in every template, whatever its name ends in."""
    return "html"
