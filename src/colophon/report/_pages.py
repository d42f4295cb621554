"""Addresses on the published site."""

from urllib.parse import quote

# Without brackets and quotes, so that an address stays one in Markdown too.
_KEPT = "/:?&=#%~+;,@!$-._"


def rule_page(site_url: str, code: str, slug: str) -> str:
    """Return the address of the page that explains a rule."""
    return _address(site_url, f"rules/{code.lower()}-{slug}.html")


def record_page(site_url: str, record: str) -> str:
    """Return the address of a record's page."""
    return _address(site_url, f"papers/{quote(record, safe='')}.html")


def _address(site_url: str, path: str) -> str:
    return quote(f"{site_url.rstrip('/')}/{path}", safe=_KEPT)
