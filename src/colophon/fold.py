"""A record and its history: what was filed, folded over its events and reviews, version by version.

Folding never fails.  An event that cannot be applied stays in the history with the reason and changes
nothing.  Every event begins a version, and so does a review that gives one effect; no version depends on
what was filed after it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from colophon import contracts, schema
from colophon.amend import FieldChange, Refused, amend, shown, waits, words_refused
from colophon.contracts.correction_event import OPINIONS, Change
from colophon.contracts.paper_manifest import Manifest
from colophon.contracts.source_provenance import Provenance
from colophon.entries import Entry, FiledEvent, FiledRefusal, FiledReview, moment
from colophon.evidence import NOTHING_ELSE, Evidence
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
# The outcomes of a step that gave its event effect.
EFFECTIVE = frozenset({"applied", "notice", "proposed", "confirmed"})
# The place of a change in its event's list, and why it is not applied.
_Wrong = tuple[int, Refused]


@dataclass(frozen=True, slots=True)
class Step:
    """What began one version: an event, or the review that gave an earlier event effect.

    ``filed_as`` is the version that began with the event itself; of an event's own step it is ``version``.
    ``outcome`` is ``applied``, ``notice``, ``proposed``, ``waits``, ``not applied`` or ``confirmed``.
    ``refused`` says what is wrong with a change, ``at`` is its place in the event's list.
    """

    version: int
    filed_as: int
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
        return self.outcome in EFFECTIVE


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
    evidence: Evidence = NOTHING_ELSE

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


def fold(filed: Documents, entries: Iterable[Entry]) -> Iterator[Version]:
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
        # By path and digest, with the version that each began.
        self._waiting: dict[tuple[str, str], tuple[FiledEvent, int]] = {}

    def step(self, entry: Entry) -> Step | None:
        if isinstance(entry, FiledEvent):
            return self._of_event(entry)
        # The name counts too: a digest alone would confirm a file that the review does not speak of.
        waiting = self._waiting.pop((entry.review.file, entry.review.sha256), None)
        if waiting is None:
            return None
        self._number += 1
        event, filed_as = waiting
        step = Step(self._number, filed_as, entry.id, moment(entry), event, entry, "confirmed")
        return _gone(step) if event.gone is not None else self._applied(step)

    def _numbered(self, event: FiledEvent, outcome: str) -> Step:
        self._number += 1
        return Step(self._number, self._number, event.id, moment(event), event, None, outcome)

    def _of_event(self, filed: FiledEvent) -> Step:
        event = filed.event
        if filed.gone is not None:
            step = _gone(self._numbered(filed, "not applied"))
            if filed.gone.waited:
                self._waiting[filed.path, filed.sha256] = filed, step.version
            return step
        if event.type in OPINIONS:
            step = self._numbered(filed, "proposed" if event.proposed else "notice")
            return self._shown(step, event.proposed, ("H301", "H303"))
        refused = words_refused(event)
        if refused is not None:
            return replace(self._numbered(filed, "not applied"), refused=refused[1], at=refused[0])
        if waits(event):
            step = self._numbered(filed, "waits")
            self._waiting[filed.path, filed.sha256] = filed, step.version
            _, stored, wrong = self._tried(event.changes)
            if wrong is None:
                return replace(step, changes=tuple(stored))
            # What cannot be applied now is told now, while its author is there to mend it.
            return replace(self._shown(step, event.changes, ()), refused=wrong[1], at=wrong[0])
        return self._applied(self._numbered(filed, "applied" if event.changes else "notice"))

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
        documents, stored, wrong = self._tried(step.event.event.changes)
        if wrong is not None:
            return replace(step, outcome="not applied", refused=wrong[1], at=wrong[0])
        self.documents = documents
        for one in stored:
            self._set_by[one.document, one.pointer] = step.event
        return replace(step, changes=tuple(stored))

    def _tried(self, changes: Iterable[Change]) -> tuple[Documents, list[FieldChange], _Wrong | None]:
        """Return the documents with all changes applied, the changes as stored, and the first wrong one."""
        documents, stored = self.documents, list[FieldChange]()
        for at, change in enumerate(changes):
            amended = amend(documents.named(change.document), change)
            if isinstance(amended, Refused):
                return documents, stored, (at, self._explained(amended, change))
            documents = documents.having(change.document, amended[0])
            stored.append(amended[1])
        return documents, stored, _unfit(documents, stored)

    def _explained(self, refused: Refused, change: Change) -> Refused:
        """Say who set the value that an event did not expect."""
        by = self._set_by.get((change.document, change.pointer))
        if refused.code != "H301" or by is None:
            return refused
        who = f"event {by.id} by {shown(by.event.reporter.name)} set it on {by.event.date[:10]}"
        code = "H302" if _same_old(by, change) else "H301"
        return replace(refused, code=code, message=f"{refused.message}; {who}")


def _gone(step: Step) -> Step:
    """Return the step of an event that was removed: it keeps its version, and nothing else."""
    message = f"corrections/{step.event.slug}.yaml was removed; a REMOVAL says by whose authority, and why"
    return replace(step, outcome="not applied", refused=Refused("H410", message))


def _same_old(by: FiledEvent, change: Change) -> bool:
    """Whether two events start from one value, so that neither knew of the other."""
    return any(
        (one.document, one.pointer, one.adds, one.old)
        == (change.document, change.pointer, change.adds, change.old)
        for one in by.event.changes
    )


def _unfit(documents: Documents, changes: list[FieldChange]) -> _Wrong | None:
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
