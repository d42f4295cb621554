"""How the services are asked: where they are, who asks, what is kept, and how time passes."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from colophon.errors import UsageError

_DAY = 24 * 60 * 60
_CONTACT = re.compile(r"(?:[!-~]+@[!-~]+\.[!-~]+|https://[!-~]+)")
_KEY = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the services are.  Only these are ever asked; tests give those of a server of their own."""

    arxiv: str = "https://export.arxiv.org/api/query"
    arxiv_records: str = "https://oaipmh.arxiv.org/oai"
    openalex: str = "https://api.openalex.org"
    semantic_scholar: str = "https://api.semanticscholar.org/graph/v1"
    crossref: str = "https://api.crossref.org"


# Seconds between two requests to a service.  arXiv asks for three; the others allow more than this.
PACES = {"arxiv": 3.0, "openalex": 1.0, "semantic-scholar": 1.0, "crossref": 1.0}


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a look-up.  Raises UsageError for a contact or a key that cannot go into a request.

    ``contact`` is a mail or https address where a service can reach who asks; it stands in each request.
    ``cache`` is a folder outside every registry for answers and for the times of the last requests; with
    None, nothing is kept.  An answer serves again for ``keep_for`` seconds.  ``clock`` gives seconds since
    1970; tests replace it and ``sleep``.
    """

    contact: str | None = None
    cache: Path | None = None
    keep_for: float = _DAY
    openalex_key: str | None = field(default=None, repr=False)
    semantic_scholar_key: str | None = field(default=None, repr=False)
    addresses: Addresses = field(default_factory=Addresses)
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        if self.contact is not None and not _CONTACT.fullmatch(self.contact):
            raise UsageError(
                "the contact is no mail address and no https address", "for example you@example.org"
            )
        for key in (self.openalex_key, self.semantic_scholar_key):
            if key is not None and not _KEY.fullmatch(key):
                raise UsageError("a key of a service holds a space or a character that no key has")
        if self.cache is not None and (registry := _registry_around(self.cache)) is not None:
            message = f"{self.cache}: lies in the registry {registry}, where no fetched text may be kept"
            raise UsageError(message, "name a folder outside it")


def _registry_around(folder: Path) -> Path | None:
    place = folder.resolve()
    return next((one for one in (place, *place.parents) if (one / "registry.yaml").is_file()), None)
