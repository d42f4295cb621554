"""``colophon build``"""

from pathlib import Path
from typing import Annotated

import typer

from colophon import pipeline
from colophon.cli import app
from colophon.cli._options import JobsOption, RegistryOption, progress, registry_folder
from colophon.executor import local
from colophon.store import WorkTree

SiteOption = Annotated[Path, typer.Option("--site-dir", metavar="DIR", help="Where the site is written.")]


@app.command()
def build(
    site_dir: SiteOption = Path("site"),
    registry: RegistryOption = None,
    jobs: JobsOption = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Render every page anew.")] = False,
) -> None:
    """Publish the registry as a static site.

    The old site stays in place until the new one is whole.  Nothing is published from a registry that has
    integrity findings.
    """
    with local(jobs) as executor, progress() as show:
        tree = WorkTree(str(registry_folder(registry)))
        survey = pipeline.build(tree, site_dir, executor, show, use_cache=not no_cache)
    count = len(survey.judged)
    typer.echo(f"published {count} record{'' if count == 1 else 's'} in {site_dir}/")
    typer.echo(f"  next: open {site_dir}/index.html")
