"""What happens to a paper reaches everything that names it, in the same build."""

import hashlib
import json
import re
import shutil
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy

from .conftest import ROOT, publish

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ADDRESS = "https://registry.example/"
RETRACTED = "9a65c61e-bdf4-8169-9a2a-38aa9b2aa131"
DISPUTED = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
RETITLED = "0fab0fab-6512-8cf2-a3ff-b23503fb94bf"
OLD, NEW = (
    "Fabricated Page on the Latency of Imaginary Gates",
    "Fabricated Page on the Loudness of Imaginary Gates",
)
NOTE = "Nobody ever measured the window of 256 tokens."


def title_of(paper: str) -> str:
    """Return the title under which a fabricated paper was filed."""
    file = ROOT / "tests" / "registry" / "papers" / paper[:2] / paper / "manifest.json"
    return str(json.loads(file.read_text(encoding="utf-8"))["title"])


def file_event(registry: Path, paper: str, kind: str, note: str, more: str = "") -> Path:
    """File a correction event of 1 November and return its file."""
    file = registry / "papers" / paper[:2] / paper / "corrections" / "the-reason.yaml"
    file.parent.mkdir(exist_ok=True)
    lines = [
        "contract_version: correction-event-v1", f"paper: {paper}", f"type: {kind}", *more.splitlines(),
        "date: 2026-11-01", "reporter:", "  name: Ada Example", "  kind: person", f"note: {note}",
    ]  # fmt: skip
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def confirm(registry: Path, paper: str, event: Path) -> None:
    """File a maintainer's review of 3 November that confirms an event."""
    file = registry / "reviews" / paper[:2] / paper / "confirmed.yaml"
    file.parent.mkdir(parents=True)
    lines = [
        "contract_version: review-v1", f"paper: {paper}", f"file: {event.relative_to(registry).as_posix()}",
        f"sha256: sha256:{hashlib.sha256(event.read_bytes()).hexdigest()}", "reviewer: Rae Example",
        "date: 2026-11-03", "looked_at: A letter of the publisher.",
    ]  # fmt: skip
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a registry in which one paper was retracted, one disputed, and one had its title mended."""
    folder = tmp_path_factory.mktemp("reach")
    registry = shutil.copytree(ROOT / "tests" / "registry", folder / "registry")
    settings = registry / "registry.yaml"
    text = settings.read_text(encoding="utf-8")
    assert "maintainers:\n" in text
    with_one = text.replace("maintainers:\n", "maintainers:\n  - name: Rae Example\n")
    settings.write_text(with_one, encoding="utf-8")
    confirm(registry, RETRACTED, file_event(registry, RETRACTED, "RETRACTION", NOTE, "reason: wrong-value"))
    file_event(registry, DISPUTED, "DISPUTE", "The router has more memory.", "reason: wrong-value")
    change = f"- document: manifest\n    pointer: /title\n    old: {OLD}\n    new: {NEW}"
    more = f"reason: transcription\nchanges:\n  {change}"
    confirm(registry, RETITLED, file_event(registry, RETITLED, "METADATA", "It was read wrongly.", more))
    return publish(folder / "site", registry, "--jobs", "1", "--no-cache")


@dataclass(frozen=True)
class Told:
    """Everything that a site says of one paper."""

    site: Path
    paper: str

    def text(self, path: str) -> str:
        """Return the text of a file."""
        return (self.site / path).read_text(encoding="utf-8")

    @property
    def document(self) -> Any:
        """The paper's own JSON."""
        return json.loads(self.text(f"papers/{self.paper}.json"))

    @property
    def event(self) -> str:
        """The id of the paper's one event."""
        (event,) = self.document["corrections"]["correction_events"]
        return str(event["id"])

    def row(self, path: str) -> str:
        """Return the row or card of a list that names the paper; empty where none does."""
        rows = re.findall(r"(?s)<tr\b.*?</tr>|<li class=\"paper-card\">.*?</li>", self.text(path))
        return "".join(row for row in rows if f"papers/{self.paper}.html" in row)

    def search(self) -> dict[str, str]:
        """Return the paper's entry in the search index."""
        script = self.text("assets/search-index.js")
        docs = json.loads(script.removeprefix("window.colophonSearch = ").removesuffix(";\n"))["docs"]
        (doc,) = (doc for doc in docs if doc["u"] == f"papers/{self.paper}.html")
        return dict(doc)

    def entries(self, path: str) -> list[ET.Element]:
        """Return the entries of a feed that are about the paper, newest first."""
        found = ET.fromstring(self.text(path)).findall(f"{ATOM}entry")
        return [entry for entry in found if self.paper in ET.tostring(entry, encoding="unicode")]

    def titles(self, path: str) -> list[str]:
        """Return the titles of these entries."""
        return [entry.findtext(f"{ATOM}title") or "" for entry in self.entries(path)]

    def cited(self) -> list[tuple[str, str]]:
        """Return (title, note) as parsers read them from each citation."""
        citations = self.document["citations"]
        fields = {
            f.key: str(f.value) for f in bibtexparser.parse_string(citations["bibtex"]).entries[0].fields
        }
        (item,) = json.loads(citations["csl_json"])
        (reference,) = rispy.loads(citations["ris"])
        return [
            (fields["title"].strip("{}"), fields["note"]),
            (item["title"], item["note"]),
            (reference["title"], reference["notes"][0]),
        ]

    def json_ld(self) -> Any:
        """Return the JSON-LD of the paper's page."""
        found = re.search(
            r'<script type="application/ld\+json">(.*?)</script>', self.text(f"papers/{self.paper}.html")
        )
        assert found is not None
        return json.loads(found[1])

    def changed(self) -> dict[str, str]:
        """Return the day of each of the paper's pages in the sitemap."""
        root = ET.fromstring(self.text("sitemap.xml"))
        days = {url.findtext(f"{SITEMAP}loc") or "": url.findtext(f"{SITEMAP}lastmod") or "" for url in root}
        return {address: day for address, day in days.items() if f"papers/{self.paper}" in address}

    def summary(self, name: str) -> list[Any]:
        """Return the paper's line in a data file."""
        lines = [json.loads(line) for line in self.text(f"data/{name}.jsonl").splitlines()]
        return [line for line in lines if line["id"] == self.paper]


def test_a_retraction_reaches_every_list(built: Path) -> None:
    """It leaves the lists of papers to read; where it stands it says so first and links the notice."""
    told, said = Told(built, RETRACTED), f"RETRACTED: {title_of(RETRACTED)}"
    for path in ("papers.html", "papers/2026-03.html", "tiers/unchecked.html", "index.html"):
        assert told.row(path) == "", path
    row = told.row("withheld.html")
    assert said in row
    assert f"papers/{RETRACTED}/{told.event}.html" in row
    assert said in told.text("index.html")
    assert told.summary("2026-03") == []
    assert [line["correction_state"] for line in told.summary("withheld")] == ["RETRACTED"]
    log = told.row("corrections-log.html")
    assert log == told.row("corrections-log/2026-11.html").replace("../", "")
    assert log.count(said) == 2
    assert "confirmed by a review" in log
    assert NOTE in log
    assert "Wrong value" in log


def test_a_retraction_reaches_search_and_feeds(built: Path) -> None:
    """Who searches for it or has read of it learns that it no longer stands."""
    told, title = Told(built, RETRACTED), title_of(RETRACTED)
    assert told.search()["t"] == f"RETRACTED: {title}"
    assert told.search()["x"].startswith(f"State retracted, last event retraction: {NOTE}")
    assert told.titles("feed.atom") == [f"RETRACTED: {title}"]
    expected = [f"RETRACTION: {title}", f"RETRACTION (not confirmed): {title}"]
    assert told.titles("corrections.atom") == told.titles(f"papers/{RETRACTED}/feed.atom") == expected
    newest = told.entries("corrections.atom")[0]
    assert newest.findtext(f"{ATOM}updated") == "2026-11-03T00:00:00Z"
    assert (newest.findtext(f"{ATOM}content") or "").startswith(NOTE)


def test_a_retraction_reaches_badge_citations_and_machines(built: Path) -> None:
    """Badge, BibTeX, CSL-JSON, RIS, JSON-LD, the page's head and the sitemap all say it."""
    told, said = Told(built, RETRACTED), f"RETRACTED: {title_of(RETRACTED)}"
    assert "<title>colophon | RETRACTED on 3 November 2026</title>" in told.text(f"papers/{RETRACTED}.svg")
    for title, note in told.cited():
        assert title == said
        assert note.endswith(f"State: RETRACTED by event {told.event} (RETRACTION, 2026-11-03): {NOTE}")
    document = told.json_ld()
    assert document["name"] == said
    assert "RETRACTED" in document["creativeWorkStatus"]
    assert document["version"] == 3
    assert document["correction"][0] == {
        "@type": "CorrectionComment", "name": "RETRACTION", "text": NOTE,
        "datePublished": "2026-11-03T00:00:00Z",
        "url": f"{ADDRESS}papers/{RETRACTED}/{told.event}.html",
    }  # fmt: skip
    head = told.text(f"papers/{RETRACTED}.html").partition("</head>")[0]
    assert (
        f'type="application/atom+xml" title="Corrections of this paper" href="{RETRACTED}/feed.atom"' in head
    )
    assert "citation_title" not in head
    assert set(told.changed().values()) == {"2026-11-03"}


def test_a_dispute_reaches_everything(built: Path) -> None:
    """The paper stays listed as disputed; its title is left alone, as its publisher has not agreed."""
    told, title = Told(built, DISPUTED), title_of(DISPUTED)
    notice = f"papers/{DISPUTED}/{told.event}.html"
    for path in ("papers.html", "tiers/unsafe.html", "findings/c101.html", "index.html"):
        row = told.row(path)
        assert notice in row, path
        assert "disputed on" in row, path
    assert f'<a class="state state--disputed" href="{notice}">' in told.text("sources.html")
    assert told.search()["t"] == title
    assert told.search()["x"].startswith("State disputed, last event dispute: The router has more memory.")
    assert told.titles("corrections.atom") == [f"DISPUTE: {title}"]
    assert told.titles("feed.atom") == [title]
    assert "State DISPUTED." in (told.entries("feed.atom")[0].findtext(f"{ATOM}summary") or "")
    assert "UNSAFE, DISPUTED" in told.text(f"papers/{DISPUTED}.svg")
    for cited, note in told.cited():
        assert cited == title
        assert f"State: DISPUTED by event {told.event} (DISPUTE, 2026-11-01)" in note
    assert told.json_ld()["correction"][0]["name"] == "DISPUTE"
    assert set(told.changed().values()) == {"2026-11-01"}
    (line,) = told.summary(str(told.document["record"]["submitted"])[:7])
    assert line["correction_state"] == "DISPUTED"


def test_a_mended_title_reaches_everything(built: Path) -> None:
    """What was copied wrongly is right everywhere; the old words stay where the correction is told."""
    told = Told(built, RETITLED)
    for path in ("papers.html", "papers/undated.html", "tiers/unchecked.html", "index.html"):
        text = told.text(path)
        assert NEW in told.row(path) or NEW in text, path
        assert OLD not in text, path
        assert "corrected on" in told.row(path) or path == "index.html", path
    assert told.search()["t"] == NEW
    assert told.titles("feed.atom") == [NEW]
    assert told.titles("corrections.atom") == [f"METADATA: {NEW}", f"METADATA (not confirmed): {NEW}"]
    assert {title for title, _ in told.cited()} == {NEW}
    assert all("State: CORRECTED by event" in note for _, note in told.cited())
    assert "CORRECTED" in told.text(f"papers/{RETITLED}.svg")
    assert told.json_ld()["name"] == NEW
    (line,) = told.summary("undated")
    assert (line["title"], line["correction_state"]) == (NEW, "CORRECTED")
    assert told.document["manifest"]["title"] == OLD
    assert set(told.changed().values()) == {"2026-11-03"}


def test_every_notice_that_is_linked_exists(built: Path) -> None:
    """Lists and feeds lead to the page of an event; it is there, and the sitemap has it."""
    linked = set()
    for path in (
        "papers.html",
        "withheld.html",
        "index.html",
        "corrections-log.html",
        "corrections.atom",
        "feed.atom",
    ):
        linked |= set(
            re.findall(
                r"papers/[0-9a-f-]{36}/[0-9]{4}-[0-9-]{5}-[0-9a-f]{12}\.html", Told(built, "").text(path)
            )
        )
    assert len(linked) >= 3
    listed = Told(built, "").text("sitemap.xml")
    for path in linked:
        assert (built / path).is_file(), path
        assert f"{ADDRESS}{path}</loc><lastmod>" in listed


def test_a_paper_without_events_has_no_feed(built: Path) -> None:
    """Nobody is asked to follow what has not happened."""
    feeds = {file.parent.name for file in (built / "papers").rglob("feed.atom")}
    told = {
        file.stem
        for file in (built / "papers").glob("*-*-*-*-*.json")
        if json.loads(file.read_text(encoding="utf-8"))["corrections"]["correction_events"]
    }
    assert {RETRACTED, DISPUTED, RETITLED} <= feeds == told
