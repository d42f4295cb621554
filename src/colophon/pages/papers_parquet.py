"""All papers as one table for queries over HTTP: listed and withheld ones, newest first."""

from collections.abc import Iterator
from typing import Any, Final

from colophon import parquet
from colophon.judgement import Judged
from colophon.model import Artifact
from colophon.pages import Output, _lists, registry_page
from colophon.pages.data import summary
from colophon.views import RegistryView, last_change

PATH: Final = "data/papers.parquet"
COLUMNS: Final = {
    "id": "VARCHAR",
    "display_id": "VARCHAR",
    "title": "VARCHAR",
    "publisher": "VARCHAR",
    "submitted": "DATE",
    "year": "INTEGER",
    "kind": "VARCHAR",
    "tier": "VARCHAR",
    "listed": "BOOLEAN",
    "stated_tier": "VARCHAR",
    "level": "VARCHAR",
    "correction_state": "VARCHAR",
    "corrections": "INTEGER",
    "changed": "TIMESTAMP",
    "claims": "INTEGER",
    "sources": "INTEGER",
    "stated_extracted": "INTEGER",
    "stated_verified": "INTEGER",
    "stated_score": "VARCHAR",
    "stated_score_value": "DOUBLE",
    "findings": "VARCHAR[]",
    "doi": "VARCHAR",
    "html": "VARCHAR",
    "json": "VARCHAR",
}


@registry_page("papers_parquet")
def papers_parquet(view: RegistryView) -> Iterator[Output]:
    """Yield the table.  Raises EnvironmentFault when it cannot be written."""
    rows = (row(item, is_slim=view.is_slim) for item in _lists.newest_first(view.everything))
    yield Artifact(PATH, parquet.MEDIA_TYPE, parquet.table(PATH, COLUMNS, rows))


def row(item: Judged, *, is_slim: bool = False) -> dict[str, Any]:
    """Return the row of one paper: what its line of JSON says, and what else is known without its files."""
    facts, said = item.facts, summary(item)
    del said["contract_version"]
    changed = last_change(item)
    more = {
        "year": int(facts.submitted[:4]) if facts.submitted else None,
        "listed": item.derived.tier.value != "WITHHELD",
        "corrections": len(facts.events),
        # In UTC; a type without a zone says the same to every reader.
        "changed": changed.removesuffix("Z") if changed else None,
        "sources": len(facts.sources) or None,
        "stated_extracted": facts.stated_extracted,
        "stated_verified": facts.stated_verified,
        "stated_score_value": facts.stated_score,
        "doi": facts.doi,
    }
    both = said | more | ({"json": None} if is_slim else {})
    return {name: both[name] for name in COLUMNS}
