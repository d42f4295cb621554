"""The pages and files of a whole registry: golden ones for a small registry, and limits for a large one."""

import os
import posixpath
import re
import xml.etree.ElementTree as ET
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import orjson
import pytest

from colophon import schema
from colophon.model import Artifact, Page
from colophon.pages import KINDS, Output
from colophon.pages._stated_scores import of_model
from colophon.views import RegistryView

from ..unit.pages.fabricated import HOSTILE, charted, large, scored, small, view, work

FOLDER = Path(__file__).parent
GOLDEN = (
    "home",
    "papers",
    "tiers",
    "withheld",
    "findings",
    "sources",
    "rules_index",
    "feed",
    "data",
    "corrections_log",
    "corrections_feed",
    "calibration",
    "works",
    "benchmarks",
    "experiments",
)
EVERY = (*GOLDEN, "contracts", "search_index")
ATOM = "{http://www.w3.org/2005/Atom}"
FRAME = 8_192
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def outputs(kind: str, of: RegistryView) -> list[Output]:
    """Everything that one kind of page makes of a registry."""
    function = KINDS.all()[kind].of_registry
    assert function is not None
    return list(function(of))


def text(output: Output) -> str:
    """The text of a page or file."""
    return output.body if isinstance(output, Page) else output.body.decode()


class Shape(HTMLParser):
    """What the tests ask of a page: headings, ids, links, attributes, and whether every element is closed."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.elements: set[str] = set()
        self.feed(body)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what an element's start says."""
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be this one."""
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def crowd() -> dict[str, list[Output]]:
    """Everything made of 500 records with the longest texts."""
    registry = large()
    return {kind: outputs(kind, registry) for kind in EVERY}


@pytest.mark.parametrize("kind", GOLDEN)
def test_golden(kind: str) -> None:
    """Pages and files of a small registry equal the golden ones; REGENERATE=1 writes them anew."""
    made = {f"{kind}/{output.path}": text(output) for output in outputs(kind, small())}
    for path, body in made.items():
        file = FOLDER / path
        if os.environ.get("REGENERATE"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(body, encoding="utf-8")
        assert body == file.read_text(encoding="utf-8"), path
    held = {file.relative_to(FOLDER).as_posix() for file in (FOLDER / kind).rglob("*") if file.is_file()}
    assert held == made.keys()


@pytest.mark.parametrize("name", ["by-tier", "most", "confidence"])
def test_golden_charts(name: str) -> None:
    """Views of findings over enough papers have charts, and equal the golden ones."""
    [body] = [text(page) for page in outputs("findings", charted()) if page.path == f"findings/{name}.html"]
    file = FOLDER / "findings_charts" / f"{name}.html"
    if os.environ.get("REGENERATE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body, encoding="utf-8")
    assert body == file.read_text(encoding="utf-8")
    assert "<svg role" in body


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("registry", [small(), charted(), view(())], ids=["small", "charted", "empty"])
def test_shape(kind: str, registry: RegistryView) -> None:
    """Each page has one h1, headings in order, ids once, no style, and every element closed."""
    for page in outputs(kind, registry):
        if not isinstance(page, Page):
            continue
        shape = Shape(page.body)
        assert shape.headings.count(1) == 1, page.path
        assert all(b <= a + 1 for a, b in zip([0, *shape.headings], shape.headings, strict=False)), page.path
        assert max(Counter(shape.ids).values(), default=1) == 1, page.path
        assert not {"style", "onclick", "onerror"} & shape.attributes, page.path
        assert page.title, page.path
        assert page.description, page.path


@pytest.mark.parametrize("kind", EVERY)
def test_hostile_text_stays_text(kind: str) -> None:
    """No record's text becomes an element or an address."""
    for page in outputs(kind, small()):
        if isinstance(page, Page):
            shape = Shape(page.body)
            assert not {"script", "b", "title"} & shape.elements, page.path
            assert not any(link.startswith("javascript") for link in shape.links), page.path


@pytest.mark.parametrize("kind", EVERY)
def test_links_lead_somewhere(kind: str, crowd: dict[str, list[Output]]) -> None:
    """Each relative link of a list leads to something that is made, or to a record, a rule or prose."""
    made = {output.path for group in crowd.values() for output in group}
    known = re.compile(
        r"papers/[0-9a-f-]{36}\.(html|json)|papers/[0-9a-f-]{36}/\d{4}-\d\d-\d\d-[0-9a-f]{12}\.html|corrections\.html|rules/[a-z]\d{3}-[a-z-]+\.html|quality-guide\.html|running-experiments\.html|index\.json"
    )
    for page in crowd[kind]:
        if isinstance(page, Page):
            folder = page.path.rpartition("/")[0]
            for link in Shape(page.body).links:
                if link.startswith(("https://", "#")):
                    continue
                target = posixpath.normpath(f"{folder}/{link.partition('#')[0]}").lstrip("/")
                assert target in made or known.fullmatch(target), (page.path, link)


@pytest.mark.parametrize("kind", EVERY)
def test_no_page_is_large(kind: str, crowd: dict[str, list[Output]]) -> None:
    """No page with its frame passes 40 KB, and no path is too long for a file system."""
    for output in crowd[kind]:
        assert len(output.path.rpartition("/")[2]) <= 200, output.path
        if isinstance(output, Page):
            assert len(output.body.encode()) + FRAME <= 40_960, (output.path, len(output.body.encode()))


def test_paths_are_made_once(crowd: dict[str, list[Output]]) -> None:
    """No two outputs have one path."""
    paths = Counter(output.path for group in crowd.values() for output in group)
    assert max(paths.values()) == 1


def test_every_listed_paper_stands_in_one_month(crowd: dict[str, list[Output]]) -> None:
    """The months' lists hold every listed paper exactly once and no withheld one."""
    registry = large()
    bodies = [text(page) for page in crowd["papers"] if page.path.startswith("papers/")]
    linked = Counter(link for body in bodies for link in re.findall(r"papers/([0-9a-f-]{36})\.html", body))
    assert linked == Counter(item.id for item in registry.listed)


def test_continuations_are_linked_both_ways() -> None:
    """A month of many papers continues, and each page names its neighbours."""
    pages = [page for page in outputs("papers", large()) if page.path.startswith("papers/2026-06")]
    assert [page.path for page in pages[:3]] == [
        "papers/2026-06.html",
        "papers/2026-06-2.html",
        "papers/2026-06-3.html",
    ]
    assert 'rel="next" href="2026-06-2.html"' in pages[0].body
    assert 'rel="prev" href="2026-06.html"' in pages[1].body
    assert len({page.title for page in pages}) == len(pages)


def test_undated_papers_come_last() -> None:
    """A paper without a date stands after all others and in a list of its own."""
    made = {page.path: page.body for page in outputs("papers", small())}
    order = re.findall(r"papers/(\d{8})-[0-9a-f-]+\.html", made["papers.html"])
    assert order == [
        "00000003", "00000002", "00000005", "00000006", "00000009", "00000004", "00000007",
    ]  # fmt: skip
    assert "00000007" in made["papers/undated.html"]


def test_figures_equal_their_lists() -> None:
    """Every number on the first page is the length of a list that can be opened."""
    registry = small()
    [page] = outputs("home", registry)
    numbers = re.findall(r"<dt>(?:<a [^>]*>)?([a-z ]+)(?:</a>)?</dt><dd>([\d,]+)</dd>", text(page))
    assert numbers == [
        ("papers", "7"),
        ("withheld", "2"),
        ("claims listed", "18"),
        ("claims found in a held source", "9"),
        ("corrections", "5"),
    ]


def test_findings_count_listed_papers_only() -> None:
    """The lists of findings hold what the table counts; withheld papers are in neither."""
    made = {page.path: page.body for page in outputs("findings", small())}
    assert "5 findings in 3 of 7 papers" in made["findings.html"]
    assert made["findings/c101.html"].count("#findings") == 3
    assert "00000001-" not in made["findings/c101.html"]


@pytest.mark.parametrize("kind", ["data", "feed"])
def test_nothing_withheld_is_announced(kind: str) -> None:
    """What was never listed stands in its own file and in no feed."""
    for artifact in outputs(kind, small()):
        assert ("00000001-" in text(artifact)) == (artifact.path == "data/withheld.jsonl")


def test_lines_fit_their_contract(crowd: dict[str, list[Output]]) -> None:
    """Each line of the data files is a valid record-summary-v1 in schema order, each paper once."""
    lines = [line for artifact in crowd["data"] for line in text(artifact).splitlines()]
    for line in lines:
        document = orjson.loads(line)
        assert not schema.faults("record-summary-v1", document)
        assert list(document) == list(schema.ordered("record-summary-v1", document))
    assert len(lines) == len(large().everything) == len({orjson.loads(line)["id"] for line in lines})


@pytest.mark.parametrize(
    ("kind", "contract"), [("works", "published-work-v1"), ("benchmarks", "benchmark-evidence-v1")]
)
def test_json_of_works_and_benchmarks_fits_its_contract(
    kind: str, contract: str, crowd: dict[str, list[Output]]
) -> None:
    """Each page about a work, or a model on a benchmark, has its JSON, and what is stored in it fits too."""
    made = [one for one in (*crowd[kind], *outputs(kind, small())) if isinstance(one, Artifact)]
    assert made
    for artifact in made:
        document = orjson.loads(artifact.body)
        assert document["contract_version"] == contract
        for part in (document, *(file["document"] for file in document.get("files", ()))):
            assert not schema.faults(part["contract_version"], part), artifact.path


def test_equal_figures_of_different_models_are_shown() -> None:
    """A figure of four digits that two owners state for two models stands below the list of models."""
    made = {page.path: text(page) for page in outputs("benchmarks", small())}
    section = made["benchmarks/burrow.html"].partition('id="same"')[2]
    assert re.findall(r"<strong><bdi>([^<]+)</bdi></strong>", section) == ["61.25%"]
    assert "rabbit.html" in section


@pytest.mark.parametrize("address", ["https://registry.example/", None])
@pytest.mark.parametrize("items", [small().listed, large(60).listed, ()], ids=["small", "many", "empty"])
def test_feed_is_atom(address: str | None, items: tuple) -> None:
    """The feed has what RFC 4287 asks for: ids, titles, dates, an author per entry, links."""
    [artifact] = outputs("feed", view(items, address))
    root = ET.fromstring(text(artifact))
    entries = root.findall(f"{ATOM}entry")
    assert root.tag == f"{ATOM}feed"
    assert len(entries) == min(50, len(items))
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len({*ids, root.findtext(f"{ATOM}id")}) == len(ids) + 1
    for element in (root, *entries):
        assert (element.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", element.findtext(f"{ATOM}updated") or "")
        assert element.findtext(f"{ATOM}title")
        for link in element.findall(f"{ATOM}link"):
            assert link.attrib["href"].startswith("https://") == (address is not None)
    assert all(entry.findtext(f"{ATOM}author/{ATOM}name") for entry in entries)
    if items == small().listed:
        assert HOSTILE in [entry.findtext(f"{ATOM}title") for entry in entries]


def test_feed_id_outlives_a_change_of_address() -> None:
    """The id of the feed does not depend on where it is published."""
    [one], [two] = (outputs("feed", view((), address)) for address in ("https://a.example/", None))
    pick = re.compile("<id>(.*)</id>")
    assert pick.findall(text(one)) == pick.findall(text(two))


def test_search_index_cannot_end_its_script() -> None:
    """The index is one assignment of JSON without a character that HTML or a script could act on."""
    [artifact] = outputs("search_index", small())
    assert isinstance(artifact, Artifact)
    body = text(artifact)
    assert not set("<>&\u2028\u2029") & set(body)
    docs = orjson.loads(body.removeprefix("window.colophonSearch = ").removesuffix(";\n"))["docs"]
    assert HOSTILE in [doc["t"] for doc in docs]
    assert all(re.fullmatch(r"[\w][\w./#-]*", doc["u"]) for doc in docs)
    assert not any("00000001-" in doc["u"] for doc in docs)


def test_every_contract_is_published_as_it_is() -> None:
    """Each contract has its schema byte for byte, and a page."""
    made = {output.path: output for output in outputs("contracts", small())}
    for contract in schema.known():
        artifact = made[f"schemas/{contract}.json"]
        assert isinstance(artifact, Artifact)
        assert artifact.body == schema.source(contract)
        assert f"schemas/{contract}.html" in made


@pytest.mark.parametrize(
    ("dataset", "model", "path"),
    [
        ("x", "m", "benchmarks/x/m"),
        ("x.html", "m", "benchmarks/x_2e_html/m"),
        ("x", "m.json", "benchmarks/x/m_2e_json"),
        ("CON", "aux.1", "benchmarks/_63_on/_61_ux.1"),
        ("console", "LLaVA 1.5", "benchmarks/console/llava-1.5"),
    ],
)
def test_paths_of_benchmarks_do_not_collide(dataset: str, model: str, path: str) -> None:
    """No folder has the name of a page, and no part is a device of Windows."""
    assert of_model(dataset, model) == path


@pytest.mark.parametrize("letter", ["模", "m", "'"])
def test_paths_of_benchmarks_fit_the_index(letter: str) -> None:
    """The index of the site lists paths of up to 300 characters."""
    assert len(f"{of_model(letter * 300, letter * 300)}.json") <= 300


def test_a_score_leads_to_the_page_of_its_claim(crowd: dict[str, list[Output]]) -> None:
    """A work with very many claims goes on on further pages, and an anchor leads to the one that has it."""
    anchors = {
        f"{page.path}#{anchor}"
        for page in crowd["works"]
        if isinstance(page, Page)
        for anchor in Shape(page.body).ids
    }
    led = {
        posixpath.normpath(f"{page.path.rpartition('/')[0]}/{link}")
        for page in crowd["benchmarks"]
        if isinstance(page, Page)
        for link in Shape(page.body).links
        if "/works/" in link and "#" in link
    }
    assert led
    assert led <= anchors
    assert any("__2.html#" in link for link in led)


def test_blank_names_have_no_page() -> None:
    """A model of spaces and a dataset of dashes name nothing, and a blank title is the identifier."""
    made = work(
        "2601.00001",
        ("One.", []),
        ("Two.", [scored("\u00a0", "Burrow", "1"), scored("Hare", "_-", "2")]),
        title=" ",
    )
    registry = view((), works=(made,))
    assert [page.path for page in outputs("benchmarks", registry)] == ["benchmarks.html"]
    assert ">2601.00001</bdi></a>" in text(outputs("works", registry)[0])
