"""What a look-up returns: what the services say of one paper, what each was asked, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a paper stands.  UNKNOWN is a value: nobody who would know has answered."""

    CURRENT = "current"
    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What came of one question.  UNUSABLE is an answer that was thrown away whole."""

    ANSWERED = "answered"
    NOT_FOUND = "not found"
    REFUSED = "refused"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to one service.

    ``date`` is the day of the answer, which for a kept answer is earlier than today.  ``reason`` says in
    words why there is no usable answer.  A key that went along is not in ``url``.
    """

    service: str
    url: str
    outcome: Outcome
    date: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What one service says of the paper that it was asked about, checked whole.

    ``reason`` gives the status in words; ``notes`` are what else there is to know of it.
    """

    service: str
    status: Status
    reason: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    abstract: str | None = None
    published: str | None = None
    updated: str | None = None
    version: str | None = None
    newest_version: str | None = None
    license: str | None = None
    doi: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of one paper.

    ``published`` and ``updated`` are as exact as the service has them: a year, a month or a day.  ``version``
    is that of the text which title and abstract describe; of a version that arXiv did not confirm there is
    no abstract, because another version may have another.  ``abstract_by`` is the service that gave it.
    """

    identifier: str
    kind: str
    title: str | None
    authors: tuple[str, ...]
    abstract: str | None
    published: str | None
    updated: str | None
    version: str | None
    license: str | None
    status: Status
    status_reason: str
    asked: tuple[Asked, ...]
    newest_version: str | None = None
    abstract_by: str | None = None
