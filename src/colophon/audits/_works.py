"""Cited sources as works: one name for each, whatever version or address, and where it was published."""

import re
from urllib.parse import urlsplit

from colophon.contracts.paper_manifest import Source

_ARXIV = re.compile(
    r"(?:arxiv[:.]\s?|(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|^)"
    r"([0-9]{4}\.[0-9]{4,5}|[a-z-]{2,20}(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]{1,4})?(?:\.pdf)?(?![0-9])"
)
_DOI = re.compile(r"\b(10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s<>\"]+)")
# DOI registrants that are servers of preprints, and servers by host.
_PREPRINT_DOI = re.compile(
    r"10\.(?:1101/[0-9]|(?:48550|2139|21203|31219|31234|31235|20944|36227|26434|22541|33774|12688)/)"
)
_PREPRINT = re.compile(
    r"\b(?:arxiv|biorxiv|medrxiv|chemrxiv|techrxiv|ssrn|psyarxiv|osf\.io|researchsquare|preprints?)\b"
)
# Archives and sites where anybody may put anything.
_OPEN_TO_ALL = re.compile(
    r"10\.(?:5281|6084|17605)/|\b(?:github|gitlab|huggingface|zenodo|figshare|medium|substack|wordpress"
    r"|blogspot|wikipedia|youtube|reddit|kaggle)\.|//blog\.|/blog/"
)
# How references in words name a journal or proceedings: volume and pages, or the kind of venue.
_VENUE = re.compile(
    r"\b(?:journal|proceedings|proc|transactions|conference|symposium|workshop|annals|letters|review|press"
    r"|springer|elsevier|ieee|acm)\b|\bvol\b|\bpp\b|\b[0-9]{1,4} ?\([0-9]{1,3}\)"
    r"|\b[0-9]{1,4}: ?[0-9]{1,5}[-–][0-9]"
)
_ARXIV_MONTH = re.compile(
    r"(?:arxiv:\s?|https?://arxiv\.org/abs/)?(?:[a-z]+(?:-[a-z]+)*(?:\.[A-Z]{2})?/)?"
    r"(?P<year>[0-9]{2})(?P<month>0[1-9]|1[0-2])(?:\.[0-9]{4,5}|[0-9]{3})(?:v[0-9]{1,3})?",
    re.IGNORECASE,
)
_VERSION = re.compile(r"v[0-9]{1,4}$")


def work(source: Source) -> str:
    """Return one name of the work that a source is, without version; equal for equal works."""
    text = source.identifier.strip().casefold()
    doi = _DOI.search(text)
    name = doi[1].rstrip(".,;)") if doi and source.kind != "arxiv" else text
    arxiv = _ARXIV.search(name) if source.kind == "arxiv" or "arxiv" in name else None
    if arxiv is not None:
        return f"arxiv {arxiv[1]}"
    if doi is not None:
        return f"doi {name}"
    if source.kind == "url":
        return f"url {re.sub(r'^https?://(?:www[.])?', '', text).split('#')[0].rstrip('/')}"
    return f"{source.kind} {_VERSION.sub('', text) if source.kind == 'arxiv' else ' '.join(text.split())}"


def arxiv_month(source: Source) -> str | None:
    """Return the month of an arXiv identifier as ``2026-01``; None where it names none."""
    match = _ARXIV_MONTH.fullmatch(source.identifier.strip()) if source.kind == "arxiv" else None
    if match is None:
        return None
    # Identifiers begin in 1991.
    return f"{19 if match['year'] >= '91' else 20}{match['year']}-{match['month']}"


def standing(source: Source) -> str:
    """Return ``preprint``, ``unknown``, or ``open`` where the source may well have been reviewed."""
    text = f"{source.identifier} {source.url or ''}".casefold()
    if source.kind == "arxiv" or _PREPRINT_DOI.search(text) or _PREPRINT.search(text):
        return "preprint"
    if _OPEN_TO_ALL.search(text):
        return "unknown"
    if source.kind == "doi" or _DOI.search(text):
        return "open"
    if source.kind == "url":
        return "open"
    return "open" if _VENUE.search(text) else "unknown"


def host(url: str | None) -> str:
    """Return the host of an address in lower case without ``www.``, or nothing where it has none."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""
