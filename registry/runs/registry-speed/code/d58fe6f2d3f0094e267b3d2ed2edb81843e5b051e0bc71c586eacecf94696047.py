"""What a built site weighs, and whether a build touched it."""

import gzip
import re
import statistics
from collections.abc import Iterator
from os import scandir, stat_result
from pathlib import Path
from typing import Any

# So many pages, evenly spread, are read; of the others only the size is asked for.
READ = 200
PAPER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.html")
_CONTENT = re.compile(rb"<main\b.*</main>", re.DOTALL)
Seen = dict[str, tuple[int, int]]


def files(folder: Path) -> Iterator[tuple[str, stat_result]]:
    """Yield the path, from the folder, and the state of every file below it."""
    pending = [str(folder)]
    start = len(pending[0]) + 1
    while pending:
        with scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    yield entry.path[start:], entry.stat(follow_symlinks=False)


def seen(folder: Path) -> Seen:
    """Return by path what tells a file from one that was written again: its inode, its time of change."""
    return {path: (state.st_ino, state.st_mtime_ns) for path, state in files(folder)}


def touched(before: Seen, after: Seen) -> list[str]:
    """Return the paths of files that were written, made or removed between two looks."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def weigh(folder: Path) -> dict[str, Any]:
    """Return the bytes of a site, of its paper pages and of their frame, plain and compressed."""
    total = count = 0
    pages: dict[str, int] = {}
    for path, state in files(folder):
        total, count = total + state.st_size, count + 1
        parent, _, name = path.rpartition("/")
        if parent == "papers" and PAPER.fullmatch(name):
            pages[path] = state.st_size
    read = [folder / path for path in sorted(pages)[:: max(1, len(pages) // READ)]]
    # Pages of records carry facts of their own in their heads, others little.
    frames = [_CONTENT.sub(b"", file.read_bytes()) for file in sorted(folder.glob("*.html"))[:READ]]
    return {
        "bytes": total,
        "files": count,
        "pages": len(pages),
        "page": statistics.median(pages.values()),
        "largest_page": max(pages.values()),
        "page_compressed": [compressed(file.read_bytes()) for file in read],
        "frame": [len(frame) for frame in frames],
        "frame_compressed": [compressed(frame) for frame in frames],
    }


def compressed(body: bytes) -> int:
    """Return the bytes of a body as a web server sends it, by gzip."""
    return len(gzip.compress(body, 9, mtime=0))
