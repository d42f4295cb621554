"""Findings as SARIF 2.1.0, the log that code hosts and editors read."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from colophon.characters import visible
from colophon.model import Finding, Patch, Rule, Severity
from colophon.report._pages import rule_page
from colophon.report._patch import place

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
# SARIF has no word for "to the end of the file": programs stop at the last line there is.
_LAST_LINE = 2**31 - 1


def sarif(
    findings: Sequence[Finding],
    rules: Mapping[str, Rule],
    root: str,
    *,
    site_url: str | None = None,
    standing: Collection[Finding] | None = None,
    on_one_line: bool = False,
) -> str:
    """Return a SARIF 2.1.0 log with one run; ``root`` is put before each path.

    ``site_url`` is where the pages of the rules are.  ``standing`` are findings that were there before the
    change; when it is given, each result says whether it is new.
    """
    used = {code: index for index, code in enumerate(sorted({finding.code for finding in findings}))}
    driver = {
        "name": "colophon",
        "version": _version(),
        "rules": [_rule(rules[code], site_url) for code in used],
    }
    places = Counter[str]()
    results = []
    for finding in findings:
        result = _result(finding, used[finding.code], root) | {
            "partialFingerprints": _prints(finding, places)
        }
        if standing is not None:
            result["baselineState"] = "unchanged" if finding in standing else "new"
        results.append(result)
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return _ascii(log, on_one_line=on_one_line)


@cache
def _version() -> str:
    """Return our own version; looking it up takes 0.7 ms, and every record has a log."""
    return version("colophon-registry")


def _ascii(log: dict[str, Any], *, on_one_line: bool) -> str:
    """Return JSON that means exactly the same and holds nothing that steers a terminal or a forge's log."""
    text = json.dumps(log, separators=(",", ":")) if on_one_line else json.dumps(log, indent=2)
    return text.replace("\x7f", "\\u007f").replace("##[", "#\\u0023[") + "\n"


def _rule(rule: Rule, site_url: str | None) -> dict[str, Any]:
    described = {
        "id": rule.code,
        "name": rule.slug,
        "shortDescription": {"text": rule.what},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.mend},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }
    if site_url is not None:
        described["helpUri"] = rule_page(site_url, rule.code, rule.slug)
    return described


def _result(finding: Finding, rule_index: int, root: str) -> dict[str, Any]:
    file = {"uri": quote(root + finding.path)}
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": visible(finding.message)},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": file, "region": {"startLine": finding.line}},
                "logicalLocations": [{"fullyQualifiedName": visible(finding.pointer) or "/"}],
            }
        ],
        "properties": {"class": finding.finding_class.value, "second": finding.second},
    }
    if finding.patch is not None:
        result["fixes"] = [_fix(finding.patch, file)]
    return result


def _prints(finding: Finding, places: Counter[str]) -> dict[str, str]:
    """Return what tells that a finding is the same one after lines have moved.

    The first name is the only one that GitHub compares; without it GitHub hashes the line's text.
    """
    named = f"{finding.code}\0{finding.path}\0{finding.pointer}"
    digest = hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    places[digest] += 1
    value = f"{digest}:{places[digest]}"
    return {"primaryLocationLineHash": value, "colophonPlace/v1": value}


def _fix(patch: Patch, file: dict[str, str]) -> dict[str, Any]:
    """Return the patch for programs: the text is exact, so that it can be applied."""
    replacement: dict[str, Any] = {"deletedRegion": _region(patch)}
    if patch.text:
        replacement["insertedContent"] = {"text": patch.text.removesuffix("\n") + "\n"}
    return {
        "description": {"text": f"write {place(patch)}"},
        "artifactChanges": [{"artifactLocation": file, "replacements": [replacement]}],
    }


def _region(patch: Patch) -> dict[str, int]:
    """Return whole lines with their ends: up to the first column of the line that follows."""
    if patch.first == 0:
        return {"startLine": 1, "startColumn": 1, "endLine": _LAST_LINE, "endColumn": 1}
    end = max(patch.first, patch.last + 1)
    return {"startLine": patch.first, "startColumn": 1, "endLine": end, "endColumn": 1}
