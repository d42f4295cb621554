"""correction-event-v1: one change or notice, filed by a person or an agent as a small YAML file."""

import re
from typing import Any

from colophon.contracts import Reading, contract

# These take effect only when a review confirms them: a name typed into a file proves nobody.
NEEDS_REVIEW = frozenset({"RETRACTION", "WITHDRAWAL", "SUPERSESSION", "REINSTATEMENT"})
OPINIONS = frozenset({"DISPUTE", "EXPRESSION_OF_CONCERN"})
TRANSCRIPTION, REVISION = "transcription", "publisher-revision"
# What the publisher said.  Only a slip of our own reading, or the publisher, changes it.
_WORDS = re.compile(
    r"/(title|research_question|subject|abstract|stated|headings|limitations|uncertainties)(/.*)?"
    r"|/claims(/([0-9]+|-)(/(text|stated)(/.*)?)?)?"
)


class Reporter(Reading):
    """Who filed the event.  Stays public."""

    name: str
    orcid: str | None = None
    kind: str


class Change(Reading):
    """One change: ``old`` and ``new`` are as a person wrote them and are compared in the stored type."""

    document: str
    pointer: str
    old: Any = None
    new: Any

    @property
    def adds(self) -> bool:
        """Whether it adds a key or the next item: ``old`` is absent, which differs from ``old: null``."""
        return "old" not in self.model_fields_set

    @property
    def is_words(self) -> bool:
        """Whether it touches what the publisher said."""
        return is_words(self.document, self.pointer)


class Removal(Reading):
    """The file that a REMOVAL takes away: who demanded it, its path in the paper's folder, its digest."""

    authority: str
    file: str
    sha256: str


@contract("correction-event-v1")
class Event(Reading):
    """One correction event.  ``date`` is a UTC day or a UTC time ending in ``Z``, as filed."""

    contract_version: str
    paper: str
    type: str
    reason: str | None = None
    date: str
    reporter: Reporter
    note: str
    evidence: tuple[str, ...] = ()
    proposed: tuple[Change, ...] = ()
    changes: tuple[Change, ...] = ()
    successor: str | None = None
    removal: Removal | None = None

    @property
    def instant(self) -> str:
        """The date as a full UTC time, so that events sort by text: a plain day is its first second."""
        return instant(self.date)

    @property
    def needs_review(self) -> bool:
        """Whether it takes effect only when a review confirms it.

        Words of the publisher do so even as a mere transcription: that a text stands somewhere in the report
        can be computed, that it is the text of this field can not.
        """
        if self.type in NEEDS_REVIEW or self.reason == REVISION:
            return True
        return self.reason == TRANSCRIPTION and any(change.is_words for change in self.changes)


def is_words(document: str, pointer: str) -> bool:
    """Whether a pointer of a document leads to what the publisher said."""
    return document == "manifest" and _WORDS.fullmatch(pointer) is not None


def instant(date: str) -> str:
    """Return a UTC day or time as a full UTC time."""
    return date if "T" in date else f"{date}T00:00:00Z"
