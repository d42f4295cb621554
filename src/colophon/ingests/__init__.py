"""Report formats.  One file per format: ``recognises(text)`` and a parser that gives documents' facts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from colophon.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a report states.

    ``manifest`` holds every field of paper-manifest-v1.1 but ``contract_version``, ``id`` and
    ``display_id``; ``provenance`` every field of source-provenance-v1 but ``contract_version``, ``paper``
    and ``ingest``.  ``display_id`` is the one the report prints, such as ``SRCH:C157B341``, or None.
    ``unread`` says in words what the report shows and the parser could not read.
    """

    manifest: dict[str, Any]
    provenance: dict[str, Any]
    display_id: str | None = None
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A report format: its name, the version of its parser, and its two functions.

    Both functions take tidied text (NFC, LF, no invisible characters but tabs, which separate cells).
    """

    name: str
    version: int
    recognises: Callable[[str], bool]
    parse: Callable[[str], Parsed]


FORMATS: Catalog[Format] = Catalog("colophon.ingests")


def ingest(
    name: str, *, version: int, recognises: Callable[[str], bool]
) -> Callable[[Callable[[str], Parsed]], Callable[[str], Parsed]]:
    """Declare the parser of one report format."""

    def declare(parse: Callable[[str], Parsed]) -> Callable[[str], Parsed]:
        FORMATS.declare(name, Format(name, version, recognises, parse), parse)
        return parse

    return declare


def recognise(text: str) -> Format | None:
    """Return the one format that recognises the text, or None when none or several do."""
    fitting = [form for form in FORMATS.all().values() if form.recognises(text)]
    return fitting[0] if len(fitting) == 1 else None
