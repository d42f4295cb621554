"""claim-verdict-v1: what a re-run says about one named claim, and how that was concluded."""

from colophon.contracts import Reading, contract
from colophon.contracts.paper_manifest import Measure


class StoredRun(Reading):
    """The stored run that was read: experiment id, registry path, digest of the bytes."""

    experiment: str
    file: str
    sha256: str


class Tolerance(Reading):
    """How far a value may lie from the expected one: ``absolute`` in its unit, ``relative`` as a fraction."""

    value: float | int
    kind: str
    why: str


@contract("claim-verdict-v1")
class ClaimVerdict(Reading):
    """One verdict.  ``evaluated_at`` is None unless something ran."""

    contract_version: str
    paper: str
    claim: str
    verdict: str
    run_class: str | None
    grade: str | None
    binding: str | None
    run: StoredRun | None
    pointer: str | None
    value: float | int | None
    expected: Measure | None
    tolerance: Tolerance | None
    reason: str
    evaluated_at: str | None
