"""The parts of the list pages that can be judged without a page."""

import re
from dataclasses import replace
from typing import Any

import orjson
import pytest

from colophon.claim_facts import ClaimFacts
from colophon.contracts.quality_tiers import PublisherTierVocabulary
from colophon.evidence import InHand
from colophon.model import Artifact, Page
from colophon.pages._fields import changes, groups
from colophon.pages._figures import found_by_rule
from colophon.pages._finding_views import by_tier, confidence, most, steps_by_verdict
from colophon.pages._lists import parts
from colophon.pages._places import in_words
from colophon.pages.contracts import before, in_order
from colophon.pages.rules_index import first_sentence
from colophon.pages.search_index import search_index
from colophon.pages.sources import (
    Source,
    by_source,
    resting,
    sources,
    without_version,
)
from colophon.pages.tiers import inputs, published_rule, spans
from colophon.rules.vocabularies import vocabularies_of

from .fabricated import judged, settings, small, view

NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?)(%?)")
# "No open conflict" and "every claim" are words.
IN_WORDS = ("open_conflicts", "located_share")


def published() -> PublisherTierVocabulary:
    """The publisher's tiers as released."""
    return vocabularies_of(settings().vocabularies).publisher_tiers


def test_an_empty_list_is_one_page() -> None:
    """A list without rows still has its page."""
    [part] = parts("papers/undated", [])
    assert (part.path, part.count, part.of, part.before, part.after) == ("papers/undated.html", 0, 1, "", "")


def test_a_page_is_closed_by_bytes_or_by_rows() -> None:
    """Large rows close a page early; small ones after the fixed number."""
    assert [part.count for part in parts("x", ["r" * 9_000] * 7)] == [3, 3, 1]
    assert [part.count for part in parts("x", ["r"] * 120)] == [50, 50, 20]


def test_rows_are_kept_in_order() -> None:
    """Nothing is lost or moved between pages."""
    rows = [f"{number}," for number in range(321)]
    assert "\n".join(part.rows for part in parts("x", rows)) == "\n".join(rows)


@pytest.mark.parametrize(
    ("kind", "identifier", "expected"),
    [
        ("arxiv", "2601.15305v12", "2601.15305"),
        ("arxiv", "hep-th/9901001v2", "hep-th/9901001"),
        ("arxiv", "arXiv:2601.15305v1", "2601.15305"),
        ("doi", "https://doi.org/10.1000/ABC", "10.1000/abc"),
        ("doi", "10.1000/ABCv2", "10.1000/abcv2"),
        ("url", "https://example.org/Av1", "https://example.org/Av1"),
    ],
)
def test_versions(kind: str, identifier: str, expected: str) -> None:
    """Only arXiv identifiers bear a version; addresses keep their letters."""
    assert without_version(kind, identifier) == expected


def test_source_paths_differ_where_sources_do() -> None:
    """Letters' case, length and escapes never give two sources one path, nor one too long."""
    names = ["https://e.org/a", "https://e.org/A", "x" * 500, "x" * 499 + "y", "a_2f_b", "a/b"]
    paths = [Source("url", name, ()).base for name in names]
    assert len(set(paths)) == len(names)
    assert all(len(path) < 160 for path in paths)


@pytest.mark.parametrize(
    ("kind", "identifier", "href"),
    [
        ("arxiv", "2601.15305", "https://arxiv.org/abs/2601.15305"),
        ("doi", "10.1000/a b", ""),
        ("url", "javascript:alert(1)", ""),
        ("other", "//evil.example", ""),
    ],
)
def test_only_safe_addresses_are_linked(kind: str, identifier: str, href: str) -> None:
    """A source without a safe address stays text."""
    assert Source(kind, identifier, ()).href == href


def test_a_paper_counts_once_per_source() -> None:
    """Two versions of one source in one paper are one citation."""
    item = judged(1, "UNSAFE", sources=(("arxiv", "2601.15305v1"), ("arxiv", "2601.15305v2")))
    [source] = by_source([item])
    assert source.papers == (item,)


def test_the_most_cited_source_is_first() -> None:
    """Sources are in order of citations, then of kind and identifier."""
    found = [(source.identifier, len(source.papers)) for source in by_source(small().listed)]
    assert found == [("2601.15305", 6), ("10.1000/abc", 1), ("javascript:alert(1)", 1)]


def test_overlap_and_gap_of_the_published_tiers() -> None:
    """The spans are those that the published rules give by hand."""
    columns = inputs(published())
    assert [column.label for column in columns] == [
        "no verified claim", "1 verified claim", "5 verified claims, reproducibility HIGH",
    ]  # fmt: skip
    found = [(span.scores, span.holding[0], span.holding[2]) for span in spans(published(), columns)]
    low, high = ("Watchlist", "Quarantine candidate"), ("Public record", "Watchlist")
    assert found == [
        ("0 to below 5", low, low),
        ("5 to 7.49", high, high),
        ("above 7.49 to below 7.5", ("Public record",), ("Public record",)),
        ("7.5 to below 8.5", ("Public record",), ("DOI grade", "Public record")),
        ("8.5 to 10", ("Public record",), ("Flagship candidate", "DOI grade", "Public record")),
    ]


def test_rules_name_their_thresholds() -> None:
    """The rule of each tier names every number that its thresholds hold, and no other."""
    for tier in settings().vocabularies["quality-tiers-v2"]["tiers"]:
        numbers = {float(number) / (100 if sign else 1) for number, sign in NUMBER.findall(tier["rule"])}
        asked = {float(v) for name, v in tier["thresholds"].items() if name not in IN_WORDS}
        assert (numbers == asked) or not tier["thresholds"], tier["name"]


def test_published_rules_in_words() -> None:
    """Every score that a publisher's rule names stands with its scale."""
    typed = published()
    assert [published_rule(tier.rule, typed.scale.maximum) for tier in typed.tiers] == [
        "Score at least 8.5 of 10, at least 5 verified claims, reproducibility HIGH",
        "Score at least 7.5 of 10, at least 1 verified claim",
        "Score at least 5 of 10",
        "Score at most 7.49 of 10",
        "Score below 5 of 10",
    ]


def test_search_knows_tiers_and_overviews() -> None:
    """A tier is found by its name, at its place on the page of tiers; so are the overviews."""
    [artifact] = search_index(small())
    assert isinstance(artifact, Artifact)
    docs = orjson.loads(artifact.body.removeprefix(b"window.colophonSearch = ").removesuffix(b";\n"))["docs"]
    titles = {doc["u"]: doc["t"] for doc in docs}
    assert titles["tiers.html#grounded"] == "Tiers: Grounded"
    assert {"tiers.html", "findings.html", "sources.html", "schemas.html"} <= titles.keys()


@pytest.mark.parametrize(
    ("pointer", "words"),
    [
        ("", ""),
        ("/title", "Title"),
        ("/claims/2/text", "Claim c003"),
        ("/claims/999/stated/verified", "Claim c1000"),
        ("/claims", "List of claims"),
        ("/stated/claims_extracted", "Stated count of extracted claims"),
        ("/stated/gate/unknown", "Stated gate"),
        ("/verification/threshold", "Verification threshold"),
        ("/verification/method", "Verification method"),
        ("/headings/3", "Heading 4"),
        ("/sources/0/identifier", "Source 1"),
        ("/extensions/claims/2", ""),
    ],
)
def test_places_in_words(pointer: str, words: str) -> None:
    """A pointer has the words of its field, or of the nearest one above that has any."""
    assert in_words(pointer) == words


def test_versions_of_a_contract_are_in_order() -> None:
    """v1.1 follows v1, and v10 follows v9."""
    assert in_order(["a-v10", "a-v9", "a-v1.1", "a-v1"]) == ["a-v1", "a-v1.1", "a-v9", "a-v10"]
    assert before("paper-manifest-v1.1") == "paper-manifest-v1"
    assert before("paper-manifest-v1") is None


def test_fields_and_changes() -> None:
    """A schema reads as a flat list; two of them compare by path."""
    old = {"required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}
    new = {
        "required": ["b"],
        "properties": {
            "b": {"type": "integer"},
            "a": {"type": ["string", "null"]},
            "c": {"type": "array", "items": {"$ref": "#/$defs/c"}},
        },
        "$defs": {"c": {"type": "object", "properties": {"d": {"enum": ["x", None]}}}},
    }
    assert [(field.path, field.kind) for field in groups(new)[0].fields] == [
        ("/b", "whole number"), ("/a", "text or null"), ("/c", "list of object"),
        ("/c/*/d", "one of x, null"),
    ]  # fmt: skip
    assert [(change.path, change.text) for change in changes(old, new)] == [
        ("/a", "no longer required"), ("/a", "was text, is text or null"), ("/b", "now required"),
        ("/c", "added"), ("/c/*/d", "added"),
    ]  # fmt: skip


def test_first_sentence() -> None:
    """The first sentence of a rule's prose, without marks."""
    assert first_sentence("A `key` is\ntwice. More.") == "A key is twice."
    assert first_sentence("Only one") == "Only one"


def source_of(*, sources: int = 1, in_hand: InHand | None = None, **values: object) -> Source:
    """The first source of one paper with claim facts."""
    known = ClaimFacts(in_hand=(in_hand,) * sources if in_hand else (), **values)  # type: ignore[arg-type]
    cited = tuple(("arxiv", f"2601.15305v{n + 1}") for n in range(sources))
    [found] = by_source([judged(1, "UNSAFE", sources=cited, evidence=known)])
    return found


@pytest.mark.parametrize(
    ("values", "claims", "words"),
    [
        ({}, None, "3 claims, not looked up"),
        ({"is_grounded": True}, 0, "0 of 3 claims"),
        ({"is_grounded": True, "resting": (2,)}, 2, "2 of 3 claims"),
        ({"is_grounded": True, "resting": (1, 1), "sources": 2}, 2, "2 of 3 claims"),
        # A person's check says where a claim stands, though nothing was looked up.
        ({"resting": (1,)}, 1, "1 of 3 claims"),
        ({"resting": (0,)}, None, "3 claims, not looked up"),
    ],
)
def test_claims_that_rest_on_a_source(values: dict[str, Any], claims: int | None, words: str) -> None:
    """Versions are counted together; a claim that nobody looked up is not one that was not found."""
    source = source_of(**values)
    assert source.claims == (claims,)
    assert resting(claims, 3) == words
    assert resting(claims, None) == "claims not shown"


def test_a_source_with_a_page_as_a_work_leads_to_it() -> None:
    """The link stands where the page is made, and only there."""
    path = "works/arxiv-2601.15305.html"
    [plain] = [page.body for page in sources(replace(small(), works=())) if isinstance(page, Page)]
    [linked] = [page.body for page in sources(small()) if isinstance(page, Page)]
    assert path not in plain
    assert linked.count(path) == 1


def test_confidences_are_added_step_by_step() -> None:
    """Over all papers, by verdict; the threshold of 0.15 parts them exactly."""
    one, two = (ClaimFacts(stated=(("located", (1, 0, 2, 3)),)), ClaimFacts(stated=(("located", (0, 5)),)))
    listed = [judged(1, "UNSAFE", evidence=one), judged(2, "UNSAFE", evidence=two)]
    assert steps_by_verdict(listed) == {"located": [1, 5, 2, 3, *[0] * 16]}
    body = confidence(view(tuple(listed))).body
    rows = re.findall(r'<th scope="row">(.*?)</th><td class="number">(\d+)</td>', body)
    assert rows == [
        ("below 0.15", "8"), ("0.15 or more", "3"), ("0.00 to 0.05", "1"), ("0.05 to 0.10", "5"),
        ("0.10 to 0.15", "2"), ("0.15 to 0.20", "3"),
    ]  # fmt: skip


def test_papers_with_most_findings_come_first() -> None:
    """By number, then by errors, then the newest; papers without a finding are left out."""
    body = most(small()).body
    assert re.findall(r"papers/(\d{8})-[0-9a-f-]+\.html#findings", body) == [
        "00000002",
        "00000009",
        "00000006",
    ]


def test_rules_are_counted_by_tier() -> None:
    """A paper counts once per rule, in the column of its tier; the numbers add up to the rule's papers."""
    [page] = by_tier(small(), found_by_rule(small()))
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', page.body)
    cells = [re.findall(r'class="number">(?:<a [^>]*>)?(\d+)', row) for row in rows]
    assert all(int(row[-1]) == sum(map(int, row[:-1])) for row in cells)
    # Unsafe, grounded, mostly grounded, located, unchecked, all.
    assert cells == [["2", "0", "0", "0", "0", "2"], ["1", "0", "0", "0", "1", "2"]]
