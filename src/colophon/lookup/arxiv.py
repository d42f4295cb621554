"""arXiv: the text of a version by its query API, and the list of versions by its OAI-PMH records.

The query API does not say whether a paper was withdrawn.  The raw records do: the version that withdraws a
paper has no files, which they write as source type I.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element

from colophon.lookup import reading
from colophon.lookup.found import Said, Status
from colophon.lookup.identifiers import Wanted
from colophon.lookup.inquiry import Inquiry
from colophon.lookup.reading import NotThere, Unusable

NAME = "arxiv"
_ATOM = "{http://www.w3.org/2005/Atom}"
_EXTENSION = "{http://arxiv.org/schemas/atom}"
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_ENTRY = re.compile(
    r"https?://(?:www\.|export\.)?arxiv\.org/abs/(?P<number>\S+?)v(?P<version>[1-9][0-9]{0,2})"
)
_VERSION = re.compile(r"v([1-9][0-9]{0,2})")
# How authors and moderators write it.  "Supersedes 2510.26642, which was withdrawn" does not begin so.
_WITHDRAWN = re.compile(
    r"\W*(?:(?:this|the|our) (?:arxiv )?(?:paper|article|submission|manuscript|preprint|work|version) "
    r"(?:has been|is|was|is being) (?:now )?withdrawn\b(?! from (?!(?:the )?arxiv))"
    r"|withdrawn(?: by (?:the )?(?:author|submitter|arxiv|admin)|\W*$|[.:;] ))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Versions:
    newest: int
    since: str | None
    withdrawn: str | None
    license: str | None
    doi: str | None


def ask(wanted: Wanted, inquiry: Inquiry) -> Said | None:
    """Return what arXiv says of a paper of its own."""
    if wanted.arxiv is None:
        return None
    number = wanted.arxiv
    asked_for = number if wanted.version is None else f"{number}v{wanted.version}"
    addresses = inquiry.settings.addresses
    query = f"{addresses.arxiv}?{urlencode({'id_list': asked_for})}"
    text = inquiry.ask(NAME, query, partial(_entry, wanted=wanted))
    record = {"verb": "GetRecord", "identifier": f"oai:arXiv.org:{number}", "metadataPrefix": "arXivRaw"}
    url = f"{addresses.arxiv_records}?{urlencode(record, safe=':/', quote_via=quote)}"
    versions = inquiry.ask(NAME, url, partial(_versions, number=number))
    if versions is not None:
        return _with_versions(text, versions, wanted)
    return text


def _entry(body: bytes, wanted: Wanted) -> Said:
    """Read the one entry of a feed.  Of the newest version alone nothing is known about withdrawals."""
    root = reading.xml_root(body)
    if root.tag != f"{_ATOM}feed":
        raise Unusable("the answer is no Atom feed")
    entries = root.findall(f"{_ATOM}entry")
    if not entries:
        raise NotThere
    if len(entries) > 1:
        raise Unusable(f"the answer has {len(entries)} entries, expected one")
    entry = entries[0]
    version = _identity(entry, wanted)
    title = reading.line(_text(entry, f"{_ATOM}title"), "the title")
    abstract = reading.passage(_text(entry, f"{_ATOM}summary"), "the abstract")
    if title is None or abstract is None:
        raise Unusable("the entry has no title or no abstract")
    names = [reading.line(_text(one, f"{_ATOM}name"), "an author") for one in entry.findall(f"{_ATOM}author")]
    comment = reading.passage(_text(entry, f"{_EXTENSION}comment"), "the comment") or ""
    notice = _notice(comment, abstract)
    unknown = "arxiv gave the text, but not the list of versions"
    return Said(
        NAME,
        Status.WITHDRAWN if notice else Status.UNKNOWN,
        f"arxiv: v{version} is withdrawn: {notice}" if notice else unknown,
        title,
        reading.authors(names),
        abstract,
        reading.day(_text(entry, f"{_ATOM}published"), "the date of publication"),
        reading.day(_text(entry, f"{_ATOM}updated"), "the date of the version"),
        f"v{version}",
        doi=_doi(_text(entry, f"{_EXTENSION}doi")),
    )


def _identity(entry: Element, wanted: Wanted) -> int:
    """Return the version of the entry, which must be of the paper and of the version that was asked for."""
    name = (_text(entry, f"{_ATOM}id") or "").strip()
    if "/api/errors" in name:
        reason = reading.passage(_text(entry, f"{_ATOM}summary"), "the reason") or "no reason"
        raise Unusable(f"arxiv reports an error: {reason[:100]}")
    match = _ENTRY.fullmatch(name)
    if match is None or match["number"] != wanted.arxiv:
        raise Unusable("the answer is about another paper")
    if wanted.version not in {None, int(match["version"])}:
        raise Unusable(f"the answer is about v{match['version']}, asked was v{wanted.version}")
    return int(match["version"])


def _versions(body: bytes, number: str) -> _Versions:
    """Read the record of all versions."""
    root = reading.xml_root(body)
    if root.tag != f"{_OAI}OAI-PMH":
        raise Unusable("the answer is no OAI-PMH record")
    error = root.find(f"{_OAI}error")
    if error is not None:
        if error.get("code") == "idDoesNotExist":
            raise NotThere
        raise Unusable(f"arxiv reports an error: {(error.get('code') or 'no reason')[:50]}")
    raw = root.find(f"{_OAI}GetRecord/{_OAI}record/{_OAI}metadata/{_RAW}arXivRaw")
    if raw is None:
        raise Unusable("the record has no arXivRaw")
    if (_text(raw, f"{_RAW}id") or "").strip() != number:
        raise Unusable("the answer is about another paper")
    versions = sorted(raw.findall(f"{_RAW}version"), key=_number)
    if not versions or [_number(one) for one in versions] != list(range(1, len(versions) + 1)):
        raise Unusable("the versions in the record are not v1, v2 and so on")
    newest = versions[-1]
    comment = reading.passage(_text(raw, f"{_RAW}comments"), "the comments") or ""
    abstract = reading.passage(_text(raw, f"{_RAW}abstract"), "the abstract") or ""
    notice = _notice(comment, abstract)
    if notice is None and "I" in (_text(newest, f"{_RAW}source_type") or ""):
        notice = _quoted(comment) if comment else "without a comment"
    return _Versions(
        len(versions),
        _mail_day(_text(newest, f"{_RAW}date")),
        notice,
        reading.line(_text(raw, f"{_RAW}license"), "the licence"),
        _doi(_text(raw, f"{_RAW}doi")),
    )


def _number(version: Element) -> int:
    match = _VERSION.fullmatch(version.get("version") or "")
    if match is None:
        raise Unusable("a version in the record has no number")
    return int(match[1])


def _with_versions(text: Said | None, versions: _Versions, wanted: Wanted) -> Said:
    """Join the text with the list of versions, which settles the status."""
    newest = f"v{versions.newest}"
    described = text or Said(NAME, Status.UNKNOWN, "")
    of_newest = wanted.version in {None, versions.newest}
    status, reason = _standing(versions, wanted)
    if text is not None and text.status is Status.WITHDRAWN and status is not Status.WITHDRAWN:
        status, reason = text.status, text.reason
    elif text is not None and _disagree(text, versions, wanted):
        # The records are a day behind, and a kept answer may be as well.
        status = Status.UNKNOWN
        reason = f"arxiv gave {text.version} in one answer and {newest} as the newest version in another"
    return replace(
        described,
        status=status,
        reason=reason,
        newest_version=newest,
        # The record has the licence of the newest version alone.
        license=versions.license if of_newest else None,
        doi=described.doi or versions.doi,
    )


def _disagree(text: Said, versions: _Versions, wanted: Wanted) -> bool:
    known = {f"v{number}" for number in range(1, versions.newest + 1)}
    return text.version not in known or (wanted.version is None and text.version != f"v{versions.newest}")


def _standing(versions: _Versions, wanted: Wanted) -> tuple[Status, str]:
    newest = f"v{versions.newest}" + (f" of {versions.since}" if versions.since else "")
    if wanted.version is not None and wanted.version > versions.newest:
        return Status.UNKNOWN, f"arxiv knows no v{wanted.version}, its newest is {newest}"
    if versions.withdrawn is not None:
        return Status.WITHDRAWN, f"arxiv: withdrawn with {newest}: {versions.withdrawn}"
    if wanted.version is not None and wanted.version < versions.newest:
        return Status.SUPERSEDED, f"arxiv: {newest} is newer than v{wanted.version}"
    return Status.CURRENT, f"arxiv: {newest} is the newest version and is not withdrawn"


def _notice(comment: str, abstract: str) -> str | None:
    """Return the words that withdraw a paper.  Before arXiv had comments for it, they were the abstract."""
    return next((_quoted(text) for text in (comment, abstract) if _WITHDRAWN.match(text)), None)


def _quoted(text: str) -> str:
    return f'"{text if len(text) <= 200 else f"{text[:197]}..."}"'


def _text(element: Element, tag: str) -> str | None:
    found = element.find(tag)
    return None if found is None else "".join(found.itertext())


def _doi(text: str | None) -> str | None:
    """Return a DOI that authors entered; what is none is none of our business."""
    words = (text or "").split()
    return words[0].lower() if words and re.fullmatch(r"10\.[0-9]{4,9}/\S{1,200}", words[0]) else None


def _mail_day(text: str | None) -> str | None:
    """Return the day of a date as mails have it."""
    try:
        return parsedate_to_datetime(text or "").astimezone(UTC).date().isoformat()
    except (ValueError, OverflowError):
        return None
