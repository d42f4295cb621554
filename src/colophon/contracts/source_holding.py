"""source-holding-v1: what is held of one source on one day, and what services said of its status."""

from typing import Any

from colophon.contracts import Reading, contract


class CitedSource(Reading):
    """A source as records cite it, without a version."""

    kind: str
    identifier: str


class License(Reading):
    """``id`` is an SPDX identifier, or ``own``."""

    id: str
    url: str | None


class HeldTable(Reading):
    """A table as printed: every cell is text."""

    label: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Fingerprint(Reading):
    """Hashes of runs of words, with the word that each begins with, from 0."""

    method: str
    words: int
    positions: tuple[int, ...]
    hashes: tuple[str, ...]


class ServiceReport(Reading):
    """What one service answered."""

    service: str
    url: str | None
    said: str


class Status(Reading):
    """Publication and retraction status on the day ``as_of``."""

    as_of: str
    publication: str
    retraction: str
    latest_version: str | None
    reports: tuple[ServiceReport, ...]


@contract("source-holding-v1")
class Holding(Reading):
    """One holding.  ``length`` counts characters of the text, whether or not it is stored."""

    contract_version: str
    source: CitedSource
    version: str | None
    date: str
    added_by: str
    origin: str
    url: str | None
    title: str | None
    authors: tuple[str, ...] | None
    holds: str
    license: License | None
    text_sha256: str | None
    length: int | None
    text: str | None
    tables: tuple[HeldTable, ...] | None
    fingerprint: Fingerprint | None
    status: Status | None
    extensions: dict[str, Any]
