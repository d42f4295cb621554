"""``colophon build``"""

from pathlib import Path

import typer

from colophon import pipeline
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
from colophon.executor import opened
from colophon.published_before import keep, published_before
from colophon.registry_look import registry_look
from colophon.store import WorkTree


@app.command()
def build(
    site_dir: SiteOption = Path("site"),
    registry: RegistryOption = None,
    jobs: JobsOption = None,
    executor: ExecutorOption = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Publish the registry as a static site.

    The old site stays in place until the new one is whole, and is not touched where nothing changed since it
    was written.  Nothing is published from a damaged registry.
    A build does not read the clock: dates in the future are found by check.
    """
    folder = registry_folder(registry)
    refuse_inside_records(site_dir, folder)
    kept, shared = memory(folder, executor, no_cache=no_cache), (folder, site_dir.resolve().parent)
    with opened(executor, jobs, shared) as runner, progress() as show:
        look = registry_look(WorkTree(str(folder)), runner) if kept is not None else None
        known = published_before(kept, look, site_dir) if kept is not None else None
        if known is not None:
            typer.echo(f"nothing changed: {_records(known)} in {site_dir}/")
            return
        survey = pipeline.build(
            tree_of(folder, executor), site_dir, runner, show, use_cache=not no_cache, memory=kept
        )
    count = len(survey.judged)
    if kept is not None:
        keep(kept, look, site_dir, count)
    typer.echo(f"published {_records(count)} in {site_dir}/")
    typer.echo(f"  next: open {site_dir}/index.html")


def _records(count: int) -> str:
    return f"{count} record{'' if count == 1 else 's'}"
