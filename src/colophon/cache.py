"""A disposable key-value store in SQLite.  Losing it costs time, never data."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from colophon.errors import EnvironmentFault

_SCHEMA = "CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value BLOB NOT NULL)"


_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _is_busy(error: sqlite3.DatabaseError) -> bool:
    # The lower byte is the code without its extension.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY


class Cache:
    """Values by key.  A damaged file is thrown away and begun anew."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._database = self._open()
        except (sqlite3.Error, OSError) as error:
            raise EnvironmentFault(
                f"{file}: the cache cannot be opened: {error}", "run the command again with --no-cache"
            ) from error

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._file)
        try:
            database.execute(_SCHEMA)
        except sqlite3.DatabaseError as error:
            if _is_busy(error):
                raise
            database.close()
            self._file.unlink(missing_ok=True)
            database = sqlite3.connect(self._file)
            database.execute(_SCHEMA)
        database.execute("PRAGMA synchronous=OFF")
        return database

    def get(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the values that are known of the keys; of a file found damaged, none."""
        found: dict[str, bytes] = {}
        try:
            for key in keys:
                row = self._database.execute("SELECT value FROM entries WHERE key = ?", (key,)).fetchone()
                if row is not None:
                    found[key] = row[0]
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
            return {}
        return found

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        """Throw a damaged file away; one that another process is writing is none."""
        if _is_busy(error):
            return
        self._database.close()
        self._file.unlink(missing_ok=True)
        self._database = self._open()

    def put(self, values: dict[str, bytes]) -> None:
        """Keep values; a full or read-only disk loses them silently, because a cache may."""
        try:
            with self._database:
                self._database.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", values.items())
        except sqlite3.Error:
            self._database.rollback()

    def below(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """Yield the entries whose keys begin with a prefix of ASCII; of a file found damaged, none."""
        yield from self._rows("SELECT key, value FROM entries WHERE key >= ? AND key < ?", prefix)

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys that begin with a prefix of ASCII."""
        for row in self._rows("SELECT key FROM entries WHERE key >= ? AND key < ?", prefix):
            yield row[0]

    def count(self, prefix: str) -> int:
        """Return how many keys begin with a prefix of ASCII."""
        counted = self._rows("SELECT COUNT(*) FROM entries WHERE key >= ? AND key < ?", prefix)
        return int(counted[0][0]) if counted else 0

    def _rows(self, query: str, prefix: str) -> list[tuple[Any, ...]]:
        beyond = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        try:
            return self._database.execute(query, (prefix, beyond)).fetchall()
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
            return []

    def drop(self, keys: Iterable[str]) -> None:
        """Drop entries by key."""
        try:
            with self._database:
                self._database.executemany("DELETE FROM entries WHERE key = ?", ((key,) for key in keys))
        except sqlite3.Error:
            self._database.rollback()

    def keep_only(self, keys: Iterable[str]) -> None:
        """Drop every other key, so that the file does not grow with every change."""
        try:
            with self._database:
                self._database.execute("CREATE TEMP TABLE kept (key TEXT PRIMARY KEY) WITHOUT ROWID")
                self._database.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((key,) for key in keys))
                self._database.execute("DELETE FROM entries WHERE key NOT IN (SELECT key FROM kept)")
                self._database.execute("DROP TABLE kept")
        except sqlite3.Error:
            self._database.rollback()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
