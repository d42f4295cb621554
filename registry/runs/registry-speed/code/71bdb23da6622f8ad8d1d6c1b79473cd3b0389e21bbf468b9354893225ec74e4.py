"""What a search index weighs, and what typical queries of it read and take."""

import json
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import _speed_site

# Words as readers of the fabricated records would type them: rare, frequent, several, and a beginning.
QUERIES = (
    "Foxglove", "calibration error", "imaginary routers MeadowQA", "fabricated", "energy per query Quillwort",
    "lantern*", "peak memory OrchardSet doubles", "nothing that is there",
)  # fmt: skip
_SHOWN = 10


def weigh(folder: Path) -> dict[str, int]:
    """Return the bytes of an index, its files, and the bytes of the largest."""
    sizes = [state.st_size for _, state in _speed_site.files(folder)]
    return {"bytes": sum(sizes), "files": len(sizes), "largest": max(sizes)}


# -- Queries: the one place that knows how the search of a site is kept -------------------------------------


def queries(folder: Path, work: Path, asked: Iterable[str] = QUERIES) -> list[dict[str, float]]:
    """Return seconds and bytes read of each query asked; nothing where the folder has no list of parts.

    Bytes are those of the pages that SQLite reads from its file with an empty cache, as a reader of ranges
    would fetch them.  ``work`` is a folder for the database, which lies in parts.
    """
    listed = folder / "parts.txt"
    if not listed.is_file():
        return []
    joined = work / "search.sqlite"
    with joined.open("wb") as file:
        for part in json.loads(listed.read_text(encoding="utf-8"))["parts"]:
            file.write((folder.parent / part["path"]).read_bytes())
    return [_asked(joined, words) for words in asked]


def _asked(file: Path, words: str) -> dict[str, float]:
    """Ask what a browser asks: all papers with the words, those with them in the title, and ten rows."""
    before, began = _read_bytes(), time.perf_counter()
    asked = " AND ".join(f'"{word.rstrip("*")}"{"*" * word.endswith("*")}' for word in words.split())
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.execute("PRAGMA mmap_size=0")
        found = [row for (row,) in database.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (asked,))]
        database.execute("SELECT rowid FROM titles WHERE titles MATCH ?", (asked,)).fetchall()
        for row in found[-_SHOWN:]:
            database.execute("SELECT * FROM papers WHERE n = ?", (row,)).fetchone()
    return {"seconds": time.perf_counter() - began, "bytes": _read_bytes() - before}


def _read_bytes() -> int:
    """Return the bytes that this process has read by now; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("rchar:")), 0)
