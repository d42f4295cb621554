"""OpenAlex: one work by its DOI, with a mark of retraction."""

from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from colophon.lookup import reading, titles
from colophon.lookup.found import Said, Status
from colophon.lookup.identifiers import Wanted
from colophon.lookup.inquiry import Inquiry
from colophon.lookup.reading import Unusable

NAME = "openalex"
_MOST_WORDS = 10_000
_FIELDS = (
    "id,doi,title,publication_date,is_retracted,authorships,abstract_inverted_index,"
    "primary_location,locations"
)


def ask(wanted: Wanted, inquiry: Inquiry) -> Said | None:
    """Return what OpenAlex says of the work with a DOI."""
    address = inquiry.settings.addresses.openalex
    url = f"{address}/works/doi:{quote(wanted.doi, safe='/:;().,~_-')}?select={_FIELDS}"
    # Only as a part of the address does OpenAlex take a key.
    key = inquiry.settings.openalex_key
    secret = f"&{urlencode({'api_key': key})}" if key else ""
    return inquiry.ask(NAME, url, partial(_work, wanted=wanted), secret=secret)


def _work(body: bytes, wanted: Wanted) -> Said:
    data = reading.json_object(body)
    places = reading.objects(data.get("locations"), "locations")
    if not _is_wanted(data, places, wanted):
        raise Unusable("the answer is about another paper")
    retracted = reading.given(data.get("is_retracted"), bool, "is_retracted")
    title = reading.line(reading.without_markup(reading.optional(data.get("title"), str, "title")), "title")
    people = [
        reading.given(one.get("author"), dict, "an author")
        for one in reading.objects(data.get("authorships"), "authorships")
    ]
    marked = titles.mark(title)
    status = Status.RETRACTED if retracted else marked or Status.CURRENT
    reason = "openalex marks it as retracted" if retracted else "openalex lists no retraction"
    if marked and not retracted:
        reason = titles.reason(NAME, marked)
    return Said(
        NAME,
        status,
        reason,
        titles.unmarked(title),
        reading.authors([reading.line(one.get("display_name"), "an author") for one in people]),
        reading.passage(_abstract(data.get("abstract_inverted_index")), "the abstract"),
        reading.day(data.get("publication_date"), "publication_date"),
        license=_license(data, places, wanted),
    )


def _is_wanted(data: dict[str, Any], places: list[dict[str, Any]], wanted: Wanted) -> bool:
    """Whether a work is the one asked for: by its DOI, or because one of its places is on arXiv.

    OpenAlex holds a preprint and its published form as one work, under the DOI of the published form.
    """
    own = reading.optional(data.get("doi"), str, "doi") or ""
    return _bare(own) == wanted.doi or any(_place_is_wanted(one, wanted) for one in places)


def _place_is_wanted(place: dict[str, Any], wanted: Wanted) -> bool:
    page = _bare(reading.optional(place.get("landing_page_url"), str, "landing_page_url") or "")
    return page == wanted.doi or (
        wanted.arxiv is not None and _without_version(page) == f"abs/{wanted.arxiv}"
    )


def _bare(address: str) -> str:
    """Return an address without its host where that is doi.org or arxiv.org."""
    for host in ("https://doi.org/", "http://doi.org/", "https://arxiv.org/", "http://arxiv.org/"):
        if address.lower().startswith(host):
            return address[len(host) :].lower()
    return address.lower()


def _without_version(page: str) -> str:
    number, mark, version = page.rpartition("v")
    return number if mark and version.isdigit() else page


def _abstract(index: Any) -> str | None:
    """Put the words of an inverted index in their order.  One with gaps is no abstract."""
    given = reading.optional(index, dict, "abstract_inverted_index") or {}
    words: dict[int, str] = {}
    for word, places in given.items():
        for place in reading.given(places, list, "abstract_inverted_index"):
            if type(place) is not int or place in words or len(words) >= _MOST_WORDS:
                raise Unusable("abstract_inverted_index names no places or one twice, or has too many")
            words[place] = word
    if not words or set(words) != set(range(len(words))):
        return None
    return " ".join(words[place] for place in range(len(words)))


def _license(data: dict[str, Any], places: list[dict[str, Any]], wanted: Wanted) -> str | None:
    """Return the licence of the copy that was asked for; that of another copy says nothing about it."""
    first = reading.optional(data.get("primary_location"), dict, "primary_location")
    for one in ([first] if first else []) + places:
        if _place_is_wanted(one, wanted):
            return reading.line(one.get("license"), "license")
    return None
