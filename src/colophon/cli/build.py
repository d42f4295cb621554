"""``colophon build``"""

from pathlib import Path
from typing import Annotated

import typer

from colophon import pipeline
from colophon.cli import app
from colophon.cli._options import (
    JobsOption,
    RegistryOption,
    SiteOption,
    progress,
    refuse_inside_records,
    registry_folder,
)
from colophon.executor import local
from colophon.store import WorkTree


@app.command()
def build(
    site_dir: SiteOption = Path("site"),
    registry: RegistryOption = None,
    jobs: JobsOption = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Render every page anew.")] = False,
) -> None:
    """Publish the registry as a static site.

    The old site stays in place until the new one is whole.  Nothing is published from a damaged registry.
    A build does not read the clock: dates in the future are found by check.
    """
    with local(jobs) as executor, progress() as show:
        folder = registry_folder(registry)
        refuse_inside_records(site_dir, folder)
        survey = pipeline.build(WorkTree(str(folder)), site_dir, executor, show, use_cache=not no_cache)
    count = len(survey.judged)
    typer.echo(f"published {count} record{'' if count == 1 else 's'} in {site_dir}/")
    typer.echo(f"  next: open {site_dir}/index.html")
