"""How long an edit takes to be seen in a site that is served while people work on its registry."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

# Of a build at the start, of an edit, and between edits: longer than one takes, shorter than the pause that
# a build waits for.
_START, _PATIENCE, _BETWEEN = 7200.0, 600.0, 0.5
# The watch begins behind the line with the address, in a large registry by seconds.
_SETTLE = 5.0
_TITLE = '"title": "'


def edits(
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str],
    records: Sequence[tuple[Path, Path]],
) -> list[float]:
    """Serve, edit the titles of records in turn, and return the seconds until each is on its page.

    ``records`` are manifests with their pages; the file on the disk is what a server answers with.
    Raises RuntimeError when an edit is not seen.
    """
    with _serving(command, folder, environment) as process:
        return [_seen(process, number, *one) for number, one in enumerate(records, 1)]


def _seen(process: "subprocess.Popen[bytes]", number: int, manifest: Path, page: Path) -> float:
    time.sleep(_BETWEEN)
    word = f"Edited{number:03d}at{time.time_ns()}"
    text = manifest.read_text(encoding="utf-8").replace(_TITLE, f"{_TITLE}{word} ", 1)
    began = time.monotonic()
    manifest.write_text(text, encoding="utf-8")
    while word not in page.read_text(encoding="utf-8"):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before edit {number} was seen")
        if time.monotonic() - began > _PATIENCE:
            raise RuntimeError(f"an edit was not seen within {_PATIENCE:.0f} s")
        time.sleep(0.005)
    return round(time.monotonic() - began, 4)


@contextmanager
def _serving(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    with (folder / "serve.txt").open("w+b") as output:
        process = subprocess.Popen(  # noqa: S603  the command is that of this experiment
            [str(word) for word in command], cwd=folder, env={**environment, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _wait(process, folder / "serve.txt")
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", said: Path) -> None:
    began = time.monotonic()
    while b"serving " not in said.read_bytes():
        if process.poll() is not None or time.monotonic() - began > _START:
            raise RuntimeError(f"nothing is served:\n{said.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)
    time.sleep(_SETTLE)
