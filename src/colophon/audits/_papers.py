"""Numbers of papers that a report states, by the step of its search: found, screened, dropped, kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from colophon.audits._statements import statements
from colophon.fold import Record
from colophon.language.beginnings import Led
from colophon.language.numerals import numbers_written, numeral

_NOUN = (
    r"(?:papers?|articles?|publications?|studies|study|preprints?|documents?|sources?|works|records"
    r"|references?|abstracts|candidates?|duplicates?|hits|results|texts)"
)
_STEPS = {
    "found": r"retrieved|found|identified|returned|yielded|collected|gathered|located|fetched|retrieves",
    "screened": r"screened(?! out\b)|assessed for eligibility|triaged",
    "dropped": (
        r"excluded|removed|dropped|discarded|rejected|filtered|deduplicated|eliminated|ineligible|unavailable"
        r"|inaccessible|set aside|(?:left|screened|sorted|thrown|weeded|ruled) out"
        r"|duplicates?|duplicated|off[- ]topic|irrelevant|unread"
    ),
    "kept": (
        r"included|used|kept|retained|selected|analy[sz]ed|read|cited|listed|synthesi[sz]ed|eligible"
        r"|remain\w{0,3}"
        r"|reviewed|summari[sz]ed|relevant|chosen|left|contributed|accepted|examined|considered|covered"
        r"|drawn on"
    ),
}
# The same as nouns and participles before the number: "after exclusion of 9", "leaving three".
_DEEDS = {
    "found": r"search(?:es)? (?:gave|brought)|yielding|finding|retrieval of|starting (?:with|from)",
    "screened": r"screening of",
    "dropped": (
        r"exclu(?:sion of|ding)|remov(?:al of|ing)|eliminati(?:on of|ng)|rejecti(?:on of|ng)|dropping"
        r"|discarding"
    ),
    "kept": r"leaving|leaves|leave|retaining|keeping|inclu(?:sion of|ding)|reduced to|down to",
}
_DEED = "|".join(f"(?P<{name}>{words})" for name, words in _DEEDS.items())
_STEP = "|".join(f"(?P<{name}>{words})" for name, words in _STEPS.items())
_WERE = r"(?:(?:were|was|are|is|have been|has been|could be|then|finally|also|only|all|not) ){0,3}"
_ADJECTIVES = r"(?:(?!of\b|than\b|claims?\b|quer|sentence)[^\W\d][\w-]{0,24} ){0,3}?"
# "12 papers were retrieved", "9 excluded", "of which 3 were used".
_BEHIND = re.compile(
    rf" (?:(?:of (?:them|these|those|which|the(?:se)? {_NOUN}) )|{_ADJECTIVES}{_NOUN} (?:(?:that|which) )?)?"
    rf"{_WERE}(?:{_STEP})\b",
    re.IGNORECASE,
)
# "retrieved 12 papers", "we kept three", "excluded: 9".
_AHEAD = re.compile(
    rf"\b(?:{_STEP})(?: {_NOUN})?(?: (?:a total of|only|the|these|from|:|=))?[ :=|]{{1,3}}$", re.IGNORECASE
)
_AHEAD_AS_DEED = re.compile(
    rf"\b(?:{_DEED})(?: (?:a total of|only|the|these|another|a further))?[ :]{{1,2}}$", re.IGNORECASE
)
# "Of 60 records, 40 were excluded": what a sentence begins with is what there was.
_WHOLE = re.compile(
    r"^(?:[\w ]{1,24}: )?(?:of|from|out of|among)(?: (?:the|all|these|an|a total of))?(?: initial)? $",
    re.IGNORECASE,
)
_NOUN_BEHIND = re.compile(rf" {_ADJECTIVES}{_NOUN}\b", re.IGNORECASE)
_END = re.compile(r"\s*(?:[.;,)]|$|\b(?:and|of)\b)")
_PART = re.compile(
    r"(?:\b(?:about|around|nearly|over|at least|at most|more than|fewer than|up to|per|each"
    r"|version|step|round|stage|score of) ?|[-–/.])$",
    re.IGNORECASE,
)
_ABOUT = Led(
    rf"\b(?:{_NOUN}|retrieved|screen(?:ed|ing)|excluded|search)\b",
    f"{_NOUN} retrieved screen excluded search",
)
_MOST_NUMBERS = 200


@dataclass(frozen=True, slots=True)
class Papers:
    """One stated number of papers: its step, its value, and where it stands."""

    step: str
    value: int
    document: str
    pointer: str


def papers(record: Record) -> tuple[Papers, ...]:
    """Return the numbers of papers that a report states in its texts, in order."""
    found: list[Papers] = []
    for statement in statements(record, _ABOUT):
        for step, value in _numbers(statement.text):
            found.append(Papers(step, value, statement.document, statement.pointer))
        if len(found) >= _MOST_NUMBERS:
            break
    return tuple(found)


def _numbers(sentence: str) -> Iterator[tuple[str, int]]:
    for match in numbers_written(sentence):
        number = numeral(sentence, match)
        if number is None or number.kind != "plain" or number.value % 1 or match["rate"]:
            continue
        before = sentence[max(0, match.start() - 48) : match.start()]
        behind = sentence[number.end : number.end + 120]
        step = None if _PART.search(before) else _step(before, behind)
        if step is not None:
            yield step, int(number.value)


def _step(before: str, behind: str) -> str | None:
    """Return the step that a number counts, by the words behind it or before it."""
    match = _BEHIND.match(behind)
    if match is None:
        match = _AHEAD.search(before) or _AHEAD_AS_DEED.search(before)
        is_counted = _NOUN_BEHIND.match(behind) is not None
        if match is None and is_counted and _WHOLE.search(before):
            return "found"
        if match is None or not (is_counted or _END.match(behind)):
            return None
    return next(name for name in _STEPS if match[name] is not None)
