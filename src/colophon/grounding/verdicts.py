"""From what was found to a verdict, by the first rule that holds.

``quoted``: stands there word for word.  ``values_match``: one span says every number, name and word that
tells, in the order of the claim, with nothing between that tells.  ``conflict``: a span is about the same
and says otherwise.  ``disputed``: one source carries it and another says otherwise.  ``located``: a span was
found and no conflict was seen.  ``not_located``: all sources are held in full and nothing reaches the floor.
``source_missing``: no text is held, or only an abstract that does not have it, or it may stand in a source
that is not held.  A claim of several sentences is as good as its weakest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from colophon.grounding.alignment import carried
from colophon.grounding.comparison import Comparison, Match, compared
from colophon.grounding.location import Located, content, located
from colophon.grounding.quotation import quoted
from colophon.grounding.source import Source
from colophon.grounding.tables import Table, looked_up
from colophon.language.folding import fold
from colophon.language.quantities import quantities
from colophon.language.sentences import sentences
from colophon.language.terms import stems
from colophon.language.units import UNITS
from colophon.language.weights import weight
from colophon.matching import cut

METHOD = "lexical-1"
# Coverage of a claim by a span that is about the same, in a full text and in an abstract, which is denser;
# by one that can be in conflict with it; by one of an abstract whose numbers can.  Chosen on the tuning sets
# with benchmarks/grounding.py.
FLOORS = {"full": 0.30, "abstract": 0.45, "table": 0.50}
ABOUT, CLOSE = 0.50, 0.75
SUPPORTING = ("quoted", "values_match")
# From the worst to the best, for a claim of several parts.
_ORDER = ("conflict", "disputed", "not_located", "source_missing", "located", "values_match", "quoted")
_SPANS = 3
_UNIT_STEMS = frozenset(stem for unit in UNITS for stem in stems(unit))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source, counted in characters; ``sentence`` is its number where sentences were given.

    Of a sentence ``start`` and ``end`` count from its beginning.  The span of a table is one cell, in a row
    and a column that count from 0.
    """

    source: str
    start: int
    end: int
    quote: str
    sentence: int | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Grounding:
    """The verdict on one claim; None where the claim itself is cut and cannot be looked up.

    ``spans`` has the one that decided first, of disputed claims the two.  ``numbers`` are those of the claim
    with what the source says.  A claim of several sentences has the grounding of each as ``parts``.
    ``is_absence`` marks a conflict in which a name of the claim stands nowhere in the source.
    """

    verdict: str | None
    rule: str
    spans: tuple[Span, ...] = ()
    signals: dict[str, Any] = field(default_factory=dict)
    numbers: tuple[Match, ...] = ()
    parts: tuple["Grounding", ...] = ()
    is_absence: bool = False

    @property
    def deciding(self) -> tuple[Span, ...]:
        """The spans that decided, of each part, those of the part that gave the verdict first."""
        if self.parts:
            worst_first = sorted(self.parts, key=_rank)
            return tuple(dict.fromkeys(span for part in worst_first for span in part.deciding))
        return self.spans[: 2 if self.verdict == "disputed" else 1]


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one source says of a part: its verdict with how well it fits, 0 to 1."""

    grounding: Grounding
    fit: float
    scored: tuple[Located, ...] = ()


def ground(claim: str, sources: Sequence[Source | Table], unread: Sequence[str] = ()) -> Grounding:
    """Return the verdict on a claim by the sources that are held of it.

    ``unread`` names those of its sources that are not held in full: what stands nowhere may stand there.
    """
    reason = cut(claim)
    if reason is not None:
        return Grounding(None, f"the claim is cut: {reason}")
    text = fold(claim).text
    bounds = sentences(text)
    if not bounds or not sources:
        return Grounding("source_missing", "no text of a source is held" if bounds else "the claim is empty")
    # In the order of their names, so that of equals it is always the same that is shown.
    held = sorted(sources, key=lambda one: one.name)
    parts = [_open(_part(text[start:end], held), unread) for start, end in bounds]
    worst = min(parts, key=_rank)
    if len(parts) == 1:
        return worst
    spans = tuple(dict.fromkeys(span for one in (worst, *parts) for span in one.spans))
    signals = {**_joined([part.signals for part in parts]), "parts": len(parts)}
    numbers = tuple(number for part in parts for number in part.numbers)
    return Grounding(worst.verdict, worst.rule, spans[: _SPANS + len(parts)], signals, numbers, tuple(parts))


def _rank(one: Grounding) -> int:
    return _ORDER.index(str(one.verdict))


def _open(found: Grounding, unread: Sequence[str]) -> Grounding:
    """Return a verdict that does not say of a source which is not held in full that it has nothing."""
    if not unread or not (found.verdict == "not_located" or found.is_absence):
        return found
    rule = f"{found.rule}; of {', '.join(unread)} no full text is held"
    return replace(found, verdict="source_missing", rule=rule, is_absence=False)


def _part(claim: str, sources: Sequence[Source | Table]) -> Grounding:
    """Return the verdict on one sentence by all sources together."""
    found = [_of_table(claim, one) if isinstance(one, Table) else _of_text(claim, one) for one in sources]
    for_it = [one for one in found if one.grounding.verdict in SUPPORTING]
    against = [one for one in found if one.grounding.verdict == "conflict"]
    if for_it:
        # Where one source carries it, a passage of another that lacks a name of it is about something else.
        against = [one for one in against if not one.grounding.signals.get("names_absent")]
    if for_it and against:
        both = max(for_it, key=_fit), max(against, key=_fit)
        spans = tuple(one.grounding.spans[0] for one in both if one.grounding.spans)
        against_it = both[1].grounding
        rule = "one source carries it and another says otherwise"
        return Grounding("disputed", rule, spans, against_it.signals, against_it.numbers)
    if for_it:
        return max((one.grounding for one in for_it), key=_rank)
    best = max(found, key=_fit).grounding
    if best.verdict == "source_missing":
        is_full = any(isinstance(one, Source) and one.kind == "full" for one in sources)
        best = replace(best, verdict="not_located" if is_full else "source_missing")
    scored = sorted(
        (one for each in found for one in each.scored), key=lambda one: (-one.score, one.source.name)
    )
    if not scored:
        # A table that has the words and no cell for them shows nothing.
        is_shown = bool(best.spans) or best.verdict != "located"
        return best if is_shown else replace(best, verdict="source_missing")
    nearest = [_whole(one) for one in scored[:_SPANS]]
    if best.verdict == "conflict":
        # The passage that says otherwise stands first, whatever else comes near.
        nearest = list(dict.fromkeys((*best.spans[:1], *nearest)))[:_SPANS]
    return replace(best, spans=tuple(nearest))


def _fit(one: _Finding) -> float:
    return one.fit


def _of_table(claim: str, table: Table) -> _Finding:
    found = looked_up(claim, table)
    terms = content(claim)
    total = sum(weight(term) for term in terms)
    share = sum(weight(term) for term in terms if term in table.terms) / total if total else 0.0
    is_near = share >= FLOORS["table"]
    verdict = {"match": "values_match", "clash": "conflict"}.get(
        found.outcome, "located" if is_near else "source_missing"
    )
    signals: dict[str, Any] = {"coverage": round(share, 4)}
    if found.row >= 0:
        signals |= {"row": found.row, "column": found.column}
    cell = Span(table.name, 0, len(found.cell), found.cell, row=found.row, column=found.column)
    spans = (cell,) if found.cell else ()
    rule, there = ("here", found.cell) if found.outcome == "match" else ("", "")
    numbers = tuple(Match(one, rule, there) for one in quantities(claim)) if found.cell else ()
    return _Finding(Grounding(verdict, found.rule, spans, signals, numbers), share)


def _of_text(claim: str, source: Source) -> _Finding:
    quotation = quoted(claim, source)
    if quotation is not None:
        span = _span(source, quotation.place, quotation.start, quotation.end)
        numbers = tuple(Match(one, "here", one.text) for one in quantities(claim))
        grounding = Grounding("quoted", "stands word for word", (span,), {"coverage": 1.0}, numbers)
        return _Finding(grounding, 1.0)
    best = located(content(claim), source)[:_SPANS]
    if not best:
        return _Finding(Grounding("source_missing", "no word of it was found", (), {"coverage": 0.0}), 0.0)
    top = max(best, key=lambda one: one.window)
    places = list(dict.fromkeys((top.place, top.neighbour)))
    found = compared(claim, quantities(claim), source, places)
    verdict, rule = _judged(top, found, claim)
    is_absence = verdict == "located" and source.kind == "full" and bool(found.nowhere)
    if is_absence:
        verdict, rule = "conflict", f"{found.nowhere[0]} stands nowhere in the source"
    # The span that was compared is shown first.
    shown = sorted(best, key=lambda one: one is not top)
    spans = tuple(_whole(one) for one in shown)
    signals = _signals(top, found)
    grounding = Grounding(verdict, rule, spans, signals, found.numbers, is_absence=is_absence)
    return _Finding(grounding, top.window, tuple(best))


def _judged(top: Located, found: Comparison, claim: str) -> tuple[str, str]:
    """Return the verdict and the rule that fired."""
    if found.numbers and any(
        carried(claim, top.source.said(place), top.source.said(place + 1))
        for place in {top.place, top.neighbour}
    ):
        return "values_match", "a span says all of it in this order, every number, name and word that tells"
    floor = FLOORS[top.source.kind]
    if top.window < floor:
        return "source_missing", f"no span has {floor:.0%} of it"
    is_abstract = top.source.kind == "abstract"
    if found.unmatched and all(term[0].isdigit() or term in _UNIT_STEMS for term in content(claim)):
        # A number and its unit are about nothing, so that no other number says otherwise.
        return "source_missing", f"{found.unmatched[0].text} stands nowhere in the source"
    if found.clash and top.window >= (CLOSE if is_abstract else ABOUT):
        return "conflict", f"{found.clash[0].text} stands nowhere in the source"
    if found.unmatched and is_abstract:
        return "source_missing", f"{found.unmatched[0].text} does not stand in the abstract"
    if top.window >= ABOUT and (found.direction or found.opposites):
        return "conflict", "the passage says the opposite"
    if found.negation and not is_abstract and top.window >= ABOUT:
        return "conflict", "one of the two denies what the other says"
    return "located", "a span is about the same"


def _signals(top: Located, found: Comparison) -> dict[str, Any]:
    return {
        "coverage": round(top.coverage, 4),
        "window": round(top.window, 4),
        "numbers": len(found.numbers),
        "numbers_matched": sum(one.rule not in ("", "elsewhere") for one in found.numbers),
        "numbers_absent": [one.text for one in found.unmatched],
        "number_conflict": bool(found.clash),
        "negation": found.negation,
        "direction": found.direction,
        "opposites": [list(pair) for pair in found.opposites],
        "absolutes": list(found.absolutes),
        "names_absent": list(found.names),
        "names_nowhere": list(found.nowhere),
    }


def _joined(signals: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the signals of all parts as those of one claim: the lowest share, all that was found."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(name for one in signals for name in one):
        values = [one[name] for one in signals if name in one]
        if isinstance(values[0], bool):
            found[name] = any(values)
        elif isinstance(values[0], list):
            found[name] = [item for value in values for item in value]
        else:
            found[name] = sum(values) if name.startswith("numbers") else min(values)
    return found


def _whole(one: Located) -> Span:
    passage = one.source.passages[one.place]
    return _span(one.source, one.place, passage.start, passage.end)


def _span(source: Source, place: int, start: int, end: int) -> Span:
    first, last = source.span(start, end)
    quote = source.original[first:last]
    if not source.parts:
        return Span(source.name, first, last, quote)
    offset = source.offset(place)
    return Span(source.name, first - offset, last - offset, quote, place)
