"""Filing a correction and reading one, as a browser does it; no test leaves this machine."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, Route, expect

from colophon.store import WorkTree

from ..conftest import ROOT, publish
from ..unit.pages.registries import Begun, findings_of, in_link
from . import pages, test_links
from .conftest import DESK, PHONE, Open, Visit, on_this_machine

REGISTRY = ROOT / "tests" / "corrected"
PAPER = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
PLACE = f"{PAPER[:2]}/{PAPER}"
FORGE = "https://github.com/fabricated/registry/new/main"
LATER_THAN_THE_RETRACTION = ("stands-again", "report-removed", "stale")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def built(folder: Path, change: Callable[[Path], None]) -> Path:
    """Return the site of a changed copy of the registry that has an event of every type."""
    registry = shutil.copytree(REGISTRY, folder / "registry")
    change(registry)
    return publish(folder / "site", registry, "--jobs", "1", "--no-cache")


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a registry on a forge that takes the text of a new file from an address."""
    return built(tmp_path_factory.mktemp("corrected"), lambda registry: None)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the same registry on no forge."""

    def change(registry: Path) -> None:
        settings = registry / "registry.yaml"
        text, number = re.subn(
            r"(?m)^repository_url: .*$", "repository_url:", settings.read_text(encoding="utf-8")
        )
        assert number == 1
        settings.write_text(text, encoding="utf-8")

    return built(tmp_path_factory.mktemp("copied"), change)


@pytest.fixture(scope="module")
def retracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as it was when the paper was retracted, before it was reinstated."""

    def change(registry: Path) -> None:
        for slug in LATER_THAN_THE_RETRACTION:
            (registry / "papers" / PLACE / "corrections" / f"{slug}.yaml").unlink()
        (registry / "reviews" / PLACE / "stands-again-seen.yaml").unlink()
        received = ROOT / "tests" / "registry" / "papers" / PLACE / "report.txt"
        shutil.copy(received, registry / "papers" / PLACE / "report.txt")

    return built(tmp_path_factory.mktemp("retracted"), change)


def event(slug: str, site: Path) -> str:
    """Return the path of the page of an event, from the site's root."""
    found = [
        path.relative_to(site).as_posix()
        for path in (site / "papers" / PAPER).glob("????-??-??-*.html")
        if f"corrections/{slug}.yaml" in path.read_text(encoding="utf-8")
    ]
    assert len(found) == 1
    return found[0]


def today() -> str:
    """Return the day in UTC."""
    return datetime.now(UTC).date().isoformat()


def asked_of_the_forge(page: Page, click: Callable[[], None]) -> str:
    """Return the address that a click asks the forge for; the forge is played by this test."""
    asked: list[str] = []

    def answer(route: Route, request: Request) -> None:
        asked.append(request.url)
        route.fulfill(status=200, content_type="text/html", body="<!doctype html><title>New file</title>")

    page.route(re.compile("^https://"), answer)
    click()
    expect(page).to_have_title("New file")
    assert len(asked) == 1
    return asked[0]


def assert_passes(begun: Begun) -> None:
    """The file has a free name in the paper's folder, and nothing is wrong with it."""
    assert begun.path.startswith(f"registry/papers/{PLACE}/corrections/"), begun.path
    assert re.fullmatch(r"[a-z0-9-]{3,40}\.yaml", begun.path.rpartition("/")[2]), begun.path
    assert findings_of(WorkTree(str(REGISTRY)), PAPER, begun.filled()) == [], begun


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_the_button_opens_a_begun_file(corrected: Path, opened: Open, script: bool) -> None:
    """One click on a paper's page opens the forge's form with name and text; a script fills in the date."""
    with on_this_machine(corrected) as base, opened(java_script_enabled=script) as page:
        page.goto(f"{base}papers/{PAPER}.html")
        button = page.get_by_role("link", name="File a correction", exact=True).first
        expect(button).to_be_in_viewport(ratio=1)
        before = today()
        address = asked_of_the_forge(page, button.click)
    assert address.startswith(f"{FORGE}?filename=")
    begun = in_link(address)
    assert f"paper: {PAPER}" in begun.text
    (date,) = re.findall(r"(?m)^date: (.*)$", begun.text)
    if script:
        assert date in (before, today())
        assert_passes(begun)
    else:
        assert date == "YYYY-MM-DD"
        assert_passes(begun.dated(today()))


def test_a_claim_has_its_own_form(corrected: Path, opened: Open) -> None:
    """With a script the Correct link of a claim opens the forge with its text as old and new."""
    with on_this_machine(corrected) as base, opened() as page:
        page.goto(f"{base}papers/{PAPER}.html")
        link = page.get_by_role("link", name="Correct c003", exact=True)
        begun = in_link(asked_of_the_forge(page, link.click))
    assert "    pointer: /claims/2/text\n" in begun.text
    assert begun.text.count("The wider window takes 2.1 times as long per question.") == 2
    assert_passes(begun)


def test_a_finding_has_its_own_form(corrected: Path, opened: Open) -> None:
    """With a script the Correct link of a finding gives the reason that fits its rule."""
    with on_this_machine(corrected) as base, opened() as page:
        page.goto(f"{base}papers/{PAPER}.html")
        for link in page.locator("a.correct[data-reason]").all():
            reason = link.get_attribute("data-reason")
            begun = in_link(link.get_attribute("href") or "")
            assert f"\nreason: {reason}\n" in begun.text
            assert_passes(begun)
        assert page.locator("a.correct[data-reason]:not([data-reason=other])").count() > 0


def test_without_a_script_a_claim_leads_to_its_form(corrected: Path, opened: Open) -> None:
    """The link goes to the page of forms, at the claim; there a link opens the forge."""
    with on_this_machine(corrected) as base, opened(java_script_enabled=False) as page:
        page.goto(f"{base}papers/{PAPER}.html")
        page.get_by_role("link", name="Correct c003", exact=True).click()
        assert page.url == f"{base}papers/{PAPER}/correct.html#c003"
        form = page.locator("#c003")
        expect(form).to_be_in_viewport()
        expect(page.get_by_text("Type today’s date")).to_be_visible()
        begun = in_link(asked_of_the_forge(page, form.get_by_role("link", name="Correct on the forge").click))
    assert "    pointer: /claims/2/text\n" in begun.text
    assert_passes(begun.dated(today()))


@pytest.mark.parametrize("path", [f"papers/{PAPER}.html", f"papers/{PAPER}/correct.html"])
def test_every_begun_file_passes_the_check(corrected: Path, opened: Open, path: str) -> None:
    """Whatever a script makes of the links of a page, each file is one that the check finds nothing in."""
    with on_this_machine(corrected) as base, opened() as page:
        page.goto(base + path)
        links = page.locator(f"a[href^='{FORGE}']").evaluate_all("all => all.map(link => link.href)")
        left = page.locator("a.correct:not([href^='https:'])").count()
        assert page.get_by_text("Type today’s date").locator("visible=true").count() == 0
    assert len(links) > 4
    assert left <= 2
    for link in links:
        assert len(link) <= 7_000
        assert_passes(in_link(link))


def test_a_registry_without_a_forge_gives_texts_to_copy(copied: Path, opened: Open) -> None:
    """The button leads to the texts, which a button copies; what is copied has today's date and passes."""
    with on_this_machine(copied) as base, opened(permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{base}papers/{PAPER}.html")
        page.get_by_role("link", name="File a correction", exact=True).first.click()
        assert page.url == f"{base}papers/{PAPER}/correct.html"
        form = page.locator("#c003")
        form.get_by_role("button", name="Copy").click()
        expect(form.get_by_role("button")).to_have_text("Copied")
        text, date = page.evaluate("navigator.clipboard.readText()"), today()
        name = form.locator(".file-name code").inner_text()
        where = page.locator(".how code").first.inner_text()
        assert form.locator("pre").text_content() == text
    assert f"\ndate: {date}\n" in text
    assert_passes(Begun(f"{where}/{name}", text))


def test_without_a_script_a_text_is_copied_in_two(copied: Path, opened: Open) -> None:
    """What every file begins with stands once, what ends it at the claim; together they pass with a date."""
    with on_this_machine(copied) as base, opened(java_script_enabled=False) as page:
        page.goto(f"{base}papers/{PAPER}/correct.html#c003")
        assert page.get_by_role("button", name="Copy").count() == 0
        page.locator(".how").get_by_role("link", name="the same lines").click()
        begin, form = page.locator("#begin"), page.locator("#c003")
        expect(begin).to_be_in_viewport()
        text = f"{begin.locator('pre').text_content()}{form.locator('pre').text_content()}"
        name, where = (
            form.locator(".file-name code").inner_text(),
            page.locator(".how code").first.inner_text(),
        )
    assert_passes(Begun(f"{where}/{name}", text).dated(today()))


def test_a_notice_shows_what_changed(corrected: Path, opened: Open) -> None:
    """The old value is struck, the new one underlined, in the same line."""
    with on_this_machine(corrected) as base, opened() as page:
        page.goto(base + event("count-of-claims", corrected))
        for mark, text, line in (("del", "9", "line-through"), ("ins", "4", "underline")):
            piece = page.locator(f".diff {mark}")
            expect(piece).to_have_text(text)
            assert line in piece.evaluate("node => getComputedStyle(node).textDecorationLine")
            assert piece.evaluate("node => getComputedStyle(node).display") == "inline"
        page.goto(base + event("unsound", corrected))
        expect(page.get_by_text("The imaginary routers were never measured.")).to_be_in_viewport()


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_retracted_paper_says_so_first(retracted: Path, opened: Open, screen: dict[str, int]) -> None:
    """At its old address, on the first screen: word, day, reason and note; the content stays below."""
    with on_this_machine(retracted) as base, opened(viewport=screen) as page:
        page.goto(f"{base}papers/{PAPER}.html")
        state = page.locator("#state")
        expect(state).to_be_in_viewport(ratio=1)
        # It was filed on the 17th and took effect with the review of the 18th.
        for said in ("RETRACTED since 18 March 2026", "Flawed method", "The imaginary routers were never"):
            expect(state).to_contain_text(said)
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_contain_text("RETRACTED: ")
        assert state.bounding_box()["y"] < heading.bounding_box()["y"]  # type: ignore[index]
        assert page.title().startswith("RETRACTED: ")
        expect(page.locator("#c001")).to_contain_text("Foxglove keeps 3 routers in memory at a time.")
        state.get_by_role("link", name="The notice").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Retracted: flawed method")


def about_corrections(site: Path) -> list[str]:
    """Return the pages about corrections, one of each kind, and some more."""
    notices = [event(slug, site) for slug in ("count-of-claims", "question-copied", "unsound", "stale")]
    folder = f"papers/{PAPER}"
    named = ["v1.html", "v4.html", "v19.html", "correct.html"]
    months = sorted((site / "corrections-log").glob("*.html"))
    return [
        f"{folder}.html", *notices, *(f"{folder}/{name}" for name in named), "corrections-log.html",
        *(month.relative_to(site).as_posix() for month in months[:1]), "corrections.html",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_about_corrections_are_accessible(corrected: Path, opened: Open, scheme: str) -> None:
    """axe-core finds nothing on them, in light and in dark."""
    axe, wrong = Axe(), []
    with on_this_machine(corrected) as base, opened(color_scheme=scheme, reduced_motion="reduce") as page:
        for path in about_corrections(corrected):
            page.goto(base + path)
            for found in axe.run(page).response["violations"]:
                nodes = [f"{node['target']} {node['failureSummary']}" for node in found["nodes"][:2]]
                wrong.append(f"{path}: {found['id']} ({found['impact']}): {nodes}")
    assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_about_corrections_fit_a_phone(
    corrected: Path, copied: Path, opened: Open, scheme: str
) -> None:
    """None scrolls sideways and none has an error in the console."""
    wrong, visit = [], Visit()
    with opened(viewport=PHONE, color_scheme=scheme) as page:
        visit.watch(page)
        for site in (corrected, copied):
            with on_this_machine(site) as base:
                for path in about_corrections(site):
                    page.goto(base + path)
                    beyond = page.evaluate(OVERFLOW)
                    if beyond > 0:
                        wrong.append(f"{path}: {beyond} px beyond the screen")
    assert wrong == []
    assert visit.errors == []


@pytest.mark.parametrize(
    "holds",
    test_links.OF_ANY_SITE,
    ids=lambda holds: holds.__name__,
)
def test_links_hold_where_much_was_corrected(
    corrected: Path, copied: Path, retracted: Path, holds: Callable[[Path], None]
) -> None:
    """What holds for the real registry's site holds for one with an event of every type."""
    for site in (corrected, copied, retracted):
        holds(site)


def test_no_page_is_large(corrected: Path) -> None:
    """No page of a much corrected paper passes 40 KB."""
    sizes = {path: (corrected / path).stat().st_size for path in pages.paths(corrected)}
    assert {path: size for path, size in sizes.items() if size > 40_960} == {}
