"""What is known of a record beyond its own words: held sources, groundings of its claims, judgements."""

from dataclasses import dataclass
from typing import Any

from colophon.contracts.claim_check import ClaimCheck
from colophon.contracts.claim_grounding import ClaimGrounding
from colophon.contracts.source_holding import Holding


@dataclass(frozen=True, slots=True)
class Held:
    """One holding of a source, with the path of its file and the digest of its bytes."""

    path: str
    sha256: str
    holding: Holding


@dataclass(frozen=True, slots=True)
class StoredGrounding:
    """One grounding of the record's claims as it is stored.

    ``is_current`` says that today's method made it of everything that is held, so that it may count.
    """

    path: str
    document: dict[str, Any]
    grounding: ClaimGrounding
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
    def newest_grounding(self) -> ClaimGrounding | None:
        """The newest grounding that can be made again, even if more is held since."""
        remade = [one for one in self.groundings if one.grounding.reported_by is None]
        return remade[-1].grounding if remade else None


NOTHING_ELSE = Evidence()
