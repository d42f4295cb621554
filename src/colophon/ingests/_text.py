"""Printed text: cleaning, paragraphs, list items and sentences."""

import re
import unicodedata
from collections.abc import Iterable

from colophon import characters

# Backslash escapes as Markdown writers make them.  Round brackets are left out: \( begins a formula.
_ESCAPE = re.compile(r"\\([\\_*#|\[\]<>~`&$%+!\-])")
_LIST_MARKER = re.compile(r"\s{0,12}(?:[-*+•‣◦·–]|[0-9]{1,4}[.)]|\[[0-9]{1,4}\]|\([0-9]{1,4}\))\s+")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]{0,3}\s+")
_ABBREVIATIONS = frozenset(
    "e.g i.e al fig figs eq eqs vs cf dr prof no nos approx etc sec secs tab ref refs resp st mr mrs ms "
    "jr sr ca viz incl excl esp avg vol vols pp ch chap ed eds app inc ltd co corp univ dept ver thm def "
    "u.s u.k a.k.a w.r.t jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
# These end a sentence when a capital follows; "no" when anything but a number follows.
_MAY_END = frozenset("etc inc ltd co corp".split())
_BRACKETS = {")": "(", "]": "[", "”": "“"}
_BRACKET = re.compile(r"[()\[\]“”]")
_LONGEST_ASIDE = 600
_LOWER_WORD = re.compile(r"[a-zß-öø-ÿ]+(?:[-'’][a-zß-öø-ÿ]+)*(?![\w:-])")
_RULER = re.compile(r"[-=_*+:|\s]+")
_NOTHING = re.compile(r"[-–—]+")


def prepare(text: str) -> str:
    """Return the report as it may be stored, but with its tabs, which separate cells; safe to repeat."""
    return characters.tidy(text)


def plain(text: str) -> str:
    """Return a value as one line: Markdown escapes undone, tabs and line ends as spaces, ends stripped."""
    if not text or text.isspace():
        return ""
    flat = _ESCAPE.sub(r"\1", text).replace("\t", " ").replace("\n", " ")
    return unicodedata.normalize("NFC", flat.strip()).strip()


def bare(text: str) -> str:
    """Return a value without emphasis around it."""
    text = plain(text)
    depth = 0
    while len(text) > 2 * depth + 2 and text[depth] in "*_" and text[depth] == text[-1 - depth]:
        depth += 1
    return text[depth : len(text) - depth].strip()


def optional(text: str | None) -> str | None:
    """Return a value without emphasis around it, or None for an empty cell or a dash."""
    value = bare(text or "")
    return None if not value or _NOTHING.fullmatch(value) else value


def label(text: str) -> str:
    """Return a name as it is compared: lower case, single spaces, no emphasis, no closing punctuation."""
    words = plain(text).replace("*", "").replace("_", " ").split()
    return " ".join(words).casefold().strip(" :.?")


def is_ruler(line: str) -> bool:
    """Whether the line only draws a line, as under the head of a table."""
    return len(line.strip()) > 1 and _RULER.fullmatch(line) is not None and any(c in line for c in "-=_*")


def list_item(line: str) -> str | None:
    """Return the text behind a list marker, or None when the line has none."""
    match = _LIST_MARKER.match(line)
    return line[match.end() :] if match else None


def blocks(lines: Iterable[str]) -> list[str]:
    """Return paragraphs and list items, each as one line; wrapped lines are joined by a space."""
    found: list[list[str]] = []
    fresh = True
    in_list = False
    for line in lines:
        if not line.strip() or is_ruler(line):
            fresh = True
            continue
        # A wrapped line of a paragraph may begin like a list item: "... of\n2019. We ..."
        item = list_item(line) if fresh or in_list else None
        if fresh or item is not None:
            found.append([])
            in_list = item is not None
        found[-1].append((line if item is None else item).strip())
        fresh = False
    return [plain(" ".join(block)) for block in found]


def prose(lines: Iterable[str] | None) -> str | None:
    """Return paragraphs as printed, an empty line between them and wrapped lines joined; None for no text."""
    paragraphs: list[list[str]] = [[]]
    for line in lines or ():
        if not line.strip():
            paragraphs.append([])
        elif not is_ruler(line):
            paragraphs[-1].append(line.strip())
    return "\n\n".join(filter(None, (plain(" ".join(lines)) for lines in paragraphs))) or None


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph as printed; none ends inside brackets or at an abbreviation."""
    found = []
    begin = aside = 0
    asides = _asides(text)
    for match in _SENTENCE_END.finditer(text):
        while aside < len(asides) and asides[aside][1] < match.start():
            aside += 1
        within = aside < len(asides) and asides[aside][0] < match.start()
        if within or not _ends(text, begin, match):
            continue
        found.append(text[begin : match.end()].strip())
        begin = match.end()
    found.append(text[begin:].strip())
    return [sentence for sentence in found if sentence]


def _asides(text: str) -> list[tuple[int, int]]:
    """Return (begin, end) of what stands in closed brackets or curly quotes, outermost only, in order."""
    found: list[tuple[int, int]] = []
    still_open: list[int] = []
    for match in _BRACKET.finditer(text):
        opening = _BRACKETS.get(match[0])
        if opening is None:
            still_open.append(match.start())
        elif still_open and text[still_open[-1]] == opening:
            begin = still_open.pop()
            if match.start() - begin <= _LONGEST_ASIDE:
                while found and found[-1][0] > begin:
                    found.pop()
                found.append((begin, match.start()))
    return found


def _ends(text: str, begin: int, match: re.Match[str]) -> bool:
    """Whether a full stop, question or exclamation mark ends the sentence that begins at ``begin``."""
    following = text[match.end() : match.end() + 40]
    if text[match.start()] != ".":
        # A question may be quoted within its sentence: he asks "why?" and goes.
        return match.end() - match.start() == 2 or not _LOWER_WORD.match(following)
    before = text[max(begin, match.start() - 12) : match.start()]
    if text[begin : match.start()].strip().isdigit() or _LOWER_WORD.match(following):
        return False
    return not _is_abbreviation(before, following)


def _is_abbreviation(before: str, following: str) -> bool:
    words = before.split()
    word = words[-1].strip("([\"'").casefold() if words else ""
    if word == "no":
        return following[:1].isdigit()
    if word in _MAY_END:
        return not following[:1].isupper()
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())


def listed_sentences(lines: Iterable[str]) -> list[str]:
    """Return the sentences of all paragraphs and list items."""
    return [sentence for block in blocks(lines) for sentence in sentences(block)]
