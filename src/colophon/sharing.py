"""Values that many records have alike, kept once.

Most of what is known of a hundred thousand records is the same few thousand values: which rule found nothing
in how many places, which dimension was assessed how.  What comes from another process, or from the memory of
a check, has its own of each.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from colophon.examination import Examined
from colophon.index import Facts
from colophon.model import Derived, Finding, Judgement

Value = TypeVar("Value")


class Sharing:
    """The values that were seen.

    What is equal has to be alike in every way: 1, 1.0 and True are equal, so that none of the values that are
    shared here may mix them.
    """

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def one(self, value: Value) -> Value:
        """Return the first value that was equal to this one."""
        known: Value = self._known.setdefault(value, value)
        return known

    def each(self, values: Iterable[Value]) -> tuple[Value, ...]:
        """Return the same for each of some values."""
        return tuple(map(self.one, values))

    def examined(self, found: Examined) -> Examined:
        """Return what was found in a record, with what is common shared."""
        return replace(
            found,
            facts=None if found.facts is None else self._facts(found.facts),
            findings=tuple(map(self._finding, found.findings)),
            outcomes=self.one(self.each(found.outcomes)),
        )

    def _facts(self, facts: Facts) -> Facts:
        return replace(
            facts,
            id=self.one(facts.id),
            publisher=self.one(facts.publisher),
            submitted=self.one(facts.submitted),
            kind=self.one(facts.kind),
            filed_contract=self.one(facts.filed_contract),
            sources=self.each((self.one(kind), identifier) for kind, identifier in facts.sources),
            lengths=self.each(facts.lengths),
            dates=tuple((self.one(path), self.one(pointer), day) for path, pointer, day in facts.dates),
            evidence=self.one(facts.evidence),
        )

    def _finding(self, finding: Finding) -> Finding:
        return replace(
            finding,
            code=self.one(finding.code),
            slug=self.one(finding.slug),
            path=self.one(finding.path),
            pointer=self.one(finding.pointer),
            # Rules say the same of many records, and what they say is longer than all else.
            message=self.one(finding.message),
            record=self.one(finding.record),
        )

    def derived(self, derived: Derived) -> Derived:
        """Return what was concluded about a record, with what is common shared."""
        return replace(
            derived,
            tier=self._judgement(derived.tier),
            publisher_tiers=self.one(derived.publisher_tiers),
            error_rules=self.each(derived.error_rules),
            tier_facts=self.one(self.each(derived.tier_facts)),
            level=self.one(derived.level),
            claims_per_level=self.one(self.each(derived.claims_per_level)),
            dimensions=self.one(self.each(derived.dimensions)),
            state=self.one(derived.state),
        )

    def _judgement(self, judgement: Judgement) -> Judgement:
        return self.one(replace(judgement, reasons=self.each(judgement.reasons)))
