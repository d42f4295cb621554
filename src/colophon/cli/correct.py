"""``colophon correct``"""

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from colophon import answers, correcting, event_trial, filing
from colophon.characters import inert
from colophon.cli import app, stderr
from colophon.cli._files import read_small
from colophon.cli._interview import Subject, completed, which_record
from colophon.cli._options import RegistryOption, now, opened, prefix, registry_folder
from colophon.cli._questions import Questions
from colophon.cli._reporter import git_name
from colophon.cli._tables import console, side_by_side
from colophon.correcting import Correction
from colophon.errors import RegistryError, UsageError
from colophon.filing import Draft
from colophon.fold import Record
from colophon.folder import load
from colophon.issue_form import from_issue
from colophon.matching import in_one_line
from colophon.record_fields import readable
from colophon.records import Named, find, listed
from colophon.settings import Settings
from colophon.store import Tree, WorkTree

_EFFECTS = {
    "applied": "it changes the record",
    "notice": "it is shown with the record",
    "proposed": "it is shown beside the text, which stays as it is",
    "waits": "it takes effect when a maintainer's review confirms it; until then it counts as a dispute",
}


Name = Annotated[
    str | None,
    typer.Argument(
        metavar="ID", help="An id, its first eight digits, a page's address, or words of a title."
    ),
]
Type = Annotated[
    str | None, typer.Option("--type", metavar="T", help="DISPUTE, METADATA, CLAIM, RETRACTION ...")
]
Reason = Annotated[
    str | None, typer.Option(metavar="R", help="A code such as wrong-value; a notice needs one.")
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[DOC:]FIELD=VALUE", help="A pointer, a claim (c003) or a field, and its new value."
    ),
]
Note = Annotated[str | None, typer.Option(metavar="TEXT", help="What is wrong, and how you know.")]
Evidence = Annotated[list[str] | None, typer.Option(metavar="URL", help="Where a reader can see it.")]
Reporter = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who says so; stays public. Default: git's user.name.")
]
Orcid = Annotated[str | None, typer.Option(metavar="ID", help="The reporter's ORCID iD.")]
Agent = Annotated[bool, typer.Option("--agent", help="The reporter is a program.")]
Date = Annotated[str | None, typer.Option(metavar="D", help="UTC day or time. Default: today.")]
Slug = Annotated[str | None, typer.Option(metavar="S", help="Name of the file. Default: made up.")]
Successor = Annotated[
    str | None, typer.Option(metavar="ID", help="The record that takes its place, for a SUPERSESSION.")
]
Issue = Annotated[
    Path | None, typer.Option("--from-issue", metavar="FILE", help="Read the answers of an issue form.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the file, write nothing.")]


@dataclass(frozen=True, slots=True)
class _Desk:
    """The registry that is corrected, and whom to ask if something is missing."""

    folder: Path
    tree: Tree
    settings: Settings
    known: Mapping[str, Named]
    questions: Questions | None


@app.command()
def correct(
    name: Name = None,
    registry: RegistryOption = None,
    kind: Type = None,
    reason: Reason = None,
    change: Changes = None,
    note: Note = None,
    evidence: Evidence = None,
    reporter: Reporter = None,
    orcid: Orcid = None,
    agent: Agent = False,
    date: Date = None,
    slug: Slug = None,
    successor: Successor = None,
    from_issue_file: Issue = None,
    dry_run: DryRun = False,
) -> None:
    """File a correction: one small file beside the record, which itself never changes.

    On a terminal it asks for what the options do not say.  The file is judged as the gate would judge it
    before it is written, and nothing is ever overwritten.
    """
    folder = registry_folder(registry)
    tree = WorkTree(str(folder))
    settings = opened(tree)
    known = listed(tree, settings.id_prefix)
    issue = _issue(from_issue_file) if from_issue_file is not None else Draft("", "", "", kind="")
    draft = replace(
        issue,
        type=answers.type_named(kind) if kind else issue.type,
        reason=reason or issue.reason,
        note=note or issue.note,
        reporter=reporter or issue.reporter,
        orcid=orcid or issue.orcid,
        kind="agent" if agent else issue.kind or "person",
        evidence=tuple(evidence or issue.evidence),
        successor=find(successor, known).id if successor else issue.successor,
    )
    desk = _Desk(folder, tree, settings, known, _questions(folder, name, draft, has_changes=bool(change)))
    named, draft, record = _completed(desk, name, draft, change or [])
    correction = _prepared(desk, record, draft, date, slug)
    if dry_run:
        typer.echo(correction.text, nl=False)
        stderr.print(f"would write {prefix(desk.folder)}{correction.path}")
    elif desk.questions is not None and not _agreed(desk.questions, correction):
        typer.echo("nothing was written")
    else:
        correcting.write(desk.folder, correction)
        _print(correction, named, desk.folder)


def _questions(folder: Path, name: str | None, draft: Draft, *, has_changes: bool) -> Questions | None:
    """Return whom to ask for what is missing, or None when nothing is.

    Raises UsageError, which names everything that is missing at once, where nobody is at a terminal.
    """
    is_terminal = sys.stdin.isatty()
    has_changes = has_changes or bool(draft.changes or draft.proposed)
    sure = draft if is_terminal else replace(draft, reporter=draft.reporter or git_name(folder))
    lacking = [] if name or draft.paper else ["ID"]
    lacking += correcting.missing(sure, has_changes=has_changes)
    if lacking and not is_terminal:
        hint = "give them, or run colophon correct on a terminal, where it asks"
        raise UsageError(f"missing: {', '.join(lacking)}", hint)
    return Questions(console(on_stderr=True)) if lacking else None


def _issue(file: Path) -> Draft:
    """Read the text of an issue; ``-`` is standard input."""
    raw = read_small(file, "the text of an issue", "name a file with the text of an issue, or -")
    return from_issue(raw.decode("utf-8", "replace"))


def _completed(
    desk: _Desk, name: str | None, draft: Draft, changes: list[str]
) -> tuple[Named, Draft, Record]:
    """Return the record that is meant, and the draft with all that it needs, asked for on a terminal."""
    named = _record(desk, name, draft)
    record = load(desk.tree, named.id, named.folder, desk.settings.id_prefix).record
    if record is None:
        raise RegistryError(f"the record {named.id} cannot be read", f"colophon check {named.id}")
    draft = _normal(replace(draft, paper=named.id), record, changes)
    if desk.questions is None:
        draft = replace(draft, reporter=draft.reporter or git_name(desk.folder))
    else:
        desk.questions.say(f"{named.display_id}  {record.manifest.title}")
        raw = b"" if "report.txt" in record.removed else desk.tree.read(f"{named.folder}/report.txt")
        report = in_one_line(raw.decode("utf-8", "replace"))
        draft = completed(
            desk.questions, draft, Subject(record.current, report, desk.known), git_name(desk.folder)
        )
    return named, draft, record


def _record(desk: _Desk, name: str | None, draft: Draft) -> Named:
    if name is None and not draft.paper and desk.questions is not None:
        return which_record(desk.questions, desk.known)
    named = find(name or draft.paper, desk.known)
    if draft.paper and named.id != draft.paper:
        raise UsageError(f"the issue is about {draft.paper}, not {named.id}", "leave the ID out")
    return named


def _normal(draft: Draft, record: Record, changes: list[str]) -> Draft:
    """Return a draft with every given value in its form, the changes of the options added."""
    drafted = [correcting.refilled(record.current, one) for one in (*draft.changes, *draft.proposed)]
    for given in changes:
        place, sign, value = given.partition("=")
        if not sign:
            raise UsageError(f"--change {given!r} has no =", "write it as --change FIELD=VALUE")
        drafted.append(correcting.draft_change(record.current, place, value))
    return replace(
        draft,
        reason=answers.reason_named(draft.reason, draft.type)
        if draft.reason and draft.type
        else draft.reason,
        evidence=tuple(map(answers.evidence_named, draft.evidence)),
        orcid=answers.orcid_named(draft.orcid) if draft.orcid else None,
        changes=tuple(drafted),
        proposed=(),
    )


def _prepared(desk: _Desk, record: Record, draft: Draft, date: str | None, slug: str | None) -> Correction:
    """Return the correction as its file.  What a person typed on a terminal is printed when it is refused."""
    time = now()
    taken = event_trial.taken(desk.tree, record.id)
    try:
        draft = correcting.settled(draft)
        draft = replace(draft, date=correcting.date_of(desk.tree, record.id, date, time[:10], time))
        names = [readable(one.pointer) for one in (*draft.changes, *draft.proposed)]
        name = answers.slug_given(slug, taken) if slug else correcting.slug_for(draft, names, taken)
        return correcting.prepared(desk.tree, desk.settings, desk.known, draft, name, time)
    except UsageError:
        if desk.questions is not None:
            desk.questions.say(f"\n{filing.text(draft)}")
        raise


def _agreed(questions: Questions, correction: Correction) -> bool:
    """Show what would be filed and ask."""
    step = correction.trial.step
    if step is not None and step.changes:
        heads = (
            ("as it stands", "as proposed") if step.outcome in ("proposed", "waits") else ("before", "after")
        )
        questions.console.print(side_by_side(step.changes, *heads))
    questions.say(f"\n{correction.text}")
    return questions.yes("Write this file?", default=True)


def _print(correction: Correction, named: Named, folder: Path) -> None:
    """Say what was written and which commands bring it to the registry."""
    step, root = correction.trial.step, prefix(folder)
    assert step is not None  # noqa: S101  a correction without a step is refused
    file = shlex.quote(f"{root}{correction.path}")
    slug = step.event.slug
    branch = f"correct-{named.id[:8]}-{slug}"
    option = "" if folder in (Path("registry"), Path()) else f" --registry {shlex.quote(str(folder))}"
    typer.echo(f"wrote {root}{correction.path}")
    typer.echo(
        f"  {step.event.event.type} of {named.display_id} {inert(named.title)}: {_EFFECTS[step.outcome]}"
    )
    typer.echo(f"  filed under the name {inert(step.event.event.reporter.name)}; it stays public")
    typer.echo(f"  next: colophon preview {file}{option}")
    typer.echo(f"        git switch -c {branch}")
    typer.echo(f"        git add {file}")
    typer.echo(f"        git commit -m {shlex.quote(f'Correct {named.display_id}: {slug}')}")
    typer.echo(f"        git push -u origin {branch}")
    typer.echo("  then open a pull request")
