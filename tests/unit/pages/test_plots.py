"""Plots stay inside their drawing whatever a stranger measured, and their table has what is drawn."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.contracts.run_record import Metric, Plot
from colophon.pages import render
from colophon.pages._plots import POINTS, SERIES, drawn, spoken

from .fabricated_reruns import metric

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def plot(kind: str, *series: list[dict[str, Any]], **more: Any) -> Plot:
    """A plot of metrics by name."""
    return Plot.model_validate(
        {
            "name": "p", "title": "A title", "kind": kind, "x": "across", "y": "up", "x_scale": "linear",
            "y_scale": "linear", "level": None,
            "series": [{"label": f"s{at}", "points": points} for at, points in enumerate(series)], **more,
        }, strict=False,
    )  # fmt: skip


def point(name: str, x: float | None = None, label: str | None = None) -> dict[str, Any]:
    """A point of a metric."""
    return {"x": x, "label": label, "metric": name}


def read(value: float, low: float | None = None, high: float | None = None) -> Metric:
    """A metric."""
    return Metric.model_validate(metric(value, low=low, high=high))


@given(
    st.lists(st.tuples(NUMBERS, NUMBERS, st.none() | NUMBERS, st.none() | NUMBERS), min_size=1, max_size=8),
    st.sampled_from(["linear", "log"]),
    st.sampled_from(["linear", "log"]),
    st.none() | NUMBERS,
)
def test_lines_stay_inside_their_drawing(
    points: list[tuple[float, float, float | None, float | None]],
    x_scale: str,
    y_scale: str,
    level: float | None,
) -> None:
    """Every place is a number between the axes, for any numbers at all; what cannot be drawn is left out."""
    metrics = {f"m{at}": read(value, low, high) for at, (_, value, low, high) in enumerate(points)}
    of = plot(
        "lines", [point(f"m{at}", x=x) for at, (x, *_) in enumerate(points)],
        x_scale=x_scale, y_scale=y_scale, level=None if level is None else {"value": level, "label": "level"},
    )  # fmt: skip
    made = drawn(of, metrics)
    if made is None:
        return
    body = render("_plot_row.html", plot_=made, data="sums/plots")
    assert "nan" not in body
    assert "inf" not in body
    for x in re.findall(r'cx="([0-9.-]+)%"', body):
        assert 10.9 <= float(x) <= 97.1
    for y in re.findall(r'(?:cy|y1|y2)="([0-9.-]+)"', body):
        assert 9 <= float(y) <= 211


@pytest.mark.parametrize("kind", ["bars", "stacks"])
@given(values=st.lists(NUMBERS, min_size=1, max_size=8), high=st.none() | NUMBERS)
def test_bars_stay_inside_their_drawing(kind: str, values: list[float], high: float | None) -> None:
    """No bar is negative, and none leaves the drawing."""
    metrics = {f"m{at}": read(value, value, high) for at, value in enumerate(values)}
    of = plot(kind, [point(f"m{at}", label=f"b{at}") for at in range(len(values))])
    made = drawn(of, metrics)
    if made is None:
        return
    body = render("_plot_row.html", plot_=made, data="sums/plots")
    assert "nan" not in body
    for x, width in re.findall(r'x="([0-9.]+)%" y="[0-9.]+" width="([0-9.-]+)%"', body):
        assert float(width) >= 0
        assert float(x) + float(width) <= 84.1


def test_a_plot_without_numbers_is_none() -> None:
    """Metrics that are missing, and points without a place, are left out."""
    assert drawn(plot("lines", [point("gone", x=1)]), {}) is None
    assert drawn(plot("lines", [point("m", label="a")]), {"m": read(1)}) is None
    assert drawn(plot("bars", [point("m", x=1)]), {"m": read(1)}) is None


def test_the_table_has_every_value_that_is_drawn() -> None:
    """By its place along the bottom in rising order; a series without a value there says so."""
    metrics = {"a": read(1, 0.5, 2), "b": read(20), "c": read(300)}
    made = drawn(plot("lines", [point("b", x=2048), point("a", x=1024)], [point("c", x=4096)]), metrics)
    assert made is not None
    assert [
        (place, [cell and (cell.text, cell.interval) for cell in cells]) for place, cells in made.rows
    ] == [
        ("1K", [("1", "0.5 to 2"), None]),
        ("2K", [("20", ""), None]),
        ("4K", [None, ("300", "")]),
    ]
    assert not made.more


def test_what_is_too_much_is_left_out_and_said() -> None:
    """A stranger's plot takes no more room than any other."""
    many = [point("a", x=float(at)) for at in range(200)]
    made = drawn(plot("lines", *[many] * 20), {"a": read(1)})
    assert made is not None
    assert made.more
    assert len(made.series) == SERIES
    assert len(made.rows) * SERIES <= POINTS


@pytest.mark.parametrize(
    ("value", "text"), [(1024, "1K"), (131072, "128K"), (2**20, "1M"), (1000, "1000"), (0.5, "0.5"), (0, "0")]
)
def test_lengths_are_spoken_as_people_write_them(value: float, text: str) -> None:
    """Powers of two are counted in K and M."""
    assert spoken(value) == text
