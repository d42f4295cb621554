"""The lines that mend a finding, in words and as text that steers neither a terminal nor a forge's log."""

from colophon.characters import inert, visible
from colophon.model import Patch


def harmless(line: str) -> str:
    """Return one line for a log that a forge reads, changed as little as possible.

    What cannot be seen is written out.  Only a line that would be a workflow command is made inert, so
    that every other line can be copied as it stands.
    """
    shown = visible(line)
    return inert(shown) if shown.lstrip().startswith("::") or "##[" in shown else shown


def lines_to_write(patch: Patch) -> tuple[str, ...]:
    """Return the lines of a patch, without their ends; none when lines are only taken away."""
    return tuple(patch.text.removesuffix("\n").split("\n")) if patch.text else ()


def place(patch: Patch) -> str:
    """Return in words where the lines of a patch go."""
    if patch.first == 0:
        return "as the whole file"
    if patch.last < patch.first:
        return f"before line {patch.first}"
    if patch.last == patch.first:
        return f"instead of line {patch.first}"
    return f"instead of lines {patch.first} to {patch.last}"
