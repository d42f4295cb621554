"""reproduction-binding-v1: which metric tests which claim, and how far it may lie from what is claimed."""

from typing import Any

from colophon.contracts import Reading, contract
from colophon.contracts.run_record import ClaimOwner


class Expected(Reading):
    """What the claim says; ``relation`` is how the metric should lie to ``value``."""

    text: str
    value: float | int
    unit: str | None
    relation: str


class Tolerance(Reading):
    """How far the metric may lie from the number, and what justifies that."""

    value: float | int
    kind: str
    basis: str
    why: str


@contract("reproduction-binding-v1")
class Binding(Reading):
    """One binding; ``metric`` is a JSON pointer into the run, None where nothing can test the claim."""

    contract_version: str
    date: str
    filed_by: str
    claim: ClaimOwner
    statement: str
    experiment: str
    metric: str | None
    expected: Expected | None
    tolerance: Tolerance | None
    grade: str
    why: str
    supersedes: str | None
    extensions: dict[str, Any]
