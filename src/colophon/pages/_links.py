"""Addresses outside the site.  Only those of a known, safe shape become links; all else stays text."""

import re
from urllib.parse import quote

# https and nothing else: no script, no file, no user name before the host, nothing unescaped.
_HTTPS = re.compile(
    r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::[0-9]{1,5})?"
    r"(?:[/?#](?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*(?:#(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?)?"
)
_ARXIV = re.compile(r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]{1,20}(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]{1,3})?")
_DOI = re.compile(r"10\.[0-9]{4,9}/\S{1,300}")
_LONGEST = 500


def safe(url: str | None) -> str:
    """Return an https address that may become a link, or an empty text."""
    return url if url and len(url) <= _LONGEST and _HTTPS.fullmatch(url) else ""


def with_kind(kind: str, identifier: str) -> str:
    """Return the identifier of a source with its kind before it: ``arXiv 2507.13374``."""
    prefix = {"arxiv": "arXiv", "doi": "DOI"}.get(kind)
    bare = re.sub(rf"(?i)^{prefix}:\s*", "", identifier) if prefix else identifier
    return f"{prefix} {bare}" if prefix else identifier


def of_source(kind: str, identifier: str, url: str | None) -> str:
    """Return the address of a cited source: that of its identifier first, then the one as printed."""
    name = identifier.strip()
    if kind == "arxiv":
        bare = re.sub(r"(?i)^arxiv:\s*", "", name)
        if _ARXIV.fullmatch(bare):
            return f"https://arxiv.org/abs/{bare}"
    if kind == "doi":
        bare = re.sub(r"(?i)^doi:\s*", "", name)
        if _DOI.fullmatch(bare):
            return f"https://doi.org/{quote(bare, safe='/')}"
    return safe(url) or safe(name)
