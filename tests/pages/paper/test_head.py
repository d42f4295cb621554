"""What a paper page says to machines in its head."""

import re
from dataclasses import replace
from typing import Any

import orjson
import pytest

from colophon.index import EventFacts, RefusalFacts
from colophon.model import Judgement
from colophon.pages._record_head import head, json_ld
from colophon.rules.state import correction_state
from colophon.views import RecordView

SITE = "https://press.example/"
REFUSAL = RefusalFacts(
    "2026-03-01-0123456789ab", "no", "2026-03-01", "Rae Example", "other", "No.", "Please."
)


def step(number: int, kind: str, outcome: str, note: str = "It is wrong.") -> EventFacts:
    """Return the step of an event."""
    return EventFacts(
        number, f"2026-03-01-{number:012x}", f"event-{number}", number + 1, kind, None,
        f"2026-03-01T00:00:{number % 60:02d}Z", "Ada Example", "person", note, outcome, None,
        "2026-03-02-0123456789ab" if outcome == "confirmed" else "",
    )  # fmt: skip


def having(view: RecordView, *steps: EventFacts, tier: str | None = None, **facts: Any) -> RecordView:
    """Return a view with these steps of history, in a tier."""
    judged = view.judged
    derived = replace(
        judged.derived,
        state=correction_state(steps),
        tier=Judgement(tier, ("a reason",)) if tier else judged.derived.tier,
    )
    return replace(
        view, judged=replace(judged, facts=replace(judged.facts, history=steps, **facts), derived=derived)
    )


@pytest.mark.parametrize(
    ("tier", "citable"),
    [
        ("WITHHELD", False), ("UNSAFE", False), ("UNCHECKED", False), ("LOCATED", False),
        ("MOSTLY_GROUNDED", True), ("GROUNDED", True),
    ],
)  # fmt: skip
def test_tags_for_indexes_only_where_most_claims_were_found(make_view: Any, tier: str, citable: bool) -> None:
    """No index is asked to list a work as citable before most of its claims were found in their sources."""
    top = head(having(make_view(site_url=SITE), tier=tier))
    assert ('name="citation_title"' in top) == ("citation_" in top) == citable
    assert 'rel="canonical"' in top
    assert 'rel="cite-as"' in top
    assert 'rel="describedby"' in top
    assert "noindex" not in top


def test_a_feed_is_named_where_there_is_one(make_view: Any) -> None:
    """A paper that something happened to, or whose correction was declined, has a feed; no other has."""
    view = make_view()
    assert "atom+xml" not in head(view)
    assert f'href="{view.record.id}/feed.atom"' in head(having(view, step(1, "DISPUTE", "notice")))
    assert f'href="{view.record.id}/feed.atom"' in head(having(view, refusals=(REFUSAL,)))


def test_corrections_are_named_newest_first(make_view: Any) -> None:
    """What was not applied corrects nothing; what waits is named as that; addresses need that of the site."""
    steps = (
        step(1, "METADATA", "applied"), step(2, "CLAIM", "not applied"), step(3, "RETRACTION", "waits"),
    )  # fmt: skip
    document = json_ld(having(make_view(site_url=SITE), *steps))
    assert [one["name"] for one in document["correction"]] == ["RETRACTION (not confirmed)", "METADATA"]
    assert document["correction"][1] == {
        "@type": "CorrectionComment", "name": "METADATA", "text": "It is wrong.",
        "datePublished": "2026-03-01T00:00:01Z",
        "url": f"{SITE}papers/{document['identifier']}/2026-03-01-000000000001.html",
    }  # fmt: skip
    assert document["version"] == 4
    assert document["creativeWorkStatus"].endswith("; state DISPUTED")
    assert "url" not in json_ld(having(make_view(), *steps))["correction"][0]


def test_the_name_says_a_retraction_first(make_view: Any) -> None:
    """As the title of a citation does; what only waits says nothing there."""
    view = make_view()
    plain = json_ld(view)["name"]
    assert json_ld(having(view, step(1, "RETRACTION", "confirmed")))["name"] == f"RETRACTED: {plain}"
    assert json_ld(having(view, step(1, "RETRACTION", "waits")))["name"] == plain


def test_a_struck_source_is_cited_nowhere(make_view: Any, make_example: Any) -> None:
    """Neither as a citation nor as what the work is based on."""
    manifest = make_example("paper-manifest", "v1.1")
    whole = json_ld(make_view(manifest))
    manifest["sources"][0]["struck"] = True
    struck = json_ld(make_view(manifest))
    assert whole["citation"][1:] == struck["citation"]
    assert manifest["sources"][0]["identifier"] not in str(struck)
    assert whole["isBasedOn"]
    assert set(struck.get("isBasedOn", ())) < set(whole["isBasedOn"])


def test_json_ld_stays_small(make_view: Any, largest: RecordView) -> None:
    """Below 5,000 bytes with the longest texts and many corrections; the newest of these are kept."""
    steps = [step(number, "METADATA", "applied", "\U0001f600" * 240) for number in range(1, 60)]
    for view in (make_view(site_url=SITE), largest):
        document = json_ld(having(view, *steps))
        assert len(orjson.dumps(document)) <= 5_000
        if document.get("correction"):
            assert document["correction"][0]["datePublished"].endswith("59Z")
    assert json_ld(having(make_view(site_url=SITE), *steps))["correction"]


def test_no_text_ends_the_script(make_view: Any) -> None:
    """A note is text in JSON-LD, too."""
    top = head(having(make_view(), step(1, "DISPUTE", "notice", "</script><b>&")))
    assert len(re.findall("</script>", top)) == 1
    assert "<b>" not in top
