"""The threshold above which a report says that a claim counts as verified."""

import re
from collections.abc import Iterable
from typing import Any

from colophon.ingests._numbers import measure

_NUMBER = r"([-−]?(?:\d{1,9}(?:[.,]\d{1,15})?|\.\d{1,15}))(?![\d\w]|[.,]\d)(\s?%)?"
_LIMIT = r"(?:thresholds?|cut-?\s?offs?)"
_SCORE = r"(?:similarity|similarities|cosine|confidence|overlap|scores?|scoring|scored)"
_OVER = (
    r"(?:above|over|below|under|at\sleast|exceeding|exceeds?|reaching|reaches|(?:greater|higher|more|less|lower)\sthan"
    r"|at\sor\sabove|of\sat\sleast|no\sless\sthan|not\sbelow|[<>]=?|[≥≤])"
)
_IS = (
    r"(?:\s{0,3}(?:[=:>≥|]{1,2}|of|is|was|at|were|"
    r"(?:is|was|were)\sset\s(?:to|at)|set\s(?:to|at)|value\sof)\s{0,3}|\s{1,3})"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_LIMIT}(?:\s{{1,3}}(?!of\b|is\b|was\b|at\b|set\b)[a-z-]{{1,20}}){{0,4}}?{_IS}{_NUMBER}",
        rf"(?<![\w.,]){_NUMBER}\s{{1,3}}(?:[a-z-]{{1,20}}\s{{1,3}}){{0,2}}{_LIMIT}\b",
        rf"\b{_SCORE}(?:\s{{1,3}}(?:scores?|values?|is|was|are|were|similarity)){{0,2}}\s{{1,3}}{_OVER}\s{{0,3}}{_NUMBER}",
        rf"\b{_SCORE}\s{{0,2}}(?:[<>]=?|[≥≤])\s{{0,2}}{_NUMBER}",
        rf"\bminimum\s(?:[a-z-]{{1,20}}\s){{0,2}}{_SCORE}{_IS}{_NUMBER}",
        rf"\b{_SCORE}\s(?:of\s)?{_NUMBER}\sor\s(?:more|higher|above|greater|better)\b",
    )
)
_OF_CLAIMS = re.compile(
    r"\b(?:claims?|statements?|verif\w{0,10}|unverified|supported|grounded|ticked|flagged|check(?:ed|s|ing)?)\b",
    re.IGNORECASE,
)
_OF_ELSE = re.compile(
    r"\b(?:relevance|inclusion|screen\w{0,6}|dedup\w{0,12}|duplicat\w{0,6}|cluster\w{0,6}|revis\w{0,6}|rounds?"
    r"|reviews?|reviewers?|quality|publish\w{0,4}|publication|kept|dropped|retained|discard\w{0,4}|removed|excluded)\b",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[;,]\s|\s(?:and|but|while|whereas|before|after|then)\s", re.IGNORECASE)
_HOLDS_NUMBER = re.compile(r"\d")


def states_one(text: str) -> bool:
    """Whether words that are known to be about verification state a threshold."""
    return bool(_stated(text))


def read(field: str | None, sentences: Iterable[str]) -> tuple[dict[str, Any] | None, list[str]]:
    """Return the threshold for claims, and the sentences whose threshold cannot be told to be theirs.

    ``field`` is the value that stands under a label of its own; it goes before any sentence.
    """
    number = re.fullmatch(_NUMBER, (field or "").strip().lstrip("≥>= ")) if field else None
    found = _measure(number) if number else next(iter(_stated(f"threshold {field}")), None) if field else None
    doubtful = [f"threshold {field!r}"] if field and found is None else []
    for sentence in sentences:
        if found is None and _HOLDS_NUMBER.search(sentence) and _OF_CLAIMS.search(sentence):
            found, unclear = _of_claims(sentence)
            doubtful += [sentence] if unclear else []
    return found, [] if found else doubtful


def _of_claims(sentence: str) -> tuple[dict[str, Any] | None, bool]:
    """The one threshold of a sentence that is about claims; whether it has some that may not be."""
    stated = _stated(sentence)
    if len(stated) == 1 and not _OF_ELSE.search(sentence):
        return stated[0], False
    clauses = [
        part for part in _CLAUSES.split(sentence) if _OF_CLAIMS.search(part) and not _OF_ELSE.search(part)
    ]
    fitting = [limit for part in clauses for limit in _stated(part)]
    return (fitting[0], False) if len(fitting) == 1 else (None, len(stated) > 1 or bool(fitting))


def _stated(text: str) -> list[dict[str, Any]]:
    """Every threshold that the words state, once each, in printed order."""
    found = {match.start(1): match for form in _FORMS for match in form.finditer(text)}
    measures = [_measure(match) for _, match in sorted(found.items())]
    return [limit for position, limit in enumerate(measures) if limit not in measures[:position]]


def _measure(match: re.Match[str]) -> dict[str, Any]:
    unit = (match[2] or "").strip() or None
    return measure(match[1] + (match[2] or ""), match[1], unit)
