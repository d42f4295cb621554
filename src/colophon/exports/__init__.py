"""Citation formats.  One file per format: a function from a manifest and a citation to the text of a file.

All text of a record is hostile: a writer has to keep every value inside its field.  A reader of one
citation alone must see that the work is machine-made, its evidence tier, and its state with the event that
gave it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from colophon.catalog import Catalog
from colophon.contracts.paper_manifest import Manifest
from colophon.index import EventFacts
from colophon.model import Judgement
from colophon.rules.standing import giving
from colophon.rules.state import title_prefix

_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Characters of an event's note, which stands whole on the page of the event.
_BEGINNING = 160


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says.

    ``title`` and ``publisher`` are as printed, ``date`` is an ISO day, ``url`` absolute, ``note`` such
    as "Machine-generated synthesis. Evidence tier: UNSAFE. State: CURRENT."  ``prefix`` is what the state
    puts before the title, such as "RETRACTED: ", or empty.
    """

    id: str
    display_id: str
    title: str
    publisher: str
    year: int | None
    date: str | None
    url: str | None
    note: str
    state: str
    prefix: str = ""

    @property
    def shown_title(self) -> str:
        """The title on one line, behind what the state puts before it."""
        return f"{self.prefix}{one_line(self.title)}"


Write = Callable[[Manifest, Citation], str]


@dataclass(frozen=True, slots=True)
class Export:
    """A citation format: its name, its media type and its writer."""

    name: str
    media_type: str
    write: Write


EXPORTS: Catalog[Export] = Catalog("colophon.exports")


def export(name: str, *, media_type: str) -> Callable[[Write], Write]:
    """Declare the writer of one citation format."""

    def declare(write: Write) -> Write:
        EXPORTS.declare(name, Export(name, media_type, write), write)
        return write

    return declare


def cite(
    manifest: Manifest, history: Sequence[EventFacts], *, tier: str, state: Judgement, site_url: str | None
) -> Citation:
    """Return the citation of a record; ``site_url`` ends in a slash, without one there is no address."""
    day = manifest.submitted
    return Citation(
        id=manifest.id,
        display_id=manifest.display_id,
        title=manifest.title,
        publisher=manifest.publisher.name,
        year=int(day[:4]) if day else None,
        date=day,
        url=f"{site_url}papers/{manifest.id}.html" if site_url else None,
        note=f"{work_type(manifest)}. Evidence tier: {tier}. State: {_state(history, state)}",
        state=state.value,
        prefix=title_prefix(history),
    )


def _state(history: Sequence[EventFacts], state: Judgement) -> str:
    """Return the state with the newest event that gave it: id, type, day, and its note's beginning."""
    steps = giving(history, state)
    if not steps:
        return f"{state.value}."
    newest = steps[-1]
    waits = ", not confirmed" if newest.outcome == "waits" else ""
    note = newest.note if len(newest.note) <= _BEGINNING else f"{newest.note[:_BEGINNING].rstrip()}…"
    return f"{state.value} by event {newest.id} ({newest.type}{waits}, {newest.date[:10]}): {note}"


def work_type(manifest: Manifest) -> str:
    """Return what kind of work is cited, in words."""
    return f"Machine-generated {manifest.kind or 'synthesis'}"


def one_line(text: str) -> str:
    """Return the text with every line break and control character as a single space."""
    return _BREAKS.sub(" ", text).strip()
