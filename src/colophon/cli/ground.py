"""``colophon ground``"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from colophon.cli import app
from colophon.grounding import jsonl, verdicts
from colophon.grounding.folding import fold
from colophon.grounding.library import Library
from colophon.grounding.location import content
from colophon.grounding.terms import stems


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
    library = Library(jsonl.sources(sources))
    for claim in jsonl.claims(claims):
        terms = content(stems(fold(claim.text).text))
        named = claim.sources
        held = library.nearest(terms) if named is None else library.named(named)
        found = verdicts.ground(claim.text, held)
        better = (
            library.better(terms, named)
            if named and found.verdict in ("not_located", "source_missing")
            else None
        )
        if better is not None:
            found.signals["wrong_source"] = better
        sys.stdout.buffer.write(jsonl.line(claim, found))
