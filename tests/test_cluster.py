"""On a cluster of Dask a check and a build give the bytes that they give here, also when a worker is lost.

The scheduler and the workers are those of Dask, started by its own commands, on this machine.
"""

import hashlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from . import program
from .conftest import ROOT, colophon, started
from .fabricated import write_registry

DASK = Path(sys.executable).with_name("dask")
# So many that every worker has a chunk while one is lost.
RECORDS, WORKERS = 400, 3
PATIENCE = 60


@dataclass
class Cluster:
    """A scheduler at an address, and its workers."""

    folder: Path
    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def says(self) -> str:
        """Return what the scheduler has logged."""
        return (self.folder / "scheduler.log").read_text(errors="replace")

    def wait_for(self, text: str, times: int) -> None:
        """Wait until the scheduler has logged a text so often."""
        end = time.monotonic() + PATIENCE
        while self.says().count(text) < times:
            assert time.monotonic() < end, f"no {text!r} in {self.says()}"
            time.sleep(0.05)

    def add_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker and wait until the scheduler knows it."""
        known = self.says().count("Register worker")
        command = [DASK, "worker", f"tcp://{self.address}", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        log = (self.folder / f"worker-{known}.log").open("wb")
        worker = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self.workers.append(worker)
        self.wait_for("Register worker", known + 1)
        return worker


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler that has no workers yet."""
    port = free_port()
    log = (tmp_path / "scheduler.log").open("wb")
    command = [DASK, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    process = subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path)
    cluster = Cluster(tmp_path, f"127.0.0.1:{port}", process)
    try:
        cluster.wait_for("Scheduler at:", 1)
        yield cluster
    finally:
        for one in (*cluster.workers, process):
            one.kill()
            one.wait()


@pytest.fixture
def cluster(scheduler: Cluster) -> Cluster:
    """A scheduler with three workers."""
    for _ in range(WORKERS):
        scheduler.add_worker()
    return scheduler


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fabricated registry of several chunks."""
    folder = tmp_path_factory.mktemp("cluster") / "registry"
    write_registry(folder, RECORDS, 1)
    return folder


def tree(folder: Path) -> dict[str, str]:
    """Return the digest of every file by its path."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {f.relative_to(folder).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def test_a_lost_worker_loses_nothing(cluster: Cluster, large: Path, tmp_path: Path) -> None:
    """One of three is killed while it works; check and build say and write what they do here."""
    told = ("check", "--registry", large, "--now", "2026-12-01T00:00:00Z")
    command = [program.PROGRAM, *told, "--executor", f"dask://{cluster.address}"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    cluster.wait_for("Receive client connection", 1)
    time.sleep(1.5)
    assert running.poll() is None, "the check was over before a worker could be lost"
    cluster.workers[0].send_signal(signal.SIGKILL)
    said, failed = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0, failed
    assert "Remove worker" in cluster.says()
    assert said == colophon(*told, "--executor", "serial", "--no-cache").stdout
    built = started(
        "build",
        "--registry",
        large,
        "--site-dir",
        tmp_path / "far",
        "--executor",
        f"dask://{cluster.address}",
    )
    assert built.returncode == 0, built.stderr
    here = started("build", "--registry", large, "--site-dir", tmp_path / "here", "--no-cache")
    assert here.returncode == 0
    assert tree(tmp_path / "far") == tree(tmp_path / "here")


def test_claims_are_looked_up_there_too(cluster: Cluster, tmp_path: Path) -> None:
    """The example of the tests gives the same lines."""
    folder = ROOT / "tests" / "grounding"
    claims, sources = folder / "claims.jsonl", folder / "sources.jsonl"
    told = ("ground", "--claims", claims, "--sources", sources)
    far = started(*told, "--executor", f"dask://{cluster.address}")
    assert far.returncode == 0, far.stderr
    assert far.stdout == started(*told, "--executor", "serial").stdout


def refused(registry: Path, address: str) -> str:
    done = started("check", "--registry", registry, "--executor", f"dask://{address}")
    assert done.returncode in (2, 3)
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_cluster_that_cannot_help_is_refused_in_a_line(scheduler: Cluster, tmp_path: Path) -> None:
    """Without workers, and where nobody answers."""
    registry = ROOT / "tests" / "registry"
    assert "has no workers" in refused(registry, scheduler.address)
    assert "no scheduler of Dask answers at 127.0.0.1:" in refused(registry, f"127.0.0.1:{free_port()}")
    assert "no scheduler of Dask answers at" in refused(registry, "nowhere")


@pytest.mark.parametrize("name", ["", "remote", "local:", "local:0", "local:-1", "serial:2", "dask:/x"])
def test_another_name_is_refused(name: str) -> None:
    """With what there is."""
    done = colophon("check", "--registry", ROOT / "tests" / "registry", "--executor", name)
    assert done.returncode == 2
    assert "is none of serial, local, local:N, dask://HOST:PORT" in done.stderr


def test_processes_are_named_once() -> None:
    """--jobs is short for local:N."""
    done = colophon("check", "--registry", ROOT / "tests" / "registry", "--executor", "serial", "--jobs", "2")
    assert done.returncode == 2
    assert "--jobs and --executor cannot be used together" in done.stderr
