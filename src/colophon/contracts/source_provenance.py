"""source-provenance-v1: how the publisher says a synthesis was made, and how it was read here."""

from colophon.contracts import Reading, contract
from colophon.contracts.paper_manifest import Measure


class Search(Reading):
    """How literature was searched for, as stated."""

    databases: tuple[str, ...] | None
    queries: tuple[str, ...] | None
    query_count: int | None
    order: str | None


class Embeddings(Reading):
    """Embedding model, as stated."""

    model: str | None
    dimension: int | None


class Verification(Reading):
    """How claims were verified, as stated."""

    method: str | None
    features: str | None
    threshold: Measure | None


class Panel(Reading):
    """The automated review panel, as stated."""

    name: str | None
    roles: tuple[str, ...] | None
    revise_below: Measure | None
    rounds: int | None


class Archive(Reading):
    """Where the publisher says things are kept."""

    artifact: str | None
    external_record: str | None
    claim_lineage: str | None
    quality_guide: str | None


class Ingest(Reading):
    """How this registry read the report."""

    file_name: str
    size: int
    sha256: str
    format: str
    version: int


@contract("source-provenance-v1")
class Provenance(Reading):
    """Provenance of one record."""

    contract_version: str
    paper: str
    publisher: str | None
    generator: str | None
    methodology: str | None
    search: Search | None
    embeddings: Embeddings | None
    verification: Verification | None
    panel: Panel | None
    review: str | None
    archive: Archive | None
    notes: tuple[str, ...] | None
    ingest: Ingest
