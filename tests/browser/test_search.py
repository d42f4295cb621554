"""The page of the search, on a site of many papers: words, facets, keys, phones, two kinds of servers."""

import json
import re
import threading
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ..conftest import publish
from ..fabricated import write_registry
from .conftest import PHONE, Open, Visit

_HOSTILE = '<img src=x onerror="document.title=1"> & "quotes" </script>'


class _Quiet(SimpleHTTPRequestHandler):
    """A server that knows no parts of files, and logs nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is given
        """Say nothing."""


class _Ranges(_Quiet):
    """A server that sends the part of a file that was asked for, as hosts do."""

    def do_GET(self) -> None:
        """Answer with the part, or with the whole file."""
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if not asked:
            super().do_GET()
            return
        body = Path(self.translate_path(self.path)).read_bytes()
        first, last = int(asked[1]), min(int(asked[2]), len(body) - 1)
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        self.wfile.write(body[first : last + 1])


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a fabricated registry of 60 papers, one of them with hostile words."""
    folder = tmp_path_factory.mktemp("many")
    write_registry(folder / "registry", 60, 1)
    for file in sorted((folder / "registry" / "papers").rglob("manifest.json"))[:1]:
        document = json.loads(file.read_text(encoding="utf-8"))
        document["title"] = f"Hostile {_HOSTILE}"
        file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return publish(folder / "site", folder / "registry", "--jobs", "1")


@pytest.fixture(scope="module", params=[_Ranges, _Quiet], ids=["ranges", "no ranges"])
def found_at(request: pytest.FixtureRequest, many: Path) -> Iterator[str]:
    """The address of the page, below a path of its own, on a server with ranges and on one without."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(request.param, directory=str(many.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/site/search.html"
    server.shutdown()
    server.server_close()


def _said(page: Page) -> str:
    """What the page says of its results, once it has some."""
    said = page.locator(".finder-said")
    expect(said).to_contain_text(re.compile(r"paper"))
    return said.inner_text()


def _total(page: Page) -> int:
    return int(_said(page).split()[0].replace(",", ""))


def _lines(many: Path) -> list[dict[str, object]]:
    return [
        json.loads(line)
        for file in (many / "data").glob("*.jsonl")
        if file.stem != "withheld"
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


def test_words_find_papers_and_are_marked(found_at: str, many: Path, opened: Open) -> None:
    """Every paper whose title has the words comes, none without them, and nothing goes wrong on the way."""
    titles = [str(one["title"]).lower() for one in _lines(many)]
    visit = Visit()
    with opened() as page:
        visit.watch(page)
        page.goto(f"{found_at}?q=imaginary+kettles")
        assert _total(page) >= sum("kettles" in title for title in titles) > 0
        heads = page.locator(".finder-results h2")
        expect(heads.first).to_contain_text(re.compile("kettles", re.IGNORECASE))
        expect(heads.first.locator("mark").first).to_be_visible()
    assert visit.errors == []


def test_facets_narrow_and_count(found_at: str, many: Path, opened: Open) -> None:
    """A facet leaves as many papers as it counted; the address keeps it; Clear undoes it."""
    with opened() as page:
        page.goto(found_at)
        whole = _total(page)
        assert whole == len(_lines(many))
        box = page.locator(".finder-group input[name=tier]").first
        value = box.get_attribute("value")
        expected = sum(one["tier"] == value for one in _lines(many))
        box.check()
        expect(page.locator(".finder-said")).to_contain_text(f"{expected} paper")
        assert f"tier={value}" in page.url
        page.reload()
        assert _total(page) == expected
        page.get_by_role("button", name="Clear filters").click()
        expect(page.locator(".finder-said")).to_contain_text(f"{whole} papers")


def test_pages_of_results_hold_every_paper_once(found_at: str, many: Path, opened: Open) -> None:
    """Next leads through all of them, the newest first."""
    seen: list[str] = []
    with opened() as page:
        page.goto(found_at)
        for place in range(1, -(-len(_lines(many)) // 10) + 1):
            expect(page.locator("[aria-label='Pages of results'] span")).to_contain_text(f"Page {place} of")
            seen += [link.get_attribute("href") or "" for link in page.locator(".finder-results h2 a").all()]
            if page.locator("[data-after]").is_enabled():
                page.locator("[data-after]").click()
    assert sorted(seen) == sorted(f"papers/{one['id']}.html" for one in _lines(many))


def test_keys_alone_lead_from_words_to_a_paper(found_at: str, opened: Open) -> None:
    """The field has the focus; the arrows go through results, and Enter opens one."""
    with opened() as page:
        page.goto(found_at)
        _said(page)
        expect(page.locator("#finder-q")).to_be_focused()
        page.keyboard.type("lanterns")
        expect(page.locator(".finder-said")).to_contain_text("with all of these words")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(page.locator(".finder-results h2 a").nth(1)).to_be_focused()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        expect(page.locator("#finder-q")).to_be_focused()
        page.keyboard.press("ArrowDown")
        href = page.locator(".finder-results h2 a").first.get_attribute("href")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{href}")


def test_a_word_that_is_nowhere_is_named(found_at: str, opened: Open) -> None:
    """A reader learns which word to leave out."""
    with opened() as page:
        page.goto(f"{found_at}?q=kettles+zzzyxq")
        expect(page.locator(".finder-said")).to_contain_text("No paper has the word “zzzyxq”.")


def test_hostile_words_stay_words(found_at: str, opened: Open) -> None:
    """Text of a record, and what a link asks for, become text alone."""
    with opened() as page:
        page.goto(f"{found_at}?q=hostile&tier=%3Cimg+src%3Dx%3E&page=-3")
        _said(page)
        page.goto(f"{found_at}?q=hostile+%22+OR+texts:+*+NEAR(")
        _said(page)
        page.goto(f"{found_at}?q=hostile")
        expect(page.locator(".finder-results h2").first).to_have_text(f"Hostile {_HOSTILE}")
        assert page.locator(".finder-results img").count() == 0
        assert page.title().startswith("Search")


def test_a_phone_shows_it_whole(found_at: str, opened: Open) -> None:
    """Nothing is wider than the screen; facets are folded away and open by touch."""
    with opened(viewport=PHONE, has_touch=True) as page:
        page.goto(f"{found_at}?q=kettles")
        _said(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.locator(".finder-group label:visible").count() == 0
        page.locator(".finder-group summary").first.tap()
        expect(page.locator(".finder-group label").first).to_be_visible()


def test_the_field_of_every_page_leads_there(found_at: str, opened: Open) -> None:
    """The last choice of the small search takes the words along."""
    with opened() as page:
        page.goto(found_at.replace("search.html", "about.html"))
        page.get_by_role("combobox").press_sequentially("kettles")
        page.get_by_role("option", name="Search all papers").click()
        page.wait_for_url("**/search.html?q=kettles")
        _said(page)


def test_from_disk_and_without_scripts_there_are_lists(many: Path, opened: Open) -> None:
    """Where a page may read no file, or runs no script, it leads to lists that hold every paper."""
    address = (many / "search.html").resolve().as_uri()
    for options in ({}, {"java_script_enabled": False}):
        with opened(**options) as page:
            page.goto(address)
            expect(page.get_by_role("link", name="The newest papers")).to_be_visible()
            expect(page.locator("#finder")).to_be_hidden()


def test_a_lost_database_leads_to_the_lists(found_at: str, opened: Open) -> None:
    """A reader is told what is wrong, and where else to look."""
    with opened() as page:
        page.route("**/search/parts.txt", lambda route: route.fulfill(status=404))
        page.goto(found_at)
        expect(page.locator("[data-why]")).to_contain_text("could not be loaded (search/parts.txt: HTTP 404)")
        expect(page.get_by_role("link", name="The newest papers")).to_be_visible()
