"""``colophon rerun``"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from colophon import rerun as machinery
from colophon import reruns
from colophon.characters import visible
from colophon.cli import app, stderr
from colophon.cli._options import RegistryOption, opened, prefix, registry_folder
from colophon.cli._reporter import git_name
from colophon.errors import EXIT_FINDINGS, EXIT_USAGE, EnvironmentFault, UsageError
from colophon.report import counted
from colophon.rerun import Ask, Judged
from colophon.rules.verdict import Run, Verdict, verdict
from colophon.rules.verdict_words import label
from colophon.store import WorkTree

_INTERRUPTED = 130
_MOST = 20


ExperimentArgument = Annotated[
    str | None, typer.Argument(metavar="EXPERIMENT", help="Which one. Without it all are listed.")
]
PresetOption = Annotated[
    Literal["smoke", "cpu", "gpu"],
    typer.Option("--preset", help="smoke shows that the code works; cpu and gpu can be stored."),
]
PartOption = Annotated[
    list[str] | None, typer.Option("--part", metavar="NAME", help="Only this part; may be repeated.")
]
OperatorOption = Annotated[
    str, typer.Option("--operator", metavar="NAME", help="Who runs it. Default: the name that git has.")
]
MachineOption = Annotated[
    str | None, typer.Option("--machine", metavar="NAME", help="Default: after its processor or GPU.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where the record goes, besides --store.")
]
FromOption = Annotated[
    Path | None,
    typer.Option("--from", metavar="FILE", help="Run nothing: take the record that a script wrote."),
]
CodeOption = Annotated[
    list[Path] | None,
    typer.Option("--code", metavar="DIR", help="Where the code of --from is, if it is not today's."),
]
ScriptsOption = Annotated[
    Path | None,
    typer.Option("--scripts", metavar="DIR", help="Default: scripts/experiments beside the registry."),
]
PythonOption = Annotated[
    str,
    typer.Option("--python", metavar="PATH", help="Interpreter that has torch.", show_default="this one"),
]


@app.command()
def rerun(
    experiment: ExperimentArgument = None,
    preset: PresetOption = "cpu",
    part: PartOption = None,
    device: Annotated[Literal["auto", "cpu", "cuda"], typer.Option("--device")] = "auto",
    seeds: Annotated[int | None, typer.Option("--seeds", min=1, max=1000, metavar="N")] = None,
    operator: OperatorOption = "",
    machine: MachineOption = None,
    out: OutOption = None,
    store: Annotated[
        bool, typer.Option("--store", help="Keep the run and its code in the registry.")
    ] = False,
    given: FromOption = None,
    code: CodeOption = None,
    scripts: ScriptsOption = None,
    python: PythonOption = sys.executable,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would run; run nothing.")] = False,
    registry: RegistryOption = None,
) -> None:
    """Run a bundled experiment again, keep its output, and say what it means for the claims bound to it.

    The script runs as a process of its own, without a network where bwrap can close it in.  What was
    interrupted goes on when the same command is given again.
    """
    folder = registry_folder(registry)
    home = scripts or folder.resolve().parent / "scripts" / "experiments"
    if experiment is None:
        if given is not None or store:
            hint = "colophon rerun EXPERIMENT; without options all are listed"
            raise UsageError("there is no experiment", hint)
        _list(home, python)
        return
    if store and given is None and preset == "smoke":
        message = "a smoke run only shows that the code works, and none is kept"
        raise UsageError(message, f"colophon rerun {experiment} --preset cpu --store")
    script = machinery.script(home, experiment)
    parts, who = tuple(dict.fromkeys(part or ())), operator or git_name(folder) or "unnamed"
    ask = Ask(preset, parts, device, seeds, who, machine, dry_run)
    if given is None:
        # Each choice of parts has a file of its own, so that each goes on where it was interrupted.
        name = "-".join((preset, *ask.parts))
        kept_in = folder.resolve().parent / ".colophon" / "reruns"
        target = out or kept_in / experiment / f"{name[:100]}.json"
        if target.resolve().is_relative_to(folder.resolve()):
            raise UsageError(f"{target}: lies in the registry", "--store keeps a run there, under its digest")
        # It says in a line what is missing, where the script itself would end in a traceback.
        machinery.describe(script, python)
        _run(script, ask, target, python, kept_in / "cache")
        if dry_run:
            return
    else:
        target = given
    run = machinery.judged(target)
    _refuse(run, target, experiment, is_kept=store)
    if store:
        kept = machinery.store(folder, run, [home, *(code or ())])
        stderr.print(f"kept: {prefix(folder)}{kept.relative_to(folder).as_posix()}")
    _tell(folder, run.as_run(target.name), is_kept=store)


def _list(home: Path, python: str) -> None:
    found = machinery.scripts(home)
    if not found:
        raise UsageError(f"{home}: holds no experiment scripts", "--scripts DIR names their folder")
    for name, file in found.items():
        try:
            described = machinery.describe(file, python)
        except EnvironmentFault as fault:
            typer.echo(f"{name}: cannot be run here: {fault.message}")
            if fault.hint:
                typer.echo(f"  next: {fault.hint}")
            continue
        typer.echo(f"{name}: {visible(str(described.get('title')))}")
        for one in described.get("parts") or ():
            times = ", ".join(
                f"{visible(str(preset))} about {visible(str(seconds))} s"
                for preset, seconds in one["seconds"].items()
            )
            typer.echo(f"  {visible(str(one.get('name')))}: {visible(str(one.get('what')))} ({times})")


def _run(script: Path, ask: Ask, target: Path, python: str, cache: Path) -> None:
    """Run the script; what it could not do ends the command with its exit code."""
    before = machinery.identity(target)
    exit_code = machinery.execute(script, ask, target, python, cache)
    if exit_code == _INTERRUPTED:
        raise KeyboardInterrupt
    if exit_code == EXIT_USAGE:
        raise typer.Exit(EXIT_USAGE)
    if exit_code not in (0, EXIT_FINDINGS):
        raise EnvironmentFault(f"{script.name} ended with {exit_code}, nothing was kept")
    if not ask.is_dry and machinery.identity(target) in (None, before):
        raise EnvironmentFault(
            f"{script.name} wrote no record, nothing was kept", f"{python} {script} --describe"
        )


def _refuse(run: Judged, target: Path, experiment: str, *, is_kept: bool) -> None:
    """End the command when the record is none, or may not be kept."""
    record = run.record or {}
    findings = [one for one in run.findings if is_kept or one.pointer != "/preset"]
    for one in findings[:_MOST]:
        stderr.print(
            f"{visible(str(target))}:{one.line}  {one.pointer}  {one.code} {one.slug}  {one.severity.value}"
        )
        stderr.print(f"  {visible(one.message)}")
    if findings:
        count = f"{len(findings)} finding{'s' if len(findings) > 1 else ''}"
        stderr.print(f"nothing was kept: {count}; colophon explain {findings[0].code}")
        raise typer.Exit(EXIT_FINDINGS)
    if record["experiment"] != experiment:
        raise UsageError(f"{target}: is a run of {record['experiment']}, not of {experiment}")


def _tell(folder: Path, run: Run, *, is_kept: bool) -> None:
    """Say the verdict on every claim that is bound to a metric of a run, and what else is bound."""
    record, tree = run.record, WorkTree(str(folder))
    stewards = opened(tree).stewards
    if record.preset == "smoke":
        typer.echo("a smoke run only shows that the code works; it decides nothing")
        return
    again = reruns.read(tree, stewards, only=(record.experiment,), trial=None if is_kept else run)
    said = [verdict for one in again.experiments for verdict in one.verdicts]
    of_run = [one for one in said if one.name in record.metrics]
    for one in of_run:
        for line in _lines(one, run):
            typer.echo(visible(line))
    decided = sum(one.is_decided for one in of_run)
    where = "" if is_kept else ", were it kept (--store)"
    count = f"{counted(len(of_run), 'bound claim')} of this run"
    if record.operator in stewards:
        typer.echo(f"{count}, {decided} verified or falsified{where}")
    else:
        names = ", ".join(sorted(stewards))
        typer.echo(
            f"{count}; {visible(record.operator)} is no maintainer of this registry ({visible(names)}), so "
            "it is shown and decides nothing"
        )
    untested = sum(one.binding.grade == "cannot_test" for one in said)
    if others := len(said) - len(of_run) - untested:
        typer.echo(f"{counted(others, 'claim')} more bound to metrics that this run does not have")
    if untested:
        typer.echo(f"{counted(untested, 'claim')} more said to be beyond testing here, each with its reason")


def _lines(said: Verdict, run: Run) -> Iterator[str]:
    """Yield what a run says of a claim, and the registry's verdict where that rests on another run."""
    claim = said.binding.claim
    what = f"{claim.kind} {claim.identifier} {claim.claim}"
    own = verdict(said.binding, said.path, (run,), {run.record.operator, said.binding.filed_by})
    is_other = said.run is not None and said.run.sha256 != run.sha256
    first = own if is_other else said
    yield f"{_word(first):<20}  {first.run_class or 'not run':<14}  {what}: {first.reason}"
    if is_other and said.run is not None:
        yield f"  the registry: {_word(said)}, by the run of {said.run.record.ended}: {said.reason}"


def _word(said: Verdict) -> str:
    return label(said.verdict, said.binding.grade, said.outcome, is_withheld=said.is_withheld)
