"""``colophon ingest``"""

from pathlib import Path
from typing import Annotated

import typer

from colophon import intake
from colophon.characters import visible
from colophon.cli import app
from colophon.cli._options import RegistryOption, prefix, registry_folder
from colophon.errors import UsageError


@app.command()
def ingest(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Report files.")],
    registry: RegistryOption = None,
    record_id: Annotated[
        str | None, typer.Option("--id", metavar="UUID", help="Full id of the record, for one file.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written, write nothing.")
    ] = False,
) -> None:
    """Read reports and write their records.

    Three formats are recognised: a report in text or Markdown form with a claims table ("Extracted
    Claims"), a public record page (it begins with a display id such as SRCH:C157B341 and has tables for
    verification level, tier and provenance), and a draft of a research kernel ("Owner review required").
    """
    if record_id is not None and len(files) != 1:
        raise UsageError(f"--id names one record, {len(files)} files were given", "ingest one file at a time")
    folder = registry if registry is not None else registry_folder(None)
    records = intake.admit(files, folder, record_id=record_id, dry_run=dry_run)
    for record in records:
        typer.echo(
            f"{'would write' if dry_run else 'wrote'} {prefix(folder)}{record.folder}  ({record.format})"
        )
        typer.echo(f"  {visible(record.title)}")
    if not dry_run:
        typer.echo(f"  next: colophon check --registry {folder}")
