"""The contracts: each schema as it is, and as a page that people can read."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from colophon import canon, schema
from colophon.model import Artifact, Page
from colophon.pages import Output, _lists, _words, registry_page, render
from colophon.pages._fields import Change, Group, changes, groups, plain
from colophon.views import RegistryView

_AUTHORED, _COMPUTED, _VOCABULARY = "authored", "computed", "vocabulary"
_CARRIES = {
    "paper-manifest": _AUTHORED,
    "source-provenance": _AUTHORED,
    "source-holding": _AUTHORED,
    "work-manifest": _AUTHORED,
    "claim-check": _AUTHORED,
    "claim-grounding": f"{_COMPUTED}, then stored",
    "correction-event": _AUTHORED,
    "correction-reasons": _VOCABULARY,
    "review": _AUTHORED,
    "refusal": _AUTHORED,
    "registry": _AUTHORED,
    "quality-tiers": f"{_VOCABULARY}, and {_COMPUTED}",
    "quality-dimensions": f"{_VOCABULARY}, and {_COMPUTED}",
    "verification-levels": f"{_VOCABULARY}, and {_COMPUTED}",
}
_FIELDS = 200
_IN_SUMMARY, _IN_INDEX = "record-summary", "registry-index"
_IN_PAPER = ("paper-manifest", "source-provenance", "correction-record", "audit-report")


@registry_page("contracts")
def contracts(view: RegistryView) -> Iterator[Output]:
    """Yield schemas.html, and for each contract its schema and its page."""
    known = [_described(contract) for contract in in_order(schema.known())]
    body = render("contracts.html", contracts=known)
    total = _words.counted(len(known), "contract")
    yield Page("schemas.html", "Contracts", f"{total}, each with its schema.", "", body)
    for item in known:
        yield Artifact(f"schemas/{item['id']}.json", "application/schema+json", schema.source(item["id"]))
        yield from _pages(view, item)


def in_order(known: Sequence[str]) -> list[str]:
    """Return contract ids by name, then by version as numbers."""
    return sorted(known, key=lambda contract: (name_of(contract), _version(contract)))


def name_of(contract: str) -> str:
    """Return a contract's name without its version: ``paper-manifest`` of ``paper-manifest-v1.1``."""
    return contract.rpartition("-")[0]


def _version(contract: str) -> tuple[int, ...]:
    return tuple(int(part) for part in contract.rpartition("-v")[2].split("."))


def before(contract: str) -> str | None:
    """Return the version before this one of the same contract, or None."""
    versions = [known for known in in_order(schema.known()) if name_of(known) == name_of(contract)]
    return {later: earlier for earlier, later in pairwise(versions)}.get(contract)


def _described(contract: str) -> dict[str, Any]:
    """Return what the list and the page say of a contract."""
    return {
        "id": contract,
        "purpose": plain(schema.load(contract).get("description", "")),
        "carries": _CARRIES.get(name_of(contract), _COMPUTED),
        "digest": canon.digest(schema.source(contract)),
    }


def _pages(view: RegistryView, item: dict[str, Any]) -> Iterator[Page]:
    """Yield the page of one contract, with continuations when it has very many fields."""
    contract = item["id"]
    shapes = groups(schema.load(contract))
    earlier = before(contract)
    rows = (row for group in shapes for row in _rows(group, named=len(shapes) > 1))
    for part in _lists.parts(f"schemas/{contract}", rows, divider="_", most=_FIELDS):
        body = render(
            "contracts_one.html",
            part=part,
            item=item,
            shapes=shapes,
            earlier=earlier,
            changed=changed(earlier, contract) if earlier else [],
            live=_live(view, contract),
            example=schema.example(contract),
        )
        yield Page(part.path, part.titled(contract), item["purpose"], "", body)


def _rows(group: Group, *, named: bool) -> Iterator[str]:
    """Yield one table row per field."""
    for field in group.fields:
        yield render("_field_row.html", field=field, shape=group.name if named else "")


def changed(earlier: str, later: str) -> list[Change]:
    """Return what a version of a contract changes against the one before it."""
    return list(changes(schema.load(earlier), schema.load(later)))


def _live(view: RegistryView, contract: str) -> str:
    """Return the path of a live document that holds this contract, or an empty text."""
    name, newest = name_of(contract), _lists.newest_first(view.listed)
    if name == _IN_INDEX:
        return "index.json"
    if view.is_slim:
        return ""
    if name == _IN_SUMMARY and newest:
        return f"data/{(newest[0].facts.submitted or 'undated')[:7]}.jsonl"
    if name == "paper-manifest":
        newest = [item for item in newest if item.facts.filed_contract == contract]
    return f"papers/{newest[0].id}.json" if newest and name in _IN_PAPER else ""
