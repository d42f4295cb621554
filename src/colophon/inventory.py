"""What lists everything else: the sitemap and index.json."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from colophon import canon
from colophon.executor import chunks
from colophon.model import Artifact, Written
from colophon.views import RegistryView, last_change

GENERATOR = "colophon 0.2.0"
_SITEMAP_URLS = 40_000
# papers/<id>.html, and everything below papers/<id>/
_OF_RECORD = re.compile(r"papers/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[./]")


def inventory(view: RegistryView, written: list[Written]) -> Iterator[Artifact]:
    """Yield what lists everything else: index.json and, where the site's address is known, the sitemap."""
    pages = sorted(path for path, _, _, _ in written if path.endswith(".html"))
    sitemaps = list(_sitemaps(view.settings.site_url, _dated(view, pages)))
    yield from sitemaps
    parts = [
        file for file in written if file[1] not in ("", "text/html") and not file[0].startswith("papers/")
    ]
    parts += [(a.path, a.media_type, len(a.body), canon.digest(a.body)) for a in sitemaps]
    yield Artifact("index.json", "application/json", canon.dumps(_index(view, parts)))


def _index(view: RegistryView, parts: list[Written]) -> dict[str, Any]:
    """Return registry-index-v1: figures, each counted from its list, and every data file with its digest."""
    tiers = view.settings.vocabularies["quality-tiers-v2"]["tiers"]
    counts = {tier["name"]: 0 for tier in tiers}
    for item in view.everything:
        counts[item.derived.tier.value] += 1
    return {
        "contract_version": "registry-index-v1",
        "name": view.settings.name,
        "site_url": view.settings.site_url,
        "generator": GENERATOR,
        "records": len(view.listed),
        "withheld": len(view.withheld),
        "tiers": counts,
        "parts": [
            {"path": path, "media_type": media_type, "records": None, "bytes": size, "sha256": digest}
            for path, media_type, size, digest in sorted(parts)
        ],
    }


def _dated(view: RegistryView, pages: list[str]) -> list[tuple[str, str | None]]:
    """Return every page with the day on which it last changed; only the pages of a record have one.

    They are all told to be new when something happens to the record: each says in which state it is.
    """
    days = {item.id: (last_change(item) or "")[:10] for item in view.everything}
    found = [(path, _OF_RECORD.match(path)) for path in pages]
    return [(path, days.get(record[1]) or None if record else None) for path, record in found]


def _sitemaps(site_url: str | None, pages: list[tuple[str, str | None]]) -> Iterator[Artifact]:
    """Yield sitemap.xml, in parts when there are many pages.  A sitemap needs absolute addresses."""
    if site_url is None:
        return
    parts = list(chunks(pages, _SITEMAP_URLS))
    names = ["sitemap.xml"] if len(parts) == 1 else [f"sitemap-{n}.xml" for n in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield _xml(name, "urlset", "url", [(f"{site_url}{path}", day) for path, day in part])
    if len(parts) > 1:
        listed = [(f"{site_url}{name}", None) for name in names]
        yield _xml("sitemap.xml", "sitemapindex", "sitemap", listed)


def _xml(path: str, root: str, item: str, addresses: Sequence[tuple[str, str | None]]) -> Artifact:
    """Return a file of addresses, each with the day on which it last changed or none."""
    rows = "".join(
        f"<{item}><loc>{address}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</{item}>\n"
        for address, day in addresses
    )
    namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {namespace}>\n{rows}</{root}>\n'
    return Artifact(path, "application/xml", text.encode())
