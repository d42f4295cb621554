"""paper-manifest-v1 and -v1.1: one synthesis as its report states it."""

from typing import Any

from colophon.contracts import Reading, contract, upgrade


class Publisher(Reading):
    """Who published the report."""

    name: str
    url: str | None


class Measure(Reading):
    """A reported number: text as printed, the number read, its unit or scale."""

    text: str
    value: float | int
    unit: str | None


class StatedOfClaim(Reading):
    """What the report states about one claim."""

    verified: bool | None
    flag: str | None
    confidence: str | None


class Claim(Reading):
    """One claim in printed order."""

    id: str
    text: str
    stated: StatedOfClaim
    sources: tuple[str, ...] | None
    locator: str | None
    values: tuple[Measure | None, ...] | None
    struck: bool | None = None


class Source(Reading):
    """One source as cited."""

    id: str
    kind: str
    identifier: str
    url: str | None
    title: str | None
    struck: bool | None = None


class Count(Reading):
    """One place where a count is stated."""

    count: str
    value: int
    text: str


class Total(Reading):
    """A total stated together with its members."""

    text: str
    total: int
    members: tuple[int, ...]


class Correction(Reading):
    """Correction state as the publisher prints it."""

    status: str | None
    count: int | None


class Gate(Reading):
    """Publication gate as printed."""

    verdict: str | None
    reason: str | None
    evaluated_at: str | None


class Dates(Reading):
    """Further dates as printed, ISO days."""

    retrieved: str | None
    written: str | None
    reviewed: str | None
    published: str | None


class Stated(Reading):
    """What the publisher states about its own checks."""

    papers_retrieved: int | None
    claims_extracted: int | None
    claims_verified: int | None
    review_score: Measure | None
    decision: str | None
    policy: str | None
    revision_rounds: int | None
    header: str | None
    tier: str | None
    tier_basis: str | None
    level: str | None
    level_label: str | None
    claim_source: str | None
    dimensions: dict[str, str] | None
    provenance_level: str | None
    provenance_label: str | None
    correction: Correction | None
    gate: Gate | None
    dates: Dates | None
    contracts: tuple[str, ...] | None
    counts: tuple[Count, ...]
    totals: tuple[Total, ...]
    notes: tuple[str, ...] | None


class ReportedArtifact(Reading):
    """A file that the report says exists."""

    type: str
    label: str | None
    url: str | None
    sha256: str | None
    format: str | None
    struck: bool | None = None


class ManifestV1(Reading):
    """The fields that both versions share."""

    contract_version: str
    id: str
    display_id: str
    publisher: Publisher
    title: str
    research_question: str | None
    subject: str | None
    abstract: str | None
    submitted: str | None
    kind: str | None
    license: str | None
    claims: tuple[Claim, ...] | None
    sources: tuple[Source, ...] | None
    stated: Stated
    artifacts: tuple[ReportedArtifact, ...] | None
    limitations: tuple[str, ...] | None
    headings: tuple[str, ...] | None


@contract("paper-manifest-v1.1")
class Manifest(ManifestV1):
    """The newest manifest."""

    uncertainties: tuple[str, ...] | None
    supersedes: str | None
    truncated: tuple[str, ...]
    extensions: dict[str, str | int | float | bool | None]


@upgrade("paper-manifest-v1", "paper-manifest-v1.1")
def add_fields_of_v1_1(document: dict[str, Any]) -> dict[str, Any]:
    """v1 could not say whether text was cut, what it supersedes or what is uncertain: all unknown."""
    return {**document, "uncertainties": None, "supersedes": None, "truncated": [], "extensions": {}}
