"""audit-report-v1: what the rules found, and how much each rule could look at."""

from pydantic import Field

from colophon.contracts import Reading, contract


class ReportedFinding(Reading):
    """One finding; ``record`` is None when it belongs to no record.  The key on disk is ``class``."""

    code: str
    slug: str
    severity: str
    finding_class: str = Field(alias="class")
    second: bool
    record: str | None
    path: str
    line: int
    pointer: str
    message: str


class RuleTally(Reading):
    """How much one rule could look at.  ``not_applicable`` is never the same as found in order."""

    code: str
    slug: str
    severity: str
    records: int
    recognised: int
    checked: int
    consistent: int
    flagged: int
    not_applicable: int


@contract("audit-report-v1")
class AuditReport(Reading):
    """Findings and tallies of one paper, or of the whole registry when ``paper`` is None."""

    contract_version: str
    paper: str | None
    findings: tuple[ReportedFinding, ...]
    rules: tuple[RuleTally, ...]
