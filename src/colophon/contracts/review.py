"""review-v1: a maintainer confirms one file, by its digest, and says what was looked at."""

from colophon.contracts import Reading, contract


@contract("review-v1")
class Review(Reading):
    """One confirmation.

    ``file`` is a path inside the registry's folder, ``sha256`` the digest of its bytes, ``reviewer`` a
    maintainer's name, ``date`` a UTC day or time ending in ``Z``.
    """

    contract_version: str
    paper: str
    file: str
    sha256: str
    reviewer: str
    date: str
    looked_at: str
