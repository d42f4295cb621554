"""Whether a claim stands in a source word for word, and in a place where it is not denied."""

import re
from dataclasses import dataclass

from colophon.grounding.folding import fold
from colophon.grounding.source import Source

# Words that the claim must have; fewer stand anywhere.
_LEAST = 4
# What around a quotation in its sentence says that it does not hold, or that somebody else says so.
_DOUBT = re.compile(
    r"\b(?:no|not|never|neither|nor|without|cannot|whether|if|unless|hypothes\w+|unclear|unlikely|den(?:y|ies|ied)|"
    r"refut\w+|reject\w*|disprov\w+|false|falsely|myth|contrary|doubt\w*|question\w*|fail\w*|lack\w*|except|"
    r"rather than|instead of|although|despite)\b|n't\b",
    re.IGNORECASE,
)
_END = re.compile(r"[\s.;,!?]+$")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch of the folded text that is the claim, and the passage that it begins in."""

    start: int
    end: int
    place: int


def quoted(claim: str, source: Source) -> Quotation | None:
    """Return where a claim stands in a source, but for spaces, hyphens in words, case and the last stop."""
    wanted = fold(_END.sub("", claim)).squeezed.text
    if len(claim.split()) < _LEAST or not wanted:
        return None
    text = source.folded.squeezed
    at = text.text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if _is_whole(text.text, at, end):
            start = text.starts[at]
            last = text.starts[end - 1] + 1
            place = _place(source, start)
            if not _is_doubted(source, place, start, last):
                return Quotation(start, last, place)
        at = text.text.find(wanted, at + 1)
    return None


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no number goes on before or behind; where spaces are left out, a word's end cannot be seen."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if text[end - 1].isdigit() and re.match(r"[0-9%]|[.,][0-9]", after):
        return False
    return not (text[start].isdigit() and re.search(r"[0-9]$|[0-9][.,]$|(?<![^\W_])-$", before))


def _place(source: Source, start: int) -> int:
    passages = source.passages
    low, high = 0, len(passages) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if passages[middle].start <= start else (low, middle - 1)
    return low


def _is_doubted(source: Source, place: int, start: int, end: int) -> bool:
    text = source.folded.text
    before = text[source.passages[place].start : start]
    last = _place(source, end - 1)
    after = text[end : source.passages[last].end]
    starts_word = not before or not before[-1].isalnum() or not text[start].isalnum()
    ends_word = not after or not after[0].isalnum() or not text[end - 1].isalnum()
    return (
        not (starts_word and ends_word)
        or _DOUBT.search(before) is not None
        or _DOUBT.search(after) is not None
    )
