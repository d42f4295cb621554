"""How a printed statement is taken apart before it is looked at."""

import re

# A statement is a line or two; what is said later in a long text is not about the report as a whole.
_LONGEST = 2000
_LONGEST_SHOWN = 300
_END = re.compile(r"[.;,!](?=\s|$)|\s[-–—]{1,3}\s|[—→|\n•]|->|[()\[\]]")
_ASIDE = re.compile(r"\([^()]{0,500}\)")
_MARKS = re.compile(r"[*\"'“”`‘’]+(?=\W|$)|(?<!\w)[*\"'“”`‘’]+")
# The report itself, in the words that reports use for it.
OF_REPORT = r"(?:(?:the|this|our) )?(?:report|paper|synthesis|draft|submission|manuscript|record|publication)"


def clauses(text: str) -> list[str]:
    """Return the clauses of a statement in lower case, with single spaces and without marks."""
    parts = (_folded(part) for part in _END.split(text[:_LONGEST]))
    return [part for part in parts if part]


def shown(text: str) -> str:
    """Return a printed statement as a reason quotes it, shortened where it is long."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."


def without_asides(text: str) -> str:
    """Return a statement without what stands in round brackets, unless nothing else stands there."""
    bare = _ASIDE.sub(" ", text[:_LONGEST])
    return bare if bare.strip() else text


def _folded(text: str) -> str:
    return re.sub(r"[\s_]+", " ", _MARKS.sub("", text)).strip(" :-–—=").casefold()
