"""What people filed about one record: correction events, reviews that confirm them, refusals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from colophon import canon, contracts, documents, faults, layout, removal
from colophon.contracts.correction_event import Event, Reporter, instant
from colophon.contracts.refusal import Refusal
from colophon.contracts.review import Review
from colophon.documents import Document
from colophon.entries import Entry, FiledEvent, FiledRefusal, FiledReview, moment, place
from colophon.model import Fault
from colophon.store import Tree

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Filed:
    """Everything filed about one record; ``documents`` are all files read, in order of their paths."""

    documents: tuple[Document, ...]
    events: tuple[FiledEvent, ...]
    reviews: tuple[FiledReview, ...]
    refusals: tuple[FiledRefusal, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What begins versions: events and reviews."""
        return (*self.events, *self.reviews)

    @property
    def last(self) -> Entry | None:
        """The entry that comes last in the order in which they are folded, or None."""
        return max(self.entries, key=place, default=None)

    def next_date(self, now: str) -> str | None:
        """Return the date of an entry filed at ``now`` (ISO time, UTC): the day alone where that comes last.

        Else the time, or the second after the last entry.  None where no second is left in the calendar.
        """
        last = self.last
        if last is None or instant(now[:10]) > moment(last):
            return now[:10]
        return now if now > moment(last) else just_after(last)


def just_after(entry: Entry) -> str | None:
    """Return the second after an entry, ISO, UTC; None at the end of the calendar."""
    try:
        later = datetime.fromisoformat(moment(entry).removesuffix("Z")) + timedelta(seconds=1)
    except OverflowError:
        return None
    return f"{later.isoformat()}Z"


def read(tree: Tree, folder: str, record_id: str) -> Filed:
    """Read the events in a record's folder, and its reviews and refusals in theirs."""
    events = _distinct(_documents(tree, f"{folder}/corrections", "correction-event-v1", record_id), record_id)
    reviews = _documents(tree, layout.record_folder(record_id, "reviews"), "review-v1", record_id)
    refusals = _documents(tree, layout.record_folder(record_id, "refusals"), "refusal-v1", record_id)
    gone = {one.id: one for one in _gone(events, record_id)}
    return Filed(
        (*events, *reviews, *refusals),
        (
            *(FiledEvent(*head, cast(Event, data), digest) for head, data, digest in _each(events)),
            *gone.values(),
        ),
        tuple(FiledReview(*head, cast(Review, data)) for head, data, _ in _each(reviews)),
        tuple(FiledRefusal(*head, cast(Refusal, data)) for head, data, _ in _each(refusals)),
    )


def event_id(date: str, raw: bytes) -> str:
    """Return the id of a filed file: its day and the first 12 hex digits of its SHA-256."""
    return _id(date, canon.digest(raw))


def _id(date: str, digest: str) -> str:
    return f"{date[:10]}-{digest.removeprefix('sha256:')[:_DIGITS]}"


def _gone(parts: tuple[Document, ...], record_id: str) -> Iterator[FiledEvent]:
    """Yield the events that were removed: what their notes say, and nothing of what they said."""
    for part in parts:
        note = removal.read_note(part.raw)
        if note is not None and note.date:
            event = Event(
                contract_version="correction-event-v1",
                paper=record_id,
                type="REMOVAL",
                date=note.date,
                reporter=Reporter(name="(removed)", kind="person"),
                note="The correction that stood here was removed.",
            )
            yield FiledEvent(_id(note.date, note.digest), slug_of(part.path), event, note.digest, note)


def slug_of(path: str) -> str:
    """Return the name that a person gave to a filed file."""
    return path.rpartition("/")[2].removesuffix(".yaml")


def _each(parts: tuple[Document, ...]) -> Iterator[tuple[tuple[str, str], contracts.Reading, str]]:
    """Yield ((id, slug), reading, digest) of every readable document."""
    for part in parts:
        if part.data is not None:
            head = event_id(part.data["date"], part.raw), slug_of(part.path)
            yield head, contracts.read(part.data), canon.digest(part.raw)


def _documents(tree: Tree, folder: str, contract: str, record_id: str) -> tuple[Document, ...]:
    """Read every file of one folder; what is no filed document is named and not read."""
    found = []
    for entry in tree.entries(folder):
        path = f"{folder}/{entry.name}"
        if not layout.STATEMENT.fullmatch(entry.name):
            fault = Fault(
                "S114", 1, "", f"{entry.name!r} has no place here, expected a file [a-z0-9-]{{3,40}}.yaml"
            )
            found.append(Document(path, None, b"", (faults.finding(fault, path, record_id),)))
            continue
        document = documents.read_yaml(tree, path, entry, contract, record_id)
        if removal.removed_digest(document.raw) is not None:
            document = Document(path, None, document.raw)
        found.append(_of_this_record(document, record_id))
    return tuple(found)


def _distinct(parts: tuple[Document, ...], record_id: str) -> tuple[Document, ...]:
    """Set aside the copies of one file under other names, and files whose ids collide: an id is one event.

    Where one of them was removed it is that one, else its copy would say it on and take its versions over.
    """
    notes = ((part, removal.read_note(part.raw)) for part in parts)
    first = {_id(note.date, note.digest): part for part, note in notes if note is not None and note.date}
    found = []
    for part in parts:
        one = part
        if part.data is not None:
            one = first.setdefault(event_id(part.data["date"], part.raw), part)
        found.append(part if one is part else _set_aside(part, one, record_id))
    return tuple(found)


def _set_aside(part: Document, first: Document, record_id: str) -> Document:
    """Return a document that is not read because an earlier one has its id."""
    name = f"corrections/{slug_of(first.path)}.yaml"
    if removal.removed_digest(first.raw) is not None:
        message = f"has the id of {name}, which was removed"
    elif part.raw == first.raw:
        message = f"is the same file as {name}"
    else:
        message = f"would have the id of {name}; any other word in the note gives it one of its own"
    copied = faults.finding(Fault("H309", 1, "", message), part.path, record_id)
    return Document(part.path, None, part.raw, (copied,))


def _of_this_record(document: Document, record_id: str) -> Document:
    """Refuse a document that names another paper than that of its folder."""
    data: dict[str, Any] | None = document.data
    if data is None or data["paper"] == record_id:
        return document
    message = f"names paper {data['paper']}, it lies in the folder of {record_id}"
    found = documents.finding_at(document, record_id, "S112", "/paper", message, f"paper: {record_id}")
    return Document(document.path, None, document.raw, (found,))
