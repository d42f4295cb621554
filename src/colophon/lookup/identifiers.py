"""Which paper is meant: arXiv identifiers and DOIs in the spelling that the services use."""

import re
from dataclasses import dataclass

from colophon.characters import refused, visible
from colophon.errors import UsageError
from colophon.layout import BEFORE_ARXIV, BEFORE_DOI

_ARXIV = re.compile(r"(?P<number>[0-9]{4}\.[0-9]{4,5})(?:v(?P<version>[1-9][0-9]{0,2}))?")
# Before April 2007.  The services know such a paper without the class: math/0309136 for math.GT/0309136.
_OLD_ARXIV = re.compile(
    r"(?P<archive>[a-z]+(?:-[a-z]+)*)(?:\.[A-Za-z-]{2,12})?"
    r"/(?P<number>[0-9]{7})(?:v(?P<version>[1-9][0-9]{0,2}))?"
)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """The paper that is asked about.

    ``arxiv`` is the number without its version, for arXiv identifiers and for DOIs of arXiv; ``version`` is
    the version asked for; ``doi`` is in lower case, for a paper on arXiv the one that arXiv gives it.
    """

    identifier: str
    kind: str
    arxiv: str | None
    version: int | None
    doi: str


def read(identifier: str, kind: str | None) -> Wanted:
    """Read an identifier.  Raises UsageError when it is none of the kind; with None, either kind will do."""
    text = identifier.strip()
    shown = visible(text if len(text) <= 80 else f"{text[:77]}...")
    if kind not in {"arxiv", "doi", None}:
        raise UsageError(f"{shown}: is of the kind {kind}; only arXiv identifiers and DOIs can be looked up")
    if refused(text) is None and len(text) <= _LONGEST:
        wanted = (_arxiv(text) if kind != "doi" else None) or (_doi(text) if kind != "arxiv" else None)
        if wanted is not None:
            return wanted
    name = {"arxiv": "arXiv identifier", "doi": "DOI"}.get(kind or "", "arXiv identifier and no DOI")
    raise UsageError(f"{shown}: is no {name}", "for example 2601.15305v1 or 10.1000/suffix")


def kind_of(identifier: str) -> str:
    """Return which kind of identifier this is, by its form: ``arxiv``, ``doi``, ``url`` or ``other``."""
    text = identifier.strip()
    wanted = _arxiv(text) or _doi(text)
    if wanted is not None:
        return wanted.kind
    return "url" if text.startswith(("https://", "http://")) else "other"


def _arxiv(text: str) -> Wanted | None:
    found = _number(BEFORE_ARXIV.sub("", text, count=1).removesuffix(".pdf"))
    if found is None:
        return None
    number, version = found
    return Wanted(text, "arxiv", number, version, f"10.48550/arxiv.{number}")


def _doi(text: str) -> Wanted | None:
    name = BEFORE_DOI.sub("", text, count=1)
    # A part of dots alone would be taken for a way up and out of the address that is asked.
    if not _DOI.fullmatch(name) or {".", ".."} & set(name.split("/")):
        return None
    before = _ARXIV_DOI.match(name)
    found = _number(name[before.end() :]) if before else None
    if found is None:
        return Wanted(text, "doi", None, None, name.lower())
    number, version = found
    return Wanted(text, "doi", number, version, f"10.48550/arxiv.{number}")


def _number(text: str) -> tuple[str, int | None] | None:
    match = _ARXIV.fullmatch(text)
    if match is None:
        match = _OLD_ARXIV.fullmatch(text)
        if match is None:
            return None
        number = f"{match['archive']}/{match['number']}"
    else:
        number = match["number"]
    return number, int(match["version"]) if match["version"] else None
