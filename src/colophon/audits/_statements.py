"""What a report says of itself, sentence by sentence, with the places; and whether a sentence asserts it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from colophon.audits._remembering import of_the_last
from colophon.audits._texts import texts
from colophon.contracts import Reading
from colophon.fold import Record
from colophon.language.beginnings import Begun
from colophon.language.folding import fold
from colophon.language.sentences import sentences

# Claims, sources and questions speak of the works of others, names of nothing.
_OF_OTHERS = re.compile(r"/(?:claims|sources|research_question|subject|publisher|headings|artifacts)(?:/|$)")
_DENIAL = re.compile(
    r"\b(?:not|no|non|never|none|nothing|nobody|few|hardly|neither|nor|without|cannot|lack\w{0,4}"
    r"|fail\w{0,3}|yet to|rather than|instead of"
    r"|unless|if|whether|until|should|must|may|might|could|would|can|needs?|needed|requir\w{1,4}|ought"
    r"|recommend\w{0,3}|encourage\w{0,2}|prefer\w{0,4}|consult|seek|awaits?|awaiting|pending|zero"
    r"|(?<![0-9.,])0(?![.,]?[0-9%]))\b|n't\b",
    re.IGNORECASE,
)
_BEHIND = r"(?:(?! (?:and|or|but|which|that) )[^.;:,()]){0,40}?"
_OF_SEVERAL = (
    rf"{_BEHIND}\b(?:(?:are|were|have|do|did|could|can) ?(?:not|never|n't)\b|cannot\b"
    r"|(?:are|were) (?:preferred|recommended|needed|required|pending|planned)\b"
    r"|(?:may|might|will|should|would|must)\b|: ?(?:no|none|not|0|false)\b)"
)
_DENIED_AFTER_SEVERAL = re.compile(_OF_SEVERAL, re.IGNORECASE)
_DENIED_AFTER = re.compile(
    rf"{_OF_SEVERAL}|{_BEHIND}\b(?:(?:is|was|has|does) ?(?:not|never|n't)\b"
    r"|(?:is|was) (?:preferred|recommended|needed|required|pending|planned)\b)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[;:()]|\s[-–—]{1,2}\s|\b(?:but|although|though|while|whereas|however)\b", re.IGNORECASE)
_COUNTED = ("/stated/counts/", "/stated/totals/")
_FEWEST_WORDS = 3
_LONGEST_SHOWN = 160
# Characters: how far before a word its denial may stand, and how much a report may say of one matter.
_FAR, _MOST_CHARACTERS = 300, 100_000


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence with the document and the place where it stands."""

    document: str
    pointer: str
    text: str


def statements(record: Record, about: Begun | re.Pattern[str]) -> Iterator[Statement]:
    """Yield the sentences that a pattern is found in, of all that a report says of itself.

    Questions are left out, for they assert nothing, and so are the words of a count that another text has
    too.
    """
    found = list(_folded(record, about))
    pattern = about.pattern if isinstance(about, Begun) else about
    running = "\n".join(one.text for one in found if not one.pointer.startswith(_COUNTED))
    for one in found:
        if one.pointer.startswith(_COUNTED) and one.text in running:
            continue
        for start, end in sentences(one.text):
            if one.text[end - 1] != "?" and pattern.search(one.text, start, end):
                yield Statement(one.document, one.pointer, one.text[start:end])


def _folded(record: Record, about: Begun | re.Pattern[str]) -> Iterator[Statement]:
    """Yield whole texts that the pattern is found in, as they are compared, up to a number of characters."""
    left = _MOST_CHARACTERS
    for document, reading in (("manifest", record.manifest), ("provenance", record.provenance)):
        for pointer, text in _of_itself(reading):
            if left > 0 and about.search(text):
                left -= len(text)
                yield Statement(document, pointer, fold(text).text)


@of_the_last
def _of_itself(document: Reading) -> Iterator[tuple[str, str]]:
    """Yield (JSON pointer, text) of what a report says of itself in a document."""
    return (one for one in texts(document) if not _OF_OTHERS.match(one[0]))


def is_asserted(text: str, start: int, end: int) -> bool:
    """Whether a sentence asserts what stands from ``start`` to ``end`` of it, and neither denies nor asks it.

    Denied is what has a word of denial before it in its own part of the sentence, or right behind it in
    its own number: in "this review of reviewed papers is not research" the papers are not denied.
    """
    behind = _DENIED_AFTER_SEVERAL if text[start:end].endswith("s") else _DENIED_AFTER
    before = text[max(0, start - _FAR) : start]
    return not (_DENIAL.search(part_before(before)) or behind.match(text, end))


def part_before(text: str) -> str:
    """Return the part of a sentence that leads up to a place; after a comma, three words make a part."""
    breaks = list(_BREAK.finditer(text))
    part = text[breaks[-1].end() :] if breaks else text
    at = part.rfind(",")
    while at >= 0 and len(part[at + 1 :].split()) < _FEWEST_WORDS:
        at = part.rfind(",", 0, at)
    return part[at + 1 :]


def quoted(text: str) -> str:
    """Return a text in quotation marks on one line, shortened where it is long."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 3] + "..."}"'
