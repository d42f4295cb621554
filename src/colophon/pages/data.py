"""The papers as data: one line of JSON each (record-summary-v1), one file per month."""

from collections.abc import Iterable, Iterator
from typing import Any

from colophon import canon, schema
from colophon.judgement import Judged
from colophon.model import Artifact
from colophon.pages import Output, _lists, registry_page
from colophon.pages.papers import months_of
from colophon.views import RegistryView

_CONTRACT = "record-summary-v1"


@registry_page("data")
def data(view: RegistryView) -> Iterator[Output]:
    """Yield one file per month, one for undated papers and one for withheld ones."""
    for month in months_of(_lists.newest_first(view.listed)):
        yield _file(month.key, month.papers)
    yield _file("withheld", _lists.newest_first(view.withheld))


def _file(name: str, items: Iterable[Judged]) -> Artifact:
    lines = b"".join(canon.compact(summary(item)) + b"\n" for item in items)
    return Artifact(f"data/{name}.jsonl", "application/jsonl", lines)


def summary(item: Judged) -> dict[str, Any]:
    """Return the record-summary-v1 of one paper, keys in schema order."""
    facts, derived = item.facts, item.derived
    document = {
        "contract_version": _CONTRACT,
        "id": item.id,
        "display_id": facts.display_id,
        "title": facts.title,
        "publisher": facts.publisher,
        "submitted": facts.submitted,
        "kind": facts.kind,
        "tier": derived.tier.value,
        "stated_tier": facts.stated_tier,
        "level": derived.level.value,
        "correction_state": derived.state.value,
        "claims": facts.claims,
        "stated_score": facts.stated_score_text,
        "findings": sorted({finding.code for finding in item.findings}),
        "html": f"papers/{item.id}.html",
        "json": f"papers/{item.id}.json",
    }
    ordered: dict[str, Any] = schema.ordered(_CONTRACT, document)
    return ordered
