"""claim-check-v1: a named person's, or a named model's, judgement of claims against their sources."""

from colophon.contracts import Reading, contract


class JudgingModel(Reading):
    """A model that judged; ``precision`` is its own measured one, in words."""

    id: str
    sha256: str | None
    precision: str


class Checker(Reading):
    """Who judged.  ``independent`` says that it is neither the record's publisher nor its generator."""

    name: str
    kind: str
    independent: bool
    contact: str | None = None
    model: JudgingModel | None = None


class Drawn(Reading):
    """How the claims were drawn, and of how many."""

    how: str
    of: int


class CheckedClaim(Reading):
    """The judgement of one claim."""

    claim: str
    verdict: str
    error: str
    source: str | None = None
    locator: str | None = None
    quote: str | None = None
    note: str | None = None


@contract("claim-check-v1")
class ClaimCheck(Reading):
    """One check."""

    contract_version: str
    paper: str
    date: str
    checker: Checker
    drawn: Drawn
    claims: tuple[CheckedClaim, ...]
    note: str | None = None
