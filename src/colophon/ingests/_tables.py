"""Tables as reports print them: tabs, pipes, aligned columns, or columns run together by single spaces."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from colophon.ingests._rows import Layout, part
from colophon.ingests._styles import STYLES, Style, by_gaps, by_open_pipes, by_pipes, by_tabs, by_words
from colophon.ingests._text import is_ruler, label, plain

_ASIDE = re.compile(r"\s{0,3}\([^()]{0,60}\)\s{0,3}$")
_LONGEST_NAME = 60
_LONGEST_HEAD = 300
# Of two columns for such a kind only the one of this very name is read.
_DOCUMENTED = {"flag": "verified", "confidence": "confidence"}


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
    return next(iter(find_all(lines, names, main, fits)), None)


def find_all(
    lines: Sequence[str], names: Mapping[str, str], main: str, fits: Mapping[str, re.Pattern[str]]
) -> list[Table]:
    """Return every such table in printed order; lines above the first one belong to the rest of that."""
    found: list[Table] = []
    before: list[str] = []
    position = 0
    while position < len(lines):
        layout = _layout(lines, position, names, main, fits)
        if layout is None:
            before.append(lines[position])
            position += 1
            continue
        # A second head has to name two columns, for a cell may be a single word.
        heads = partial(_is_second, lines, names=names, main=main, fits=fits)
        rows, rest, position = part(lines, position + 1, layout, heads)
        found.append(_table(layout, rows, [*before, "", *rest]))
        before = []
    return found


def _layout(
    lines: Sequence[str],
    position: int,
    names: Mapping[str, str],
    main: str,
    fits: Mapping[str, re.Pattern[str]],
) -> Layout | None:
    line = lines[position]
    for style in STYLES:
        kinds = _kinds(line, style, names)
        if main not in kinds or (style is by_words and (not all(kinds) or len(kinds) < 2)):
            continue
        if len(kinds) > 1 or _is_head(lines, position):
            return Layout(line, tuple(kinds), style, main, fits)
    return None


def _is_second(
    lines: Sequence[str],
    position: int,
    *,
    names: Mapping[str, str],
    main: str,
    fits: Mapping[str, re.Pattern[str]],
) -> bool:
    if not fits or len(lines[position]) > _LONGEST_HEAD:
        return False
    layout = _layout(lines, position, names, main, fits)
    return layout is not None and sum(map(bool, layout.kinds)) > 1


def _table(layout: Layout, rows: list[tuple[str, ...]], rest: list[str]) -> Table:
    names = [plain(cell) for cell in layout.style(layout.head)]
    unknown = [
        names[column]
        for column, kind in enumerate(layout.kinds)
        if not kind and any(row[column] for row in rows)
    ]
    return Table(layout.kinds, tuple(rows), tuple(unknown), tuple(rest))


def _kinds(line: str, style: Style, names: Mapping[str, str]) -> list[str]:
    if len(line) > 1000:
        return []
    known = [_known(cell, names) for cell in style(line)]
    # Of two names for one kind the one that is listed first is meant.
    if not any(known):
        return []
    known = _documented(style(line), known, names)
    ranks = {name: rank for rank, name in enumerate(names)}
    best = {names[name]: name for name in sorted(filter(None, known), key=ranks.__getitem__, reverse=True)}
    kinds: list[str] = []
    for name in known:
        kind = names[name] if name and best[names[name]] == name else ""
        kinds.append("" if kind in kinds else kind)
    return kinds


def _documented(cells: list[str], known: list[str], names: Mapping[str, str]) -> list[str]:
    """Leave out columns that claim the same kind, but for the only one of the documented name."""
    kinds = [names.get(name, "") for name in known]
    labels = [label(cell) for cell in cells]
    for kind, name in _DOCUMENTED.items():
        if kinds.count(kind) > 1:
            only = labels.index(name) if labels.count(name) == 1 else -1
            known = [
                "" if kinds[column] == kind and column != only else known[column]
                for column in range(len(known))
            ]
    return known


def _known(cell: str, names: Mapping[str, str]) -> str:
    """The name of a column as it is listed, without what stands in brackets behind it; empty if unknown."""
    name = label(cell)
    shorter = label(_ASIDE.sub("", name).removesuffix("%"))
    return name if name in names else shorter if shorter in names else ""


def _is_head(lines: Sequence[str], position: int) -> bool:
    """Whether a line of one cell heads a table: it has outer pipes or a ruler below."""
    below = lines[position + 1] if position + 1 < len(lines) else ""
    return lines[position].lstrip().startswith("|") or is_ruler(below)
