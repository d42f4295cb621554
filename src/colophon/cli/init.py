"""``colophon init``"""

from pathlib import Path
from typing import Annotated

import typer

from colophon import admission
from colophon.cli import app
from colophon.cli._options import today
from colophon.errors import UsageError


@app.command()
def init(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Folder of the new registry. Default: ./registry.")
    ] = None,
    registry: Annotated[
        Path | None, typer.Option("--registry", metavar="DIR", help="The same, as other commands name it.")
    ] = None,
    name: Annotated[
        str, typer.Option(help="Name of the registry, shown on every page.")
    ] = admission.DEFAULT_NAME,
    id_prefix: Annotated[str, typer.Option(help="Prefix of display ids.")] = admission.DEFAULT_PREFIX,
) -> None:
    """Make a new, valid, empty registry, with workflow templates for checking and publishing it."""
    if folder is not None and registry is not None and folder != registry:
        raise UsageError(f"{folder} and --registry {registry} name two folders", "name one")
    folder = folder or registry or Path("registry")
    written = admission.initialise(folder, name=name, id_prefix=id_prefix, today=today())
    typer.echo(f"made a registry in {folder} ({len(written)} files)")
    typer.echo(f"  next: colophon ingest REPORT --registry {folder}")
