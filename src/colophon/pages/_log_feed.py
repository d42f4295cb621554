"""Feeds of corrections: of the whole registry and of one paper; an entry is the same in both."""

import uuid
from collections.abc import Sequence

from colophon.pages import _atom
from colophon.pages._log import OUTCOMES, Entry, Happened
from colophon.settings import Settings

_TYPE, _STATE = "urn:colophon:correction-type", "urn:colophon:correction-state"


def registry_feed(settings: Settings, newest: Sequence[Happened]) -> bytes:
    """Return corrections.atom, from everything that happened, newest first."""
    base = settings.site_url or ""
    head = _atom.Feed(
        id=f"urn:uuid:{_feed_id(settings)}",
        title=f"Corrections of {settings.name}",
        subtitle="What was corrected, disputed, taken back or declined.",
        opened=settings.opened,
        href=f"{base}corrections.atom",
        alternate=f"{base}corrections-log.html",
        author=settings.name,
    )
    shown = newest[: _atom.NEWEST]
    return _atom.feed(head, [_entry(one, f"{base}papers/{one.entry.page}") for one in shown])


def paper_feed(settings: Settings, paper: str, title: str, newest: Sequence[Happened]) -> bytes:
    """Return the feed of one paper, from everything that happened to it, newest first."""
    # Without a site address its links count from the folder of the feed, which bears the paper's id.
    root = f"{settings.site_url}papers/" if settings.site_url else "../"
    head = _atom.Feed(
        id=f"urn:uuid:{uuid.uuid5(uuid.UUID(paper), 'feed.atom')}",
        title=f"Corrections of: {title}",
        subtitle=f"What happened to one paper of {settings.name} after it was filed.",
        opened=settings.opened,
        href=f"{root}{paper}/feed.atom",
        alternate=f"{root}{paper}.html",
        author=settings.name,
    )
    return _atom.feed(head, [_entry(one, f"{root}{one.entry.page}") for one in newest[: _atom.NEWEST]])


def _feed_id(settings: Settings) -> uuid.UUID:
    """Return the id of the feed; like that of the other one it outlives a change of address."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"urn:colophon:corrections:{settings.id_prefix}:{settings.name}")


def _entry(one: Happened, href: str) -> _atom.Entry:
    """Return the entry of something that happened; a review, which names nobody, has the feed's author."""
    happened = one.entry
    return _atom.Entry(
        id=f"urn:colophon:{happened.kind}:{happened.id}",
        title=f"{happened.heading}: {one.item.facts.title}",
        updated=happened.date,
        published=happened.date,
        author=happened.by,
        href=href,
        categories=[
            (_TYPE, happened.type, happened.type_label),
            (_STATE, happened.state, happened.state.capitalize()),
        ],
        text=("content", "\n\n".join(_paragraphs(happened))),
    )


def _paragraphs(happened: Entry) -> list[str]:
    """Return the note and what follows from it, as plain text."""
    said = [f"Asked for: {happened.asked}", f"Answer: {happened.note}"] if happened.asked else [happened.note]
    because = f"Reason: {happened.reason}. " if happened.reason else ""
    outcome = f"Outcome: {OUTCOMES[happened.outcome]}. State of the paper after it: {happened.state}."
    return [*said, f"{happened.told}, {happened.filer}. {because}{outcome}"]
