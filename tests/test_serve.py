"""``colophon serve``: the site at an address of this machine, in parts too, and after every edit."""

import shutil
import socket
import subprocess
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from urllib.parse import urlsplit

import pytest

from colophon import showing
from colophon.cli import serve
from colophon.errors import EnvironmentFault, RegistryError

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


def test_a_site_in_the_folder_of_its_registry_is_no_change(tmp_path: Path) -> None:
    """A registry may be the top of its folder, with the site in it: an edit is built once, not for ever."""
    registry = tmp_path / "mine"
    assert colophon("init", str(registry)).returncode == 0
    command = [program.PROGRAM, "serve", "--registry", registry, "--port", "0", "--jobs", "1"]
    with subprocess.Popen(
        [*command, "--site-dir", registry / "site"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdout is not None
        said: Queue[str] = Queue()
        Thread(target=lambda: [said.put(line) for line in serving.stdout or ()], daemon=True).start()
        try:
            while not said.get(timeout=60).startswith("serving "):
                pass
            with pytest.raises(Empty):
                # The watch begins behind that line; whoever edits before it is not seen.
                while not said.get(timeout=3).startswith("built "):
                    pass
            (registry / "README.md").write_text("not read by a build")
            settings = registry / "registry.yaml"
            settings.write_text(settings.read_text() + "# edited\n")
            assert said.get(timeout=60).startswith("built ")
            with pytest.raises(Empty):
                said.get(timeout=5)
        finally:
            serving.terminate()


@pytest.mark.parametrize("path", ["manifest.json", None])
def test_a_long_build_waits_until_the_editing_pauses(tmp_path: Path, path: str | None) -> None:
    """An edit of a record is shown at once and built after a pause; any other is built at once."""
    registry = tmp_path / "registry"
    shutil.copytree(ROOT / "tests" / "registry", registry)
    builds = serve._Builds(registry, tmp_path / "site", 1)
    builds.build()
    assert builds._found is not None
    builds._took = 60.0
    before = (tmp_path / "site").stat().st_ino
    record = next(item for item in builds._found.judged if item.derived.tier.value != "WITHHELD")
    file = registry / record.folder / path if path else registry / "registry.yaml"
    builds.follow((file,))
    assert ((tmp_path / "site").stat().st_ino == before) == bool(path)
    builds.follow(())
    assert ((tmp_path / "site").stat().st_ino == before) == bool(path)
    builds._edited -= 60.0
    builds.follow(())
    after = (tmp_path / "site").stat().st_ino
    assert after != before
    builds.follow(())
    assert (tmp_path / "site").stat().st_ino == after


def test_what_cannot_be_shown_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error on the way to a page, or a build that failed before, leaves an edit to the next build."""
    registry = tmp_path / "registry"
    shutil.copytree(ROOT / "tests" / "registry", registry)
    builds = serve._Builds(registry, tmp_path / "site", 1)
    builds.build()
    builds._took = 60.0
    assert builds._found is not None
    file = registry / builds._found.judged[0].folder / "manifest.json"

    def refused(*arguments: object) -> None:
        raise EnvironmentFault("no")

    monkeypatch.setattr(showing, "show", refused)
    before = (tmp_path / "site").stat().st_ino
    builds.follow((file,))
    assert (tmp_path / "site").stat().st_ino != before
    monkeypatch.undo()
    whole = file.read_bytes()
    file.write_bytes(b"{")
    with pytest.raises(RegistryError):
        builds.follow((file,))
    file.write_bytes(whole)
    before = (tmp_path / "site").stat().st_ino
    builds.follow((file,))
    assert (tmp_path / "site").stat().st_ino != before


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
