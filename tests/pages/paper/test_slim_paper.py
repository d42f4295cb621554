"""The short page of a paper on a slim site."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from colophon import frame
from colophon.frame import Frame
from colophon.model import ClaimRerun, Page
from colophon.pages.slim_paper import slim_paper
from colophon.views import RecordView

from .test_corrections import change
from .test_paper import ANYWHERE, ATTRIBUTES, Reader

# What even the largest record there can be takes, in its frame.
LIMIT = 30_000


def page(view: RecordView) -> Page:
    """The page of a record."""
    (found,) = slim_paper(view)
    assert isinstance(found, Page)
    return found


@pytest.fixture(scope="module")
def slim_frame(tmp_path_factory: pytest.TempPathFactory, hostile: RecordView) -> Frame:
    """The frame as a build of a slim site uses it."""
    return frame.render(tmp_path_factory.mktemp("work"), hostile.settings, use_cache=False).slim


def test_the_frame_is_small(slim_frame: Frame) -> None:
    """Around its content a page has less than 1,600 bytes."""
    assert len(slim_frame.pour(Page("papers/x.html", "", "", "papers", ""), "Registry")) < 1_600


def test_hostile_text_stays_text(hostile: RecordView, slim_frame: Frame) -> None:
    """No text of a record becomes an element, an attribute, a token of the frame or an unsafe link."""
    found = page(hostile)
    reader = Reader(f"{found.head}{found.body}")
    assert reader.open == []
    for tag, attributes in reader.elements:
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | ANYWHERE, (tag, attributes)
        assert not re.match(r"\s*(?!https:)[a-z]+:", attributes.get("href") or "", re.IGNORECASE)
    assert "alert(1)" in "".join(reader.texts)
    poured = slim_frame.pour(found, "x").decode()
    assert poured.count("<main") == 1
    assert "@@content@@" in poured


def test_the_largest_record_stays_short(largest: RecordView, slim_frame: Frame) -> None:
    """However much a record holds, its page is short and says how much is left."""
    found = page(largest)
    assert len(slim_frame.pour(found, largest.settings.name)) < LIMIT
    assert Reader(found.body).open == []
    assert re.search(r"and \d+ claims? more in the record", found.body)


def test_what_a_reader_needs_is_there(make_view: Any, make_finding: Any, make_event: Any) -> None:
    """Tier and state, title, abstract, findings, claims, sources and corrections, and where the rest is."""
    finding = make_finding("C101", "states 28 extracted claims, the record lists 2")
    view = make_view(findings=(finding,), events=(make_event(1, "The date was read wrongly."),))
    body = page(view).body
    manifest = view.record.manifest
    for text in (view.judged.derived.tier.value.capitalize(), "states 28 extracted claims", "The notice"):
        assert text in body
    assert all(f'<li id="{claim.id}">' in body for claim in manifest.claims)
    assert all(source.identifier in body for source in manifest.sources)
    assert f'href="{view.record.id}/v1.html"' in body
    assert 'href="../left-out.html"' in body


def test_what_is_not_shown_is_said(make_view: Callable[..., RecordView], make_example: Any) -> None:
    """A report that shows nothing gets a page that says so, and no empty list."""
    body = page(make_view(make_example("paper-manifest", "v1.1", "shows-nothing"))).body
    assert body.count("not shown") >= 3
    assert "No rule found a fault." in body
    assert '<ul class="plain">\n</ul>' not in body


def test_what_was_struck_is_struck(make_view: Any, make_event: Any) -> None:
    """A claim or a source that a correction struck stands there as such."""
    changes = [change(f"/{of}/0/struck", True) for of in ("claims", "sources")]
    view = make_view(events=(make_event(1, "Not a claim.", "CLAIM", reason="other", changes=changes),))
    manifest = view.record.manifest
    assert manifest.claims[0].struck
    assert manifest.sources[0].struck
    struck = re.findall("<del>(.*?)</del>", page(view).body)
    assert len(struck) == 2


def test_what_was_declined_is_told(make_view: Any, make_refusal: Any) -> None:
    """A paper of which only a correction was declined has that, at the address to which the log leads."""
    body = page(make_view(refusals=(make_refusal(1, "Nothing is wrong with it."),))).body
    assert '<h2 id="corrections">' in body
    assert "Declined" in body
    assert "Nothing is wrong with it." in body


def test_a_stranger_is_named(make_view: Any) -> None:
    """What somebody says of a claim who is not of the registry stands there with that name."""
    view = make_view()
    claim = view.record.manifest.claims[0].id
    said = ClaimRerun(
        claim, "UNVERIFIED", None, "direct", None, is_confined=False, experiment="x",
        binding="bindings/x/y.json", statement="It holds.", reason="", sender="Eve Example",
    )  # fmt: skip
    derived = replace(view.judged.derived, reruns=(said,))
    body = page(replace(view, judged=replace(view.judged, derived=derived))).body
    assert "says <bdi>Eve Example</bdi>, not confirmed" in body
