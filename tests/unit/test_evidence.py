"""What is held of a source is told by its most telling holding and its newest dated status."""

import dataclasses
from typing import Any

import pytest

from colophon.evidence import in_hand, newest_status

from .held import held, status, text

PRINT = {"method": "winnow-1", "words": 9, "positions": [0], "hashes": ["0" * 16]}
TABLE = {"label": "Table 1", "caption": "", "columns": ["a"], "rows": [["1"]]}


def test_the_newest_dated_status_counts() -> None:
    """The latest day on which somebody asked, whatever order and on whatever days the files were filed."""
    asked = [
        held("2026-11-26", **status("2026-11-10")),
        held("2026-11-20", **status("2026-11-20", retraction="retracted")),
        held("2026-11-27"),
    ]
    for order in (asked, asked[::-1]):
        newest = newest_status(order)
        assert newest is not None
        assert (newest.as_of, newest.retraction) == ("2026-11-20", "retracted")
    assert newest_status([held()]) is None
    assert newest_status([]) is None


def test_of_one_day_the_file_that_sorts_last_counts() -> None:
    """Two people may ask on one day; which of them counts does not depend on the order of reading."""
    one, other = (
        dataclasses.replace(held(**status("2026-11-20", latest_version=version)), path=f"sources/{name}.json")
        for name, version in (("a", "v1"), ("b", "v2"))
    )
    for order in ([one, other], [other, one]):
        newest = newest_status(order)
        assert newest is not None
        assert newest.latest_version == "v2"


@pytest.mark.parametrize(
    ("holdings", "kind"),
    [
        ([text("x"), text("x", "abstract")], "full text"),
        ([text("x", "abstract"), {"holds": "full", "tables": [TABLE]}], "tables"),
        ([text("x", "abstract"), {"holds": "full", "fingerprint": PRINT}], "abstract"),
        ([{"holds": "abstract", "fingerprint": PRINT}, {"holds": "full", "fingerprint": PRINT}],
         "fingerprint of the full text"),
        ([{"holds": "metadata"}, {"holds": "abstract", "fingerprint": PRINT}], "fingerprint of the abstract"),
        ([{"holds": "metadata"}], "metadata"),
    ],
)  # fmt: skip
def test_the_most_telling_holding_is_named(holdings: list[dict[str, Any]], kind: str) -> None:
    """With its own day and license, whatever was filed later; in any order."""
    filed = [held(f"2026-11-{day}", **one) for day, one in enumerate(holdings, 10)]
    found = in_hand(filed)
    assert found is not None
    assert found.held == kind
    assert found == in_hand(filed[::-1])
    license_ = next(one.holding.license for one in filed if one.holding.date == found.day)
    assert found.license == (license_.id if license_ else "")


def test_the_newest_status_is_named() -> None:
    """Of all holdings, whatever they hold; an answer that is not known differs from nobody having asked."""
    assert in_hand([]) is None
    asked = [
        held("2026-11-22", **status("2026-11-19")),
        held("2026-11-20", **status("2026-11-21", retraction="retracted", latest_version=None)),
        held("2026-11-23", **text("x")),
    ]
    for order in (asked, asked[::-1]):
        found = in_hand(order)
        assert found is not None
        assert found[3:] == ("2026-11-21", "preprint", "retracted", "")
        assert found.held == "full text"
    nobody = in_hand([held()])
    assert nobody is not None
    assert nobody.asked == nobody.retraction == ""
