"""Killed, interrupted, out of space, refused: the published site is whole and the next build works."""

import contextlib
import ctypes
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from . import program
from .fabricated import write_registry

ROOT = Path(__file__).resolve().parent.parent
RECORDS = 30
KILLS = 8


def tree(folder: Path) -> dict[str, str]:
    """Return the digest of every file by its path."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {f.relative_to(folder).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def command(registry: Path, site: Path, *options: str) -> list[str]:
    return [str(program.PROGRAM), "build", "--registry", str(registry), "--site-dir", str(site), *options]


def build(registry: Path, site: Path, *options: str, **more: object) -> subprocess.CompletedProcess[str]:
    words = command(registry, site, *options)
    if not more:
        return program.run(words[1:])
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        words, capture_output=True, text=True, check=False, **more
    )


def assert_one_line(done: subprocess.CompletedProcess[str], code: int, words: str) -> None:
    """The command said in one line what is wrong, with at most a line of help, and exited with the code."""
    assert done.returncode == code, done.stderr
    lines = done.stderr.splitlines()
    assert lines[0].startswith("colophon: ")
    assert words in lines[0]
    assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("  help: "))


def settled(site: Path) -> None:
    """Beside the site lies nothing but the working folder, and in that no unfinished frame."""
    assert sorted(path.name for path in site.parent.iterdir()) == [".colophon", site.name]
    assert not list((site.parent / ".colophon").glob("*.new"))


@pytest.fixture(scope="module")
def registries(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A fabricated registry and the same one with every title changed."""
    root = tmp_path_factory.mktemp("robust")
    old, new = root / "old", root / "new"
    write_registry(old, RECORDS, 1)
    shutil.copytree(old, new)
    for manifest in new.glob("papers/*/*/manifest.json"):
        manifest.write_text(manifest.read_text().replace('"title": "Fabricated', '"title": "Newfangled'))
    return old, new


@pytest.fixture(scope="module")
def built(registries: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site of the old registry; read only."""
    folder = tmp_path_factory.mktemp("built")
    done = build(registries[0], folder / "site", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def published(built: Path, tmp_path: Path) -> Path:
    """A site of the old registry in a folder of its own, with all that the build left beside it."""
    shutil.copytree(built, tmp_path / "public", symlinks=True)
    return tmp_path / "public" / "site"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_kill_at_any_moment_leaves_a_whole_site(
    registries: tuple[Path, Path], published: Path, tmp_path: Path, jobs: str
) -> None:
    """After kill -9 at random moments the site is the old or the new one, whole; the next build succeeds."""
    old = tree(published)
    fresh = tmp_path / "fresh" / "site"
    started = time.monotonic()
    # A process of the same kind as those that are killed, so that it takes as long.
    whole = command(registries[1], fresh, "--jobs", jobs, "--no-cache")
    assert subprocess.run(whole, capture_output=True, check=False).returncode == 0
    needed = time.monotonic() - started
    new = tree(fresh)
    # Parts of the search bear their digests.
    assert {path for path in old.keys() ^ new.keys() if not path.startswith("search/")} == set()
    draw = random.Random(9)
    for _ in range(KILLS):
        running = subprocess.Popen(
            command(registries[1], published, "--jobs", jobs, "--no-cache"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(needed * draw.uniform(0.1, 1.1))
        running.kill()
        running.wait()
        assert tree(published) in (old, new)
    done = build(registries[1], published, "--jobs", jobs)
    assert done.returncode == 0, done.stderr
    # What the search kept of the old registry was brought up to date: it answers alike, in other bytes.
    assert _without_search(tree(published)) == _without_search(new)
    settled(published)


def test_a_worker_that_is_killed_at_any_moment_loses_nothing(
    registries: tuple[Path, Path], published: Path, tmp_path: Path
) -> None:
    """A build that loses one ends with a line or as ever; the site is the old or the new one, whole."""
    old, fresh = tree(published), tmp_path / "fresh" / "site"
    started = time.monotonic()
    whole = command(registries[1], fresh, "--jobs", "2", "--no-cache")
    assert subprocess.run(whole, capture_output=True, check=False).returncode == 0
    needed = time.monotonic() - started
    new = tree(fresh)
    draw = random.Random(7)
    killed = 0
    for _ in range(KILLS):
        running = subprocess.Popen(
            command(registries[1], published, "--jobs", "2", "--no-cache"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(needed * draw.uniform(0.2, 0.9))
        workers = children(running.pid)
        if workers:
            os.kill(draw.choice(workers), signal.SIGKILL)
        _, said = running.communicate(timeout=120)
        found = tree(published)
        if running.returncode == 0:
            assert found == new
            shutil.rmtree(published)
            shutil.copytree(fresh, published)
        else:
            killed += 1
            assert_one_line(subprocess.CompletedProcess([], running.returncode, "", said), 3, "worker")
            assert found in (old, new)
    assert killed, "no worker was there to be killed"
    done = build(registries[1], published, "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert _without_search(tree(published)) == _without_search(new)
    settled(published)


def children(process: int) -> list[int]:
    """Return the processes that a process has started and that live."""
    with contextlib.suppress(OSError):
        lists = [task / "children" for task in Path(f"/proc/{process}/task").iterdir()]
        return [int(word) for one in lists for word in one.read_text().split()]
    return []


def _without_search(files: dict[str, str]) -> dict[str, str]:
    """All but the database of the search, and the list that has its digests."""
    return {
        path: digest
        for path, digest in files.items()
        if not path.startswith("search/") and path != "index.json"
    }


def test_a_kill_during_the_swap_leaves_a_whole_site(registries: tuple[Path, Path], published: Path) -> None:
    """A kill while the old site is being deleted leaves the new one, and the rest goes with the next
    build.
    """
    program = (
        "import os, signal, shutil\nfrom colophon import atomic\n"
        "def kill(path, **options):\n    if 'new' in str(path):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "atomic.shutil.rmtree = kill\n"
        "from colophon.cli import main\nimport sys\nsys.argv = ['colophon', *sys.argv[1:]]\nmain()\n"
    )
    arguments = command(registries[1], published, "--jobs", "1")[1:]
    killed = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert len(list(published.parent.glob(".site.*.new"))) == 1
    assert "Newfangled" in next(published.glob("papers/*-*.html")).read_text()
    assert build(registries[1], published, "--jobs", "1").returncode == 0
    settled(published)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_with_one_line(registries: tuple[Path, Path], published: Path, jobs: str) -> None:
    """An interruption from the terminal, which reaches every process, is one line and exit code 130."""
    old = tree(published)
    running = subprocess.Popen(
        command(registries[1], published, "--jobs", jobs, "--no-cache"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    # The new folder appears when the program is past its imports and at work.
    while running.poll() is None and not list(published.parent.glob(".site.*.new")):
        time.sleep(0.005)
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130, told
    assert told == "colophon: interrupted; nothing half-written was left\n"
    assert tree(published) == old
    settled(published)


@contextlib.contextmanager
def small_disk(place: Path, size: int) -> Iterator[bool]:
    """Mount a memory disk of that many bytes, where this is allowed."""
    place.mkdir(exist_ok=True)
    libc = ctypes.CDLL(None, use_errno=True)
    allowed = (
        os.geteuid() == 0
        and libc.mount(b"tmpfs", os.fsencode(place), b"tmpfs", 0, f"size={size}".encode()) == 0
    )
    try:
        yield allowed
    finally:
        if allowed:
            libc.umount2(os.fsencode(place), 2)


def test_a_full_disk_keeps_the_old_site(registries: tuple[Path, Path], tmp_path: Path) -> None:
    """When the disk fills up the command says so in one line with exit code 3; the old site stays, no
    rest is left.
    """
    with small_disk(tmp_path / "disk", 40 * 2**20) as mounted:
        site = tmp_path / "disk" / "site"
        done = build(registries[0], site, "--jobs", "1", "--no-cache")
        assert done.returncode == 0, done.stderr
        old = tree(site)
        free = shutil.disk_usage(site).free if mounted else 300_000
        (tmp_path / "disk" / "ballast").write_bytes(b"x" * (free - 300_000))
        # Who may not mount a disk gets the same refusal of the system from a limit on the size of files.
        words, before = ("No space left on device", None) if mounted else ("File too large", limit(6_000))
        for jobs in ("1", "2"):
            done = build(registries[1], site, "--jobs", jobs, "--no-cache", preexec_fn=before)
            assert_one_line(done, 3, words)
            assert tree(site) == old
            assert sorted(p.name for p in site.parent.iterdir()) == [".colophon", "ballast", "site"]
        (tmp_path / "disk" / "ballast").unlink()
        assert build(registries[1], site, "--jobs", "1", "--no-cache").returncode == 0


def limit(size: int) -> Callable[[], None]:
    def set_limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return set_limit


def test_a_file_that_may_not_grow_keeps_the_old_site(registries: tuple[Path, Path], published: Path) -> None:
    """A limit on the size of files ends the build like a full disk does, for everybody and not only
    for root.
    """
    old = tree(published)
    done = build(registries[1], published, "--jobs", "1", "--no-cache", preexec_fn=limit(6_000))
    assert_one_line(done, 3, "File too large")
    assert tree(published) == old
    settled(published)


def test_a_read_only_target_keeps_the_old_site(registries: tuple[Path, Path], tmp_path: Path) -> None:
    """A target that may not be written is one line and exit code 3."""
    disk = tmp_path / "disk"
    with small_disk(disk, 40 * 2**20) as mounted:
        site = disk / "site"
        assert build(registries[0], site, "--jobs", "1", "--no-cache").returncode == 0
        old = tree(site)
        read_only, remount = 1, 32
        words = "Permission denied"
        if mounted:
            ctypes.CDLL(None).mount(b"tmpfs", os.fsencode(disk), b"tmpfs", read_only | remount, None)
            words = "Read-only file system"
        else:
            # Who may not mount a disk closes the two folders that a build writes in.
            (disk / ".colophon").chmod(0o555)
            disk.chmod(0o555)
        assert_one_line(build(registries[1], site, "--jobs", "1"), 3, words)
        assert tree(site) == old
        if not mounted:
            disk.chmod(0o755)
            (disk / ".colophon").chmod(0o755)


def test_a_target_of_somebody_else_is_refused(
    registries: tuple[Path, Path], tmp_path: Path, powerless: Callable[[], None]
) -> None:
    """A folder that one may not write to is one line and exit code 3."""
    (tmp_path / "closed").mkdir(mode=0o555)
    done = build(registries[0], tmp_path / "closed" / "site", preexec_fn=powerless)
    assert_one_line(done, 3, "Permission denied")


@pytest.mark.parametrize("content", ['{"mine": true}', "[1]", "no JSON"])
@pytest.mark.parametrize("name", ["letter.txt", "index.json"])
def test_a_folder_with_something_else_is_refused_and_untouched(
    registries: tuple[Path, Path], tmp_path: Path, name: str, content: str
) -> None:
    """A ``--site-dir`` that holds anything but a site of this program is refused with nothing written
    in or beside it.
    """
    foreign = tmp_path / "foreign" / "here"
    foreign.mkdir(parents=True)
    (foreign / name).write_text(content)
    before = tree(tmp_path)
    assert_one_line(build(registries[0], foreign, "--jobs", "1"), 2, "holds something that is no site")
    assert tree(tmp_path) == before
    assert [p.name for p in foreign.parent.iterdir()] == ["here"]


def test_a_file_in_the_place_of_the_site_is_refused(registries: tuple[Path, Path], tmp_path: Path) -> None:
    """A ``--site-dir`` that is a file is refused and stays."""
    (tmp_path / "site").write_text("mine")
    assert_one_line(
        build(registries[0], tmp_path / "site", "--jobs", "1"), 2, "holds something that is no site"
    )
    assert (tmp_path / "site").read_text() == "mine"


def test_a_link_to_a_site_stays_a_link(
    registries: tuple[Path, Path], published: Path, tmp_path: Path
) -> None:
    """A ``--site-dir`` that is a symbolic link is followed: the site it points to is replaced, the
    link stays.
    """
    (tmp_path / "www").symlink_to(published)
    done = build(registries[1], tmp_path / "www", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "www").readlink() == published
    assert "Newfangled" in next(published.glob("papers/*-*.html")).read_text()
    settled(published)


def test_an_empty_folder_is_taken(registries: tuple[Path, Path], tmp_path: Path) -> None:
    """An empty folder may become the site."""
    (tmp_path / "site").mkdir()
    assert build(registries[0], tmp_path / "site", "--jobs", "1").returncode == 0


def test_the_second_of_two_builds_says_so(registries: tuple[Path, Path], published: Path) -> None:
    """While one build writes a site another one stops at once with exit code 3 and harms nothing."""
    first = subprocess.Popen(
        command(registries[1], published, "--jobs", "1", "--no-cache"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while first.poll() is None and not list(published.parent.glob(".site.*.new")):
        time.sleep(0.005)
    first.send_signal(signal.SIGSTOP)
    try:
        second = build(registries[1], published, "--jobs", "1")
    finally:
        first.send_signal(signal.SIGCONT)
    _, told = first.communicate(timeout=60)
    assert_one_line(second, 3, "another build is writing in")
    assert first.returncode == 0, told
    settled(published)


def test_a_damaged_registry_keeps_the_old_site(
    registries: tuple[Path, Path], published: Path, tmp_path: Path
) -> None:
    """Nothing is published from a registry with integrity findings; the message names the first of them."""
    old = tree(published)
    damaged = tmp_path / "damaged"
    shutil.copytree(registries[1], damaged)
    next(damaged.glob("papers/*/*/manifest.json")).write_text("{")
    assert_one_line(build(damaged, published, "--jobs", "1"), 2, "S101")
    assert tree(published) == old


def test_a_record_that_changes_during_the_build_is_told(
    registries: tuple[Path, Path], tmp_path: Path
) -> None:
    """A record edited between judging and rendering ends the build in words, never as a page of two
    states.
    """
    program = (
        "import sys\nfrom pathlib import Path\nfrom colophon import site\nold = site._records\n"
        "def edit(judged, workshop, *rest):\n"
        "    file = Path(workshop.tree.root, judged[0].folder, 'manifest.json')\n"
        "    file.write_text(file.read_text().replace('Fabricated', 'Edited'))\n"
        "    return old(judged, workshop, *rest)\n"
        "site._records = edit\n"
        "from colophon.cli import main\nsys.argv = ['colophon', *sys.argv[1:]]\nmain()\n"
    )
    shutil.copytree(registries[0], tmp_path / "registry")
    arguments = command(tmp_path / "registry", tmp_path / "site", "--jobs", "1")[1:]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert_one_line(done, 3, "changed while the site was being built")
    assert not (tmp_path / "site").exists()
