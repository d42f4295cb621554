"""Findings and tallies as audit-report-v1: for the reports of a check and for the JSON of a paper."""

from collections.abc import Iterable, Mapping
from typing import Any

from colophon.characters import visible
from colophon.model import Finding, Rule, Tally


def audit_report(
    findings: Iterable[Finding], rules: Mapping[str, Rule], tallies: Mapping[str, Tally], paper: str | None
) -> dict[str, Any]:
    """Return an audit-report-v1 document; ``paper`` is None for a report on the whole registry."""
    return {
        "contract_version": "audit-report-v1",
        "paper": paper,
        "findings": [finding_json(finding) for finding in findings],
        "rules": [tally_json(rules[code], tally) for code, tally in sorted(tallies.items())],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return one finding as the contract has it; invisible characters of record text are written out."""
    return {
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity.value,
        "class": finding.finding_class.value,
        "second": finding.second,
        "record": finding.record or None,
        "path": visible(finding.path),
        "line": finding.line,
        "pointer": visible(finding.pointer),
        "message": visible(finding.message),
    }


def tally_json(rule: Rule, tally: Tally) -> dict[str, Any]:
    """Return how much one rule could look at."""
    return {
        "code": rule.code,
        "slug": rule.slug,
        "severity": rule.severity.value,
        "records": tally.records,
        "recognised": tally.recognised,
        "checked": tally.checked,
        "consistent": tally.consistent,
        "flagged": tally.flagged,
        "not_applicable": tally.not_applicable,
    }
