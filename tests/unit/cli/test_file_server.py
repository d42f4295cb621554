"""The files of a site over HTTP: whole, in parts, and not again when they are the same."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from colophon.cli import _file_server

BODY = bytes(range(256)) * 1024
OLD = 1_767_225_600


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a large file, an empty one and a page."""
    made = tmp_path_factory.mktemp("site")
    (made / "data").mkdir()
    for path, body in {"data/a.parquet": BODY, "empty.bin": b"", "index.html": b"<p>home"}.items():
        (made / path).write_bytes(body)
        os.utime(made / path, (OLD, OLD))
    return made


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    """The port of a server of that site."""
    server = _file_server.server(folder, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def ask(
    port: int, path: str = "/data/a.parquet", method: str = "GET", **headers: str
) -> tuple[HTTPResponse, bytes]:
    """Ask for a file; underscores of a header's name are hyphens."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        return answer, answer.read()


def test_a_whole_file_says_that_parts_may_be_asked_for(port: int) -> None:
    """Without a range everything comes, with its type, its length, its tag and its date."""
    answer, body = ask(port)
    assert (answer.status, body) == (200, BODY)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Length"] == str(len(BODY))
    assert answer.headers["Content-Type"] == "application/vnd.apache.parquet"
    assert answer.headers["Last-Modified"] == "Thu, 01 Jan 2026 00:00:00 GMT"
    assert answer.headers["Content-Range"] is None
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-3", 0, 3), ("bytes=262140-", 262_140, 262_143), ("bytes=-8", 262_136, 262_143),
     ("bytes=100000-200000", 100_000, 200_000), ("bytes=1-9999999", 1, 262_143)],
)  # fmt: skip
def test_a_part(port: int, asked: str, first: int, last: int) -> None:
    """A range is answered with exactly its bytes, and with where they lie."""
    answer, body = ask(port, Range=asked)
    assert (answer.status, body) == (206, BODY[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(BODY)}"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert answer.headers["ETag"] == ask(port)[0].headers["ETag"]


@pytest.mark.parametrize(("path", "size"), [("/data/a.parquet", len(BODY)), ("/empty.bin", 0)])
def test_a_part_that_is_not_there(port: int, path: str, size: int) -> None:
    """A range behind the end is refused, with the size that there is."""
    answer, body = ask(port, path, Range=f"bytes={size}-")
    assert (answer.status, body) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{size}"
    assert answer.headers["Content-Length"] == "0"


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "bytes=9-2", "lines=1-2", "nonsense"])
def test_what_is_no_range_gives_the_whole(port: int, asked: str) -> None:
    """A header that is not understood is passed over."""
    answer, body = ask(port, Range=asked)
    assert (answer.status, len(body)) == (200, len(BODY))


def test_if_range(port: int) -> None:
    """A part comes only of the file that the reader knows, else the whole of the other one."""
    own = ask(port)[0].headers
    for known, status in [
        (own["ETag"], 206),
        (own["Last-Modified"], 206),
        ('"another"', 200),
        (f"W/{own['ETag']}", 200),
        ("Fri, 02 Jan 2026 00:00:00 GMT", 200),
    ]:
        answer, body = ask(port, Range="bytes=0-9", If_Range=known)
        assert (answer.status, len(body)) == (status, 10 if status == 206 else len(BODY)), known
    # A range that is not there counts only for the file that the reader knows.
    assert ask(port, Range="bytes=999999-", If_Range='"another"')[0].status == 200


def test_conditions(port: int) -> None:
    """Who has the file gets no byte of it again; who means another one gets none of this."""
    own = ask(port)[0].headers
    for header, value, status in [
        ("If_None_Match", own["ETag"], 304),
        ("If_None_Match", f'"x", W/{own["ETag"]}', 304),
        ("If_None_Match", '"x"', 200),
        ("If_Modified_Since", own["Last-Modified"], 304),
        ("If_Modified_Since", "Wed, 31 Dec 2025 00:00:00 GMT", 200),
        ("If_Match", own["ETag"], 200),
        ("If_Match", '"x"', 412),
    ]:
        answer, body = ask(port, **{header: value})
        assert (answer.status, len(body)) == (status, len(BODY) if status == 200 else 0), (header, value)
    both = {"If_None_Match": '"x"', "If_Modified_Since": own["Last-Modified"]}
    assert ask(port, **both)[0].status == 200


def test_another_writing_has_another_tag(port: int, folder: Path) -> None:
    """A file that was built again is another, though its size and its second are the same."""
    file = folder / "again.txt"
    file.write_bytes(b"one")
    os.utime(file, ns=(OLD * 10**9, OLD * 10**9))
    before = ask(port, "/again.txt")[0].headers
    file.write_bytes(b"two")
    os.utime(file, ns=(OLD * 10**9, OLD * 10**9 + 1))
    after = ask(port, "/again.txt")[0].headers
    assert before["Last-Modified"] == after["Last-Modified"]
    assert before["ETag"] != after["ETag"]


def test_head_gives_the_whole_length(port: int) -> None:
    """A range has a meaning for GET alone."""
    answer, body = ask(port, method="HEAD", Range="bytes=0-3")
    assert (answer.status, body) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(BODY))


def test_folders_and_missing_files(port: int) -> None:
    """A folder is its index page, in parts too; what is missing is said to be missing."""
    assert ask(port, "/")[1] == b"<p>home"
    assert ask(port, "/", Range="bytes=3-")[1] == b"home"
    assert ask(port, "/data")[0].status == 301
    for path in ("/none.html", "/index.html/", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd"):
        assert ask(port, path)[0].status == 404, path


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(port: int, folder: Path) -> None:
    """It is as missing."""
    file = folder / "closed.txt"
    file.touch(0)
    assert ask(port, "/closed.txt")[0].status == 404


def test_one_connection_takes_many_requests(port: int) -> None:
    """Parts, refusals and answers without a body leave the connection in order."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        own = None
        for headers, status in [
            ({"Range": "bytes=0-9"}, 206),
            ({"Range": "bytes=999999-"}, 416),
            ({"If-None-Match": "*"}, 304),
            ({"If-Match": '"x"'}, 412),
            ({}, 200),
        ]:
            connection.request("GET", "/data/a.parquet", headers=headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status
            own = own or connection.sock
            assert connection.sock is own


def test_a_reader_who_goes_away(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    """It is no error, and the next reader is served."""
    with socket.create_connection(("127.0.0.1", port)) as gone:
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        gone.sendall(b"GET /data/a.parquet HTTP/1.1\r\nHost: x\r\n\r\n")
    assert ask(port)[0].status == 200
    assert "Traceback" not in capfd.readouterr().err


def test_a_file_that_shrinks_ends_the_connection(tmp_path: Path) -> None:
    """Whoever was promised more is not left waiting."""
    file = tmp_path / "a"
    file.write_bytes(b"0123")
    sent = tmp_path / "sent"
    with file.open("rb") as source, sent.open("wb") as target:
        assert not _file_server._copy(source, target, _file_server._ranges.Span(2, 9))
    assert sent.read_bytes() == b"23"
