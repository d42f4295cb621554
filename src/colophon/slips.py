"""Lines that a person typed a little wrong: a key without its colon or the space behind it, a tab, a fence.

To a YAML reader they are an error somewhere else, or a part of the text above.  They are not read, because a
guess should not decide what is published; they are shown as they should stand.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from colophon import schema, unquoted
from colophon.model import Fault, Patch
from colophon.spelling import PEOPLES
from colophon.unquoted import PROSE

_KEY = re.compile(r"(?P<head> *(?:- +)?)(?P<key>[a-z_]+)(?P<colon>:?)(?P<space>[ \t\u00a0]*)(?P<value>\S.*)")
_OPEN = re.compile(r" *(?:- +)?(?P<key>[a-z_]+):[ \t]*")
_CONTRACT = re.compile(r"(?m)^contract_version[: ]+(\S+)$")
_TAB = re.compile(r" *\t[ \t]*")
_FENCE = re.compile(r"\s*(?:```|~~~)\w*\s*")
# Columns that a tab may stand for, the likeliest first.
_WIDTHS = (2, 4, 8)
# Characters: what is longer is no file of a person who types.
_LONGEST = 8_000
_SHOWN = 60
_HARD_SPACE = "\u00a0"
# What the parser says of what people type, and what it means.
_WORDS = (
    ("mapping values are not allowed", "a second key with a colon stands in one value; expected each key on "
     "a line of its own, in the column of the others"),
    ("expected <block end>", "this line stands in another column than those that it belongs to; expected the "
     "keys of one item, and the dashes of one list, in one column"),
    ("could not find expected ':'", "this line has no key; expected one with a colon and a space, such as "
     "`note: text`"),
    ("found character '\\t'", "a tab stands before the text of this line; expected spaces"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Slip:
    message: str
    line: str


def told(text: str, wrong: Callable[[str], str]) -> Fault | None:
    """Return the fault of the first such line, or None when this is not what is wrong.

    ``wrong`` says what is wrong with a document, or nothing.  It has the last word: with these lines as they
    should be, the document can be read.
    """
    lines = text.split("\n") if len(text) <= _LONGEST else []
    for width in _WIDTHS if "\t" in text else _WIDTHS[:1]:
        slips = dict(_Lines(text, width).slips(lines))
        mended = [slips[at].line if at in slips else line for at, line in enumerate(lines)]
        if slips and not _is_wrong("\n".join(mended), wrong):
            first, last = min(slips), max(slips)
            patch = Patch(first + 1, last + 1, "\n".join(mended[first : last + 1]))
            return Fault("S116", first + 1, "", slips[first].message, patch)
    return None


def in_words(problem: str | None) -> str:
    """Return what the parser says of a document in the words of who wrote it, where it often says so."""
    return next((words for begin, words in _WORDS if str(problem).startswith(begin)), str(problem))


def _is_wrong(text: str, wrong: Callable[[str], str]) -> bool:
    mended = unquoted.mended(text, wrong)
    return not isinstance(mended, str) or bool(wrong(mended))


@cache
def _names() -> frozenset[str]:
    """The keys of everything that people write about a record."""
    return frozenset(name for contract in PEOPLES for name in _keys(schema.load(contract)))


def _keys(shape: object) -> Iterator[str]:
    if isinstance(shape, dict):
        yield from shape.get("properties", {})
        for below in shape.values():
            yield from _keys(below)


class _Lines:
    """The lines of one document, looked at in order: what belongs to the text of a key above is no slip."""

    def __init__(self, text: str, width: int) -> None:
        self._width = width
        whole = text.strip().split("\n")
        self._is_fenced = len(whole) > 1 and all(_FENCE.fullmatch(line) for line in (whole[0], whole[-1]))
        contract = _CONTRACT.search(text)
        shape = schema.load(contract[1]) if contract and contract[1] in PEOPLES else {}
        has = {match["key"] for line in whole if (match := _KEY.match(line)) and match["colon"]}
        # Only such a word at the margin is a key without a colon, and any other the first of a text.
        self._absent = {*shape.get("properties", {})} - has
        # The column of the key whose text may go on below it, and whether people write prose there.
        self._column, self._is_prose = -1, False

    def slips(self, lines: list[str]) -> Iterator[tuple[int, _Slip]]:
        """Yield (place, slip) of every line that is wrong."""
        ends = [at for at, line in enumerate(lines) if line.strip()]
        for at, line in enumerate(lines):
            if not line.strip():
                continue
            if self._is_fenced and at in (ends[0], ends[-1]):
                yield at, _Slip("a fence of Markdown stands here; expected the file alone, without it", "")
                continue
            slip = None if self._goes_on(line) else self._slip(line)
            if slip is not None:
                yield at, slip
            self._note(slip.line if slip is not None else line)

    def _goes_on(self, line: str) -> bool:
        return 0 <= self._column < len(line) - len(line.lstrip(" "))

    def _note(self, line: str) -> None:
        """Remember which key a line begins; one with no value has keys or items below it, and no text."""
        match = _KEY.fullmatch(line)
        if match is not None and match["colon"] and match["space"] and not self._goes_on(line):
            self._column, self._is_prose = match.start("key"), match["key"] in PROSE
        elif (opened := _OPEN.fullmatch(line)) is not None and not self._goes_on(line):
            self._column, self._is_prose = -1, opened["key"] in PROSE

    def _slip(self, line: str) -> _Slip | None:
        """Return what is wrong with a line, and how it should stand, or None."""
        tab = _TAB.match(line)
        if tab:
            straight = tab[0].replace("\t", " " * self._width) + line.lstrip()
            other = self._slip(straight)
            message = "a tab stands before the text of this line; expected spaces"
            return _Slip(message, other.line if other else straight)
        key = _KEY.fullmatch(line)
        if key is None or key["key"] not in _names():
            return None
        if key["colon"] and (not key["space"] or _HARD_SPACE in key["space"]):
            missing = "no space follows the colon"
        elif self._lacks_colon(key):
            missing = "no colon follows the key"
        else:
            return None
        message = f"{missing}: {line.strip()[:_SHOWN]!r}; expected `{key['key']}: ` and its value"
        return _Slip(message, f"{key['head']}{key['key']}: {key['value']}")

    def _lacks_colon(self, key: re.Match[str]) -> bool:
        at_margin = not key["colon"] and not key["head"] and bool(key["space"])
        return at_margin and not self._is_prose and key["key"] in self._absent
