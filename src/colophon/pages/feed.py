"""The Atom feed of the newest papers (RFC 4287)."""

import uuid
from collections.abc import Iterator
from xml.sax.saxutils import escape

from colophon.judgement import Judged
from colophon.model import Artifact
from colophon.pages import Output, _lists, _words, registry_page
from colophon.settings import Settings
from colophon.views import RegistryView

_NEWEST = 50
_SUMMARY = 600
# Stored text may hold these two; XML 1.0 may not.
_NOT_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}


@registry_page("feed")
def feed(view: RegistryView) -> Iterator[Output]:
    """Yield feed.atom."""
    newest = _lists.newest_first(view.listed)[:_NEWEST]
    yield Artifact("feed.atom", "application/atom+xml", atom(view.settings, newest).encode())


def atom(settings: Settings, newest: list[Judged]) -> str:
    """Return the feed.  Without a site address its links are relative to the feed."""
    base = settings.site_url or ""
    updated = max((_updated(item, settings) for item in newest), default=f"{settings.opened}T00:00:00Z")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        _element("title", settings.name, "text"),
        _element("subtitle", settings.description, "text"),
        _element("id", f"urn:uuid:{feed_id(settings)}"),
        _element("updated", updated),
        _link("self", f"{base}feed.atom", "application/atom+xml"),
        _link("alternate", f"{base}index.html", "text/html"),
        *(line for item in newest for line in _entry(item, settings, base)),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def feed_id(settings: Settings) -> uuid.UUID:
    """Return the id of a registry's feed: made of its name and prefix, so it outlives a change of address."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"urn:colophon:feed:{settings.id_prefix}:{settings.name}")


def _entry(item: Judged, settings: Settings, base: str) -> Iterator[str]:
    """Yield the lines of one paper."""
    facts, tier = item.facts, item.derived.tier
    label = _lists.tiers(settings)[tier.value]["label"]
    kind, reasons = facts.kind or "synthesis", "; ".join(tier.reasons)
    summary = f"Machine-generated {kind}. Evidence tier {label}: {reasons}."
    yield "<entry>"
    yield _element("title", facts.title, "text")
    yield _element("id", f"urn:uuid:{item.id}")
    yield _element("updated", _updated(item, settings))
    if facts.submitted:
        yield _element("published", f"{facts.submitted}T00:00:00Z")
    yield f"<author>{_element('name', facts.publisher)}</author>"
    yield _link("alternate", f"{base}papers/{item.id}.html", "text/html")
    yield f'<category term="{_attribute(tier.value)}" label="{_attribute(label)}"/>'
    yield _element("summary", _words.short(summary, _SUMMARY), "text")
    yield "</entry>"


def _updated(item: Judged, settings: Settings) -> str:
    """Return when an entry changed: its date, or the day the registry was opened when it shows none."""
    return f"{item.facts.submitted or settings.opened}T00:00:00Z"


def _element(name: str, text: str, kind: str = "") -> str:
    start = f'{name} type="{kind}"' if kind else name
    return f"<{start}>{escape(text.translate(_NOT_XML))}</{name}>"


def _link(rel: str, href: str, media_type: str) -> str:
    return f'<link rel="{rel}" type="{media_type}" href="{_attribute(href)}"/>'


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})
