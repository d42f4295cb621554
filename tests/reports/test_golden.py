"""What people and code hosts get to read of a check, byte for byte."""

import json
import os
from importlib.metadata import version
from pathlib import Path

import pytest

from colophon import report
from colophon.change_report import ChangeReport, FieldChange, RecordChange, markdown, text_summary
from colophon.model import Finding, FindingClass, Patch, Rule, Severity

HERE = Path(__file__).parent
ID = "633d4d8a-aa2a-449c-8123-213191021a18"
FOLDER = f"papers/63/{ID}"
EVENT = f"{FOLDER}/corrections/counts-agree.yaml"
HOSTILE = "\x1b[31m<b>@octocat</b> `` | #12 http://a.example\n::error::x ##[error]y \u202e"
TITLE = "What do counts say? A synthesis"
EVENT_ID = "2026-11-25-0a1b2c3d4e5f"
SITE = "https://press.example/registry/"

# Rules with prose of their own, so that these files stay when the wording of a rule gets better.
RULES = {
    code: Rule(code, slug, severity, kind, f"What {code} finds.", "Why.", "An example.", "How to mend it.")
    for code, slug, severity, kind in (
        ("C101", "counts-disagree", Severity.ERROR, FindingClass.EDITORIAL),
        ("H101", "date-in-future", Severity.ERROR, FindingClass.INTEGRITY),
        ("P101", "scales-share-prefix", Severity.NOTE, FindingClass.EDITORIAL),
        ("S105", "character-refused", Severity.ERROR, FindingClass.INTEGRITY),
    )
}


def finding(
    code: str, path: str, line: int, pointer: str, message: str, patch: Patch | None = None
) -> Finding:
    """Return a finding of one of the rules."""
    rule = RULES[code]
    return Finding(
        path, line, pointer, code, message, rule.slug, rule.severity, rule.finding_class, ID, patch=patch
    )


def corrected() -> ChangeReport:
    """A record with a correction that is in order but for its date, and two older faults that it shows."""
    record = RecordChange(
        id=ID, display_id="DEMO:633D4D8A", title=TITLE, is_new=False, files=(EVENT,),
        tier=("UNSAFE", "UNSAFE"), level=("L1", "L1"), state=("CURRENT", "CORRECTED"),
        fields=(
            FieldChange(EVENT_ID, "manifest", "/claims/3/text", "28 claims", "21 claims", "folded"),
            FieldChange(EVENT_ID, "provenance", "/generator", None, "GPT", "folded"),
        ),
        events=((EVENT_ID, "CLAIM", "Ada Example", "folded"),), removed=(),
    )  # fmt: skip
    found = (
        finding("C101", f"{FOLDER}/manifest.json", 41, "/stated/claims_extracted", "states 28, lists 21"),
        finding("P101", f"{FOLDER}/provenance.json", 1, "", "both begin with L"),
        finding(
            "H101", EVENT, 6, "/date", "date 2027-01-01 lies after 2026-11-25T00:00:00Z",
            Patch(6, 6, "date: 2026-11-25"),
        ),
    )  # fmt: skip
    return ChangeReport(
        "0123456789abcdef0123456789abcdef01234567", "fedcba9876543210fedcba9876543210fedcba98",
        (record,), 1, report.worst_first(found), 12, "colophon check", ("the base is not append-only yet",),
    )  # fmt: skip


def removed() -> ChangeReport:
    """A removal from one record and a new record, with nothing to mend."""
    gone, new = f"{FOLDER}/report.txt", "20164509-383a-47f5-a404-579667fe34a5"
    records = (
        RecordChange(
            ID, "DEMO:633D4D8A", TITLE, False, (gone, EVENT), ("LOCATED", "UNSAFE"),
            ("L2", "L1"), ("CURRENT", "WITHDRAWN"), (),
            ((EVENT_ID, "REMOVAL", "Ada Example", "folded"),), (gone,),
        ),
        RecordChange(
            new, "DEMO:20164509", "A new one", True, (f"papers/20/{new}/manifest.json",), (None, "LOCATED"),
            (None, "L2"), (None, "CURRENT"), (), (), (),
        ),
    )  # fmt: skip
    return ChangeReport("main", "HEAD", records, 3, (), 1, "colophon check", ())


def hostile() -> ChangeReport:
    """Every text of the record is what no text should be."""
    patch = Patch(1, 0, f"note: |\n  {HOSTILE}\n  ```\n")
    found = finding("S105", f"{FOLDER}/{HOSTILE}", 1, HOSTILE, HOSTILE, patch)
    record = RecordChange(
        ID, HOSTILE, HOSTILE, False, (HOSTILE,), (HOSTILE, "UNSAFE"), (None, None), ("CURRENT", "CURRENT"),
        (FieldChange(HOSTILE, HOSTILE, HOSTILE, HOSTILE, f"```{HOSTILE}", HOSTILE),),
        ((HOSTILE, "CLAIM", HOSTILE, HOSTILE),), (HOSTILE,),
    )  # fmt: skip
    return ChangeReport("a`b", "HEAD", (record,), 1, (found,), 1, HOSTILE, (HOSTILE,))


CHANGES = {
    "corrected": corrected(),
    "removed": removed(),
    "hostile": hostile(),
    "nothing": ChangeReport("main", "HEAD", (), 0, (), 0, "colophon check", ()),
}


def written(change: ChangeReport) -> dict[str, str]:
    """Return every form of one change by the suffix of its golden file."""
    sarif = report.sarif(change.findings, RULES, "registry/", site_url=SITE, standing=())
    return {
        "md": markdown(change, "registry/", SITE),
        "txt": f"{report.text(change.findings, 'registry/')}{text_summary(change)}\n",
        "github": report.github(change.findings, "registry/", ["colophon.sarif"]),
        # A new version of ours is no reason to write the golden files anew.
        "sarif": sarif.replace(f'"version": "{version("colophon-registry")}"', '"version": "0.0.0"', 1),
    }


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("suffix", ["md", "txt", "github", "sarif"])
def test_the_golden_files_stay_as_they_are(name: str, suffix: str) -> None:
    """What is read changes only when somebody meant it to.

    With the environment variable REGENERATE=1 the files are written anew; review sees the diff.
    """
    golden = HERE / "golden" / f"{name}.{suffix}"
    text = written(CHANGES[name])[suffix]
    if os.environ.get("REGENERATE"):
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text(encoding="utf-8")
    if suffix == "sarif":
        json.loads(text)
