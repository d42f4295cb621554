"""A slim site in a browser: what holds for a whole one holds for it, too."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ..conftest import ROOT, publish
from . import test_links
from .conftest import DESK, PHONE, Open, Visit, on_this_machine

PAPER = "papers/c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
PAGES = (f"{PAPER}.html", "index.html", "papers.html", "tiers.html", "sources.html", "left-out.html")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The slim site of a registry that has an event of every type."""
    target = tmp_path_factory.mktemp("slim") / "site"
    return publish(target, ROOT / "tests" / "corrected", "--jobs", "1", "--no-cache", "--slim")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The slim site of the real registry."""
    target = tmp_path_factory.mktemp("slim") / "site"
    return publish(target, ROOT / "registry", "--jobs", "1", "--no-cache", "--slim")


@pytest.mark.parametrize(
    "holds",
    test_links.OF_ANY_SITE,
    ids=lambda holds: holds.__name__,
)
def test_links_hold(corrected: Path, real: Path, holds: Callable[[Path], None]) -> None:
    """Nothing leads to what is left out."""
    for site in (corrected, real):
        holds(site)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_are_accessible_and_fit(
    corrected: Path, opened: Open, screen: dict[str, int], scheme: str
) -> None:
    """axe-core finds nothing, and nothing scrolls sideways."""
    axe, wrong = Axe(), []
    options = {"viewport": screen, "color_scheme": scheme, "reduced_motion": "reduce"}
    with on_this_machine(corrected) as base, opened(**options) as page:
        for path in PAGES:
            page.goto(base + path)
            wrong += [f"{path}: {found['id']}" for found in axe.run(page).response["violations"]]
            if page.evaluate(OVERFLOW) > 0:
                wrong.append(f"{path}: is wider than the screen")
    assert wrong == []


def test_the_console_stays_empty(corrected: Path, opened: Open) -> None:
    """The scripts of the short frame find what they look for."""
    visit = Visit()
    with on_this_machine(corrected) as base, opened() as page:
        visit.watch(page)
        for path in PAGES:
            page.goto(base + path)
    assert visit.errors == []


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_menu_can_be_used(corrected: Path, opened: Open, screen: dict[str, int]) -> None:
    """On the page of a paper, however wide the screen."""
    with on_this_machine(corrected) as base, opened(viewport=screen) as page:
        page.goto(f"{base}{PAPER}.html")
        menu = page.locator(".masthead")
        expect(menu.locator(".search input")).to_be_visible()
        expect(menu.get_by_role("button")).to_be_visible()
        menu.get_by_role("link", name="Papers").click()
        expect(page).to_have_title(re.compile("^Papers "))


def test_the_search_takes_the_place_of_lists(corrected: Path, opened: Open) -> None:
    """From a tier one gets to its papers, by the search."""
    with on_this_machine(corrected) as base, opened() as page:
        page.goto(f"{base}tiers.html")
        page.locator("a[href='search.html?tier=UNSAFE']").first.click()
        expect(page.locator(".finder-results li").first).to_be_visible()
        expect(page.get_by_role("checkbox", name="Unsafe")).to_be_checked()
