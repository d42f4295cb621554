"""``colophon build``"""

from concurrent.futures import Executor
from pathlib import Path
from typing import Annotated

import typer

from colophon import pipeline, shards
from colophon.cli import app
from colophon.cli._options import (
    ExecutorOption,
    JobsOption,
    NoCacheOption,
    RegistryOption,
    SiteOption,
    memory,
    progress,
    refuse_inside_records,
    registry_folder,
    tree_of,
)
from colophon.errors import UsageError
from colophon.executor import opened
from colophon.published_before import Publication, keep, standing
from colophon.registry_look import registry_look
from colophon.report import counted
from colophon.store import WorkTree


@app.command()
def build(
    site_dir: SiteOption = Path("site"),
    registry: RegistryOption = None,
    jobs: JobsOption = None,
    executor: ExecutorOption = None,
    no_cache: NoCacheOption = False,
    shard: Annotated[
        str | None, typer.Option("--shard", metavar="I/N", help="Write only the pages of one of N parts.")
    ] = None,
    part: Annotated[
        list[Path] | None, typer.Option("--part", metavar="DIR", help="A folder that --shard wrote; repeat.")
    ] = None,
    slim: Annotated[
        bool, typer.Option("--slim", help="A short page for each paper, for a host that limits a site.")
    ] = False,
) -> None:
    """Publish the registry as a static site.

    The old site stays in place until the new one is whole, and is not touched where nothing changed since it
    was written.  Nothing is published from a damaged registry.
    A build does not read the clock: dates in the future are found by check.

    Several jobs build one site: each runs --shard I/N into a folder of its own, and a last one takes all of
    these folders with --part.  What no part has, or what changed since, the last one renders itself.

    A slim site has of each paper one short page, and no JSON, badge or form; its page left-out.html says what
    is missing.  Parts of a slim site are made with --slim, too.
    """
    asked, parts = shards.parsed(shard) if shard is not None else None, tuple(part or ())
    if asked is not None and parts:
        raise UsageError("--shard and --part cannot be used together", "the last step has only --part")
    folder = registry_folder(registry)
    refuse_inside_records(site_dir, folder)
    kept, shared = memory(folder, executor, no_cache=no_cache), (folder, site_dir.resolve().parent)
    with opened(executor, jobs, shared) as runner, progress() as show:
        # A part is always written, so nobody asks what was published before.
        before = kept if asked is None else None
        look, known = _looks(before, folder, site_dir, runner) if before else (None, None)
        if known is not None and known.is_of(look, is_slim=slim):
            typer.echo(f"nothing changed: {counted(known.records, 'record')} in {site_dir}/")
            return
        survey = pipeline.build(
            tree_of(folder, executor), site_dir, runner, show, use_cache=not no_cache, memory=kept,
            shard=asked, parts=parts, is_untouched=known is not None, is_slim=slim,
        )  # fmt: skip
    if asked is not None:
        own = sum(asked.has(item.id) for item in survey.judged)
        typer.echo(f"wrote part {asked} in {site_dir}/, {counted(own, 'record')}")
        typer.echo("  next: colophon build --part DIR of every part")
        return
    count = len(survey.judged)
    if before is not None:
        keep(before, look, site_dir, count, is_slim=slim)
    typer.echo(f"published {counted(count, 'record')} in {site_dir}/")
    typer.echo(f"  next: open {site_dir}/index.html")


def _looks(
    before: Path, folder: Path, site_dir: Path, executor: Executor
) -> tuple[str | None, Publication | None]:
    """Return how the registry looks, and what was published last if its site still looks as it did then."""
    # Both look at a great many files, so one does not wait for the other.
    waiting = executor.submit(standing, before, site_dir)
    return registry_look(WorkTree(str(folder)), executor), waiting.result()
