"""The sentences of a record that state numbers, with their JSON pointers and their quantities."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from colophon.audits._remembering import of_the_last
from colophon.contracts.paper_manifest import Manifest
from colophon.language.beginnings import Led
from colophon.language.folding import fold
from colophon.language.quantities import Quantity, quantities
from colophon.language.sentences import sentences
from colophon.language.terms import EMPTY, stem
from colophon.language.weights import table
from colophon.scores.metrics import metrics

# A sentence with more numbers is a table that lost its lines; nothing can be told of who belongs to whom.
_MOST_NUMBERS = 40
_MOST_DIGITS = 150
# Of one record; a report has some hundred.
_MOST_SENTENCES = 4_000
_LONGEST_SHOWN = 80
_DIGITS = re.compile(r"[0-9]+")
_DIGIT = re.compile(r"[0-9]")
_TIMES = Led(r"\b(?:twice|doubl|tripl|half)", "twice doubl tripl half")
# "Gemini 1.5" is a version, "PSNR 31.2" and "Accuracy 54.9" are none; "recall at ten" is a measure.
_VERSION = re.compile(r"[0-9]{1,2}\.[0-9]|[0-9]")
_NAME_BEFORE = re.compile(r"(?<![\w.@/-])(?P<name>[A-Z][\w-]*|[a-z]{1,5}[A-Z][\w-]*)\s$")
_AT_BEFORE = re.compile(
    r"\b(?:recall|precision|hits?|ndcg|map|mrr|pass|success|accuracy)\sat\s$", re.IGNORECASE
)
_IN_TOTAL = re.compile(r"\s(?:in\s(?:total|all)|altogether|overall|together)\b", re.IGNORECASE)
_FINISHED = re.compile(r"[.!?][)\]\"']*$")


@dataclass(frozen=True, slots=True)
class Said:
    """One folded sentence.  ``place`` counts the sentences of its text."""

    pointer: str
    place: int
    text: str
    numbers: tuple[Quantity, ...]

    @property
    def masked(self) -> str:
        """The text with a mark for each digit that is in no number of it, but in a name."""
        pieces, at = [], 0
        for one in self.numbers:
            pieces += [_DIGIT.sub("#", self.text[at : one.start]), self.text[one.start : one.end]]
            at = one.end
        return "".join([*pieces, _DIGIT.sub("#", self.text[at:])])


@of_the_last
def said_with_numbers(manifest: Manifest) -> Iterator[Said]:
    """Yield the sentences with numbers of all that a report words about its sources, in order."""
    return islice(_said(manifest), _MOST_SENTENCES)


def _said(manifest: Manifest) -> Iterator[Said]:
    for pointer, text in prose(manifest):
        folded = fold(text).text
        is_finished = _FINISHED.search(folded.rstrip()[-4:]) is not None
        end = len(folded.rstrip())
        for place, (start, stop) in enumerate(sentences(folded)):
            one = folded[start:stop]
            if _DIGIT.search(one) or _TIMES.search(one):
                is_open = stop >= end and not is_finished
                yield Said(pointer, place, one, _numbers(one, is_open))


def prose(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield (JSON pointer, text) of abstract, claims, limitations, uncertainties and notes."""
    if manifest.abstract:
        yield "/abstract", manifest.abstract
    for position, claim in enumerate(manifest.claims or ()):
        yield f"/claims/{position}/text", claim.text
    for field in ("limitations", "uncertainties"):
        for position, text in enumerate(getattr(manifest, field) or ()):
            yield f"/{field}/{position}", text
    for position, text in enumerate(manifest.stated.notes or ()):
        yield f"/stated/notes/{position}", text


def shown(text: str) -> str:
    """Return a part of a text in quotation marks and in one line, shortened at its end."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 3] + "..."}"'


def _numbers(text: str, is_open: bool) -> tuple[Quantity, ...]:
    """Return the numbers, without one on which an unfinished text ends: its last digits may be missing."""
    if len(text) > 2 * _MOST_DIGITS and len(_DIGITS.findall(text)) > _MOST_DIGITS:
        return ()
    found = quantities(text)
    if is_open and found and found[-1].end >= len(text):
        del found[-1]
    found = [_as_count(text, one) for one in found if not _is_in_name(text, one)]
    return tuple(found) if len(found) <= _MOST_NUMBERS else ()


def _as_count(text: str, one: Quantity) -> Quantity:
    """Return a number as a count where what looks like a year is a total: "1609 in total"."""
    is_total = one.kind == "year" and _IN_TOTAL.match(text, one.end) is not None
    return replace(one, kind="plain") if is_total else one


def _is_in_name(text: str, one: Quantity) -> bool:
    """Whether a number is the version of something named, or the rank of a measure."""
    if one.kind != "plain":
        return False
    before = text[max(0, one.start - 40) : one.start]
    if "at" in before[-4:].lower() and "." not in one.text and _AT_BEFORE.search(before):
        return True
    match = _NAME_BEFORE.search(before) if _VERSION.fullmatch(one.text) else None
    if match is None or match["name"].isupper() or any(at.end > match.start() for at in metrics(before)):
        return False
    start = one.start - len(match[0])
    is_first = not text[:start].strip() or text[:start].rstrip()[-1:] in ".!?:;"
    word = match["name"]
    is_ordinary = stem(word.lower()) in EMPTY or stem(word.lower()) in table()[0]
    return not (is_first and word[1:].islower() and is_ordinary)
