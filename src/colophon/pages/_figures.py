"""What the rules found in the listed papers, counted once for all pages that show it.

Withheld papers are out of these counts, so each number is made of the list that the reader can open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from colophon.judgement import Judged
from colophon.model import Finding, FindingClass, Rule, Severity
from colophon.pages import _lists, _places
from colophon.views import RegistryView


@dataclass(frozen=True, slots=True)
class Found:
    """One rule and what it found.  ``looked_at`` and ``not_applicable`` count papers."""

    rule: Rule
    findings: tuple[tuple[Judged, Finding], ...]
    looked_at: int
    not_applicable: int

    @property
    def papers(self) -> int:
        """Papers with at least one finding."""
        return len({item.id for item, _ in self.findings})

    @property
    def path(self) -> str:
        """The list of its findings."""
        return f"findings/{self.rule.code.lower()}.html"

    @property
    def prose(self) -> str:
        """The page that explains the rule."""
        return f"rules/{self.rule.code.lower()}-{self.rule.slug}.html"


def found_by_rule(view: RegistryView) -> list[Found]:
    """Return every editorial rule with its findings, errors first, then by code."""
    newest = _lists.newest_first(view.listed)
    findings = _by_code(newest)
    looked: dict[str, int] = {}
    passed: dict[str, int] = {}
    for item in newest:
        for code, recognised, _, _ in item.outcomes:
            into = looked if recognised else passed
            into[code] = into.get(code, 0) + 1
    rules = (rule for code, rule in view.rules.items() if code in findings or _is_editorial(rule))
    return [
        Found(rule, tuple(findings.get(rule.code, ())), looked.get(rule.code, 0), passed.get(rule.code, 0))
        for rule in sorted(rules, key=lambda rule: (tuple(Severity).index(rule.severity), rule.code))
    ]


def _is_editorial(rule: Rule) -> bool:
    return rule.finding_class is FindingClass.EDITORIAL


def _by_code(newest: Sequence[Judged]) -> dict[str, list[tuple[Judged, Finding]]]:
    found: dict[str, list[tuple[Judged, Finding]]] = {}
    for item in newest:
        for finding in item.findings:
            found.setdefault(finding.code, []).append((item, finding))
    return found


def claims_listed(listed: Sequence[Judged]) -> int:
    """Return how many claims the papers list."""
    return sum(item.facts.claims or 0 for item in listed)


def claims_located(listed: Sequence[Judged]) -> int:
    """Return how many of these claims were found with a span in a held source (level L2 and above)."""
    return sum(count for item in listed for level, count in item.derived.claims_per_level if level >= "L2")


def reasons(item: Judged) -> Iterator[str]:
    """Yield, as sentences, why a paper stands where it does: its worst findings, then its tier's reasons."""
    for text in (*map(_places.said, _lists.worst_first(item.findings)), *item.derived.tier.reasons):
        yield sentence(text)


def sentence(text: str) -> str:
    """Return a message of a rule as a sentence."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"
