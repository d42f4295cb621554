"""A server on this machine that answers for the four services, and time that only passes when told."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest

from colophon.lookup.settings import Addresses, Settings

RECORDED = Path(__file__).resolve().parent.parent / "recorded"
NOW = 1_795_680_000.0  # 2026-11-26
SERVICES = ("arxiv", "oai", "openalex", "semantic-scholar", "crossref")


def recorded(name: str) -> bytes:
    """Return a recorded answer."""
    return (RECORDED / name).read_bytes()


@dataclass
class Reply:
    """One answer of the server; ``before`` is called first, and ``raw`` writes the answer by itself."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    before: Callable[[], None] = lambda: None
    raw: Callable[[BaseHTTPRequestHandler], None] | None = None


NOT_FOUND = {
    "arxiv": Reply(recorded("arxiv/none.xml")),
    "oai": Reply(recorded("arxiv/record-none.xml")),
    "openalex": Reply(recorded("openalex/none.json"), 404),
    "semantic-scholar": Reply(recorded("semantic-scholar/none.json"), 404),
    "crossref": Reply(recorded("crossref/none.txt"), 404),
}


@dataclass
class Services:
    """The server.  ``replies`` are given in order, the last again and again; ``asked`` is what came in."""

    port: int = 0
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def answer(self, service: str, *replies: Reply | bytes | str) -> None:
        """Set what a service answers: replies, bodies, or names of recorded answers."""
        self.replies[service] = [
            one if isinstance(one, Reply) else Reply(recorded(one) if isinstance(one, str) else one)
            for one in replies
        ]

    def paths(self, service: str) -> list[str]:
        """Return what a service was asked, in order."""
        return [path for name, path, _ in self.asked if name == service]

    @property
    def addresses(self) -> Addresses:
        """Where the services are."""
        return Addresses(*(f"http://127.0.0.1:{self.port}/{name}" for name in SERVICES))


class Time:
    """A clock that stands, and notes how long it was made to sleep."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def clock(self) -> float:
        """Return the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def services() -> Iterator[Services]:
    """A server where no service knows anything yet."""
    state = Services()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            service = self.path.split("/")[1].partition("?")[0]
            state.asked.append((service, unquote(self.path), dict(self.headers)))
            queue = state.replies.get(service) or [NOT_FOUND[service]]
            reply = queue.pop(0) if len(queue) > 1 else queue[0]
            reply.before()
            if reply.raw is not None:
                self.close_connection = True
                reply.raw(self)
                return
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            with contextlib.suppress(OSError):  # the client may have heard enough
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def passing() -> Time:
    """The time of a test."""
    return Time()


@pytest.fixture
def settings(services: Services, passing: Time) -> Settings:
    """Settings for the server, without a cache."""
    return Settings(
        contact="reader@example.org",
        addresses=services.addresses,
        read_timeout=5.0,
        clock=passing.clock,
        sleep=passing.sleep,
    )


def slow(seconds: float) -> Callable[[], None]:
    """Return what makes a reply wait."""
    return lambda: time.sleep(seconds)
