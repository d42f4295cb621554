"""Ways in which reports part the cells of a line."""

import re
from collections.abc import Callable

_TAB = re.compile(r"(?<!\\)\t")
_PIPE = re.compile(r"(?<!\\)\|")
_GAP = re.compile(r"\s{2,}")
Style = Callable[[str], list[str]]


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


STYLES: tuple[Style, ...] = (by_tabs, by_pipes, by_open_pipes, by_gaps, by_words)
