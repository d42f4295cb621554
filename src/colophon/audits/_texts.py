"""The texts of a record with their JSON pointers."""

from collections.abc import Iterator
from typing import Any

from colophon.audits._remembering import of_the_last
from colophon.contracts import Reading
from colophon.scan import escape

# Codes, addresses and what this registry wrote itself are no texts of the report.
_NO_TEXTS = frozenset(
    {
        "contract_version", "id", "display_id", "url", "sha256", "identifier", "supersedes", "truncated",
        "extensions", "ingest", "paper", "submitted", "evaluated_at", "kind", "count", "unit", "flag",
    }
)  # fmt: skip


@of_the_last
def texts(document: Reading) -> Iterator[tuple[str, str]]:
    """Yield (JSON pointer, text) of everything in a document that the report words, in order."""
    found: list[tuple[str, str]] = []
    _add("", document.model_dump(), found)
    return iter(found)


def _add(pointer: str, value: Any, found: list[tuple[str, str]]) -> None:
    """Add everything below a place to what was found, in order."""
    if isinstance(value, str):
        found.append((pointer, value))
    elif isinstance(value, dict):
        for name, below in value.items():
            if below is not None and name not in _NO_TEXTS:
                _add(f"{pointer}/{escape(name)}", below, found)
    elif isinstance(value, tuple | list):
        for position, below in enumerate(value):
            _add(f"{pointer}/{position}", below, found)
