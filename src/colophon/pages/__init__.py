"""Page kinds: one file per kind, its template beside it.

A kind is a function of one record's view or of the registry's view and yields pages (poured into the
frame) and artifacts (written as they are).  Record text is hostile: it reaches HTML only through the
autoescaping templates of this package.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import minijinja

from colophon.catalog import Catalog
from colophon.model import Artifact, Page
from colophon.views import RecordView, RegistryView

Output = Page | Artifact
OfRecord = Callable[[RecordView], Iterator[Output]]
OfRegistry = Callable[[RegistryView], Iterator[Output]]
# A short word with a hyphen, at which a line should not end: "Kosmos-2".  No wider than a phone.
_HYPHENATED = re.compile(r"(?<!\S)(?=\S{3,12}(?!\S))\S*-\S*")
_UNDERSCORE = re.compile("_")
# Of each text; a mark takes bytes, and a page is bounded in bytes.
MARKS = 8
_AT_ONCE = 64
# No text becomes this, for each "<" of a text is escaped.
_BETWEEN = minijinja.Markup("<between/>")


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
    """Render a template of this package; every value is escaped, an unknown name is an error.

    A template asks whether a value is there before it prints it: None would print as a word.
    """
    return _bare(_environment().render_template(template, **context))


def _bare(made: str) -> str:
    # The engine escapes a "/" too, which is 5 bytes more of each address and changes no meaning.  A text
    # that holds the escape itself has its "&" escaped, so that it stays as it is.
    return made.replace("&#x2f;", "/")


def rendered(template: str, rows: Iterable[Any], **context: Any) -> Iterator[str]:
    """Yield rows as a template makes them that writes all that it is given, with ``between`` behind each.

    A call of the engine and the macros that a template imports take longer than most rows.
    """
    left = iter(rows)
    while held := list(islice(left, _AT_ONCE)):
        yield from render(template, rows=held, between=_BETWEEN, **context).split(_BETWEEN)[:-1]


@cache
def _environment() -> minijinja.Environment:
    return _made()


def _made(finalizer: Callable[[object], object] | None = None) -> minijinja.Environment:
    """Return the engine; tests give a function that sees every value that is printed."""
    folder = Path(__file__).parent
    environment = minijinja.Environment(
        loader=lambda name: (folder / name).read_text(encoding="utf-8"),
        undefined_behavior="strict",
        auto_escape_callback=_escaping,
        trim_blocks=True,
        lstrip_blocks=True,
        finalizer=finalizer,
    )
    environment.add_filter("keep", keep)
    environment.add_filter("wrap", wrap)
    environment.add_filter("thousands", "{:,}".format)
    return environment


def keep(text: str) -> minijinja.Markup:
    """Return a text, escaped, whose first short words with a hyphen stay on one line."""
    return _marked(_HYPHENATED, text, '<span class="keep">{}</span>')


def wrap(text: str) -> minijinja.Markup:
    """Return a text, escaped, whose lines may end at its first underscores."""
    return _marked(_UNDERSCORE, text, "{}<wbr>")


def _marked(pattern: re.Pattern[str], text: str, mark: str) -> minijinja.Markup:
    """Return a text, escaped piece by piece, with the first matches of a pattern inside a mark."""
    pieces, at = [], 0
    for found in islice(pattern.finditer(text), MARKS):
        pieces += [html.escape(text[at : found.start()]), mark.format(html.escape(found[0]))]
        at = found.end()
    return minijinja.Markup("".join((*pieces, html.escape(text[at:]))))


def _escaping(name: str) -> Literal["html"]:
    """Escape in every template, whatever its name ends in."""
    return "html"
