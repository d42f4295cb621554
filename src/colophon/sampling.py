"""Which claims a random check looks at: an order that the record and the day fix, so that nobody chooses."""

import hashlib
from collections.abc import Iterable

LEAST = 10


def drawn_order(manifest_sha256: str, day: str, claims: Iterable[str]) -> list[str]:
    """Return claim ids in the order in which a check of that day draws them.

    They are sorted by the SHA-256 of the digest of the manifest, the day and the id.
    """
    return sorted(
        claims, key=lambda claim: hashlib.sha256(f"{manifest_sha256} {day} {claim}".encode()).digest()
    )
