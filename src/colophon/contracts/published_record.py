"""published-record-v1 and -v2: everything that the site says about one paper, in one file."""

from typing import Annotated, Any

from pydantic import AfterValidator

from colophon.contracts import Reading, contract


def _names_its_contract(part: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(part.get("contract_version"), str):
        raise ValueError("a part names no contract")  # noqa: TRY004  pydantic gathers only this one
    return part


Part = Annotated[dict[str, Any], AfterValidator(_names_its_contract)]


class Citations(Reading):
    """Ready-made citations, each the text of one file."""

    bibtex: str
    csl_json: str
    ris: str


class TierInputs(Reading):
    """Everything that the evidence tier is computed from; ``claims`` is None when no list is shown."""

    withheld: tuple[str, ...]
    claims: int | None
    has_no_claims: bool
    grounded: int
    located: int
    held: int
    open_conflicts: int
    judged_contradicted: int
    asked_entities: int | None
    covered_entities: int
    sources: int
    largest_source: int
    sample: int
    is_off_topic: bool
    error_rules: tuple[str, ...]
    warning_rules: tuple[str, ...]


@contract("published-record-v1")
class PublishedRecordV1(Reading):
    """The envelope.  Each part is a document of the contract it names; read it with ``contracts.read``."""

    contract_version: str
    id: str
    display_id: str
    filed_as: str
    manifest: Part
    record: Part
    provenance: Part
    corrections: Part
    report: Part
    tier: Part
    stated_tier: Part
    level: Part
    dimensions: Part
    verdicts: tuple[Part, ...]
    citations: Citations


@contract("published-record-v2")
class PublishedRecord(PublishedRecordV1):
    """The envelope with groundings, checks and what the tier is computed from."""

    groundings: tuple[Part, ...]
    checks: tuple[Part, ...]
    tier_inputs: TierInputs
