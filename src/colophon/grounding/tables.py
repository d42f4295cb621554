"""A claim from a table is looked up: row and column by their names, the number in the cell where they meet.

A table speaks of a claim only where the claim names one row, one column and one number, says which of two
rows has more of a column, or which row has the most or least.  All else it leaves open.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from colophon.grounding import polarity
from colophon.grounding.alignment import DOUBT
from colophon.language.agreement import agree, equal, is_same_kind
from colophon.language.folding import fold
from colophon.language.quantities import Quantity, quantities
from colophon.language.terms import EMPTY, stem, stems
from colophon.language.units import UNITS

_PLAIN_NUMBER, _DIGIT = re.compile(r"[<>~$€£]?\s*[-+]?[0-9][0-9,.]*\s*%?"), re.compile(r"[0-9]")
_BRACKET = re.compile(r"\([^)]*\)")
# Best and worst are left out: of an error or a latency the least is best.
_MOST_OF = frozenset(stem(word) for word in "highest largest most maximum greatest".split())
_LEAST_OF = frozenset(stem(word) for word in "lowest smallest least minimum fewest".split())
_MORE = frozenset(stem(word) for word in "higher larger more greater".split())
_LESS = frozenset(stem(word) for word in "lower smaller less fewer".split())
_COMPARING = frozenset(
    stem(word)
    for word in "than best worst better worse outperform outperforms outperformed exceeds surpasses beats "
    "loses lost wins second third rank ranks ranked both average mean total sum difference median".split()
)


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
        if _PLAIN_NUMBER.fullmatch(cell) or not _DIGIT.search(cell):
            return _DIGIT.search(cell) is not None
        found = quantities(fold(cell).text)
        letters = sum(character.isalpha() for character in cell)
        return bool(found) and letters <= len(cell) / 2

    def number(self, row: int, column: int) -> Quantity | None:
        """Return the first quantity of a cell, or None; a name with digits is none."""
        cells = self.rows[row]
        if column >= len(cells) or not self._is_number(cells[column]):
            return None
        found = quantities(fold(cells[column]).text)[0]
        name = self._units[column] if column < len(self._units) else ""
        if not name or found.kind != "plain":
            return found
        unit = UNITS[name]
        return replace(
            found, value=found.value * unit.factor, half=found.half * unit.factor, kind=unit.kind, unit=name
        )

    @cached_property
    def _units(self) -> tuple[str, ...]:
        """The unit that each column's name has in brackets, such as ms, or nothing."""
        inside = (_BRACKET.search(fold(name).text) for name in self.columns)
        named = (match[0][1:-1].strip() if match else "" for match in inside)
        return tuple(name if name in UNITS else "" for name in named)


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
    """Look a folded claim up in a table: one cell, two rows in order, the greatest or least of a column."""
    numbers = quantities(claim)
    words = stems(_without(claim, numbers))
    said = frozenset(words)
    rows, columns = _named(table.labels, said), _named(table.heads, said)
    if polarity.negations(polarity.words(claim)) or DOUBT.search(claim):
        return LookUp("open", "the claim denies or doubts, which no cell does")
    if not numbers and len(rows) == 1 and said & (_MOST_OF | _LEAST_OF):
        return _extreme(said, table, rows[0], columns)
    if not numbers and len(rows) == len("ab") and "than" in words:
        return _order(words, table, rows, columns)
    if any(one.kind == "year" for one in numbers):
        return LookUp("open", "the claim speaks of a year")
    is_plain = len(numbers) == len(rows) == len(columns) == 1 and not numbers[0].bound
    if not is_plain or said & (polarity.DIRECTIONS | _COMPARING | _MOST_OF | _LEAST_OF):
        return LookUp("open", "the claim does not name one row, one column and one number, and no more")
    return _cell(numbers[0], table, rows[0], columns[0])


def _without(claim: str, numbers: Sequence[Quantity]) -> str:
    """Return a claim with its numbers blotted out, so that no digit of theirs names a row or a column."""
    for one in numbers:
        claim = claim[: one.start] + " " * (one.end - one.start) + claim[one.end :]
    return claim


def _named(names: Sequence[frozenset[str]], said: frozenset[str]) -> list[int]:
    """Return which names stand in a claim whole, and not as a part of another that does."""
    whole = [at for at, name in enumerate(names) if name and name <= said]
    return [at for at in whole if not any(names[at] < names[other] for other in whole)]


def _cell(one: Quantity, table: Table, row: int, column: int) -> LookUp:
    """Compare a number with the cell where its row and its column meet."""
    held = table.number(row, column)
    if held is None or held.bound:
        return LookUp("open", "the cell holds no number, or a bound", row, column)
    cell = table.rows[row][column]
    if agree(one, held):
        return LookUp("match", "the number stands in its row and column", row, column, cell)
    is_share = equal(replace(one, value=one.value * 100, kind="plain", unit=""), replace(held, kind="plain"))
    if is_share or not is_same_kind(one, held) or len(quantities(fold(cell).text)) != 1:
        return LookUp("open", "the cell and the number cannot be set against each other", row, column)
    return LookUp("clash", f"{cell} stands where the claim says {one.text}", row, column, cell)


def _column(table: Table, rows: Sequence[int], columns: Sequence[int]) -> int | None:
    """Return the one column of numbers that a claim names."""
    numeric = [column for column in columns if all(table.number(row, column) for row in rows)]
    return numeric[0] if len(numeric) == len(columns) == 1 else None


def _extreme(said: frozenset[str], table: Table, row: int, columns: Sequence[int]) -> LookUp:
    column = _column(table, range(len(table.rows)), columns)
    if column is None or (said & _MOST_OF and said & _LEAST_OF) or said & _COMPARING:
        return LookUp("open", "the claim names no single row and column")
    values = [
        held.value for other in range(len(table.rows)) if (held := table.number(other, column)) is not None
    ]
    wanted = max(values) if said & _MOST_OF else min(values)
    cell = table.rows[row][column]
    if values[row] == wanted:
        return LookUp("match", "the row has that value of its column", row, column, cell)
    return LookUp("clash", "another row has that value of its column", row, column, cell)


def _order(words: list[str], table: Table, rows: Sequence[int], columns: Sequence[int]) -> LookUp:
    """Compare two rows: the first is named before the word "than", the other behind it."""
    column, than = _column(table, rows, columns), words.index("than")
    sides = [[row for row in rows if table.labels[row] <= {*part}] for part in (words[:than], words[than:])]
    said = frozenset(words)
    more, less = bool(said & _MORE), bool(said & _LESS)
    if column is None or [len(side) for side in sides] != [1, 1] or sides[0] == sides[1] or more == less:
        return LookUp("open", "the claim sets no two rows of one column against each other")
    first, second = sides[0][0], sides[1][0]
    one, other = table.number(first, column), table.number(second, column)
    if one is None or other is None:
        return LookUp("open", "the cells hold no numbers")
    cell = table.rows[first][column]
    if one.value > other.value if more else one.value < other.value:
        return LookUp("match", "the rows stand in that order", first, column, cell)
    return LookUp("clash", "the rows stand in the other order", first, column, cell)
