"""published-experiment-v1: everything that the site says about one experiment, in one file."""

from colophon.contracts import Reading, contract
from colophon.contracts.reproduction_binding import Binding


class PublishedRun(Reading):
    """A stored run by its path and digest."""

    path: str
    sha256: str
    by_earlier_code: bool


class PublishedVerdict(Reading):
    """The verdict on one binding; what belongs to a run is None when nothing was run."""

    binding: str
    document: Binding
    verdict: str
    outcome: str | None
    run_class: str | None
    run: str | None
    operator: str | None
    value: float | int | None
    low: float | int | None
    high: float | int | None
    reason: str
    disagreeing: tuple[str, ...]
    evaluated_at: str | None


@contract("published-experiment-v1")
class PublishedExperiment(Reading):
    """The envelope; title, question and limits are those of the newest run."""

    contract_version: str
    experiment: str
    title: str | None
    question: str | None
    limits: str | None
    runs: tuple[PublishedRun, ...]
    verdicts: tuple[PublishedVerdict, ...]
