"""Plots of a run's metrics as static SVG: points joined over a number, bars with intervals, bars of parts.

Places along the bottom are shares of the drawing, so it fits a phone and its text keeps its size; lines stand
in a drawing of their own that is stretched.  Colours and dashes are classes of the stylesheet.  What a
stranger declared is bounded here: the rest stands in the run's JSON.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from colophon.contracts.run_record import Metric, Plot, Point
from colophon.pages._words import short
from colophon.rules.verdict_words import rounded

# Of one plot: series, and points of all of them together.
SERIES, POINTS = 6, 96
_TEXT, _LABEL, _BESIDE_BAR = 160, 60, 48
# Of the width, in percent: where the axis begins, and where it ends.
_LEFT, _RIGHT = 11.0, 97.0
# Beyond these no drawing has a use.
_SMALLEST, _LARGEST = 1e-100, 1e100
# Pixels: the upper and lower end of the axis, and the whole drawing of lines.
_TOP, _BOTTOM, _HEIGHT = 10, 210, 238
_TICKS = 5
# Of a bar: its row, what its label takes above it, its height; and where bars begin and end.
_ROW, _ABOVE, _BAR = 21, 22, 14
_BAR_LEFT, _BAR_RIGHT = 0.0, 84.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of the table under a plot, and its interval or nothing."""

    text: str
    interval: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plot as drawn: ``marks`` for its template, ``rows`` of its table.

    ``more`` says that a part of what was declared is left out.
    """

    name: str
    title: str
    kind: str
    x: str
    y: str
    says: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]
    marks: Mapping[str, object]
    height: int
    more: bool


@dataclass(frozen=True, slots=True)
class _Point:
    """One point: its place along the bottom, or the name of its bar, and its metric."""

    key: float | str
    metric: Metric

    @property
    def x(self) -> float:
        return float(self.key)


_Series = Sequence[tuple[str, Sequence[_Point]]]


@dataclass(frozen=True, slots=True)
class _Axis:
    """A scale from values to 0..1."""

    low: float
    high: float
    is_log: bool

    def place(self, value: float) -> float:
        low, high, at = (math.log(v) if self.is_log else v for v in (self.low, self.high, value))
        return (at - low) / (high - low) if high > low else 0.5

    def ticks(self) -> list[float]:
        return self._powers() if self.is_log else self._steps()

    def _steps(self) -> list[float]:
        rough = (self.high - self.low) / _TICKS or 1.0
        size = 10 ** math.floor(math.log10(rough))
        step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * 0.999)
        first = math.ceil(self.low / step - 1e-9)
        return [step * at for at in range(first, first + 2 * _TICKS) if step * at <= self.high + step * 1e-9]

    def _powers(self) -> list[float]:
        base = 2 if self.high / self.low < 1e4 else 10
        first, last = (round(math.log(v, base), 9) for v in (self.low, self.high))
        powers = range(math.ceil(first), math.floor(last) + 1)
        every = max(1, math.ceil(len(powers) / (_TICKS + 1)))
        return [float(base) ** power for power in powers[::every]]


def drawn(plot: Plot, metrics: Mapping[str, Metric]) -> Drawn | None:
    """Return a plot as drawn, or None when no metric of it is there."""
    declared = plot.series[:SERIES]
    most = POINTS // len(declared)
    found = [(short(one.label, _LABEL), _points(plot, one.points[:most], metrics)) for one in declared]
    series = [(label, points) for label, points in found if points]
    if not series:
        return None
    places = _places(plot, series)
    rows = tuple((text, tuple(_cell(points, key) for _, points in series)) for key, text in places)
    marks, height = (_lines(plot, series), _HEIGHT) if plot.kind == "lines" else _bars(plot, series, places)
    is_cut = len(plot.series) > SERIES or any(len(one.points) > most for one in declared)
    title = short(plot.title, _TEXT)
    return Drawn(
        plot.name, title, plot.kind, short(plot.x, _TEXT), short(plot.y, _TEXT),
        f"{title}; the table below has every value", tuple(label for label, _ in series), rows, marks, height,
        is_cut,
    )  # fmt: skip


def _points(plot: Plot, points: Sequence[Point], metrics: Mapping[str, Metric]) -> list[_Point]:
    """Return the points of a series that can be drawn, lines from left to right."""
    found = []
    for point in points:
        key = point.x if plot.kind == "lines" else point.label
        metric = metrics.get(point.metric)
        is_placed = isinstance(key, str) or (key is not None and _can_be_drawn(key))
        if key is not None and is_placed and metric is not None and _can_be_drawn(metric.value):
            found.append(_Point(key, metric))
    return sorted(found, key=lambda one: one.x) if plot.kind == "lines" else found


def _places(plot: Plot, series: _Series) -> list[tuple[float | str, str]]:
    """Return the places along the bottom, or the bars, with how each is written; numbers in rising order."""
    keys = dict.fromkeys(point.key for _, points in series for point in points)
    if plot.kind == "lines":
        return [(key, spoken(float(key))) for key in sorted(keys, key=float)]
    return [(key, short(str(key), _TEXT)) for key in keys]


def _cell(points: Sequence[_Point], key: float | str) -> Cell | None:
    metric = next((one.metric for one in points if one.key == key), None)
    if metric is None:
        return None
    ends = _ends(metric)
    return Cell(rounded(metric.value), f"{rounded(ends[0])} to {rounded(ends[1])}" if ends else "")


def _ends(metric: Metric) -> tuple[float, float] | None:
    """Return the ends of a metric's interval, or None when it has none that can be drawn."""
    low, high = metric.low, metric.high
    if low is None or high is None or not low < high or not (_can_be_drawn(low) and _can_be_drawn(high)):
        return None
    return low, high


def _can_be_drawn(value: float) -> bool:
    return value == 0 or _SMALLEST < abs(value) < _LARGEST


def spoken(value: float) -> str:
    """Return a number as an axis shows it: 131072 is 128K."""
    for size, letter in ((2**20, "M"), (2**10, "K")):
        if value >= size and value % size == 0:
            return f"{int(value // size)}{letter}"
    return rounded(value)


def _axis(values: Sequence[float], scale: str, *, from_zero: bool) -> _Axis:
    low, high = min(values), max(values)
    if scale == "log" and low > 0:
        return _Axis(low, high, is_log=True)
    return _Axis(min(low, 0.0) if from_zero else low, high if high != low else low + 1, is_log=False)


def _tick(value: float) -> str:
    """Return a mark of an axis: from a million on in powers of a thousand, for want of room."""
    if not 1e6 <= abs(value) < 1e9:
        return rounded(value)
    return f"{rounded(value / 1e6)}e6"


def _lines(plot: Plot, series: _Series) -> Mapping[str, object]:
    points = [point for _, held in series for point in held]
    heights = [v for point in points for v in (point.metric.value, *(_ends(point.metric) or ()))]
    level = plot.level if plot.level is not None and _can_be_drawn(plot.level.value) else None
    across = _axis([point.x for point in points], plot.x_scale, from_zero=False)
    up = _axis([*heights, *([level.value] if level else [])], plot.y_scale, from_zero=True)
    return {
        "x_ticks": [(_share(across.place(tick)), spoken(tick)) for tick in across.ticks()],
        "y_ticks": [(_pixel(up.place(tick)), _tick(tick)) for tick in up.ticks()],
        "level": (_pixel(up.place(level.value)), short(level.label, _LABEL)) if level else None,
        "lines": [_line(number, held, across, up) for number, (_, held) in enumerate(series, 1)],
        "top": _TOP, "bottom": _BOTTOM, "tall": _BOTTOM - _TOP, "under": _BOTTOM + 16,
        "left": f"{_LEFT:g}%", "right": f"{_RIGHT:g}%", "wide": f"{_RIGHT - _LEFT:g}%",
    }  # fmt: skip


def _line(number: int, points: Sequence[_Point], across: _Axis, up: _Axis) -> Mapping[str, object]:
    places = [(across.place(one.x), up.place(one.metric.value)) for one in points]
    spans = []
    for (x, _), one in zip(places, points, strict=True):
        ends = _ends(one.metric)
        if ends is not None:
            spans.append((_share(x), _pixel(up.place(ends[0])), _pixel(up.place(ends[1]))))
    return {
        "number": number,
        "path": " ".join(f"{x * 1000:.1f},{1000 - y * 1000:.1f}" for x, y in places),
        "dots": [(_share(x), _pixel(y)) for x, y in places],
        "spans": spans,
    }


def _bars(
    plot: Plot, series: _Series, places: Sequence[tuple[float | str, str]]
) -> tuple[Mapping[str, object], int]:
    """Return horizontal bars: for each place one row for every series, or one row of all parts.

    Labels stand above their bars, so that they have the whole width of a phone.
    """
    rows: list[tuple[str, list[tuple[int, Metric]]]] = []
    for key, text in places:
        held = [
            (number, point.metric)
            for number, (_, points) in enumerate(series, 1)
            for point in points
            if point.key == key
        ]
        groups = [held] if plot.kind == "stacks" else [[one] for one in held]
        rows += [(text if at == 0 else "", group) for at, group in enumerate(groups)]
    most = max(_reach(group) for _, group in rows)
    scale = (_BAR_RIGHT - _BAR_LEFT) / most if most > 0 else 0.0
    made, y = [], 2
    for label, group in rows:
        y += _ABOVE if label else 0
        made.append(_bar(y, short(label, _BESIDE_BAR), group, scale))
        y += _ROW
    return {"bars": made, "bar": _BAR}, y + 2


def _reach(parts: Sequence[tuple[int, Metric]]) -> float:
    """Return how far a row of bars reaches, its interval included where it has one."""
    ends = _ends(parts[0][1]) if len(parts) == 1 else None
    return max(math.fsum(max(0.0, metric.value) for _, metric in parts), ends[1] if ends else 0.0)


def _bar(y: int, label: str, parts: Sequence[tuple[int, Metric]], scale: float) -> Mapping[str, object]:
    pieces, begin = [], _BAR_LEFT
    for number, metric in parts:
        width = max(0.0, metric.value) * scale
        pieces.append((number, f"{begin:.2f}%", f"{width:.2f}%"))
        begin += width
    ends = _ends(parts[0][1]) if len(parts) == 1 else None
    return {
        "label": label, "above": y - 5, "y": y, "middle": y + _BAR // 2, "line": y + _BAR - 3,
        "pieces": pieces,
        "span": [f"{_BAR_LEFT + max(0.0, end) * scale:.2f}%" for end in ends] if ends else None,
        "end": f"{_BAR_LEFT + _reach(parts) * scale + 1:.2f}%",
        "total": rounded(math.fsum(metric.value for _, metric in parts)),
    }  # fmt: skip


def _share(place: float) -> str:
    return f"{_LEFT + place * (_RIGHT - _LEFT):.2f}%"


def _pixel(place: float) -> str:
    return f"{_BOTTOM - place * (_BOTTOM - _TOP):.1f}"
