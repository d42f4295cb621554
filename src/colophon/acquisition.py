"""From a source's text or metadata, as somebody has it at hand, to the one file that may be stored of it."""

import logging
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from colophon import canon, given_files, layout, schema
from colophon.characters import refused, tidy
from colophon.errors import UsageError
from colophon.fingerprint import METHOD, fingerprint
from colophon.holdings import CONTRACT
from colophon.lookup.found import Found, Outcome, Status
from colophon.model import Fault

# Licenses under which a text itself is stored; the contract says the same.
OPEN_LICENSES = ("CC0-1.0", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-4.0", "Apache-2.0", "MIT", "own")
# A PDF is cut off there: nobody looks claims up in a text of more characters.
_LONGEST = 4_000_000
_MOST_MEBIBYTES = 256
_METADATA = {"title": str, "version": str, "url": str, "abstract": str, "authors": list, "tables": list}


@dataclass(frozen=True, slots=True)
class Acquired:
    """What somebody has at hand of a source.

    ``text`` is the full text or, where ``holds`` says so, the abstract alone.  ``tables`` and ``status`` are
    in the form of the contract.
    """

    kind: str
    identifier: str
    added_by: str
    origin: str
    date: str
    holds: str = "metadata"
    version: str | None = None
    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] | None = None
    license: str | None = None
    text: str | None = None
    tables: tuple[dict[str, Any], ...] | None = None
    status: dict[str, Any] | None = field(default=None)


def holding(
    acquired: Acquired, *, fingerprint_only: bool = False
) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Return the source-holding-v1 of what is at hand, and the faults that keep it from being filed.

    The text and the tables are stored only under an open license, and never where ``fingerprint_only`` asks
    for the fingerprint alone.
    """
    text = storable(acquired.text) if acquired.text is not None else None
    is_open = acquired.license in OPEN_LICENSES and not fingerprint_only
    is_stored = is_open and (text is not None or acquired.tables is not None)
    made = {
        "contract_version": CONTRACT,
        "source": {
            "kind": acquired.kind,
            "identifier": layout.without_version(acquired.kind, acquired.identifier),
        },
        "version": acquired.version or layout.version_of(acquired.kind, acquired.identifier),
        "date": acquired.date,
        "added_by": acquired.added_by,
        "origin": acquired.origin,
        "url": acquired.url,
        "title": acquired.title,
        "authors": None if acquired.authors is None else list(acquired.authors),
        "holds": acquired.holds,
        "license": {"id": acquired.license, "url": None} if acquired.license is not None else None,
        "text_sha256": None if text is None else canon.digest(text.encode()),
        "length": None if text is None else len(text),
        "text": text if is_stored else None,
        "tables": list(acquired.tables) if is_stored and acquired.tables is not None else None,
        "fingerprint": _fingerprint(text) if text is not None and not is_stored else None,
        "status": acquired.status,
        "extensions": {},
    }
    document: dict[str, Any] = schema.ordered(CONTRACT, made)
    return document, schema.faults(CONTRACT, document)


def of_lookup(found: Found, added_by: str, day: str) -> Acquired:
    """Return what services say of a paper; its abstract, where one gave it, is the text."""
    by = f", the abstract by {found.abstract_by}" if found.abstract_by else ""
    answered = list(dict.fromkeys(one.service for one in found.asked if one.outcome is Outcome.ANSWERED))
    return Acquired(
        found.kind,
        found.identifier,
        added_by,
        f"answers of {', '.join(answered) or 'no service'}{by}",
        day,
        holds="abstract" if found.abstract else "metadata",
        version=found.version,
        title=found.title,
        authors=found.authors or None,
        text=found.abstract,
        status=_status(found, day),
    )


_RETRACTION = {
    Status.RETRACTED: "retracted",
    Status.WITHDRAWN: "withdrawn",
    Status.CURRENT: "none",
    Status.SUPERSEDED: "none",
    Status.UNKNOWN: "unknown",
}


def _status(found: Found, day: str) -> dict[str, Any]:
    is_known = any(one.outcome is Outcome.ANSWERED for one in found.asked)
    is_preprint = found.kind == "arxiv" or found.identifier.lower().startswith("10.48550/")
    publication = ("preprint" if is_preprint else "published") if is_known else "unknown"
    reports: list[dict[str, str | None]] = [
        {
            "service": one.service,
            "url": one.url,
            "said": f"{one.outcome} on {one.date}{f': {one.reason}' if one.reason else ''}",
        }
        for one in found.asked
    ]
    # What was concluded from the answers stands last.
    reports.append({"service": "all together", "url": None, "said": found.status_reason})
    return {
        "as_of": day,
        "publication": publication,
        "retraction": _RETRACTION[found.status],
        "latest_version": found.newest_version,
        "reports": reports,
    }


def storable(text: str) -> str:
    """Return a text as it may be stored: NFC, LF line ends, no character that nobody sees, no tab."""
    return tidy(text).replace("\t", " ")


def _fingerprint(text: str) -> dict[str, Any]:
    made = fingerprint(text)
    return {
        "method": METHOD,
        "words": made.words,
        "positions": list(made.positions),
        "hashes": list(made.hashes),
    }


def path_of(document: dict[str, Any], name: str) -> str:
    """Return the path of a new holding in the registry's folder."""
    source = document["source"]
    folder = layout.source_folder(source["kind"], source["identifier"])
    return f"{folder}/{document['date']}-{name}.json"


def text_file(path: Path) -> str:
    """Return the text of a file.  Raises UsageError when it is no UTF-8 text."""
    raw = given_files.read(path, _MOST_MEBIBYTES)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: byte {error.start} is no UTF-8", "save the text as UTF-8") from error
    return _not_empty(text, path)


def pdf_file(path: Path) -> str:
    """Return the text of a PDF, page after page.  Raises UsageError when it cannot be read."""
    # Slow to import, and nothing else of the program reads PDF.
    from pypdf import PdfReader  # noqa: PLC0415
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    raw = given_files.read(path, _MOST_MEBIBYTES)
    if not raw.startswith(b"%PDF-"):
        raise UsageError(f"{path}: is no PDF", "give a text with --text")
    # It warns of what it mends; what it cannot mend it raises.
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    pages: list[str] = []
    try:
        for page in PdfReader(BytesIO(raw)).pages:
            pages.append(page.extract_text())
            if sum(map(len, pages)) > _LONGEST:
                break
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError) as error:
        message = f"{path}: page {len(pages) + 1} cannot be read: {error}"
        raise UsageError(message, "save its text to a file and give that with --text") from error
    return _not_empty("\n\n".join(pages), path)[:_LONGEST]


def metadata_file(path: Path) -> dict[str, Any]:
    """Return title, authors, version, url, abstract and tables of a JSON file that has them.

    Raises UsageError when it is no JSON object, or one of them has another type.
    """
    reading = canon.read(given_files.read(path, _MOST_MEBIBYTES))
    if not isinstance(reading.value, dict):
        fault = reading.faults[0].message if reading.faults else "it is no object"
        raise UsageError(f"{path}: no metadata: {fault}", 'expected {"title": text, "authors": [texts], ...}')
    found: dict[str, Any] = {}
    for key, expected in _METADATA.items():
        value = reading.value.get(key)
        if isinstance(value, int) and key == "version":
            value = f"v{value}"
        if value is not None and not isinstance(value, expected):
            what = "a list" if expected is list else "a text"
            raise UsageError(f"{path}: {key} is {type(value).__name__}, expected {what}")
        found[key] = value
    return found


def _not_empty(text: str, path: Path) -> str:
    if not text.strip():
        raise UsageError(
            f"{path}: holds no text", "a PDF of scanned pages has none; give the text with --text"
        )
    if refused(storable(text)) is not None:
        raise UsageError(f"{path}: holds characters that cannot be stored", "save it as plain UTF-8 text")
    return text
