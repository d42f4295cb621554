"""The folder that a build fills beside the one that it will replace, under a lock."""

import fcntl
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import orjson

from colophon import atomic, shards
from colophon.errors import EnvironmentFault, UsageError

WORK = ".colophon"
_ATTEMPTS, _BETWEEN = 20, 0.05


def refuse_foreign(target: Path) -> None:
    """Raise UsageError for a folder that no build made, or one that holds what no build wrote."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not is_site(target) and not (target / shards.LIST).is_file():
        raise UsageError(
            f"{target}: holds something that is no site of this program", "choose an empty --site-dir"
        )
    kept = sorted(entry.name for entry in target.iterdir() if entry.name[0] == "." or entry.name == "CNAME")
    if kept:
        raise UsageError(
            f"{target}: holds {', '.join(kept)}, which a build would delete",
            "build into another folder and copy the site from there",
        )


def is_site(target: Path) -> bool:
    """Whether a folder is a site that a build wrote."""
    with suppress(OSError, ValueError, LookupError, TypeError):
        index = orjson.loads((target / "index.json").read_bytes())
        return bool(index["contract_version"] == "registry-index-v1")
    return False


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Keep other builds away from what lies beside the target.

    Raises EnvironmentFault while another one is at work, or when nothing can be written there.
    """
    with atomic.refusals_in_one_line(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        (target.parent / WORK).mkdir(exist_ok=True)
        lock = (target.parent / WORK / "build.lock").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise EnvironmentFault(f"{target}: another build is writing in {target.parent}") from error
        yield


@contextmanager
def fresh_folder(target: Path) -> Iterator[Path]:
    """Give a new folder beside the target, under a lock; it is removed unless it was swapped in."""
    with locked(target):
        stale = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{8}}\.new(\.old)?")
        for left in [entry for entry in target.parent.iterdir() if stale.fullmatch(entry.name)]:
            shutil.rmtree(left, ignore_errors=True)
        fresh = target.parent / f".{target.name}.{secrets.token_hex(4)}.new"
        try:
            with atomic.refusals_in_one_line(target):
                fresh.mkdir()
                yield fresh
        finally:
            _remove(fresh)


def _remove(fresh: Path) -> None:
    """Remove a folder; workers that have not heard yet that all is over may still be writing into it."""
    for _ in range(_ATTEMPTS):
        shutil.rmtree(fresh, ignore_errors=True)
        if not fresh.exists():
            return
        time.sleep(_BETWEEN)
