"""The page about the data: its queries are run as they are written, over HTTP, and its lists are complete."""

import hashlib
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import duckdb_extension_httpfs
import orjson
import pytest

from colophon import parquet
from colophon.cli import _file_server
from colophon.model import Artifact
from colophon.pages import KINDS
from colophon.pages.papers_parquet import COLUMNS, PATH, row

from .conftest import ROOT
from .unit.pages.fabricated import COUNTS, CUT, HOSTILE, TIERS, history, judged, view

GUIDE = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
ADDRESS = "https://registry.example/"
QUERIES = re.findall(r"(?s)```sql\n(.*?)```", GUIDE)
PRESS, CODE, MOST = "Assignee Research", "C101", 50
Line = dict[str, Any]


@contextmanager
def on_this_machine(folder: Path, sent: list[int] | None = None) -> Iterator[str]:
    """Serve a folder as ``colophon serve`` does and give its address; ``sent`` takes the sizes of answers."""
    server = _file_server.server(folder, 0)
    handler: Any = server.RequestHandlerClass

    class Counting(handler):
        def copyfile(self, source: Any, outputfile: Any) -> None:
            if sent is not None:
                sent.append(len(self._span))
            super().copyfile(source, outputfile)

    server.RequestHandlerClass = Counting
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def asked(query: str, address: str) -> list[tuple[Any, ...]]:
    """Run a documented query against a site at another address.  Nothing is fetched from anywhere else."""
    assert query.count(ADDRESS) == 1
    settings = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    with duckdb.connect(config=settings) as database:
        folder = Path(duckdb_extension_httpfs.__file__).parent / "extensions"
        database.load_extension(str(folder / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"))
        return database.execute(query.replace(ADDRESS, address)).fetchall()


def lines_of(site: Path) -> list[Line]:
    """The lines of JSON of a site, which the table must agree with."""
    files = [file.read_bytes() for file in (site / "data").glob("*.jsonl")]
    return [orjson.loads(line) for body in files for line in body.splitlines()]


def by_month(lines: list[Line]) -> list[tuple[Any, ...]]:
    """The first query, in Python."""
    shown = [one for one in lines if one["tier"] != "WITHHELD" and one["submitted"]]
    counts = Counter((one["submitted"][:7], one["tier"]) for one in shown)
    made = [(month, tier, count) for (month, tier), count in counts.items()]
    return sorted(sorted(made, key=lambda one: one[1]), key=lambda one: one[0], reverse=True)


def of_a_publisher(lines: list[Line]) -> list[tuple[Any, ...]]:
    """The second one."""
    found = [one for one in lines if one["publisher"] == PRESS and CODE in one["findings"]]
    found.sort(key=lambda one: one["id"])
    found.sort(key=lambda one: one["submitted"] or "", reverse=True)
    return [(one["submitted"], one["display_id"], one["title"], one["html"]) for one in found[:MOST]]


def contested(lines: list[Line]) -> list[tuple[Any, ...]]:
    """The third one, but for the counts that the lines do not have."""
    found = [one for one in lines if one["correction_state"] == "DISPUTED" and one["stated_score"]]
    found.sort(key=lambda one: one["id"])
    found.sort(key=lambda one: float(one["stated_score"].split("/")[0]), reverse=True)
    return [(one["display_id"], one["stated_score"], one["tier"], one["claims"]) for one in found[:MOST]]


EXPECTED: list[Callable[[list[Line]], list[tuple[Any, ...]]]] = [by_month, of_a_publisher, contested]


def plain(query: int, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows as the lines of JSON give them: days as text, and without counts that those lack."""
    if query == 2:
        return [(*one[:3], one[4]) for one in found]
    return [(one[0].isoformat() if hasattr(one[0], "isoformat") else one[0], *one[1:]) for one in found]


@pytest.fixture(scope="module")
def fabricated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data files of 300 made-up papers of three publishers, some disputed, some without a date."""
    items = tuple(
        judged(
            number,
            TIERS[number % 6],
            *([(COUNTS, "states 3")] if number % 4 else [(CUT, "ends in and")]),
            publisher=(PRESS, "Another press", HOSTILE)[number % 3],
            title=f"{HOSTILE} {number}",
            submitted=f"2026-{1 + number % 12:02}-{1 + number % 28:02}" if number % 10 else None,
            stated_score=number % 89 / 10 if number % 7 else None,
            stated_score_text=f"{number % 89 / 10}/10" if number % 7 else None,
            **(history(number, ("DISPUTE", "proposed")) if number % 5 < 2 else {}),
        )
        for number in range(1, 301)
    )
    site = tmp_path_factory.mktemp("fabricated")
    (site / "data").mkdir()
    for kind in ("data", "papers_parquet"):
        function = KINDS.all()[kind].of_registry
        assert function is not None
        for made in function(view(items)):
            assert isinstance(made, Artifact)
            (site / made.path).write_bytes(made.body)
    return site


@pytest.mark.parametrize("query", range(3))
def test_a_documented_query(query: int, fabricated: Path, site: Path) -> None:
    """Over HTTP it gives what the lines of JSON give, for made-up papers and for the real registry's."""
    assert len(QUERIES) == len(EXPECTED)
    for folder in (fabricated, site):
        expected = EXPECTED[query](lines_of(folder))
        assert expected, "the query would be tested on nothing"
        with on_this_machine(folder) as address:
            assert plain(query, asked(QUERIES[query], address)) == expected


def test_a_query_fetches_little(tmp_path: Path) -> None:
    """Of a large table it reads the columns that it names and the end of the file, in ranges."""
    count = 2 * parquet.GROUP
    plain_row = row(judged(1, "UNSAFE"))
    rows = (
        plain_row | {"id": f"{at:08x}" * 4, "title": hashlib.sha256(b"%d" % at).hexdigest(),
                     "submitted": f"2026-{12 - at * 12 // count:02}-01"}
        for at in range(count)
    )  # fmt: skip
    (tmp_path / "data").mkdir()
    (tmp_path / PATH).write_bytes(parquet.table(PATH, COLUMNS, rows))
    sent: list[int] = []
    with on_this_machine(tmp_path, sent) as address:
        found = asked(QUERIES[0], address)
    assert sum(papers for *_, papers in found) == count
    assert sum(sent) < (tmp_path / PATH).stat().st_size / 5


def test_the_guide_names_every_column() -> None:
    """Its table has the columns of the file, in their order."""
    section = GUIDE.partition("## The table of all papers")[2].partition("## ")[0]
    assert re.findall(r"(?m)^\| `(\w+)` \|", section) == list(COLUMNS)


def test_the_guide_names_real_files(site: Path) -> None:
    """Each file that it lists is on the site, and each kind of file that index.json lists is in its list."""
    named = re.findall(r"(?m)^\| `([^`]+)` \|", GUIDE.partition("## The table of all papers")[0])
    files = {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}
    patterns = [re.compile(re.sub("<id>|…|2026-06", ".+", name)) for name in named]
    assert [one.pattern for one in patterns if not any(map(one.fullmatch, files))] == []
    index = orjson.loads((site / "index.json").read_bytes())
    listed = {part["path"] for part in index["parts"] if not part["path"].startswith("assets/")}
    assert {path for path in listed if not any(one.fullmatch(path) for one in patterns)} == set()
