"""published-work-v1: everything that the site says about one cited source paper, in one file."""

from colophon.contracts import Reading, contract
from colophon.contracts.source_holding import CitedSource
from colophon.contracts.work_manifest import WorkManifest


class PublishedFile(Reading):
    """One file about the work, as stored."""

    path: str
    sha256: str
    document: WorkManifest


class StruckClaim(Reading):
    """A claim that a later file strikes out, and why."""

    claim: str
    path: str
    reason: str


@contract("published-work-v1")
class PublishedWork(Reading):
    """The envelope; ``cited_by`` are full ids of listed papers, the newest first."""

    contract_version: str
    work: CitedSource
    title: str
    authors: tuple[str, ...] | None
    files: tuple[PublishedFile, ...]
    struck: tuple[StruckClaim, ...]
    cited_by: tuple[str, ...]
