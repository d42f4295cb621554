"""Same registry, same bytes: however many processes, with or without cache, wherever it lies."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .fabricated import write_registry

ROOT = Path(__file__).resolve().parent.parent
RECORDS = 100  # More than one chunk of both stages, so that a pool has something to put in order.


def colophon(*arguments: str | Path, hash_seed: int = 0) -> str:
    program = Path(sys.executable).with_name("colophon")
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    done = subprocess.run([program, *arguments], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tree(folder: Path) -> dict[str, str]:
    """Return the digest of every file by its path."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {f.relative_to(folder).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fabricated registry of several chunks, with the records of the test registry among them."""
    folder = tmp_path_factory.mktemp("large") / "registry"
    write_registry(folder, RECORDS, 1)
    for part in ("papers", "reviews", "sources"):
        shutil.copytree(ROOT / "tests/registry" / part, folder / part, dirs_exist_ok=True)
    shutil.copy(ROOT / "tests/registry/registry.yaml", folder)
    return folder


@pytest.fixture(scope="module")
def reference(large: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The site of that registry, made by one process without a cache."""
    site = tmp_path_factory.mktemp("reference") / "site"
    colophon("build", "--registry", large, "--site-dir", site, "--jobs", "1", "--no-cache")
    found = tree(site)
    assert len(found) > 3 * RECORDS
    return found


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_a_check_says_the_same_from_any_number_of_processes(large: Path, form: str) -> None:
    """One process and a pool, with another hash seed, print the same bytes in every format."""
    told = ["check", "--registry", large, "--format", form, "--now", "2026-12-01T00:00:00Z"]
    serial = colophon(*told, "--jobs", "1")
    assert serial
    assert colophon(*told, "--jobs", "3", hash_seed=7) == serial


def test_a_pool_builds_the_same_site(large: Path, reference: dict[str, str], tmp_path: Path) -> None:
    """Three processes with another hash seed publish, byte for byte, what one process publishes."""
    colophon(
        "build",
        "--registry",
        large,
        "--site-dir",
        tmp_path / "site",
        "--jobs",
        "3",
        "--no-cache",
        hash_seed=7,
    )
    assert tree(tmp_path / "site") == reference


def test_a_cached_second_run_builds_the_same_site(
    large: Path, reference: dict[str, str], tmp_path: Path
) -> None:
    """A first run that fills the cache and a second that lives on it publish the same bytes."""
    for _ in range(2):
        colophon("build", "--registry", large, "--site-dir", tmp_path / "site")
        assert tree(tmp_path / "site") == reference


def test_nothing_is_touched_where_nothing_changed(large: Path, tmp_path: Path) -> None:
    """A second build writes no file and no folder; a change, a lost site and --no-cache make it write."""
    registry, site = tmp_path / "registry", tmp_path / "site"
    shutil.copytree(large, registry)
    asked = ("build", "--registry", registry, "--site-dir", site, "--jobs", "1")
    # Files this fresh may change again within a tick of the clock, so that the first build keeps no look.
    for _ in range(2):
        colophon(*asked)
    before = _identities(site)
    again = colophon(*asked)
    assert again == f"nothing changed: {len(list(registry.glob('papers/*/*')))} records in {site}/\n"
    assert _identities(site) == before
    assert "published" in colophon(*asked, "--no-cache")
    assert "published" in colophon(*asked), "another build wrote the site"
    assert "nothing changed" in colophon(*asked)
    shutil.rmtree(site)
    assert "published" in colophon(*asked)
    manifest = next(registry.glob("papers/*/*/manifest.json"))
    manifest.write_text(manifest.read_text().replace("fabricated", "invented"))
    assert "published" in colophon(*asked)


@pytest.mark.parametrize("options", [(), ("--no-cache",)])
def test_a_change_touches_only_the_files_that_differ(
    large: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """Whatever has the same bytes as before stays the same file, with its time; no other file does."""
    registry, site = tmp_path / "registry", tmp_path / "site"
    shutil.copytree(large, registry)
    asked = ("build", "--registry", registry, "--site-dir", site, "--jobs", "1", *options)
    colophon(*asked)
    times, bodies = _times(site), tree(site)
    manifest = next(registry.glob("papers/*/*/manifest.json"))
    manifest.write_text(manifest.read_text().replace("fabricated", "invented"))
    colophon(*asked)
    after = tree(site)
    differ = {path for path in after if after[path] != bodies.get(path)}
    touched = {path for path, seen in _times(site).items() if seen != times.get(path)}
    assert touched == differ
    assert f"papers/{manifest.parent.name}.html" in touched
    assert len(touched) < len(after) / 4


def _times(site: Path) -> dict[str, tuple[int, int]]:
    """Which file lies at each path, and when it was last written."""
    found = {str(path.relative_to(site)): path.stat() for path in site.rglob("*") if path.is_file()}
    return {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in found.items()}


def _identities(site: Path) -> dict[str, tuple[int, int]]:
    """Which file lies at each path, and when it last changed."""
    found = {str(path.relative_to(site)): path.stat() for path in [site, *site.rglob("*")]}
    return {path: (stat.st_ino, stat.st_ctime_ns) for path, stat in found.items()}


def altered(file: Path) -> None:
    """Another byte; size and time stay."""
    status, body = file.stat(), file.read_bytes()
    file.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def swapped(file: Path) -> None:
    """The place of another page."""
    other, aside = max(file.parent.glob("*-*.html")), file.with_name("aside")
    file.rename(aside)
    other.rename(file)
    aside.rename(other)


def linked(file: Path) -> None:
    """A link to what stood there."""
    file.rename(file.with_suffix(".bak"))
    file.symlink_to(file.with_suffix(".bak"))


def piped(file: Path) -> None:
    """A pipe into which nobody writes."""
    file.unlink()
    os.mkfifo(file)


def opened(file: Path) -> None:
    """Permissions that no build gives."""
    file.chmod(0o4777)


def added(file: Path) -> None:
    """A file that no build wrote beside it."""
    (file.parent / "added.html").write_text("<p>added</p>")


@pytest.mark.parametrize("is_changed", [False, True])
@pytest.mark.parametrize("touch", [altered, swapped, linked, piped, opened, added, Path.unlink])
def test_a_site_that_somebody_touched_is_mended(
    large: Path, tmp_path: Path, touch: Callable[[Path], None], is_changed: bool
) -> None:
    """Whatever became of files of the site, the next build has them as they were, after a change too."""
    registry, site = tmp_path / "registry", tmp_path / "site"
    shutil.copytree(large, registry)
    time.sleep(0.1)
    colophon("build", "--registry", registry, "--site-dir", site, "--jobs", "1")
    before, modes = tree(site), _modes(site)
    touch(min((site / "papers").glob("*-*.html")))
    touch(site / "findings.html") if touch is not swapped else None
    if is_changed:
        manifest = max((registry / "papers").glob("*/*/manifest.json"))
        manifest.write_bytes(manifest.read_bytes())
    said = colophon("build", "--registry", registry, "--site-dir", site, "--jobs", "1")
    assert said.startswith("published ")
    assert tree(site) == before
    assert [path for path in site.rglob("*") if path.is_symlink()] == []
    assert _modes(site) == modes


def _modes(site: Path) -> dict[str, int]:
    return {str(path.relative_to(site)): path.stat().st_mode for path in site.rglob("*") if path.is_file()}


def test_folders_that_nobody_may_write_to_are_replaced(large: Path, tmp_path: Path) -> None:
    """Those of the old site go with it, whatever their permissions, and nothing is left beside."""
    site = tmp_path / "site"
    asked = ("build", "--registry", large, "--site-dir", site, "--jobs", "1", "--no-cache")
    colophon(*asked)
    before = tree(site)
    (site / "papers").chmod(0o555)
    site.chmod(0o555)
    assert colophon(*asked).startswith("published ")
    assert tree(site) == before
    assert [path.name for path in tmp_path.glob(".site.*")] == []


def test_a_registry_may_lie_anywhere(large: Path, reference: dict[str, str], tmp_path: Path) -> None:
    """A copy of the registry in another place, with other file times, gives the same site."""
    shutil.copytree(large, tmp_path / "elsewhere", copy_function=shutil.copyfile)
    colophon("build", "--registry", tmp_path / "elsewhere", "--site-dir", tmp_path / "a" / "b", "--jobs", "1")
    assert tree(tmp_path / "a" / "b") == reference


def test_a_cache_never_shows_what_changed(large: Path, reference: dict[str, str], tmp_path: Path) -> None:
    """After records come, go or change, and after a page was altered, a cached build equals a fresh one."""
    registry, site = tmp_path / "registry", tmp_path / "site"
    shutil.copytree(large, registry)
    colophon("build", "--registry", registry, "--site-dir", site, "--jobs", "1")
    folders = sorted(registry.glob("papers/*/*"))
    shutil.rmtree(folders[0])
    manifest = folders[1] / "manifest.json"
    manifest.write_text(manifest.read_text().replace("fabricated", "invented"))
    altered = site / "papers" / f"{folders[2].name}.html"
    altered.write_text("altered")
    colophon("build", "--registry", registry, "--site-dir", site, "--jobs", "1")
    fresh = tmp_path / "fresh"
    colophon("build", "--registry", registry, "--site-dir", fresh, "--jobs", "1", "--no-cache")
    assert tree(site) == tree(fresh)
    assert tree(site) != reference
