"""``colophon verify-run``"""

from pathlib import Path
from typing import Annotated

import typer

from colophon import canon, rerun, runs
from colophon.characters import visible
from colophon.cli import app
from colophon.cli._options import RegistryOption, registry_folder
from colophon.errors import EXIT_FINDINGS
from colophon.model import Finding
from colophon.store import WorkTree


@app.command("verify-run")
def verify_run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A run, stored or as a script wrote it.")],
    registry: RegistryOption = None,
) -> None:
    """Compute every digest and every metric of a run again, from its samples, and say what differs."""
    run = rerun.judged(file)
    findings, in_place = list(run.findings), None
    typer.echo(f"{file}: {canon.digest(file.read_bytes())}")
    if run.record is not None:
        record = run.record
        in_place = _as_stored(file, registry_folder(registry), record["experiment"])
        findings += in_place or []
        values = sum(len(one["values"]) for one in record["samples"].values())
        typer.echo(
            f"  {record['experiment']} by {visible(record['operator'])}, {record['ended']}, "
            f"{record['settings']['device']}: {len(record['metrics'])} metrics from {values} samples, "
            f"{len(record['checks'])} checks"
        )
        for one in record["code"]:
            typer.echo(f"  {one['sha256']}  {one['name']}")
    for finding in sorted(set(findings)):
        typer.echo(f"{file}:{finding.line}  {finding.pointer}  {finding.code} {finding.slug}")
        typer.echo(f"  {visible(finding.message)}\n  help: colophon explain {finding.code}")
    if findings:
        raise typer.Exit(EXIT_FINDINGS)
    if in_place is None:
        typer.echo(
            "  every metric is as computed again; it lies outside of the registry, so no code was compared"
        )
    else:
        typer.echo("  every digest and every metric is as computed again")


def _as_stored(file: Path, folder: Path, experiment: str) -> list[Finding] | None:
    """Return what is wrong with a run in its place, and with its code; None outside of the registry."""
    try:
        path = file.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return None
    return [
        one
        for one in runs.read(WorkTree(str(folder)), experiment).findings
        if one.path == path or one.path.startswith(f"runs/{experiment}/code/")
    ]
