"""record-summary-v1: one paper in one line of the monthly data files."""

from pydantic import Field

from colophon.contracts import Reading, contract


@contract("record-summary-v1")
class RecordSummary(Reading):
    """One line.  ``html`` and ``json_path`` (on disk ``json``) are relative to the site."""

    contract_version: str
    id: str
    display_id: str
    title: str
    publisher: str
    submitted: str | None
    kind: str | None
    tier: str
    stated_tier: str | None
    level: str
    correction_state: str
    claims: int | None
    stated_score: str | None
    findings: tuple[str, ...]
    html: str
    json_path: str = Field(alias="json")
