"""``colophon init``"""

from pathlib import Path
from typing import Annotated

import typer

from colophon import intake
from colophon.cli import app


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Folder of the new registry.")] = Path(
        "registry"
    ),
    name: Annotated[str, typer.Option(help="Name of the registry, shown on every page.")] = "Colophon",
    id_prefix: Annotated[str, typer.Option(help="Prefix of display ids.")] = intake.DEFAULT_PREFIX,
) -> None:
    """Make a new, valid, empty registry, with workflow templates for checking and publishing it."""
    written = intake.initialise(folder, name=name, id_prefix=id_prefix)
    typer.echo(f"made a registry in {folder} ({len(written)} files)")
    typer.echo(f"  next: colophon ingest REPORT --registry {folder}")
