"""The page of one paper: what it says, what hostile text cannot do, and how large it may grow."""

import os
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest

from colophon import frame, schema
from colophon.frame import Frame
from colophon.model import Artifact, Page, Severity
from colophon.pages.badge import badge
from colophon.pages.paper import paper
from colophon.pages.record_json import published_record, record_json
from colophon.views import RecordView

GOLDEN = Path(__file__).with_name("golden.html")
LIMIT = 40_000
VOID = {"meta", "link", "input", "br", "img", "wbr"}
ATTRIBUTES = {
    "a": {
        "href",
        "class",
        "rel",
        "aria-current",
        "data-old",
        "data-reason",
        "data-event",
        "data-main-form",
        "data-last",
    },
    "script": {"type"},
    "meta": {"name", "content"},
    "link": {"rel", "href", "type", "title"},
}
ANYWHERE = {
    "class", "id", "aria-label", "aria-labelledby", "aria-current", "data-label", "data-copy", "data-tier",
    "data-tier-inputs",
    "data-sortable", "role", "datetime", "hidden", "type", "scope", "colspan",
}  # fmt: skip


class Reader(HTMLParser):
    """What a browser would see of a page: elements with their attributes, text, unclosed elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Every element ends where its innermost open one is."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text, that of scripts apart."""
        (self.scripts if self.open and self.open[-1] == "script" else self.texts).append(data)

    def ids(self) -> list[str]:
        """Return every id in order."""
        return [found for _, attributes in self.elements if (found := attributes.get("id"))]


def pages(view: RecordView) -> dict[str, Page]:
    """Return the pages of a record by path."""
    return {output.path: output for output in paper(view) if isinstance(output, Page)}


def main_page(view: RecordView) -> Page:
    """Return the page of the record itself."""
    return pages(view)[f"papers/{view.record.id}.html"]


def next_page(page: Page) -> str | None:
    """Return the file name of the page on which the claims continue."""
    links = [a for tag, a in Reader(page.body).elements if tag == "a"]
    first = [a["href"] for a in links if re.fullmatch("[0-9a-f-]{36}/claims-2.html", a.get("href") or "")]
    later = [a["href"] for a in links if a.get("rel") == "next"]
    return next((str(href).rpartition("/")[2] for href in (*first, *later)), None)


@pytest.fixture(scope="module")
def site_frame(tmp_path_factory: pytest.TempPathFactory, hostile: RecordView) -> Frame:
    """The frame as a build uses it."""
    return frame.render(tmp_path_factory.mktemp("work"), hostile.settings, use_cache=False).frame


def test_golden(make_view: Any, make_finding: Any, make_event: Any) -> None:
    """The whole page of one record.  ``REGENERATE=1 pytest`` writes it anew; the diff is for a reviewer."""
    counts = "states 28 extracted claims, the record lists 2"
    findings = (
        make_finding("C101", counts, Severity.ERROR, "/stated/claims_extracted"),
        make_finding("X101", 'ends with "synthesis"', Severity.WARNING),
        make_finding("X101", 'ends on "in"', Severity.WARNING, "/claims/1/text"),
    )
    events = (make_event(1, "The date was read wrongly.", evidence=("https://a.example/?x=1&y",)),)
    page = main_page(make_view(findings=findings, events=events))
    text = f"{page.head}{page.body}"
    if os.environ.get("REGENERATE"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_hostile_text_stays_text(hostile: RecordView, site_frame: Frame) -> None:
    """No text of a record becomes an element, an attribute, a token of the frame or an unsafe link."""
    for page in pages(hostile).values():
        reader = Reader(f"{page.head}{page.body}")
        assert reader.open == []
        for tag, attributes in reader.elements:
            assert set(attributes) <= ATTRIBUTES.get(tag, set()) | ANYWHERE, (tag, attributes)
            href = attributes.get("href") or ""
            assert not re.match(r"\s*(?!https:)[a-z]+:", href, re.IGNORECASE), href
        is_main = page.path.count("/") == 1
        scripts = [a for tag, a in reader.elements if tag == "script"]
        assert scripts == ([{"type": "application/ld+json"}] if is_main else [])
        assert "alert(1)" in "".join(reader.texts)
        poured = site_frame.pour(page, "x").decode()
        assert poured.count("<main") == 1
        assert "@@content@@" in poured


def test_json_ld_cannot_be_left(hostile: RecordView) -> None:
    """The JSON-LD is one whole document, and says that a machine made the work and what it is worth."""
    reader = Reader(main_page(hostile).head)
    document = orjson.loads("".join(reader.scripts))
    assert "<script>" in document["name"]
    assert document["digitalSourceType"].endswith("TrainedAlgorithmicMediaDigitalSource")
    assert "UNSAFE" in document["creativeWorkStatus"] or "WITHHELD" in document["creativeWorkStatus"]
    assert re.search("[<>&]", "".join(reader.scripts)) is None


def test_no_page_passes_40_kb(largest: RecordView, site_frame: Frame) -> None:
    """The largest record there can be fills many pages, none of them too large, and loses no row."""
    found = pages(largest)
    for path, page in found.items():
        assert len(site_frame.pour(page, largest.settings.name)) < LIMIT, path
        assert Reader(f"{page.head}{page.body}").open == []
    ids = Counter(name for page in found.values() for name in Reader(page.body).ids())
    rows = {name: number for name, number in ids.items() if re.fullmatch("[cs][0-9]+", name)}
    assert len(rows) == 80
    assert set(rows.values()) == {1}


def test_many_short_rows(make_view: Callable[..., RecordView], make_example: Any, site_frame: Frame) -> None:
    """Five thousand short claims continue page by page, each page linked with the next."""
    manifest = make_example("paper-manifest", "v1.1")
    manifest["claims"] = [{**manifest["claims"][1], "id": f"c{n:03d}"} for n in range(1, 5001)]
    view = make_view(manifest)
    found = pages(view)
    folder = f"papers/{view.record.id}"
    chain = [f"{folder}.html"]
    while following := next_page(found[chain[-1]]):
        chain.append(f"{folder}/{following}")
    assert len(chain) == 1 + sum("claims-" in path for path in found)
    ids = [i for path in chain for i in Reader(found[path].body).ids() if i[1:].isdigit() and i[0] == "c"]
    assert ids == [f"c{n:03d}" for n in range(1, 5001)]
    assert all(len(site_frame.pour(page, "x")) < LIMIT for page in found.values())


def test_outline(make_view: Callable[..., RecordView], hostile: RecordView, largest: RecordView) -> None:
    """One h1, no level is skipped, ids are unique, every link within the page has its target."""
    for view in (make_view(), hostile, largest):
        for page in pages(view).values():
            reader = Reader(page.body)
            levels = [int(tag[1]) for tag, _ in reader.elements if re.fullmatch("h[1-6]", tag)]
            assert levels[0] == 1
            assert levels.count(1) == 1
            assert all(after <= before + 1 for before, after in pairwise(levels))
            ids = reader.ids()
            assert len(ids) == len(set(ids))
            targets = {h[1:] for _, a in reader.elements if (h := a.get("href") or "").startswith("#")}
            labels = {i for _, a in reader.elements for i in (a.get("aria-labelledby") or "").split()}
            assert targets | labels <= set(ids)
            assert not any("style" in attributes for _, attributes in reader.elements)


@pytest.mark.parametrize("name", ["shows-nothing", "empty-lists", "other-scripts", "shows-everything"])
@pytest.mark.parametrize("version", ["v1", "v1.1"])
def test_every_example(make_view: Any, make_example: Any, version: str, name: str) -> None:
    """Every valid example has a page, valid JSON and a badge."""
    view = make_view(make_example("paper-manifest", version, name))
    body = main_page(view).body
    assert Reader(body).open == []
    assert ("older contract could not say" in body) == (version == "v1")
    assert not schema.faults("published-record-v2", published_record(view))


def test_a_finding_and_its_claim_point_at_each_other(make_view: Any, make_finding: Any) -> None:
    """A finding below a claim names it and links its row; the row says which rule found something."""
    found = make_finding("X101", 'ends on "in"', Severity.WARNING, "/claims/1/text")
    beyond = make_finding("X101", "no such claim", Severity.WARNING, "/claims/99/text")
    body = main_page(make_view(findings=(found, beyond))).body
    assert '<a href="#c002">Claim c002</a>, at <code>/claims/1/text</code>' in body
    assert "Claim c002: ends on" in body
    assert body.count('<tr id="c002" class="flagged flagged--warning">') == body.count("flagged--") == 1


def test_a_finding_reaches_a_claim_on_another_page(
    make_view: Any, make_example: Any, make_finding: Any
) -> None:
    """Where the claims go on elsewhere, the finding points at the list of claims."""
    manifest = make_example("paper-manifest", "v1.1")
    manifest["claims"] = [{**manifest["claims"][1], "id": f"c{n:03d}"} for n in range(1, 501)]
    view = make_view(manifest, findings=(make_finding("X101", "cut", Severity.WARNING, "/claims/450/text"),))
    assert f'<a href="../papers/{view.record.id}.html#claims">Claim c451</a>' in main_page(view).body
    rows = [page.path for page in pages(view).values() if 'id="c451" class="flagged' in page.body]
    assert len(rows) == 1


def test_rules_stand_by_what_they_found(make_view: Any) -> None:
    """Each rule that was run stands once, with the places that it looked at, below what came of it."""
    view = make_view()
    outcomes = (("C101", 2, 2, 0), ("K101", 6, 4, 1), ("P102", 6, 2, 0), ("X101", 3, 0, 0), ("X102", 0, 0, 0))
    body = main_page(replace(view, judged=replace(view.judged, outcomes=outcomes))).body
    said = dict(re.findall(r"<dt>((?:Found|Could|Nothing) [a-z ]+)</dt><dd>([^<]*)</dd>", body))
    assert said == {
        "Found something": "K101 flag-without-weight (1 in 4 of 6)",
        "Found nothing": "C101 counts-disagree (2), P102 placeholder-text (2 of 6)",
        "Could check nothing": "X101 text-cut (0 of 3)",
        "Nothing to look at": "X102 quoted-field-differs",
    }


def test_publisher_tiers_only_where_stated(make_view: Any, make_example: Any) -> None:
    """Without tier and score there is nothing to recompute; the rules are named by their vocabulary."""
    nothing = main_page(make_view(make_example("paper-manifest", "v1.1", "shows-nothing"))).body
    assert 'id="publisher-tier"' not in nothing
    assert "By the published rules of quality-tiers-v1" in main_page(make_view()).body


def test_unchecked_says_what_a_better_tier_needs(make_view: Any, make_finding: Any) -> None:
    """A paper without an error says why it stands no higher."""
    assert "A paper can reach a better tier only where the text" in main_page(make_view()).body
    unsafe = main_page(make_view(findings=(make_finding("C101", "wrong"),))).body
    assert "A paper can reach" not in unsafe


def test_not_shown_is_not_empty(make_view: Any, make_example: Any) -> None:
    """A list that the report does not show and an empty list are said apart."""
    nothing = main_page(make_view(make_example("paper-manifest", "v1.1", "shows-nothing"))).body
    empty = main_page(make_view(make_example("paper-manifest", "v1.1", "empty-lists"))).body
    assert 'id="claims">Claims</h2>\n<p class="muted">not shown</p>' in nothing
    assert "empty list of claims" in empty


def assert_json_is_valid(view: RecordView) -> None:
    """The JSON and each of its parts obey their contracts and keep the contract's order of keys."""
    (artifact,) = record_json(view)
    assert isinstance(artifact, Artifact)
    document = orjson.loads(artifact.body)
    assert schema.faults("published-record-v2", document) == ()
    assert list(document) == list(schema.load("published-record-v2")["properties"])
    for part in document.values():
        for one in part if isinstance(part, list) else [part]:
            if isinstance(one, dict) and "contract_version" in one:
                assert schema.faults(one["contract_version"], one) == ()
                assert list(schema.ordered(one["contract_version"], one)) == list(one)
    assert len(document["verdicts"]) == len(document["record"]["claims"])


def test_json_parts_are_valid(make_view: Any, hostile: RecordView) -> None:
    """A plain and a hostile record."""
    assert_json_is_valid(make_view())
    assert_json_is_valid(hostile)


def test_largest_json_is_valid(largest: RecordView) -> None:
    """The largest record; its BibTeX, with 16 characters for a backslash, has 64,000 of them."""
    assert_json_is_valid(largest)


def test_badge(hostile: RecordView, make_view: Any, make_finding: Any) -> None:
    """The badge is well-formed, has a title and no script, and says a retraction."""
    (artifact,) = badge(make_view(findings=(make_finding("C101", "wrong"),)))
    assert isinstance(artifact, Artifact)
    root = ET.fromstring(artifact.body)
    assert root[0].text == "colophon | UNSAFE because C101"
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags == {"svg", "title", "rect", "path", "g", "text"}
    (of_hostile,) = badge(hostile)
    assert isinstance(of_hostile, Artifact)
    assert ET.fromstring(of_hostile.body)[0].text.count("|") == 1
