"""``colophon preview``"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from colophon import event_trial, filing, layout, pipeline, previewing, yaml_guard
from colophon.characters import inert
from colophon.cli import app
from colophon.cli._files import read_small
from colophon.cli._options import RegistryOption, now, opened, refuse_inside_records, registry_folder
from colophon.cli._tables import console, side_by_side
from colophon.errors import EXIT_CLEAN, EXIT_FINDINGS, UsageError
from colophon.event_trial import Trial
from colophon.records import Named, find, listed
from colophon.report import text
from colophon.store import Tree, WorkTree

_MAKE = "colophon correct ID makes a correction"
_OUTCOMES = {
    "applied": "applied",
    "notice": "shown, changes no field",
    "proposed": "shown beside the text, changes no field",
    "waits": "waits for a review that confirms it",
}


@app.command()
def preview(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A correction event, in the registry or elsewhere; - is stdin."),
    ],
    registry: RegistryOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Where the pages are written. Default: .colophon/preview beside the registry."
        ),
    ] = None,
) -> None:
    """Show what a correction does before it is filed: fields, state, findings, and the record's pages.

    Nothing is written but the pages.  Fails when the event breaks a rule or would not be applied.
    """
    folder = registry_folder(registry)
    target = out or folder.parent / ".colophon" / "preview"
    refuse_inside_records(target, folder, "--out")
    previewing.refuse_foreign(target)
    tree = WorkTree(str(folder))
    settings, raw = opened(tree), read_small(file, "a correction event", _MAKE)
    known = listed(tree, settings.id_prefix)
    path = _place(file, folder, tree, raw, known)
    trial = event_trial.attempt(tree, settings, known, path, raw, now())
    _print(trial, known, file)
    if trial.record is not None and trial.step is not None:
        judged = previewing.judged_alone(trial, settings, known)
        pages = previewing.write_pages(trial, judged, settings, pipeline.rules(), target)
        typer.echo(f"wrote {len(pages)} files of this record; rules that compare records were not run")
        typer.echo(f"  next: open {target}/papers/{trial.record.id}.html")
    raise typer.Exit(EXIT_CLEAN if trial.is_applied and not trial.findings else EXIT_FINDINGS)


def _place(file: Path, folder: Path, tree: Tree, raw: bytes, known: dict[str, Named]) -> str:
    """Return where the event lies in the registry, or would lie.  Raises UsageError without a paper."""
    reading = yaml_guard.read(raw)
    value = reading.value
    contract = value.get("contract_version") if isinstance(value, dict) else None
    if isinstance(contract, str) and contract != filing.CONTRACT:
        raise UsageError(f"{file}: is a {contract[:80]}, expected a {filing.CONTRACT}")
    inside = file.resolve().relative_to(folder.resolve()) if _is_inside(file, folder) else None
    if inside is not None and inside.parts[0] == "papers" and inside.parts[3:4] == ("corrections",):
        return inside.as_posix()
    if reading.faults:
        fault = reading.faults[0]
        raise UsageError(f"{file}:{fault.line} {fault.message}", f"colophon explain {fault.code}")
    paper = value.get("paper") if isinstance(value, dict) else None
    if not isinstance(paper, str):
        hint = f"{_MAKE}; the first lines are contract_version and paper"
        raise UsageError(f"{file}: names no paper, so it is no correction event", hint)
    slug, taken = file.stem, event_trial.taken(tree, find(paper, known).id)
    is_free = filing.slug_of(slug) == slug and slug not in taken
    return layout.event_path(find(paper, known).id, slug if is_free else filing.slug_of(slug, taken))


def _is_inside(file: Path, folder: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())


def _print(trial: Trial, known: dict[str, Named], file: Path) -> None:
    named = known.get(trial.path.split("/")[2])
    if named is not None:
        typer.echo(f"{named.display_id}  {inert(named.title)}")
    if trial.step is not None:
        _print_effect(trial)
    if trial.findings:
        typer.echo(text([replace(one, path=str(file)) for one in trial.findings], ""), nl=False)
    elif trial.step is None:
        typer.echo(f"{inert(str(file))}: the record cannot be read; next: colophon check")
    else:
        typer.echo("findings     none")


def _print_effect(trial: Trial) -> None:
    """Print what the event says, and what becomes of the record with it."""
    step = trial.step
    assert step is not None and trial.record is not None  # noqa: S101  the caller looked
    event = step.event.event
    reason = f", {event.reason}" if event.reason else ""
    typer.echo(f"{event.type}{reason}, dated {event.date}, filed under the name {inert(event.reporter.name)}")
    if step.changes:
        proposed = step.outcome in ("proposed", "waits")
        heads = ("as it stands", "as proposed") if proposed else ("before", "after")
        console(on_stderr=False).print(side_by_side(step.changes, *heads))
    before, after = trial.states()
    outcome = _OUTCOMES.get(step.outcome, "not applied")
    typer.echo(f"outcome      {outcome}{f': {inert(step.refused.message)}' if step.refused else ''}")
    typer.echo(f"version      {step.version - 1} -> {step.version}")
    typer.echo(f"state        {before.value} -> {after.value}")
    later = len(trial.record.steps) + 1 - step.version
    if later:
        typer.echo(f"later        {later} more of its versions; the pages show the newest")
