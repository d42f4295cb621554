"""What scripts add: keyboard, search, filters, sorting, copying, colours."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from . import pages
from .conftest import Open

_FOCUS = """() => {
  const node = document.activeElement, style = getComputedStyle(node), box = node.getBoundingClientRect();
  return { name: node.outerHTML.slice(0, 120), page: node === document.body,
           outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
           shadow: style.boxShadow,
           seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 };
}"""


def _records(site: Path) -> list[dict[str, Any]]:
    """Return the published records that are listed, by path."""
    found = []
    for file in sorted((site / "data").glob("*.jsonl")):
        if file.stem != "withheld":
            found += [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert found
    return found


def _with(site: Path, mark: str) -> str:
    """Return the page with the most table rows among those that contain a mark."""
    texts = {path: (site / path).read_text(encoding="utf-8") for path in pages.paths(site)}
    having = [path for path, text in texts.items() if mark in text]
    assert having, f"no page has {mark}"
    return max(having, key=lambda path: (texts[path].count("<tr"), path))


def test_skip_link_leads_to_the_content(served: str, opened: Open) -> None:
    """The first stop of the Tab key is a visible link that moves the focus to the content."""
    with opened() as page:
        page.goto(f"{served}papers.html")
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_is_always_visible(site: Path, served: str, opened: Open, scheme: str) -> None:
    """Whatever the Tab key reaches shows an outline."""
    wrong = []
    with opened(color_scheme=scheme) as page:
        for path in ("index.html", _with(site, "data-facets"), _with(site, "data-copy")):
            page.goto(served + path)
            for _ in range(30):
                page.keyboard.press("Tab")
                focus = page.evaluate(_FOCUS)
                if focus["page"]:
                    break
                if not focus["seen"] or (focus["outline"] < 1 and focus["shadow"] == "none"):
                    wrong.append(f"{path}: {focus}")
    assert wrong == []


def test_search_finds_a_record_by_its_title(site: Path, base: str, opened: Open) -> None:
    """Typing a title finds its record first, over http and from disk, and Enter opens it."""
    for record in _records(site):
        with opened() as page:
            page.goto(f"{base}about.html")
            field = page.get_by_role("combobox")
            field.click()
            field.press_sequentially(record["title"][:60])
            first = page.get_by_role("option").first
            expect(first).to_contain_text(record["title"])
            assert field.get_attribute("aria-expanded") == "true"
            field.press("Enter")
            page.wait_for_url(f"{base}papers/{record['id']}.html")


def test_search_says_when_nothing_is_found(base: str, opened: Open) -> None:
    """A search without result says so and offers all papers alone."""
    with opened() as page:
        page.goto(f"{base}index.html")
        page.get_by_role("combobox").press_sequentially("zzzyxq")
        expect(page.locator(".search [role=status]")).to_contain_text("No page and none of the newest")
        expect(page.get_by_role("option")).to_have_text(["Search all papers for “zzzyxq”"])


def _shown(page: Page) -> int:
    return page.locator("table[data-sortable] tbody tr:visible").count()


def test_filters_narrow_and_count(site: Path, base: str, opened: Open) -> None:
    """A facet leaves the rows that it counted, the count says so, the address keeps it, Clear undoes it."""
    path = _with(site, "data-facets")
    with opened() as page:
        page.goto(base + path)
        count, total = page.locator("form[data-facets] output"), _shown(page)
        expect(count).to_have_text(f"{total} of {total} shown")
        for box in page.locator("form[data-facets] input[type=checkbox]").all():
            stated = int(box.locator("xpath=..").inner_text().rpartition("(")[2].rstrip(") "))
            box.check()
            expect(count).to_have_text(f"{stated} of {total} shown")
            assert _shown(page) == stated
            assert box.get_attribute("value") in page.url
            box.uncheck()
        page.locator("form[data-facets] input[type=search]").fill("zzzyxq")
        expect(count).to_have_text(f"0 of {total} shown")
        page.get_by_role("button", name="Clear").click()
        expect(count).to_have_text(f"{total} of {total} shown")


def test_filter_state_is_kept_in_the_address(site: Path, base: str, opened: Open) -> None:
    """An address with filters opens the list filtered."""
    path = _with(site, "data-facets")
    with opened() as page:
        page.goto(f"{base}{path}#q=zzzyxq")
        expect(page.locator("form[data-facets] output")).to_contain_text("0 of ")


def test_sorting_says_its_direction(site: Path, base: str, opened: Open) -> None:
    """A column's button sorts by it, up and then down, and aria-sort tells which."""
    with opened() as page:
        page.goto(base + _with(site, "data-sortable"))
        table = page.locator("table[data-sortable]").first
        rows = table.locator("tbody tr")
        head = table.locator("thead th:has(button)").first
        key = """rows => rows.map(row => row.cells[0].dataset.value ?? row.cells[0].textContent.trim())"""
        for direction, turned in (("ascending", False), ("descending", True)):
            head.get_by_role("button").click()
            expect(head).to_have_attribute("aria-sort", direction)
            keys = rows.evaluate_all(key)
            assert keys == sorted(keys, key=str.casefold, reverse=turned)
        assert table.locator("thead th[aria-sort]").count() == 1


def test_copy_button_copies(site: Path, served: str, from_disk: str, opened: Open) -> None:
    """A copy button puts the text that it stands by on the clipboard and says so; from disk as well."""
    path = _with(site, "data-copy")
    with opened(permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(served + path)
        button = page.locator("[data-copy]:visible").first
        text = page.locator(button.get_attribute("data-copy") or "").text_content()
        button.click()
        expect(button).to_have_text("Copied")
        assert text
        assert page.evaluate("navigator.clipboard.readText()") == text
    with opened() as page:
        page.goto(from_disk + path)
        button = page.locator("[data-copy]:visible").first
        button.click()
        expect(button).to_have_text("Copied")


def test_colours_stay_as_chosen(base: str, opened: Open) -> None:
    """The chosen colours hold after a reload and on other pages, and can be given back to the system."""
    with opened(color_scheme="light") as page:
        page.goto(f"{base}index.html")
        toggle, root = page.locator("[data-theme-toggle]"), page.locator("html")
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        for choice in ("light", "dark"):
            toggle.click()
            expect(root).to_have_attribute("data-theme", choice)
        page.reload()
        expect(root).to_have_attribute("data-theme", "dark")
        page.goto(f"{base}papers.html")
        expect(root).to_have_attribute("data-theme", "dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
        page.locator("[data-theme-toggle]").click()
        assert root.get_attribute("data-theme") is None
