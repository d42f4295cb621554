"""Crossref: one work by its DOI, with the notices of publishers and of Retraction Watch about it."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from colophon.lookup import reading, titles
from colophon.lookup.found import Said, Status
from colophon.lookup.inquiry import Inquiry
from colophon.lookup.reading import Unusable

NAME = "crossref"
# What a notice does to the work that it is about.  Any other kind, such as a correction, is noted.
_STANDINGS = {
    "retraction": Status.RETRACTED,
    "withdrawal": Status.WITHDRAWN,
    "removal": Status.WITHDRAWN,
    "new_version": Status.SUPERSEDED,
    "new_edition": Status.SUPERSEDED,
}
_REINSTATED = "reinstatement"
_TAKEN_BACK = {Status.RETRACTED, Status.WITHDRAWN}
_LICENSES = ("vor", "unspecified", "am")
_MOST_NOTES = 10


@dataclass(frozen=True, slots=True)
class _Notice:
    kind: str
    date: str
    doi: str
    source: str

    def __str__(self) -> str:
        words = [self.kind.replace("_", " ")]
        words += [self.doi] if self.doi else []
        words += [f"of {self.date}"] if self.date else []
        words += [f"(according to {self.source})"] if self.source else []
        return " ".join(words)


def ask(doi: str, inquiry: Inquiry) -> Said | None:
    """Return what Crossref says of the work with a DOI."""
    url = f"{inquiry.settings.addresses.crossref}/works/{quote(doi, safe='')}"
    return inquiry.ask(NAME, url, partial(_work, doi=doi))


def _work(body: bytes, doi: str) -> Said:
    data = reading.given(reading.json_object(body).get("message"), dict, "message")
    aliases = reading.optional(data.get("aliases"), list, "aliases") or []
    names = [reading.given(data.get("DOI"), str, "DOI"), *aliases]
    if doi not in {one.lower() for one in names if isinstance(one, str)}:
        raise Unusable("the answer is about another paper")
    listed = reading.optional(data.get("title"), list, "title") or []
    full = reading.optional(listed[0], str, "title") if listed else None
    title = reading.line(reading.without_markup(full), "title")
    notices = [_notice(one) for one in reading.objects(data.get("updated-by"), "updated-by")]
    status, reason, others = _standing(notices, title)
    people = reading.objects(data.get("author"), "author")
    abstract = reading.without_markup(reading.optional(data.get("abstract"), str, "abstract"))
    return Said(
        NAME,
        status,
        reason,
        titles.unmarked(title),
        reading.authors([_person(one) for one in people]),
        reading.passage(abstract, "abstract"),
        reading.date_of_parts(data.get("published"), "published"),
        license=_license(reading.objects(data.get("license"), "license")),
        doi=doi,
        notes=(*(f"crossref: {one}" for one in others[:_MOST_NOTES]), *_published_as(data)),
    )


def _notice(data: dict[str, Any]) -> _Notice:
    kind = re.sub(r"[\s-]+", "_", reading.given(data.get("type"), str, "the type of a notice")).lower()
    doi = reading.line(data.get("DOI"), "the DOI of a notice") or ""
    source = reading.line(data.get("source"), "the source of a notice") or ""
    date = reading.date_of_parts(data.get("updated"), "the date of a notice") or ""
    return _Notice(kind[:50], date, doi[:200], source[:50])


def _standing(notices: list[_Notice], title: str | None) -> tuple[Status, str, list[_Notice]]:
    """Return the status, its reason, and the notices that did not decide it.

    A reinstatement lifts the retractions before it; of one day, or without dates, the retraction stands.
    """
    lifted = max((one.date for one in notices if one.kind == _REINSTATED), default="")
    deciding = [one for one in notices if one.kind in _STANDINGS and not _is_lifted(one, lifted)]
    for status in (Status.RETRACTED, Status.WITHDRAWN, Status.SUPERSEDED):
        decided = [one for one in deciding if _STANDINGS[one.kind] is status]
        if decided:
            return status, f"crossref: {decided[0]}", [one for one in notices if one is not decided[0]]
    marked = titles.mark(title)
    if marked and not lifted:
        return marked, titles.reason(NAME, marked), notices
    return Status.CURRENT, "crossref lists no retraction, withdrawal or newer version", notices


def _is_lifted(notice: _Notice, lifted: str) -> bool:
    return _STANDINGS[notice.kind] in _TAKEN_BACK and bool(notice.date) and notice.date < lifted


def _published_as(data: dict[str, Any]) -> list[str]:
    relation = reading.optional(data.get("relation"), dict, "relation") or {}
    papers = reading.objects(relation.get("is-preprint-of"), "relation")
    found = [reading.line(one.get("id"), "the id of a relation") for one in papers[:_MOST_NOTES]]
    return [f"crossref: published as {one}" for one in found if one]


def _person(data: dict[str, Any]) -> str | None:
    parts = [reading.line(data.get(name), "an author") for name in ("given", "family", "suffix")]
    return " ".join(part for part in parts if part) or reading.line(data.get("name"), "an author")


def _license(listed: list[dict[str, Any]]) -> str | None:
    """Return the licence of the published text, else of the accepted one; never that for text mining.

    A licence that begins later than the text is left out: whether it has begun is not for a reader of one
    answer to say.
    """
    for version in _LICENSES:
        for one in listed:
            delay = reading.optional(one.get("delay-in-days"), int, "delay-in-days") or 0
            if one.get("content-version") == version and delay == 0:
                return reading.line(one.get("URL"), "the address of a licence")
    return None
