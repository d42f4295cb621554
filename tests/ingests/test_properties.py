"""The print of a report may change, the facts read from it do not; no text breaks a parser."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from colophon import characters, ingests
from colophon.errors import ReportError

ROOT = Path(__file__).parents[2]
MANIFEST = Draft202012Validator(json.loads((ROOT / "schemas/paper-manifest/v1.1.json").read_text()))
PROVENANCE = Draft202012Validator(json.loads((ROOT / "schemas/source-provenance/v1.json").read_text()))
ID = "00000000-0000-4000-8000-000000000000"
INGEST = {"file_name": "r.txt", "size": 1, "sha256": "sha256:" + "0" * 64, "format": "made-up", "version": 1}

TRUE_MARKS = ["✓", "✔", "☑", "yes", "Y", "true", "verified", "1"]
FALSE_MARKS = ["×", "✗", "✘", "no", "N", "False", "unverified", "0"]
CLAIMS = [
    ("Kettles cool slowly.", True, "0.10"),
    ("Lids help by 12%", False, "0.95"),
    ("Steam rises.", True, ""),
]
SECTIONS = {
    "Abstract": "We invented kettles.",
    "Introduction": "This paper examines: Kettles. Research question: Do lids help?.",
    "Methodology": "We searched arXiv with three queries.",
    "Results": "1,012 papers retrieved (1,000 from arXiv, 12 from Crossref). "
    "3 claims extracted, two verified.",
    "Limitations": "This report is a machine-generated literature synthesis. Invented.",
    "References": "- <http://arxiv.org/abs/3101.00001v2>\n- doi:10.9999/kettle",
}
FRAGMENTS = [
    "# ", "## ", "**", "|", "\t", "\n", "\n\n", "---\n", "===\n", "- ", "1. ", ": ", "/10", "✓",
    "×", "(", "[1]", "](", "\\",
    "Abstract", "Results", "Extracted Claims", "Claim\tVerified\tConfidence\n", "References",
    "Methodology", "Provenance",
    "Quality Tier", "Quality Dimensions", "| Tier | X |", "| Publisher | P |", "Assignee Research",
    "SOVEREIGN", "SRCH:0123ABCD",
    "12 papers retrieved", "3 claims extracted", "Research question: ", "June 13, 2026",
    "http://arxiv.org/abs/2601.15305v1",
    "doi:10.1/", "10.9999/a", "Threshold: ", "score < ", "threshold=0.1", "panel (A/B)", "(dim=0)",
    "Report artifact",
    "Artifacts", "Type | URL\n", "9" * 400, "é", "\u0301", "\u0338", "<", "\u00a0", "\u200b",
    "\x00", "\r", "\u2028",
]  # fmt: skip


def headed(style: str, number: int, name: str) -> str:
    return {
        "hashes": f"## {number} {name}",
        "bold": f"### **{number} {name}**",
        "plain": f"{number}. {name}",
        "bare": name,
        "underlined": f"{name}\n{'-' * len(name)}",
        "shouted": f"## {name.upper()} ##",
    }[style]


def table(style: str, rows: list[list[str]]) -> str:
    head, *body = rows
    if style == "tabs":
        return "\n".join("\t".join(row) for row in rows)
    if style == "aligned":
        return "\n".join("".join(cell.ljust(30) for cell in row).rstrip() for row in rows)
    left, right = ("| ", " |") if style == "pipes" else ("", "")
    lines = [left + " | ".join(row) + right for row in (head, ["---"] * len(head), *body)]
    return "\n".join(lines)


@st.composite
def prints(draw: st.DrawFn) -> str:
    """Draw one way to print the same report."""
    style = draw(st.sampled_from(["tabs", "pipes", "open pipes", "aligned"]))
    marks = [draw(st.sampled_from(TRUE_MARKS if is_true else FALSE_MARKS)) for _, is_true, _ in CLAIMS]
    columns = draw(st.permutations(["Claim", "Verified", "Confidence"]))
    # Columns that only their gaps tell apart have to be in reading order when a cell is empty.
    columns = ["Claim", "Verified", "Confidence"] if style == "aligned" else columns
    # In them a lone 1 or 0 could be either, so no reader is asked to tell.
    marks = [{"1": "yes", "0": "no"}.get(mark, mark) for mark in marks] if style == "aligned" else marks
    cells = [{"Claim": c[0], "Verified": m, "Confidence": c[2]} for c, m in zip(CLAIMS, marks, strict=True)]
    rows = [list(columns), *([row[column] for column in columns] for row in cells)]
    parts = SECTIONS | {"Extracted Claims": table(style, rows)}
    heading = draw(st.sampled_from(["hashes", "bold", "plain", "bare", "underlined", "shouted"]))
    order = draw(st.permutations(list(parts)))
    printed = "".join(f"{headed(heading, n, name)}\n\n{parts[name]}\n\n" for n, name in enumerate(order, 1))
    day = draw(st.sampled_from(["May 3, 2031", "2031-05-03"]))
    text = f"# On Invented Kettles\n\nKettle Press\n\n{day}\n\n{printed}"
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))


def facts(text: str) -> dict[str, Any]:
    form = ingests.recognise(text)
    assert form is not None
    parsed = form.parse(text)
    found = json.loads(json.dumps([parsed.manifest, parsed.provenance]))
    # Headings and flags are kept as printed, so they differ with the print.
    del found[0]["headings"]
    for claim in found[0]["claims"]:
        del claim["stated"]["flag"]
    return {"format": form.name, "facts": found}


def errors_of(parsed: ingests.Parsed) -> list[str]:
    manifest = {
        "contract_version": "paper-manifest-v1.1",
        "id": ID,
        "display_id": "MADE:00000000",
    } | parsed.manifest
    provenance = {
        "contract_version": "source-provenance-v1",
        "paper": ID,
        "ingest": INGEST,
    } | parsed.provenance
    found = [*MANIFEST.iter_errors(manifest), *PROVENANCE.iter_errors(provenance)]
    return [f"{error.json_path}: {error.message[:200]}" for error in found]


STANDARD = (
    "# On Invented Kettles\n\nKettle Press\n\nMay 3, 2031\n\n"
    + "".join(f"## {name}\n\n{body}\n\n" for name, body in SECTIONS.items())
    + "## Extracted Claims\n\nClaim\tVerified\tConfidence\n"
    + "".join(f"{text}\t{'✓' if is_true else '×'}\t{confidence}\n" for text, is_true, confidence in CLAIMS)
)


def test_the_standard_print_is_read_right() -> None:
    """The report that all prints are compared with is itself read as it says."""
    manifest, provenance = facts(STANDARD)["facts"]
    assert [
        (c["text"], c["stated"]["verified"], c["stated"]["confidence"] or "") for c in manifest["claims"]
    ] == CLAIMS
    assert manifest["stated"]["totals"][0]["members"] == [1000, 12]
    assert (manifest["subject"], manifest["research_question"]) == ("Kettles", "Do lids help?")
    assert provenance["search"]["query_count"] == 3


@given(prints())
@settings(max_examples=200)
def test_print_does_not_change_facts(text: str) -> None:
    """Order of sections, headings, table style, column order, marks and line ends leave the facts alone."""
    assert facts(text) == facts(STANDARD)


@pytest.mark.parametrize("missing", [*SECTIONS, "Extracted Claims"])
def test_any_one_section_may_be_missing(missing: str) -> None:
    """A report without one of its sections is still recognised and gives null for what it does not show."""
    parts = STANDARD.split("\n## ")
    shortened = "\n## ".join(part for part in parts if not part.startswith(missing))
    form = ingests.recognise(shortened)
    assert form is not None
    assert form.name == "assignee-report"
    parsed = form.parse(shortened)
    assert not errors_of(parsed)
    emptied = {
        "Abstract": "abstract",
        "Introduction": "subject",
        "Limitations": "limitations",
        "References": "sources",
    }
    if missing in emptied:
        assert parsed.manifest[emptied[missing]] is None
    if missing == "Extracted Claims":
        assert parsed.manifest["claims"] is None


def strange_texts() -> st.SearchStrategy[str]:
    pieces = st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12))
    return st.one_of(st.text(), st.lists(pieces, max_size=60).map("".join))


@given(strange_texts(), st.booleans())
@settings(max_examples=600)
def test_any_text_is_read_or_refused(text: str, titled: bool) -> None:
    """Every parser gives documents that fit their contracts and may be stored, or raises ReportError."""
    text = f"# Title\n\nPress\n\n{text}" if titled else text
    for form in ingests.FORMATS.all().values():
        form.recognises(text)
        try:
            parsed = form.parse(text)
        except ReportError as error:
            assert "\n" not in error.message
            continue
        assert not errors_of(parsed)
        written = json.dumps([parsed.manifest, parsed.provenance], ensure_ascii=False)
        assert characters.refused(written) is None


@given(st.sampled_from(sorted((Path(__file__).parent / "examples").glob("*.txt"))), st.data())
@settings(max_examples=300)
def test_damaged_reports_are_read_or_refused(path: Path, data: st.DataObject) -> None:
    """A report with a piece cut out or put in is read into valid documents, or refused."""
    text = path.read_bytes().decode()
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(len(text), begin + 400)))
    text = text[:begin] + data.draw(st.sampled_from(["", *FRAGMENTS])) + text[end:]
    assert sum(form.recognises(text) for form in ingests.FORMATS.all().values()) <= 1
    for form in ingests.FORMATS.all().values():
        try:
            assert not errors_of(form.parse(text))
        except ReportError:
            continue
