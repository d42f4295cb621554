"""registry-v1: what a registry says of itself, in the file registry.yaml at its root."""

from colophon.contracts import Reading, contract


class Maintainer(Reading):
    """Who may confirm a correction or a check; named as in reviews."""

    name: str
    contact: str | None = None


@contract("registry-v1")
class Registry(Reading):
    """The registry.  Once ``append_only`` is true it stays true."""

    contract_version: str
    name: str
    description: str
    id_prefix: str
    site_url: str | None
    repository_url: str | None
    forge: str | None = None
    branch: str | None = None
    folder: str | None = None
    maintainers: tuple[Maintainer, ...]
    opened: str
    append_only: bool
