"""The program, started over and over from one process that has read its modules.

To read them takes a second each time, which is most of what a test of a command takes.  Every run is a
process of its own, forked before anything was done, with arguments, folder, environment and output like any
other.  What all runs of one test process have in common is the seed of Python's hashes: whoever compares runs
with one another starts the program itself.
"""

import importlib
import json
import os
import pkgutil
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("colophon")
_PATIENCE = 120.0
_LONGEST = 1_000_000


def run(
    arguments: Sequence[str | Path],
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    memory: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the program with nothing to read and return what it printed.

    ``env`` is added to the environment; ``memory`` is the most bytes of addresses it may take.  Raises
    TimeoutExpired when it does not end within two minutes.
    """
    words = [str(one) for one in arguments]
    asked = {
        "words": words,
        "cwd": str(cwd or Path.cwd()),
        "env": {**os.environ, **(env or {})},
        "memory": memory,
    }
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        Path(os.devnull).open("rb") as nothing,
    ):
        code = _starter().run(json.dumps(asked).encode(), [file.fileno() for file in (nothing, out, err)])
        out.seek(0)
        err.seek(0)
        printed, told = out.read().decode(), err.read().decode()
    return subprocess.CompletedProcess([str(PROGRAM), *words], code, printed, told)


class _Starter:
    """The process that starts the others; it ends with the one that asks it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, __file__, str(theirs.fileno())]
        subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        ours.settimeout(_PATIENCE)
        self._socket = ours

    def run(self, asked: bytes, files: list[int]) -> int:
        """Start one process with these files as its input and output, and return its exit code."""
        socket.send_fds(self._socket, [asked], files)
        process = self._answer()
        try:
            return self._answer()
        except TimeoutError:
            os.kill(process, signal.SIGKILL)
            self._answer()
            raise subprocess.TimeoutExpired(str(PROGRAM), _PATIENCE) from None

    def _answer(self) -> int:
        answer = self._socket.recv(_LONGEST)
        assert answer, "the process that starts the program has ended; what it said stands above"
        return int(answer)


@cache
def _starter() -> _Starter:
    return _Starter()


def _serve(asking: socket.socket) -> dict[str, Any] | None:
    """Fork a process for each request; return the request in the new process, None at the end."""
    while True:
        asked, files, *_ = socket.recv_fds(asking, _LONGEST, 3)
        if not asked:
            return None
        process = os.fork()
        if process == 0:
            asking.close()
            for place, file in enumerate(files):
                os.dup2(file, place)
                os.close(file)
            loaded: dict[str, Any] = json.loads(asked)
            return loaded
        for file in files:
            os.close(file)
        asking.send(str(process).encode())
        asking.send(str(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])).encode())


def _main(number: int) -> None:
    cli = importlib.import_module("colophon.cli")
    for module in pkgutil.iter_modules(cli.__path__):
        importlib.import_module(f"colophon.cli.{module.name}")
    importlib.import_module("colophon.pipeline").rules()
    asked = _serve(socket.socket(fileno=number))
    if asked is not None:
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["env"])
        if asked["memory"] is not None:
            resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
        sys.argv = [str(PROGRAM), *asked["words"]]
        cli.main()


if __name__ == "__main__":
    _main(int(sys.argv[1]))
