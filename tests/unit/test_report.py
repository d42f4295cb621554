"""Findings for people and programs; hostile text stays text in every one of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import faults, pipeline, report
from colophon.findings_json import audit_report
from colophon.model import Fault, Finding, FindingClass, Severity, Tally

HOSTILE = "\x1b[31mred\x1b[0m\n::error file=x::owned\r\u202e %0A \u2028"
EDITORIAL = Finding(
    "papers/63/633d4d8a/manifest.json", 41, "/stated/claims_extracted", "C101", "states 28, lists 21",
    "counts-disagree", Severity.ERROR, FindingClass.EDITORIAL, "633d4d8a",
)  # fmt: skip
DAMAGE = faults.finding(Fault("S105", 7, "/a\n::error::b", HOSTILE), "papers/a b%,:/\u202em.json", "")
NOTE = Finding(
    "papers/x/provenance.json", 1, "", "P101", "both begin with L", "scales-share-prefix",
    Severity.NOTE, FindingClass.EDITORIAL, "x", second=True,
)  # fmt: skip
ALL = (EDITORIAL, DAMAGE, NOTE)


def test_text_has_place_kind_message_and_next_command() -> None:
    """Each finding is three lines: where and what, the message, the command that explains it."""
    assert report.text([EDITORIAL, NOTE], "registry/") == (
        "registry/papers/63/633d4d8a/manifest.json:41  /stated/claims_extracted  "
        "C101 counts-disagree  error\n"
        "  states 28, lists 21\n"
        "  help: colophon explain C101\n"
        "registry/papers/x/provenance.json:1  P101 scales-share-prefix  note\n"
        "  both begin with L\n"
        "  help: colophon explain P101\n"
    )


def test_text_of_hostile_records_cannot_steer_a_terminal() -> None:
    """Control, bidirectional and line characters of path, pointer and message are written out."""
    shown = report.text([DAMAGE], "")
    assert shown == (
        "papers/a b%,:/\\u{202e}m.json:7  /a\\n\\u{3a}:error\\u{3a}:b  S105 character-refused  integrity\n"
        "  \\u{1b}[31mred\\u{1b}[0m\\n\\u{3a}:error file=x\\u{3a}:owned\\u{d}\\u{202e} %0A \\u{2028}\n"
        "  help: colophon explain S105\n"
    )


def test_github_commands_cannot_be_forged() -> None:
    """One command a finding, integrity as error; no record text begins another command or property."""
    assert report.github(ALL, "r/") == (
        "::warning file=r/papers/63/633d4d8a/manifest.json,line=41,title=C101 counts-disagree"
        "::/stated/claims_extracted states 28, lists 21 (colophon explain C101)\n"
        "::error file=r/papers/a b%25%2C%3A/\\u{202e}m.json,line=7,title=S105 character-refused"
        "::/a\\n::error::b \\u{1b}[31mred\\u{1b}[0m\\n::error file=x::owned\\u{d}\\u{202e} %250A \\u{2028} "
        "(colophon explain S105)\n"
        "::notice file=r/papers/x/provenance.json,line=1,title=P101 scales-share-prefix"
        "::both begin with L (colophon explain P101)\n"
    )


@given(st.text(), st.text(), st.text())
def test_any_text_stays_in_its_line(path: str, pointer: str, message: str) -> None:
    """Whatever a record holds, a finding is three lines of text and one line of workflow command."""
    finding = faults.finding(Fault("S105", 1, pointer, message), f"p{path}")
    assert len(report.text([finding], "").split("\n")) == 4
    command = report.github([finding], "")
    assert command.count("\n") == 1
    assert command.isprintable() or command.rstrip("\n").isprintable() or max(command) >= "\u00a0"
    json.loads(report.sarif([finding], pipeline.rules(), "", "1").encode("utf-8", "surrogatepass"))


def test_sarif_is_a_log_that_code_hosts_read() -> None:
    """One run; each result points to its rule, file and line; paths are valid URI references."""
    log = json.loads(report.sarif(ALL, pipeline.rules(), "r/", "0.1.0"))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    (run,) = log["runs"]
    described = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in described] == ["C101", "P101", "S105"]
    for rule in described:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    for result, finding in zip(run["results"], ALL, strict=True):
        assert described[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        (place,) = result["locations"]
        assert place["physicalLocation"]["region"] == {"startLine": finding.line}
        assert result["message"]["text"].isprintable()
    assert run["results"][1]["properties"] == {"class": "integrity", "second": False}
    uri = run["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "r/papers/a%20b%25%2C%3A/%E2%80%AEm.json"
    assert run["results"][0]["locations"][0]["logicalLocations"] == [
        {"fullyQualifiedName": "/stated/claims_extracted"}
    ]


def test_json_is_an_audit_report() -> None:
    """The JSON form is audit-report-v1, with every field of a finding and a tally of every rule asked."""
    rules = pipeline.rules()
    made = audit_report([EDITORIAL], rules, {"C101": Tally(3, 5, 4, 1, 1)}, None)
    assert json.loads(report.json(made)) == {
        "contract_version": "audit-report-v1",
        "paper": None,
        "findings": [
            {
                "code": "C101", "slug": "counts-disagree", "severity": "error", "class": "editorial",
                "second": False,
                "record": "633d4d8a", "path": "papers/63/633d4d8a/manifest.json", "line": 41,
                "pointer": "/stated/claims_extracted", "message": "states 28, lists 21",
            }
        ],
        "rules": [
            {
                "code": "C101", "slug": "counts-disagree", "severity": "error", "records": 3, "recognised": 5,
                "checked": 4, "consistent": 3, "flagged": 1, "not_applicable": 1,
            }
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("findings", "records", "narrowed", "line"),
    [
        ((), 0, False, "no records yet; colophon ingest REPORT adds one"),
        ((), 0, True, "0 records touched"),
        (
            (),
            1,
            False,
            "1 record: 0 integrity findings, 0 editorial findings (0 errors, 0 warnings, 0 notes)",
        ),
        (ALL, 3, False, "3 records: 1 integrity finding, 2 editorial findings (1 error, 0 warnings, 1 note)"),
    ],
)
def test_the_last_line_counts(findings: tuple[Finding, ...], records: int, narrowed: bool, line: str) -> None:
    """The summary counts records and findings from their lists, and says when there is nothing."""
    assert report.summary(findings, records, narrowed=narrowed) == line


def test_stats_are_a_table_of_what_was_looked_at() -> None:
    """Not applicable, recognised, checked, consistent and flagged stand apart."""
    table = report.stats(pipeline.rules(), {"C101": Tally(3, 5, 4, 1, 1)}).splitlines()
    assert table[0].split() == [
        "rule",
        "records",
        "not",
        "applic.",
        "recognised",
        "checked",
        "consistent",
        "flagged",
    ]
    assert table[1].split() == ["C101", "counts-disagree", "3", "1", "5", "4", "3", "1"]
