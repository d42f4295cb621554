"""Values that people write without quotes although YAML asks for them.

``note: Table 2: the score is 45 %`` or ``note: "Both" words are wrong`` is an error to a YAML reader and
clear to everybody else.  Where a file is refused, each value that YAML itself refuses is put into quotes on
its line, so that it is read as the text it shows.  Nothing that YAML reads is touched; where a line is not
understood, nothing is.
"""

import re
from collections.abc import Callable

from colophon import characters
from colophon.model import Fault, Patch
from colophon.yaml_text import quoted

# More values than this are no file of a person's.
_MOST = 500
_LONGEST_SHOWN = 300
# The keys whose one word may be followed by more; behind any other a # is a comment.
PROSE = frozenset({"authority", "description", "looked_at", "name", "new", "note", "old"})
NO_YAML = "no YAML: "

# The head of a line, up to its value: white space, dashes, a key with its colon.  The group of the key is not
# possessive: Python 3.11.2 then takes it for matched where it is not.
ENTRY = re.compile(r"(?P<head> *+(?:-[ \t]+)*+(?:(?P<key>\w[\w.-]*+):(?:[ \t]++|$)|-$)?)(?P<value>.*)")
_SIMPLE = re.compile(r"[^\W_](?:[^\t:#]|:(?![ \t]|$)|(?<![ \t])#)*+")
_BLOCK = re.compile(r"[|>](?P<size>[+-]?[1-9]?|[1-9][+-])(?:[ \t]+#.*)?")
# An alias, an anchor or a tag, as YAML means it; those stay refused.
_TOKEN = re.compile(r"\*[^\s*]+|&\S.*|!{1,2}[\w<].*|!")
# A list or mapping in brackets that seems to go on below.
_OPEN = re.compile(r"[\[{](?:.*[\[{,])?")
_COMMENT = re.compile(r"[ \t]#")


def mended(text: str, wrong: Callable[[str], str]) -> str | Fault:
    """Return the text with the values in quotes that YAML refuses; each line stays where it is.

    ``wrong`` says what is wrong with a small text, or nothing: it begins with :data:`NO_YAML` where YAML's
    grammar refuses it, and not where an alias, an anchor or a tag does.  A value that goes on after `` #``
    is a fault: nobody can know whether a comment was meant.
    """
    lines = text.split("\n")
    at = tried = 0
    while at < len(lines):
        entry = _entry(lines, at)
        if entry is None:
            if not is_idle(lines[at]) and lines[at] != "---":
                return text
            at += 1
            continue
        tried += not entry.simple
        if tried > _MOST:
            return text
        line = entry.first if entry.simple else entry.line(wrong)
        if isinstance(line, Fault):
            return line
        lines[at] = line
        at += 1 + len(entry.body)
    return "\n".join(lines)


def cut(number: int, shown: str, line: str) -> tuple[str, str, Patch | None]:
    """Return message, code and patch of a text that stops before a comment.

    ``line`` is the whole line with this number, or empty where the text has several.
    """
    message = (
        f"text stops before a #, which begins a comment here: {shown[:60]!r}; put a comment on a line of"
    )
    message += " its own, or a text in quotes or below its key, after |"
    exact = _commented(shown, line) or written(line)
    return message, "S116", Patch(number, number, exact) if exact else None


def _commented(shown: str, line: str) -> str:
    """Return a line with its comment on one of its own, where the value can hardly go on behind a blank."""
    match = ENTRY.fullmatch(line)
    if match is None or not shown or " " in shown or match["key"] in PROSE or characters.refused(line):
        return ""
    value, _, comment = match["value"].partition("#")
    if value.rstrip() != shown or not comment.strip():
        return ""
    margin = len(line) - len(line.lstrip(" "))
    return f"{' ' * margin}#{comment.rstrip()}\n{match['head']}{shown}"


def written(line: str) -> str:
    """Return a line with its whole value in quotes, or nothing where a line is too long for that."""
    match = ENTRY.fullmatch(line)
    if match is None or not match["head"].strip() or len(line) > _LONGEST_SHOWN or characters.refused(line):
        return ""
    return match["head"] + quoted(match["value"].rstrip())


class _Entry:
    """One ``key: value`` or ``- value`` with the lines below it that belong to the value."""

    def __init__(self, match: re.Match[str], number: int, body: list[str]) -> None:
        self.number = number
        self.body = body
        self.head = match["head"].replace("\t", " ")
        self.value = match["value"].rstrip(" \t")
        self.block = _BLOCK.fullmatch(self.value)
        self.goes_on = any(not is_idle(line) for line in body)
        bare = (self.head + self.value).rstrip(" ")
        # White space at the end of a line may mean something to a quoted text that goes on.
        self.first = match[0] if self.goes_on and self.value and not self.block else bare

    @property
    def simple(self) -> bool:
        """Whether the value needs no look: it is below, plain or a block."""
        if self.block:
            return self.goes_on or not self.block["size"].strip("+-")
        return not self.value or self.value.startswith("#") or _SIMPLE.fullmatch(self.value) is not None

    def line(self, wrong: Callable[[str], str]) -> str | Fault:
        """Return the line to read in the place of the first one."""
        if _TOKEN.fullmatch(self.value) or _OPEN.fullmatch(self.value):
            return self.first
        reason = wrong("\n".join([self.first, *self.body]))
        # In brackets an alias or a tag is most likely meant as such.
        if not reason or (self.value[0] in "[{" and not reason.startswith(NO_YAML)):
            return self.first
        if _COMMENT.search(self.value):
            shown = _COMMENT.split(self.value, maxsplit=1)[0].rstrip()
            message, code, patch = cut(self.number, shown, self.first)
            return Fault(code, self.number, "", message, patch)
        return self.first if self.goes_on else self.head + "'" + self.value.replace("'", "''") + "'"


def _entry(lines: list[str], at: int) -> _Entry | None:
    """Return the entry that begins on a line with all lines that are its value, or None."""
    match = ENTRY.fullmatch(lines[at])
    if match is None or not match["head"].strip():
        return None
    column = match.start("key") if match["key"] else match["head"].rindex("-")
    end = at + 1
    if not match["value"].strip() or match["value"].startswith("#"):
        below = end
        while below < len(lines) and is_idle(lines[below]):
            below += 1
        if below == len(lines) or not is_below(lines[below], column) or begins_entry(lines[below]):
            return _Entry(match, at + 1, [])
    while end < len(lines) and is_below(lines[end], column):
        end += 1
    return _Entry(match, at + 1, lines[at + 1 : end])


def begins_entry(line: str) -> bool:
    """Whether a line begins with a key or a dash."""
    match = ENTRY.fullmatch(line)
    return match is not None and bool(match["head"].strip())


def is_idle(line: str) -> bool:
    """Whether a line is empty or a comment."""
    return not line.strip() or line.lstrip().startswith("#")


def is_below(line: str, column: int) -> bool:
    """Whether a line is empty or begins right of a column."""
    rest = line.lstrip(" ")
    return not rest or len(line) - len(rest) > column
