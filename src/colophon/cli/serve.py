"""``colophon serve``"""

import threading
from pathlib import Path
from typing import Annotated

import typer
from watchfiles import watch

from colophon import bundle, pipeline
from colophon.characters import visible
from colophon.cli import app, stderr
from colophon.cli._file_server import server as file_server
from colophon.cli._options import (
    JobsOption,
    RegistryOption,
    SiteOption,
    memory,
    progress,
    refuse_inside_records,
    registry_folder,
)
from colophon.errors import ColophonError, EnvironmentFault
from colophon.executor import local
from colophon.store import WorkTree


@app.command()
def serve(
    site_dir: SiteOption = Path("site"),
    registry: RegistryOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1.")] = 8000,
    jobs: JobsOption = None,
) -> None:
    """Build the site, serve it on this machine only, and build again whenever the registry changes."""
    folder = registry_folder(registry)
    refuse_inside_records(site_dir, folder)
    _rebuild(folder, site_dir, jobs)
    try:
        server = file_server(site_dir, port)
    except OSError as error:
        raise EnvironmentFault(
            f"port {port} cannot be opened: {error.strerror}", "colophon serve --port 0"
        ) from error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    typer.echo(f"serving {site_dir}/ at http://127.0.0.1:{server.server_address[1]}/ (stop with Ctrl-C)")
    prose = [path for path in (bundle.root() / "docs", bundle.root() / "theme") if path.is_dir()]
    for _ in watch(folder, *prose, raise_interrupt=False):
        try:
            _rebuild(folder, site_dir, jobs)
        except ColophonError as error:
            stderr.print(f"colophon: {visible(error.message)}")
    server.shutdown()


def _rebuild(folder: Path, site_dir: Path, jobs: int | None) -> None:
    with local(jobs) as executor, progress() as show:
        survey = pipeline.build(WorkTree(str(folder)), site_dir, executor, show, memory=memory(folder))
    typer.echo(f"built {len(survey.judged)} records")
