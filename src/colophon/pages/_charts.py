"""Charts of counts as static SVG: horizontal bars in parts, each with a table of the same numbers beneath it.

Places and widths are shares of the drawing, so it fits a phone and its text keeps its size.  Colours are
classes of the stylesheet, for the policy of the pages forbids a style attribute.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from colophon.proportions import wilson_interval

# Of fewer there is no chart and no share, only the counts.
FEWEST = 20
_ROW, _BAR = 26, 18
# What one digit takes of the width of a phone's screen, and what stands free beside a number, in percent.
_DIGIT, _FREE = 2.2, 1.5


@dataclass(frozen=True, slots=True)
class Kind:
    """What one part of a bar is: the class that colours it, and what it is called."""

    look: str
    label: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a bar as drawn; ``inside`` is its number where that fits, and ``middle`` its place."""

    look: str
    x: str
    width: str
    middle: str
    inside: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar as drawn; ``y`` is its upper edge and ``line`` the base of its texts, in pixels."""

    label: str
    y: int
    line: int
    pieces: tuple[Piece, ...]
    total: int
    end: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing; ``says`` is read aloud in its place."""

    says: str
    kinds: tuple[Kind, ...]
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        """Pixels."""
        return _ROW * len(self.bars)

    @property
    def bar(self) -> int:
        """Pixels from the upper to the lower edge of a bar."""
        return _BAR


def chart(
    says: str, kinds: Sequence[Kind], counted: Sequence[tuple[str, Sequence[int]]], *, labels: int
) -> Chart:
    """Return a chart of (label, count of each kind) from top to bottom.

    ``labels`` is the share of the width that is kept for labels, in percent.
    """
    most = max((sum(counts) for _, counts in counted), default=0) or 1
    scale = (100 - labels - _room(most)) / most
    held = tuple(kind for place, kind in enumerate(kinds) if any(counts[place] for _, counts in counted))
    bars = tuple(
        _bar(at * _ROW, label, [*zip(kinds, counts, strict=True)], labels, scale)
        for at, (label, counts) in enumerate(counted)
    )
    return Chart(says, held, bars)


def _bar(y: int, label: str, counts: Sequence[tuple[Kind, int]], begin: float, scale: float) -> Bar:
    pieces, at = [], float(begin)
    for kind, count in counts:
        width = count * scale
        if count:
            inside = f"{count:,}" if width >= _room(count) else ""
            pieces.append(Piece(kind.look, _share(at), _share(width), _share(at + width / 2), inside))
        at += width
    return Bar(
        label, y, y + _BAR - 5, tuple(pieces), sum(count for _, count in counts), _share(at + _FREE / 2)
    )


def _room(number: int) -> float:
    """Return the width that a number takes, in percent."""
    return len(f"{number:,}") * _DIGIT + 2 * _FREE


def _share(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") + "%"


def counted_of(part: int, whole: int) -> str:
    """Return a count, with its share where the whole is not too few: ``12 (35%)``."""
    return f"{part:,} ({part / whole:.0%})" if whole >= FEWEST else f"{part:,}"


def interval(part: int, whole: int) -> str:
    """Return a share with its 95% interval by Wilson: ``0.493 (0.454 to 0.533)``; too few have none."""
    if whole < FEWEST:
        return "too few"
    low, high = wilson_interval(part, whole)
    return f"{part / whole:.3f} ({low:.3f} to {high:.3f})"
