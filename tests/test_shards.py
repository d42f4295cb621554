"""One site built by several jobs: the same bytes as by one, whatever becomes of a job's part."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .fabricated import write_registry

JOBS = 3


def colophon(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    program = Path(sys.executable).with_name("colophon")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def done(*arguments: str | Path) -> str:
    """What it said, having ended well."""
    run = colophon(*arguments)
    assert run.returncode == 0, run.stderr
    return run.stdout


def tree(site: Path) -> dict[str, str]:
    """The digest of every file by its path."""
    return {
        str(file.relative_to(site)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in site.rglob("*")
        if file.is_file()
    }


def without_search(files: dict[str, str]) -> dict[str, str]:
    """All but the database of the search, and the list that has its digests."""
    return {p: digest for p, digest in files.items() if not p.startswith("search/") and p != "index.json"}


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fabricated registry of 30 records; read only."""
    folder = tmp_path_factory.mktemp("shards") / "registry"
    write_registry(folder, 30, 1)
    return folder


@pytest.fixture(scope="module")
def whole(registry: Path) -> dict[str, str]:
    """The site that one job builds."""
    done("build", "--registry", registry, "--site-dir", registry.parent / "whole", "--no-cache")
    return tree(registry.parent / "whole")


@pytest.fixture
def parts(registry: Path, tmp_path: Path) -> list[Path]:
    """What each job left, in a folder of its own."""
    folders = [tmp_path / f"part{n}" for n in range(1, JOBS + 1)]
    for n, folder in enumerate(folders, 1):
        done("build", "--registry", registry, "--shard", f"{n}/{JOBS}", "--site-dir", folder)
    return folders


def joined(registry: Path, parts: list[Path], site: Path) -> dict[str, str]:
    """The site of the last step."""
    named = [option for part in parts for option in ("--part", str(part))]
    done("build", "--registry", registry, *named, "--site-dir", site, "--no-cache")
    return tree(site)


def test_parts_are_disjoint_and_make_the_whole(
    registry: Path, whole: dict[str, str], parts: list[Path], tmp_path: Path
) -> None:
    """No two jobs write one page; together with the last step they write what one job writes."""
    pages = [
        {path: digest for path, digest in tree(part).items() if path.startswith("papers/")} for part in parts
    ]
    assert all(pages)
    assert sum(map(len, pages)) == len({path for each in pages for path in each})
    assert all(whole[path] == digest for each in pages for path, digest in each.items())
    assert joined(registry, parts, tmp_path / "out" / "site") == whole


def test_the_last_step_renders_nothing_that_a_part_has(
    registry: Path, whole: dict[str, str], parts: list[Path], tmp_path: Path
) -> None:
    """Its files are those of the parts."""
    site = tmp_path / "out" / "site"
    joined(registry, parts, site)
    linked = [file for part in parts for file in part.rglob("papers/*.html")]
    assert linked
    assert all(file.samefile(site / "papers" / file.name) for file in linked)


def test_permissions_of_a_part_do_not_reach_the_site(
    registry: Path, whole: dict[str, str], parts: list[Path], tmp_path: Path
) -> None:
    """What carried a part may have taken its permissions: the site has those of a new file."""
    site = tmp_path / "out" / "site"
    pages = [file for part in parts for file in part.rglob("papers/*.html")]
    for page in pages:
        page.chmod(0o600)
    assert joined(registry, parts, site) == whole
    usual = (site / "index.html").stat().st_mode
    assert {(site / "papers" / page.name).stat().st_mode for page in pages} == {usual}
    assert {page.stat().st_mode & 0o777 for page in pages} == {0o600}


def test_a_lost_part_loses_nothing(
    registry: Path, whole: dict[str, str], parts: list[Path], tmp_path: Path
) -> None:
    """The last step renders what no part has, and what was altered on the way."""
    next(parts[0].glob("papers/*.html")).write_text("altered")
    next(parts[2].glob("papers/*.html")).unlink()
    made = joined(registry, [parts[0], parts[2]], tmp_path / "out" / "site")
    # The search takes papers as they come, so that its bytes are others.
    assert without_search(made) == without_search(whole)


def test_a_part_of_another_state_is_not_taken(registry: Path, parts: list[Path], tmp_path: Path) -> None:
    """A record that changed since is rendered, and found by its new words alone."""
    changed, site = tmp_path / "registry", tmp_path / "out" / "site"
    shutil.copytree(registry, changed)
    manifest = next(changed.glob("papers/*/*/manifest.json"))
    manifest.write_text(manifest.read_text().replace("fabricated", "invented"))
    made = joined(changed, parts, site)
    fresh = tmp_path / "fresh" / "site"
    done("build", "--registry", changed, "--site-dir", fresh, "--no-cache")
    assert without_search(made) == without_search(tree(fresh))
    listed = json.loads((site / "search" / "parts.txt").read_text())
    assert listed["papers"] == json.loads((fresh / "search" / "parts.txt").read_text())["papers"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--shard", "4/3"), "--shard '4/3' is no part of a whole"),
        (("--shard", "0/3"), "no part of a whole"),
        (("--shard", "two"), "no part of a whole"),
        (("--shard", "1/2", "--part", "x"), "cannot be used together"),
        (("--part", "nowhere"), "nowhere: holds no part of a site: shard.json is missing"),
    ],
)
def test_wrong_use_is_told_in_a_line(
    registry: Path, tmp_path: Path, asked: tuple[str, ...], words: str
) -> None:
    """What is, what was expected, and the next command; nothing is written."""
    run = colophon("build", "--registry", registry, "--site-dir", tmp_path / "out" / "site", *asked)
    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "out" / "site").exists()


@pytest.mark.parametrize(
    "listed",
    [
        "{",
        "[]",
        '{"files": {"k": {"paper": [["../../etc/passwd", "text/html", 1, "d"]]}}}',
        '{"files": {"k": {"paper": [["papers/../../x", "text/html", 1, "d"]]}}}',
        '{"files": {"k": {"paper": [["index.html", "text/html", 1, "d"]]}}}',
        '{"files": {"k": {"paper": ["papers/x"]}}}',
        '{"files": {"k": [["papers/x", "text/html", 1, "d"]]}}',
    ],
)
def test_a_damaged_list_is_refused(registry: Path, parts: list[Path], tmp_path: Path, listed: str) -> None:
    """A part may come from elsewhere: it names files of records below its folder, or it is none."""
    (parts[0] / "shard.json").write_text(listed)
    run = colophon("build", "--registry", registry, "--site-dir", tmp_path / "s", "--part", parts[0])
    assert run.returncode == 2
    assert "holds no part of a site" in run.stderr


@pytest.mark.parametrize("lines", ["{\n", '{"key": "k", "entry": {"id": 1}}\n', None])
def test_damaged_lines_of_the_search_are_refused(
    registry: Path, parts: list[Path], tmp_path: Path, lines: str | None
) -> None:
    """As those of the list."""
    if lines is None:
        (parts[0] / "shard-search.jsonl").unlink()
    else:
        (parts[0] / "shard-search.jsonl").write_text(lines)
    run = colophon("build", "--registry", registry, "--site-dir", tmp_path / "s", "--part", parts[0])
    assert run.returncode == 2
    assert "cannot be read" in run.stderr
    assert "Traceback" not in run.stderr
