"""``colophon serve``"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from watchfiles import Change, DefaultFilter, watch

from colophon import bundle, pipeline, showing
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
from colophon.pipeline import Survey
from colophon.placement import place
from colophon.report import counted
from colophon.store import WorkTree

# A build that takes longer waits until nobody has changed a file for as long as the pause.
_SHORT, _PAUSE = 1.0, 2.0


@app.command()
def serve(
    site_dir: SiteOption = Path("site"),
    registry: RegistryOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1.")] = 8000,
    jobs: JobsOption = None,
) -> None:
    """Build the site, serve it on this machine only, and build again whenever the registry changes.

    In a large registry the pages of a record that was edited are shown at once, and lists and feeds follow
    when the editing pauses.
    """
    # Changes are told by paths without links.
    folder = registry_folder(registry).resolve()
    refuse_inside_records(site_dir, folder)
    builds = _Builds(folder, site_dir, jobs)
    builds.build()
    try:
        server = file_server(site_dir, port)
    except OSError as error:
        raise EnvironmentFault(
            f"port {port} cannot be opened: {error.strerror}", "colophon serve --port 0"
        ) from error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    typer.echo(f"serving {site_dir}/ at http://127.0.0.1:{server.server_address[1]}/ (stop with Ctrl-C)")
    for changed in _changes(folder):
        try:
            builds.follow(changed)
        except ColophonError as error:
            stderr.print(f"colophon: {visible(error.message)}")
    server.shutdown()


def _changes(folder: Path) -> Iterator[tuple[Path, ...]]:
    """Yield the files that changed together, and nothing whenever none has changed for a while."""
    prose = [path for path in (bundle.root() / "docs", bundle.root() / "theme") if path.is_dir()]
    is_read = _Read(folder, prose)
    # It tells of Ctrl-C in words of its own.
    logging.getLogger("watchfiles").setLevel(logging.ERROR)
    for changes in watch(
        folder,
        *prose,
        # What it leaves out would be waited for again and again.
        watch_filter=None,
        raise_interrupt=False,
        rust_timeout=int(_PAUSE * 500),
        yield_on_timeout=True,
    ):
        yield tuple(Path(path) for change, path in changes if is_read(change, path))


class _Read(DefaultFilter):
    """The files that a build reads: the site and what a build keeps may lie in the registry's folder too."""

    def __init__(self, folder: Path, prose: list[Path]) -> None:
        super().__init__()
        self._folder, self._prose = folder, prose

    def __call__(self, change: Change, path: str) -> bool:
        """Whether a change matters."""
        file = Path(path)
        is_read = any(file.is_relative_to(one) for one in self._prose) or (
            file.is_relative_to(self._folder)
            and place(file.relative_to(self._folder).as_posix(), "") is not None
        )
        return is_read and super().__call__(change, path)


class _Builds:
    """The builds of one registry, one after the other, and what the last one found."""

    def __init__(self, folder: Path, site_dir: Path, jobs: int | None) -> None:
        self._folder, self._site, self._jobs = folder, site_dir, jobs
        self._found: Survey | None = None
        self._took = self._edited = 0.0
        self._is_behind = False

    def build(self) -> None:
        """Build the whole site.  Raises ColophonError where nothing can be published."""
        self._found, self._is_behind, began = None, False, time.monotonic()
        tree, kept = WorkTree(str(self._folder)), memory(self._folder)
        with local(self._jobs) as executor, progress() as show:
            found = pipeline.build(tree, self._site, executor, show, memory=kept, keep_examined=True)
        self._found, self._took = found, time.monotonic() - began
        typer.echo(f"built {counted(len(found.judged), 'record')}")

    def follow(self, changed: tuple[Path, ...]) -> None:
        """Show what changed: at once where a build takes long and records are all it is about."""
        if changed:
            self._edited = time.monotonic()
            self._is_behind = self._took > _SHORT and self._show(changed)
            if not self._is_behind:
                self.build()
        elif self._is_behind and time.monotonic() - self._edited >= _PAUSE:
            self.build()

    def _show(self, changed: tuple[Path, ...]) -> bool:
        """Show records alone, and whether that could be done; where it could not, a build says why."""
        if self._found is None:
            return False
        records = showing.touched(self._folder, changed, self._found)
        found = None
        with suppress(ColophonError):
            if records:
                found = showing.show(WorkTree(str(self._folder)), self._found, records, self._site)
        if found is None:
            return False
        self._found = found
        typer.echo(f"shown: {', '.join(sorted(records))}; lists follow")
        return True
