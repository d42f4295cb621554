"""A claim from a table is looked up: row and column by their names, the number in the cell where they meet.

A table speaks of a claim only where the claim names one of its rows, and, for a number, where a cell of that
row holds one.  Then it can say that the number is there, that another stands in its place, or that the order
of two rows is the other way round.  All else it leaves open.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from colophon.grounding import polarity
from colophon.grounding.agreement import agree, equal, is_same_kind
from colophon.grounding.folding import fold
from colophon.grounding.quantities import Quantity, quantities
from colophon.grounding.terms import EMPTY, stem, stems
from colophon.grounding.weights import weight

_BRACKET = re.compile(r"\([^)]*\)")
_MOST_OF = frozenset(stem(word) for word in "highest best largest most maximum top greatest".split())
_LEAST_OF = frozenset(stem(word) for word in "lowest worst smallest least minimum fewest".split())
_THAN = frozenset(stem(word) for word in "than outperform outperforms exceeds surpasses beats".split())
_BEATS = frozenset(stem(word) for word in "outperform outperforms exceeds surpasses beats".split())


@dataclass(frozen=True)
class Table:
    """A table as it was given: every cell is text."""

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def heads(self) -> tuple[frozenset[str], ...]:
        """The stems of each column's name, without its unit and those that all columns share."""
        return _apart([frozenset(stems(_BRACKET.sub(" ", fold(name).text) or name)) for name in self.columns])

    @cached_property
    def labels(self) -> tuple[frozenset[str], ...]:
        """The stems of what each row is called: its cells that hold no number, or else its first."""
        return _apart([frozenset(stems(fold(self._label(row)).text)) - EMPTY for row in self.rows])

    @cached_property
    def terms(self) -> frozenset[str]:
        """All stems of the table."""
        cells = [self.caption, *self.columns, *(cell for row in self.rows for cell in row)]
        return frozenset(stems(fold(" ".join(cells)).text))

    def _label(self, row: Sequence[str]) -> str:
        words = [cell for cell in row if not self._is_number(cell)]
        return " ".join(words or row[:1])

    @staticmethod
    def _is_number(cell: str) -> bool:
        found = quantities(fold(cell).text)
        letters = sum(character.isalpha() for character in cell)
        return bool(found) and letters <= len(cell) / 2

    def number(self, row: int, column: int) -> Quantity | None:
        """Return the first quantity of a cell, or None; a name with digits is none."""
        cells = self.rows[row]
        if column >= len(cells) or not self._is_number(cells[column]):
            return None
        return quantities(fold(cells[column]).text)[0]

    def numeric(self, row: int) -> list[int]:
        """Return the columns of a row that hold a number."""
        return [column for column in range(len(self.rows[row])) if self.number(row, column) is not None]


@dataclass(frozen=True, slots=True)
class LookUp:
    """What a table says of a claim: ``match``, ``clash`` or ``open``, why, and the cell (row, column)."""

    outcome: str
    rule: str
    row: int = -1
    column: int = -1
    cell: str = ""


def _apart(names: list[frozenset[str]]) -> tuple[frozenset[str], ...]:
    shared = frozenset.intersection(*names) if len(names) > 1 else frozenset()
    return tuple(name - shared or name for name in names)


def looked_up(claim: str, table: Table) -> LookUp:
    """Look a folded claim up in a table."""
    numbers = [one for one in quantities(claim) if one.kind != "year"]
    said = frozenset(stems(_without(claim, numbers)))
    rows, columns = _named(table.labels, said), _named(table.heads, said)
    if numbers and rows:
        return _numbers(numbers, table, rows, columns)
    if rows and said & (_MOST_OF | _LEAST_OF):
        return _extreme(said, table, rows, columns)
    if len(rows) == len("ab") and said & _THAN:
        return _order(claim, said, table, rows, columns)
    return LookUp("open", "the claim names no row of the table" if not rows else "the claim has no number")


def _without(claim: str, numbers: Sequence[Quantity]) -> str:
    """Return a claim with its numbers blotted out, so that no digit of theirs names a row or a column."""
    for one in numbers:
        claim = claim[: one.start] + " " * (one.end - one.start) + claim[one.end :]
    return claim


def _named(names: Sequence[frozenset[str]], said: frozenset[str]) -> list[int]:
    """Return which names stand in a claim whole, and not as a part of another that does; else the nearest."""
    whole = [at for at, name in enumerate(names) if name and name <= said]
    whole = [at for at in whole if not any(names[at] < names[other] for other in whole)]
    if whole:
        return whole
    shares = [_share(name, said) for name in names]
    best = max(shares, default=0.0)
    near = [at for at, share in enumerate(shares) if share == best]
    return near if best >= 0.6 and len(near) == 1 else []


def _share(name: frozenset[str], said: frozenset[str]) -> float:
    total = sum(weight(term) for term in name)
    return sum(weight(term) for term in name & said) / total if total else 0.0


def _numbers(
    numbers: Sequence[Quantity], table: Table, rows: Sequence[int], columns: Sequence[int]
) -> LookUp:
    found: list[LookUp] = []
    for one in numbers:
        cells = [
            (row, column, cell)
            for row in rows
            for column in ([c for c in columns if c in table.numeric(row)] or table.numeric(row))
            if (cell := table.number(row, column)) is not None
        ]
        found.append(_number(one, table, cells, is_exact=bool(columns) and len(rows) == 1))
    # One number that is wrong or not there is enough.
    return min(found, key=lambda one: ("clash", "open", "match").index(one.outcome))


def _number(
    one: Quantity, table: Table, cells: Sequence[tuple[int, int, Quantity]], *, is_exact: bool
) -> LookUp:
    for holds in (equal, agree):
        for row, column, cell in cells:
            if holds(one, cell):
                return LookUp("match", "the number stands in its row", row, column, table.rows[row][column])
    values = [(row, column, cell) for row, column, cell in cells if is_same_kind(one, cell)]
    for row, column, cell in values:
        for other_row, _, other in values:
            if row != other_row and abs(abs(cell.value - other.value) - abs(one.value)) <= max(
                one.half, cell.half
            ):
                return LookUp("match", "the number is a difference of two rows", row, column, "")
    if is_exact and len(values) == 1:
        row, column, _ = values[0]
        rule = f"{table.rows[row][column]} stands where the claim says {one.text}"
        return LookUp("clash", rule, row, column, table.rows[row][column])
    return LookUp("open", f"{one.text} does not stand in the row")


def _column(table: Table, rows: Sequence[int], columns: Sequence[int]) -> int | None:
    """Return the one column of numbers that a claim can be about."""
    numeric = [c for c in (columns or range(len(table.columns))) if all(table.number(r, c) for r in rows)]
    return numeric[0] if len(numeric) == 1 else None


def _extreme(said: frozenset[str], table: Table, rows: Sequence[int], columns: Sequence[int]) -> LookUp:
    column = _column(table, range(len(table.rows)), columns)
    if column is None or len(rows) != 1:
        return LookUp("open", "the claim names no single row and column")
    values = [table.number(row, column) for row in range(len(table.rows))]
    held = [value.value for value in values if value is not None]
    wanted = max(held) if said & _MOST_OF else min(held)
    own = values[rows[0]]
    is_true = own is not None and own.value == wanted
    cell = table.rows[rows[0]][column]
    if is_true:
        return LookUp("match", "the row has that value of its column", rows[0], column, cell)
    return LookUp("clash", "another row has that value of its column", rows[0], column, cell)


def _order(
    claim: str, said: frozenset[str], table: Table, rows: Sequence[int], columns: Sequence[int]
) -> LookUp:
    column = _column(table, rows, columns)
    words = stems(claim)
    places = [min(words.index(term) for term in table.labels[row] if term in words) for row in rows]
    first, second = (rows[0], rows[1]) if places[0] < places[1] else (rows[1], rows[0])
    if column is None or places[0] == places[1]:
        return LookUp("open", "the claim names no two rows and column")
    more = bool(said & (polarity.UP | _BEATS))
    less = bool(said & polarity.DOWN)
    one, other = table.number(first, column), table.number(second, column)
    if more == less or one is None or other is None or polarity.negations(polarity.words(claim)):
        return LookUp("open", "the claim says neither more nor less")
    is_true = one.value > other.value if more else one.value < other.value
    cell = table.rows[first][column]
    if is_true:
        return LookUp("match", "the rows stand in that order", first, column, cell)
    return LookUp("clash", "the rows stand in the other order", first, column, cell)
