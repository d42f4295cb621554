"""The Atom feed of the newest papers."""

import uuid
from collections.abc import Iterator

from colophon.judgement import Judged
from colophon.model import Artifact
from colophon.pages import Output, _atom, _lists, _log, _words, registry_page
from colophon.settings import Settings
from colophon.views import RegistryView, last_change

_SUMMARY = 600


@registry_page("feed")
def feed(view: RegistryView) -> Iterator[Output]:
    """Yield feed.atom.  A paper that was taken back stays in it and says so, where readers know it from."""
    newest = _lists.newest_first(view.announced)[: _atom.NEWEST]
    yield Artifact("feed.atom", _atom.MEDIA_TYPE, atom(view.settings, newest))


def atom(settings: Settings, newest: list[Judged]) -> bytes:
    """Return the feed.  Without a site address its links are relative to the feed."""
    base = settings.site_url or ""
    head = _atom.Feed(
        id=f"urn:uuid:{feed_id(settings)}",
        title=settings.name,
        subtitle=settings.description,
        opened=settings.opened,
        href=f"{base}feed.atom",
        alternate=f"{base}index.html",
        author="",
    )
    return _atom.feed(head, [_entry(item, settings, base) for item in newest])


def feed_id(settings: Settings) -> uuid.UUID:
    """Return the id of a registry's feed: made of its name and prefix, so it outlives a change of address."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"urn:colophon:feed:{settings.id_prefix}:{settings.name}")


def _entry(item: Judged, settings: Settings, base: str) -> _atom.Entry:
    """Return the entry of one paper; it changes with every correction."""
    facts, tier, state = item.facts, item.derived.tier, item.derived.state.value
    label = _lists.tiers(settings)[tier.value]["label"]
    reasons = "; ".join(tier.reasons)
    stands = "" if state == "CURRENT" else f" State {state}."
    summary = f"Machine-generated {facts.kind or 'synthesis'}.{stands} Evidence tier {label}: {reasons}."
    return _atom.Entry(
        id=f"urn:uuid:{item.id}",
        title=_log.titled(item),
        updated=last_change(item) or f"{settings.opened}T00:00:00Z",
        published=f"{facts.submitted}T00:00:00Z" if facts.submitted else "",
        author=facts.publisher,
        href=f"{base}papers/{item.id}.html",
        categories=[("", tier.value, label)],
        text=("summary", _words.short(summary, _SUMMARY)),
    )
