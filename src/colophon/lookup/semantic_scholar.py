"""Semantic Scholar: one paper by its identifier.  It keeps no retractions, so it never settles a status."""

from functools import partial
from urllib.parse import quote

from colophon.lookup import reading, titles
from colophon.lookup.found import Said, Status
from colophon.lookup.identifiers import Wanted
from colophon.lookup.inquiry import Inquiry
from colophon.lookup.reading import Unusable

NAME = "semantic-scholar"
_FIELDS = "externalIds,title,abstract,authors,publicationDate"


def ask(wanted: Wanted, inquiry: Inquiry) -> Said | None:
    """Return what Semantic Scholar says of a paper."""
    name = f"DOI:{wanted.doi}" if wanted.arxiv is None else f"ARXIV:{wanted.arxiv}"
    address = inquiry.settings.addresses.semantic_scholar
    url = f"{address}/paper/{quote(name, safe='/:;().,~_-')}?fields={_FIELDS}"
    key = inquiry.settings.semantic_scholar_key
    return inquiry.ask(NAME, url, partial(_paper, wanted=wanted), key={"x-api-key": key} if key else None)


def _paper(body: bytes, wanted: Wanted) -> Said:
    data = reading.json_object(body)
    names = reading.given(data.get("externalIds"), dict, "externalIds")
    if wanted.arxiv is None:
        same = (reading.optional(names.get("DOI"), str, "DOI") or "").lower() == wanted.doi
    else:
        same = reading.optional(names.get("ArXiv"), str, "ArXiv") == wanted.arxiv
    if not same:
        raise Unusable("the answer is about another paper")
    title = reading.line(reading.given(data.get("title"), str, "title"), "title")
    marked = titles.mark(title)
    people = reading.objects(data.get("authors"), "authors")
    return Said(
        NAME,
        marked or Status.UNKNOWN,
        titles.reason(NAME, marked) if marked else "semantic-scholar keeps no retractions",
        titles.unmarked(title),
        reading.authors([reading.line(one.get("name"), "an author") for one in people]),
        reading.passage(data.get("abstract"), "abstract"),
        reading.day(data.get("publicationDate"), "publicationDate"),
    )
