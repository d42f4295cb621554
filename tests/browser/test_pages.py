"""Every page as a browser shows it: quiet, readable by everyone, and never wider than a phone."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from . import pages
from .conftest import PHONE, Open, Visit

_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _walk(page: Page, base: str, paths: list[str]) -> tuple[list[str], list[str], set[str]]:
    """Open pages one by one; return errors, pages that scroll sideways, and every address asked for."""
    errors: list[str] = []
    wide: list[str] = []
    visit = Visit()
    visit.watch(page)
    for path in paths:
        before = len(visit.errors)
        page.goto(base + path, wait_until="load")
        errors += [f"{path}: {error}" for error in visit.errors[before:]]
        beyond = page.evaluate(_OVERFLOW)
        if beyond > 0:
            wide.append(f"{path}: {beyond} px beyond the screen")
    return errors, wide, set(visit.asked)


def test_every_page_is_quiet_and_fits_a_phone(site: Path, served: str, opened: Open) -> None:
    """No page has a console error, a failed request or a policy violation, and none scrolls sideways."""
    with opened(viewport=PHONE) as page:
        errors, wide, asked = _walk(page, served, pages.paths(site))
    assert errors == []
    assert wide == []
    assert [address for address in asked if not address.startswith((served, "data:"))] == []


def test_every_kind_of_page_is_quiet_from_disk(site: Path, from_disk: str, opened: Open) -> None:
    """Opened as files, one page of every kind has no error and asks for nothing but files of the site."""
    with opened() as page:
        errors, wide, asked = _walk(page, from_disk, pages.one_of_each_kind(site))
    assert errors == []
    assert wide == []
    assert [address for address in asked if not address.startswith((from_disk, "data:"))] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_accessible(site: Path, served: str, opened: Open, scheme: str) -> None:
    """axe-core finds no serious and no critical violation on any kind of page, in light and in dark."""
    axe, wrong = Axe(), []
    with opened(color_scheme=scheme, reduced_motion="reduce") as page:
        for path in pages.one_of_each_kind(site):
            page.goto(served + path, wait_until="load")
            for violation in axe.run(page).response["violations"]:
                if violation["impact"] in {"serious", "critical"}:
                    nodes = [f"{node['target']} {node['failureSummary']}" for node in violation["nodes"][:2]]
                    wrong.append(f"{path}: {violation['id']}: {nodes}")
    assert wrong == []


def test_every_kind_of_page_reads_without_scripts(site: Path, served: str, opened: Open) -> None:
    """Without JavaScript every kind of page shows heading and content, and nothing that needs a script."""
    with opened(java_script_enabled=False) as page:
        for path in pages.one_of_each_kind(site):
            page.goto(served + path, wait_until="load")
            assert page.locator("h1").first.is_visible(), path
            assert len(page.locator("main").inner_text()) > 40, path
            for idle in ("[data-copy]", "[data-theme-toggle]", "form[data-facets]"):
                assert page.locator(f"{idle}:visible").count() == 0, f"{path}: {idle} needs a script"


def test_navigation_works_without_scripts(site: Path, base: str, opened: Open) -> None:
    """Without JavaScript the way from the home page to a paper is open, on disk too."""
    with opened(java_script_enabled=False) as page:
        page.goto(f"{base}index.html")
        page.get_by_role("navigation", name="Site").get_by_role("link", name="Papers", exact=True).click()
        assert page.url == f"{base}papers.html"
        link = page.locator("main a[href*='-'][href$='.html']").first
        title = link.inner_text()
        link.click()
        assert title in page.locator("main").inner_text()


def test_menu_opens_without_scripts_on_a_phone(served: str, opened: Open) -> None:
    """On a phone the menu is behind a switch that needs no script."""
    with opened(java_script_enabled=False, viewport=PHONE) as page:
        page.goto(f"{served}index.html")
        link = page.get_by_role("navigation", name="Site").get_by_role("link", name="Papers", exact=True)
        assert not link.is_visible()
        page.locator("label[for=menu-switch]").click()
        assert link.is_visible()


def test_paper_prints_without_navigation(site: Path, served: str, opened: Open) -> None:
    """On paper there is the record and no navigation, search or button."""
    with opened() as page:
        for path in pages.one_of_each_kind(site):
            page.goto(served + path, wait_until="load")
            page.emulate_media(media="print")
            assert page.locator("main").is_visible(), path
            for chrome in ("nav[aria-label=Site]", ".search", "[data-theme-toggle]", ".skip", "[data-copy]"):
                assert page.locator(f"{chrome}:visible").count() == 0, f"{path} prints {chrome}"
            page.emulate_media(media="screen")


@pytest.mark.parametrize(("width", "is_beside"), [(1440, True), (390, False)])
def test_what_the_publisher_states_stands_beside_the_answer(
    site: Path, served: str, opened: Open, width: int, is_beside: bool
) -> None:
    """On a wide screen beside it, on a phone below it, never in letters as heavy as the answer."""
    paper = next(
        path
        for path in pages.one_of_each_kind(site)
        if re.fullmatch(f"papers/{pages.UUID.pattern}.html", path)
    )
    with opened(viewport={"width": width, "height": 900}) as page:
        page.goto(served + paper, wait_until="load")
        answer, stated = page.locator(".verdict > section"), page.locator(".verdict > aside")
        one, other = answer.bounding_box(), stated.bounding_box()
        assert one is not None
        assert other is not None
        assert (other["x"] >= one["x"] + one["width"]) == is_beside
        assert (other["y"] >= one["y"] + one["height"]) != is_beside
        assert stated.locator("dt").first.evaluate("node => getComputedStyle(node).fontWeight") == "400"
