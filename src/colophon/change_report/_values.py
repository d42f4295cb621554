"""What a change does to records, as values."""

from dataclasses import dataclass

from colophon.model import Finding


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record that an event changes, or proposes to change.

    ``old`` and ``new`` are texts, or None where there is nothing.  ``kind`` is ``folded``, ``proposed``,
    ``waits`` (for a review) or ``not applied``.
    """

    event: str
    document: str
    pointer: str
    old: str | None
    new: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record before and after.

    ``tier``, ``level`` and ``state`` are pairs (before, after), None on the side where there is no
    readable record.  ``events`` are (id, type, reporter, outcome in words) of the events that were filed.
    ``removed`` are the paths of files whose content is gone.
    """

    id: str
    display_id: str
    title: str
    is_new: bool
    files: tuple[str, ...]
    tier: tuple[str | None, str | None]
    level: tuple[str | None, str | None]
    state: tuple[str | None, str | None]
    fields: tuple[FieldChange, ...]
    events: tuple[tuple[str, str, str, str], ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """What a change does.

    ``files`` counts the changed files.  ``findings`` are those that the change brings, the worst first;
    ``standing`` counts those that were there before, and ``standing_where`` says where to see them.
    ``site_url`` is the address of the published site, with a slash at its end.
    """

    base: str
    head: str
    records: tuple[RecordChange, ...]
    files: int
    findings: tuple[Finding, ...]
    standing: int
    standing_where: str
    notes: tuple[str, ...]
    site_url: str | None = None
