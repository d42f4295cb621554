"""One look-up's questions: each is asked, read, and written down with what came of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self, TypeVar

from colophon.lookup.client import Client, NoAnswer
from colophon.lookup.found import Asked, Outcome
from colophon.lookup.kept import Answer
from colophon.lookup.reading import NotThere, Unusable
from colophon.lookup.settings import Settings

Read = TypeVar("Read")


class Inquiry:
    """Asks services for one paper and keeps the list of what was asked."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.asked: list[Asked] = []
        self._client = Client(settings)

    def __enter__(self) -> Self:
        self._client.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._client.__exit__(*error)

    def ask(
        self,
        service: str,
        url: str,
        read: Callable[[bytes], Read],
        *,
        key: dict[str, str] | None = None,
        secret: str = "",
    ) -> Read | None:
        """Return what ``read`` makes of the answer, or None; an answer that it refuses is not kept."""
        try:
            answer = self._client.get(service, url, key, secret)
        except NoAnswer as failure:
            self._note(service, url, failure.outcome, self.settings.clock(), failure.reason)
            return None
        try:
            value = read(_present(answer))
        except NotThere:
            self._note(service, url, Outcome.NOT_FOUND, answer.time)
            value = None
        except Unusable as unusable:
            self._note(service, url, Outcome.UNUSABLE, answer.time, str(unusable))
            return None
        else:
            self._note(service, url, Outcome.ANSWERED, answer.time)
        self._client.keep(url, answer)
        return value

    def outcomes(self, service: str) -> tuple[Asked, ...]:
        """Return what came of the questions to one service."""
        return tuple(one for one in self.asked if one.service == service)

    def _note(self, service: str, url: str, outcome: Outcome, time: float, reason: str | None = None) -> None:
        day = datetime.fromtimestamp(time, UTC).date().isoformat()
        self.asked.append(Asked(service, url, outcome, day, reason))


def _present(answer: Answer) -> bytes:
    if answer.status == 404:
        raise NotThere
    return answer.body
