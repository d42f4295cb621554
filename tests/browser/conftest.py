"""A browser, and the site of the real registry over http and from disk."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from colophon.cli import _file_server

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
_MISSING = "no chromium was found; these tests need the browser: apt-get install chromium"


@dataclass
class Visit:
    """What went wrong while a page was open, and which addresses it asked for."""

    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to everything that a page reports."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"exception: {error}"))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(f"console {message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        # Leaving a page cancels what it still loads; a missing or refused file is reported otherwise.
        if request.failure == "net::ERR_ABORTED":
            return
        self.errors.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.errors.append(f"status {response.status}: {response.url}")


Open = Callable[..., AbstractContextManager[Page]]


@contextmanager
def on_this_machine(site: Path) -> Iterator[str]:
    """Serve a site as ``colophon serve`` does and give its address, with a slash at the end."""
    server = _file_server.server(site, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The address of the site on this machine, with a slash at the end."""
    with on_this_machine(site) as address:
        yield address


@pytest.fixture(scope="session")
def from_disk(site: Path) -> str:
    """The address of the site on disk, with a slash at the end."""
    return f"{site.resolve().as_uri()}/"


@pytest.fixture(scope="session", params=["http", "file"])
def base(request: pytest.FixtureRequest, served: str, from_disk: str) -> str:
    """The address of the site, once over http and once on disk."""
    return served if request.param == "http" else from_disk


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail(_MISSING)
    with sync_playwright() as playwright:
        # The sandbox needs rights that a container's root does not have; only our own pages are opened.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def opened(browser: Browser) -> Open:
    """Give pages of their own context: ``with opened(viewport=PHONE) as page``."""

    @contextmanager
    def opened(**options: Any) -> Iterator[Page]:
        context = browser.new_context(**{"viewport": DESK, **options})
        context.set_default_timeout(10_000)
        try:
            yield context.new_page()
        finally:
            context.close()

    return opened
