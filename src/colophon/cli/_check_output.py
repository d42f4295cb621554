"""What ``colophon check`` prints and writes."""

import shlex
from dataclasses import dataclass
from pathlib import Path

import typer

from colophon import atomic, pipeline, report
from colophon.change_report import ChangeReport, markdown, text_summary
from colophon.characters import inert
from colophon.cli._options import prefix
from colophon.findings_json import audit_report
from colophon.model import Finding, Severity
from colophon.pipeline import Survey
from colophon.repository import Repository

# Of the files that are not committed, so many are named.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Printed:
    """What is asked for: format, the registry's folder, files to write besides, whether to add figures."""

    format: str
    folder: Path
    sarif_file: Path | None
    summary_file: Path | None
    stats: bool
    failing: frozenset[Severity] = frozenset()

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked for but what is wrong, in words."""
        return self.format == "text" and self.sarif_file is None and not self.stats

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """The files that hold what a list of annotations has no room for."""
        return tuple(file.name for file in (self.sarif_file, self.summary_file) if file is not None)


def print_survey(
    asked: Printed, survey: Survey, findings: tuple[Finding, ...], touched: int, *, narrowed: bool
) -> None:
    """Print the findings of a registry."""
    tallies, root = survey.tallies, prefix(asked.folder)
    site_url = survey.settings.site_url if survey.settings is not None else None
    _write_sarif(asked, findings, root, site_url)
    if asked.format == "json":
        typer.echo(report.json(audit_report(findings, pipeline.rules(), tallies, None)), nl=False)
    else:
        _print(asked, findings, root, site_url)
    if asked.stats:
        typer.echo(report.stats(pipeline.rules(), tallies), nl=False, err=asked.format != "text")
    if asked.format == "text":
        typer.echo(report.summary(findings, touched, narrowed=narrowed))


def print_change(asked: Printed, change: ChangeReport, *, is_here: bool) -> None:
    """Print what a change brings, the worst first, and write the files that were asked for.

    ``is_here`` says that the change is what is checked out, so that files here may be in no commit yet.
    """
    root = prefix(asked.folder)
    _write_sarif(asked, change.findings, root, change.site_url)
    if asked.summary_file is not None:
        atomic.write(asked.summary_file, _markdown(asked, change, root).encode())
    if asked.format == "json":
        typer.echo(report.json(audit_report(change.findings, pipeline.rules(), {}, None)), nl=False)
    elif asked.format == "markdown":
        typer.echo(_markdown(asked, change, root), nl=False)
    else:
        _print(asked, change.findings, root, change.site_url)
    if asked.format == "text":
        typer.echo(text_summary(change, asked.failing))
        if is_here:
            _print_uncommitted(asked)


def _print_uncommitted(asked: Printed) -> None:
    """Say on stderr, to people, which files of the registry are in no commit, so that no check saw them."""
    repository, inside = Repository.open(asked.folder)
    files = repository.uncommitted(inside)
    if not files:
        return
    count = f"{report.counted(len(files), 'file')} {'is' if len(files) == 1 else 'are'}"
    where = shlex.quote(str(asked.folder))
    typer.echo(f"note: {count} not committed, so not judged:", err=True)
    for file in files[:_NAMED]:
        typer.echo(f"  {inert(file)}", err=True)
    if len(files) > _NAMED:
        typer.echo(f"  and {len(files) - _NAMED} more", err=True)
    commands = f"git add {where} && git commit -m 'Correct a record', then this again"
    typer.echo(f"  next: {inert(commands)}", err=True)


def _markdown(asked: Printed, change: ChangeReport, root: str) -> str:
    return markdown(change, root, change.site_url, failing=asked.failing)


def _print(asked: Printed, findings: tuple[Finding, ...], root: str, site_url: str | None) -> None:
    if asked.format == "sarif":
        typer.echo(_sarif(findings, root, site_url), nl=False)
    elif asked.format == "github":
        typer.echo(report.github(findings, root, asked.elsewhere), nl=False)
    else:
        typer.echo(report.text(findings, root), nl=False)


def _write_sarif(asked: Printed, findings: tuple[Finding, ...], root: str, site_url: str | None) -> None:
    if asked.sarif_file is not None:
        atomic.write(asked.sarif_file, _sarif(findings, root, site_url).encode())


def _sarif(findings: tuple[Finding, ...], root: str, site_url: str | None) -> str:
    return report.sarif(findings, pipeline.rules(), root, site_url=site_url)
