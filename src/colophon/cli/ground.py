"""``colophon ground``"""

import sys
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from colophon import atomic, canon
from colophon.characters import visible
from colophon.cli import app
from colophon.cli._options import (
    ExecutorOption,
    JobsOption,
    RegistryOption,
    loaded_record,
    prefix,
    progress,
    registry_folder,
    today,
)
from colophon.errors import UsageError
from colophon.executor import is_cluster, opened
from colophon.fold import Record
from colophon.store import WorkTree


class OutputFormat(StrEnum):
    """How verdicts are printed."""

    JSONL = "jsonl"


@app.command()
def ground(
    record: Annotated[
        str | None,
        typer.Argument(metavar="[RECORD]", help="A record: id, first digits, or words of its title."),
    ] = None,
    claims: Annotated[
        Path | None,
        typer.Option(
            "--claims", metavar="FILE", help='JSON lines: {"id", "text", "sources": [ids] or null}.'
        ),
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option(
            "--sources",
            metavar="FILE",
            help='JSON lines: {"id", "kind", "text", "sentences" or "table", "title"}.',
        ),
    ] = None,
    output: Annotated[OutputFormat, typer.Option("--format", help="Output format.")] = OutputFormat.JSONL,
    texts: Annotated[
        Path | None,
        typer.Option(
            "--texts", metavar="DIR", help="Texts that may not be stored: 2507.13374.txt or .pdf. Needs --by."
        ),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who reports it, with --texts.")
    ] = None,
    registry: RegistryOption = None,
    jobs: JobsOption = None,
    executor: ExecutorOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is found, write nothing.")] = False,
) -> None:
    """Say of each claim where its sources carry it, and where they say otherwise.

    A verdict comes from the text alone, by rules, on this machine: the same bytes on every run. With RECORD
    the claims of a record are looked up in what is held of its sources, and a file of verdicts is written
    beside it. With --claims and --sources any claims are looked up, and verdicts are printed.
    """
    if (record is None) == (claims is None and sources is None):
        raise UsageError("give a record, or --claims and --sources", "colophon ground 633d4d8a")
    if record is not None:
        _of_record(record, registry, texts, by, dry_run=dry_run)
    elif claims is None or sources is None:
        raise UsageError("--claims and --sources go together", "colophon ground --claims FILE --sources FILE")
    elif texts is not None or by is not None or dry_run:
        raise UsageError("--texts, --by and --dry-run are for a record: verdicts on lines are only printed")
    else:
        _of_lines(claims, sources, jobs, executor)


def _of_lines(claims: Path, sources: Path, jobs: int | None, executor: str | None) -> None:
    # Slow to import, and no other command needs it.
    from colophon import claim_batches  # noqa: PLC0415
    from colophon.grounding import jsonl  # noqa: PLC0415

    read = jsonl.claims(claims)
    # Every process reads the sources for itself, and a pipe can be read but once.
    is_small = jobs is None and len(read) < claim_batches.WORTH_SEVERAL
    if executor is None and (is_small or not sources.is_file()):
        jobs = 1
    if is_cluster(executor):
        sources = sources.resolve()
    with opened(executor, jobs, (sources.parent,)) as runner, progress() as show:
        for line in claim_batches.lines(read, sources, runner, show):
            sys.stdout.buffer.write(line)


def _of_record(
    name: str, registry: Path | None, local: Path | None, by: str | None, *, dry_run: bool
) -> None:
    from colophon import groundings, local_texts  # noqa: PLC0415

    if (local is None) != (by is None):
        raise UsageError("--texts and --by go together: whoever read a text is named", "--by 'Your Name'")
    root = registry_folder(registry)
    tree = WorkTree(str(root))
    record = loaded_record(tree, name)
    manifest = record.as_filed().manifest
    texts = list(groundings.texts_of(manifest, record.evidence.held))
    if local is not None:
        texts += local_texts.read(local, manifest)
    if not texts:
        raise UsageError(
            f"nothing is held of the sources of {record.id}", "colophon source add IDENTIFIER --text FILE"
        )
    digest = canon.digest(tree.read(f"{record.folder}/manifest.json"))
    made = groundings.document(manifest, digest, texts, by)
    body = canon.dumps(made)
    path = _path(record, made, body)
    if path is None:
        typer.echo("the same verdicts are filed already; nothing was written")
    elif not dry_run:
        atomic.write(root / path, body)
        typer.echo(f"wrote {prefix(root)}{path}")
    for line in _told(record, made):
        typer.echo(f"  {line}")
    if path is not None and not dry_run:
        typer.echo(f"  next: colophon check --registry {root}")


def _path(record: Record, made: dict[str, Any], body: bytes) -> str | None:
    """Return where a new grounding goes; None when the same one is there."""
    if any(canon.dumps(one.document) == body for one in record.evidence.groundings):
        return None
    taken = {one.path for one in record.evidence.groundings}
    start = f"{record.folder}/groundings/{today()}-{made['method']['id']}"
    names = [f"{start}.json", *(f"{start}-{number}.json" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _told(record: Record, made: dict[str, Any]) -> list[str]:
    """Return the verdicts in a few lines, those that say otherwise claim by claim."""
    counted = Counter(one["verdict"] or "cut" for one in made["claims"])
    lines = [", ".join(f"{number} {verdict}" for verdict, number in sorted(counted.items())) or "no claims"]
    texts = {claim.id: claim.text for claim in record.as_filed().manifest.claims or ()}
    for one in made["claims"]:
        if one["verdict"] in ("conflict", "disputed"):
            lines.append(f"{one['claim']} {one['verdict']}: {one['rule']}")
            lines.append(f"    claim: {visible(texts[one['claim']])[:160]}")
            lines += [
                f"    {span['source']}: {visible(span['quote'] or '')[:160]}" for span in one["spans"][:2]
            ]
    return lines
