"""A record as the stages see it: manifest and provenance in their newest version, with their events."""

from dataclasses import dataclass

from colophon.contracts.correction_event import Event
from colophon.contracts.paper_manifest import Manifest
from colophon.contracts.source_provenance import Provenance


@dataclass(frozen=True, slots=True)
class FiledEvent:
    """A correction event with its computed id: ``<day>-<first 12 hex of the file's SHA-256>``."""

    id: str
    slug: str
    event: Event


@dataclass(frozen=True, slots=True)
class Record:
    """One paper record.  ``filed_contract`` is the contract that the stored manifest names."""

    id: str
    folder: str
    filed_contract: str
    manifest: Manifest
    provenance: Provenance
    events: tuple[FiledEvent, ...] = ()
