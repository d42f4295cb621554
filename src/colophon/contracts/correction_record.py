"""correction-record-v1: state and correction history of one paper, computed at every build."""

from colophon.contracts import Reading, contract


class FiledBy(Reading):
    """Who filed an event, as filed."""

    name: str
    orcid: str | None
    kind: str


class HistoryEvent(Reading):
    """One event of the history.  One that is not effective is shown and changes nothing."""

    id: str
    slug: str
    type: str
    date: str
    reporter: FiledBy
    note: str
    effective: bool


class SupersededVersion(Reading):
    """An earlier version of the record and the event that ended it; the record as filed is version 1."""

    version: int
    until: str
    event: str


@contract("correction-record-v1")
class CorrectionRecord(Reading):
    """State and history.  ``correction_count`` counts the events that took effect."""

    contract_version: str
    paper: str
    correction_state: str
    correction_count: int
    last_corrected_at: str | None
    correction_events: tuple[HistoryEvent, ...]
    superseded_versions: tuple[SupersededVersion, ...]
    policy: str
