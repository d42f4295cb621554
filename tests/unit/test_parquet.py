"""Rows as a Parquet file: what is read back is what went in, byte for byte the same each time."""

import hashlib
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon import parquet
from colophon.errors import EnvironmentFault

COLUMNS = {
    "text": "VARCHAR",
    "day": "DATE",
    "time": "TIMESTAMP",
    "count": "INTEGER",
    "value": "DOUBLE",
    "is_so": "BOOLEAN",
    "codes": "VARCHAR[]",
}
# Every character but the halves of pairs, which no text of a record can hold.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ROWS = st.fixed_dictionaries(
    {
        "text": st.none() | TEXT,
        "day": st.none() | st.dates(),
        "time": st.none() | st.datetimes(),
        "count": st.none() | st.integers(-(2**31), 2**31 - 1),
        "value": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "is_so": st.none() | st.booleans(),
        "codes": st.none() | st.lists(TEXT),
    }
)
EMPTY: dict[str, Any] = dict.fromkeys(COLUMNS)


def made(rows: list[dict[str, Any]]) -> bytes:
    """The file of rows whose days and times are values."""
    texts = [
        row | {name: row[name].isoformat() if row[name] else None for name in ("day", "time")} for row in rows
    ]
    return parquet.table("data/test.parquet", COLUMNS, texts)


def read(body: bytes, folder: Path) -> list[dict[str, Any]]:
    """The rows of a file, in its order."""
    file = folder / "read.parquet"
    file.write_bytes(body)
    with duckdb.connect() as database:
        answer = database.execute("SELECT * FROM read_parquet(?)", [str(file)])
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples."""
    return tmp_path_factory.mktemp("parquet")


@settings(max_examples=60)
@given(rows=st.lists(ROWS, max_size=8))
def test_what_is_read_is_what_was_written(folder: Path, rows: list[dict[str, Any]]) -> None:
    """No character, number, day, list or empty place becomes another, whatever the text holds."""
    assert read(made(rows), folder) == rows


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "a\0b",
        "\0" * 1000,
        "\n\r\t\v\f\x1b\x7f\x85\u2028\u2029\ufeff\ufffe\U0010ffff",
        "\u202eright to left",
        "' OR 1 = 1; DROP TABLE papers; --",
        '"}\n{"text": "another row"}',
        "\\u0000 \\ud800 \\n",
        "NULL",
        "",
        "1970-01-01",
        "x" * 1_000_000,
        "\0" * 1_000_000,
        "\U0001f600" * 250_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_hostile_text_stays_text(folder: Path, text: str) -> None:
    """Ends of lines, SQL, JSON, NUL and a megabyte come back as they were, in the value and in the list."""
    rows = [EMPTY | {"text": text, "codes": [text, text]}, EMPTY | {"text": "behind"}]
    assert read(made(rows), folder) == rows


def test_numbers_keep_their_last_bit(folder: Path) -> None:
    """The shortest form of a number is read as the very same one; minus zero too."""
    values = [0.1 + 0.2, 5e-324, 1.7976931348623157e308, -0.0, 1e22, 2**53 - 1.0]
    found = [row["value"] for row in read(made([EMPTY | {"value": value} for value in values]), folder)]
    assert [math.copysign(1, one) for one in found] == [math.copysign(1, one) for one in values]
    assert found == values


def test_days_that_no_calendar_has_are_null(folder: Path) -> None:
    """A record may print one; the table then says nothing, and holds its row."""
    days = ["2026-02-30", "2026-13-01", "today", ""]
    rows = [EMPTY | {"text": day, "day": day, "time": day} for day in days]
    found = read(parquet.table("data/test.parquet", COLUMNS, rows), folder)
    assert [(row["text"], row["day"], row["time"]) for row in found] == [(day, None, None) for day in days]


def test_no_row_is_a_table_too(folder: Path) -> None:
    """It has its columns, with their types."""
    file = folder / "empty.parquet"
    file.write_bytes(made([]))
    with duckdb.connect() as database:
        found = database.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(file)]).fetchall()
    assert {name: kind for name, kind, *_ in found} == COLUMNS


def test_order_and_groups(folder: Path) -> None:
    """Rows keep their order; a group holds so many, so that a question about a month reads few of them."""
    count = 2 * parquet.GROUP + 5
    days = [date.fromordinal(800_000 - at // 7) for at in range(count)]
    body = made([EMPTY | {"count": at, "day": day} for at, day in enumerate(days)])
    found = read(body, folder)
    assert [(row["count"], row["day"]) for row in found] == list(enumerate(days))
    file = folder / "read.parquet"
    with duckdb.connect() as database:
        about = database.execute(
            "SELECT row_group_num_rows, compression, stats_max_value FROM parquet_metadata(?)"
            " WHERE path_in_schema = 'day' ORDER BY row_group_id",
            [str(file)],
        ).fetchall()
    assert [(rows, packed) for rows, packed, _ in about] == [
        (parquet.GROUP, "ZSTD"),
        (parquet.GROUP, "ZSTD"),
        (5, "ZSTD"),
    ]
    assert [newest for *_, newest in about] == [str(days[at]) for at in (0, parquet.GROUP, 2 * parquet.GROUP)]


_AGAIN = """
import hashlib, json, sys
from colophon import parquet
columns, rows = json.load(sys.stdin)
print(hashlib.sha256(parquet.table("data/test.parquet", columns, rows)).hexdigest())
"""


def test_the_same_rows_are_the_same_bytes() -> None:
    """Twice in this process, and in two others with seeds of their own, one with another time and place."""
    rows = [
        EMPTY | {"text": f"Title {at % 977}", "count": at, "value": at / 7, "codes": ["C101"] * (at % 4)}
        for at in range(parquet.GROUP + 3000)
    ]
    expected = hashlib.sha256(made(rows)).hexdigest()
    assert hashlib.sha256(made(rows)).hexdigest() == expected
    for environment in ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C"}):
        done = subprocess.run(
            [sys.executable, "-c", _AGAIN],
            input=json.dumps([COLUMNS, rows]),
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin", **environment},
        )
        assert done.stdout.strip() == expected


def test_rows_are_read_one_by_one() -> None:
    """The rows may come from anywhere; none is kept."""
    alive = 0
    most = 0

    class Row(dict[str, Any]):
        def __init__(self) -> None:
            nonlocal alive, most
            super().__init__(EMPTY)
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def rows() -> Iterator[Row]:
        for _ in range(1000):
            yield Row()

    parquet.table("data/test.parquet", COLUMNS, rows())
    assert most <= 2


def test_another_row_is_a_bug() -> None:
    """A row with other columns is a fault of this program, and is not written with holes."""
    with pytest.raises(RuntimeError, match=r"data/test\.parquet: a row has \['text'\], expected"):
        parquet.table("data/test.parquet", COLUMNS, [{"text": "alone"}])


def test_what_duckdb_refuses_is_one_line() -> None:
    """A row that it cannot read ends the command with the file's name and a reason, without a traceback."""
    with pytest.raises(EnvironmentFault) as caught:
        parquet.table("data/test.parquet", COLUMNS, [EMPTY | {"text": "x" * 40_000_000}])
    assert caught.value.message.startswith("data/test.parquet: cannot be written: ")
    assert "maximum_object_size" in caught.value.message
    assert "\n" not in caught.value.message


def test_a_missing_library_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what is missing."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(EnvironmentFault, match=r"^data/test\.parquet: cannot be written: import of duckdb"):
        made([])


def test_a_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No space for the rows is the machine's fault."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(EnvironmentFault, match=r"^data/test\.parquet: cannot be written: No such file"):
        made([])


@pytest.mark.parametrize("name", ["it's", "[a]*?", "ü {x} %s"])
def test_a_folder_of_any_name(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path
) -> None:
    """Where temporary files lie does not matter."""
    (tmp_path / name).mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / name))
    rows = [EMPTY | {"text": "a", "time": datetime(2026, 1, 2, 3, 4, 5)}]
    assert read(made(rows), folder) == rows
    assert list((tmp_path / name).iterdir()) == []
