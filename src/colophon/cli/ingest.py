"""``colophon ingest``"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from colophon import admission
from colophon.characters import inert
from colophon.cli import app
from colophon.cli._options import RegistryOption, prefix, registry_folder, today
from colophon.errors import UsageError
from colophon.intake import NewRecord
from colophon.report import counted

_WIDEST, _MOST = 110, 12


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

    Three formats are recognised.

    A report: text or Markdown with a title, the publisher and a date below it, and at least two sections
    such as "Methodology", "Results", "Limitations", "Extracted Claims" (a table Claim, Verified, Confidence,
    or a list) and "References".

    A record page: begins with a display id such as SRCH:C157B341 and a title; has two or more tables of
    labelled rows such as "Verification Level", "Quality Tier", "Quality Dimensions", "Correction Record" and
    "Provenance" (with a row Publisher).

    A kernel draft: a report whose byline is "SOVEREIGN Research Kernel", with the notice "Autonomous draft".

    What was read is printed for each record. "cut" lists texts that look cut off in the report itself, "not
    read" what the report shows and is not kept in the record's facts; the report itself is always kept whole.
    """
    if record_id is not None and len(files) != 1:
        raise UsageError(f"--id names one record, {len(files)} files were given", "ingest one file at a time")
    folder = registry if registry is not None else registry_folder(None)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file, expected the folder of a registry")
    records = admission.admit(files, folder, record_id=record_id, dry_run=dry_run, today=today())
    for record in records:
        typer.echo(
            f"{'would write' if dry_run else 'wrote'} {prefix(folder)}{record.folder}  ({record.format})"
        )
        typer.echo(f"  {inert(record.title)}")
        for line in _summary(record):
            typer.echo(f"  {inert(line)}")
    if not dry_run:
        typer.echo(f"  next: colophon check --registry {folder}")


def _summary(record: NewRecord) -> Iterator[str]:
    """What was read from a report, in a few lines."""
    manifest = record.manifest
    told = [manifest["publisher"]["name"], manifest["submitted"] or "date not stated"]
    yield _row("from", ", ".join(told))
    counts = manifest["stated"]["counts"]
    read = [_claims(manifest["claims"]), _sources(manifest["sources"]), counted(len(counts), "stated count")]
    yield _row("read", ", ".join(read))
    if manifest["truncated"]:
        yield _row("cut", ", ".join(manifest["truncated"]))
    for position, words in enumerate(record.unread[:_MOST]):
        yield _row("" if position else "not read", _short(words))
    if len(record.unread) > _MOST:
        yield _row("", f"and {len(record.unread) - _MOST} more")


def _row(name: str, words: str) -> str:
    return f"{f'{name}:' if name else '':<10}{words}"


def _claims(claims: list[dict[str, Any]] | None) -> str:
    if claims is None:
        return "no list of claims shown"
    ticked = sum(claim["stated"]["verified"] is True for claim in claims)
    return f"{counted(len(claims), 'claim')} ({ticked} ticked)"


def _sources(sources: list[dict[str, Any]] | None) -> str:
    return "no list of sources shown" if sources is None else counted(len(sources), "source")


def _short(words: str) -> str:
    return words if len(words) <= _WIDEST else f"{words[: _WIDEST - 1]}…"
