"""Options that several commands share."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from colophon import filing, folder, records, settings
from colophon.cli import stderr
from colophon.errors import RegistryError, UsageError
from colophon.executor import Progress as Report
from colophon.executor import is_cluster
from colophon.fold import Record
from colophon.layout import SLUG
from colophon.settings import Settings
from colophon.store import Tree, WorkTree

RegistryOption = Annotated[
    Path | None,
    typer.Option(
        "--registry", metavar="DIR", help="The registry. Default: ./registry, or this folder if it is one."
    ),
]
SiteOption = Annotated[Path, typer.Option("--site-dir", metavar="DIR", help="Where the site is written.")]
ExecutorOption = Annotated[
    str | None,
    typer.Option("--executor", metavar="NAME", help="serial, local, local:N, or dask://HOST:PORT."),
]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Use nothing of what an earlier run kept, and keep nothing.")
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", min=1, max=256, help="Processes to use. Default: one per core.")
]


def registry_folder(given: Path | None) -> Path:
    """Return the registry's folder.  Raises RegistryError when a folder was named that does not exist."""
    if given is not None:
        if given.exists() and not given.is_dir():
            raise RegistryError(f"{given}: is a file, expected the folder of a registry")
        if not given.is_dir():
            raise RegistryError(f"{given}: is no folder", f"colophon init {given}")
        return given
    here = Path()
    return here if (here / "registry.yaml").is_file() else here / "registry"


def opened(tree: Tree) -> Settings:
    """Return the settings of a registry.  Raises RegistryError when they cannot be read."""
    loaded = settings.load(tree)
    if loaded.settings is None:
        first = loaded.findings[0]
        raise RegistryError(
            f"{first.path}:{first.line} {first.code} {first.message}", "colophon check lists all"
        )
    return loaded.settings


def loaded_record(tree: Tree, name: str) -> Record:
    """Return the record that a name means.  Raises RegistryError when it cannot be read."""
    prefix_of_ids = opened(tree).id_prefix
    named = records.find(name, records.listed(tree, prefix_of_ids))
    record = folder.load(tree, named.id, named.folder, prefix_of_ids).record
    if record is None:
        raise RegistryError(f"the record {named.id} cannot be read", f"colophon check {named.id}")
    return record


def file_name(name: str) -> str:
    """Return the name that a person gives to a file, if it can be one.

    Raises UsageError with a name that can.
    """
    if not SLUG.fullmatch(name):
        hint = f"--name {filing.slug_of(name)}"
        raise UsageError(f"{name!r} is no name for a file, expected 3 to 40 of a-z, 0-9 and -", hint)
    return name


def today() -> str:
    """Return the day by the clock, ISO 8601, UTC."""
    return now()[:10]


def now() -> str:
    """Return the time by the clock, ISO 8601 with seconds, UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def prefix(folder: Path) -> str:
    """Return what to put before registry-relative paths in messages."""
    return "" if folder == Path() else f"{folder.as_posix()}/"


def tree_of(folder: Path, executor: str | None) -> WorkTree:
    """Return the files of a registry, under a path that is the same wherever an executor runs."""
    return WorkTree(str(folder.resolve() if is_cluster(executor) else folder))


def memory(folder: Path, executor: str | None = None, *, no_cache: bool = False) -> Path | None:
    """Return the file in which a registry's examined records are kept; None where none can be kept.

    It lies in the cache of whoever runs this, and never in the registry: what strangers file there would be
    taken for what was found.  Machines of a cluster do not share it.
    """
    if no_cache or is_cluster(executor):
        return None
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    with suppress(OSError, RuntimeError):
        kept = _caches() / "colophon" / name
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        return kept / "examined.sqlite"
    return None


def _caches() -> Path:
    """Return the folder of caches by the XDG Base Directory Specification; a relative one does not count."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".cache"


def refuse_inside_records(target: Path, folder: Path, option: str = "--site-dir") -> None:
    """Raise UsageError when pages would be written among the files that they are made of."""
    for part in settings.FOLDERS:
        if target.resolve().is_relative_to((folder / part).resolve()):
            raise UsageError(f"{target}: lies inside the registry's {part}", f"choose another {option}")


@contextmanager
def progress() -> Iterator[Report]:
    """Give a function (stage, done, total) that draws bars on a terminal and nothing elsewhere."""
    columns = (TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=stderr, transient=True, disable=not stderr.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report
