"""correction-record-v1: state and correction history of one paper, computed at every build."""

from typing import Any

from colophon.contracts import Reading, contract


class FiledBy(Reading):
    """Who filed an event, as filed."""

    name: str
    orcid: str | None
    kind: str


class HistoryChange(Reading):
    """One change, or one proposal, with the values as they are stored."""

    document: str
    pointer: str
    adds: bool
    old: Any
    new: Any


class Confirmation(Reading):
    """The review that gave an event effect."""

    id: str
    reviewer: str
    date: str
    looked_at: str
    version: int


class HistoryEvent(Reading):
    """One event of the history.  One that is not effective is shown and changes nothing."""

    id: str
    slug: str
    sha256: str
    type: str
    reason: str | None
    date: str
    reporter: FiledBy
    note: str
    evidence: tuple[str, ...]
    effective: bool
    outcome: str
    outcome_reason: str | None
    changes: tuple[HistoryChange, ...]
    version: int
    successor: str | None
    removed_file: str | None
    removed_by: str | None
    confirmed_by: Confirmation | None


class SupersededVersion(Reading):
    """An earlier version of the record and what ended it; the record as filed is version 1."""

    version: int
    until: str
    event: str


class DeclinedCorrection(Reading):
    """A correction that was asked for and declined."""

    id: str
    date: str
    decided_by: str
    reason: str | None
    note: str
    url: str | None
    type: str | None
    reporter: str | None
    asked: str


@contract("correction-record-v1")
class CorrectionRecord(Reading):
    """State and history.  ``correction_count`` counts the events that took effect."""

    contract_version: str
    paper: str
    version: int
    correction_state: str
    correction_count: int
    last_corrected_at: str | None
    correction_events: tuple[HistoryEvent, ...]
    superseded_versions: tuple[SupersededVersion, ...]
    refusals: tuple[DeclinedCorrection, ...]
    policy: str
