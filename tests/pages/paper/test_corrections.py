"""What the pages of a paper say of its corrections: first screen, notices, versions, forms."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import orjson
import pytest

from colophon import contracts, frame, schema, yaml_guard
from colophon.amend import Refused, amend
from colophon.contracts.correction_event import Event
from colophon.frame import Frame
from colophon.model import Artifact, Page
from colophon.pages.correct import correct
from colophon.pages.event import event
from colophon.pages.paper import paper
from colophon.pages.version import version
from colophon.views import RecordView

from .test_paper import ANYWHERE, ATTRIBUTES, LIMIT, Reader

FORM = {"tabindex", "data-event", "data-last", "data-without-script"}
FORGE = {"repository_url": "https://github.com/press/registry", "forge": "github"}


def change(pointer: str, new: Any, document: str = "manifest", **old: Any) -> dict[str, Any]:
    """Return a change as an event holds it."""
    return {"document": document, "pointer": pointer, **old, "new": new}


def page_of(view: RecordView) -> str:
    """Return the body of the paper's own page."""
    return next(one.body for one in paper(view) if one.path == f"papers/{view.record.id}.html")  # type: ignore[union-attr]


def pages_of(view: RecordView) -> Iterator[Page]:
    """Yield every page of a record that this folder is about."""
    for kind in (paper, event, version, correct):
        yield from (one for one in kind(view) if isinstance(one, Page))


@pytest.fixture(scope="module")
def site_frame(tmp_path_factory: pytest.TempPathFactory, hostile: RecordView) -> Frame:
    """The frame as a build uses it."""
    return frame.render(tmp_path_factory.mktemp("work"), hostile.settings, use_cache=False).frame


def test_the_state_and_its_newest_event_stand_first(make_view: Any, make_event: Any) -> None:
    """State, type, reason, day, name and the whole note stand before the tier, with a link to the notice."""
    note = "The numbers differ.\n" * 190
    events = (
        make_event(1, "An older one.", "DISPUTE", reason="other"),
        make_event(2, note, "DISPUTE", "Ada", reason="counts-disagree"),
    )
    body = page_of(make_view(events=events))
    first = body[: body.index('class="verdict')]
    assert '<strong class="state-word">DISPUTED</strong> since <time' in first
    assert "Counts disagree; filed under the name <bdi>Ada</bdi>" in first
    assert note.strip() in first
    assert f'href="11111111-1111-4111-8111-111111111111/{events[1].id}.html"' in first
    assert "An older one" not in first
    assert "All 2 corrections" in first
    assert first.index("<h1>") < first.index("DISPUTED")


def test_what_was_taken_back_says_so_before_all_else(
    make_view: Any, make_event: Any, make_review: Any
) -> None:
    """A confirmed retraction stands before the title, which bears the word; the content stays below."""
    retraction = make_event(1, "It was made up.", "RETRACTION", "Example Press", reason="flawed-method")
    body = page_of(make_view(events=(retraction, make_review(1, retraction))))
    box = body[: body.index("<h1>")]
    assert "RETRACTED" in box
    assert "It was made up." in box
    assert "Flawed method; filed under the name <bdi>Example Press</bdi>, confirmed by a review" in box
    assert '<span class="prefix">RETRACTED: </span>' in body
    assert 'id="claims"' in body


def test_an_unconfirmed_retraction_is_a_dispute(make_view: Any, make_event: Any) -> None:
    """A typed name proves nobody: nothing stands before the title, and the page says what it waits for."""
    body = page_of(make_view(events=(make_event(1, "Bad.", "RETRACTION", reason="other"),)))
    assert "DISPUTED" in body[body.index("<h1>") :]
    assert "RETRACTED" not in body
    assert "Retracted (not confirmed): " in body
    assert "Waits for a review: a typed name proves nobody." in body


def test_a_removed_file_is_named(make_view: Any, make_event: Any) -> None:
    """The page says what is missing, why, by whose authority, and what its digest was."""
    digest = "sha256:" + "ab" * 32
    removal = {"authority": "A court <b>", "file": "report.txt", "sha256": digest}
    filed = make_event(1, "It named a patient.", "REMOVAL", reason="privacy", removal=removal)
    body = page_of(make_view(events=(filed,), removed=("report.txt",)))
    box = body[: body.index("<h1>")]
    for said in (
        "REMOVED",
        "the report as it was received",
        "Privacy",
        "A court &lt;b&gt;",
        "patient",
        digest,
    ):
        assert said in box
    kept = page_of(make_view(events=(filed,)))
    assert "REMOVED</strong>" not in kept


def test_a_reinstated_paper_says_so(make_view: Any, make_event: Any, make_review: Any) -> None:
    """A paper that stands again is CURRENT, and its first screen says since when."""
    gone = make_event(1, "Taken back.", "WITHDRAWAL", reason="other")
    again = make_event(2, "It stands again.", "REINSTATEMENT", reason="error-in-notice")
    body = page_of(make_view(events=(gone, make_review(1, gone), again, make_review(2, again))))
    assert '<strong class="state-word">CURRENT</strong> since' in body
    assert "It stands again." in body[: body.index('class="verdict')]


def test_proposals_stand_beside_what_they_are_about(make_view: Any, make_event: Any) -> None:
    """A proposed wording stands at its claim, its field, or in its section, with name and notice."""
    proposed = [
        change("/claims/1/text", "Better <i>words</i>.", old="x"),
        change("/abstract", "Another abstract.", old="x"),
        change("/stated/claims_extracted", 4711, old=1),
        change("/generator", "Another model", "provenance", old="x"),
        change("/sources/-", {"kind": "arxiv", "identifier": "2507.13374"}),
    ]
    filed = make_event(1, "So.", "DISPUTE", "Ada", reason="other", proposed=proposed)
    body = page_of(make_view(events=(filed,)))
    row = body[body.index('<tr id="c002"') :]
    said = "Proposed by <bdi>Ada</bdi>"
    assert f"{said}: <q><bdi>Better &lt;i&gt;words&lt;/i&gt;.</bdi></q>" in row[: row.index("</tr>")]
    for words in ("Another abstract.", "4711", "Another model", "2507.13374"):
        assert re.search(rf"{said}[^<]*: <q><bdi>{words}</bdi></q> <a href=\"[^\"]*{filed.id}.html\">", body)


def test_what_was_answered_is_no_longer_proposed(make_view: Any, make_event: Any, make_review: Any) -> None:
    """A reinstatement that answers what was disputed, or the value itself, ends a proposal."""
    filed = make_event(1, "So.", "DISPUTE", reason="other", proposed=[change("/abstract", "New.", old="x")])
    answer = make_event(2, "Answered.", "REINSTATEMENT", reason="dispute-resolved")
    assert "Proposed by" in page_of(make_view(events=(filed,)))
    assert "Proposed by" not in page_of(make_view(events=(filed, answer, make_review(1, answer))))
    title = make_view().record.manifest.title
    same = make_event(1, "So.", "DISPUTE", reason="other", proposed=[change("/title", title, old="x")])
    assert "Proposed by" not in page_of(make_view(events=(same,)))


def test_struck_items_stay_and_name_the_event(make_view: Any, make_event: Any) -> None:
    """A struck claim and a struck source are struck through and link the event."""
    changes = [change("/claims/0/struck", True), change("/sources/0/struck", True)]
    filed = make_event(1, "Not a claim.", "CLAIM", reason="other", changes=changes)
    body = page_of(make_view(events=(filed,)))
    struck = f'{filed.id}.html">struck by a correction</a>'
    assert body.count(struck) == 2
    assert body.count("<del><bdi>") >= 1
    assert "Claim c001: struck out; it stays in its place" in body


def test_refusals_keep_what_was_asked(make_view: Any, make_refusal: Any) -> None:
    """A declined correction is shown with reason, name and what was asked for."""
    body = page_of(make_view(refusals=(make_refusal(1, "No source says so.", url="https://a.example/1"),)))
    assert "<strong>Declined</strong>: no evidence" in body
    assert "Rae Example" in body
    assert body.count("No source says so.") == 2
    assert 'href="https://a.example/1"' in body


def test_a_notice_says_everything(make_view: Any, make_event: Any, make_review: Any) -> None:
    """The page of an event has note, evidence, difference, review, versions, file and the terms of others."""
    license_ = make_view().record.manifest.license
    assert license_ is not None
    filed = make_event(
        1, "It is another one.", "METADATA", "Ada", ("https://a.example/x", "javascript:alert(1)"),
        reason="publisher-revision", changes=[change("/license", f"{license_} or later", old=license_)],
    )  # fmt: skip
    view = make_view(events=(filed, make_review(1, filed, "Their page.")), **FORGE)
    (page,) = event(view)
    assert isinstance(page, Page)
    assert page.path == f"papers/{view.record.id}/{filed.id}.html"
    text = "".join(Reader(page.body).texts)
    for said in (
        "It is another one.",
        "javascript:alert(1)",
        "Rae Example",
        "Their page.",
        "CORRECTED",
        filed.sha256,
    ):
        assert said in text
    assert f"<bdi>{license_}<ins> or later</ins></bdi>" in page.body
    assert "Crossref: correction" in text
    assert 'href="v1.html"' in page.body
    assert 'href="v3.html"' in page.body
    assert f"blob/main/registry/papers/11/{view.record.id}/corrections/event-1.yaml" in page.body


def test_what_is_not_applied_says_why(make_view: Any, make_event: Any) -> None:
    """An event that does not fit is shown with the reason, on the paper's page and on its own."""
    filed = make_event(1, "Late.", changes=[change("/license", "CC0", old="MIT")])
    view = make_view(events=(filed,))
    for body in (page_of(view), *(one.body for one in event(view) if isinstance(one, Page))):
        assert "Not applied: it changes nothing." in body
        assert "old is &quot;MIT&quot;" in body


def test_events_of_the_same_bytes_are_one(make_view: Any, make_event: Any) -> None:
    """Two files of the same bytes have one id, so they have one page and one entry."""
    filed = make_event(1, "Twice.", "DISPUTE", reason="other")
    view = make_view(events=(filed, replace(filed, slug="again")))
    assert len(list(event(view))) == 1
    assert page_of(view).count(f'id="event-{filed.id}"') == 1


def test_versions_keep_their_bytes(make_view: Any, make_event: Any) -> None:
    """Every version has page and JSON; what is filed later changes none of the JSON that is published."""
    first = make_event(
        1, "One.", changes=[change("/license", "CC0", old=make_view().record.manifest.license)]
    )
    second = make_event(2, "Two.", "DISPUTE", reason="other")

    def documents(*events: Any) -> dict[str, bytes]:
        found = version(make_view(events=events, site_url="https://press.example/"))
        return {one.path: one.body for one in found if isinstance(one, Artifact)}

    assert documents() == {}
    early, late = documents(first), documents(first, second)
    assert early.items() < late.items()
    assert len(late) == 3
    for body in late.values():
        document = orjson.loads(body)
        assert schema.faults("record-version-v1", document) == ()
    assert [orjson.loads(body)["correction_state"] for body in late.values()] == [
        "CURRENT", "CORRECTED", "DISPUTED"
    ]  # fmt: skip


def test_a_version_says_which_it_is(make_view: Any, make_event: Any) -> None:
    """A version's page says that it is not the newest, names what began it and has no tier."""
    filed = make_event(1, "One.", changes=[change("/claims/0/struck", True)])
    view = make_view(events=(filed,), site_url="https://press.example/")
    first, newest = (one for one in version(view) if isinstance(one, Page))
    assert "This is the record as it was filed." in first.body
    assert "It is not the newest." in first.body
    assert f'href="https://press.example/papers/{view.record.id}.html"' in first.head
    assert f'<a href="{filed.id}.html">metadata corrected</a>' in newest.body
    assert "<del>" in newest.body
    assert "<del>" not in first.body
    assert "badge" not in first.body + newest.body


@pytest.mark.parametrize("forge", [{}, FORGE], ids=["copied", "prefilled"])
def test_forms_are_files_that_may_be_filed(
    make_view: Any, make_event: Any, make_finding: Any, forge: dict[str, str]
) -> None:
    """With a date, each form is a valid event, its `old` is the current value and its name is free."""
    findings = (
        make_finding("C101", "differs", pointer="/stated/claims_extracted"),
        make_finding("X101", "cut"),
    )
    taken = replace(make_event(1, "Taken.", "DISPUTE", reason="other"), slug="claim-c001")
    view = make_view(findings=findings, events=(taken,), **forge)
    forms = view.forms
    assert [form.anchor for form in forms][:2] == ["paper", "title"]
    assert {"c001", "c002", "f1", "f2"} <= {form.anchor for form in forms}
    assert "corrections/claim-c001.yaml" not in " ".join(form.path for form in forms)
    for form in forms:
        tree = yaml_guard.read(form.text.replace("YYYY-MM-DD", "2026-03-02").encode()).value
        document = schema.typed("correction-event-v1", tree)
        assert schema.faults("correction-event-v1", document) == ()
        for one in cast(Event, contracts.read(document)).proposed:
            wrong = amend(view.record.current.named(one.document), one)
            assert isinstance(wrong, Refused)
            assert wrong.code == "H305"
        assert bool(form.link) == bool(forge)
        assert len(form.link) <= 7_000


def test_forms_give_the_reason_that_a_rule_found(make_view: Any, make_finding: Any) -> None:
    """A finding's form has the code that fits the rule, in the words of the vocabulary."""
    view = make_view(findings=(make_finding("C101", "differs"), make_finding("X101", "cut")))
    texts = [form.text for form in view.forms if form.anchor in ("f1", "f2")]
    assert ["counts-disagree" in text or "cut-text" in text for text in texts] == [True, True]


def test_every_correct_link_finds_its_form(make_view: Any, make_example: Any, make_finding: Any) -> None:
    """However many pages the forms take, each link beside a claim or finding names the page of its form."""
    manifest = make_example("paper-manifest", "v1.1")
    manifest["claims"] = [{**manifest["claims"][1], "id": f"c{n:03d}"} for n in range(1, 301)]
    view = make_view(manifest, findings=(make_finding("C101", "differs"),))
    forms = {
        one.path.rpartition("/")[2]: Reader(one.body).ids() for one in correct(view) if isinstance(one, Page)
    }
    assert len(forms) > 2
    links = re.findall(r'class="correct" href="(?:[0-9a-f-]{36}/)?([^"#]+)#([^"]+)"', "".join(
        one.body for one in paper(view) if isinstance(one, Page)
    ))  # fmt: skip
    assert len(links) == 301
    assert all(anchor in forms[name] for name, anchor in links)
    assert next(form.page for form in view.forms if form.anchor == "c300") != "correct.html"


def test_hostile_text_stays_text(hostile: RecordView) -> None:
    """No text of an event becomes an element, an attribute or an unsafe link on any of the pages."""
    for page in pages_of(hostile):
        reader = Reader(f"{page.head}{page.body}")
        assert reader.open == []
        for tag, attributes in reader.elements:
            allowed = ATTRIBUTES.get(tag, set()) | ANYWHERE | FORM
            assert set(attributes) <= allowed, (tag, attributes)
            href = attributes.get("href") or ""
            assert not re.match(r"\s*(?!https:)[a-z]+:", href, re.IGNORECASE), href


def test_no_page_passes_40_kb(largest: RecordView, site_frame: Frame) -> None:
    """Whatever an event holds, its page, the versions and the forms stay below 40 KB."""
    steps, history = largest.record.steps[:2], largest.judged.facts.history[:2]
    judged = replace(largest.judged, facts=replace(largest.judged.facts, history=history))
    few = replace(largest, record=replace(largest.record, steps=steps), judged=judged)
    for kind, view in ((event, largest), (version, few), (correct, largest)):
        for page in kind(view):
            if isinstance(page, Page):
                assert len(site_frame.pour(page, "x")) < LIMIT, page.path
                assert Reader(f"{page.head}{page.body}").open == []


def test_a_long_note_is_whole_in_its_notice(make_view: Any, make_event: Any, site_frame: Frame) -> None:
    """Four thousand of the dearest characters stand in full on the page of the event."""
    note = "'" * 4_000
    (page,) = event(make_view(events=(make_event(1, note, "DISPUTE", reason="other"),)))
    assert isinstance(page, Page)
    assert note in html.unescape(page.body)
    assert len(site_frame.pour(page, "x")) < LIMIT
