"""``colophon check``"""

from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from colophon import pipeline, report
from colophon.cli import app
from colophon.cli._options import JobsOption, RegistryOption, prefix, progress, registry_folder
from colophon.errors import EXIT_CLEAN, EXIT_FINDINGS, UsageError
from colophon.executor import local
from colophon.findings_json import audit_report
from colophon.matching import did_you_mean
from colophon.model import Finding, FindingClass, Severity
from colophon.pipeline import Survey
from colophon.store import WorkTree


class OutputFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


class FailOn(StrEnum):
    """From which class or severity on the command fails."""

    INTEGRITY = "integrity"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class EngineChoice(StrEnum):
    """Schema engines."""

    FAST = "fast"
    BOTH = "both"


_FAILING = {
    FailOn.INTEGRITY: frozenset[Severity](),
    FailOn.ERROR: frozenset({Severity.ERROR}),
    FailOn.WARNING: frozenset({Severity.ERROR, Severity.WARNING}),
    FailOn.NOTE: frozenset(Severity),
}


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Show only findings below these paths, or of these ids."),
    ] = None,
    registry: RegistryOption = None,
    output: Annotated[OutputFormat, typer.Option("--format", help="Output format.")] = OutputFormat.TEXT,
    fail_on: Annotated[FailOn, typer.Option(help="Fail from this class or severity on.")] = FailOn.INTEGRITY,
    engine: Annotated[EngineChoice, typer.Option(help="Validate with one schema engine or with both.")] = (
        EngineChoice.FAST
    ),
    stats: Annotated[
        bool, typer.Option("--stats", help="Add what each rule recognised and checked.")
    ] = False,
    now: Annotated[
        str | None, typer.Option(metavar="T", help="Time of the check, ISO 8601 UTC. Default: the clock.")
    ] = None,
    jobs: JobsOption = None,
) -> None:
    """Judge a registry: strict reading, schemas, stored form, links, and every audit.

    Integrity findings mean that the registry is damaged and fail the command.  Editorial findings say
    what is wrong with a record as it was published; they set its tier and fail nothing by default.
    """
    folder = registry_folder(registry)
    with local(jobs) as executor, progress() as show:
        tree = WorkTree(str(folder))
        survey = pipeline.survey(tree, executor, show, engine=engine.value, now=_time(now))
    wanted, touched = _below(survey, folder, paths or [])
    _print(survey, wanted, touched, folder, output, stats=stats, narrowed=bool(paths))
    failing = _FAILING[fail_on]
    bad = [f for f in wanted if f.finding_class is FindingClass.INTEGRITY or f.severity in failing]
    raise typer.Exit(EXIT_FINDINGS if bad else EXIT_CLEAN)


def _time(given: str | None) -> str:
    """Return the time of the check as ISO 8601 in UTC; the clock is read here and nowhere else."""
    if given is None:
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise UsageError(
            f"--now {given!r} is no ISO 8601 time, expected one like 2026-07-01T00:00:00Z"
        ) from error
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _below(survey: Survey, folder: Path, paths: list[Path]) -> tuple[tuple[Finding, ...], int]:
    """Return the findings below the paths and how many records lie below them."""
    if not paths:
        return survey.findings, survey.folders
    roots = tuple(_root(path, folder, survey) for path in paths)
    findings = tuple(f for f in survey.findings if any(_within(f.path, root) for root in roots))
    records = {f.path.split("/")[2] for f in findings if f.path.count("/") >= 2}
    records |= {
        item.id
        for item in survey.judged
        if any(_within(item.folder, r) or _within(r, item.folder) for r in roots)
    }
    return findings, len(records)


def _root(path: Path, folder: Path, survey: Survey) -> str:
    """Return what is meant, relative to the registry: a path from here or from the registry, or an id."""
    for candidate in (path, folder / path):
        if candidate.exists():
            try:
                relative = candidate.resolve().relative_to(folder.resolve()).as_posix()
            except ValueError:
                continue
            return "" if relative == "." else relative
    return _record(str(path), folder, survey)


def _record(name: str, folder: Path, survey: Survey) -> str:
    """Return the folder of the record with this id or display id; a display id that fits two lists both."""
    known = {item.id: item for item in survey.judged}
    wanted = name.lower()
    fitting = [
        item for item in survey.judged if wanted in (item.id, item.id[:8], item.facts.display_id.lower())
    ]
    if len(fitting) == 1:
        return fitting[0].folder
    if fitting:
        listed = "; ".join(f"{item.id} {item.facts.title}" for item in fitting)
        raise UsageError(f"{name} fits {len(fitting)} records: {listed}", "give the full id")
    nearest = did_you_mean(name, [*known, *(item.facts.display_id for item in survey.judged)])
    meant = ""
    if nearest is not None:
        item = known.get(nearest) or next(i for i in survey.judged if i.facts.display_id == nearest)
        meant = f"; did you mean {nearest} ({item.facts.title})?"
    message = f"{name}: is neither a path below the registry in {folder} nor the id of a record{meant}"
    raise UsageError(message, "give a path or an id; colophon check without one shows all")


def _within(path: str, root: str) -> bool:
    return not root or path == root or path.startswith(f"{root}/")


def _print(
    survey: Survey,
    findings: tuple[Finding, ...],
    touched: int,
    folder: Path,
    output: OutputFormat,
    *,
    stats: bool,
    narrowed: bool,
) -> None:
    rules, root = pipeline.rules(), prefix(folder)
    if output is OutputFormat.JSON:
        typer.echo(report.json(audit_report(findings, rules, survey.tallies, None)), nl=False)
    elif output is OutputFormat.SARIF:
        typer.echo(report.sarif(findings, rules, root, version("colophon-registry")), nl=False)
    elif output is OutputFormat.GITHUB:
        typer.echo(report.github(findings, root), nl=False)
    else:
        typer.echo(report.text(findings, root), nl=False)
    if stats:
        typer.echo(report.stats(rules, survey.tallies), nl=False, err=output is not OutputFormat.TEXT)
    if output is OutputFormat.TEXT:
        typer.echo(report.summary(findings, touched, narrowed=narrowed))
