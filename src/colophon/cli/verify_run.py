"""``colophon verify-run``"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from colophon import canon, rerun, reruns, runs
from colophon.characters import visible
from colophon.claim_texts import ClaimTexts
from colophon.cli import app
from colophon.cli._options import RegistryOption, registry_folder
from colophon.errors import EXIT_FINDINGS
from colophon.model import Finding
from colophon.store import WorkTree

_NOT_HERE = "not here, so it was not compared"


@app.command("verify-run")
def verify_run(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Runs, stored or as a script wrote them.")
    ],
    registry: RegistryOption = None,
) -> None:
    """Compute every digest and every metric of runs again, from their samples, and say what differs."""
    folder = registry_folder(registry)
    verified = [_is_verified(file, folder) for file in files]
    if not all(verified):
        raise typer.Exit(EXIT_FINDINGS)


def _is_verified(file: Path, folder: Path) -> bool:
    """Say of one run what differs; whether nothing does."""
    run = rerun.judged(file)
    raw = file.read_bytes()
    other = runs.misnamed(file.name, raw)
    findings = [*run.findings, *([] if other is None else [other])]
    shown = visible(str(file))
    typer.echo(f"{shown}: {canon.digest(raw)}")
    missing = 0
    if run.record is not None:
        if (folder / "registry.yaml").is_file():
            findings += _as_stored(file, folder, run.record["experiment"])
            findings += reruns.doubts(run.as_run(file.name), ClaimTexts(WorkTree(str(folder))))
        else:
            typer.echo("  there is no registry here, so no claim was looked up; --registry DIR names one")
        _say(run.record)
        for one, place in _code(run.record, folder):
            missing += place == _NOT_HERE
            typer.echo(f"  {one['sha256']}  {one['name']}: {place}")
    seen = {(one.code, one.pointer, one.message): one for one in findings}
    for finding in sorted(seen.values()):
        typer.echo(f"{shown}:{finding.line}  {finding.pointer}  {finding.code} {finding.slug}")
        typer.echo(f"  {visible(finding.message)}\n  help: colophon explain {finding.code}")
    if findings:
        return False
    what = (
        "every metric is as computed again"
        if missing
        else "every digest and every metric is as computed again"
    )
    typer.echo(f"  {what}")
    return True


def _say(record: dict[str, Any]) -> None:
    values = sum(len(one["values"]) for one in record["samples"].values())
    typer.echo(
        f"  {record['experiment']} by {visible(record['operator'])}, {record['ended']}, "
        f"{record['settings']['device']}: {len(record['metrics'])} metrics from {values} samples, "
        f"{len(record['checks'])} checks"
    )


def _code(record: dict[str, Any], folder: Path) -> Iterator[tuple[dict[str, str], str]]:
    """Yield every file of code that ran, with where the same bytes lie; its digest is computed again."""
    today = folder.resolve().parent / "scripts" / "experiments"
    for one in record["code"]:
        kept = folder / runs.code_path(record["experiment"], one["sha256"])
        places = {"kept in the registry": kept, "today's script": today / one["name"]}
        same = (words for words, path in places.items() if path.is_file() and _digest(path) == one["sha256"])
        yield one, next(same, _NOT_HERE)


def _digest(path: Path) -> str:
    return canon.digest(path.read_bytes())


def _as_stored(file: Path, folder: Path, experiment: str) -> list[Finding]:
    """Return what is wrong with a run in its place, and with its code; nothing outside of the registry."""
    try:
        path = file.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return []
    return [
        one
        for one in runs.read(WorkTree(str(folder)), experiment).findings
        if one.path == path or one.path.startswith(f"runs/{experiment}/code/")
    ]
