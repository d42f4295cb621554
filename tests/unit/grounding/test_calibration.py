"""The calibration that ships is the stored result of the benchmark, for the method that ships with it."""

from decimal import Decimal
from pathlib import Path

import orjson
import pytest

from colophon.grounding.calibration import band_of, measured, result
from colophon.grounding.verdicts import METHOD
from colophon.language.weights import table

ROOT = Path(__file__).resolve().parents[3]
STORED = max((ROOT / "benchmarks" / "results").glob("*-grounding.json"))


def test_the_newest_result_ships() -> None:
    """Byte for byte; after a new run it is copied there."""
    shipped = ROOT / "src" / "colophon" / "grounding" / "measured.json"
    assert STORED.name >= "2026-11-26-grounding.json"
    assert shipped.read_bytes() == STORED.read_bytes()


def test_it_is_of_the_method_that_ships() -> None:
    """Another method or other weights have to be measured anew."""
    stored = orjson.loads(STORED.read_bytes())
    assert (stored["method"], stored["idf"]) == (METHOD, table()[2])
    assert result().method == METHOD


def test_verdicts_are_counted_over_all_labels() -> None:
    """Claims are those of every label; supported are S alone."""
    stored = orjson.loads(STORED.read_bytes())["sets"]
    for found in result().sets.values():
        assert {*found.verdicts} == {*stored[found.name]["verdicts"]}
        for verdict, counts in stored[found.name]["verdicts"].items():
            one = measured(verdict, found.kind)
            assert one is not None
            assert (one.set, one.claims, one.supported) == (found.name, sum(counts.values()), counts["S"])
        assert found.claims == found.rows[0].n == sum(found.labels.values())


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [("quoted", "abstract"), ("quoted", "table"), (None, "full"), ("disputed", "full")],
)
def test_what_was_not_measured_has_no_calibration(verdict: str | None, kind: str) -> None:
    """A verdict that no claim of the set had, a table, a claim without a verdict."""
    assert measured(verdict, kind) is None


@pytest.mark.parametrize(
    ("score", "low"),
    [("0", "0.00"), ("0.149", "0.10"), ("0.15", "0.15"), ("0.30", "0.30"), ("0.39", "0.30"), ("0.40", None)],
)
def test_a_cosine_has_the_band_that_was_measured(score: str, low: str | None) -> None:
    """A score on an edge belongs to the band that begins there; where nothing was measured there is none."""
    band = band_of(Decimal(score))
    assert (None if band is None else str(band.low)) == low
    if band is not None:
        stored = orjson.loads(STORED.read_bytes())["sets"]["SciFact, train"]["cosine_bands"]
        [row] = [one for one in stored if one["low"] == low]
        assert (band.claims, band.supported) == (row["claims"], row["supported"])
        assert band.share == row["supported"] / row["claims"] < 0.9


def test_a_set_is_found_by_its_name() -> None:
    """A stored grounding names the set by which its verdicts were measured; others have no kind."""
    assert {result().kind_of(one.name) for one in result().sets.values()} == {"abstract", "full"}
    assert result().kind_of("SciFact, dev") is None
