"""Asking people on a terminal: one line, yes or no, a choice, some lines.  A wrong answer is asked again."""

import select
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import typer
from rich.console import Console
from rich.text import Text

from colophon.characters import visible
from colophon.cli._tables import visible_lines
from colophon.errors import UsageError
from colophon.matching import did_you_mean, suggestion

with suppress(ImportError):
    import readline  # noqa: F401  gives input() its keys for editing

Answer = TypeVar("Answer")
# Whoever answers is no person after so many, or pastes what was not asked for.
_MOST_TRIES = 50
_LONGEST_REFUSAL = 2_000


@dataclass(frozen=True, slots=True)
class Option:
    """One of several answers: the word for it and what it means."""

    name: str
    meaning: str


def _is_pasted() -> bool:
    """Whether more lines are waiting already, as they are when somebody pastes several."""
    try:
        return bool(select.select([sys.stdin], [], [], 0)[0])
    except (OSError, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class Questions:
    """A person at a terminal.  Questions go to stderr, so that stdout holds results alone."""

    console: Console

    def say(self, words: str) -> None:
        """Print words, made inert."""
        self.console.print(Text(visible_lines(words)), soft_wrap=True)

    def ask(self, question: str, read: Callable[[str], Answer], default: str = "") -> Answer:
        """Ask until ``read`` takes the answer; it raises UsageError for one that it cannot.

        Raises Abort, as at the end of the answers, when none of many fits.
        """
        self.say(f"\n{question}{f' [{default}]' if default else ''}")
        for _ in range(_MOST_TRIES):
            try:
                return read(self._line() or default)
            except UsageError as error:
                words = f"  {error.message}{f'; {error.hint}' if error.hint else ''}"
                self.say(words if len(words) <= _LONGEST_REFUSAL else f"{words[:_LONGEST_REFUSAL]}...")
        self.say(f"  none of {_MOST_TRIES} answers fits")
        raise typer.Abort

    def yes(self, question: str, *, default: bool) -> bool:
        """Ask for yes or no."""

        def read(answer: str) -> bool:
            if answer.lower() in ("y", "yes", "n", "no", ""):
                return answer.lower()[:1] == "y" if answer else default
            raise UsageError(f"{answer!r} is neither y nor n")

        return self.ask(f"{question} [{'Y/n' if default else 'y/N'}]", read)

    def choose(self, question: str, options: Sequence[Option], default: str = "") -> str:
        """Ask for one of several options, by its number or its name."""
        names = [option.name for option in options]
        width = max(map(len, names))
        listed = [f"  {at:>2}  {one.name:<{width}}  {one.meaning}" for at, one in enumerate(options, 1)]

        def read(answer: str) -> str:
            if answer.isdecimal() and 1 <= int(answer) <= len(names):
                return names[int(answer) - 1]
            same = [name for name in names if name.casefold() == answer.casefold()]
            if same:
                return same[0]
            meant = suggestion(did_you_mean(answer, names)) or f", expected a number from 1 to {len(names)}"
            raise UsageError(f"{visible(answer)!r} is none of these{meant}")

        return self.ask("\n".join([question, *listed]), read, default)

    def lines(self, question: str, *, needed: bool) -> str:
        """Ask for some lines; an empty one ends them, but for one in the middle of what was pasted."""
        self.say(f"\n{question} (an empty line ends it)")
        found: list[str] = []
        while (line := self._line()) or _is_pasted():
            found.append(line)
        text = "\n".join(found).strip("\n")
        if text or not needed:
            return text
        self.say("  this is needed")
        return self.lines(question, needed=needed)

    def _line(self) -> str:
        try:
            return input("> ").strip()
        except EOFError:
            raise typer.Abort from None
