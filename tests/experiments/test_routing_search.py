"""Exact search: the kernel finds what double precision finds, routes change nothing but time, names are kept.

The kernel runs in Triton's interpreter, in single precision, which has to be chosen before anything imports
Triton: the modules are imported when tests are collected, before any test runs.
"""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from triton.runtime.errors import OutOfResources

from colophon import formulas

# Also where there is a GPU: what is tested is the arithmetic of the kernel, at sizes no GPU is needed for.
os.environ["TRITON_INTERPRET"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _routing_search as search
import _timing as timing
import harness

LIMIT = 1e-5


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


def launch(tile: int = 16, block: int = 32, step: int = 16, programs: int = 3):
    return search.Launch(tile, block, step, 4, 2, programs)


def torch_search(queries: torch.Tensor, index: torch.Tensor):
    return search.torch_search(queries, index, search.KEEP, 2**20)


def kernel_search(queries: torch.Tensor, index: torch.Tensor):
    return search.fused_search(queries, index, search.KEEP, launch(programs=1))


def parts() -> harness.Experiment:
    experiment = harness.Experiment("routing.py", "Title", "Question?", "Limits")
    search.add_parts(experiment)
    return experiment


# The kernel


@pytest.mark.parametrize(
    ("batch", "rows", "dim", "keep", "how"),
    [
        (1, 1, 16, 1, launch()),  # one of each
        (1, 10, 16, 10, launch()),  # all rows are among the best
        (5, 33, 24, 10, launch()),  # the last block has one row
        (16, 64, 32, 10, launch(block=64, step=32, programs=1)),  # nothing odd
        (17, 65, 7, 3, launch(block=16, programs=5)),  # a tile of one query, fewer dimensions than a step
        (33, 50, 33, 4, launch(tile=32, step=32)),  # a last step of one dimension
        (2, 90, 16, 9, launch(block=16, programs=100)),  # a chunk for every block
    ],
)
def test_the_kernel_finds_the_best_rows(batch, rows, dim, keep, how):
    """At awkward sizes too, with scores of single precision; every number of the result is written."""
    queries, index = torch.randn(batch, dim), torch.randn(rows, dim)
    found = timing.checked(lambda _: search.fused_search(queries, index, keep, how))
    assert found.scores.shape == found.rows.shape == (batch, keep)
    error, wrong = search.errors(queries, index, found, LIMIT)
    assert error < LIMIT
    assert wrong == 0


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_any_sizes_give_the_best_rows(data):
    """Whatever is drawn of sizes and tiling."""
    keep = data.draw(st.integers(1, 12))
    batch, rows = data.draw(st.integers(1, 20)), data.draw(st.integers(keep, 80))
    how = launch(
        block=data.draw(st.sampled_from([16, 32, 64])),
        step=data.draw(st.sampled_from([16, 32])),
        programs=data.draw(st.integers(1, 4)),
    )
    queries, index = torch.randn(batch, 20), torch.randn(rows, 20)
    error, wrong = search.errors(queries, index, search.fused_search(queries, index, keep, how), LIMIT)
    assert error < LIMIT
    assert wrong == 0


def test_equal_scores_give_different_rows():
    """Of rows that are alike as many are found as there are places, and none twice."""
    queries, index = torch.randn(3, 16), torch.randn(1, 16).repeat(70, 1)
    found = search.fused_search(queries, index, 10, launch())
    assert search.errors(queries, index, found, LIMIT) == (pytest.approx(0, abs=LIMIT), 0)
    assert all(len(set(rows)) == 10 for rows in found.rows.tolist())


@pytest.mark.parametrize("sign", [1, -1])
def test_rows_may_lie_in_any_order(sign):
    """Where every row is better than those before it, and where none is."""
    queries = torch.ones(2, 16)
    index = sign * torch.arange(1, 78.0)[:, None].expand(-1, 16).contiguous()
    found = search.fused_search(queries, index, 5, launch(programs=2))
    expected = [76, 75, 74, 73, 72] if sign == 1 else [0, 1, 2, 3, 4]
    assert found.rows.tolist() == [expected, expected]


@pytest.mark.parametrize("way", [torch_search, kernel_search])
def test_no_queries_find_nothing(way):
    """Not even an error."""
    found = way(torch.randn(0, 16), torch.randn(30, 16))
    assert found.scores.shape == found.rows.shape == (0, search.KEEP)


@pytest.mark.parametrize("lowest", [0, 3, 7])
@pytest.mark.parametrize("programs", [1, 3])
def test_rows_of_minus_infinity_are_different_rows(lowest, programs):
    """They come after all others, and fill the list as torch's do."""
    index = torch.zeros(70, 16)
    index[:, 0] = -torch.inf
    index[40 : 40 + lowest, 0] = torch.arange(1.0, lowest + 1)
    queries = torch.zeros(2, 16)
    queries[:, 0] = 1.0
    # 0 * inf is no number: the first dimension alone is multiplied.
    found = search.fused_search(
        queries[:, :1].contiguous(), index[:, :1].contiguous(), 5, launch(programs=programs)
    )
    expected = [40 + place for place in reversed(range(lowest))][:5]
    finite = min(lowest, 5)
    for rows, scores in zip(found.rows.tolist(), found.scores.tolist(), strict=True):
        assert rows[:finite] == expected
        assert len(set(rows)) == 5
        assert all(0 <= row < 70 for row in rows)
        assert scores == [float(lowest - place) for place in range(finite)] + [-torch.inf] * (5 - finite)


def test_a_score_that_is_no_number_is_minus_infinity():
    """No list loses a row that has a score for one that has none."""
    index = torch.arange(1.0, 41)[:, None].contiguous()
    index[7] = torch.nan
    found = search.fused_search(torch.ones(1, 1), index, 40, launch(programs=2))
    assert sorted(found.rows[0].tolist()) == list(range(40))
    assert found.rows[0, -1] == 7
    assert found.scores[0, -1] == -torch.inf
    assert found.scores[0, 0] == 40


def test_more_than_there_are_is_refused():
    """As is what the interpreter would multiply wrongly."""
    with pytest.raises(ValueError, match="an index of 9 rows has no 10 best ones"):
        search.fused_search(torch.randn(1, 16), torch.randn(9, 16), 10, launch())
    with pytest.raises(ValueError, match="bfloat16"):
        search.fused_search(torch.randn(1, 16).bfloat16(), torch.randn(9, 16).bfloat16(), 3, launch())


def test_results_of_chunks_are_merged():
    """The best of all, the best first, each with its row."""
    scores = torch.tensor([[0.1, 0.9, 0.5, -torch.inf]])
    found = search._best(scores, torch.tensor([[7, 3, 9, 0]]), 3)
    assert found.rows.tolist() == [[3, 9, 7]]
    assert found.scores[0].tolist() == pytest.approx([0.9, 0.5, 0.1])


# What stands beside it


@pytest.mark.parametrize("at_once", [1, 100, 10**6])
def test_torch_finds_the_same_in_pieces(at_once):
    """However few scores it may hold at once."""
    queries, index = torch.randn(7, 20), torch.randn(73, 20)
    found = search.torch_search(queries, index, 10, at_once)
    error, wrong = search.errors(queries, index, found, LIMIT)
    assert error < LIMIT
    assert wrong == 0


@pytest.mark.parametrize(
    ("change", "expected"),
    [(lambda rows: rows[:, 0].copy_(rows[:, 1]), 2), (lambda rows: rows[0, 0].fill_(-1), 1),
     (lambda rows: rows[1, 3].fill_(10**6), 1)],
)  # fmt: skip
def test_wrong_rows_are_counted(change, expected):
    """One that came twice, and one that isn't there."""
    queries, index = torch.randn(2, 8), torch.randn(40, 8)
    found = search.torch_search(queries, index, 4, 1000)
    change(found.rows)
    error, wrong = search.errors(queries, index, found, LIMIT)
    assert wrong == expected
    assert error > LIMIT


def test_a_worse_row_and_a_wrong_score_are_errors():
    """A row that isn't among the best, with its own score; and a score of no row."""
    queries, index = torch.randn(1, 8), torch.randn(40, 8)
    best = search.torch_search(queries, index, 5, 1000)
    worse = search.Found(best.scores[:, [0, 1, 2, 4]], best.rows[:, [0, 1, 2, 4]])
    assert search.errors(queries, index, worse, LIMIT)[1] == 1
    error, wrong = search.errors(queries, index, search.Found(best.scores + 0.1, best.rows), LIMIT)
    assert error > LIMIT
    assert wrong == 0


def fake_run(device: str = "cpu") -> SimpleNamespace:
    said: list[tuple[str, str]] = []
    return SimpleNamespace(
        device=device, preset="smoke", said=said, backend=lambda *words: said.append(words),
        note=lambda text: said.append(("note", text)), step=lambda name, function: function(),
    )  # fmt: skip


def test_faiss_is_used_where_it_is_installed(monkeypatch):
    """With its version in the record; on a GPU only where it was built for one."""

    def knn(queries, index, keep, metric):
        assert metric == "product"
        return search.torch_search(queries, index, keep, 2**20)

    faiss = SimpleNamespace(knn=knn, METRIC_INNER_PRODUCT="product", __version__="1.2.3")
    monkeypatch.setitem(sys.modules, "faiss", faiss)
    monkeypatch.setitem(sys.modules, "faiss.contrib.torch_utils", SimpleNamespace())
    run = fake_run()
    found = search._faiss_search(run)(torch.randn(2, 8), torch.randn(30, 8))
    assert found.rows.shape == (2, search.KEEP)
    assert ("search: FAISS", "FAISS 1.2.3") in run.said
    assert search._faiss_search(fake_run("cuda")) is None


def test_faiss_that_is_not_installed_is_none(monkeypatch):
    """And nothing is said to have run."""
    monkeypatch.setitem(sys.modules, "faiss", None)
    run = fake_run()
    assert search._faiss_search(run) is None
    assert not run.said


def test_a_library_without_code_for_this_machine_is_left_out(tmp_path):
    """With its own words, in one line."""

    def fails(queries, index):
        raise RuntimeError("no kernel image is available\nand more")

    run = fake_run()
    assert search._measured_or_absent(run, fails, 24, 1, LIMIT) == {"absent": "no kernel image is available"}


# Launches


def test_every_batch_has_launches_and_no_bucket_is_too_large():
    """The kernel is tuned for each batch, and takes the launch of the smallest that holds the queries."""
    for sizes in search.SIZES.values():
        assert max(sizes.batches) <= max(search._LAUNCHES)
        assert all(search._bucket(batch) <= batch for batch in sizes.batches)
    assert [launch.tile for launch in search._LAUNCHES[16]] == [16] * 5


def test_the_kernel_takes_the_launch_of_its_batch(monkeypatch):
    """Whatever number of queries is routed to an index."""
    monkeypatch.setattr(search, "_launches", lambda run, dim: {4: "small", 64: "large"})
    monkeypatch.setattr(search, "fused_search", lambda queries, index, keep, how: how)
    call = search._kernel_search(fake_run(), 24)
    taken = [call(torch.zeros(count, 1), torch.zeros(1)) for count in (1, 4, 5, 64)]
    assert taken == ["small", "small", "large", "large"]


def test_a_launch_that_needs_too_much_is_left_out(monkeypatch):
    """The others are still compared."""

    def fused(queries, index, keep, how):
        if how == "first":
            raise OutOfResources(300, 200, "shared memory")
        return search.torch_search(queries, index, keep, 2**20)

    monkeypatch.setattr(search, "fused_search", fused)
    run = fake_run()
    assert search._fastest(run, "tune", 24, 1, ["first", "second", "third"]) in ("second", "third")
    notes = [words for kind, words in run.said if words.startswith("tune, ")]
    assert len(notes) == 1
    assert notes[0].startswith("tune, first: left out, out of resource: shared memory")


# Routes


@pytest.mark.parametrize("spread", search.SPREADS)
def test_routes_have_the_mean_that_they_are_named_after(spread):
    """Exactly, for a hundred queries; every index is as likely as another."""
    shares, mean = search.SPREADS[spread], search.MEANS[spread]
    assert mean == {"1": 1, "178": 1.78, "2": 2, "3": 3}[spread]
    assert sum(shares) == pytest.approx(1)
    routes = search.drawn_routes(100, shares, 5)
    assert float(routes.sum(1).double().mean()) == pytest.approx(mean)
    assert torch.equal(routes, search.drawn_routes(100, shares, 5))
    many = search.drawn_routes(20_000, shares, 0).double().mean(0)
    assert many.tolist() == pytest.approx([mean / 3] * 3, abs=0.02)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 64])
def test_few_queries_have_routes_too(count):
    """Each of one to three indices, with a mean as near as it can be."""
    sizes = search.drawn_routes(count, search.SPREADS["178"], 0).sum(1)
    assert ((sizes >= 1) & (sizes <= search.INDICES)).all()
    assert float(sizes.double().mean()) == pytest.approx(1.78, abs=1 / count)


@pytest.mark.parametrize("way", [torch_search, kernel_search])
@pytest.mark.parametrize("spread", search.SPREADS)
def test_buckets_change_no_result(way, spread):
    """Query by query, both give the best rows of the indices of its route."""
    queries = torch.randn(6, 16)
    indices = [torch.randn(rows, 16) for rows in (20, 11, 30)]
    routes = search.drawn_routes(6, search.SPREADS[spread], 1)
    results = [ways(way, queries, indices, routes) for ways in (search.unbucketed, search.bucketed)]
    begins = (0, 20, 31)
    for query, route in enumerate(routes.tolist()):
        scored = [
            (float(score), begin + row)
            for index, begin, is_routed in zip(indices, begins, route, strict=True)
            for row, score in enumerate(index @ queries[query])
            if is_routed
        ]
        expected = [row for _, row in sorted(scored, reverse=True)[: search.KEEP]]
        for found in results:
            assert found.rows[query].tolist() == expected
            assert torch.isfinite(found.scores[query]).all()


def test_what_is_searched_with_how_many_queries():
    """Without buckets whatever any query needs with all of them; with buckets with its own alone."""
    seen: list[tuple[int, int]] = []

    def counted(queries, index):
        seen.append((len(index), len(queries)))
        return torch_search(queries, index)

    indices = [torch.randn(rows, 8) for rows in (10, 11, 12)]
    routes = torch.tensor([[True, False, False], [True, False, True], [True, False, False]])
    search.unbucketed(counted, torch.randn(3, 8), indices, routes)
    assert seen == [(10, 3), (12, 3)]
    seen.clear()
    search.bucketed(counted, torch.randn(3, 8), indices, routes)
    assert seen == [(10, 3), (12, 1)]


@pytest.mark.parametrize("label", search._SAVINGS)
def test_savings_are_measured_with_178_indices_a_query(label):
    """Exactly, for a hundred batches; those of one route have the same for every query."""
    saving = search._SAVINGS[label]
    routes = search._saving_routes(saving, 100)
    assert [one.shape for one in routes] == [(saving.batch, search.INDICES)] * 100
    assert float(torch.cat(routes).sum(1).double().mean()) == pytest.approx(1.78)
    is_alike = all((one == one[0]).all() for one in routes)
    assert is_alike == (saving.is_alike or saving.batch == 1)


def test_a_saving_is_the_share_of_time_that_routes_save(monkeypatch):
    """It is 1 - 1.78 / 3 where time is the number of indices looked up, but for mixed batches."""
    small = replace(search.SIZES["smoke"], vectors=30, drawn=100, passes=3)
    monkeypatch.setitem(search.SIZES, "smoke", small)
    searched = []

    def counted(queries, index):
        searched.append(len(queries))
        return torch_search(queries, index)

    def measured(call, *, device, effort, sets):
        samples = []
        for place in range(effort.least):
            searched.clear()
            call(place % sets)
            samples.append(float(sum(searched)))
        return samples

    monkeypatch.setattr(search._timing, "measured", measured)
    run = SimpleNamespace(preset="smoke", device="cpu")
    found = {batch: search._measured_savings(run, counted, 24, batch)["ms"] for batch in (1, 16)}
    assert found[1] == {"whole": [3.0] * 3, "1": [pytest.approx(1.78)] * 3}
    shares = {label: found[16][label][0] / found[16]["whole"][0] for label in found[16]}
    assert shares["16_alike"] == shares["16_bucketed"] == pytest.approx(1.78 / 3)
    assert shares["16_mixed"] > 0.99


def test_savings_have_their_interval():
    """By Student's distribution over passes."""
    metrics = {metric.name: metric for metric in search._saving_metrics()}
    assert {"search_saving_1", "search_saving_16_mixed", "search_saving_16_alike"} <= set(metrics)
    one = metrics["search_saving_16_alike"]
    assert (one.unit, one.kind) == ("%", "measured")
    values = {"search_saved_share_16_alike": [0.39, 0.41, 0.40]}
    ends = [formulas.evaluate(formula, values) for formula in (one.low, one.formula, one.high)]
    assert ends == pytest.approx([40 - 4.303 / 3**0.5, 40, 40 + 4.303 / 3**0.5])


def test_the_time_of_batches_of_one_route_is_measured():
    """By how many indices they have; a mix is made of these times by its shares."""
    formula = {metric.name: metric.formula for metric in search._routed_metrics()}
    times = {f"search_routed_alike_96_16_{size}": [16.0 * size, 16.0 * size] for size in (1, 2, 3)}
    found = [
        formulas.evaluate(formula[f"search_query_ms_alike_96_16_{spread}"], times)
        for spread in search.SPREADS
    ]
    assert found == pytest.approx([1, 1.78, 2, 3])


# Routers


def test_routers_give_what_all_words_would():
    """Also where a word comes twice; the rules are held against every word of the vocabulary."""
    router = search.drawn_router(40, 6, "cpu")
    error, wrong = search.router_errors(router, torch.randint(40, (30, 9)))
    assert error < LIMIT
    assert wrong == 0


@pytest.mark.parametrize("name", search.ROUTERS)
def test_a_router_always_chooses_an_index(name):
    """Even where all logits are negative."""
    router = search.drawn_router(50, 4, "cpu")
    routes = router.routes(name, torch.randint(50, (200, 5)))
    assert routes.shape == (200, search.INDICES)
    assert routes.any(1).all()
    assert len(set(map(tuple, routes.tolist()))) > 1


def test_logits_above_zero_are_chosen():
    """And the largest one."""
    router = search.drawn_router(3, 2, "cpu")
    linear = torch.tensor([[1.0, -1.0, 2.0], [-3.0, -1.0, -2.0], [0.5, -0.5, -0.1]])
    chosen = replace(router, linear=linear).routes("logistic", torch.tensor([[0], [1], [2]]))
    assert chosen.tolist() == [[True, False, True], [False, True, False], [True, False, False]]


# Parts


def test_names_of_metrics_are_unique_and_their_own():
    """They begin alike, so that they meet no other part's, and every formula can be read."""
    metrics = [metric for part in parts().parts.values() for metric in part.metrics]
    names = [metric.name for metric in metrics]
    assert len(names) == len(set(names))
    assert all(harness._NAME.fullmatch(name) and name.startswith("search_") for name in names)
    assert all(formulas.names_in(metric.formula) for metric in metrics)


def test_plots_draw_metrics_that_are_declared():
    """Each point is one."""
    experiment = parts()
    names = {metric.name for part in experiment.parts.values() for metric in part.metrics}
    drawn = [
        point["metric"] for plot in experiment.plots for one in plot["series"] for point in one["points"]
    ]
    assert set(drawn) <= names
    titles = [plot["name"] for plot in experiment.plots]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize(("preset", "dim", "absent"), [("smoke", 24, ()), ("cpu", 96, ("kernel", "speedup"))])
def test_a_run_has_every_metric_that_its_preset_declares(preset, dim, absent, tmp_path, monkeypatch):
    """But for FAISS, and what only a GPU measures; all checks pass, and values follow from samples."""
    small = replace(
        search.SIZES[preset], vectors=60, batches=search.SIZES[preset].batches[:2], vocabulary=200,
        effort=timing.Effort(0.0, 1, 1), drawn=2, repeats=1,
    )  # fmt: skip
    monkeypatch.setitem(search.SIZES, preset, small)
    monkeypatch.setitem(sys.modules, "faiss", None)
    experiment, out = parts(), tmp_path / "run.json"
    assert experiment.main(["--preset", preset, "--device", "cpu", "--out", str(out)]) == 0
    record = json.loads(out.read_text(encoding="utf-8"))
    of_gpu = ("faiss", "gemm", "_device_", *absent)
    expected = {
        metric.name
        for part in experiment.parts.values()
        for metric in part.metrics
        if not any(word in metric.name for word in of_gpu)
        and (f"_{dim}_" in metric.name or metric.name == "search_copy_gbps")
        and not ("_64" in metric.name and preset == "cpu")
    }
    assert expected
    assert expected <= set(record["metrics"])
    of_batch = {"search_router_mlp_ms_1", "search_needed_mean_1_178", "search_scans_saved_1"}
    of_batch |= {f"search_saving_{label}" for label in search._SAVINGS}
    assert of_batch <= set(record["metrics"])
    assert all(check["error"] <= check["limit"] for check in record["checks"])
    assert "FAISS is not installed for this device, and was not measured" in record["notes"]
    value = record["metrics"][f"search_scan_torch_{dim}_1_gbps"]["value"]
    (spent,) = record["samples"][f"search_scan_torch_{dim}_1"]["values"]
    assert value == pytest.approx(60 * dim * 4 / spent / 1e6)


def test_scans_saved_are_those_of_independent_routes():
    """At batch 1 three less the mean; for large batches none."""
    formula = {
        metric.name: metric.formula for part in parts().parts.values() for metric in part.metrics
    }  # fmt: skip
    saved = [
        formulas.evaluate(formula[f"search_scans_saved_{batch}"], {"search_mean_indices": 1.78})
        for batch in (1, 4, 1024)
    ]
    assert saved == pytest.approx([1.22, 3 * (1.22 / 3) ** 4, 0.0])
