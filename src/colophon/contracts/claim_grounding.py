"""claim-grounding-v1: where the claims of one record stand in what is held of its sources."""

from colophon.contracts import Reading, contract


class Method(Reading):
    """By what claims were looked up; ``word_weights`` is the digest of the frozen table."""

    id: str
    word_weights: str
    parameters: dict[str, float | int]


class LookedAt(Reading):
    """A text that was looked at; ``file`` is None where it is not stored in the registry."""

    source: str
    kind: str
    table: str | None
    file: str | None
    file_sha256: str | None
    text_sha256: str
    length: int


class PassageSpan(Reading):
    """A passage of a text, or one cell of a table, counted in characters."""

    source: str
    kind: str
    table: str | None
    row: int | None
    column: int | None
    text_sha256: str
    start: int
    end: int
    prefix: str | None
    quote: str | None
    suffix: str | None


class ClaimedNumber(Reading):
    """A number of a claim; ``value`` is decimal text in the base of its unit."""

    text: str
    value: str
    unit: str | None
    rule: str
    found: str | None


class Signals(Reading):
    """Everything that was measured of one claim; what was not is None or empty."""

    coverage: float | int | None
    window: float | int | None
    number_conflict: bool | None
    negation: bool | None
    direction: bool | None
    opposites: tuple[tuple[str, str], ...]
    absolutes: tuple[str, ...]
    names_absent: tuple[str, ...]
    names_nowhere: tuple[str, ...]
    wrong_source: str | None
    fingerprint_run: int | None


class Calibration(Reading):
    """Of ``claims`` with a verdict on a public set, ``supported`` are, with Wilson's 95% interval."""

    set: str
    claims: int
    supported: int
    low: float | int
    high: float | int


class GroundedClaim(Reading):
    """What was found of one claim."""

    claim: str
    text_sha256: str
    verdict: str | None
    rule: str
    parts: int
    spans: tuple[PassageSpan, ...]
    runners_up: tuple[PassageSpan, ...]
    numbers: tuple[ClaimedNumber, ...]
    signals: Signals
    calibration: Calibration | None


@contract("claim-grounding-v1")
class ClaimGrounding(Reading):
    """The groundings of one record's claims by one method version."""

    contract_version: str
    paper: str
    manifest_sha256: str
    method: Method
    reported_by: str | None
    texts: tuple[LookedAt, ...]
    claims: tuple[GroundedClaim, ...]
