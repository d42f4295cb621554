"""K101: claims marked as verified at a score that does not tell right from wrong."""

import re

from colophon.audits import audit
from colophon.contracts.paper_manifest import Claim
from colophon.contracts.source_provenance import Provenance
from colophon.fold import Record
from colophon.grounding.calibration import Band, band_of
from colophon.model import Examination, Flaw, Severity
from colophon.rules.printed import printed_number

_LEAST_SHARE = 0.9
_SET = "SciFact, claims against cited abstracts"
_LEXICAL = re.compile(
    r"\btf\W?idf\b|\b(?:lexical|word|term|token|keyword|n\W?gram|string|bag\Wof\Wwords)s?\b"
    r"[^.;]{0,40}\b(?:overlap|cosine|similarity|match\w*|score|comparison|likeness)|\bbm25\b|\bjaccard\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(r"\btf\W?idf\b|\b(?:lexical|word|n\W?gram|bag\Wof\Wwords)s? cosine", re.IGNORECASE)
# A second look beside the score makes the mark another one.
_MORE = re.compile(
    r"\b(?:entailment|nli|annotat\w+|curat\w+|expert\w*|by hand|manual\w*|human\w*|reader|person|people"
    r"|exact (?:quot\w+|match\w*)|quoted)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:no|not|without|nor|never)\b[^.;,]{0,40}$", re.IGNORECASE)


@audit("K101", severity=Severity.WARNING)
def flag_without_weight(record: Record) -> Examination:
    """What: A claim may be marked as verified only at a score at which nine of ten claims are supported by
    their source. Where the method is a TF-IDF cosine, the printed confidence of each mark is looked up in a
    table of how many claims of a public set were supported at that score: 52% from 0.15 to 0.20,
    66% from 0.30 to 0.40. From 0.40 on and for other scores over words nothing was measured, and nothing is
    decided.

    Why: A cosine of words says that two texts share a topic. A claim with its number changed keeps its
    cosine. Readers take a tick for a judgement.

    Example: The method is "TF-IDF cosine, threshold 0.15". The table marks 19 claims as verified at 0.15 to
    0.34.

    Mend: The publisher can mark claims by a check that was measured, or print the score without calling it
    verification. If method or marks were copied wrongly into the record, file a correction with the reason
    `transcription`. It is shown beside the record, and the finding stays.
    """
    pointer = _lexical(record.provenance)
    marked = [one for one in record.manifest.claims or () if one.stated.verified and one.stated.confidence]
    if pointer is None or not marked:
        return Examination()
    method = _method(record.provenance)
    if not _MEASURED.search(method) or any(
        not _DENIED.search(method[: more.start()]) for more in _MORE.finditer(method)
    ):
        return Examination(recognised=1)
    bands = [(claim, band) for claim in marked if (band := _band(claim)) is not None]
    if not bands:
        return Examination(recognised=1)
    weak = [(claim, band) for claim, band in bands if band.share < _LEAST_SHARE]
    flaws = (Flaw(pointer, _told(weak, len(marked)), "provenance"),) if weak else ()
    return Examination(1, 1, flaws)


def _method(provenance: Provenance) -> str:
    verification = provenance.verification
    if verification is None:
        return provenance.methodology or ""
    return ". ".join(filter(None, (verification.method, verification.features)))


def _lexical(provenance: Provenance) -> str | None:
    """Return where the record says that the method compares words, or None."""
    verification = provenance.verification
    if not _LEXICAL.search(_method(provenance)):
        return None
    if verification is None:
        return "/methodology"
    return "/verification/method" if verification.method is not None else "/verification/features"


def _band(claim: Claim) -> Band | None:
    confidence = printed_number(claim.stated.confidence)
    return None if confidence is None or confidence.scale else band_of(confidence.value)


def _told(weak: list[tuple[Claim, Band]], marked: int) -> str:
    claim, band = max(weak, key=lambda item: item[1].low)
    best = f"at {claim.stated.confidence} ({claim.id}), the highest of these"
    at_it = f"{band.supported} of {band.claims} claims were supported from {band.low} to {band.high} ({_SET})"
    return f"{len(weak)} of {marked} claims marked as verified by a score of words; {best}: {at_it}"
