"""The findings of one paper as SARIF: every one of them, and nothing that a program could act on."""

import json
from typing import Any

from colophon.model import Artifact
from colophon.pages import KINDS

HOSTILE = "</script><script>alert(1)</script> ##[error] \x1b[31m"


def log_of(view: Any) -> tuple[Artifact, dict[str, Any]]:
    """The file and what it holds."""
    function = KINDS.all()["record_sarif"].of_record
    assert function is not None
    [made] = function(view)
    assert isinstance(made, Artifact)
    return made, json.loads(made.body)


def test_every_finding_stands_in_the_log(make_view: Any, make_finding: Any) -> None:
    """Each result names its rule, its file and its line; the rule is described once."""
    found = (make_finding("C101", "states 3, lists 2"), make_finding("X101", HOSTILE))
    made, log = log_of(make_view(findings=found))
    assert made.path.endswith("/findings.sarif")
    [run] = log["runs"]
    assert [result["ruleId"] for result in run["results"]] == [one.code for one in found]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["C101", "X101"]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert [place["region"]["startLine"] for place in places] == [one.line for one in found]
    assert all(place["artifactLocation"]["uri"].endswith("manifest.json") for place in places)


def test_hostile_messages_stay_text(make_view: Any, make_finding: Any) -> None:
    """Control characters are written out, and no command for a forge's log is left."""
    made, log = log_of(make_view(findings=(make_finding("C101", HOSTILE),)))
    assert b"\x1b" not in made.body
    assert b"##[" not in made.body
    assert "\x1b" not in log["runs"][0]["results"][0]["message"]["text"]


def test_a_paper_without_findings_has_an_empty_log(make_view: Any) -> None:
    """An empty list of results says that the rules ran and found nothing."""
    _, log = log_of(make_view(findings=()))
    assert log["runs"][0]["results"] == []
    assert log["runs"][0]["invocations"] == [{"executionSuccessful": True}]
