"""registry-index-v1: where a program starts to read the site."""

from colophon.contracts import Reading, contract


class IndexPart(Reading):
    """One file to load.  ``records`` is the number of papers in it, None when it lists none."""

    path: str
    media_type: str
    records: int | None
    bytes: int
    sha256: str


@contract("registry-index-v1")
class RegistryIndex(Reading):
    """What the site holds.  ``records`` leaves withheld papers out."""

    contract_version: str
    name: str
    site_url: str | None
    generator: str
    records: int
    withheld: int
    tiers: dict[str, int]
    parts: tuple[IndexPart, ...]
