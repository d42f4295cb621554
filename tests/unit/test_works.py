"""Works are read from all files of a folder together, and what does not agree in them is refused by name."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import canon, schema, works
from colophon.store import WorkTree

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = "works/arxiv/2601.00001"
Document = dict[str, Any]


def example(slug: str = "figures", day: str = "2026-11-26", claims: int = 1) -> Document:
    """The example of the contract under another name and day, with as many claims as wanted."""
    made: Document = orjson.loads((ROOT / "schemas/examples/work-manifest-v1.json").read_bytes())
    first = made["claims"][0]
    made["claims"] = [{**copy.deepcopy(first), "id": f"{slug}-c{at:03}"} for at in range(1, claims + 1)]
    return {**made, "date": day, "strikes": []}


def strike(claim: str, reason: str = "The figure belongs to another row.") -> dict[str, str]:
    """A strike of one claim."""
    return {"claim": claim, "reason": reason}


def store(top: Path, document: Document, name: str, folder: str = FOLDER) -> WorkTree:
    """Write a document in stored form and return the tree that holds it."""
    (top / folder).mkdir(parents=True, exist_ok=True)
    (top / folder / name).write_bytes(canon.dumps(schema.ordered("work-manifest-v1", document)))
    return WorkTree(str(top))


def found(tree: WorkTree) -> list[tuple[str, str, str]]:
    """The findings of a tree by file, rule and place."""
    return [(one.path.rpartition("/")[2], one.code, one.pointer) for one in works.findings(tree)]


def test_one_file_is_a_work(tmp_path: Path) -> None:
    """A work is found by any version of the identifier that a record cites."""
    tree = store(tmp_path, example(), "2026-11-26-figures.json")
    assert found(tree) == []
    work = works.of_source(tree, "arxiv", "2601.00001v3")
    assert work is not None
    assert (work.kind, work.identifier, work.title, work.authors) == (
        "arxiv", "2601.00001", "A fabricated paper", None,
    )  # fmt: skip
    assert [one.claim.id for one in work.claims] == ["figures-c001"]
    assert work.files[0].sha256 == canon.digest((tmp_path / work.files[0].path).read_bytes())
    assert works.of_source(tree, "arxiv", "2601.00002") is None


def test_a_date_is_judged_by_the_time_of_the_check(tmp_path: Path) -> None:
    """A file of tomorrow is named; without a time no date is judged."""
    name = "2026-11-26-figures.json"
    tree = store(tmp_path, example(), name)
    for judge in (works.findings, lambda tree, now: works.findings_of(tree, [f"{FOLDER}/{name}"], now)):
        assert list(judge(tree, "2026-11-26T00:00:00Z")) == list(judge(tree, None)) == []
        assert [(one.code, one.pointer) for one in judge(tree, "2026-11-25T23:59:59Z")] == [("H101", "/date")]


def test_claims_add_up_and_a_later_file_strikes(tmp_path: Path) -> None:
    """Files are read in order of their names; a struck claim stays, with the reason and its file."""
    store(tmp_path, example(claims=2), "2026-11-26-figures.json")
    later = {**example("again", "2026-11-27"), "title": "Its later title", "authors": ["Rae Example"]}
    later["strikes"] = [strike("figures-c002")]
    store(tmp_path, later, "2026-11-27-again.json")
    last = {
        **example("last", "2026-11-28"),
        "claims": [],
        "strikes": [strike("figures-c002"), strike("again-c001")],
    }
    tree = store(tmp_path, last, "2026-11-28-last.json")
    assert found(tree) == []
    (work,) = works.all_works(tree)
    assert [(one.claim.id, one.is_struck) for one in work.claims] == [
        ("figures-c001", False), ("figures-c002", True), ("again-c001", True),
    ]  # fmt: skip
    struck = [filed.path.rpartition("/")[2] for filed, _ in work.claims[1].strikes]
    assert struck == ["2026-11-27-again.json", "2026-11-28-last.json"]
    assert work.claims[1].strikes[0][1].reason == "The figure belongs to another row."
    assert (work.title, work.authors) == ("A fabricated paper", ("Rae Example",))


def changed(change: Callable[[Document], object]) -> Document:
    """The example with one change."""
    document = example(claims=2)
    change(document)
    return document


def measure(text: str, value: float, unit: str | None = None) -> dict[str, Any]:
    """A figure."""
    return {"text": text, "value": value, "unit": unit}


def scored(document: Document, value: dict[str, Any]) -> None:
    """Give the score of the first claim another value."""
    document["claims"][0]["scores"][0]["value"] = value


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        (lambda d: d.update(date="2026-11-25"), "S112", "/date"),
        (lambda d: d["work"].update(identifier="2601.00001v2"), "S112", "/work/identifier"),
        (lambda d: d["work"].update(identifier="2601.00002"), "S112", "/work"),
        (lambda d: d["work"].update(kind="doi"), "S112", "/work"),
        (lambda d: d.update(title=None), "S110", "/title"),
        (lambda d: d["claims"][0].update(id="others-c001"), "S113", "/claims/0/id"),
        (lambda d: d["claims"][0].update(id="figures-c000"), "S113", "/claims/0/id"),
        (lambda d: d["claims"][1].update(id="figures-c001"), "S113", "/claims/1/id"),
        (lambda d: d["claims"][1].update(id="figures-c003"), "S113", "/claims/1/id"),
        (lambda d: d["claims"][0].update(values=[measure("63.0%", 63.0)]), "S113", "/claims/0/values/0/text"),
        (lambda d: d["claims"][0].update(values=[measure("2.0%", 2.0)]), "S113", "/claims/0/values/0/text"),
        (lambda d: d["claims"][0].update(values=[measure("62", 62)]), "S113", "/claims/0/values/0/text"),
        (lambda d: d["claims"][0].update(values=[measure("62.0%", 63)]), "S113", "/claims/0/values/0/value"),
        (lambda d: scored(d, measure("61", 61)), "S113", "/claims/0/scores/0/value/text"),
        (lambda d: scored(d, measure("62.0", 61)), "S113", "/claims/0/scores/0/value/value"),
        (lambda d: d["claims"][1]["read_in"].update(commit="abcdef0"), "S113", "/claims/1/read_in/commit"),
        (lambda d: d["strikes"].append(strike("earlier-c003")), "S113", "/strikes/0/claim"),
        (lambda d: d["strikes"].append(strike("figures-c001")), "S113", "/strikes/0/claim"),
        (lambda d: d["strikes"].append(strike("zlater-c001")), "S113", "/strikes/0/claim"),
        (lambda d: d["strikes"].extend([strike("earlier-c001")] * 2), "S113", "/strikes/1/claim"),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_named_and_not_read(
    tmp_path: Path, change: Callable[[Document], object], code: str, pointer: str
) -> None:
    """Place, day, ids, figures, commits and strikes; the other files of the work are read without it."""
    store(tmp_path, example("earlier", "2026-11-25"), "2026-11-25-earlier.json")
    store(tmp_path, example("zlater"), "2026-11-26-zlater.json")
    tree = store(tmp_path, changed(change), "2026-11-26-figures.json")
    assert ("2026-11-26-figures.json", code, pointer) in found(tree)
    assert {name for name, *_ in found(tree)} == {"2026-11-26-figures.json"}
    (work,) = works.all_works(tree)
    assert [one.claim.id for one in work.claims] == ["earlier-c001", "zlater-c001"]
    (line,) = {one.line for one in works.findings(tree) if one.pointer == pointer}
    assert line > 1


def test_two_files_cannot_bear_one_name(tmp_path: Path) -> None:
    """Claims of both would have the same ids, so both are named, whichever came first."""
    store(tmp_path, example(day="2026-11-25"), "2026-11-25-figures.json")
    tree = store(tmp_path, example(), "2026-11-26-figures.json")
    assert found(tree) == [("2026-11-25-figures.json", "S112", ""), ("2026-11-26-figures.json", "S112", "")]
    for name, other in (("25", "26"), ("26", "25")):
        (one,) = works.findings_of(tree, [f"{FOLDER}/2026-11-{name}-figures.json"])
        assert one.message.startswith(f"2026-11-{other}-figures.json lies here too")
    assert list(works.all_works(tree)) == []


def test_a_file_has_as_many_claims_as_ids_have_numbers(tmp_path: Path) -> None:
    """The thousandth claim has no id that it could bear."""
    document = example(claims=999)
    assert found(store(tmp_path, document, "2026-11-26-figures.json")) == []
    document["claims"].append(document["claims"][0])
    assert found(store(tmp_path, document, "2026-11-26-figures.json")) == [
        ("2026-11-26-figures.json", "S113", "/claims/999")
    ]


def test_of_a_file_with_much_wrong_not_everything_is_told(tmp_path: Path) -> None:
    """A hostile file cannot make the check write for minutes."""
    document = example(claims=999)
    for claim in document["claims"]:
        claim["values"] = [measure(f"{number}", 1) for number in range(70, 80)]
    assert 0 < len(found(store(tmp_path, document, "2026-11-26-figures.json"))) <= 50


def test_a_damaged_file_strikes_nothing(tmp_path: Path) -> None:
    """What is not in order has no effect on the others."""
    store(tmp_path, example(), "2026-11-26-figures.json")
    later = {**example("later", "2026-11-27"), "strikes": [strike("figures-c001")]}
    later["claims"][0]["id"] = "later-c002"
    (work,) = works.all_works(store(tmp_path, later, "2026-11-27-later.json"))
    assert [one.is_struck for one in work.claims] == [False]


def test_a_single_file_is_judged_beside_the_others(tmp_path: Path) -> None:
    """A strike is looked up in the earlier files; only what was asked about is answered."""
    store(tmp_path, {**example(), "date": "2026-11-24"}, "2026-11-26-figures.json")
    later = {**example("later", "2026-11-27"), "strikes": [strike("figures-c001"), strike("figures-c009")]}
    tree = store(tmp_path, later, "2026-11-27-later.json")
    store(tmp_path, {**example(), "date": "2026-11-24"}, "2026-11-26-figures.json", "works/arxiv/2601.00009")
    asked = [
        f"{FOLDER}/2026-11-27-later.json",
        "works/arxiv/2601.00009/2026-11-26-figures.json",
        "works/none/x",
    ]
    assert [(one.path, one.pointer) for one in works.findings_of(tree, asked)] == [
        (asked[0], "/strikes/1/claim"), (asked[1], "/work"), (asked[1], "/date"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        f"{FOLDER}/notes.txt",
        f"{FOLDER}/figures.json",
        "works/isbn/1/2026-11-26-aaa.json",
        "works/readme.md",
        "works/arxiv/2026-11-26-figures.json",
    ],
)
def test_strays_are_named(tmp_path: Path, path: str) -> None:
    """What has no place among works is found."""
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("hello")
    tree = WorkTree(str(tmp_path))
    assert [one.code for one in works.findings(tree)] == ["S114"]
    assert list(works.all_works(tree)) == []


def test_only_one_work_is_held_at_a_time(tmp_path: Path) -> None:
    """Works come one by one, in order of their folders, before the later ones are read."""
    for number in ("2601.00001", "2601.00002"):
        document = example()
        document["work"]["identifier"] = number
        tree = store(tmp_path, document, "2026-11-26-figures.json", f"works/arxiv/{number}")
    read: list[str] = []

    class Watched:
        def entries(self, folder: str) -> Any:
            return tree.entries(folder)

        def read(self, path: str) -> bytes:
            read.append(path)
            return tree.read(path)

    assert next(works.all_works(Watched())).identifier == "2601.00001"
    assert len(read) == 1


@given(
    st.lists(st.floats(0, 1e6).map(lambda value: f"{value:.3f}"), min_size=1, max_size=6),
    st.text("x ,.%\n", max_size=5),
)
def test_a_figure_stands_where_it_is_written(figures: list[str], between: str) -> None:
    """Every figure that a text is made of stands in it as the number that it is."""
    text = f"Measured: {f' and{between} '.join(figures)} points."
    claim = {
        "text": text,
        "values": [measure(one, float(one)) for one in figures],
        "scores": [],
        "read_in": {"commit": None},
    }
    assert list(works._claim("", claim)) == []


@given(st.integers(10, 10**9), st.data())
def test_a_part_of_a_number_is_not_found_for_it(number: int, data: st.DataObject) -> None:
    """Digits that go on before or behind make another number."""
    digits = str(number)
    part = digits[data.draw(st.integers(0, 1)) :][: data.draw(st.integers(1, len(digits) - 1))]
    claim = {
        "text": f"It takes {digits} steps.",
        "values": [measure(part, int(part))],
        "scores": [],
        "read_in": {"commit": None},
    }
    assert [at for at, *_ in works._claim("", claim)] == ([] if part == digits else ["/values/0/text"])


def test_the_works_of_this_registry_say_where_they_were_read() -> None:
    """They are in order, and a claim that was not read in the paper or its code says what was read."""
    tree = WorkTree(str(ROOT / "registry"))
    assert list(works.findings(tree)) == []
    held = list(works.all_works(tree))
    assert len(held) >= 9
    for one in (claim for work in held for claim in work.claims):
        read = one.claim.read_in
        assert (read.where == "other") == one.claim.id.startswith("second-hand-")
        assert read.url or read.note
