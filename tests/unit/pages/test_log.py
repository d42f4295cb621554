"""What the lists and feeds of corrections are made of."""

import re
import xml.etree.ElementTree as ET

import pytest

from colophon.model import Artifact, Page
from colophon.pages import KINDS, _log, _log_feed
from colophon.pages.corrections_log import corrections_log
from colophon.views import last_change

from .fabricated import HOSTILE, history, judged, large, refusal, settings, small, view

ATOM = "{http://www.w3.org/2005/Atom}"
DOWN = judged(
    5, "WITHHELD", **history(5, ("CLAIM", "applied"), ("RETRACTION", "waits"), ("RETRACTION", "confirmed")),
    refusals=(refusal(5, "2026-11-02"),),
)  # fmt: skip


def test_an_entry_keeps_the_state_after_it() -> None:
    """What was filed later changes nothing of it, so a feed never sends it again."""
    states = [(one.kind, one.outcome, one.state, one.prefix) for one in _log.entries(DOWN)]
    assert states == [
        ("event", "applied", "CORRECTED", ""),
        ("event", "waits", "DISPUTED", ""),
        ("review", "confirmed", "RETRACTED", "RETRACTED: "),
        ("refusal", "declined", "DISPUTED", ""),
    ]


def test_nothing_unconfirmed_is_headed_as_done() -> None:
    """A stranger's RETRACTION is headed as not confirmed; only the review's entry says it plainly."""
    assert [one.heading for one in _log.entries(DOWN)] == [
        "CLAIM", "RETRACTION (not confirmed)", "RETRACTION", "DECLINED",
    ]  # fmt: skip
    assert [one.told for one in _log.entries(DOWN)][1:3] == ["Retracted (not confirmed)", "Retracted"]


def test_every_outcome_has_words() -> None:
    """What the fold can say, the log can show."""
    kinds = ("applied", "notice", "proposed", "waits", "not applied", "confirmed")
    assert set(_log.OUTCOMES) == {*kinds, "declined"}


def test_newest_first() -> None:
    """By date; nothing is left out."""
    found = _log.happened(large(60).everything)
    dates = [one.entry.date for one in found]
    assert dates == sorted(dates, reverse=True)
    assert len(found) == 60 // 4 * 2 + 60 // 5


def test_the_last_change_of_a_record() -> None:
    """Its newest event or decision, else its date, else nothing."""
    assert last_change(DOWN) == "2026-11-03T00:00:00Z"
    assert last_change(judged(1, "UNSAFE", refusals=(refusal(1),))) == "2026-12-01T00:00:00Z"
    assert last_change(judged(1, "UNSAFE")) == "2026-06-13T00:00:00Z"
    assert last_change(judged(1, "UNSAFE", submitted=None)) is None


def test_who_is_announced() -> None:
    """Listed papers, and those that were listed until they were taken back; none that was always withheld."""
    ids = {int(item.id[:8], 16) for item in small().announced}
    assert ids == {2, 3, 4, 5, 6, 7, 8, 9}
    rejected = judged(1, "WITHHELD", stated_decision="REJECT", **history(1, ("RETRACTION", "waits"),
                      ("RETRACTION", "confirmed")))  # fmt: skip
    assert view((rejected,)).announced == ()


def test_what_became_of_a_tier_counts_every_record_once() -> None:
    """The table sums up to all records, and a retracted one stands in the tier it was filed into."""
    page = next(iter(corrections_log(small())))
    assert isinstance(page, Page)
    rows = re.findall(r'badge--(\w+)".*?data-label="Papers">(\d+)</td>(.*)</tr>', page.body)
    assert sum(int(papers) for _, papers, _ in rows) == len(small().everything)
    retracted = {name: re.findall(r'"Retracted">(\d+) of', rest) for name, _, rest in rows}
    assert retracted["withheld"] == ["0"]
    assert sum(int(count) for found in retracted.values() for count in found) == 1


def test_the_log_holds_everything_once_by_month() -> None:
    """The months hold every entry exactly once, and the newest pages no more than 200."""
    registry = large()
    rows: dict[bool, int] = {True: 0, False: 0}
    for page in corrections_log(registry):
        assert isinstance(page, Page)
        rows[page.path.startswith("corrections-log/")] += page.body.count("<tr data-type=")
    assert rows == {True: len(_log.happened(registry.everything)), False: 200}
    assert rows[True] == 350


def test_an_empty_log_says_so() -> None:
    """Without any correction there is a page that says it, and no month."""
    [page] = corrections_log(view(()))
    assert isinstance(page, Page)
    assert "No correction was filed yet, and none was declined." in page.body
    assert "<form" not in page.body


@pytest.mark.parametrize("address", ["https://registry.example/", None])
def test_feeds_of_corrections_are_atom(address: str | None) -> None:
    """Ids are those of events, once each; dates, an author and a link everywhere; at most 50 entries."""
    newest = _log.happened(large(300).everything)
    own = _log.happened([DOWN])
    for body, number in (
        (_log_feed.registry_feed(settings(address), newest), 50),
        (_log_feed.paper_feed(settings(address), DOWN.id, HOSTILE, own), 4),
    ):
        root = ET.fromstring(body)
        entries = root.findall(f"{ATOM}entry")
        ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
        assert len(set(ids)) == len(ids) == number
        assert all(
            re.fullmatch(r"urn:colophon:(event|review|refusal):\d{4}-\d\d-\d\d-[0-9a-f]{12}", i) for i in ids
        )
        assert root.findtext(f"{ATOM}author/{ATOM}name") == "Test"
        assert root.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
        for entry in entries:
            [link] = entry.findall(f"{ATOM}link")
            assert link.attrib["href"].startswith("https://") == (address is not None)
            assert entry.findtext(f"{ATOM}content")


def test_one_entry_in_every_feed() -> None:
    """A reader that follows both feeds meets the same entry twice, not two."""
    [of_all] = (_log_feed.registry_feed(settings(), _log.happened([DOWN])),)
    of_one = _log_feed.paper_feed(settings(), DOWN.id, "A title", _log.happened([DOWN]))
    entries = [re.findall(r"(?s)<entry>.*?</entry>", body.decode()) for body in (of_all, of_one)]
    assert entries[0] == entries[1]
    assert len(entries[0]) == 4


def test_the_registry_feed_is_never_missing() -> None:
    """Without any correction it is an empty feed, so its address can be followed from the first day."""
    function = KINDS.all()["corrections_feed"].of_registry
    assert function is not None
    [artifact] = function(view(()))
    assert isinstance(artifact, Artifact)
    assert artifact.path == "corrections.atom"
    assert ET.fromstring(artifact.body).findtext(f"{ATOM}updated") == "2026-01-02T00:00:00Z"
