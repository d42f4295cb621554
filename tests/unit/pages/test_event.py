"""The page of an event, and what many or hostile events do to the pages of their paper."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from colophon import frame
from colophon.frame import Frame
from colophon.model import Page
from colophon.pages.correct import correct
from colophon.pages.event import event
from colophon.pages.paper import paper
from colophon.pages.version import version
from colophon.views import RecordView

from ...pages.paper import conftest as made
from ...pages.paper.test_paper import Reader
from .registries import CORRECTED, REGISTRIES, views

LIMIT = 40_000
NOTE = '<&"' * 1_333 + "<"
ADDRESSES = tuple(f"https://press.example/{number:03}?{'&' * 400}" for number in range(50))
FORGE = {"repository_url": "https://github.com/press/registry", "forge": "github"}


def changes(old: str, new: str, number: int = 100) -> list[dict[str, Any]]:
    """Return many changes of long texts."""
    return [
        {"document": "manifest", "pointer": f"/claims/{place}/text", "old": old, "new": new}
        for place in range(number)
    ]


def words(letter: str) -> str:
    """Return a text of the greatest length, of words that another letter's text has none of."""
    return "".join(f"{letter}{number} " for number in range(5_000))[:20_000]


HOSTILE: dict[str, tuple[str, str]] = {
    "signs": ("<" * 20_000, "&" * 20_000),
    "quotes": ("'\" " * 6_666, "\"' " * 6_666),
    "words": (words("a"), words("b")),
    "every second word": ("x a " * 5_000, "x b " * 5_000),
    "one word": ("a" * 20_000, "a" * 19_999 + "b"),
    "astral": ("𝒳" * 20_000, "𝒳 " * 10_000),
    "one letter of many": (words("a"), words("a").replace("a2500", "b2500")),
}


@pytest.fixture(scope="module")
def poured(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Page], int]:
    """Return how large a page is, with its frame."""
    held: Frame = frame.render(tmp_path_factory.mktemp("work"), made.settings(), use_cache=False).frame
    return lambda page: len(held.pour(page, "Example registry"))


def pages(of: RecordView) -> Iterator[Page]:
    """Yield every page of a record."""
    for kind in (paper, event, version, correct):
        yield from (one for one in kind(of) if isinstance(one, Page))


@pytest.mark.parametrize("texts", HOSTILE)
def test_a_hostile_event_fits(texts: str, poured: Callable[[Page], int]) -> None:
    """A hundred changes of 20,000 characters, the dearest note and fifty addresses: no page passes 40 KB."""
    proposed = changes(*HOSTILE[texts])
    assert len(NOTE) == 4_000
    filed = made.event(1, NOTE, "DISPUTE", NOTE[:200], ADDRESSES, reason="other", proposed=proposed)
    for page in pages(made.view(events=(filed,), **FORGE)):
        assert poured(page) < LIMIT, page.path
        assert Reader(page.body).open == [], page.path


def test_what_does_not_fit_is_counted(poured: Callable[[Page], int]) -> None:
    """The note is whole; of changes and addresses the page says how many more the JSON has."""
    filed = made.event(
        1, NOTE, "DISPUTE", "Ada", ADDRESSES, reason="other", proposed=changes(*HOSTILE["words"])
    )
    (page,) = event(made.view(events=(filed,)))
    assert isinstance(page, Page)
    text = "".join(Reader(page.body).texts)
    assert NOTE in text
    shown = page.body.count('<p class="where">')
    assert f"and {100 - shown} more in the JSON" in text
    linked = page.body.count('href="https://press.example/')
    assert f"and {50 - linked} more in the JSON" in text
    assert shown > 0
    assert linked > 0


def test_two_hundred_events(poured: Callable[[Page], int]) -> None:
    """They fill further pages of the paper; each has notice, entry and version, and no page is large."""
    events = tuple(
        made.event(number, NOTE, "DISPUTE", "Ada", ADDRESSES[:3], reason="other",
                   proposed=changes("old words", f"new words {number}", 3))
        for number in range(200)
    )  # fmt: skip
    of = made.view(events=events)
    first = [one for one in paper(of) if isinstance(one, Page)]
    for page in (*first, *(one for kind in (event, correct) for one in kind(of) if isinstance(one, Page))):
        assert poured(page) < LIMIT, page.path
    bodies = "".join(page.body for page in first)
    assert all(bodies.count(f'id="event-{filed.id}"') == 1 for filed in events)
    assert len(list(event(of))) == 200
    assert all(f'v{number}.html">Version {number}<' in bodies for number in range(1, 202))


@pytest.fixture(scope="module")
def corrected() -> dict[str, Page]:
    """The notices of the record that has an event of every type, by type."""
    (of,) = (one for one in views(REGISTRIES[2]) if one.record.id == CORRECTED)
    slugs = {filed.id: filed.slug for filed in of.record.events}
    found = (page for page in event(of) if isinstance(page, Page))
    return {slugs[page.path.rpartition("/")[2].removesuffix(".html")]: page for page in found}


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("licence", "Applied: since then the record reads as shown here."),
        ("count-of-claims", "A proposal: it stands beside the text"),
        ("looked-into", "A notice: it changes no field"),
        ("unsound", "Confirmed by a review, and in effect since then."),
        ("question-copied", "Waits for a review: a typed name proves nobody."),
        ("stale", "Not applied: it changes nothing."),
        ("report-removed", "By authority of"),
        ("newer-report", "The paper that takes its place"),
        ("report-file", ", an agent"),
        ("claim-of-training", "struck out; it stays in its place"),
    ],
)
def test_what_became_of_it_in_words(slug: str, said: str, corrected: dict[str, Page]) -> None:
    """Each outcome is said in a sentence; removals, successors and agents are named as such."""
    assert said in " ".join("".join(Reader(corrected[slug].body).texts).split())


def test_a_review_tells_what_was_looked_at(corrected: dict[str, Page]) -> None:
    """Who confirmed it, and by what; an event that still waits has none."""
    confirmed = {slug for slug, page in corrected.items() if "a maintainer, looked at" in page.body}
    assert confirmed == {"newer-report", "taken-back", "unsound", "stands-again"}
    assert "https://press.example/notices" in corrected["unsound"].body


def test_every_type_has_a_notice(corrected: dict[str, Page]) -> None:
    """Thirteen types, fourteen events, each under an id of its own, with the terms of others."""
    assert len(corrected) == len({page.path for page in corrected.values()}) == 14
    assert "Crossref: retraction" in corrected["unsound"].body
    assert "DataCite: Other, retraction notice" in corrected["unsound"].body


def test_without_a_forge_there_is_no_dead_link() -> None:
    """Where no forge is known the file is named and not linked."""
    filed = made.event(1, "So.", "DISPUTE", reason="other")
    (page,) = event(made.view(events=(filed,)))
    assert isinstance(page, Page)
    assert "corrections/event-1.yaml" in page.body
    assert 'href=""' not in page.body
