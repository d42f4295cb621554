"""Findings for people and programs: text, audit-report-v1 JSON, GitHub annotations, SARIF 2.1.0.

Record text is hostile in a terminal too: every message is written with control and bidirectional
characters escaped.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from colophon import canon
from colophon.characters import inert, visible
from colophon.model import Finding, FindingClass, Rule, Severity, Tally

_GITHUB_LEVEL = {Severity.ERROR: "warning", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_SARIF_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def text(findings: Iterable[Finding], root: str) -> str:
    """Return findings as text; ``root`` is put before each path."""
    blocks = []
    for finding in findings:
        place = f"{inert(root + finding.path)}:{finding.line}"
        pointer = f"  {inert(finding.pointer)}" if finding.pointer else ""
        kind = finding.severity if finding.finding_class is FindingClass.EDITORIAL else "integrity"
        blocks.append(
            f"{place}{pointer}  {finding.code} {finding.slug}  {kind}\n"
            f"  {inert(finding.message)}\n"
            f"  help: colophon explain {finding.code}\n"
        )
    return "".join(blocks)


def json(report: dict[str, Any]) -> str:
    """Return an audit report as JSON text."""
    return canon.dumps(report).decode()


def github(findings: Iterable[Finding], root: str) -> str:
    """Return GitHub workflow commands.  Only integrity findings, which block, are shown as errors."""
    lines = []
    for finding in findings:
        integrity = finding.finding_class is FindingClass.INTEGRITY
        level = "error" if integrity else _GITHUB_LEVEL[finding.severity]
        title = _property(f"{finding.code} {finding.slug}")
        message = f"{finding.pointer} {visible(finding.message)} (colophon explain {finding.code})"
        place = f"file={_property(root + finding.path)},line={finding.line}"
        lines.append(f"::{level} {place},title={title}::{_data(message.strip())}\n")
    return "".join(lines)


def _data(value: str) -> str:
    return visible(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def sarif(findings: Sequence[Finding], rules: Mapping[str, Rule], root: str, version: str) -> str:
    """Return a SARIF 2.1.0 log with one run."""
    used = sorted({finding.code for finding in findings})
    driver = {
        "name": "colophon",
        "version": version,
        "rules": [
            {
                "id": code,
                "name": rules[code].slug,
                "shortDescription": {"text": rules[code].what},
                "help": {"text": rules[code].mend},
                "defaultConfiguration": {"level": _SARIF_LEVEL[rules[code].severity]},
            }
            for code in used
        ],
    }
    results = [_sarif_result(finding, used.index(finding.code), root) for finding in findings]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return canon.dumps(log).decode()


def _sarif_result(finding: Finding, rule_index: int, root: str) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _SARIF_LEVEL[finding.severity],
        "message": {"text": visible(finding.message)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(root + finding.path)},
                    "region": {"startLine": finding.line},
                },
                "logicalLocations": [{"fullyQualifiedName": visible(finding.pointer) or "/"}],
            }
        ],
        "properties": {"class": finding.finding_class.value, "second": finding.second},
    }


def stats(rules: Mapping[str, Rule], tallies: Mapping[str, Tally]) -> str:
    """Return the table of what each rule looked at, so that "not recognised" never looks like "fine"."""
    names = f"{'not applic.':>13}{'recognised':>12}{'checked':>9}{'consistent':>12}{'flagged':>9}"
    head = f"{'rule':<32}{'records':>9}{names}\n"
    rows = [
        f"{code + ' ' + rules[code].slug:<32}{t.records:>9}{t.not_applicable:>13}"
        f"{t.recognised:>12}{t.checked:>9}{t.consistent:>12}{t.flagged:>9}\n"
        for code, t in sorted(tallies.items())
    ]
    return head + "".join(rows)


def summary(findings: Sequence[Finding], records: int, *, narrowed: bool) -> str:
    """Return the last line of a check: how many records, how many findings of which kind."""
    if records == 0 and not findings:
        return "0 records touched" if narrowed else "no records yet; colophon ingest REPORT adds one"
    integrity = sum(1 for f in findings if f.finding_class is FindingClass.INTEGRITY)
    editorial = [f for f in findings if f.finding_class is FindingClass.EDITORIAL]
    words = [_plural(sum(1 for f in editorial if f.severity is severity), severity) for severity in Severity]
    return (
        f"{_plural(records, 'record')}: {_plural(integrity, 'integrity finding')}, "
        f"{_plural(len(editorial), 'editorial finding')} ({', '.join(words)})"
    )


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
