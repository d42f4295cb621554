"""Tables as reports print them: tabs, pipes, aligned columns, or columns run together by single spaces."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from colophon.ingests._text import is_ruler, label, plain

_TAB = re.compile(r"(?<!\\)\t")
_PIPE = re.compile(r"(?<!\\)\|")
_ASIDE = re.compile(r"\s{0,3}\([^()]{0,60}\)\s{0,3}$")
_LONGEST_NAME = 60
_GAP = re.compile(r"\s{2,}")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the kind of each column (empty for an unknown one) and the rows, as long as the head.

    ``unknown`` are the names of columns that hold something and are not read, ``rest`` the lines around the
    table that are no part of it.
    """

    kinds: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    unknown: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()

    def cell(self, row: Sequence[str], kind: str) -> str:
        """Return the cell of the first column of that kind, or an empty text."""
        return row[self.kinds.index(kind)] if kind in self.kinds else ""


def by_tabs(line: str) -> list[str]:
    """Split at tabs."""
    return [cell.replace("\\\t", " ") for cell in _TAB.split(line)]


def by_pipes(line: str) -> list[str]:
    """Split a line with outer pipes; a line without one in front is one cell."""
    inner = line.strip()
    if not inner.startswith("|"):
        return [line]
    cells = _PIPE.split(inner[1:])
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return cells


def by_open_pipes(line: str) -> list[str]:
    """Split at pipes that stand only between cells, so that an empty first cell is one."""
    return _PIPE.split(line)


def by_gaps(line: str) -> list[str]:
    """Split at two or more spaces."""
    return _GAP.split(line.strip())


def by_words(line: str) -> list[str]:
    """Split at every space; for tables whose tabs were lost on the way."""
    return line.split()


_STYLES: tuple[Callable[[str], list[str]], ...] = (by_tabs, by_pipes, by_open_pipes, by_gaps, by_words)


def pair(line: str) -> tuple[str, str] | None:
    """Return (label, value) of a row of a two-column table, or None.  Empty further cells are dropped."""
    if not line.strip():
        return None
    if line.lstrip().startswith("|"):
        cells = by_pipes(line)
    elif "\t" in line.strip():
        cells = by_tabs(line.strip())
    elif " | " in line:
        cells = by_open_pipes(line)
    else:
        cells = by_gaps(line)
        # Two spaces may also stand behind a sentence.
        if len(cells[0]) > _LONGEST_NAME or cells[0][-1:] in (".", "!", "?", ",", ";"):
            return None
    if len(cells) < 2 or is_ruler(line):
        return None
    return plain(cells[0]), " ".join(filter(None, (plain(cell) for cell in cells[1:])))


def find(
    lines: Sequence[str], names: Mapping[str, str], main: str, fits: Mapping[str, re.Pattern[str]]
) -> Table | None:
    """Return the first table with a column of kind ``main`` and one more known column, or only that one.

    ``names`` gives the kind by column name; ``fits`` says what a cell of a kind looks like, and serves to
    align rows whose columns are not marked by the print.
    """
    for position, line in enumerate(lines):
        for style in _STYLES:
            kinds = _kinds(line, style, names)
            if main not in kinds or (style is by_words and (not all(kinds) or len(kinds) < 2)):
                continue
            if len(kinds) == 1 and not _is_head(lines, position):
                continue
            return _table(lines, position, kinds, style, main, fits)
    return None


def _table(
    lines: Sequence[str],
    position: int,
    kinds: list[str],
    style: Callable[[str], list[str]],
    main: str,
    fits: Mapping[str, re.Pattern[str]],
) -> Table:
    body, behind = _parted(lines[position + 1 :], lines[position], kinds, style, fits)
    rows = _rows(body, kinds, style, main, fits)
    names = [plain(cell) for cell in style(lines[position])]
    unknown = (
        names[column] for column, kind in enumerate(kinds) if not kind and any(row[column] for row in rows)
    )
    return Table(tuple(kinds), rows, tuple(unknown), (*lines[:position], *behind))


def _parted(
    lines: Sequence[str],
    head: str,
    kinds: list[str],
    style: Callable[[str], list[str]],
    fits: Mapping[str, re.Pattern[str]],
) -> tuple[list[str], list[str]]:
    """Part the rows of a table from the prose behind it; the head may be printed again on a new page."""
    body: list[str] = []
    behind: list[str] = []
    apart = False
    for line in lines:
        if not line.strip() or is_ruler(line):
            apart = apart or not line.strip()
        elif line.strip() == head.strip():
            continue
        elif behind or (len(kinds) > 1 and not _may_be_row(line, apart, kinds, style, fits)):
            behind.append(line)
        else:
            body.append(line)
            apart = False
    return body, behind


def _may_be_row(
    line: str,
    apart: bool,
    kinds: list[str],
    style: Callable[[str], list[str]],
    fits: Mapping[str, re.Pattern[str]],
) -> bool:
    """Whether a line has cells; without any it is a row only right below another one."""
    if style is by_pipes:
        return line.lstrip().startswith("|")
    cells = style(line)
    if style is not by_words:
        return len(cells) > 1 or not apart
    sides = [cells[-1], cells[0]]
    return not apart or any(fits[kind].fullmatch(cell) for kind in kinds if kind in fits for cell in sides)


def _kinds(line: str, style: Callable[[str], list[str]], names: Mapping[str, str]) -> list[str]:
    if len(line) > 1000:
        return []
    known = [_known(cell, names) for cell in style(line)]
    # Of two names for one kind the one that is listed first is meant.
    ranks = {name: rank for rank, name in enumerate(names)}
    best = {names[name]: name for name in sorted(filter(None, known), key=ranks.__getitem__, reverse=True)}
    kinds: list[str] = []
    for name in known:
        kind = names[name] if name and best[names[name]] == name else ""
        kinds.append("" if kind in kinds else kind)
    return kinds


def _known(cell: str, names: Mapping[str, str]) -> str:
    """The name of a column as it is listed, without what stands in brackets behind it; empty if unknown."""
    name = label(cell)
    shorter = label(_ASIDE.sub("", name).removesuffix("%"))
    return name if name in names else shorter if shorter in names else ""


def _is_head(lines: Sequence[str], position: int) -> bool:
    """Whether a line of one cell heads a table: it has outer pipes or a ruler below."""
    below = lines[position + 1] if position + 1 < len(lines) else ""
    return lines[position].lstrip().startswith("|") or is_ruler(below)


def _rows(
    lines: Sequence[str],
    kinds: list[str],
    style: Callable[[str], list[str]],
    main: str,
    fits: Mapping[str, re.Pattern[str]],
) -> tuple[tuple[str, ...], ...]:
    joint = " | " if style in (by_pipes, by_open_pipes) else " "
    found = []
    for line in lines:
        if not line.strip() or is_ruler(line):
            continue
        cells = style(line)
        if len(cells) != len(kinds) and style in (by_gaps, by_words):
            cells = _aligned(cells, kinds, main, fits)
        found.append(tuple(plain(cell) for cell in _fitted(cells, len(kinds), kinds.index(main), joint)))
    return tuple(found)


def _fitted(cells: list[str], width: int, main: int, joint: str) -> list[str]:
    """Give surplus cells back to the main column, which held an unescaped separator."""
    surplus = len(cells) - width
    if surplus > 0:
        whole = joint.join(cell.strip() for cell in cells[main : main + surplus + 1])
        return [*cells[:main], whole, *cells[main + surplus + 1 :]]
    return [*cells, *[""] * -surplus]


def _aligned(cells: list[str], kinds: list[str], main: str, fits: Mapping[str, re.Pattern[str]]) -> list[str]:
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
