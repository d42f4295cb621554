"""``colophon check``"""

from collections.abc import Iterable
from concurrent.futures import Executor
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from colophon import pipeline
from colophon.cli import app
from colophon.cli._check_output import Printed, print_change, print_survey
from colophon.cli._options import (
    ExecutorOption,
    JobsOption,
    NoCacheOption,
    RegistryOption,
    memory,
    prefix,
    progress,
    registry_folder,
    tree_of,
)
from colophon.errors import EXIT_CLEAN, EXIT_FINDINGS, UsageError
from colophon.executor import Progress, opened
from colophon.model import Finding, FindingClass, Severity
from colophon.pipeline import Survey
from colophon.records import folder_of
from colophon.registry_look import registry_look
from colophon.store import WorkTree
from colophon.unchanged import Told, keep, told, told_before


class OutputFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    MARKDOWN = "markdown"


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

_HERE = "HEAD"
_Base = Annotated[
    str | None, typer.Option(metavar="REF", help="Judge what the head changes since it left this commit.")
]
_Head = Annotated[str, typer.Option(metavar="REF", help="The commit that is judged, with --base.")]
_FirstParent = Annotated[
    bool, typer.Option("--first-parent", help="With --base: judge a main line commit by commit.")
]
_SarifFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the findings there too, as SARIF 2.1.0.")
]
_SummaryFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="With --base: write a summary in Markdown there too.")
]
_Cache = Annotated[
    Path | None, typer.Option(metavar="FILE", help="With --base: keep what is known of the registry there.")
]


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Show only findings below these paths, or of these ids."),
    ] = None,
    registry: RegistryOption = None,
    base: _Base = None,
    head: _Head = _HERE,
    first_parent: _FirstParent = False,
    output: Annotated[OutputFormat, typer.Option("--format", help="Output format.")] = OutputFormat.TEXT,
    sarif_file: _SarifFile = None,
    summary_file: _SummaryFile = None,
    fail_on: Annotated[FailOn, typer.Option(help="Fail from this class or severity on.")] = FailOn.INTEGRITY,
    engine: Annotated[EngineChoice, typer.Option(help="Validate with one schema engine or with both.")] = (
        EngineChoice.FAST
    ),
    stats: Annotated[
        bool, typer.Option("--stats", help="Add what each rule recognised and checked.")
    ] = False,
    cache: _Cache = None,
    no_cache: NoCacheOption = False,
    now: Annotated[
        str | None, typer.Option(metavar="T", help="Time of the check, ISO 8601 UTC. Default: the clock.")
    ] = None,
    jobs: JobsOption = None,
    executor: ExecutorOption = None,
) -> None:
    """Judge a registry: strict reading, schemas, stored form, links, and every audit.

    Integrity findings mean that the registry is damaged and fail the command.  Editorial findings say
    what is wrong with a record as it was published; they set its tier and fail nothing by default.

    With --base only what a change brings is judged, read from git and not from the files here: records and
    corrections may be added, nothing may be changed or removed.
    """
    folder = registry_folder(registry)
    printed = Printed(output.value, folder, sarif_file, summary_file, stats, _FAILING[fail_on])
    said, time = None, _time(now)
    with opened(executor, jobs, (folder,)) as runner, progress() as show:
        if base is not None:
            _refuse_together(paths=paths, stats=stats, no_cache=no_cache)
            asked = pipeline.Change(folder, base, head, first_parent, cache, time)
            change = pipeline.judge_change(asked, runner, show)
        else:
            _refuse_alone(first_parent=first_parent, summary_file=summary_file, cache=cache)
            kept, tree = memory(folder, executor, no_cache=no_cache), tree_of(folder, executor)
            if printed.is_plain and not paths and engine is EngineChoice.FAST:
                said = _said(tree, time, kept, prefix(folder), runner, show)
            else:
                survey = pipeline.survey(tree, runner, show, engine=engine.value, now=time, memory=kept)
    if said is not None:
        typer.echo(f"{said.text}{said.summary}")
        raise typer.Exit(_code(said.kinds, fail_on))
    if base is not None:
        findings = change.findings
        print_change(printed, change, is_here=head == _HERE and not first_parent)
    else:
        findings, touched = _below(survey, folder, paths or [])
        print_survey(printed, survey, findings, touched, narrowed=bool(paths))
    raise typer.Exit(_code(((one.finding_class, one.severity) for one in findings), fail_on))


def _said(
    tree: WorkTree, time: str, kept: Path | None, root: str, executor: Executor, show: Progress
) -> Told:
    """Return what is said of a whole registry in words, now or when it looked the same."""
    look = registry_look(tree, executor) if kept is not None else None
    if kept is not None and (known := told_before(kept, look, root, time)) is not None:
        return known
    survey = pipeline.survey(tree, executor, show, now=time, memory=kept)
    said = told(survey.findings, survey.folders, root, look or "", time)
    if kept is not None:
        keep(kept, said, root)
    return said


def _code(kinds: Iterable[tuple[FindingClass, Severity]], fail_on: FailOn) -> int:
    """Return the exit code for findings of some classes and severities."""
    fails = any(of is FindingClass.INTEGRITY or how in _FAILING[fail_on] for of, how in kinds)
    return EXIT_FINDINGS if fails else EXIT_CLEAN


def _refuse_together(**given: object) -> None:
    """Refuse options that say nothing of a change."""
    for name, value in given.items():
        if value:
            option = "PATHS" if name == "paths" else f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} and --base cannot be used together", "leave one of them out")


def _refuse_alone(**given: object) -> None:
    """Refuse options that mean something only for a change."""
    for name, value in given.items():
        if value:
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} goes with --base", f"colophon check --base origin/main {option} ...")


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
    return folder_of(str(path), (item.facts for item in survey.judged), folder)


def _within(path: str, root: str) -> bool:
    return not root or path == root or path.startswith(f"{root}/")
