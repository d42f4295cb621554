"""Where in a source a claim is most likely spoken of: its sentences, ranked.

A sentence is scored by the share of the claim's words that it has, each weighed by how rare it is in the
literature and in this source (a coverage).  Words of the title need not be said again; a neighbour may say a
part.  In an abstract the later sentences and those that tell a result come first, since claims are about
results and not about aims.
"""

from dataclasses import dataclass

from colophon.grounding.source import Source
from colophon.language.terms import EMPTY, stem, stems
from colophon.language.weights import weight

_RESULT = frozenset(
    stem(word)
    for word in "conclude conclusion conclusions suggest show shows demonstrate demonstrated found find "
    "findings results reveal indicate significantly associated increased reduced higher lower".split()
)
_AIM = frozenset(
    stem(word) for word in "background objective aim purpose methods design setting participants".split()
)
# Shares of a score: measured with benchmarks/grounding.py on the tuning set of abstracts.
_IN_TITLE, _NEAR, _LATE, _TELLS, _AIMS, _LOCAL = 0.2, 0.15, 0.2, 0.06, 0.1, 0.25
# Passages that are looked at closely, of those that share the most weight with the claim.
_CANDIDATES = 48


@dataclass(frozen=True, slots=True)
class Located:
    """A passage with its score, and the coverage of the claim by it and by it with a neighbour, 0 to 1."""

    source: Source
    place: int
    score: float
    coverage: float
    window: float
    neighbour: int


def content(claim: str) -> list[str]:
    """Return the distinct stems of a folded claim that carry content, in order."""
    return [term for term in dict.fromkeys(stems(claim)) if term not in EMPTY]


def located(terms: list[str], source: Source) -> list[Located]:
    """Return the passages of a source that share words with a claim, best first; of equals the earlier."""
    weights = {term: weight(term) + _LOCAL * source.rarity(term) for term in terms}
    total = sum(weights.values())
    if not total:
        return []
    shared: dict[int, float] = {}
    for term, value in weights.items():
        for place in source.places.get(term, ()):
            shared[place] = shared.get(place, 0.0) + value
    best = sorted(shared, key=lambda place: (-shared[place], place))[:_CANDIDATES]
    found = [_scored(place, source, weights, total) for place in best]
    return sorted(found, key=lambda one: (-one.score, one.place))


def _scored(place: int, source: Source, weights: dict[str, float], total: float) -> Located:
    own = source.terms(place)
    last = len(source.passages) - 1
    coverage = sum(value for term, value in weights.items() if term in own) / total
    title = (
        sum(value for term, value in weights.items() if term not in own and term in source.title_stems)
        / total
    )
    window, neighbour = coverage, place
    for other in (place - 1, place + 1):
        if 0 <= other <= last:
            both = own | source.terms(other)
            wider = sum(value for term, value in weights.items() if term in both) / total
            if wider > window:
                window, neighbour = wider, other
    score = coverage + _IN_TITLE * title + _NEAR * (window - coverage)
    if source.kind == "abstract":
        score += _LATE * place / max(last, 1) + _TELLS * bool(own & _RESULT)
        score -= _AIMS * bool(set(source.passages[place].stems[:2]) & _AIM)
    return Located(source, place, score, coverage, window + _IN_TITLE * title, neighbour)
