"""Texts that a record quotes, and where a quote leaves the text that it is of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from colophon.contracts.paper_manifest import Manifest
from colophon.contracts.source_provenance import Provenance
from colophon.language.folding import fold
from colophon.language.sentences import sentences

# Words behind which the question itself must follow: "the following research question: ...".
_LABEL = re.compile(
    r"(?:\b(?:the|this|its|our|following|same|central|main|single|guiding) |(?:^|[.] ))"
    r"research (?:question|goal)"
    r"(?: (?:is|was|reads|addressed|asked|examined|here|studied|of this (?:report|synthesis|review))){0,2}"
    r"(?: as follows)?(?:\s?:\s*|,? (?=\"))"
    r"|\bthe following question\s?:\s*",
    re.IGNORECASE,
)
_CALLED_TITLE = re.compile(
    r"\b(?:title|titled|entitled|headed|heading)\b(?: of (?:the|this) [a-z]+)?(?: is| was| reads)?[ :,]*$",
    re.IGNORECASE,
)
_CALLED_QUESTION = re.compile(r"\bquestion\b[ :,]*$", re.IGNORECASE)
QUOTED = re.compile(r'"([^"]{1,4000})"' r"|(?<!\w)'((?:[^']|(?<=\w)'(?=\w)){1,4000})'(?!\w)")
# A text that itself begins with words in quotation marks: ""Lupin": a method", read again".
_NESTED = re.compile(r'"("[^"]{1,2000}"[^"]{1,2000})"')
# A quote that ends on one of these was cut: a title without its subtitle ends before the mark.
_OPEN_END = re.compile(r"[:(-]\s*$")
_LEFT_OUT = re.compile(r"\.\.\.|…|\[[^\]]{0,40}\]")
_WORD = re.compile(r"[^\W_]+")
# A subtitle, or what stands in brackets at the end, may be left out.
_SUBTITLE = re.compile(r"\s*[?.!]?\s*(?:[:(]|- )")
# Characters and quotes of one record, and words of one quote, that are looked at.
_LONGEST, _MOST_QUOTES, _MOST_WORDS = 200_000, 200, 400
_BEFORE, _BEHIND = 4, 6


@dataclass(frozen=True)
class Wording:
    """A text as its words, with where they stand."""

    text: str

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where the words stand, as far as they are compared."""
        found = []
        for match in _WORD.finditer(self.text):
            found.append(match.span())
            if len(found) == _MOST_WORDS:
                break
        return found

    @cached_property
    def words(self) -> list[str]:
        """The words in lower case."""
        return [self.text[start:end].lower() for start, end in self.spans]

    def shown(self, first: int, last: int) -> str:
        """Return the words between two places as they are printed."""
        first, last = max(first, 0), min(last, len(self.spans))
        return self.text[self.spans[first][0] : self.spans[last - 1][1]] if first < last else ""

    def alike(self, other: "Wording") -> float:
        """Return the share of the words of either that both have."""
        one, two = set(self.words), set(other.words)
        return len(one & two) / len(one | two) if one and two else 0.0

    def begins(self, other: "Wording") -> bool:
        """Whether another text begins with this one."""
        return self.words == other.words[: len(self.words)]

    def is_main_part_of(self, other: "Wording") -> bool:
        """Whether only a subtitle of the other text is left out."""
        if _OPEN_END.search(self.text):
            return False
        end = other.spans[len(self.words) - 1][1] if self.words and self.begins(other) else None
        return end is not None and _SUBTITLE.match(other.text, end) is not None


@dataclass(frozen=True, slots=True)
class Quote:
    """A text quoted at a place.

    ``label`` is ``sure`` where the words before it say that the research question follows, ``likely`` where
    they call it a question, ``title`` where they call it a title, or empty.
    """

    pointer: str
    document: str
    wording: Wording
    label: str = ""


def quotes(manifest: Manifest, provenance: Provenance, question: Wording) -> Iterator[Quote]:
    """Yield what the texts of a record quote; what has no end of its own ends where the question does."""
    left, characters = _MOST_QUOTES, _LONGEST
    for pointer, document, text in _places(manifest, provenance):
        folded = fold(text[:characters]).text
        characters -= min(characters, len(text))
        for wording, label in _quoted(folded, question):
            if not _LEFT_OUT.search(wording.text):
                yield Quote(pointer, document, wording, label)
            left -= 1
            if left == 0:
                return


def _quoted(text: str, question: Wording) -> Iterator[tuple[Wording, str]]:
    at = 0
    for label in _LABEL.finditer(text):
        if QUOTED.match(text, label.end()) is None and text[label.end() : label.end() + 1].isalpha():
            yield _to_end_of_sentence(text[label.end() :], question), "sure"
    labelled = {label.end() for label in _LABEL.finditer(text)}
    while (match := QUOTED.search(text, at)) is not None:
        nested = _NESTED.search(text, at, match.end() + 2_000)
        if nested is not None and nested.start() <= match.start():
            match = nested
        at = match.end()
        before = text[max(0, match.start() - 60) : match.start()]
        kind = "sure" if match.start() in labelled else _called(before)
        yield Wording(match[1] or match[match.re.groups]), kind


def _called(before: str) -> str:
    """Return what the words before a quote call it."""
    if _CALLED_QUESTION.search(before):
        return "likely"
    return "title" if _CALLED_TITLE.search(before) else ""


def _to_end_of_sentence(text: str, question: Wording) -> Wording:
    """Return the question at the beginning of a text, or what stands there to the end of the sentence."""
    whole = Wording(text)
    if question.words and question.begins(whole):
        return Wording(whole.shown(0, len(question.words)))
    first = next(iter(sentences(text[:4_000])), (0, 0))
    return Wording(text[first[0] : first[1]])


def _places(manifest: Manifest, provenance: Provenance) -> Iterator[tuple[str, str, str]]:
    """Yield (pointer, document, text) of the texts that may quote a field."""
    if manifest.abstract:
        yield "/abstract", "manifest", manifest.abstract
    for name in ("limitations", "uncertainties"):
        for place, text in enumerate(getattr(manifest, name) or ()):
            yield f"/{name}/{place}", "manifest", text
    for place, text in enumerate(manifest.stated.notes or ()):
        yield f"/stated/notes/{place}", "manifest", text
    if provenance.methodology:
        yield "/methodology", "provenance", provenance.methodology
    for place, text in enumerate(provenance.notes or ()):
        yield f"/notes/{place}", "provenance", text


def difference(quote: Wording, field: Wording) -> str | None:
    """Return where a quote leaves the text that it is of, told in words; None when it does not."""
    if quote.words == field.words:
        return None
    at = 0
    while at < min(len(quote.words), len(field.words)) and quote.words[at] == field.words[at]:
        at += 1
    rest = field.shown(at, at + _BEHIND)
    if at == len(quote.words):
        return f'as "{_led(quote, at, at)}" and stops before "{rest}"'
    ends = f'the record\'s ends on "{_led(field, at, at)}"'
    return f'as "{_led(quote, at, at + _BEHIND)}", ' + (
        f'the record has "{_led(field, at, at + _BEHIND)}"' if rest else ends
    )


def _led(wording: Wording, at: int, end: int) -> str:
    """Return words with a few before them."""
    return ("... " if at > _BEFORE else "") + wording.shown(at - _BEFORE, end)
