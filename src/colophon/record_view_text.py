"""One version of a record as plain text for a terminal: what it is, who corrected what, what it says."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from colophon.amend import FieldChange, shown
from colophon.characters import visible
from colophon.fold import Record, Step, Version
from colophon.model import Judgement
from colophon.record_fields import readable

_WIDTH, _LABEL = 100, 12
_COUNTS = (
    "papers_retrieved",
    "claims_extracted",
    "claims_verified",
    "review_score",
    "decision",
    "tier",
    "level",
)
_OUTCOMES = {
    "applied": "applied",
    "notice": "shown",
    "proposed": "shown beside the text",
    "waits": "waits for a review that confirms it",
    "confirmed": "confirmed by a review",
}


def text(record: Record, version: Version, newest: int, state: Judgement) -> str:
    """Return one version of a record in lines of at most 100 characters, with a final line end."""
    manifest = version.documents.manifest
    lines = [
        *_wrapped(f"{manifest['display_id']}  {record.id}", ""),
        *_wrapped(_said(manifest["title"]), ""),
        "",
        *_row("version", _of_version(version, newest)),
        *_row("state", f"{state.value}: {'; '.join(state.reasons)}"),
        *_row("publisher", f"{manifest['publisher']['name']}, {manifest['submitted'] or 'date not stated'}"),
        *_row("question", _said(manifest["research_question"])),
        *_row("abstract", _said(manifest["abstract"])),
        *_row("stated", "; ".join(_stated(manifest["stated"])) or "no counts"),
        *_events(record.steps[: version.number - 1]),
        *_claims(manifest["claims"]),
    ]
    return "\n".join(lines) + "\n"


def _of_version(version: Version, newest: int) -> str:
    place = f"{version.number} of {newest}"
    if version.step is None:
        return f"{place}, as filed"
    what = "review" if version.step.review is not None else "event"
    return f"{place}, since {version.step.date}, began with {what} {version.step.id}"


def _stated(stated: dict[str, Any]) -> Iterator[str]:
    """Yield what the publisher counts and gives itself."""
    for name in _COUNTS:
        value = stated.get(name)
        value = value["text"] if isinstance(value, dict) else value
        if value is not None:
            yield f"{name.replace('_', ' ')} {value}"


def _events(steps: Sequence[Step]) -> Iterator[str]:
    if not steps:
        yield from _row("corrections", "none")
        return
    yield ""
    yield "corrections"
    confirmed = {step.event.id: step.version for step in steps if step.review is not None}
    for step in steps:
        yield from _wrapped(_step(step, confirmed.get(step.event.id)), "  ")
        for change in step.changes if step.review is None or step.outcome == "not applied" else ():
            yield from _wrapped(in_words(change), "      ")
        if step.review is None:
            yield from _wrapped(f"note: {_said(step.event.event.note)}", "      ")


def _step(step: Step, confirmed: int | None) -> str:
    """Return one step of the history: who said what, and what came of it.

    ``confirmed`` is the version in which a review gave the event effect, where one did.
    """
    event = step.event.event
    came = step.refused.message if step.refused is not None else ""
    outcome = _OUTCOMES.get(step.outcome, f"not applied: {came}")
    if step.outcome == "waits" and confirmed is not None:
        outcome = f"waited for its review, which is v{confirmed}"
    if step.review is not None:
        review = step.review.review
        return f"v{step.version}  {step.date[:10]}  review by {review.reviewer} of {step.event.id}: {outcome}"
    reason = f" ({event.reason})" if event.reason else ""
    agent = ", an agent" if event.reporter.kind == "agent" else ""
    who = f"filed under the name {event.reporter.name}{agent}"
    return f"v{step.version}  {step.date[:10]}  {event.type}{reason}, {who}: {outcome}"


def in_words(change: FieldChange) -> str:
    """Return one change in a line: field, old value, new value."""
    field = f"{readable(change.pointer)} ({change.document}:{change.pointer})"
    return f"{field}: added {shown(change.new)}" if change.adds else (
        f"{field}: {shown(change.old)} -> {shown(change.new)}"
    )  # fmt: skip


def _claims(claims: list[dict[str, Any]] | None) -> Iterator[str]:
    yield ""
    if claims is None:
        yield "claims       not shown by the report"
        return
    struck = sum(claim.get("struck") is True for claim in claims)
    yield f"claims       {len(claims)}{f', {struck} of them struck' if struck else ''}"
    for claim in claims:
        mark = "[struck] " if claim.get("struck") is True else ""
        first, *rest = _wrapped(f"{mark}{_said(claim['text'])}", " " * 8)
        yield f"  {visible(claim['id'])}  {first.lstrip()}"
        yield from rest


def _row(label: str, words: str) -> Iterator[str]:
    """Yield one labelled line, wrapped under itself."""
    first, *rest = _wrapped(words, " " * (_LABEL + 1))
    yield f"{label:<{_LABEL}} {first.lstrip()}"
    yield from rest


def _said(words: str | None) -> str:
    return " ".join((words or "not stated").split())


def _wrapped(words: str, room: str) -> list[str]:
    """Return lines; record text is made inert first, and a long word is never broken."""
    inert = visible(" ".join(words.split()))
    found = textwrap.wrap(
        inert,
        _WIDTH,
        initial_indent=room,
        subsequent_indent=room,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return found or [room]
