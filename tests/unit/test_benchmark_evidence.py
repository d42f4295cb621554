"""Evidence of one model on one benchmark: what may be compared, and what is said of it."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import schema
from colophon.benchmark_evidence import CONTRACT, MOST_ROWS, Benchmark, benchmark, by_name, document
from colophon.score_rows import Row, packed
from colophon.scores import KEYS, Score

WHOLE = dict(
    zip(KEYS, ("Hare", "2", "7B", "Burrow", "test", "accuracy", "0", "none", "helm", "bf16"), strict=True)
)


def line(
    value: str, owner_id: str = "a", owner: str = "paper", claim: str = "c001", **keys: str | None
) -> bytes:
    """A packed row that states every key; ``keys`` replaces some."""
    stated = WHOLE | keys
    unit = "%" if value.endswith("%") else None
    score = Score(**stated, value=Decimal(value.rstrip("%")), value_text=value, unit=unit, claim_id=claim)  # type: ignore[arg-type]
    model = f"{stated['model']}-{stated['version']}"
    return packed(Row(owner, owner_id, model, stated["dataset"] or "", score, None, None))


def says(found: Benchmark) -> list[tuple[str, int]]:
    """The finding of each group, with its number of scores."""
    return [(group.finding, len(group.places)) for group in found.groups]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line("61%")], [("single", 1)]),
        ([line("61%"), line("61.0%", "b")], [("agree", 2)]),
        ([line("61.4%"), line("61%", "b")], [("agree", 2)]),
        ([line("61%"), line("64%", "b")], [("contested", 2)]),
        ([line("61%"), line("64%", "b", shots=None)], [("single", 1), ("single", 1)]),
        ([line("61%"), line("64%", "b", shots="5")], [("single", 1), ("single", 1)]),
        ([line("61%", shots=None), line("64%", "b", shots=None)], [("not comparable", 2)]),
        ([line("61%"), line("0.61", "b")], [("not comparable", 2)]),
        ([line("61%"), line("3", "b", metric="f1")], [("single", 1), ("single", 1)]),
        ([line("61%"), line("64%", "b"), line("9%", "c", tools=None)], [("contested", 2), ("single", 1)]),
    ],
)
def test_only_scores_equal_in_every_key_are_contested(
    lines: list[bytes], expected: list[tuple[str, int]]
) -> None:
    """A spread beside an unknown or another setting is none; rounding is no spread."""
    assert says(benchmark(lines)) == expected


def test_the_document_fits_its_contract() -> None:
    """It names what is missing, and has a spread only where scores may be compared."""
    lines = [line("61%"), line("64%", "b"), line("9%", "c", tools=None), line("8%", "d", size=None)]
    made = document(benchmark(lines))
    assert not schema.faults(CONTRACT, made)
    first, second = made["groups"]
    assert (first["finding"], first["spread"], first["least"], first["greatest"]) == (
        "contested",
        3.0,
        61.0,
        64.0,
    )
    assert (second["finding"], second["missing"], second["spread"]) == (
        "not comparable", ["size", "tools"], None,
    )  # fmt: skip


def test_units_are_not_mixed() -> None:
    """Between a percentage and a bare number there is no least and no greatest."""
    [group] = document(benchmark([line("61%"), line("0.61", "b")]))["groups"]
    assert (group["differing"], group["least"], group["greatest"]) == (["unit"], None, None)


def test_works_stand_before_papers() -> None:
    """The order of rows does not depend on the order in which they came."""
    lines = [line("61%", "b"), line("62%", "arxiv 1", "work"), line("63%", "a", claim="c002")]
    made = {str(document(benchmark(order))) for order in permutations(lines)}
    assert len(made) == 1
    assert [row.owner_id for row in benchmark(lines).rows] == ["arxiv 1", "a", "b"]


def test_the_usual_spelling_names_the_page() -> None:
    """Of spellings of one name the most frequent is shown."""
    lines = [line("1%", dataset="burrow"), line("2%", "b"), line("3%", "c")]
    assert benchmark(lines).dataset == "Burrow"


def test_rows_are_sorted_by_dataset_and_model() -> None:
    """Spellings of one name share a place."""
    lines = [line("1%", model="hare"), line("2%"), line("3%", dataset="Attic"), line("4%", model="Boar")]
    found = by_name(lines)
    assert list(found) == ["attic", "burrow"]
    assert {name: len(rows) for name, rows in found["burrow"].items()} == {"boar-2": 1, "hare-2": 2}


def test_rows_of_one_page_are_bounded_and_counted() -> None:
    """What is left out is counted."""
    found = benchmark([line("1%", str(at)) for at in range(MOST_ROWS + 3)])
    assert (len(found.rows), found.total) == (MOST_ROWS, MOST_ROWS + 3)


@given(
    st.lists(
        st.builds(
            line,
            st.sampled_from(["1%", "1.0%", "2%", "3"]),
            st.sampled_from("abc"),
            shots=st.sampled_from([None, "0", "5"]),
            metric=st.sampled_from([None, "accuracy", "f1"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_score_stands_in_one_group(lines: list[bytes]) -> None:
    """Groups divide the rows, share a metric, and are contested only when nothing is left open."""
    found = benchmark(lines)
    places = [place for group in found.groups for place in group.places]
    assert sorted(places) == list(range(len(lines)))
    assert not schema.faults(CONTRACT, document(found))
    for group in found.groups:
        assert {found.rows[place].score.metric for place in group.places} == {group.metric}
        if group.finding == "contested":
            assert all(
                None not in [getattr(found.rows[at].score, key) for key in KEYS] for at in group.places
            )
