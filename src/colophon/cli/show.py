"""``colophon show``"""

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from colophon import canon, record_view_text
from colophon.cli import app
from colophon.cli._options import RegistryOption, loaded_record, opened, registry_folder
from colophon.errors import UsageError
from colophon.fold import Record, Version
from colophon.index import facts_of
from colophon.pages._history import version_document
from colophon.rules.state import correction_state
from colophon.store import WorkTree


class OutputFormat(StrEnum):
    """How a record is printed."""

    TEXT = "text"
    JSON = "json"


@app.command()
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="An id, its first eight digits, a page's address, or words of a title."
        ),
    ],
    registry: RegistryOption = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The record at the end of this UTC day.")
    ] = None,
    number: Annotated[
        int | None, typer.Option("--version", metavar="K", help="This version; 1 is the record as filed.")
    ] = None,
    output: Annotated[OutputFormat, typer.Option("--format", help="Output format.")] = OutputFormat.TEXT,
) -> None:
    """Show a record as it stands, as it stood at the end of a day, or as one of its versions.

    Printed are title, state, corrections, stated counts and claims as of then; json is record-version-v1.
    """
    if as_of is not None and number is not None:
        raise UsageError("--as-of and --version both choose a version", "give one of them")
    tree = WorkTree(str(registry_folder(registry)))
    settings, record = opened(tree), loaded_record(tree, name)
    newest = len(record.steps) + 1
    version = _version(record, _chosen(record, as_of, number, settings.opened))
    state = correction_state(facts_of(record).history[: version.number - 1])
    if output is OutputFormat.JSON:
        typer.echo(canon.dumps(version_document(record.id, version, state.value)).decode(), nl=False)
    else:
        typer.echo(record_view_text.text(record, version, newest, state), nl=False)


def _chosen(record: Record, as_of: str | None, number: int | None, opened_on: str) -> int:
    """Return the number of the version that is asked for; without a choice the newest."""
    newest = len(record.steps) + 1
    if as_of is None:
        if number is not None and not 1 <= number <= newest:
            has = "version 1 only" if newest == 1 else f"versions 1 to {newest}"
            raise UsageError(
                f"there is no version {number}: the record has {has}", f"colophon show {record.id}"
            )
        return number if number is not None else newest
    if not _is_day(as_of):
        example = record.manifest.submitted or opened_on
        raise UsageError(f"--as-of {as_of!r} is no day, expected one such as {example}")
    first = record.filed.manifest["submitted"] or min([step.date[:10] for step in record.steps], default="")
    if as_of < first:
        message = f"the record is of {first}, on {as_of} there was none"
        raise UsageError(message, f"colophon show {record.id} --version 1 shows it as filed")
    return 1 + sum(step.date[:10] <= as_of for step in record.steps)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _version(record: Record, number: int) -> Version:
    return next(version for version in record.versions() if version.number == number)
