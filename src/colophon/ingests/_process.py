"""How a synthesis was made, as its methodology states it: search, embeddings, verification, panel."""

import re
from collections.abc import Iterable
from typing import Any

from colophon.ingests import _thresholds
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
_BREAK = re.compile(r"[;:]\s{1,3}")
_AGAINST = re.compile(
    r"\b(?:independently\s)?(?:verified|checked|compared|matched|validated)\sagainst\s", re.IGNORECASE
)
_PANEL = re.compile(r"\b(?:panel|tribunal|jury|role|roles|reviewers?)\b", re.IGNORECASE)
_PANEL_AT_WORK = re.compile(
    rf"\b(?:panel|tribunal|jury)\b(?!\s{{0,2}}[:|])|"
    rf"{COUNT}(?:\s{{1,3}}[\w-]{{1,30}}){{0,2}}\s{{1,3}}(?:reviewers|judges|referees|assessors)\b",
    re.IGNORECASE,
)
_WORK = re.compile(r"\b(?:review|scor|assess|judg|evaluat|rated|graded|of\s\d)", re.IGNORECASE)
_NO_PANEL = re.compile(r"\b(?:no|not|without|never)\b", re.IGNORECASE)
_ROLE = r"[A-Z][A-Za-z_ -]{1,40}"
_ROLES = re.compile(rf"\(({_ROLE}(?:\s{{0,2}}(?:[/,|;]|\s(?:and|&)\s)\s{{0,2}}(?:and\s)?{_ROLE}){{1,19}})\)")
_BETWEEN_ROLES = re.compile(r"\s{0,3}[/,|;&]\s{0,3}(?:and\s)?|\sand\s")
_PANEL_NAME = re.compile(
    r"((?=[^:]{0,80}\b(?:panel|tribunal|jury|committee|council|board|review))[A-Z][\w.-]{0,40}(?:\s[\w.-]{1,40}){0,4}):\s",
    re.IGNORECASE,
)
_REVISES = re.compile(r"\b(?:revis|rewr|redraft|rework|round)", re.IGNORECASE)
_REVISE = re.compile(
    rf"\bscores?\s{{0,2}}(?:is\s)?(?:<|below|under|less\sthan)\s{{0,2}}({DECIMAL})", re.IGNORECASE
)
_ROUNDS = re.compile(
    rf"\b(?:up\sto|at\smost|maximum\sof|no\smore\sthan)\s({COUNT})\srevision\srounds?\b", re.IGNORECASE
)
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


def verification(
    sentences: Iterable[str], fields: Fields, threshold: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Return {method, features, threshold}, or None when nothing of it is stated."""
    method, features = fields.get("verification_method"), fields.get("features")
    for sentence in sentences:
        match = _VERIFICATION.search(sentence)
        if match:
            method = method or _method(sentence, match)
            features = features or _features(match[2])
        against = _AGAINST.search(sentence)
        method = method or (_clause(sentence, against.start()) if against else None)
    return _unless_empty({"method": method, "features": features, "threshold": threshold})


def _method(sentence: str, match: re.Match[str]) -> str:
    """The words before the brackets, which are read apart; with them when the sentence goes on behind."""
    begin = max((part.end() for part in _BREAK.finditer(sentence, 0, match.start(1))), default=0)
    ends = sentence[match.end(1) :].lstrip()[:1] in ("", ".", ";")
    return sentence[begin : match.start(1)].strip() if ends else _clause(sentence, begin)


def _clause(sentence: str, begin: int) -> str:
    """The sentence from ``begin`` on, up to a semicolon outside brackets or its end."""
    depth = 0
    for position in range(begin, len(sentence)):
        character = sentence[position]
        depth += (character in "([") - (character in ")]")
        if character == ";" and depth <= 0:
            return sentence[begin:position].strip()
    whole = sentence[begin:].strip()
    return whole[:-1] if whole.endswith(".") else whole


def _features(aside: str) -> str | None:
    """What stands in the brackets beside the threshold; all of it when the threshold parts it in two."""
    items = re.split(r"[,;]\s{1,3}", aside.strip())
    kept = optional(", ".join(item for item in items if not _thresholds.states_one(item)))
    return kept if kept is None or kept in aside else optional(aside)


def panel(sentences: Iterable[str], own: Iterable[str]) -> tuple[dict[str, Any] | None, str | None]:
    """Return {name, roles, revise_below, rounds} and the sentence that states it, or None for both.

    A panel may be stated without any of the four: ``own`` are sentences in which the word alone tells.
    """
    for sentence in filter(_PANEL.search, sentences):
        roles = _roles(sentence)
        revise = _REVISE.search(sentence) if _REVISES.search(sentence) else None
        if roles or revise:
            name, rounds = _PANEL_NAME.match(sentence), _ROUNDS.search(sentence)
            stated = {
                "name": name[1] if name else None,
                "roles": roles,
                "revise_below": measure(revise[1], revise[1], None) if revise else None,
                "rounds": count(rounds[1]) if rounds else None,
            }
            return stated, sentence
    for sentence in filter(_PANEL_AT_WORK.search, own):
        if _WORK.search(sentence) and not _NO_PANEL.search(sentence):
            return dict.fromkeys(("name", "roles", "revise_below", "rounds")), sentence
    return None, None


def _roles(sentence: str) -> list[str] | None:
    match = _ROLES.search(sentence)
    if match is None or _DATABASE.search(match[1]):
        return None
    return [part.strip() for part in _BETWEEN_ROLES.split(match[1]) if part.strip()] or None


def review(sentences: Iterable[str], fields: Fields, panel_sentence: str | None) -> str | None:
    """Return the review method as printed, or None."""
    stated = next(filter(_REVIEW.search, sentences), None)
    return fields.get("review_method") or panel_sentence or stated


def _split(text: str | None, separator: str) -> list[str] | None:
    if text is None:
        return None
    return [part for part in (item.strip(" \"'“”") for item in text.split(separator)) if part] or None


def _unless_empty(found: dict[str, Any]) -> dict[str, Any] | None:
    return found if any(value is not None for value in found.values()) else None
