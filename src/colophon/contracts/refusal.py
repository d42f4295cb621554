"""refusal-v1: a declined correction, kept with the reason why."""

from colophon.contracts import Reading, contract
from colophon.contracts.correction_event import Change, Removal, Reporter


class Declined(Reading):
    """The correction that was asked for, as it was filed; ``pull_request`` is an address."""

    type: str
    reason: str | None = None
    date: str | None = None
    reporter: Reporter
    note: str
    evidence: tuple[str, ...] = ()
    pull_request: str | None = None
    proposed: tuple[Change, ...] = ()
    changes: tuple[Change, ...] = ()
    successor: str | None = None
    removal: Removal | None = None


@contract("refusal-v1")
class Refusal(Reading):
    """One refusal.  ``date`` is a UTC day or time ending in ``Z``; ``decided_by`` is a maintainer's name."""

    contract_version: str
    paper: str
    date: str
    decided_by: str
    reason: str
    note: str
    url: str | None = None
    correction: Declined
