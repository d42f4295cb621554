"""Tables and lines for people: values side by side.  Record text is made inert before it is printed."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from colophon.amend import FieldChange
from colophon.characters import visible
from colophon.filing import DraftChange
from colophon.record_fields import readable
from colophon.yaml_text import Tree

_LONGEST = 2_000


def console(*, on_stderr: bool) -> Console:
    """Return a console that takes text as it is."""
    return Console(stderr=on_stderr, highlight=False, markup=False, emoji=False)


def side_by_side(changes: Iterable[DraftChange | FieldChange], old: str, new: str) -> Table:
    """Return a table of changes: the field, the value under ``old`` and the value under ``new``."""
    table = Table(show_lines=True, expand=False)
    table.add_column("field", no_wrap=False, max_width=24)
    table.add_column(old, ratio=1)
    table.add_column(new, ratio=1)
    for change in changes:
        before = "nothing yet" if change.adds else inert(change.old)
        field = f"{readable(change.pointer)}\n{change.document}:{change.pointer}"
        table.add_row(*map(Text, (visible_lines(field), before, inert(change.new))))
    return table


def inert(value: Tree | object) -> str:
    """Return a value for a cell: in full where it is a text that is not very long."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "\n".join(f"{visible(str(name))}: {inert(below)}" for name, below in value.items())
    if isinstance(value, list):
        return "\n".join(f"- {inert(below)}" for below in value)
    text = ("false", "true")[value] if isinstance(value, bool) else str(value)
    return visible_lines(text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ... ({len(text)} characters)")


def visible_lines(text: str) -> str:
    """Return text with its line ends, everything else that cannot be seen written out."""
    return "\n".join(map(visible, text.split("\n")))
