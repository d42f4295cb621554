"""``colophon ground``"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from colophon.cli import app


class OutputFormat(StrEnum):
    """How verdicts are printed."""

    JSONL = "jsonl"


@app.command()
def ground(
    claims: Annotated[
        Path,
        typer.Option(
            "--claims", metavar="FILE", help='JSON lines: {"id", "text", "sources": [ids] or null}.'
        ),
    ],
    sources: Annotated[
        Path,
        typer.Option(
            "--sources",
            metavar="FILE",
            help='JSON lines: {"id", "kind", "text", "sentences" or "table", "title"}.',
        ),
    ],
    output: Annotated[OutputFormat, typer.Option("--format", help="Output format.")] = OutputFormat.JSONL,
) -> None:
    """Say of each claim where its sources carry it, and where they say otherwise.

    A verdict comes from the text alone, by rules, on this machine: the same bytes on every run.
    """
    # Slow to import, and no other command needs it.
    from colophon.grounding import jsonl  # noqa: PLC0415
    from colophon.grounding.library import Library  # noqa: PLC0415

    library = Library(jsonl.sources(sources))
    for claim in jsonl.claims(claims):
        sys.stdout.buffer.write(jsonl.line(claim, library.ground(claim.text, claim.sources)))
