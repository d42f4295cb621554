"""Findings for people and programs: text, audit-report-v1 JSON, GitHub annotations, SARIF 2.1.0.

Record text is hostile in a terminal too: every message is written with control and bidirectional
characters escaped.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from colophon import canon
from colophon.characters import inert
from colophon.model import Finding, FindingClass, Patch, Rule, Severity, Tally
from colophon.report._annotations import github
from colophon.report._order import blocks, weight, worst_first
from colophon.report._pages import record_page, rule_page
from colophon.report._patch import harmless, lines_to_write, place
from colophon.report._sarif import sarif

__all__ = [
    "blocks",
    "counted",
    "github",
    "harmless",
    "json",
    "kinds",
    "lines_to_write",
    "place",
    "record_page",
    "rule_page",
    "sarif",
    "stats",
    "summary",
    "text",
    "weight",
    "worst_first",
]


def text(findings: Iterable[Finding], root: str) -> str:
    """Return findings as text, each with the lines that mend it; ``root`` is put before each path."""
    parts = []
    for finding in findings:
        where = f"{inert(root + finding.path)}:{finding.line}"
        pointer = f"  {inert(finding.pointer)}" if finding.pointer else ""
        parts.append(
            f"{where}{pointer}  {finding.code} {finding.slug}  {weight(finding)}\n"
            f"  {inert(finding.message)}\n"
            f"{_written(finding.patch) if finding.patch else ''}"
            f"  help: colophon explain {finding.code}\n"
        )
    return "".join(parts)


def _written(patch: Patch) -> str:
    lines = [f"    {harmless(line)}\n" if line else "\n" for line in lines_to_write(patch)]
    return f"  write: {'' if lines else 'nothing '}{place(patch)}\n{''.join(lines)}"


def json(report: dict[str, Any]) -> str:
    """Return an audit report as JSON text, in which no text begins a command of a forge's log."""
    return canon.dumps(report).decode().replace("##[", "#\\u0023[")


def stats(rules: Mapping[str, Rule], tallies: Mapping[str, Tally]) -> str:
    """Return the table of what each rule looked at, so that "not recognised" never looks like "fine"."""
    names = f"{'not applic.':>13}{'recognised':>12}{'checked':>9}{'consistent':>12}{'flagged':>9}"
    head = f"{'rule':<32}{'records':>9}{names}\n"
    rows = [
        f"{code + ' ' + rules[code].slug:<32}{t.records:>9}{t.not_applicable:>13}"
        f"{t.recognised:>12}{t.checked:>9}{t.consistent:>12}{t.flagged:>9}\n"
        for code, t in sorted(tallies.items())
    ]
    return head + "".join(rows) + "".join(_undecided(rules, tallies))


def _undecided(rules: Mapping[str, Rule], tallies: Mapping[str, Tally]) -> Iterator[str]:
    for code, tally in sorted(tallies.items()):
        if rules[code].undecided and tally.checked < tally.recognised:
            yield f"{code}: {tally.recognised - tally.checked} not checked: {rules[code].undecided}\n"


def summary(findings: Sequence[Finding], records: int, *, narrowed: bool) -> str:
    """Return the last line of a check: how many records, how many findings of which kind."""
    if records == 0 and not findings:
        return "0 records touched" if narrowed else "no records yet; colophon ingest REPORT adds one"
    return f"{counted(records, 'record')}: {kinds(findings)}"


def kinds(findings: Sequence[Finding]) -> str:
    """Return in words how many findings there are of each class and severity."""
    integrity = sum(1 for f in findings if f.finding_class is FindingClass.INTEGRITY)
    editorial = [f for f in findings if f.finding_class is FindingClass.EDITORIAL]
    words = [counted(sum(1 for f in editorial if f.severity is severity), severity) for severity in Severity]
    return (
        f"{counted(integrity, 'integrity finding')}, "
        f"{counted(len(editorial), 'editorial finding')} ({', '.join(words)})"
    )


def counted(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
