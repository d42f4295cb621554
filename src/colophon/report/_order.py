"""Which finding is looked at first."""

from collections.abc import Iterable

from colophon.model import Finding, FindingClass, Severity

_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


def blocks(finding: Finding, failing: Iterable[Severity] = ()) -> bool:
    """Whether a finding keeps a change from being merged; ``failing`` are severities that do so as well."""
    return finding.finding_class is FindingClass.INTEGRITY or finding.severity in failing


def weight(finding: Finding) -> str:
    """Return how much a finding weighs, in one word: damage is named by its class."""
    return "integrity" if finding.finding_class is FindingClass.INTEGRITY else finding.severity.value


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with damage first, then errors, warnings and notes, each by path and line."""

    def rank(finding: Finding) -> tuple[bool, int, Finding]:
        return finding.finding_class is FindingClass.EDITORIAL, _RANKS[finding.severity], finding

    return tuple(sorted(findings, key=rank))
