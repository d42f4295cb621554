"""The browser computes each tier again: the same function in JavaScript, run on a thousand records."""

from pathlib import Path

from colophon.rules.recompute import tier_inputs, tier_of

from ..tier_cases import RECORDS, generated
from .conftest import Open


def test_both_languages_agree_on_a_thousand_records(site: Path, base: str, opened: Open) -> None:
    """The table is the same in both languages, and has every tier."""
    inputs = [tier_inputs(generated(number)) for number in range(RECORDS)]
    paper = next(iter(sorted((site / "papers").glob("*-*-*.html"))))
    with opened() as page:
        page.goto(f"{base}papers/{paper.name}")
        found = page.evaluate("(all) => all.map(evidenceTier)", inputs)
    assert found == [tier_of(one) for one in inputs]
    assert len(set(found)) == 6


def test_every_paper_page_agrees_with_its_own_numbers(site: Path, base: str, opened: Open) -> None:
    """Each page shows that the browser came to the tier that it bears."""
    with opened() as page:
        for paper in sorted((site / "papers").glob("*-*-*.html")):
            page.goto(f"{base}papers/{paper.name}")
            told = page.locator(".recompute")
            assert "as this page says" in (told.text_content() or "")
            assert "agrees" in (told.get_attribute("class") or "")
