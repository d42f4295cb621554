"""The database of the search: SQLite's full-text index over papers, and the columns that facets count.

A browser reads it over HTTP, a few pages of it at a time, so it is published in parts of a few megabytes,
each named by its digest.  Rows are numbered as they come; one that changed comes again under a new number,
because an index without texts can't forget an old one.  The columns say which numbers still stand, and when
too many do not, all of it is made anew.
"""

import gzip
import sqlite3
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from colophon import canon
from colophon.errors import EnvironmentFault
from colophon.model import Artifact
from colophon.search_entry import Entry

# What is kept has this form; a file of another one is made anew.
_FORM = 1
_PART = 4 * 2**20
# Old rows are left lying up to this many, or this share of those that stand.
_LEFT, _LEFT_SHARE = 1000, 0.05
# Values of a facet that are counted by name, the most frequent first; the rest are one.
_VALUES = 200
FACETS = ("tier", "level", "state", "verdict", "publisher", "subject")
NO_DAY = 0xFFFF
_GONE = 0xFFFE
_OTHER = "other"
_TOKENS = "porter unicode61 remove_diacritics 2"
_TABLES = f"""
CREATE TABLE papers (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL, display_id TEXT NOT NULL, title TEXT NOT NULL, about TEXT NOT NULL,
  publisher TEXT NOT NULL, subject TEXT NOT NULL, day INTEGER, tier TEXT NOT NULL, level TEXT NOT NULL,
  state TEXT NOT NULL, verdict TEXT NOT NULL
);
CREATE TABLE keys (id TEXT PRIMARY KEY, n INTEGER NOT NULL, key TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE titles USING fts5(
  title, content='', columnsize=0, detail=none, tokenize='{_TOKENS}');
CREATE VIRTUAL TABLE texts USING fts5(
  text, content='', columnsize=0, detail=none, tokenize='{_TOKENS}');
PRAGMA user_version={_FORM};
"""


class SearchStore:
    """The database as it is built, one record at a time, and kept for the next build."""

    def __init__(self, file: Path) -> None:
        """Open what is kept, or begin; raises EnvironmentFault where the disk or this Python refuses."""
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = self._opened()
            self._known: dict[str, str] = dict(self._rows("SELECT id, key FROM keys"))
            self._next: int = self._rows("SELECT coalesce(max(n), 0) + 1 FROM papers")[0][0]
        except sqlite3.Error as error:
            raise self._fault(error) from error
        self._is_changed = False

    def _opened(self) -> sqlite3.Connection:
        """Return the database; a damaged file, or one of another form, is thrown away."""
        is_new = not self._file.exists()
        database = sqlite3.connect(self._file)
        try:
            if not is_new and database.execute("PRAGMA user_version").fetchone()[0] == _FORM:
                database.execute("SELECT count(*) FROM keys").fetchone()
                return database
        except sqlite3.DatabaseError:
            pass
        database.close()
        return self._begun()

    def _begun(self) -> sqlite3.Connection:
        self._file.unlink(missing_ok=True)
        database = sqlite3.connect(self._file)
        # Tables and form are written in one: a file without them all is made anew.
        database.execute("PRAGMA page_size=4096")
        database.execute("PRAGMA cache_size=-65536")
        database.executescript(f"BEGIN;{_TABLES}COMMIT;")
        return database

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._database.execute(query).fetchall()

    def _fault(self, error: sqlite3.Error) -> EnvironmentFault:
        return EnvironmentFault(
            f"{self._file}: the database of the search cannot be written: {error}",
            "free some space, or run the command with --no-cache; Python's sqlite3 needs FTS5",
        )

    def has(self, record_id: str, key: str) -> bool:
        """Return whether a record is kept under this key, and so as it would be put again."""
        return self._known.get(record_id) == key

    def put(self, entries: Iterable[tuple[str, Entry]]) -> None:
        """Keep records under their keys, in the place of what they were before."""
        try:
            for key, one in entries:
                self._put(key, one)
        except sqlite3.Error as error:
            raise self._fault(error) from error

    def _put(self, key: str, one: Entry) -> None:
        self._forget(one.id)
        n, run = self._next, self._database.execute
        run(
            "INSERT INTO papers VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (n, one.id, one.display_id, one.title, one.about, one.publisher, one.subject, one.day, one.tier,
             one.level, one.state, one.verdict),
        )  # fmt: skip
        run("INSERT INTO titles(rowid, title) VALUES (?,?)", (n, one.title))
        run("INSERT INTO texts(rowid, text) VALUES (?,?)", (n, one.text))
        run("INSERT INTO keys VALUES (?,?,?)", (one.id, n, key))
        self._known[one.id] = key
        self._next = n + 1
        self._is_changed = True

    def _forget(self, record_id: str) -> None:
        if self._known.pop(record_id, None) is not None:
            run = self._database.execute
            run("DELETE FROM papers WHERE n = (SELECT n FROM keys WHERE id = ?)", (record_id,))
            run("DELETE FROM keys WHERE id = ?", (record_id,))
            self._is_changed = True

    def is_worn(self, wanted: Iterable[str]) -> bool:
        """Return whether all of it has to be made anew.

        So it is when a record is no longer wanted, since its words must not stay in the index, and when too
        many old rows lie in it.
        """
        if self._known.keys() - set(wanted):
            return True
        left = self._next - 1 - len(self._known)
        return left > max(_LEFT, _LEFT_SHARE * len(self._known))

    def clear(self) -> None:
        """Begin anew."""
        self._database.close()
        try:
            self._database = self._begun()
        except sqlite3.Error as error:
            raise self._fault(error) from error
        self._known, self._next, self._is_changed = {}, 1, True

    def finish(self) -> None:
        """Make what was put durable; a new index is laid out so that a search reads few pages."""
        if not self._is_changed:
            return
        try:
            is_whole = self._next - 1 == len(self._known)
            if is_whole:
                for table in ("titles", "texts"):
                    self._database.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608
            self._database.commit()
            if is_whole:
                self._database.execute("VACUUM")
        except sqlite3.Error as error:
            raise self._fault(error) from error

    def close(self) -> None:
        """Close the file; what was not finished is not kept."""
        self._database.close()

    # -- What is published ----------------------------------------------------------------------------------

    def files(self) -> Iterator[Artifact]:
        """Yield the parts of the database, the columns of facets, and the list of both."""
        parts: list[dict[str, Any]] = []
        with self._file.open("rb") as file:
            while body := file.read(_PART):
                path = f"search/{len(parts):03d}-{canon.digest(body)[7:15]}.bin"
                parts.append({"path": path, "bytes": len(body)})
                yield Artifact(path, "application/octet-stream", body)
        columns = gzip.compress(self._columns(), 6, mtime=0)
        named = f"search/columns-{canon.digest(columns)[7:15]}.bin"
        yield Artifact(named, "application/octet-stream", columns)
        listed = {"papers": len(self._known), "part": _PART, "parts": parts, "columns": named}
        yield Artifact("search/parts.txt", "text/plain", canon.dumps(listed))

    def _columns(self) -> bytes:
        """Return what facets count: a line of JSON, then the day and each facet's value of every number.

        Days are two bytes from 1 January 2000, 0xFFFF without a date and 0xFFFE for a number that no longer
        stands; values one byte, their places in the line's lists.
        """
        values = {facet: self._values(facet) for facet in FACETS}
        days = array("H", [_GONE]) * self._next
        columns = {facet: bytearray(self._next) for facet in FACETS}
        places = {facet: {value: n for n, value in enumerate(values[facet])} for facet in FACETS}
        for n, day, *row in self._database.execute(f"SELECT n, day, {', '.join(FACETS)} FROM papers"):  # noqa: S608
            days[n] = NO_DAY if day is None else min(day, _GONE - 1)
            for facet, value in zip(FACETS, row, strict=True):
                columns[facet][n] = places[facet].get(value, len(values[facet]) - 1)
        head: Mapping[str, Any] = {"rows": self._next, "facets": [[one, values[one]] for one in FACETS]}
        return b"".join([canon.compact(head), b"\n", _little_endian(days), *columns.values()])

    def _values(self, facet: str) -> list[str]:
        counted = Counter(dict(self._rows(f"SELECT {facet}, count(*) FROM papers GROUP BY 1")))  # noqa: S608
        ordered = sorted(counted, key=lambda value: (-counted[value], value))
        return ordered if len(ordered) <= _VALUES else [*ordered[: _VALUES - 1], _OTHER]


def _little_endian(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()
