"""How a synthesis was made, as its methodology states it: search, embeddings, verification, panel."""

import re
from collections.abc import Iterable
from typing import Any

from colophon.ingests._fields import Fields
from colophon.ingests._numbers import COUNT, DECIMAL, count, measure
from colophon.ingests._text import blocks, optional

_DATABASE = re.compile(
    r"(?<![\w.])(?:arXiv|Crossref|Semantic Scholar|OpenAlex|PubMed Central|PubMed|Europe PMC|DBLP|"
    r"Google Scholar|CORE|ACL Anthology|OpenReview|IEEE Xplore|"
    r"ACM Digital Library|Scopus|Web of Science|bioRxiv|medRxiv|SSRN)(?!\w)"
)
_SEARCH = re.compile(r"\b(?:search|searched|searches|queries|queried|retrieved|retrieval)\b", re.IGNORECASE)
_QUERIES = re.compile(rf"({COUNT})(?:\s{{1,3}}[\w-]{{1,20}}){{0,2}}\s{{1,3}}quer(?:y|ies)\b", re.IGNORECASE)
_ORDER = re.compile(r"(?<![\w-])(?:\w{2,30}-sorted|sorted\s{1,3}by\s{1,3}\w{2,30})", re.IGNORECASE)
_EMBEDDING = re.compile(
    r"(?<!\S)([\w./:-]{2,120})\s{0,2}\((?:dim(?:ension)?s?\s{0,2}[=:]?\s{0,2}([0-9]{1,8})|([0-9]{1,8})[\s-]dim\w{0,12})\)",
    re.IGNORECASE,
)
_VERIFICATION = re.compile(r"\bverif(?:ication|ier)\s{0,2}(\(([^()]{1,300})\))", re.IGNORECASE)
_BREAK = re.compile(r"[();:.]")
_AGAINST = re.compile(r"\b(?:independently\s)?(?:verified|checked)\sagainst\s[^.;,]{1,200}", re.IGNORECASE)
_THRESHOLD = re.compile(rf"\bthreshold\s{{0,2}}(?:of|is|[=:>≥]{{1,2}})?\s{{0,2}}({DECIMAL})", re.IGNORECASE)
_PANEL = re.compile(r"\b(?:panel|tribunal|role|roles|reviewers?)\b", re.IGNORECASE)
_ROLES = re.compile(
    r"\(([A-Z][A-Za-z_ -]{1,40}(?:\s{0,2}[/,|]\s{0,2}(?:and\s)?[A-Z][A-Za-z_ -]{1,40}){1,19})\)"
)
_PANEL_NAME = re.compile(r"([A-Z][\w.-]{0,40}(?:\s[\w.-]{1,40}){0,4}):\s")
_REVISE = re.compile(
    rf"\bscores?\s{{0,2}}(?:is\s)?(?:<|below|under|less\sthan)\s{{0,2}}({DECIMAL})", re.IGNORECASE
)
_ROUNDS = re.compile(rf"\b(?:up\sto|at\smost|maximum\sof)\s({COUNT})\srevision\srounds?\b", re.IGNORECASE)
_REVIEW = re.compile(
    r"\b(?:An?\s)?(?:[\w-]{1,30}\s){0,2}multi-reviewer\s(?:[\w-]{1,30}\s)?assessment\b", re.IGNORECASE
)


def search(sentences: Iterable[str], fields: Fields, queries: list[str] | None) -> dict[str, Any] | None:
    """Return {databases, queries, query_count, order}, or None when nothing of it is stated."""
    databases = _split(fields.get("databases"), ",")
    query_count = order = None
    listed = _split(fields.get("queries"), ";") if queries is None else blocks(queries)
    for sentence in filter(_SEARCH.search, sentences):
        if fields.get("databases") is None:
            databases = list(dict.fromkeys([*(databases or ()), *_DATABASE.findall(sentence)])) or None
        match = _QUERIES.search(sentence)
        query_count = count(match[1]) if match and query_count is None else query_count
        match = _ORDER.search(sentence)
        order = match[0] if match and order is None else order
    found = {
        "databases": databases,
        "queries": listed,
        "query_count": query_count,
        "order": fields.get("order") or order,
    }
    return _unless_empty(found)


def embeddings(sentences: Iterable[str], fields: Fields) -> dict[str, Any] | None:
    """Return {model, dimension}, or None when nothing of it is stated."""
    match = next(filter(None, map(_EMBEDDING.search, sentences)), None)
    stated = re.fullmatch(r"[0-9]{1,8}", fields.get("embedding_dimension") or "")
    printed = stated[0] if stated else (match[2] or match[3]) if match else None
    model = fields.get("embedding_model") or (match[1] if match else None)
    # A dimension of nothing is no dimension.
    return _unless_empty({"model": model, "dimension": int(printed or 0) or None})


def verification(sentences: Iterable[str], fields: Fields) -> dict[str, Any] | None:
    """Return {method, features, threshold}, or None when nothing of it is stated."""
    method, features, threshold = fields.get("verification_method"), fields.get("features"), None
    number = re.fullmatch(DECIMAL, fields.get("threshold") or "")
    threshold = measure(number[0], number[0], None) if number else None
    for sentence in sentences:
        match = _VERIFICATION.search(sentence)
        if match:
            method = method or _BREAK.split(sentence[: match.start(1)])[-1].strip()
            items = [item.strip() for item in re.split("[,;]", match[2])]
            features = features or optional(", ".join(i for i in items if not _THRESHOLD.search(i)))
        against = _AGAINST.search(sentence)
        method = method or (against[0].strip() if against else None)
        limit = _THRESHOLD.search(sentence)
        threshold = threshold or (measure(limit[1], limit[1], None) if limit else None)
    return _unless_empty({"method": method, "features": features, "threshold": threshold})


def panel(sentences: Iterable[str]) -> tuple[dict[str, Any] | None, str | None]:
    """Return {name, roles, revise_below, rounds} and the sentence that states it, or None for both."""
    for sentence in filter(_PANEL.search, sentences):
        roles, revise = _ROLES.search(sentence), _REVISE.search(sentence)
        if roles or revise:
            name, rounds = _PANEL_NAME.match(sentence), _ROUNDS.search(sentence)
            stated = {
                "name": name[1] if name else None,
                "roles": _split(roles[1].replace("|", "/").replace(",", "/").replace(" and ", " "), "/")
                if roles
                else None,
                "revise_below": measure(revise[1], revise[1], None) if revise else None,
                "rounds": count(rounds[1]) if rounds else None,
            }
            return stated, sentence
    return None, None


def review(sentences: Iterable[str], fields: Fields, panel_sentence: str | None) -> str | None:
    """Return the review method as printed, or None."""
    match = next(filter(None, map(_REVIEW.search, sentences)), None)
    return fields.get("review_method") or panel_sentence or (match[0] if match else None)


def _split(text: str | None, separator: str) -> list[str] | None:
    if text is None:
        return None
    return [part for part in (item.strip(" \"'“”") for item in text.split(separator)) if part] or None


def _unless_empty(found: dict[str, Any]) -> dict[str, Any] | None:
    return found if any(value is not None for value in found.values()) else None
