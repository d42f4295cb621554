"""What feeds the evidence tier, and how it is printed."""

import pytest

from colophon.claim_facts import NO_CLAIM_FACTS
from colophon.index import Facts
from colophon.model import Finding, FindingClass, Severity
from colophon.rules.tier_facts import (
    TierFacts,
    printed_facts,
    rounded_down,
    tier_facts_of,
)
from colophon.rules.vocabularies import Vocabularies


def facts(**changes: object) -> Facts:
    """Facts of a plain record."""
    plain: dict[str, object] = dict.fromkeys(Facts.__dataclass_fields__)
    plain |= {
        "id": "x",
        "stated_dimensions": (),
        "sources": (),
        "lengths": (),
        "history": (),
        "refusals": (),
        "removed": (),
        "evidence": NO_CLAIM_FACTS,
        "claims": 21,
    }
    return Facts(**(plain | changes))  # type: ignore[arg-type]


def finding(
    code: str, severity: Severity, kind: FindingClass = FindingClass.EDITORIAL, *, second: bool = False
) -> Finding:
    """A finding of one rule."""
    return Finding("p", 1, "", code, "m", f"slug-{code}", severity, kind, "x", second)


def test_only_editorial_first_findings_count() -> None:
    """Integrity findings and comparisons of stated with derived values feed no tier."""
    found = [
        finding("S110", Severity.ERROR, FindingClass.INTEGRITY),
        finding("R104", Severity.ERROR, second=True),
        finding("R107", Severity.WARNING, second=True),
        finding("P101", Severity.NOTE),
    ]
    counted = tier_facts_of(facts(), "CURRENT", found)
    assert (counted.error_rules, counted.warning_rules) == ((), ())


def test_rules_count_not_findings() -> None:
    """Two findings of one rule are one rule; rules are sorted and named with their slug."""
    found = [
        finding("X101", Severity.WARNING),
        finding("C103", Severity.ERROR),
        finding("X101", Severity.WARNING),
    ]
    counted = tier_facts_of(facts(), "CURRENT", found)
    assert counted.error_rules == ("C103 slug-C103",)
    assert counted.warning_rules == ("X101 slug-X101",)


def test_off_topic_needs_title_and_question() -> None:
    """Only title and question together make a record off topic."""
    one, both = [finding("T101", Severity.WARNING)], ["T101", "T102"]
    assert not tier_facts_of(facts(), "CURRENT", one).is_off_topic
    assert tier_facts_of(facts(), "CURRENT", [finding(c, Severity.WARNING) for c in both]).is_off_topic


def test_owner_review_is_read_from_policy_then_header() -> None:
    """A printed policy decides; the header counts only without one."""
    header = "Owner review required before publication"
    for policy, expected in (("ESCALATE_TO_OWNER", "ESCALATE_TO_OWNER"), ("PUBLISH", None), (None, header)):
        counted = tier_facts_of(facts(stated_policy=policy, stated_header=header), "CURRENT", ())
        assert counted.owner_review == expected


def test_printed_facts_have_the_names_of_the_vocabulary(vocabularies: Vocabularies) -> None:
    """The six printed facts are those of the vocabulary, in its order."""
    names = [name for name, _ in printed_facts(TierFacts(claims=3))]
    assert names == [fact.name for fact in vocabularies.evidence_tiers.facts]


def test_printed_facts_say_what_is_not_shown() -> None:
    """A list that is not shown gives no shares; entities that nobody looked for are not assessed."""
    printed = dict(printed_facts(TierFacts(claims=None)))
    assert printed["grounded share"] == printed["held share"] == printed["breadth"] == "not shown"
    assert printed["relevance"] == "not assessed"


def test_printed_facts_have_numerator_and_denominator() -> None:
    """Each share is printed with both its numbers."""
    full = TierFacts(
        claims=20, grounded=19, located=20, held=18, asked_entities=2, covered_entities=1, sources=3,
        largest_source=12, error_rules=("a",), warning_rules=("b", "c"),
    )  # fmt: skip
    assert printed_facts(full) == (
        ("grounded share", "19 of 20 claims, 95% lower bound 0.76"),
        ("conflicts", "0 open"),
        ("held share", "18 of 20 claims"),
        ("relevance", "1 of 2 asked entities"),
        ("breadth", "3 sources with a located claim, the largest carries 12 of 20"),
        ("audit", "1 error rule, 2 warning rules"),
    )


def test_shares_are_rounded_down() -> None:
    """A share just below a threshold never reads as the threshold."""
    assert [rounded_down(value) for value in (0.7999, 0.8, 0.29, 1.0)] == ["0.79", "0.80", "0.29", "1.00"]


@pytest.mark.parametrize(
    ("status", "withdrawn"), [("RETRACTED", True), ("Withdrawn.", True), ("CURRENT", False), (None, False)]
)
def test_a_stated_correction_state_can_withhold(status: str | None, withdrawn: bool) -> None:
    """A publisher that states its report as retracted or withdrawn has taken it back."""
    found = tier_facts_of(facts(stated_correction=status), "CURRENT", ())
    assert (found.withdrawal is not None) == withdrawn
