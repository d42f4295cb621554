"""What a search index weighs, and what typical queries of it read and take."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import _speed_site

# Words as readers of the fabricated records would type them: rare, frequent, several, and a beginning.
QUERIES = (
    "Foxglove", "calibration error", "imaginary routers MeadowQA", "fabricated", "energy per query Quillwort",
    "lantern*", "peak memory OrchardSet doubles", "nothing that is there",
)  # fmt: skip
_SHOWN = 20
_MAGIC = b"SQLite format 3\0"


def weigh(folder: Path) -> dict[str, int]:
    """Return the bytes of an index, its files, and the bytes of the largest."""
    sizes = [state.st_size for _, state in _speed_site.files(folder)]
    return {"bytes": sum(sizes), "files": len(sizes), "largest": max(sizes)}


# -- Queries: the one place that knows how the index of a site is kept, SQLite with FTS5, whole or in parts --


def queries(folder: Path, work: Path) -> list[dict[str, float]]:
    """Return seconds and bytes read of each of ``QUERIES``; nothing where the folder holds no database.

    Bytes are those of the pages that SQLite reads from its file with an empty cache, which is what a reader
    of ranges would fetch.  ``work`` is a folder for a database that lies there in parts.
    """
    files = list(_databases(folder, work))
    if not files:
        return []
    return [_asked(files, words) for words in QUERIES]


def _databases(folder: Path, work: Path) -> Iterator[Path]:
    """Yield every file that is a database, or one put together where only the first of parts begins so."""
    parts = [folder / path for path, _ in sorted(_speed_site.files(folder))]
    parts = [one for one in parts if one.suffix != ".json"]
    whole = [one for one in parts if _begins(one)]
    if len(whole) == 1 and len(parts) > 1:
        joined = work / "search.sqlite"
        with joined.open("wb") as file:
            for part in parts[parts.index(whole[0]) :]:
                file.write(part.read_bytes())
        whole = [joined]
    yield from whole


def _begins(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(_MAGIC)) == _MAGIC


def _asked(files: list[Path], words: str) -> dict[str, float]:
    before, began = _read_bytes(), time.perf_counter()
    for file in files:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA mmap_size=0")
            for table in _tables(database):
                _answers(database, table, words)
    return {"seconds": time.perf_counter() - began, "bytes": _read_bytes() - before}


def _tables(database: sqlite3.Connection) -> list[str]:
    found = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%using fts5%'"
    )
    return [str(row[0]) for row in found]


def _answers(database: sqlite3.Connection, table: str, words: str) -> list[Any]:
    # The name comes from the database's own list of its tables.
    asked = f'SELECT rowid FROM "{table}" WHERE "{table}" MATCH ? ORDER BY rank LIMIT {_SHOWN}'  # noqa: S608
    return database.execute(asked, (words,)).fetchall()


def _read_bytes() -> int:
    """Return the bytes that this process has read by now; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("rchar:")), 0)
