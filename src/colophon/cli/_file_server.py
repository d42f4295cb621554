"""The site over HTTP on this machine: whole files and parts of them, to whoever may ask for them here.

A query of a Parquet file and the search read parts of large files, so a preview has to answer for parts as
any host of static files does.
"""

import os
import shutil
import sys
from contextlib import ExitStack
from email.utils import formatdate
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO

from colophon.cli import _ranges

_PIECE = 1 << 16


class Files(SimpleHTTPRequestHandler):
    """Serves files, whole or one range of bytes, and logs nothing."""

    # A reader of ranges asks many times; each would begin a connection otherwise.
    protocol_version = "HTTP/1.1"
    timeout = 30
    # What the machine's own table of types lacks or says otherwise must not change what a browser does.
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".atom": "application/atom+xml",
        ".js": "text/javascript",
        ".json": "application/json",
        ".jsonl": "application/jsonl",
        ".parquet": "application/vnd.apache.parquet",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
    }
    _span: _ranges.Span | None = None

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the base class's
        """Say nothing."""

    def end_headers(self) -> None:
        """End the headers; what was built again a second ago is asked for again."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def send_head(self) -> Any:
        """Answer with status and headers; return the open file, or None when nothing follows."""
        path = self.translate_path(self.path)
        self._span = None
        if path.endswith("/") and Path(path, "index.html").is_file():
            path = f"{path}index.html"
        # Folders, and what is not there, are answered as the base class does.
        if path.endswith("/") or not Path(path).is_file():
            return super().send_head()
        with ExitStack() as stack:
            try:
                file = stack.enter_context(Path(path).open("rb"))
            except OSError:
                self.send_error(HTTPStatus.NOT_FOUND, "File not found")
                return None
            if self._answer(file, self.guess_type(path)):
                stack.pop_all()
                return file
        return None

    def _answer(self, file: BinaryIO, media_type: str) -> bool:
        """Send status and headers for an open file; return whether bytes of it follow."""
        held = os.fstat(file.fileno())
        own = _ranges.tag(held.st_ino, held.st_size, held.st_mtime_ns)
        dated = self.date_time_string(int(held.st_mtime))
        part, early = None, self._precondition(own, dated)
        try:
            part = None if early else self._asked(own, dated, held.st_size)
        except _ranges.OutsideError:
            early = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        self._span = part or _ranges.Span(0, held.st_size - 1)
        headers = {"Accept-Ranges": "bytes", "ETag": own, "Last-Modified": dated}
        if early == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            headers["Content-Range"] = f"bytes */{held.st_size}"
        if part is not None:
            headers["Content-Range"] = f"bytes {part.first}-{part.last}/{held.st_size}"
        if not early:
            headers["Content-Type"] = media_type
        if early != HTTPStatus.NOT_MODIFIED:
            headers["Content-Length"] = "0" if early else str(len(self._span))
        self.send_response(early or (HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        return not early

    def _precondition(self, own: str, dated: str) -> HTTPStatus | None:
        """Return the status that the request's conditions lead to, None when the file is to be sent."""
        match, none_match = self.headers.get("If-Match"), self.headers.get("If-None-Match")
        if match is not None and not _ranges.names(match, own, strongly=True):
            return HTTPStatus.PRECONDITION_FAILED
        if none_match is not None:
            return HTTPStatus.NOT_MODIFIED if _ranges.names(none_match, own, strongly=False) else None
        # Only the date that this server gave is compared: another may be of a later file with an older date.
        return HTTPStatus.NOT_MODIFIED if self.headers.get("If-Modified-Since") == dated else None

    def _asked(self, own: str, dated: str, size: int) -> _ranges.Span | None:
        """Return the part that is asked for; a part has a meaning for GET alone."""
        now = formatdate(usegmt=True)
        is_same = _ranges.still_the_same(self.headers.get("If-Range"), own, dated, now)
        return _ranges.asked(self.headers.get("Range"), size) if self.command == "GET" and is_same else None

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send what was promised."""
        if self._span is None:
            shutil.copyfileobj(source, outputfile)
        elif not _copy(source, outputfile, self._span):
            # The reader would wait for the rest.
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    """A server for which a reader who goes away is no error."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show what went wrong, unless the other side ended the connection."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def _copy(source: BinaryIO, target: Any, span: _ranges.Span) -> bool:
    """Copy a part of a file, never more; return whether the file still had all of it."""
    source.seek(span.first)
    left = len(span)
    while left and (piece := source.read(min(left, _PIECE))):
        target.write(piece)
        left -= len(piece)
    return left == 0


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of a folder's files on this machine's loopback; port 0 is any that is free.

    Raises OSError when the port cannot be opened.
    """

    class Here(Files):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, directory=str(folder), **named)

    return _Server(("127.0.0.1", port), Here)
