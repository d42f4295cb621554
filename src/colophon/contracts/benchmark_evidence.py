"""benchmark-evidence-v1: scores stated for one model and one benchmark, by how each was measured."""

from colophon.contracts import Reading, contract
from colophon.contracts.work_manifest import WorkScore


class ScoreRow(WorkScore):
    """A score, and who states it."""

    owner: str
    owner_id: str
    claim: str
    source: str | None
    locator: str | None


class ScoreGroup(Reading):
    """Scores of one metric: places among the rows, and whether they can be compared."""

    rows: tuple[int, ...]
    metric: str | None
    finding: str
    missing: tuple[str, ...]
    differing: tuple[str, ...]
    least: float | int | None
    greatest: float | int | None
    spread: float | int | None


@contract("benchmark-evidence-v1")
class BenchmarkEvidence(Reading):
    """All scores of one model on one benchmark."""

    contract_version: str
    model: str
    dataset: str
    rows: tuple[ScoreRow, ...]
    groups: tuple[ScoreGroup, ...]
