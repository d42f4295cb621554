"""P103: limitations that do not say what the check can and cannot do."""

import re

from colophon.audits import audit
from colophon.fold import Record
from colophon.language.folding import fold
from colophon.language.sentences import sentences
from colophon.language.terms import EMPTY, stem, stems
from colophon.model import Examination, Flaw, Severity

_SCORE = (
    r"\b(?:tf\W?idf|cosine|similarit\w+|overlap\w*|lexical\w*|bm25|jaccard|n\W?grams?|bigrams?|embedding\w*"
    r"|entail\w*|nli|natural\W?language inference|cross\W?encoder|classifi\w+|likeness"
    r"|scor(?:e|es|ed|ing)\b(?=[^.;]{0,40}\b(?:claim|match|verif)))"
)
_BY_SOMEBODY = (
    r"\b(?:compar\w+|match\w+|look\w* (?:for|up)|judg\w+|read(?:ing)?\b|extract\w+|count\w+|agree\w+|check\w*"
    r"|verif\w+)\b[^.;]{0,60}\b(?:words?|wording|meanings?|strings?|keywords?|terms|tokens|topics?|numbers"
    r"|quotations?|passages?|language models?|llms?|models?|by hand|manual\w*|humans?|persons?|people"
    r"|readers?|annotators?|experts?|exact\w*|automat\w+ match\w*)\b"
)
_THRESHOLD = (
    r"\b(?:threshold|cut\W?off|limit|bar|at least|at or above|above|below|from|over|under|exceed\w*|minimum"
    r"|>=?|≥)\W{0,3}(?:[\w-]+ ){0,4}?(?:of |= ?|: ?|is |was )?(?:0?\.[0-9]+|[0-9]{1,3}(?:\.[0-9]+)? ?(?:%"
    r"|per ?cent))"
)
_TEXT = (
    r"\babstracts?\b|\bfull\W?texts?\b|\b(?:the|their|its|whole|entire|source|paper|held|same"
    r"|retrieved) texts?\b"
    r"|\btexts? of\b|\bpdfs?\b|\b(?:tables|sections|passages?|paragraphs|bod(?:y|ies)|html|snippets?"
    r"|summaries)\b"
    r"|\b(?:full|whole|entire|complete) (?:papers?|articles?|documents?|reports?|publications?)\b"
)
_COUNT = (
    r"(?:[0-9]+|no|none|all|both|half|most|every|each|one|two|three|four|five|six|seven|eight|nine"
    r"|ten|twelve)"
)
_FATE = (
    r"(?:un)?(?:check|verif|confirm|found|match|support|ground|locat|pass|stay|read|fail|look|judg|compar"
    r"|miss)\w*"
)
_SHARE = (
    rf"\b{_COUNT}\b[^.;]{{0,40}}\bclaims?\b[^.;]{{0,60}}\b{_FATE}"
    rf"|\b{_FATE}\b[^.;]{{0,60}}\b{_COUNT}\b[^.;]{{0,30}}\bclaims?\b"
    rf"|\b{_COUNT} (?:of|out of) (?:the )?{_COUNT}\b|\b[0-9]{{1,3}} ?(?:%|percent"
    rf"|per cent) of (?:the )?claims"
    r"|\bclaims?\b[^.;]{0,40}\b(?:un|not )(?:checked|verified|confirmed|supported|matched)\b"
    rf"[^.;]{{0,12}}\b{_COUNT}\b"
)
_ASPECTS = {
    "the method of verification": re.compile(f"{_SCORE}|{_BY_SOMEBODY}", re.IGNORECASE),
    "the threshold": re.compile(_THRESHOLD, re.IGNORECASE),
    "the text that was searched": re.compile(_TEXT, re.IGNORECASE),
    "the share of claims left unchecked": re.compile(_SHARE, re.IGNORECASE),
}
_METHOD, _THRESHOLD_NAME, _, _SHARE_NAME = _ASPECTS
# Words of a stated method that limitations have without naming it.
_COMMON = frozenset(
    stem(word)
    for word in (
        "claim text full paper source cite verify verification check method threshold automate use each all"
    ).split()
)
# Characters of a text that are looked at; limitations are a paragraph or two.
_LONGEST = 20_000


@audit("P103", severity=Severity.WARNING)
def limitations_silent(record: Record) -> Examination:
    """What: A report that marks or counts verified claims must say in its limitations how they were
    verified, from which threshold, in which text (abstract, full text, table), and how many claims were
    left unchecked. Once the limitations name the method, the rest may stand where the report tells its
    method or its counts. A record is flagged once, with all that is missing. No threshold is asked for
    where no score is printed.

    Why: "Automated verification may introduce errors" is true of every report and tells nothing of this
    one. A reader needs to know what a tick can miss.

    Example: The limitations name "errors or omissions" and advise to read the sources. That claims pass at
    a cosine of 0.15, and against which text, is not said.

    Mend: The publisher can add the missing sentences. If the report has them and they were not read here,
    file a correction with the reason `transcription`. It is shown beside the record, and the finding stays.
    """
    if not _is_verified(record):
        return Examination()
    limits = _folded((*(record.manifest.limitations or ()), *(record.manifest.uncertainties or ())))
    told = {name for name, pattern in _ASPECTS.items() if pattern.search(limits)}
    if _repeats_method(record, limits):
        told.add(_METHOD)
    if _METHOD in told:
        told |= _told_elsewhere(record)
    asked = [name for name in _ASPECTS if name != _THRESHOLD_NAME or _has_score(record)]
    missing = [name for name in asked if name not in told]
    if not missing:
        return Examination(1, 1)
    begun = "the limitations do not name" if limits else "no limitations are given, and so not"
    message = f"{begun} {', '.join(missing)}"
    return Examination(1, 1, (Flaw(_pointer(record), message),))


def _is_verified(record: Record) -> bool:
    """Whether the report says of any claim that it was verified or not."""
    stated, verification = record.manifest.stated, record.provenance.verification
    marked = any(claim.stated.verified is not None for claim in record.manifest.claims or ())
    return marked or stated.claims_verified is not None or verification is not None


def _has_score(record: Record) -> bool:
    verification = record.provenance.verification
    scored = any(claim.stated.confidence is not None for claim in record.manifest.claims or ())
    named = " ".join(filter(None, (verification.method, verification.features))) if verification else ""
    return scored or re.search(_SCORE, named, re.IGNORECASE) is not None


def _repeats_method(record: Record, limits: str) -> bool:
    """Whether a sentence of the limitations has most of the telling words of the method that is stated."""
    verification = record.provenance.verification
    stated = verification.method if verification is not None else None
    words = set(stems(fold((stated or "")[:_LONGEST]).text)) - EMPTY - _COMMON
    if not words:
        return False
    fewest = max(min(2, len(words)), (len(words) + 1) // 2)
    return any(len(words & set(stems(limits[start:end]))) >= fewest for start, end in sentences(limits))


def _told_elsewhere(record: Record) -> set[str]:
    """Return what the report tells under its method, in its notes, its abstract or its counts."""
    manifest, provenance = record.manifest, record.provenance
    verification = provenance.verification
    check = (verification.method, verification.features) if verification is not None else ()
    notes = (*(manifest.stated.notes or ()), *(provenance.notes or ()))
    running = _folded((provenance.methodology, *check, manifest.abstract, *notes))
    told = {name for name, pattern in _ASPECTS.items() if pattern.search(running)}
    if verification is not None and verification.threshold is not None:
        told.add(_THRESHOLD_NAME)
    marks = [claim.stated.verified for claim in manifest.claims or ()]
    if manifest.stated.claims_verified is not None or (marks and None not in marks):
        told.add(_SHARE_NAME)
    return told


def _folded(texts: tuple[str | None, ...]) -> str:
    return fold(". ".join(filter(None, texts))[:_LONGEST]).text


def _pointer(record: Record) -> str:
    return (
        "/uncertainties"
        if not record.manifest.limitations and record.manifest.uncertainties
        else "/limitations"
    )
