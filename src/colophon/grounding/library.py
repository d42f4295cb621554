"""All sources that are held, and which of them a claim could be about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from colophon.grounding.location import content
from colophon.grounding.source import Source
from colophon.grounding.tables import Table
from colophon.grounding.verdicts import Grounding, ground
from colophon.language.folding import fold
from colophon.language.weights import weight

# Of a claim that names no source, as many are looked at as share the most of its words.
_NEAREST = 8
# Another source fits clearly better when it shares this many times the weight of the claim's own.
_CLEARLY = 1.5
# Words that say what a text is about; of more common ones no list is kept.
_TELLING = 3.0


class Library:
    """Sources by id, in order of their ids."""

    def __init__(self, sources: Iterable[Source | Table]) -> None:
        listed = sorted(sources, key=lambda one: one.name)
        self._by_name = {one.name: one for one in listed}

    def ground(
        self, claim: str, names: Sequence[str] | None, unread: Sequence[str] | None = None
    ) -> Grounding:
        """Return the verdict on a claim by the sources that it names, or by the nearest where it names none.

        ``unread`` names what else the claim rests on and is not held in full; None for those of ``names``.
        ``wrong_source`` among the signals is another one that fits a claim clearly better which its own lack.
        """
        terms = content(fold(claim).text)
        if names is None:
            return ground(claim, self.nearest(terms))
        missing = self._unread(names) if unread is None else unread
        found = ground(claim, self.named(names), missing)
        better = self.better(terms, names) if found.verdict in ("not_located", "source_missing") else None
        return found if better is None else replace(found, signals={**found.signals, "wrong_source": better})

    def named(self, names: Sequence[str]) -> list[Source | Table]:
        """Return the sources with these ids that are held and have a text."""
        found = (self._by_name.get(name) for name in dict.fromkeys(names))
        return [one for one in found if one is not None and _is_held(one)]

    def _unread(self, names: Sequence[str]) -> list[str]:
        held = {one.name for one in self.named(names) if isinstance(one, Table) or one.kind == "full"}
        return [name for name in dict.fromkeys(names) if name not in held]

    def nearest(self, terms: Sequence[str]) -> list[Source | Table]:
        """Return the sources that share the most with a claim, best first."""
        shares = self._shares(terms)
        return [
            self._by_name[name] for name in sorted(shares, key=lambda name: (-shares[name], name))[:_NEAREST]
        ]

    def better(self, terms: Sequence[str], names: Sequence[str]) -> str | None:
        """Return the id of a source that fits a claim clearly better than those that it names."""
        shares = self._shares(terms)
        own = max((shares.get(name, 0.0) for name in names), default=0.0)
        best = min(shares, key=lambda name: (-shares[name], name), default=None)
        if best is None or best in names or shares[best] <= max(_CLEARLY * own, 2 * _TELLING):
            return None
        return best

    def _shares(self, terms: Sequence[str]) -> dict[str, float]:
        found: dict[str, float] = defaultdict(float)
        for term in terms:
            for name in self._with_term.get(term, ()):
                found[name] += weight(term)
        return found

    @cached_property
    def _with_term(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name, one in self._by_name.items():
            terms = one.terms if isinstance(one, Table) else {*one.places, *one.title_stems}
            for term in sorted(terms):
                if weight(term) >= _TELLING:
                    found[term].append(name)
        return found


def _is_held(one: Source | Table) -> bool:
    return bool(one.rows) if isinstance(one, Table) else bool(one.original.strip())
