"""work-manifest-v1: what one source paper says of itself, in our wording with its figures."""

from typing import Any

from colophon.contracts import Reading, contract
from colophon.contracts.paper_manifest import Measure
from colophon.contracts.source_holding import CitedSource


class WorkScore(Reading):
    """A score with what is known of how it was measured."""

    model: str | None
    size: str | None
    dataset: str | None
    split: str | None
    metric: str | None
    shots: str | None
    tools: str | None
    harness: str | None
    precision: str | None
    value: Measure


class ReadIn(Reading):
    """Where a claim was read."""

    where: str
    url: str | None
    commit: str | None
    note: str | None


class WorkClaim(Reading):
    """One claim of the work."""

    id: str
    text: str
    values: tuple[Measure, ...]
    locator: str
    read_in: ReadIn
    scores: tuple[WorkScore, ...]


class Strike(Reading):
    """A claim of an earlier file that is struck out, and why."""

    claim: str
    reason: str


@contract("work-manifest-v1")
class WorkManifest(Reading):
    """One file about a work."""

    contract_version: str
    work: CitedSource
    version: str | None
    date: str
    added_by: str
    title: str
    authors: tuple[str, ...] | None
    claims: tuple[WorkClaim, ...]
    strikes: tuple[Strike, ...]
    extensions: dict[str, Any]
