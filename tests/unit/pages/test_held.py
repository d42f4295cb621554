"""What is held of a source is said in the same words on the page of a paper and in lists."""

from typing import Any

import pytest

from colophon.evidence import InHand
from colophon.pages._held import held_in_words, holdings_in_words, status_in_words
from colophon.pages._record_lists import Listing

from ..held import held

PRINT = {"method": "winnow-1", "words": 9, "positions": [0], "hashes": ["0" * 16]}
TABLE = {"label": "Table 1", "caption": "", "columns": ["a"], "rows": [["1"]]}
LICENSE = {"license": {"id": "CC-BY-4.0", "url": None}}


def test_what_is_held_in_words() -> None:
    """Kind, day and license; an unknown license of a text is named, nothing held is no row of facts."""
    assert held_in_words(None) is None
    known = held_in_words(InHand("abstract", "2026-11-20", ""))
    assert known == {
        "what": "abstract", "day": "2026-11-20", "day_text": "20 November 2026", "license": "license unknown"
    }  # fmt: skip
    bare = held_in_words(InHand("metadata", "2026-11-20", ""))
    assert bare is not None
    assert (bare["what"], bare["license"]) == ("nothing but its metadata", "")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "nothing but its metadata, filed on 20 November 2026"),
        ({"holds": "full", "text": "x", "tables": [TABLE] * 2, "version": "v2", **LICENSE},
         "full text and 2 tables, CC-BY-4.0, v2, filed on 20 November 2026"),
        ({"holds": "abstract", "fingerprint": PRINT},
         "fingerprint of the abstract, license unknown, filed on 20 November 2026"),
        ({"holds": "full", "tables": [TABLE], **LICENSE}, "1 table, CC-BY-4.0, filed on 20 November 2026"),
    ],
)  # fmt: skip
def test_each_holding_has_a_line(changes: dict[str, Any], line: str) -> None:
    """It says all that the holding is, and nothing that it is not."""
    assert holdings_in_words([held(**changes)]) == [line]


@pytest.mark.parametrize("retraction", ["none", "concern", "withdrawn", "retracted", "unknown"])
@pytest.mark.parametrize("publication", ["preprint", "published", "unknown"])
def test_every_status_has_words(retraction: str, publication: str) -> None:
    """Every value of the contract; unknown is one of them, and nobody asked is another."""
    found = status_in_words(InHand("metadata", "2026-11-20", "", "2026-11-21", publication, retraction))
    assert found is not None
    assert found["retraction"]
    assert found["publication"]
    assert found["is_grave"] == (retraction in {"concern", "withdrawn", "retracted"})
    assert found["latest"] == "latest version unknown"
    assert status_in_words(InHand("metadata", "2026-11-20", "")) is None
    assert status_in_words(None) is None


def test_a_retraction_stands_out_below_the_source_on_a_paper_page() -> None:
    """Held and status are lines of their own; a grave status is marked as it is in the list of sources."""
    asked = InHand("abstract", "2026-11-20", "", "2026-11-21", "preprint", "retracted", "v3")
    item = {
        "id": "s001", "name": "arXiv 1", "href": "", "url": None, "title": None, "struck": "", "proposed": [],
        "held": holdings_in_words([held()]), "status": status_in_words(asked),
    }  # fmt: skip
    [row] = Listing("sources", "Sources", "source", (item,)).rows("../", "1")
    assert "held: <bdi>nothing but its metadata, filed on 20 November 2026</bdi>" in row
    assert (
        'status: <strong class="state">retracted</strong>, preprint, <bdi>latest version v3</bdi>, '
        'asked on <time datetime="2026-11-21">21 November 2026</time>'
    ) in row
    [bare] = Listing("sources", "Sources", "source", (item | {"held": [], "status": None},)).rows("../", "1")
    assert "held: nothing" in bare
    assert "status:" not in bare
