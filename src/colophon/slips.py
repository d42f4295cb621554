"""Lines that a person typed a little wrong: a key without its colon or the space behind it, a tab, a fence.

To a YAML reader they are an error somewhere else, or a part of the text above.  They are not read, because a
guess should not decide what is published; they are shown as they should stand.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache

from colophon import schema, unquoted
from colophon.model import Fault, Patch
from colophon.spelling import PEOPLES

_KEY = re.compile(r"(?P<head> *(?:- +)?)(?P<key>[a-z_]+)(?P<colon>:?)(?P<space>[ \t\u00a0]*)(?P<value>\S.*)")
_CONTRACT = re.compile(r"(?m)^contract_version[: ]+(\S+)$")
_TAB = re.compile(r" *\t[ \t]*")
_FENCE = re.compile(r"\s*(?:```|~~~)\w*\s*")
# Columns that a tab may stand for, the likeliest first.
_WIDTHS = (2, 4, 8)
# More characters, or more such lines, are no file of a person's who types.
_LONGEST, _MOST = 20_000, 20
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
    should be, and not without, the document can be read.
    """
    lines = text.split("\n") if len(text) <= _LONGEST else []
    absent = _top(text) - {match["key"] for line in lines if (match := _KEY.match(line)) and match["colon"]}
    for width in _WIDTHS if "\t" in text else _WIDTHS[:1]:
        slips = {at: slip for at, line in enumerate(lines) if (slip := _slip(line, absent, width))}
        if 0 < len(slips) <= _MOST and not _is_wrong(lines, slips, wrong):
            return _fault(lines, _needed(lines, slips, wrong))
    return None


@cache
def _names() -> frozenset[str]:
    """The keys of everything that people write about a record."""
    return frozenset(name for contract in PEOPLES for name in _keys(schema.load(contract)))


def _top(text: str) -> frozenset[str]:
    """The keys that stand at the margin of a document of its contract."""
    match = _CONTRACT.search(text)
    shape = schema.load(match[1]) if match and match[1] in PEOPLES else {}
    return frozenset(shape.get("properties", {}))


def _keys(shape: object) -> Iterator[str]:
    if isinstance(shape, dict):
        yield from shape.get("properties", {})
        for below in shape.values():
            yield from _keys(below)


def _with(lines: list[str], slips: dict[int, _Slip]) -> list[str]:
    return [slips[at].line if at in slips else line for at, line in enumerate(lines)]


def in_words(problem: str | None) -> str:
    """Return what the parser says of a document in the words of who wrote it, where it often says so."""
    return next((words for begin, words in _WORDS if str(problem).startswith(begin)), str(problem))


def _is_wrong(lines: list[str], slips: dict[int, _Slip], wrong: Callable[[str], str]) -> bool:
    mended = unquoted.mended("\n".join(_with(lines, slips)), wrong)
    return not isinstance(mended, str) or bool(wrong(mended))


def _needed(lines: list[str], slips: dict[int, _Slip], wrong: Callable[[str], str]) -> dict[int, _Slip]:
    """Return the slips without those that only look like some, such as a line of a note."""
    for at in tuple(slips):
        others = {other: slip for other, slip in slips.items() if other != at}
        if others and not _is_wrong(lines, others, wrong):
            slips = others
    return slips


def _fault(lines: list[str], slips: dict[int, _Slip]) -> Fault:
    first, last = min(slips), max(slips)
    exact = "\n".join(_with(lines, slips)[first : last + 1])
    return Fault("S116", first + 1, "", slips[first].message, Patch(first + 1, last + 1, exact))


def _slip(line: str, absent: Collection[str], width: int) -> _Slip | None:
    """Return what is wrong with a line, and how it should stand, or None.

    ``absent`` are the keys that the document's margin lacks: only such a word there is a key without a
    colon, and any other the first of a text.
    """
    if _FENCE.fullmatch(line):
        return _Slip("a fence of Markdown stands here; expected the file alone, without it", "")
    tab, key = _TAB.match(line), _KEY.fullmatch(line)
    if tab and line.strip():
        margin = tab[0].replace("\t", " " * width)
        straight = margin + line.lstrip()
        other = _slip(straight, absent, width)
        message = "a tab stands before the text of this line; expected spaces"
        return _Slip(message, other.line if other else straight)
    if key is None or key["key"] not in _names():
        return None
    if key["colon"] and (not key["space"] or _HARD_SPACE in key["space"]):
        missing = "no space follows the colon"
    elif not key["colon"] and not key["head"] and key["space"] and key["key"] in absent:
        missing = "no colon follows the key"
    else:
        return None
    shown = line.strip()[:_SHOWN]
    message = f"{missing}: {shown!r}; expected `{key['key']}: ` and its value"
    return _Slip(message, f"{key['head']}{key['key']}: {key['value']}")
