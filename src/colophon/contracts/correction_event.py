"""correction-event-v1: one change or notice, filed by a person or an agent as a small YAML file."""

from colophon.contracts import Reading, contract


class Reporter(Reading):
    """Who filed the event.  Stays public."""

    name: str
    orcid: str | None = None
    kind: str


class Change(Reading):
    """One change: ``old`` and ``new`` are text as a person wrote it and are compared in the stored type."""

    document: str
    pointer: str
    old: str | None = None
    new: str | None

    @property
    def adds(self) -> bool:
        """Whether it adds a key or the next item: ``old`` is absent, which differs from ``old: null``."""
        return "old" not in self.model_fields_set


class Removal(Reading):
    """The file that a REMOVAL takes away: who demanded it, its path in the paper's folder, its digest."""

    authority: str
    file: str
    sha256: str


@contract("correction-event-v1")
class Event(Reading):
    """One correction event.  ``date`` is a UTC day or a UTC time ending in ``Z``, as filed."""

    contract_version: str
    paper: str
    type: str
    date: str
    reporter: Reporter
    note: str
    reason: str | None = None
    evidence: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    removal: Removal | None = None

    @property
    def instant(self) -> str:
        """The date as a full UTC time, so that events sort by text: a plain day is its first second."""
        return self.date if "T" in self.date else f"{self.date}T00:00:00Z"
