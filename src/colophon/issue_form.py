"""A correction from an issue form: the Markdown that a forge makes of the answers, read as a draft.

Each question is a heading of level three with the answer below it.  An answer is plain text of any length and
may hold code in fences, in which nothing is a heading.
"""

import re
from collections.abc import Mapping

from colophon import characters, schema, spelling
from colophon.contracts.correction_event import OPINIONS
from colophon.errors import UsageError
from colophon.filing import CONTRACT, Draft, DraftChange

PAPER, TYPE, REASON, NOTE = "Paper", "Type", "Reason", "What is wrong"
FIELD, OLD, NEW = "Field", "Value now", "Value it should have"
EVIDENCE, NAME, ORCID, KIND = "Evidence", "Your name or handle", "ORCID", "Filed by"
HEADINGS = (PAPER, TYPE, REASON, NOTE, FIELD, OLD, NEW, EVIDENCE, NAME, ORCID, KIND)
NO_ANSWER = "_No response_"

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_PAPER = re.compile(
    r"(?:.*[/ ]papers/)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
    r"(?:\.html(?:[?#].*)?)?"
)
_FIELD = re.compile(r"(?:(manifest|provenance)\s*:?\s*)?(/\S.*)", re.IGNORECASE)
_CODE = re.compile(r"[a-z][a-z0-9-]*")
_ITEM = re.compile(r"(?:[-*+]\s+)?<?([^<>]*)>?")


def from_issue(body: str) -> Draft:
    """Return the draft that an issue's body holds.  Raises UsageError naming the heading that is missing."""
    answers = _answers(characters.tidy(body).replace("\t", " "))
    kind = _type(_needed(answers, TYPE))
    changes = _changes(answers)
    return Draft(
        paper=_paper(_needed(answers, PAPER)),
        type=kind,
        reason=_reason(answers.get(REASON, "")),
        note=_needed(answers, NOTE),
        evidence=tuple(_evidence(answers.get(EVIDENCE, ""))),
        proposed=changes if kind in OPINIONS else (),
        changes=() if kind in OPINIONS else changes,
        reporter=" ".join(_needed(answers, NAME).split()),
        orcid=spelling.orcid(answers.get(ORCID, "")) or None,
        kind="agent" if "agent" in answers.get(KIND, "").partition("\n")[0].lower() else "person",
    )


def _answers(body: str) -> dict[str, str]:
    """Return the answers by heading, without those that are empty."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    lines = body.split("\n")
    for line, fenced in zip(lines, _fenced(lines), strict=True):
        heading = line.removeprefix("### ").strip() if line.startswith("### ") and not fenced else ""
        if heading not in HEADINGS:
            current.append(line)
        elif heading in found:
            raise _unread(heading, "stands twice")
        else:
            current = found[heading] = []
    answers = {heading: _answer(below) for heading, below in found.items()}
    return {heading: answer for heading, answer in answers.items() if answer}


def _fenced(lines: list[str]) -> list[bool]:
    """Return of each line whether it belongs to code in fences; a fence that is never closed is none."""
    inside, opened, fence = [False] * len(lines), 0, ""
    for number, line in enumerate(lines):
        match = _FENCE.fullmatch(line)
        if match is None:
            continue
        if not fence and not (match[1][0] == "`" and "`" in match[2]):
            opened, fence = number, match[1]
        elif fence and match[1].startswith(fence) and not match[2].strip():
            inside[opened : number + 1] = [True] * (number + 1 - opened)
            fence = ""
    return inside


def _answer(lines: list[str]) -> str:
    """Return an answer without empty lines around it, nor the fences where it is wholly one block of code."""
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    if len(lines) > 1 and all(_fenced(lines)) and not any(map(_FENCE.fullmatch, lines[1:-1])):
        return "\n".join(lines[1:-1])
    text = "\n".join(lines)
    return "" if text.strip() == NO_ANSWER else text


def _needed(answers: Mapping[str, str], heading: str) -> str:
    if heading not in answers:
        raise _unread(heading, "is missing or has no answer")
    return answers[heading]


def _unread(heading: str, what: str) -> UsageError:
    hint = f"write the answer below a line ### {heading}; the headings are {', '.join(HEADINGS)}"
    return UsageError(f"the heading {heading} {what}", hint)


def _paper(answer: str) -> str:
    match = _PAPER.fullmatch(answer.strip().strip("<>").lower())
    if match is None:
        shown = characters.visible(answer)[:80]
        raise _unread(PAPER, f"has {shown!r}, expected a full id or the address of a paper's page")
    return match[1]


def _type(answer: str) -> str:
    """Return the type that an answer begins with, in any case; a choice may go on with an explanation."""
    known: list[str] = schema.load(CONTRACT)["properties"]["type"]["enum"]
    words = re.sub(r"[^A-Z]+", "_", answer.upper()).strip("_")
    found = [name for name in known if f"{words}_".startswith(f"{name}_")]
    if not found:
        raise _unread(TYPE, f"has {characters.visible(answer)[:80]!r}, expected one of {', '.join(known)}")
    return found[0]


def _reason(answer: str) -> str | None:
    """Return the code that an answer begins with; what is none stays, and ``check`` names it."""
    match = _CODE.match(answer.strip().lower())
    return match[0] if match else answer.strip() or None


def _changes(answers: Mapping[str, str]) -> tuple[DraftChange, ...]:
    """Return the one change that a form can hold.  Without a value now, the field is added."""
    if FIELD not in answers:
        if NEW in answers:
            raise _unread(FIELD, "is missing or has no answer, but a new value is given")
        return ()
    match = _FIELD.fullmatch(answers[FIELD].strip().strip("`"))
    if match is None:
        shown = characters.visible(answers[FIELD])[:80]
        raise _unread(FIELD, f"has {shown!r}, expected a place such as /claims/3/text")
    document = (match[1] or "manifest").lower()
    new = _value(_needed(answers, NEW))
    if OLD not in answers:
        return (DraftChange(document, match[2], new=new, adds=True),)
    return (DraftChange(document, match[2], old=_value(answers[OLD]), new=new),)


def _value(answer: str) -> str | None:
    return None if answer == "null" else answer


def _evidence(answer: str) -> list[str]:
    """Return the addresses of a list, one a line, without dashes and angle brackets."""
    lines = (line.strip() for line in answer.split("\n"))
    items = (match[1] if (match := _ITEM.fullmatch(line)) else line for line in lines)
    return [item.strip() for item in items if item.strip()]
