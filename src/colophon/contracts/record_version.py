"""record-version-v1: one version of a record, which never changes once it is published."""

from colophon.contracts import Reading, contract
from colophon.contracts.published_record import Part


@contract("record-version-v1")
class RecordVersion(Reading):
    """Manifest, provenance, state and history as of one version; each part names its contract."""

    contract_version: str
    paper: str
    version: int
    since: str | None
    began_with: str | None
    manifest: Part
    provenance: Part
    corrections: Part
