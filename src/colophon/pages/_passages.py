"""Claims beside their passages: verdicts in words, the words and numbers that both have marked."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from colophon.claim_facts import CUT
from colophon.contracts.claim_grounding import ClaimedNumber, GroundedClaim, PassageSpan
from colophon.evidence import FiledCheck, StoredGrounding
from colophon.grounding.calibration import result
from colophon.language.terms import EMPTY, stem
from colophon.pages._verdicts import VERDICTS
from colophon.pages._words import counted, day, short
from colophon.views import RecordView

_MEANS = {
    "quoted": "it stands there word for word",
    "values_match": "one span says every number, name and word that tells, in this order",
    "located": "a span is about the same; whether it supports the claim is not settled",
    "conflict": "a source says otherwise",
    "disputed": "one source carries it, another says otherwise",
    "not_located": "a full text is held and nothing in it comes near",
    "source_missing": "what is held of its sources cannot settle it",
    CUT: "the claim is cut, so it was not looked up",
}
_KINDS = {"full": "full text", "abstract": "abstract", "table": "table", "fingerprint": "fingerprint"}
_RULES = {
    "here": "said there",
    "derived": "follows from two numbers there",
    "elsewhere": "said elsewhere in the source",
    "absent": "said nowhere",
}
_SHOWN = ("quoted", "values_match", "located", "conflict", "disputed")
_TELLING = ("conflict", "source_missing", CUT)
_QUOTE, _AROUND, _NAME, _NUMBERS = 900, 32, 200, 8
_WORD = re.compile(r"[0-9][0-9.,]*[^\W_]*%?|[^\W_]+")


def shown_grounding(view: RecordView) -> StoredGrounding | None:
    """Return the grounding that the page shows: the one that counts, else the newest."""
    stored = view.record.evidence
    return stored.current or (stored.groundings[-1] if stored.groundings else None)


def grounding_in_words(view: RecordView) -> str:
    """Return in a sentence or two what was looked up, and where."""
    stored = shown_grounding(view)
    if stored is None:
        return "None was looked up here: no source text is held."
    reported = [one for one in view.record.evidence.groundings if one.grounding.reported_by is not None]
    newest = reported[-1] if reported else None
    beside = "" if newest is None or newest is stored else f" {_looked_up(newest)}"
    return f"{_looked_up(stored)}{beside}"


def _looked_up(stored: StoredGrounding) -> str:
    read = stored.grounding
    kinds = [_KINDS[text.kind] for text in read.texts]
    where = ", ".join(counted(kinds.count(kind), kind) for kind in dict.fromkeys(kinds)) or "no text"
    verdicts = [claim.verdict or CUT for claim in read.claims]
    counts = [f"{verdicts.count(one)} {word}" for one, word in VERDICTS.items() if one in verdicts]
    said = ", ".join(counts)
    return f"Looked up in {where} by {read.method.id}{_standing(stored)}: {said or 'no claims'}."


def _standing(stored: StoredGrounding) -> str:
    if stored.grounding.reported_by is not None:
        return f", as reported by {short(stored.grounding.reported_by, _NAME)} from texts that are not stored"
    return "" if stored.is_current else " (not all that is held today, or an earlier method: does not count)"


def of_claims(view: RecordView) -> Callable[[str, str], dict[str, Any] | None]:
    """Return a function of a claim's id and text: what was found of it as its row shows it, or None."""
    stored = shown_grounding(view)
    found = {claim.claim: claim for claim in stored.grounding.claims} if stored is not None else {}
    judged = _judged(view.record.evidence.checks)

    def of(claim: str, text: str) -> dict[str, Any] | None:
        said = judged.get(claim, [])
        if claim in found:
            return {**_found(view, found[claim], _stems(text)), "judged": said}
        return {"verdict": "", "judged": said} if said else None

    return of


def _found(view: RecordView, found: GroundedClaim, stems: frozenset[str]) -> dict[str, Any]:
    verdict = found.verdict or CUT
    return {
        "verdict": VERDICTS[verdict],
        "name": verdict.replace("_", "-"),
        # What a rule says that only repeats the verdict is left out, and that a text is missing where it says
        # which.
        "means": "" if verdict == "source_missing" and found.rule else _MEANS[verdict],
        "rule": short(found.rule, _NAME) if verdict in _TELLING else "",
        # Of a claim that was not found the nearest passages would only mislead; they stand in the JSON.
        "spans": [_span(view, span, stems, found) for span in found.spans if verdict in _SHOWN],
        "numbers": [_number(one) for one in found.numbers[:_NUMBERS]],
        "calibration": _calibration(found),
        "wrong_source": found.signals.wrong_source,
        "run": found.signals.fingerprint_run,
    }


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word[0].lower()) for word in _WORD.finditer(text)) - EMPTY


def _span(view: RecordView, span: PassageSpan, stems: frozenset[str], found: GroundedClaim) -> dict[str, Any]:
    where = f"{span.source}, {_KINDS[span.kind]}"
    if span.table is not None:
        where = f"{span.source}, {short(span.table, _NAME)}"
    numbers = {one.found for one in found.numbers if one.found}
    return {
        "where": where,
        "source": span.source,
        "prefix": short((span.prefix or "")[-_AROUND:], _NAME),
        "pieces": list(_marked(short(span.quote or "", _QUOTE), stems, numbers)),
        "suffix": short((span.suffix or "")[:_AROUND], _NAME),
        "row": _row(view, span),
        "is_stored": span.quote is not None,
    }


def _marked(quote: str, stems: frozenset[str], numbers: set[str]) -> Iterator[dict[str, str]]:
    """Yield a passage in pieces: what the claim has too is marked, a number of it as such."""
    at = 0
    for match in _WORD.finditer(quote):
        is_number = match[0][0].isdigit()
        is_same = any(match[0] in one for one in numbers) if is_number else stem(match[0].lower()) in stems
        if is_same:
            yield {"text": quote[at : match.start()], "mark": ""}
            yield {"text": match[0], "mark": "number" if is_number else "word"}
            at = match.end()
    yield {"text": quote[at:], "mark": ""}


def _row(view: RecordView, span: PassageSpan) -> list[dict[str, Any]]:
    """Return the cells of a table's row with the heads of their columns; nothing for a text."""
    if span.row is None:
        return []
    tables = [
        table
        for held in view.record.evidence.of(span.source)
        for table in held.holding.tables or ()
        if table.label == span.table
    ]
    if not tables or span.row >= len(tables[0].rows):
        return []
    cells = zip(tables[0].columns, tables[0].rows[span.row], strict=False)
    return [
        {"head": short(head, 80), "cell": short(cell, 120), "is_it": at == span.column}
        for at, (head, cell) in enumerate(cells)
    ][:8]


def _number(one: ClaimedNumber) -> dict[str, str]:
    return {
        "text": short(one.text, 60),
        "found": short(one.found, 60) if one.found else "",
        "rule": _RULES[one.rule],
        "name": one.rule,
    }


def _calibration(found: GroundedClaim) -> dict[str, Any] | None:
    one = found.calibration
    if one is None:
        return None
    kind = result().kind_of(one.set)
    # An earlier method may have been measured on a set that the page does not show.
    row = f"#{kind}-{found.verdict}" if kind and found.verdict else ""
    return {
        "href": f"calibration.html{row}",
        "words": f"{one.supported} of {one.claims} like it were supported",
    }


def _judged(checks: tuple[FiledCheck, ...]) -> dict[str, list[dict[str, Any]]]:
    """Return what people and models judged, by claim."""
    found: dict[str, list[dict[str, Any]]] = {}
    for filed in checks:
        for one in filed.check.claims:
            found.setdefault(one.claim, []).append(
                {
                    "name": short(filed.check.checker.name, _NAME),
                    "kind": filed.check.checker.kind,
                    "verdict": one.verdict,
                    "error": one.error,
                    "note": short(one.note, 400) if one.note else "",
                    "day": day(filed.check.date),
                    "confirmed": filed.is_confirmed,
                }
            )
    return found
