"""The research question and the work that a report says it examines."""

import re

from colophon.ingests._fields import Fields
from colophon.ingests._sections import Report
from colophon.ingests._text import blocks, optional, prose, sentences

_LABELS = re.compile(
    r"[*_]{0,2}\b(?:(?P<question>research\s{1,3}(?:question|goal))|(?P<subject>(?:this\s{1,3}(?:paper|report|synthesis|draft)"
    r"\s{1,3}examines|analysis\s{1,3}of)))[*_]{0,2}:[*_]{0,2}\s{0,4}",
    re.IGNORECASE,
)


def question_and_subject(report: Report, labelled: Fields) -> tuple[str | None, str | None]:
    """Return (research question, subject) as printed, without the full stop that the generator appends."""
    found: dict[str, str | None] = {}
    for paragraph in blocks(report.lines("introduction") or ()):
        labels = list(_LABELS.finditer(paragraph))
        for position, match in enumerate(labels):
            last = position + 1 == len(labels)
            text = paragraph[match.end() : len(paragraph) if last else labels[position + 1].start()].strip()
            name = match.lastgroup or "question"
            found.setdefault(name, _question(text) if name == "question" else _subject(text, last))
    question = prose(report.lines("research question")) or found.get("question") or labelled.get("question")
    return question, found.get("subject") or labelled.get("subject")


def _question(text: str) -> str | None:
    # The generator puts its own full stop behind the question: "... 1000 tokens?."
    whole, appended, _ = text.partition("?.")
    if appended:
        return whole + "?"
    found = []
    for sentence in sentences(text):
        if not sentence.endswith("?"):
            break
        found.append(sentence)
    first = sentences(text)[:1]
    return " ".join(found) or optional(first[0].removesuffix(".") if first else None)


def _subject(text: str, last: bool) -> str | None:
    # Up to the next label the text is the title, whatever stops it holds; else prose may follow.
    if last:
        text = next(iter(sentences(text)), "")
    return optional(text.removesuffix("."))
