"""A holding is read only where everything in it agrees with itself and with its place."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from colophon import canon, holdings, schema
from colophon.acquisition import Acquired, holding
from colophon.store import WorkTree

REGISTRY = Path(__file__).resolve().parents[2] / "registry"
PLACE = "sources/arxiv/2601.00001/2026-11-26-example.json"
TEXT = "The gate keeps one head in three, and the model loses 0.4 points on the long set."


def example() -> dict[str, Any]:
    """A holding with text and a table, in order."""
    table = {"label": "Table 1", "caption": "", "columns": ["a", "b"], "rows": [["1", "2"]]}
    made, faults = holding(
        Acquired(
            "arxiv", "2601.00001v2", "Rae Example", "written for this test", "2026-11-26",
            holds="full", license="own", text=TEXT, tables=(table,),
        )
    )  # fmt: skip
    assert faults == ()
    return made


def printed() -> dict[str, Any]:
    """The same as fingerprint."""
    made, faults = holding(
        Acquired("arxiv", "2601.00001", "Rae", "here", "2026-11-26", holds="abstract", text=TEXT)
    )
    assert faults == ()
    return made


def stored(folder: Path, document: dict[str, Any], path: str = PLACE) -> WorkTree:
    """Return a tree with one holding."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(canon.dumps(schema.ordered("source-holding-v1", document)))
    return WorkTree(str(folder))


def test_a_holding_in_order_is_read(tmp_path: Path) -> None:
    """What is held is found by any version of the identifier that a record cites."""
    tree = stored(tmp_path, example())
    assert list(holdings.findings(tree)) == []
    (held,) = holdings.of_source(tree, "arxiv", "2601.00001v1")
    assert (held.holding.text, held.holding.version, held.path) == (TEXT, "v2", PLACE)
    assert holdings.of_source(tree, "arxiv", "2601.00002") == ()


@pytest.mark.parametrize(
    ("base", "changes", "code", "pointer"),
    [
        (example, {"text_sha256": f"sha256:{'a' * 64}"}, "S113", "/text_sha256"),
        (example, {"length": 3}, "S113", "/length"),
        (example, {"date": "2026-11-25"}, "S112", "/date"),
        (example, {"source": {"kind": "arxiv", "identifier": "2601.00001v2"}}, "S112", "/source/identifier"),
        (example, {"source": {"kind": "doi", "identifier": "2601.00001"}}, "S112", "/source"),
        (example, {"license": None}, "S110", "/license"),
        (printed, {"fingerprint": {"positions": [0]}}, "S113", "/fingerprint/positions"),
        (printed, {"fingerprint": {"words": 3}}, "S113", "/fingerprint/positions"),
        (printed, {"fingerprint": {"reversed": True}}, "S113", "/fingerprint/positions"),
    ],
)
def test_what_does_not_agree_is_named_and_not_used(
    tmp_path: Path, base: Any, changes: dict[str, Any], code: str, pointer: str
) -> None:
    """Digest, length, day, place and fingerprint are checked against each other."""
    document = copy.deepcopy(base())
    for key, value in changes.items():
        if key == "fingerprint" and "reversed" in value:
            document[key]["positions"].reverse()
        elif key == "fingerprint":
            document[key] |= value
        else:
            document[key] = value
    tree = stored(tmp_path, document)
    found = [(one.code, one.pointer) for one in holdings.findings(tree)]
    assert (code, pointer) in found
    assert holdings.of_source(tree, "arxiv", "2601.00001") == ()


def test_a_fingerprint_beside_its_text_must_be_that_of_the_text(tmp_path: Path) -> None:
    """A text that is stored with the fingerprint of another is refused."""
    document = {**example(), "fingerprint": printed()["fingerprint"]}
    assert list(holdings.findings(stored(tmp_path, document))) == []
    document["fingerprint"]["hashes"][0] = "0" * 16
    assert [one.pointer for one in holdings.findings(stored(tmp_path, document))] == ["/fingerprint"]


def test_rows_of_a_table_are_as_wide_as_its_heads(tmp_path: Path) -> None:
    """A row with a cell too few would shift every number of it."""
    document = example()
    document["tables"] = [{**document["tables"][0], "rows": [["1"]]}, document["tables"][0]]
    found = [one.pointer for one in holdings.findings(stored(tmp_path, document))]
    assert found == ["/tables/0/rows/0", "/tables/1/label"]


def test_a_date_is_judged_by_the_time_of_the_check(tmp_path: Path) -> None:
    """What was not there on the day of the check cannot have been filed; without a time no date is judged."""
    tree = stored(tmp_path, example())
    day = PLACE.rpartition("/")[2][:10]
    for judge in (holdings.findings, lambda tree, now: holdings.findings_of(tree, [PLACE], now)):
        assert list(judge(tree, f"{day}T00:00:00Z")) == list(judge(tree, None)) == []
        [found] = judge(tree, "2025-12-31T23:59:59Z")
        assert (found.code, found.path, found.pointer) == ("H101", PLACE, "/date")
        assert (tmp_path / PLACE).read_text().splitlines()[found.line - 1] == f'  "date": "{day}",'


@pytest.mark.parametrize(
    "path", ["sources/arxiv/2601.00001/notes.txt", "sources/isbn/1/2026-11-26-a.json", "sources/readme.md"]
)
def test_strays_are_named(tmp_path: Path, path: str) -> None:
    """What has no place among sources is found."""
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("hello")
    assert [one.code for one in holdings.findings(WorkTree(str(tmp_path)))] == ["S114"]


def test_the_stored_fingerprints_of_this_registry_hold_no_sentence() -> None:
    """Nothing of the four abstracts is stored but titles, authors and hashes."""
    files = sorted(REGISTRY.glob("sources/arxiv/*/*abstract-listing.json"))
    assert len(files) == 4
    for file in files:
        document = json.loads(file.read_text())
        assert document["text"] is None
        assert document["fingerprint"]["hashes"]
