"""Prints that were once misread are read right, or named as unread."""

from typing import Any

import pytest

from colophon import ingests

FRONT = "# On Cups\n\nAssignee Research\n\nJune 13, 2026\n\n"
RESULTS = (
    "## 3 Results\n\n2 papers retrieved. 2 claims extracted; 1 independently verified. "
    "Quality review score: 8.2/10.\n\n## 4 Limitations\n\nA machine-generated literature synthesis.\n\n"
)
HEADING = "## 5 Extracted Claims\n\n"
TAIL = "\n## References\n\n- <http://arxiv.org/abs/2601.15305v1>\n"
TABLES = {
    "tabs": "Claim\tVerified\tConfidence\nCups hold.\t✓\t0.18\nCups break.\t×\t0.13\n",
    "pipes": "| Claim | Verified | Confidence |\n|---|---|---|\n"
    "| Cups hold. | ✓ | 0.18 |\n| Cups break. | × | 0.13 |\n",
    "open pipes": "Claim | Verified | Confidence\nCups hold. | ✓ | 0.18\nCups break. | × | 0.13\n",
    "gaps": "Claim    Verified    Confidence\nCups hold.    ✓    0.18\nCups break.    ×    0.13\n",
    "words": "Claim Verified Confidence\nCups hold. ✓ 0.18\nCups break. × 0.13\n",
}
SEPARATORS = {"tabs": "\t", "pipes": " | ", "open pipes": " | ", "gaps": "    ", "words": " "}
TWO = [("Cups hold.", True, "✓", "0.18"), ("Cups break.", False, "×", "0.13")]
PAGE = (
    "{}\nOn Cups\nAbstract\nThis report synthesises findings.\nQuality Tier\n| Tier | Low |\n"
    "Provenance\n| Publisher | Assignee Research |\n"
)


def read(text: str) -> ingests.Parsed:
    form = ingests.recognise(text)
    assert form is not None
    return form.parse(text)


def claimed(parsed: ingests.Parsed) -> list[tuple[Any, ...]]:
    return [(claim["text"], *claim["stated"].values()) for claim in parsed.manifest["claims"]]


def table(style: str, *rows: list[str]) -> str:
    before, behind = ("| ", " |") if style == "pipes" else ("", "")
    return "".join(f"{before}{SEPARATORS[style].join(row)}{behind}\n" for row in rows)


@pytest.mark.parametrize("style", TABLES)
@pytest.mark.parametrize("mark", ["### {}", "**{}**", "### 5.1 {}"])
def test_headings_within_a_section_do_not_empty_it(style: str, mark: str) -> None:
    """Tables under headings within the section of claims are all read, and the headings are kept."""
    first, second = mark.format("Efficiency"), mark.format("Quality")
    parsed = read(
        FRONT + RESULTS + HEADING + f"{first}\n\n{TABLES[style]}\n{second}\n\n{TABLES[style]}" + TAIL
    )
    assert claimed(parsed) == TWO * 2
    assert not parsed.unread
    assert len(parsed.manifest["headings"]) == 6


def test_references_may_be_grouped() -> None:
    """References under headings of their own are all read, what is no reference is not."""
    groups = "\n## References\n\n### Primary\n- http://a.example/1\n\n### Other\n\n- http://a.example/2\n"
    parsed = read(
        FRONT + RESULTS + HEADING + TABLES["tabs"] + groups + "\n**Disclaimer**\n\nNothing is sure.\n"
    )
    assert [source["url"] for source in parsed.manifest["sources"]] == [
        "http://a.example/1",
        "http://a.example/2",
    ]
    assert parsed.unread == ("section 'Disclaimer'",)


@pytest.mark.parametrize("heading", ["## Efficiency", "### Methods"])
def test_a_section_whose_lines_moved_away_is_not_empty(heading: str) -> None:
    """Claims that stand under another heading are not shown as none, and are named."""
    parsed = read(FRONT + RESULTS + HEADING + f"{heading}\n\n{TABLES['tabs']}" + TAIL)
    assert parsed.manifest["claims"] is None
    assert "section of claims, which is empty above the next heading" in parsed.unread
    assert read(FRONT + RESULTS + HEADING + TAIL).manifest["claims"] == []


@pytest.mark.parametrize("style", TABLES)
@pytest.mark.parametrize("line", ["Note: ticks are lexical only.", "Table 2: rest"])
@pytest.mark.parametrize("gap", ["", "\n"])
def test_prose_beside_rows_is_no_claim(style: str, line: str, gap: str) -> None:
    """A line of prose or a caption is named as unread; the rows behind it are read."""
    parsed = read(FRONT + RESULTS + HEADING + f"{TABLES[style]}{gap}{line}\n{gap}{TABLES[style]}" + TAIL)
    assert claimed(parsed) == TWO * 2
    assert parsed.unread == (f"line {line!r} beside the claims table",)


@pytest.mark.parametrize("style", TABLES)
@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_second_table_is_read_by_its_own_head(style: str, gap: str) -> None:
    """Columns in another order or number below a second head are read by that head."""
    turned = table(style, ["Verified", "Confidence", "Statement"], ["✓", "0.44", "Cups ring."])
    parsed = read(FRONT + RESULTS + HEADING + TABLES[style] + gap + turned + TAIL)
    assert claimed(parsed) == [*TWO, ("Cups ring.", True, "✓", "0.44")]
    fewer = table(style, ["Claim", "Similarity"], ["Cups ring.", "0.44"])
    parsed = read(FRONT + RESULTS + HEADING + TABLES[style] + gap + fewer + TAIL)
    assert claimed(parsed) == [*TWO, ("Cups ring.", None, None, "0.44")]


@pytest.mark.parametrize("style", TABLES)
def test_a_second_table_with_an_unknown_head_is_named(style: str) -> None:
    """Rows below a head that is not known are no claims."""
    other = table(style, ["Datum", "Rating", "Outcome"], ["Cups ring.", "4", "good"])
    parsed = read(FRONT + RESULTS + HEADING + TABLES[style] + "\n" + other + TAIL)
    assert claimed(parsed) == TWO
    assert len(parsed.unread) == 1
    assert "Datum" in parsed.unread[0]


@pytest.mark.parametrize(
    "group", ["| **Section A** | | |", "| **Section A** |", "| Section A |", "**Section A**"]
)
def test_a_row_that_names_a_group_is_no_claim(group: str) -> None:
    """A row of nothing but a short emphasised text heads other rows."""
    text = TABLES["pipes"].replace("| Cups break", f"{group}\n| Cups break")
    assert claimed(read(FRONT + RESULTS + HEADING + text + TAIL)) == TWO


@pytest.mark.parametrize(
    ("style", "printed", "wrapped"),
    [
        ("pipes", "| Cups hold. |", "| Cups hold\nwater well. |"),
        ("pipes", "| Cups hold. | ✓ | 0.18 |", "| Cups hold | ✓ | 0.18 |\n| water well. | | |"),
        ("tabs", "Cups hold.", "Cups hold\nwater well."),
        ("words", "Cups hold.", "Cups hold\nwater well."),
    ],
)
def test_a_wrapped_cell_is_one_claim(style: str, printed: str, wrapped: str) -> None:
    """A claim that goes on on the next line keeps its mark and its number."""
    text = TABLES[style].replace(printed, wrapped)
    assert claimed(read(FRONT + RESULTS + HEADING + text + TAIL))[0] == (
        "Cups hold water well.",
        True,
        "✓",
        "0.18",
    )


def test_prose_behind_a_list_is_no_claim() -> None:
    """Only items of a list are claims."""
    parsed = read(FRONT + RESULTS + HEADING + "- ✓ Cups hold.\n- × Cups\n  break.\n\nTwo of nine.\n" + TAIL)
    assert [claim[0] for claim in claimed(parsed)] == ["Cups hold.", "Cups break."]
    assert parsed.unread == ("line 'Two of nine.' beside the claims",)


@pytest.mark.parametrize(
    ("head", "confidence", "unread"),
    [
        (["Conf", "Similarity"], None, ["Conf", "Similarity"]),
        (["Similarity", "Confidence"], "0.2", ["Similarity"]),
        (["Confidence (cosine)", "Confidence"], "0.2", ["Confidence (cosine)"]),
        (["Confidence", "Confidence"], None, ["Confidence"]),
    ],
)
def test_two_columns_of_one_kind(head: list[str], confidence: str | None, unread: list[str]) -> None:
    """Which of two columns is the confidence is not guessed."""
    text = table("tabs", ["Claim", "Verified", *head], ["Cups hold.", "✓", "0.1", "0.2"])
    parsed = read(FRONT + RESULTS + HEADING + text + TAIL)
    assert claimed(parsed) == [("Cups hold.", True, "✓", confidence)]
    assert parsed.unread == tuple(f"column {name!r} of the claims table" for name in unread)


@pytest.mark.parametrize("notice", ["WITHDRAWN by the publisher on 2026-07-01", "RETRACTED"])
def test_notices_above_the_sections(notice: str) -> None:
    """A withdrawal is the header, before any other notice; other lines are named."""
    text = FRONT + f"Draft for owner review\n\n{notice}\n\nSome odd line\n\n" + RESULTS + TAIL
    parsed = read(text)
    assert parsed.manifest["stated"]["header"] == notice
    assert (parsed.manifest["submitted"], parsed.manifest["kind"]) == ("2026-06-13", "draft")
    assert parsed.unread == (
        "line 'Draft for owner review' above the first section",
        "line 'Some odd line' above the first section",
    )


def test_front_matter_is_read_as_fields() -> None:
    """Properties between two rulers at the top are labelled values; unknown ones are named."""
    front = '---\ntitle: "A study"\npublisher: Cup Press\ndate: 2026-06-13T10:00:00Z\nmood: fine\n---\n\n'
    parsed = read(front + RESULTS + TAIL)
    assert (parsed.manifest["title"], parsed.manifest["submitted"]) == ("A study", "2026-06-13")
    assert parsed.manifest["publisher"]["name"] == "Cup Press"
    assert parsed.unread == ("row '| mood | fine |' above the first section",)


@pytest.mark.parametrize("line", ["By Assignee Research", "Published by Assignee Research"])
def test_byline_without_by(line: str) -> None:
    """The publisher's name is read without the word before it, the date of a moment as its day."""
    text = FRONT.replace("Assignee Research", line).replace("June 13, 2026", "2026-06-13T10:00:00Z")
    manifest = read(text + RESULTS + TAIL).manifest
    assert (manifest["publisher"]["name"], manifest["submitted"]) == ("Assignee Research", "2026-06-13")


@pytest.mark.parametrize(
    "line", ["Record SRCH:C157B341", "srch:c157b341", "Record ID: SRCH:C157B341", "# SRCH:C157B341"]
)
def test_record_page_ids(line: str) -> None:
    """The id line is no title, whatever stands before the id."""
    parsed = read(PAGE.format(line))
    assert (parsed.display_id, parsed.manifest["title"]) == ("SRCH:C157B341", "On Cups")
    assert parsed.manifest["publisher"]["name"] == "Assignee Research"


def test_the_row_of_the_publisher_beats_a_byline() -> None:
    """A line below the title is not taken for the publisher that the page names."""
    parsed = read(PAGE.format("SRCH:C157B341").replace("On Cups\n", "On Cups\nJane Doe\n"))
    assert parsed.manifest["publisher"]["name"] == "Assignee Research"
    assert parsed.unread == ("line 'Jane Doe' above the first section",)


@pytest.mark.parametrize(
    ("printed", "decision"),
    [
        ("Panel verdict: REJECT.", "REJECT"),
        ("Verdict: Rejected", "Rejected"),
        ("Tribunal: 4.8/10 → Rejected.", "Rejected"),
        ("Tribunal: 4.8/10 → rejected", "rejected"),
        ("| Decision | Rejected by panel |", "Rejected by panel"),
        ("The panel rejected the report.", "The panel rejected the report"),
        ("This report was rejected by the panel.", "This report was rejected by the panel"),
        ("The panel rejected two papers.", None),
        ("If the panel rejected the report, it would be kept.", None),
        ("Search → filter → read.", None),
    ],
)
def test_decisions(printed: str, decision: str | None) -> None:
    """A decision about the report is read as printed."""
    text = FRONT + RESULTS.replace("8.2/10.", f"8.2/10.\n\n{printed}") + TAIL
    assert read(text).manifest["stated"]["decision"] == decision


@pytest.mark.parametrize(
    ("printed", "cited"),
    [
        ("- http://a.example/1; http://b.example/2", ["url http://a.example/1", "url http://b.example/2"]),
        ("- http://a.example/1\nhttp://b.example/2", ["url http://a.example/1", "url http://b.example/2"]),
        ("[1] Smith. Long\ntitle wraps. arXiv:2601.15305\n[2] Doe.", ["arxiv 2601.15305", "other Doe."]),
        (
            "- <https://arxiv.org/abs/2601.15305v1/../../../redirect?u=//evil>",
            ["url https://arxiv.org/abs/2601.15305v1/../../../redirect?u=//evil"],
        ),
        ("- https://arxiv.org/abs/2601.15305v1?x=1#y", ["arxiv 2601.15305v1"]),
        ("- https://doi.org/10.1000/../../evil", ["url https://doi.org/10.1000/../../evil"]),
        ("- doi:10.1000/../../evil", ["other doi:10.1000/../../evil"]),
    ],
)
def test_references(printed: str, cited: list[str]) -> None:
    """Each work is one source, and an address with more than an identifier is only an address."""
    sources = read(FRONT + RESULTS + f"## References\n\n{printed}\n").manifest["sources"]
    assert [f"{source['kind']} {source['identifier']}" for source in sources] == cited


@pytest.mark.parametrize(
    "printed", ["Quality review score: 82%.", "Review score 82%", "| Review score | 82% |"]
)
def test_a_score_may_be_a_percentage(printed: str) -> None:
    """The sign is the unit of the score."""
    text = FRONT + RESULTS.replace("Quality review score: 8.2/10.", f"\n\n{printed}") + TAIL
    assert read(text).manifest["stated"]["review_score"] == {"text": "82%", "value": 82.0, "unit": "%"}


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("all independently verified", 2),
        ("both independently verified", 2),
        ("100% independently verified", 2),
        ("not all verified", None),
        ("nearly all verified", None),
    ],
)
def test_all_is_a_count_where_the_total_is_stated(printed: str, value: int | None) -> None:
    """The words are kept, the value is the total; without one there is no count."""
    text = FRONT + RESULTS.replace("1 independently verified", printed) + TAIL
    stated = read(text).manifest["stated"]
    assert stated["claims_verified"] == value
    assert [c["text"] for c in stated["counts"] if c["count"] == "claims_verified"] == [printed] * (
        value == 2
    )
    unsaid = read(text.replace("2 claims extracted; ", "")).manifest["stated"]
    assert unsaid["claims_verified"] is None


@pytest.mark.parametrize(
    "heading", ["## Key Claims", "## Table 1: Extracted Claims (2)", "## Claims and verification"]
)
def test_names_of_the_section_of_claims(heading: str) -> None:
    """Claims are found under other names of their section, numbers as printed."""
    text = FRONT + RESULTS + f"{heading}\n\n{TABLES['tabs']}".replace("0.18", "0,10") + TAIL
    assert claimed(read(text))[0] == ("Cups hold.", True, "✓", "0,10")


@pytest.mark.parametrize(
    ("opening", "counted"), [("We found", 0), ("This report is a synthesis. We found", 1)]
)
def test_counts_of_an_abstract_that_is_a_source_s(opening: str, counted: int) -> None:
    """Numbers of an abstract are counts only when it says that it is of this synthesis."""
    abstract = f"## Abstract\n\n{opening} 900 papers. 77 claims extracted.\n\n"
    stated = read(FRONT + abstract + RESULTS + TAIL).manifest["stated"]
    assert [c["value"] for c in stated["counts"]] == [900, 77] * counted + [2, 2, 1]
    assert stated["papers_retrieved"] == 2
