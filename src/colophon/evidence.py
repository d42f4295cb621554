"""What is known of a record beyond its own words: held sources, groundings of its claims, judgements."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any, NamedTuple

from colophon.contracts.claim_check import ClaimCheck
from colophon.contracts.claim_grounding import ClaimGrounding
from colophon.contracts.source_holding import Holding, Status

# What is held of a source, the most telling first.
FULL, TABLES, ABSTRACT = "full text", "tables", "abstract"
PRINT_OF_FULL, PRINT_OF_ABSTRACT = "fingerprint of the full text", "fingerprint of the abstract"
METADATA = "metadata"
HELD = (FULL, TABLES, ABSTRACT, PRINT_OF_FULL, PRINT_OF_ABSTRACT, METADATA)
# Characters of a name of a license or a version.
_SHORT = 40


@dataclass(frozen=True, slots=True)
class Held:
    """One holding of a source, with the path of its file and the digest of its bytes."""

    path: str
    sha256: str
    holding: Holding


@dataclass(frozen=True, slots=True)
class StoredGrounding:
    """One grounding of the record's claims as it is stored.

    ``is_remade`` says that today's method made it of texts that are held, so that every check makes it again.
    ``is_current`` says that these are all in which the claims are looked up today, so that it may count.
    """

    path: str
    document: dict[str, Any]
    grounding: ClaimGrounding
    is_remade: bool = False
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class FiledCheck:
    """One claim-check as filed; ``is_confirmed`` says that a maintainer's review confirms the file."""

    path: str
    slug: str
    document: dict[str, Any]
    check: ClaimCheck
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything of one record; ``held`` has the holdings of each of its sources by the source's id."""

    held: tuple[tuple[str, tuple[Held, ...]], ...] = ()
    groundings: tuple[StoredGrounding, ...] = ()
    checks: tuple[FiledCheck, ...] = ()

    def of(self, source: str) -> tuple[Held, ...]:
        """Return what is held of one source of the record."""
        return dict(self.held).get(source, ())

    @property
    def current(self) -> StoredGrounding | None:
        """The grounding that counts, or None."""
        return next((one for one in reversed(self.groundings) if one.is_current), None)

    @property
    def telling(self) -> ClaimGrounding | None:
        """The grounding whose conflicts are open: the one that counts, else the newest that is made again.

        So nobody closes a conflict by holding one more text.
        """
        stored = self.current or next((one for one in reversed(self.groundings) if one.is_remade), None)
        return stored.grounding if stored is not None else None


NOTHING_ELSE = Evidence()


class InHand(NamedTuple):
    """What is held of one source and its newest dated status, as lists show it.

    ``held`` is one of :data:`HELD`, ``day`` the UTC day on which that was filed, ``license`` empty where none
    is known.  ``asked`` is the day of the status; it is empty where nobody asked, and so is all behind it.
    An empty ``latest`` beside a day is a version that no service names.
    """

    held: str
    day: str
    license: str
    asked: str = ""
    publication: str = ""
    retraction: str = ""
    latest: str = ""


def newest_status(held: Iterable[Held]) -> Status | None:
    """Return the newest dated status of one source; of one day that of the file that sorts last."""
    dated = [(one.holding.status.as_of, one.path, one.holding.status) for one in held if one.holding.status]
    return max(dated, key=lambda one: one[:2])[2] if dated else None


def in_hand(held: Sequence[Held]) -> InHand | None:
    """Return what is held of a source, or None where nothing is.

    Its texts are interned: what is held of many sources reads alike.
    """
    kinds = [(kind, one) for one in held for kind in kinds_of(one.holding)]
    if not kinds:
        return None
    best = min(HELD.index(kind) for kind, _ in kinds)
    day, path = max((one.holding.date, one.path) for kind, one in kinds if HELD.index(kind) == best)
    license_ = next(one.holding.license for _, one in kinds if one.path == path)
    found = [HELD[best], day, license_.id[:_SHORT] if license_ is not None else "", *_status(held)]
    return InHand(*map(intern, found))


def kinds_of(holding: Holding) -> Iterator[str]:
    """Yield everything that a holding is, the most telling first; every one is metadata, at least."""
    is_full = holding.holds == "full"
    if holding.text is not None:
        yield FULL if is_full else ABSTRACT
    elif holding.fingerprint is not None:
        yield PRINT_OF_FULL if is_full else PRINT_OF_ABSTRACT
    if holding.tables:
        yield TABLES
    yield METADATA


def _status(held: Iterable[Held]) -> tuple[str, ...]:
    """Return the newest status as :class:`InHand` ends with it; nothing where nobody asked."""
    status = newest_status(held)
    if status is None:
        return ()
    return status.as_of, status.publication, status.retraction, (status.latest_version or "")[:_SHORT]
