"""What a row of the tables is: a change, and what the check of it says.

A row with a code is hostile or clumsy, and its words stand in messages of that code.  One without is honest.
"""

from dataclasses import dataclass

from .branches import Step

NOW = "2026-12-01T12:00:00Z"


@dataclass(frozen=True)
class Row:
    """One change.  ``also`` are codes that come along; nothing blocks with a code that is not named here.

    ``removals`` are the files whose removal is accepted, ``patch`` words of the text that the program
    offers to write, ``touched`` how many records the change is said to touch, ``state`` what the first of
    them is in afterwards.
    """

    name: str
    steps: tuple[Step, ...]
    code: str = ""
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    removals: tuple[str, ...] = ()
    patch: str = ""
    touched: int | None = None
    state: str = ""

    def __str__(self) -> str:
        return self.name


def refused(
    name: str, code: str, *words: str, by: list[Step], also: tuple[str, ...] = (), patch: str = ""
) -> Row:
    """Return the row of a change that is blocked by a finding of a code, with these words in its message."""
    return Row(name, tuple(by), code, words, also, patch=patch)


def honest(name: str, *, by: list[Step], touched: int | None = None, state: str = "") -> Row:
    """Return the row of a change that nothing blocks."""
    return Row(name, tuple(by), touched=touched, state=state)
