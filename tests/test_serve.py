"""``colophon serve``: the site at an address of this machine, in parts too."""

import socket
import subprocess
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from . import program
from .conftest import ROOT, colophon


def test_what_it_serves_can_be_read_in_parts(tmp_path: Path) -> None:
    """It says its address on one line, and answers there for a range of bytes."""
    command = [program.PROGRAM, "serve", "--registry", ROOT / "tests" / "registry", "--port", "0"]
    with subprocess.Popen(
        [*command, "--site-dir", tmp_path / "site"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdout is not None
        try:
            said = next(line for line in serving.stdout if line.startswith("serving "))
            address = urlsplit(said.split(" at ")[1].split()[0])
            with closing(HTTPConnection(address.hostname or "", address.port, timeout=10)) as connection:
                connection.request("GET", "/index.json", headers={"Range": "bytes=0-9"})
                answer = connection.getresponse()
                body = (tmp_path / "site" / "index.json").read_bytes()
                assert (answer.status, answer.read()) == (206, body[:10])
                assert answer.headers["Content-Range"] == f"bytes 0-9/{len(body)}"
        finally:
            serving.terminate()


@pytest.mark.parametrize("port", ["65536", "-1"])
def test_a_port_that_is_none(port: str) -> None:
    """It is refused before anything is built."""
    done = colophon("serve", "--registry", ROOT / "tests" / "registry", "--port", port)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """One line says so, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = colophon(
            "serve", "--registry", ROOT / "tests" / "registry", "--site-dir", tmp_path / "site",
            "--port", str(taken.getsockname()[1]),
        )  # fmt: skip
    assert done.returncode == 3
    assert "cannot be opened: Address already in use" in done.stderr
    assert "colophon serve --port 0" in done.stderr
