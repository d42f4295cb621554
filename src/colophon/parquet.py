"""Rows of plain values as one Parquet file.  The only module that knows DuckDB.

The rows go through a file of JSON lines that DuckDB reads as a stream, so that memory does not grow with
them; one thread writes, so that the same rows are the same bytes.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from colophon import atomic
from colophon.errors import EnvironmentFault

MEDIA_TYPE = "application/vnd.apache.parquet"
# A reader over HTTP asks for columns of whole groups.  Fewer rows make more requests and a longer list of
# groups at the end of the file, of which DuckDB takes 16 KB at once; more rows make a question about one
# month read years.
GROUP = 20_480
# These come as text; what is no day or time of any calendar is NULL.
_READ_AS_TEXT = ("DATE", "TIMESTAMP")
_PLACES = ("rows.jsonl", "table.parquet")
_SETTINGS: dict[str, Any] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def table(name: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return a Parquet file of the rows, in their order.

    ``columns`` has the SQL type of each column by name, ``name`` is what messages call the file.  Dates and
    times are given as ISO text.  Raises EnvironmentFault when it cannot be written, RuntimeError for a row
    that has other columns.
    """
    with atomic.refusals_in_one_line(Path(name)), tempfile.TemporaryDirectory() as folder:
        source, target = (Path(folder, place) for place in _PLACES)
        with source.open("wb") as lines:
            for row in rows:
                if row.keys() != columns.keys():
                    raise RuntimeError(f"{name}: a row has {sorted(row)}, expected {sorted(columns)}")
                lines.write(orjson.dumps(dict(row), option=orjson.OPT_APPEND_NEWLINE))
        _convert(name, columns, source, target)
        return target.read_bytes()


def _convert(name: str, columns: Mapping[str, str], source: Path, target: Path) -> None:
    """Write the JSON lines of ``source`` as Parquet.  Raises EnvironmentFault when DuckDB does not."""
    try:
        # Slow to import, and large; only a build needs it.
        import duckdb  # noqa: PLC0415
    except ImportError as error:
        message = f"{name}: cannot be written: {_first_line(error)}"
        raise EnvironmentFault(message, "install this program's dependencies again: pip install") from error
    try:
        with duckdb.connect(config=_SETTINGS) as database:
            for order in _confinement(source.parent):
                database.execute(order)
            database.execute(_statement(columns, source, target))
    except duckdb.Error as error:
        message = f"{name}: cannot be written: {_first_line(error)}"
        raise EnvironmentFault(message, f"is there space in {tempfile.gettempdir()}?") from error


def _confinement(folder: Path) -> Iterator[str]:
    """Yield what keeps the database to one folder; it could load extensions and read any file otherwise."""
    yield f"SET temp_directory = {_quoted(folder)}"
    yield f"SET allowed_directories = [{_quoted(folder)}]"
    yield "SET enable_external_access = false"
    yield "SET lock_configuration = true"


def _statement(columns: Mapping[str, str], source: Path, target: Path) -> str:
    """Return the SQL of the conversion; nothing of a row stands in it."""
    picked, read = [], []
    for name, kind in columns.items():
        is_text = kind in _READ_AS_TEXT
        picked.append(f'TRY_CAST("{name}" AS {kind}) AS "{name}"' if is_text else f'"{name}"')
        read.append(f"\"{name}\": '{'VARCHAR' if is_text else kind}'")
    shape = f"format = 'newline_delimited', columns = {{{', '.join(read)}}}"
    rows = f"SELECT {', '.join(picked)} FROM read_json({_quoted(source)}, {shape})"  # noqa: S608  our own names
    return f"COPY ({rows}) TO {_quoted(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP})"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
