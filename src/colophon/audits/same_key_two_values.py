"""N103: one thing said twice in one setting, with two values."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from colophon.audits import audit
from colophon.audits._numbers import Said, said_with_numbers, shown
from colophon.contracts.paper_manifest import Manifest
from colophon.fold import Record
from colophon.language.beginnings import Led
from colophon.language.quantities import Quantity
from colophon.language.terms import EMPTY, stem, stems
from colophon.model import Examination, Flaw, Severity
from colophon.scores.names import names

# Words that report a value and say nothing of how it was had.
_REPORTING = frozenset(
    stem(word)
    for word in (
        "achieve reach score obtain attain get report yield record hit show contain comprise span cover"
        " include use need take hold result overall total exactly still also come stand arrive amount measure"
        " evaluate observe find see give deliver came stood found gave took got held saw"
    ).split()
)
# Words that tell two sentences apart although they carry no content.  "With" is none of them: what one was
# measured with has a word of its own, and "with Lupin, accuracy is 62%" says what "Lupin has" says.
_TELLING = frozenset(
    stem(word)
    for word in "before after no not without only more less than per above below first second".split()
)
# "The model" may be any, "the accuracy" that of any; "the accuracy of Lupin" is one.
_THE = r"(?:an?|the|our|its|their|his|her|this|that|these|those)\s(?:(?-i:[a-z-]+)\s){0,2}?"
_SOME_THING = (
    rf"{_THE}(?:models?|methods?|systems?|approach(?:es)?|frameworks?|algorithms?|baselines?|networks?|variants?"
    r"|versions?|authors?|studies|study|papers?|works?|groups?|first|second|third|other|latter|former|example"
    r"|experiments?|runs?|trials?|samples?|clips?|layers?|stages?|rest)\b"
)
_VAGUE = re.compile(
    r"^\W*(?:(?:on|in|for|with|at)\s[^,]{1,60},\s)?"
    r"(?:(?:it|they|this|these|that|those|he|she|we|one|another|some|others?|both|each|either|most|half)\b(?!-)"
    rf"|{_SOME_THING}|{_THE}(?:results?|value|score|accuracy|best|worst"
    r"|(?:average|mean)(?!(?:\s[a-z]+){1,2}\sof\b))\b"
    rf"(?:(?!\sof\s)|\sof\s{_SOME_THING}))",
    re.IGNORECASE,
)
_APART = (
    r"\b(?:vs\.?|versus|rang\w+|between|respectively|varies|vary|either|once|sometimes|another|again|respective|whereas"
    r"|up\sto|at\s(?:least|most)|initially|originally|previously|earlier|later)\b"
)
_SETS_APART = Led(_APART, _APART)
_ARROWS = re.compile("->|→|±")
# With more numbers in a sentence it is open which of them is the value and which the setting.
_MOST_NUMBERS = 6
# With fewer words beside its number a sentence must name something.
_FEWEST_WORDS = 4
_MOST_SEEN = 8

_Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Statement:
    """One number of a sentence; all its other words and numbers are the key."""

    said: Said
    number: Quantity
    key: _Key


@audit("N103", severity=Severity.WARNING)
def same_key_two_values(record: Record) -> Examination:
    """What: Two sentences that say the same of the same must give the same value. They say the same when all
    their words and all their other numbers agree, in whatever order, but for verbs like "reaches" or "has".
    One word more, such as a data set, a split or "without tools", makes another setting. So do different
    sources. Values that may be one number rounded twice agree.

    Why: A reader cannot know which of the two was measured. A table made of the record would hold whichever
    came first.

    Example: One claim states "Lupin reaches 62.0% accuracy on MeadowQA", another "On MeadowQA, Lupin has an
    accuracy of 58.1%".

    Mend: Nothing in the record is edited. The publisher can issue a corrected report, or name what differs.
    If a number was copied wrongly into the record, file a correction with the reason `transcription`. It is
    shown beside the record, and the finding stays.
    """
    seen: dict[_Key, list[_Statement]] = defaultdict(list)
    recognised = 0
    flaws: dict[str, Flaw] = {}
    # The abstract retells the claims, so that it comes behind them.
    sentences = sorted(said_with_numbers(record.manifest), key=lambda said: said.pointer == "/abstract")
    for said in sentences:
        for one in _statements(said):
            same = [other for other in seen[one.key] if _is_comparable(record.manifest, one, other)]
            recognised += bool(same)
            other = next((other for other in same if not _may_be_equal(one.number, other.number)), None)
            if other is not None:
                flaws.setdefault(said.pointer, Flaw(said.pointer, _told(one, other)))
            if len(seen[one.key]) < _MOST_SEEN:
                seen[one.key].append(one)
    return Examination(recognised, recognised, tuple(flaws.values()))


def _statements(said: Said) -> Iterator[_Statement]:
    """Yield the numbers of a sentence that has a subject of its own, each with the rest of it as its key."""
    if len(said.numbers) > _MOST_NUMBERS or _is_vague(said.text):
        return
    is_named = any(one.role != "dataset" for one in names(said.text))
    for one in said.numbers:
        words = [*stems(said.text[: one.start]), "#", *stems(said.text[one.end :])]
        bag = sorted(
            word for word in words if (word in _TELLING or word not in EMPTY) and word not in _REPORTING
        )
        if one.kind != "year" and (len(bag) >= _FEWEST_WORDS or (len(bag) > 1 and is_named)):
            yield _Statement(said, one, (f"{one.kind} {one.bound}", tuple(bag)))


def _is_vague(text: str) -> bool:
    """Whether a sentence has no subject of its own, or sets several things apart."""
    return bool(_VAGUE.match(text) or _ARROWS.search(text) or _SETS_APART.search(text))


def _may_be_equal(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers are one, printed with more digits or fewer."""
    return abs(one.value - other.value) <= one.half + other.half and (
        one.value == other.value or one.half != other.half or Decimal(0) in (one.half, other.half)
    )


def _is_comparable(manifest: Manifest, one: _Statement, other: _Statement) -> bool:
    """Whether two statements are of two sentences, and not of claims that name sources and share none."""
    if one.said is other.said:
        return False
    of_one, of_other = _sources(manifest, one.said.pointer), _sources(manifest, other.said.pointer)
    return not of_one or not of_other or bool(of_one & of_other)


def _sources(manifest: Manifest, pointer: str) -> frozenset[str]:
    _, field, *rest = pointer.split("/")
    if field != "claims" or manifest.claims is None:
        return frozenset()
    return frozenset(manifest.claims[int(rest[0])].sources or ())


def _told(one: _Statement, other: _Statement) -> str:
    return (
        f"{shown(one.said.text)} states {one.number.text}, {other.said.pointer} states {other.number.text} "
        "of the same"
    )
