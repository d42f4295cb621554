"""Whether a claim stands in a source word for word, and in a place where it is not denied."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from colophon.grounding.alignment import stands_alone
from colophon.grounding.source import Source
from colophon.language.folding import fold

# Words that the claim must have; fewer stand anywhere.
_LEAST = 4
_QUOTES, _APART = re.compile("['\"]"), re.compile(r"[\s-]+")
_END = re.compile(r"[\s.;,!?]+$")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch of the folded text that is the claim, and the passage that it begins in."""

    start: int
    end: int
    place: int


def quoted(claim: str, source: Source) -> Quotation | None:
    """Return where a claim stands in a source, but for spaces, hyphens in words, case and the last stop."""
    folded = fold(_END.sub("", claim))
    plain, wanted = folded.text, folded.squeezed.text
    if len(claim.split()) < _LEAST or not wanted:
        return None
    text = source.folded.squeezed
    at = text.text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        start, last = text.starts[at], text.starts[end - 1] + 1
        if _is_whole(text.text, at, end) and _has_its_words(plain, source.folded.text[start:last]):
            place = _place(source, start)
            crosses = bool(source.parts) and _place(source, last - 1) != place
            if not crosses and not _is_doubted(source, place, start, last):
                return Quotation(start, last, place)
        at = text.text.find(wanted, at + 1)
    return None


def _has_its_words(claim: str, stretch: str) -> bool:
    """Whether a stretch has its words apart where the claim has them apart, or joined by a hyphen.

    A hyphen of the claim may be a space there, or nothing; one of the source is no nothing: who re-signed has
    not resigned.
    """
    said, there = (_QUOTES.sub("", text).lower() for text in (claim, stretch))
    spaced = _APART.sub(" ", said).strip() == _APART.sub(" ", there).strip()
    return spaced or " ".join(said.replace("-", "").split()) == " ".join(there.split())


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no number goes on before or behind; where spaces are left out, a word's end cannot be seen."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if text[end - 1].isdigit() and re.match(r"[^\W_]|%|[.,][0-9]", after):
        return False
    return not (text[start].isdigit() and re.search(r"[0-9]$|[0-9][.,]$|(?<![^\W_])-$", before))


def _place(source: Source, start: int) -> int:
    return max(bisect_right(source.passages, start, key=lambda passage: passage.start) - 1, 0)


def _is_doubted(source: Source, place: int, start: int, end: int) -> bool:
    text, first, last = source.folded.text, source.passages[place], _place(source, end - 1)
    final = source.passages[last]
    before, after = text[first.start : start], text[end : final.end]
    starts_word = not before or not before[-1].isalnum() or not text[start].isalnum()
    ends_word = not after or not after[0].isalnum() or not text[end - 1].isalnum()
    if not (starts_word and ends_word):
        return True
    said = text[first.start : final.end]
    return not stands_alone(said, start - first.start, end - first.start, source.said(last + 1))
