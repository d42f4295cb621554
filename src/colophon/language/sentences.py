"""Where the sentences of a folded text begin and end."""

import re
from collections.abc import Iterator

# What may end a sentence, with the brackets and quotes that close behind it.
_END = re.compile(
    r"""(?<![.!?。！？])[.!?。！？]++[)\]"']*+(?=\s|$)
    | (?<=[a-z]{3})[.!?]["']?(?=[A-Z][a-z' ]|[A-Z]{2,}\b)
    | [。！？]
    | \n[ \t]*\n\s*
    | \n(?=[ \t]*(?:[-*•]|[0-9]{1,2}[.)])[ ])""",
    re.VERBOSE,
)
_MARK = re.compile(r"[.!?。！？\n]")
# Words behind whose full stop a sentence goes on.
_ABBREVIATIONS = frozenset(
    "al approx ca cf co corp dept dr e.g eg eq eqs fig figs gen gov i.e ie inc jr lt ltd mr mrs ms pp "
    "prof ref refs rev sec sen sgt sr st suppl tab u.k u.s u.s.a viz vol vs resp".split()
)
_BEFORE_NUMBERS = frozenset({"no", "nos"})
_LAST_WORD = re.compile(r"(?:[A-Za-z]\.)*[^\W_]+$")
_NEXT = re.compile(r"\s*[\"'(\[]*(.)")
# Characters: text without an end is cut into pieces of this length, so that a span stays readable.
_LONGEST = 2_000


def sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence, in order, without the white space around it."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _possible_ends(text):
        if _ends(text, match):
            _add(text, start, match.end(), found)
            start = match.end()
    _add(text, start, len(text), found)
    return found


def _possible_ends(text: str) -> Iterator[re.Match[str]]:
    """Yield what may end a sentence; it is looked for only where one of its marks stands."""
    at = 0
    while (mark := _MARK.search(text, at)) is not None:
        match = _END.match(text, mark.start())
        at = match.end() if match is not None else mark.end()
        if match is not None:
            yield match


def _ends(text: str, match: re.Match[str]) -> bool:
    if "\n" in match[0] or match[0][0] not in ".":
        return True
    following = _NEXT.match(text, match.end())
    if following is None:
        return True
    word = _LAST_WORD.search(text, max(0, match.start() - 20), match.start())
    if word is not None:
        is_initial = len(word[0]) == 1 and word[0].isupper()
        is_number = word[0].lower() in _BEFORE_NUMBERS and following[1].isdigit()
        if word[0].lower() in _ABBREVIATIONS or is_initial or is_number:
            return False
    return not following[1].islower()


def _add(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + 1, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        found.append((start, cut))
        start = cut
    if start < end:
        found.append((start, end))
