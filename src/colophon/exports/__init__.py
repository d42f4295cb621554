"""Citation formats.  One file per format: a function from a manifest and a citation to the text of a file.

All text of a record is hostile: a writer has to keep every value inside its field.  A reader of one
citation alone must see that the work is machine-made, its evidence tier, and a retraction.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from colophon.catalog import Catalog
from colophon.contracts.paper_manifest import Manifest

_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LOUD_STATES = ("RETRACTED", "WITHDRAWN")


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says.

    ``title`` and ``publisher`` are as printed, ``date`` is an ISO day, ``url`` absolute, ``note`` such
    as "Machine-generated synthesis. Evidence tier: UNSAFE. State: CURRENT."
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

    @property
    def shown_title(self) -> str:
        """The title on one line; that of a retracted or withdrawn work says so first."""
        title = one_line(self.title)
        return f"{self.state}: {title}" if self.state in _LOUD_STATES else title


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


def cite(manifest: Manifest, *, tier: str, state: str, site_url: str | None) -> Citation:
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
        note=f"{work_type(manifest)}. Evidence tier: {tier}. State: {state}.",
        state=state,
    )


def work_type(manifest: Manifest) -> str:
    """Return what kind of work is cited, in words."""
    return f"Machine-generated {manifest.kind or 'synthesis'}"


def one_line(text: str) -> str:
    """Return the text with every line break and control character as a single space."""
    return _BREAKS.sub(" ", text).strip()
