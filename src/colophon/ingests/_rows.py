"""The rows of a table, told from what stands between and behind them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from colophon.ingests._styles import Style, by_gaps, by_open_pipes, by_pipes, by_words
from colophon.ingests._text import is_ruler, plain

_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})[^*_].*\1")
_ENDS = (".", "!", "?", ":", ";")
_MOST_WRAPPED = 5
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a table look: its head, the kind of each column, the style, the column that a row is
    about, and what a cell of a kind looks like."""

    head: str
    kinds: tuple[str, ...]
    style: Style
    main: str
    fits: Mapping[str, re.Pattern[str]]

    def cells(self, line: str) -> Row:
        """Return the cells of a line, as many as the head has."""
        cells = self.style(line)
        if len(cells) != len(self.kinds) and self.style in (by_gaps, by_words):
            cells = _aligned(cells, self.kinds, self.main, self.fits)
        joint = " | " if self.style in (by_pipes, by_open_pipes) else " "
        return tuple(map(plain, _fitted(cells, len(self.kinds), self.kinds.index(self.main), joint)))

    def fitting(self, row: Row) -> dict[str, bool]:
        """Whether a filled cell beside the main one looks as its kind does."""
        known = [
            (kind, cell) for kind, cell in zip(self.kinds, row, strict=True) if kind in self.fits and cell
        ]
        return {
            kind: self.fits[kind].fullmatch(cell) is not None for kind, cell in known if kind != self.main
        }


def part(
    lines: Sequence[str], position: int, layout: Layout, is_head: Callable[[int], bool]
) -> tuple[list[Row], list[str], int]:
    """Return the rows from a position on, the lines that are none, and where the head of the next table is.

    The head may be printed again on a new page.  Rows below a head that is not known are no rows.
    """
    rows: list[Row] = []
    rest: list[str] = []
    seen: set[str] = set()
    apart = foreign = False
    while position < len(lines):
        line, height = _unwrapped(lines, position, layout)
        ruled = position + 1 < len(lines) and is_ruler(lines[position + 1])
        if line.strip() == layout.head.strip():
            foreign = False
        elif is_head(position):
            break
        elif not line.strip() or is_ruler(line):
            apart = apart or not line.strip()
            rest.append("")
        else:
            row = layout.cells(line) if not foreign and _is_row(line, apart, layout) else None
            fitting = layout.fitting(row) if row else {}
            foreign = foreign or (row is not None and _is_foreign(fitting, seen, apart or ruled))
            if row is None or foreign:
                rest.append(line)
            else:
                rows.append(row)
                seen |= {kind for kind, fits in fitting.items() if fits}
                apart = False
        position += height
    kept, groups = _without_groups(_rejoined(rows, layout), layout)
    return kept, [*rest, *groups], position


def _unwrapped(lines: Sequence[str], position: int, layout: Layout) -> tuple[str, int]:
    """A row together with the lines on which its cells go on, and how many lines that are."""
    line = lines[position]
    following = lines[position + 1 : position + _MOST_WRAPPED]
    if len(layout.kinds) == 1 or not layout.fits or not following or not following[0].strip():
        return line, 1
    if layout.style is by_pipes:
        return _unwrapped_pipes(line, following, len(layout.kinds))
    below = following[0]
    if below.strip()[0].islower() and line.rstrip()[-1:] not in _ENDS and not is_ruler(line):
        first, second = _is_row(line, True, layout), _is_row(below, True, layout)
        if (
            line.strip()
            and first != second
            and (layout.kinds[0] if second else layout.kinds[-1]) == layout.main
        ):
            return f"{line.rstrip()} {below.strip()}", 2
    return line, 1


def _unwrapped_pipes(line: str, following: Sequence[str], width: int) -> tuple[str, int]:
    if not line.lstrip().startswith("|") or line.rstrip().endswith("|"):
        return line, 1
    whole = line.rstrip()
    if len(by_pipes(whole)) >= width:
        return line, 1
    for height, below in enumerate(following, 2):
        if not below.strip() or below.lstrip().startswith("|"):
            break
        whole += " " + below.strip()
        if whole.endswith("|") and len(by_pipes(whole)) >= width:
            return whole, height
    return line, 1


def _is_row(line: str, apart: bool, layout: Layout) -> bool:
    if layout.style is by_pipes:
        # A single short cell names the group of rows below it.
        group = len(layout.kinds) > 1 and len(line.split()) < 7 and len(by_pipes(line)) == 1
        return line.lstrip().startswith("|") and not (layout.fits and group)
    if len(layout.kinds) == 1:
        return True
    cells = layout.style(line)
    if not layout.fits:
        return layout.style is by_words or len(cells) > 1 or not apart
    if layout.style is by_words:
        fitting = layout.fitting(layout.cells(line))
        return fitting.get("flag", False) if "flag" in layout.kinds else any(fitting.values())
    if layout.style is by_gaps and len(cells) != len(layout.kinds):
        return len(cells) > 1 and any(layout.fitting(layout.cells(line)).values())
    return len(cells) > 1


def _is_foreign(fitting: Mapping[str, bool], seen: set[str], may_be_head: bool) -> bool:
    """Whether a line is the head of another table: its cells are nothing like those of the rows above."""
    odd = [kind for kind, fits in fitting.items() if not fits and kind in seen]
    if "confidence" in odd and (may_be_head or "flag" in odd):
        return True
    return may_be_head and bool(odd) and not any(fitting.values())


def _rejoined(rows: list[Row], layout: Layout) -> list[Row]:
    """Join a row of nothing but the end of a sentence with the row above."""
    main = layout.kinds.index(layout.main)
    found: list[Row] = []
    for row in rows:
        above = found[-1] if found else ()
        goes_on = _is_alone(row, main) and row[main][0].islower() and len(layout.kinds) > 1
        if goes_on and above and above[main] and not _is_alone(above, main) and above[main][-1] not in _ENDS:
            found[-1] = (*above[:main], f"{above[main]} {row[main]}", *above[main + 1 :])
        else:
            found.append(row)
    return found


def _without_groups(rows: list[Row], layout: Layout) -> tuple[list[Row], list[str]]:
    """Part rows that only name the group of rows below them."""
    main = layout.kinds.index(layout.main)
    if len(layout.kinds) == 1 or all(_is_alone(row, main) for row in rows if any(row)):
        return rows, []
    kept, groups = [], []
    for row in rows:
        if layout.fits and _is_alone(row, main) and _EMPHASIS.fullmatch(row[main][:600]):
            groups += ["", row[main]]
        else:
            kept.append(row)
    return kept, groups


def _is_alone(row: Row, main: int) -> bool:
    return bool(row[main]) and not any(row[:main]) and not any(row[main + 1 :])


def _fitted(cells: list[str], width: int, main: int, joint: str) -> list[str]:
    """Give surplus cells back to the main column, which held an unescaped separator."""
    surplus = len(cells) - width
    if surplus > 0:
        whole = joint.join(cell.strip() for cell in cells[main : main + surplus + 1])
        return [*cells[:main], whole, *cells[main + surplus + 1 :]]
    return [*cells, *[""] * -surplus]


def _aligned(
    cells: list[str], kinds: Sequence[str], main: str, fits: Mapping[str, re.Pattern[str]]
) -> list[str]:
    """Take cells off both ends while they look like their columns; the rest is the main column."""
    middle = kinds.index(main)
    first, last = 0, len(cells)
    left, right = [], []
    for kind in kinds[:middle]:
        taken = first < last and kind in fits and fits[kind].fullmatch(cells[first]) is not None
        left.append(cells[first] if taken else "")
        first += taken
    for kind in reversed(kinds[middle + 1 :]):
        taken = last - first > 1 and kind in fits and fits[kind].fullmatch(cells[last - 1]) is not None
        right.append(cells[last - 1] if taken else "")
        last -= taken
    return [*left, " ".join(cells[first:last]), *reversed(right)]
