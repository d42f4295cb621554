"""record-version-v1: one version of a record, which never changes once it is published."""

from colophon.contracts import Reading, contract
from colophon.contracts.correction_record import HistoryEvent
from colophon.contracts.published_record import Part


@contract("record-version-v1")
class RecordVersion(Reading):
    """Manifest and provenance as of one version, and the event that led to it; each part names its contract.

    The whole history stands in the record's published-record-v2, at ``newest``.
    """

    contract_version: str
    paper: str
    version: int
    since: str | None
    began_with: str | None
    event: HistoryEvent | None
    correction_state: str
    previous: str | None
    newest: str
    manifest: Part
    provenance: Part
