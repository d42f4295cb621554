"""A record and its history: what was filed, folded over its events and reviews, version by version.

Folding never fails.  An event that cannot be applied stays in the history with the reason and changes
nothing.  Every event begins a version, and so does a review that gives one effect; no version depends on
what was filed after it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from colophon import contracts, schema
from colophon.amend import FieldChange, Refused, amend, shown, touches_words
from colophon.contracts.correction_event import OPINIONS, REVISION, TRANSCRIPTION, Change, Event, instant
from colophon.contracts.paper_manifest import Manifest
from colophon.contracts.refusal import Refusal
from colophon.contracts.review import Review
from colophon.contracts.source_provenance import Provenance
from colophon.links import broken_links


@dataclass(frozen=True, slots=True)
class Documents:
    """Manifest and provenance of one version, in their newest contracts."""

    manifest: dict[str, Any]
    provenance: dict[str, Any]

    def named(self, name: str) -> dict[str, Any]:
        """Return one of the two by its name."""
        return self.manifest if name == "manifest" else self.provenance

    def having(self, name: str, document: dict[str, Any]) -> "Documents":
        """Return the two with one of them replaced."""
        return replace(self, **{name: document})


_NONE = Documents({}, {})


@dataclass(frozen=True, slots=True)
class FiledEvent:
    """A correction event with its computed id: ``<day>-<first 12 hex of the file's SHA-256>``."""

    id: str
    slug: str
    event: Event
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class FiledReview:
    """A maintainer's confirmation of one file, with its computed id."""

    id: str
    slug: str
    review: Review


@dataclass(frozen=True, slots=True)
class FiledRefusal:
    """A declined correction, with its computed id."""

    id: str
    slug: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Step:
    """What began one version: an event, or the review that gave an earlier event effect.

    ``outcome`` is ``applied``, ``notice``, ``proposed``, ``waits``, ``not applied`` or ``confirmed``.
    ``refused`` says what is wrong with a change, ``at`` is its place in the event's list.
    """

    version: int
    id: str
    date: str
    event: FiledEvent
    review: FiledReview | None
    outcome: str
    changes: tuple[FieldChange, ...] = ()
    refused: Refused | None = None
    at: int = 0

    @property
    def effective(self) -> bool:
        """Whether this step gave its event effect."""
        return self.outcome in ("applied", "notice", "proposed", "confirmed")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record; 1 is as filed."""

    number: int
    step: Step | None
    documents: Documents


@dataclass(frozen=True, slots=True)
class Record:
    """One paper record as it stands.

    ``filed_contract`` is the contract that the stored manifest names.  ``filed`` holds the documents as
    filed in their newest contract, ``current`` those with all corrections; audits of what was stated look at
    the filed ones alone.
    """

    id: str
    folder: str
    filed_contract: str
    manifest: Manifest
    provenance: Provenance
    filed: Documents = _NONE
    current: Documents = _NONE
    steps: tuple[Step, ...] = ()
    refusals: tuple[FiledRefusal, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def events(self) -> tuple[FiledEvent, ...]:
        """Every event in order."""
        return tuple(step.event for step in self.steps if step.review is None)

    @property
    def effective(self) -> frozenset[str]:
        """The ids of the events that took effect, at once or by a review."""
        return frozenset(step.event.id for step in self.steps if step.effective)

    def as_filed(self) -> "Record":
        """Return the record without its history, for whoever judges what was stated."""
        if not self.steps:
            return self
        return replace(
            self,
            manifest=cast(Manifest, contracts.read(self.filed.manifest)),
            provenance=cast(Provenance, contracts.read(self.filed.provenance)),
            steps=(),
        )

    def versions(self) -> Iterator[Version]:
        """Yield every version, the first as filed; folded again, so that a record holds one of them only."""
        entries = [step.review or step.event for step in self.steps]
        yield from fold(self.filed, entries)


def ordered(entries: Iterable[FiledEvent | FiledReview]) -> list[FiledEvent | FiledReview]:
    """Return events and reviews in the order in which they are folded."""
    return sorted(entries, key=place)


def place(entry: FiledEvent | FiledReview) -> tuple[str, bool, str, str]:
    """Return what orders events and reviews: time, what can be confirmed before what confirms, id, name."""
    return moment(entry), isinstance(entry, FiledReview), entry.id, entry.slug


def moment(entry: FiledEvent | FiledReview) -> str:
    """Return the full UTC time of an event or a review."""
    return instant(entry.event.date if isinstance(entry, FiledEvent) else entry.review.date)


def fold(filed: Documents, entries: Iterable[FiledEvent | FiledReview]) -> Iterator[Version]:
    """Yield version after version; ``entries`` are in their order.

    A review of anything but a waiting event of this paper begins no version.
    """
    folding = _Folding(filed)
    yield Version(1, None, filed)
    for entry in entries:
        step = folding.step(entry)
        if step is not None:
            yield Version(step.version, step, folding.documents)


class _Folding:
    """The state of one fold: the documents, who set which value, which events wait for a review."""

    def __init__(self, filed: Documents) -> None:
        self.documents = filed
        self._number = 1
        self._set_by: dict[tuple[str, str], FiledEvent] = {}
        self._waiting: dict[str, FiledEvent] = {}

    def step(self, entry: FiledEvent | FiledReview) -> Step | None:
        if isinstance(entry, FiledEvent):
            return self._of_event(entry)
        event = self._waiting.pop(entry.review.sha256, None)
        if event is None:
            return None
        return self._applied(self._numbered(event, entry, "confirmed"))

    def _numbered(self, event: FiledEvent, review: FiledReview | None, outcome: str) -> Step:
        self._number += 1
        entry = review or event
        return Step(self._number, entry.id, moment(entry), event, review, outcome)

    def _of_event(self, filed: FiledEvent) -> Step:
        event = filed.event
        if event.type in OPINIONS:
            step = self._numbered(filed, None, "proposed" if event.proposed else "notice")
            return self._shown(step, event.proposed, ("H301", "H303"))
        refused = _words_refused(event)
        if refused is not None:
            return replace(self._numbered(filed, None, "not applied"), refused=refused[1], at=refused[0])
        if event.needs_review:
            self._waiting[filed.sha256] = filed
            step = self._numbered(filed, None, "waits")
            return self._shown(step, event.changes, ())
        return self._applied(self._numbered(filed, None, "applied" if event.changes else "notice"))

    def _shown(self, step: Step, changes: Iterable[Change], codes: tuple[str, ...]) -> Step:
        """Return a step with changes that are not applied, with the values as they are stored.

        What does not fit stays as it was written; the first that is refused with one of ``codes`` is told.
        """
        shown: list[FieldChange] = []
        for at, change in enumerate(changes):
            amended = amend(self.documents.named(change.document), change)
            if not isinstance(amended, Refused):
                shown.append(amended[1])
                continue
            shown.append(FieldChange(change.document, change.pointer, change.adds, change.old, change.new))
            if step.refused is None and amended.code in codes:
                step = replace(step, refused=amended, at=at)
        return replace(step, changes=tuple(shown))

    def _applied(self, step: Step) -> Step:
        """Apply all changes of an event, or none."""
        documents = self.documents
        stored = []
        for at, change in enumerate(step.event.event.changes):
            amended = amend(documents.named(change.document), change)
            if isinstance(amended, Refused):
                refused = self._explained(amended, change)
                return replace(step, outcome="not applied", refused=refused, at=at)
            documents = documents.having(change.document, amended[0])
            stored.append(amended[1])
        unfit = _unfit(documents, stored)
        if unfit is not None:
            return replace(step, outcome="not applied", refused=unfit[1], at=unfit[0])
        self.documents = documents
        for one in stored:
            self._set_by[one.document, one.pointer] = step.event
        return replace(step, changes=tuple(stored))

    def _explained(self, refused: Refused, change: Change) -> Refused:
        """Say who set the value that an event did not expect."""
        by = self._set_by.get((change.document, change.pointer))
        if refused.code != "H301" or by is None:
            return refused
        who = f"event {by.id} by {shown(by.event.reporter.name)} set it on {by.event.date[:10]}"
        code = "H302" if _same_old(by, change) else "H301"
        return replace(refused, code=code, message=f"{refused.message}; {who}")


def _same_old(by: FiledEvent, change: Change) -> bool:
    """Whether two events start from one value, so that neither knew of the other."""
    return any(
        (one.document, one.pointer, one.adds, one.old)
        == (change.document, change.pointer, change.adds, change.old)
        for one in by.event.changes
    )


def _words_refused(event: Event) -> tuple[int, Refused] | None:
    """Return the first change that touches the publisher's words without a right to."""
    if event.reason in (TRANSCRIPTION, REVISION):
        return None
    for at, change in enumerate(event.changes):
        if touches_words(change):
            message = (
                f"{change.pointer} is what the publisher said; expected `type: DISPUTE` with `proposed` in "
                "the place of `changes`, or `reason: transcription` if it was copied wrongly here"
            )
            return at, Refused("H304", message)
    return None


def _unfit(documents: Documents, changes: list[FieldChange]) -> tuple[int, Refused] | None:
    """Return the change after which a document no longer fits its contract, and how."""
    for name in {change.document for change in changes}:
        document = documents.named(name)
        faults = schema.faults(document["contract_version"], document)
        found = [(fault.pointer, fault.message) for fault in faults]
        found = found or (broken_links(document) if name == "manifest" else [])
        if found:
            pointer, message = found[0]
            at = next((n for n, one in enumerate(changes) if f"{pointer}/".startswith(f"{one.pointer}/")), 0)
            return at, Refused("H306", f"{pointer} {message}", "new")
    return None
