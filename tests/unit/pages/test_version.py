"""A published version never changes, whatever is filed later."""

import re

import orjson
import pytest

from colophon.contracts.correction_event import instant
from colophon.model import Artifact, Page
from colophon.pages.version import version
from colophon.store import Entry, WorkTree

from .registries import CORRECTED, ROOT, views

REGISTRY = WorkTree(str(ROOT / "tests" / "corrected"))
PLACE = f"{CORRECTED[:2]}/{CORRECTED}"
FOLDERS = (f"papers/{PLACE}/corrections", f"reviews/{PLACE}")
STEPS = 18
PAGES = STEPS + 1


class Until:
    """The corrected registry as it was when only some events and reviews had been filed."""

    def __init__(self, kept: frozenset[str]) -> None:
        self.kept = kept

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Leave out what was filed later."""
        found = REGISTRY.entries(folder)
        return tuple(one for one in found if folder not in FOLDERS or f"{folder}/{one.name}" in self.kept)

    def read(self, path: str) -> bytes:
        """Read what is there."""
        return REGISTRY.read(path)


def in_order() -> list[str]:
    """Return the events and reviews in the order in which they were filed; each day has one."""
    paths = [f"{folder}/{entry.name}" for folder in FOLDERS for entry in REGISTRY.entries(folder)]
    dates = {re.search(rb"(?m)^date: (.*)$", REGISTRY.read(path))[1].decode(): path for path in paths}  # type: ignore[index]
    assert len(dates) == len(paths) == STEPS
    return [dates[date] for date in sorted(dates, key=instant)]


def outputs(kept: list[str]) -> dict[str, Page | Artifact]:
    """Return the pages and files of all versions by path, when only these were filed."""
    (of,) = (one for one in views(Until(frozenset(kept))) if one.record.id == CORRECTED)
    return {output.path.rpartition("/")[2]: output for output in version(of)}


@pytest.fixture(scope="module")
def whole() -> dict[str, Page | Artifact]:
    """The versions of the record with its whole history."""
    return outputs(in_order())


def test_every_version_has_page_and_json(whole: dict[str, Page | Artifact]) -> None:
    """From the record as filed to the newest, without a gap."""
    assert set(whole) == {f"v{number}.{kind}" for number in range(1, PAGES + 1) for kind in ("html", "json")}


@pytest.mark.parametrize("number", range(1, STEPS + 1))
def test_what_is_filed_later_changes_no_byte(number: int, whole: dict[str, Page | Artifact]) -> None:
    """The JSON of v1 to vk is the same with the first events as with all of them."""
    early = {
        name: one.body for name, one in outputs(in_order()[:number]).items() if isinstance(one, Artifact)
    }
    assert set(early) == {f"v{one}.json" for one in range(1, number + 2)}
    assert early == {name: whole[name].body for name in early}


def test_a_record_without_events_has_no_versions() -> None:
    """There is one version only, and the paper's page is its page."""
    assert outputs([]) == {}


def test_a_page_says_which_version_it_is(whole: dict[str, Page | Artifact]) -> None:
    """It says so in title and text, links its neighbours and the paper, and holds no tier (it may change)."""
    for number in range(1, PAGES + 1):
        page = whole[f"v{number}.html"]
        assert isinstance(page, Page)
        assert page.title.startswith(f"Version {number} of {PAGES}: ")
        assert ("It is not the newest." in page.body) == (number < PAGES)
        assert f'href="../{CORRECTED}.html"' in page.body
        assert (f'rel="prev" href="v{number - 1}.html"' in page.body) == (number > 1)
        assert (f'rel="next" href="v{number + 1}.html"' in page.body) == (number < PAGES)
        assert "badge" not in page.body


def test_a_version_shows_the_record_as_it_was(whole: dict[str, Page | Artifact]) -> None:
    """The claim that the third event struck is struck from version 4 on; the state is that of then."""
    struck = [number for number in range(1, PAGES + 1) if "<del>" in str(whole[f"v{number}.html"].body)]
    assert struck == list(range(4, PAGES + 1))
    states = [
        re.search(r"The paper was then ([A-Z]+)\.", str(whole[f"v{number}.html"].body))[1]  # type: ignore[index]
        for number in (1, 2, 8, 11, 13, 15, 17)
    ]
    assert states == [
        "CURRENT",
        "CORRECTED",
        "DISPUTED",
        "SUPERSEDED",
        "WITHDRAWN",
        "RETRACTED",
        "SUPERSEDED",
    ]


def test_a_version_holds_one_event(whole: dict[str, Page | Artifact]) -> None:
    """Its JSON has the event that it began with, or that its review is about, and leads to the one before."""
    documents = [orjson.loads(whole[f"v{number}.json"].body) for number in range(1, PAGES + 1)]
    first, *later = documents
    assert (first["event"], first["previous"], first["began_with"]) == (None, None, None)
    for number, document in enumerate(later, 2):
        event, review = document["event"], document["event"]["confirmed_by"]
        assert document["began_with"] == (review or event)["id"]
        assert (review or event)["version"] == document["version"] == number
        assert document["previous"] == f"papers/{CORRECTED}/v{number - 1}.json"
        assert document["newest"] == f"papers/{CORRECTED}.json"
    confirmed = [one["event"] for one in later if one["event"]["confirmed_by"]]
    assert confirmed
    for event in confirmed:
        filed = documents[event["version"] - 1]["event"]
        assert (filed["id"], filed["outcome"], filed["confirmed_by"]) == (event["id"], "waits", None)


def test_a_page_leads_to_few_versions(whole: dict[str, Page | Artifact]) -> None:
    """To its neighbours, the first, the newest, and the list of all on the page of the paper."""
    for number in range(1, PAGES + 1):
        body = str(whole[f"v{number}.html"].body)
        linked = {int(found) for found in re.findall(r'href="v(\d+)\.html"', body)}
        near = {1, number - 1, number + 1, PAGES} & set(range(1, PAGES + 1)) - {number}
        assert linked == near
        assert f'href="../{CORRECTED}.html#versions"' in body
