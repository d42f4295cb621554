"""The table of all papers: golden rows for a small registry, and the same papers as the lines of JSON."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon.model import Artifact
from colophon.pages import KINDS
from colophon.pages.data import summary
from colophon.pages.papers_parquet import COLUMNS, row
from colophon.views import RegistryView

from ..unit.pages.fabricated import CUT, charted, judged, large, small, view

GOLDEN = Path(__file__).parent / "papers_parquet" / "papers.jsonl"


def table(of: RegistryView) -> Artifact:
    """The one file that the kind makes."""
    function = KINDS.all()["papers_parquet"].of_registry
    assert function is not None
    (made,) = function(of)
    assert isinstance(made, Artifact)
    return made


def rows(of: RegistryView, folder: Path) -> list[dict[str, Any]]:
    """The rows of the table of a registry, read from its file."""
    file = folder / "papers.parquet"
    file.write_bytes(table(of).body)
    with duckdb.connect() as database:
        answer = database.execute("SELECT * FROM read_parquet(?)", [str(file)])
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, values, strict=True)) for values in answer.fetchall()]


def test_golden(tmp_path: Path) -> None:
    """The table of a small registry equals the golden one; REGENERATE=1 writes it anew."""
    made = "".join(json.dumps(one, default=str, ensure_ascii=False) + "\n" for one in rows(small(), tmp_path))
    if os.environ.get("REGENERATE"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(made, encoding="utf-8")
    assert made == GOLDEN.read_text(encoding="utf-8")


def test_columns_have_their_types(tmp_path: Path) -> None:
    """Days are days, counts are counts, findings are a list, for a program that reads the file alone."""
    file = tmp_path / "papers.parquet"
    file.write_bytes(table(small()).body)
    with duckdb.connect() as database:
        found = database.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(file)]).fetchall()
    assert {name: kind for name, kind, *_ in found} == COLUMNS


@pytest.mark.parametrize(
    "registry", [small(), charted(), large(100), view(())], ids=["small", "charted", "large", "empty"]
)
def test_the_table_says_what_the_lines_say(registry: RegistryView, tmp_path: Path) -> None:
    """Each paper has one row, listed or withheld; what its line of JSON says, the row says too."""
    found = {one["id"]: one for one in rows(registry, tmp_path)}
    said = {item.id: summary(item) for item in registry.everything}
    assert found.keys() == said.keys()
    for item in registry.everything:
        own, line = found[item.id], said[item.id]
        del line["contract_version"]
        submitted = own["submitted"].isoformat() if own["submitted"] else None
        assert own | {"submitted": submitted} == own | line
        assert own["listed"] == (item in registry.listed)


def test_newest_first(tmp_path: Path) -> None:
    """A reader of the newest papers needs the first rows; undated ones come last."""
    days = [one["submitted"] for one in rows(large(100), tmp_path)]
    assert days == sorted(days, reverse=True)
    assert [one["submitted"] for one in rows(small(), tmp_path)][-1] is None


def test_it_is_one_file_of_its_type() -> None:
    """Its place and its media type are what readers of index.json find."""
    made = table(small())
    assert (made.path, made.media_type) == ("data/papers.parquet", "application/vnd.apache.parquet")
    assert made.body[:4] == made.body[-4:] == b"PAR1"
    assert made.body == table(small()).body


HOSTILE_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=40)
@given(
    title=HOSTILE_TEXT,
    publisher=HOSTILE_TEXT,
    submitted=st.none() | st.dates(date(1900, 1, 1)),
    claims=st.none() | st.integers(0, 10**9),
    score=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_paper_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    title: str,
    publisher: str,
    submitted: date | None,
    claims: int | None,
    score: float | None,
) -> None:
    """Whatever a record holds, the row that is read is the row that was made."""
    item = judged(
        7, "UNSAFE", (CUT, title), title=title, publisher=publisher, claims=claims, stated_score=score,
        stated_score_text=title, submitted=submitted.isoformat() if submitted else None,
    )  # fmt: skip
    (found,) = rows(view((item,)), tmp_path_factory.mktemp("one"))
    changed = found["changed"].isoformat() if found["changed"] else None
    assert found | {"submitted": item.facts.submitted, "changed": changed} == row(item)
