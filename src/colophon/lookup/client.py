"""Asking one address over HTTP: politely, with patience, and never more than was meant.

urllib3 carries it, which does not look for proxies or cookies on its own.  Its own retries are off: they
would go around the pace that each service asks for, and they sleep by a clock that tests cannot turn.
"""

import math
from importlib.metadata import version
from typing import Self
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    InvalidHeader,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import Retry, Timeout

from colophon.lookup.found import Outcome
from colophon.lookup.kept import Answer, Kept
from colophon.lookup.settings import PACES, Settings

LARGEST_ANSWER = 8 * 1024 * 1024
_LONGEST_ANSWER = 60.0
_TRIES = 3
_MOST_REDIRECTS = 3
_FIRST_PAUSE = 2.0
# A service that asks for more patience than this is left alone.
_LONGEST_PAUSE = 60.0
_AGAIN = frozenset({429, 500, 502, 503, 504})
_ELSEWHERE = frozenset({301, 302, 303, 307, 308})
_CHUNK = 64 * 1024


class NoAnswer(Exception):
    """A question that got no answer, or none that could be read; the text is the reason."""

    def __init__(self, outcome: Outcome, reason: str, *, pause: float | None = None) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.pause = pause


class Client:
    """Asks addresses.  Answers that proved usable are kept by ``keep``; a kept one makes no request."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept = Kept(settings.cache)
        self._last: dict[str, float] = {}
        who = f"colophon-registry/{version('colophon-registry')}"
        if settings.contact is not None:
            mail = "" if settings.contact.startswith("https://") else "mailto:"
            who = f"{who} ({mail}{settings.contact})"
        timeout = Timeout(connect=settings.connect_timeout, read=settings.read_timeout)
        self._pool = urllib3.PoolManager(
            headers={"User-Agent": who}, timeout=timeout, retries=False, cert_reqs="CERT_REQUIRED"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.clear()

    def get(self, service: str, url: str, key: dict[str, str] | None = None, secret: str = "") -> Answer:
        """Return the answer of a service with status 200 or 404.  Raises NoAnswer for everything else.

        ``key`` are headers, and ``secret`` is the end of the address that goes along but is never kept.
        """
        now = self._settings.clock()
        kept = self._kept.answer(url, now - self._settings.keep_for, now)
        if kept is not None:
            return kept
        for attempt in range(1, _TRIES + 1):
            try:
                return self._followed(service, url + secret, key or {})
            except NoAnswer as failure:
                if failure.pause is None or attempt == _TRIES:
                    raise
                self._settings.sleep(max(failure.pause, _FIRST_PAUSE * 2 ** (attempt - 1)))
        raise AssertionError

    def keep(self, url: str, answer: Answer) -> None:
        """Keep an answer that was found usable."""
        self._kept.keep(url, answer)

    def _followed(self, service: str, url: str, headers: dict[str, str]) -> Answer:
        """Ask an address and follow redirects, which must not leave its host."""
        at = url
        for _ in range(1 + _MOST_REDIRECTS):
            answer = self._once(service, at, headers)
            if isinstance(answer, Answer):
                return answer
            at = _beside(at, answer)
        raise NoAnswer(Outcome.REFUSED, f"the service redirects more than {_MOST_REDIRECTS} times")

    def _once(self, service: str, url: str, headers: dict[str, str]) -> Answer | str:
        """Make one request and return the answer, or the address that the service names instead."""
        self._wait_for_turn(service)
        try:
            response = self._pool.request(
                "GET", url, headers={**self._pool.headers, **headers}, redirect=False, preload_content=False
            )
            try:
                return self._answer(response)
            finally:
                # What was not read to its end cannot carry another question.
                response.close()
        except HTTPError as error:
            raise _unreachable(error) from None

    def _answer(self, response: urllib3.BaseHTTPResponse) -> Answer | str:
        status = response.status
        if status in _ELSEWHERE:
            return response.headers.get("Location", "")
        if status in {200, 404}:
            # What stands on a page about nothing is for people.
            body = self._body(response) if status == 200 else b""
            return Answer(status, body, self._settings.clock())
        if status not in _AGAIN:
            raise NoAnswer(Outcome.REFUSED if 400 <= status < 500 else Outcome.FAILED, f"HTTP {status}")
        outcome = Outcome.REFUSED if status == 429 else Outcome.FAILED
        pause = _asked_pause(response)
        if pause > _LONGEST_PAUSE:
            raise NoAnswer(outcome, f"HTTP {status}, and asks to wait {pause:.0f} seconds")
        raise NoAnswer(outcome, f"HTTP {status}", pause=pause)

    def _body(self, response: urllib3.BaseHTTPResponse) -> bytes:
        """Read an answer piece by piece, so that neither a huge nor an endless one is waited for."""
        end = self._settings.clock() + _LONGEST_ANSWER
        body = bytearray()
        while piece := response.read1(_CHUNK, decode_content=True):
            body += piece
            if len(body) > LARGEST_ANSWER:
                raise NoAnswer(Outcome.UNUSABLE, f"the answer has more than {LARGEST_ANSWER} bytes")
            if self._settings.clock() > end:
                raise NoAnswer(
                    Outcome.UNREACHABLE, f"the answer took more than {_LONGEST_ANSWER:.0f} seconds"
                )
        return bytes(body)

    def _wait_for_turn(self, service: str) -> None:
        """Wait until the service may be asked again, whichever process asked it last."""
        now = self._settings.clock()
        last = max(self._last.get(service, -math.inf), self._kept.last_request(service))
        wait = last + PACES[service] - now
        # A time that lies ahead is a clock that was set back, and no reason to wait for hours.
        if 0 < wait <= PACES[service]:
            self._settings.sleep(wait)
        self._last[service] = self._settings.clock()
        self._kept.note_request(service, self._last[service])


def _beside(url: str, location: str) -> str:
    """Return the address that a service names instead of ``url``, which must be on the same host."""
    try:
        at = urljoin(url, location)
        same = urlsplit(at)[:2] == urlsplit(url)[:2]
    except ValueError:
        raise NoAnswer(Outcome.REFUSED, "the service sends to an address that is none") from None
    if not same:
        raise NoAnswer(Outcome.REFUSED, "the service sends to another host")
    return at


def _asked_pause(response: urllib3.BaseHTTPResponse) -> float:
    """Return the seconds that Retry-After asks for, in either of its forms; 0 when it does not."""
    try:
        return Retry(retry_after_max=10**9).get_retry_after(response) or 0.0
    except (InvalidHeader, ValueError, OverflowError):
        return 0.0


def _unreachable(error: HTTPError) -> NoAnswer:
    """Say what went wrong below HTTP, in our words: the library's may hold the whole address."""
    if isinstance(error, NameResolutionError):
        return NoAnswer(Outcome.UNREACHABLE, "the name of the host cannot be resolved")
    if isinstance(error, NewConnectionError):
        return NoAnswer(Outcome.UNREACHABLE, "no connection can be made")
    if isinstance(error, ConnectTimeoutError):
        return NoAnswer(Outcome.UNREACHABLE, "no connection in time")
    if isinstance(error, ReadTimeoutError):
        return NoAnswer(Outcome.UNREACHABLE, "no answer in time", pause=0.0)
    if isinstance(error, SSLError):
        return NoAnswer(Outcome.UNREACHABLE, "the connection cannot be trusted")
    return NoAnswer(Outcome.FAILED, "the answer broke off", pause=0.0)
