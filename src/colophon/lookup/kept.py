"""Answers and times of requests, kept in a folder of the user's.  Losing them costs requests, never data."""

import contextlib
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from colophon import atomic
from colophon.errors import EnvironmentFault

_LARGEST = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered, and when in seconds since 1970."""

    status: int
    body: bytes
    time: float


class Kept:
    """A folder of answers, one file each, named by the digest of the address; None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def answer(self, url: str, since: float, until: float) -> Answer | None:
        """Return the kept answer to an address, unless it is from another time; a damaged file is none."""
        data = self._read(_name(url))
        status, body, time = data.get("status"), data.get("body"), data.get("time")
        if data.get("url") != url or type(status) is not int or not isinstance(body, str):
            return None
        if not isinstance(time, float) or not since <= time <= until:
            return None
        return Answer(status, body.encode(), time)

    def keep(self, url: str, answer: Answer) -> None:
        """Keep an answer."""
        body = answer.body.decode("utf-8", "replace")
        self._write(
            _name(url), {"url": url, "time": float(answer.time), "status": answer.status, "body": body}
        )

    def last_request(self, service: str) -> float:
        """Return when a service was last asked, by any process; long ago when that is not known."""
        time = self._read(f"asked-{service}.json").get("time")
        return time if isinstance(time, float) else -math.inf

    def note_request(self, service: str, time: float) -> None:
        """Note that a service is asked now."""
        self._write(f"asked-{service}.json", {"time": float(time)})

    def _read(self, name: str) -> dict[str, Any]:
        if self._folder is None:
            return {}
        file = self._folder / name
        try:
            data = orjson.loads(file.read_bytes()) if file.stat().st_size <= _LARGEST else None
        except (OSError, orjson.JSONDecodeError):
            return {}
        return data if isinstance(data, dict) else {}

    def _write(self, name: str, data: dict[str, Any]) -> None:
        """Write a file whole; a full or read-only disk loses it silently, because a cache may."""
        if self._folder is not None:
            with contextlib.suppress(EnvironmentFault):
                atomic.write(self._folder / name, orjson.dumps(data))


def _name(url: str) -> str:
    return f"{hashlib.sha256(url.encode()).hexdigest()}.json"
