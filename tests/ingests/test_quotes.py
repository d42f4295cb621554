"""Stored texts are whole: each is what the report prints, up to a real end."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon import ingests
from colophon.ingests._text import sentences

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.txt"))
# Texts that quote sentences, cells, lines or paragraphs; the others are names, marks and numbers.
QUOTED = {
    "title", "research_question", "subject", "abstract", "methodology", "method", "review", "reason",
    "tier_basis", "claim", "limitations", "uncertainties", "notes", "headings",
}  # fmt: skip
REPORT = """# On Cups

Cup Press

2031-05-03

## Methodology

{0} {1}

## Results

2 papers retrieved. {1}

## Limitations

{2} {0}

## Extracted Claims

| Claim | Verified |
|---|---|
| {2} | yes |
"""
SENTENCES = [
    "Claims were verified against abstracts by TF-IDF cosine similarity (threshold=0.2).",
    "We checked claims against v1.2 abstracts, e.g. those of Fig. 3 (threshold = 0.30).",
    "Claims verified against full texts (cf. Smith et al. 2020. See also Dr. No) and tables; by hand.",
    "Cosine verification (bigrams, threshold: 0.15) of 3.5 claims vs. approx. two sources.",
    "TF-IDF verification (threshold=0.15, unigrams, top-3 vs. all).",
    "A panel of 3 reviewers scored it at 0.5 or 7.5/10.",
    "Tribunal v2: 2-role review (SKEPTIC and VALIDATOR) with revision round if score < 6.5.",
    "Recall@5 of 75.9% etc. is no. 1 of the U.S. list (see Sec. 4.2).",
]


def texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            # A claim's text is quoted; a source's title may stand within a reference.
            known = {"claims text": "claim", "sources title": "source title"}
            yield from texts(member, known.get(f"{key} {name}", name))
    elif isinstance(value, list):
        for member in value:
            yield from texts(member, key)
    elif isinstance(value, str):
        yield key, value


def flat(text: str) -> str:
    return " ".join(re.sub(r"\\([\\_*#|~`$%&+!<>\[\]-])", r"\1", text).split())


def check(report: str) -> None:
    form = ingests.recognise(report)
    assert form is not None
    parsed = form.parse(report)
    lines = (re.sub(r"^\s{0,3}#{1,6}\s|#+$", "", line) for line in report.splitlines())
    printed = flat("\n".join(re.sub(r"\t|(?<=\S)\s{3,}(?=\S)", " | ", line) for line in lines))
    for key, text in texts([parsed.manifest, parsed.provenance]):
        if key in QUOTED:
            for part in map(flat, text.strip("*_").split("\n\n")):
                assert part in printed, (key, part)
                ends = [m.end() for m in re.finditer(re.escape(part), printed)]
                assert any(is_end(report, printed, part, end) for end in ends), (key, part)


def is_end(report: str, printed: str, part: str, end: int) -> bool:
    """Whether a text ends a sentence, or a mark, or a line of the report stands behind it."""
    if part[-1] in ".!?" or printed[end : end + 1] in ("", "|", ";", ".", "?"):
        return part[-1] not in ".!?" or printed[end : end + 1] in ("", " ", ".", "*", "_")
    if printed[end : end + 2] in (" |", " (", "**") or re.match(r" [×✓]", printed[end:]):
        return True
    return any(flat(line).lstrip("#*_ ").rstrip("*_ ").endswith(part[-40:]) for line in report.splitlines())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_stored_texts_of_examples_are_whole(path: Path) -> None:
    """Every text read from an example is a stretch of it that ends at a real end."""
    if "exotic" not in path.stem:
        check(path.read_bytes().decode().replace("\r", "\n"))


@given(st.permutations(SENTENCES))
@settings(max_examples=60)
def test_stored_texts_are_whole(order: list[str]) -> None:
    """Decimals, abbreviations and brackets cut no text."""
    check(REPORT.format(*order))


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6))
def test_sentences_are_told_apart(listed: list[str]) -> None:
    """Joined sentences are taken apart into the same ones."""
    assert sentences(" ".join(listed)) == listed


@pytest.mark.parametrize(
    ("sentence", "method", "threshold"),
    [
        (SENTENCES[0], SENTENCES[0][len("Claims were ") : -1], "0.2"),
        ("We checked claims against abstracts (threshold = 0.30).", None, "0.30"),
        ("Claims with similarity above 0.30 count as verified.", None, "0.30"),
        ("Claims were verified with a cut-off 0.3.", None, "0.3"),
        ("TF-IDF verification (bigrams, threshold=.15).", "TF-IDF verification", ".15"),
        ("Papers with relevance above 0.5 were kept and claims verified with threshold 0.2.", None, "0.2"),
        ("Papers below a relevance threshold of 0.5 were dropped before claims were read.", None, None),
        ("A revision round is held if the score of claims is below 6.5.", None, None),
    ],
)
def test_thresholds(sentence: str, method: str | None, threshold: str | None) -> None:
    """The threshold for claims is read with its number, that of something else is not."""
    text = REPORT.format(sentence, "Nothing.", "Nothing.")
    form = ingests.recognise(text)
    assert form is not None
    found = form.parse(text).provenance["verification"] or {"method": None, "threshold": None}
    assert (found["threshold"] or {}).get("text") == threshold
    assert method is None or found["method"] == method


def test_a_panel_may_be_stated_without_name_and_roles() -> None:
    """A panel without name and roles is stated; the sentence is kept."""
    text = REPORT.format("A panel of 3 reviewers scored it.", "Nothing.", "Nothing.")
    form = ingests.recognise(text)
    assert form is not None
    made = form.parse(text).provenance
    assert made["panel"] == dict.fromkeys(("name", "roles", "revise_below", "rounds"))
    assert made["review"] == "A panel of 3 reviewers scored it."


def test_what_is_not_read_is_named() -> None:
    """Unknown columns, marks, lines, dates and sections are named; known ones under other names are read."""
    table = (
        "| # | Statement | Supported | Score | Reviewer note |\n|-|-|-|-|-|\n"
        "| 1 | Cups hold. | yes | 0.3 | ok |\n"
        "| 2 | Cups break. | partial | 0.1 | |\n\nOnly two of nine are shown.\n\n## Appendix\n\nMore.\n"
    )
    report = (
        REPORT.format("Nothing.", "Nothing.", "Nothing.")
        .split("| Claim")[0]
        .replace("2031-05-03", "03/04/2031")
    )
    form = ingests.recognise(report + table)
    assert form is not None
    parsed = form.parse(report + table)
    claims = [(claim["text"], *claim["stated"].values()) for claim in parsed.manifest["claims"]]
    assert claims == [("Cups hold.", True, "yes", "0.3"), ("Cups break.", None, "partial", "0.1")]
    assert parsed.manifest["submitted"] is None
    assert parsed.unread == (
        "date '03/04/2031'",
        "column 'Reviewer note' of the claims table",
        "line 'Only two of nine are shown.' beside the claims table",
        "mark 'partial' of 1 of the claims",
        "section 'Appendix'",
    )


@pytest.mark.parametrize(
    "printed",
    ["13 June 2026", "June 13th, 2026", "2026/06/13", "13.06.2026", "Saturday, June 13, 2026", "13/06/2026"],
)
def test_dates(printed: str) -> None:
    """A date is read in any print that leaves no doubt, also beside the publisher."""
    report = REPORT.format("Nothing.", "Nothing.", "Nothing.")
    for text in (
        report.replace("2031-05-03", printed),
        report.replace("Press\n\n2031-05-03", f"Press | {printed}"),
    ):
        form = ingests.recognise(text)
        assert form is not None
        manifest = form.parse(text).manifest
        assert (manifest["submitted"], manifest["publisher"]["name"]) == ("2026-06-13", "Cup Press")


@pytest.mark.parametrize(
    ("printed", "counts"),
    [
        ("Twenty-eight claims were extracted.", [28]),
        ("24/28 claims were verified.", [24]),
        ("None of the papers retrieved helped. No fewer than 12 papers were retrieved.", [12]),
        (
            "One hundred and six papers were retrieved. 10–12 papers were found. 3 million papers retrieved.",
            [],
        ),
    ],
)
def test_counts(printed: str, counts: list[int]) -> None:
    """Numbers are read whole or not at all."""
    text = REPORT.format("Nothing.", "Nothing.", "Nothing.").replace("2 papers retrieved. Nothing.", printed)
    form = ingests.recognise(text + "\nClaims extracted: see above. 0 claims extracted.\n")
    assert form is not None
    found = json.loads(json.dumps(form.parse(text).manifest["stated"]["counts"]))
    assert [entry["value"] for entry in found] == counts
