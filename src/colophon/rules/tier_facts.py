"""What the evidence tier is computed from, and how the six facts are printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from colophon.index import Facts
from colophon.model import Finding, FindingClass, Severity, Share
from colophon.proportions import wilson_lower_bound
from colophon.rules.withdrawal import withdrawal
from colophon.rules.withholding import open_owner_review

_TOPIC_RULES = {"T101", "T102"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TierFacts:
    """Everything that the evidence tier rests on.

    ``claims`` is None when the report shows no list, and then nothing that is counted over claims is
    shown.  ``decision`` is as printed; ``withdrawal`` is the text by which the publisher took the report
    back; ``is_removed`` says that its manifest was removed; ``owner_review`` is the text that asks for one,
    while it is open.
    ``located`` counts claims with a source and a span, ``largest_source`` those of them in the source
    that has most.  ``asked_entities`` is None while nobody has looked which entities the question names.
    ``sample`` is the number of claims in a confirmed check of a random sample without a major error.
    ``error_rules`` and ``warning_rules`` hold distinct rules, such as ``C101 counts-disagree``.
    """

    state: str = "CURRENT"
    is_removed: bool = False
    decision: str | None = None
    withdrawal: str | None = None
    owner_review: str | None = None
    claims: int | None
    stated_extracted: int | None = None
    grounded: int = 0
    located: int = 0
    held: int = 0
    open_conflicts: int = 0
    judged_contradicted: int = 0
    asked_entities: int | None = None
    covered_entities: int = 0
    sources: int = 0
    largest_source: int = 0
    error_rules: tuple[str, ...] = ()
    warning_rules: tuple[str, ...] = ()
    sample: int = 0
    is_off_topic: bool = False

    @property
    def has_no_claims(self) -> bool:
        """Whether the list is empty, or not shown beside a stated count of 0."""
        return self.claims == 0 or (self.claims is None and self.stated_extracted == 0)

    @property
    def grounded_share(self) -> Share:
        """Grounded claims over all claims."""
        return self._over_claims(self.grounded)

    @property
    def located_share(self) -> Share:
        """Claims with a source and a span over all claims."""
        return self._over_claims(self.located)

    @property
    def held_share(self) -> Share:
        """Claims looked up in a held full text or table over all claims."""
        return self._over_claims(self.held)

    @property
    def largest_share(self) -> float:
        """Share of the located claims that the largest source carries; 0 when none is located."""
        return self.largest_source / self.located if self.located else 0.0

    @property
    def relevance(self) -> float | None:
        """Share of asked entities that the claims cover; 1 when none is asked, None when not assessed."""
        if self.asked_entities is None:
            return None
        return self.covered_entities / self.asked_entities if self.asked_entities else 1.0

    def _over_claims(self, counted: int) -> Share:
        return Share(None if self.claims is None else counted, self.claims)


def tier_facts_of(facts: Facts, state: str, findings: Sequence[Finding]) -> TierFacts:
    """Return what the tier rests on.

    Of the findings only editorial ones count, and of those none that compares a stated value with a
    derived one.  A record without a grounding of everything that is held has no held claim.
    """
    counting = [f for f in findings if f.finding_class is FindingClass.EDITORIAL and not f.second]
    codes = {finding.code for finding in counting}
    return TierFacts(
        state=state,
        is_removed="manifest.json" in facts.removed,
        decision=facts.stated_decision,
        withdrawal=_withdrawal(facts),
        owner_review=None if _is_reviewed(facts) else _owner_review(facts),
        claims=facts.claims,
        stated_extracted=facts.stated_extracted,
        grounded=facts.evidence.grounded,
        located=facts.evidence.located,
        held=facts.evidence.held,
        open_conflicts=facts.evidence.open_conflicts,
        judged_contradicted=facts.evidence.judged_contradicted,
        asked_entities=facts.evidence.asked,
        covered_entities=facts.evidence.covered,
        sources=facts.evidence.sources,
        largest_source=facts.evidence.largest_source,
        sample=facts.evidence.sample,
        error_rules=_rules(counting, Severity.ERROR),
        warning_rules=_rules(counting, Severity.WARNING),
        is_off_topic=codes >= _TOPIC_RULES,
    )


def _owner_review(facts: Facts) -> str | None:
    return open_owner_review(facts.stated_policy, facts.stated_header)


def _is_reviewed(facts: Facts) -> bool:
    """Whether a confirmed event of the publisher closed the owner review that the report asks for."""
    return any(step.type == "REINSTATEMENT" and step.effective for step in facts.history)


def _withdrawal(facts: Facts) -> str | None:
    """Return the words by which the publisher took the report back, or None."""
    if (facts.stated_correction or "").strip(" .").casefold() in ("withdrawn", "retracted"):
        return facts.stated_correction
    return withdrawal(facts.publisher or "", facts.stated_header, facts.stated_policy)


def _rules(findings: Iterable[Finding], severity: Severity) -> tuple[str, ...]:
    return tuple(sorted({f"{f.code} {f.slug}" for f in findings if f.severity is severity}))


def rounded_down(value: float) -> str:
    """Return a share with two decimals, rounded down, so that 0.799 never reads as the 0.80 it misses."""
    return f"{floor(value * 100 + 1e-9) / 100:.2f}"


def printed_facts(facts: TierFacts, confidence: float = 0.95) -> tuple[tuple[str, str], ...]:
    """Return the six facts by name, in words, in the order and with the names of the vocabulary."""
    return (
        ("grounded share", _grounded(facts, confidence)),
        ("conflicts", f"{facts.open_conflicts} open" if facts.claims is not None else "not shown"),
        ("held share", _share(facts.held_share)),
        ("relevance", _relevance(facts)),
        ("breadth", _breadth(facts)),
        ("audit", f"{_counted(facts.error_rules, 'error')}, {_counted(facts.warning_rules, 'warning')}"),
    )


def _share(share: Share) -> str:
    return f"{share} claims" if share.shown else "not shown"


def _grounded(facts: TierFacts, confidence: float) -> str:
    if facts.claims is None:
        return "not shown"
    bound = wilson_lower_bound(facts.grounded, facts.claims, confidence)
    return f"{facts.grounded_share} claims, {confidence:.0%} lower bound {rounded_down(bound)}"


def _relevance(facts: TierFacts) -> str:
    if facts.asked_entities is None:
        return "not assessed"
    if facts.asked_entities == 0:
        return "the question names no entity"
    return f"{facts.covered_entities} of {facts.asked_entities} asked entities"


def _breadth(facts: TierFacts) -> str:
    if facts.claims is None:
        return "not shown"
    sources = f"{facts.sources} source{'' if facts.sources == 1 else 's'} with a located claim"
    if not facts.located:
        return sources
    return f"{sources}, the largest carries {facts.largest_source} of {facts.located}"


def _counted(rules: tuple[str, ...], severity: str) -> str:
    return f"{len(rules)} {severity} rule{'' if len(rules) == 1 else 's'}"
