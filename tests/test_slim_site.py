"""``colophon build --slim``: a site for hosts that limit its size."""

import json
import re
import shutil
from pathlib import Path

import pytest

from .conftest import publish, started
from .fabricated import write_registry

N = 30
OPTIONS = ("--jobs", "1", "--slim")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fabricated registry; read only."""
    folder = tmp_path_factory.mktemp("slim") / "registry"
    write_registry(folder, N, 1)
    return folder


@pytest.fixture(scope="module")
def site(registry: Path) -> Path:
    """Its slim site."""
    return publish(registry.parent / "site", registry, "--no-cache", *OPTIONS)


def files(site: Path) -> dict[str, bytes]:
    """Every file of a site but the database of the search, and the list that has its digests."""
    found = {one.relative_to(site).as_posix(): one for one in site.rglob("*") if one.is_file()}
    return {
        path: one.read_bytes()
        for path, one in found.items()
        if not path.startswith("search/") and path != "index.json"
    }


def built(registry: Path, site: Path, *options: str) -> str:
    """What a build with the cache says."""
    run = started("build", "--registry", registry, "--site-dir", site, *options)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_a_paper_is_one_page(site: Path) -> None:
    """Beside its page a paper without corrections has no file, and the page is short."""
    of_papers = [path for path in files(site) if re.match("papers/[0-9a-f]{8}-", path)]
    assert len(of_papers) == N
    assert all((site / path).stat().st_size < 12_000 for path in of_papers)


def test_the_table_names_no_file_that_is_missing(site: Path) -> None:
    """What is listed for programs is there."""
    for part in json.loads((site / "index.json").read_bytes())["parts"]:
        assert (site / part["path"]).is_file()
    duckdb = pytest.importorskip("duckdb")
    table = duckdb.sql(f"SELECT html, json FROM '{site / 'data' / 'papers.parquet'}'").fetchall()
    assert len(table) == N
    assert all((site / html).is_file() and data is None for html, data in table)


def test_the_forms_replace_one_another(registry: Path, site: Path, tmp_path: Path) -> None:
    """A build in the other form writes that, whatever is kept; in the same form it touches nothing."""
    shutil.copytree(registry, tmp_path / "registry")
    target, whole = tmp_path / "site", publish(tmp_path / "whole", registry, "--jobs", "1", "--no-cache")
    for options, expected in ((OPTIONS, site), (OPTIONS[:2], whole), (OPTIONS, site)):
        assert built(tmp_path / "registry", target, *options).startswith(f"published {N} records")
        assert files(target) == files(expected)
        assert built(tmp_path / "registry", target, *options).startswith("nothing changed")


def test_parts_make_a_slim_site(registry: Path, site: Path, tmp_path: Path) -> None:
    """Parts that were made slim are used; parts of the whole form are not, and the site is the same."""
    parts = []
    for number, form in ((1, OPTIONS), (2, OPTIONS[:2])):
        parts += ["--part", str(tmp_path / f"part{number}")]
        built(registry, tmp_path / f"part{number}", "--shard", f"{number}/2", *form)
    assert not list((tmp_path / "part1").rglob("*.svg"))
    built(registry, tmp_path / "joined", *parts, *OPTIONS, "--no-cache")
    assert files(tmp_path / "joined") == files(site)
