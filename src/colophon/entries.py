"""What people filed about one record: events, the reviews that confirm them, refusals; and their order."""

from collections.abc import Iterable
from dataclasses import dataclass

from colophon import layout
from colophon.contracts.correction_event import Event, instant
from colophon.contracts.refusal import Refusal
from colophon.contracts.review import Review
from colophon.removal import Note


@dataclass(frozen=True, slots=True)
class FiledEvent:
    """A correction event with its computed id: ``<day>-<first 12 hex of the file's SHA-256>``.

    ``gone`` is the note that stands in its place when it was removed; ``event`` then says nothing else.
    """

    id: str
    slug: str
    event: Event
    sha256: str = ""
    gone: Note | None = None

    @property
    def path(self) -> str:
        """Where the file lies, from the registry's root."""
        return layout.event_path(self.event.paper, self.slug)


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


# What begins a version.
Entry = FiledEvent | FiledReview


def ordered(entries: Iterable[Entry]) -> list[Entry]:
    """Return events and reviews in the order in which they are folded."""
    return sorted(entries, key=place)


def place(entry: Entry) -> tuple[str, bool, str, str]:
    """Return what orders events and reviews: time, what can be confirmed before what confirms, id, name."""
    return moment(entry), isinstance(entry, FiledReview), entry.id, entry.slug


def moment(entry: Entry) -> str:
    """Return the full UTC time of an event or a review."""
    return instant(entry.event.date if isinstance(entry, FiledEvent) else entry.review.date)
