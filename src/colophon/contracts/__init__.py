"""Typed readings of the contracts.  The JSON Schema is the contract; a reading is tested against it.

A reading never writes a stored file.  A document is validated in the version it was written in, then
upgraded here, once, in memory.
"""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict

from colophon.catalog import Catalog

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]


class Reading(BaseModel):
    """Base of every typed reading: frozen, closed, nothing coerced."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


CONTRACTS: Catalog[type[Reading]] = Catalog("colophon.contracts")
_UPGRADES: dict[str, tuple[str, Upgrade]] = {}


def contract(contract_id: str) -> Callable[[type[Reading]], type[Reading]]:
    """Declare the typed reading of one contract."""

    def declare(reading: type[Reading]) -> type[Reading]:
        CONTRACTS.declare(contract_id, reading, reading)
        return reading

    return declare


def upgrade(old: str, new: str) -> Callable[[Upgrade], Upgrade]:
    """Declare the step from one contract version to the next."""

    def declare(step: Upgrade) -> Upgrade:
        if old in _UPGRADES:
            raise RuntimeError(f"{old} has two upgrade steps")
        _UPGRADES[old] = (new, step)
        return step

    return declare


def upgraded(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document in the newest version of its contract; the argument is not changed."""
    CONTRACTS.all()
    while document.get("contract_version") in _UPGRADES:
        new, step = _UPGRADES[document["contract_version"]]
        document = {**step(document), "contract_version": new}
    return document


def read(document: dict[str, Any]) -> Reading:
    """Return the typed reading of a schema-valid document, upgraded to the newest version.

    JSON arrays become tuples.  Raises ``pydantic.ValidationError`` when the schema was not checked
    before and the document does not fit.
    """
    newest = upgraded(document)
    return CONTRACTS.all()[newest["contract_version"]].model_validate(newest, strict=False)
