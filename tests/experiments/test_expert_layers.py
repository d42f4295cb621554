"""Layers with experts: every way to run one gives what its experts say, token by token, in double precision.

Kernels run in Triton's interpreter, in single precision, which is chosen before anything imports Triton.
"""

import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

# Also where there is a GPU: what is tested is the arithmetic, at sizes no GPU is needed for.
os.environ["TRITON_INTERPRET"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _expert_layers as layers
import _timing as timing
import harness

LIMIT = 2e-5
SHAPE = layers.Shape(24, 16, 5, 2)


def apart(found: torch.Tensor, expected: torch.Tensor) -> float:
    return float((found.double() - expected).abs().max() / expected.abs().max())


@pytest.mark.parametrize("tokens", [1, 2, 17, 50])
@pytest.mark.parametrize(
    "shape",
    [
        layers.Shape(40, 24, 6, 3),
        layers.Shape(17, 19, 5, 1),
        layers.Shape(32, 16, 3, 3),
        layers.Shape(20, 12, 1, 1),
        layers.Shape(24, 33, 7, 2, is_gated=False),
    ],
)
def test_every_way_gives_what_the_experts_say(shape, tokens):
    """Odd widths, more experts than tokens, all experts chosen, with and without a gate."""
    torch.manual_seed(tokens)
    of = layers.layer(shape, "cpu", torch.float32)
    x = torch.randn(tokens, shape.size)
    own = layers.reference(of, x, layers.own_routes(of, x))
    for launch in (layers.Launch(16, 16, 16), layers.Launch(32, 32, 16)):
        assert apart(layers.ours(of, x, launch), own) < LIMIT
    expected = layers.reference(of, x, layers.torch_routes(of, x))
    assert apart(layers.looped(of, x), expected) < LIMIT
    # Torch's own product takes rows of whole 16 bytes only.
    if shape.size % 4 == shape.inner % 4 == 0:
        assert apart(layers.by_torch(of, x), expected) < LIMIT


@pytest.mark.parametrize(("tokens", "experts", "chosen"), [(1, 1, 1), (5, 3, 2), (16, 64, 8), (33, 7, 7)])
def test_routing_takes_the_largest_shares_of_softmax(tokens, experts, chosen):
    """In falling order; equal logits give the lower expert first."""
    logits = torch.randn(tokens, experts)
    weights, best = layers.routed(logits, chosen)
    expected = logits.softmax(1).topk(chosen, 1)
    assert torch.equal(best.long(), expected.indices)
    assert torch.allclose(weights, expected.values, atol=1e-6)
    even, first = layers.routed(torch.zeros(2, 4), 2)
    assert torch.allclose(even, torch.full((2, 2), 0.25))
    assert first.tolist() == [[0, 1], [0, 1]]


def biased(shape: layers.Shape, wanted: dict[int, float]) -> tuple[layers.Layer, torch.Tensor]:
    """Return a layer and 19 tokens whose logits are those wanted, and 0 for other experts."""
    torch.manual_seed(3)
    of = layers.layer(shape, "cpu", torch.float32)
    x = torch.randn(19, shape.size)
    x[:, 0] = 1
    of.router.zero_()
    for expert, logit in wanted.items():
        of.router[expert, 0] = logit
    return of, x


@pytest.mark.parametrize("wanted", [{3: 9.0, 1: 7.0}, {0: 2.0, 4: 1.0}])
def test_experts_that_no_token_takes_say_nothing(wanted):
    """All tokens take the same two of five experts; which three are without any makes no difference."""
    of, x = biased(SHAPE, wanted)
    routes = layers.own_routes(of, x)
    assert routes.experts.unique().tolist() == sorted(wanted)
    expected = layers.reference(of, x, routes)
    for call in (lambda: layers.ours(of, x, layers.Launch(16, 16, 16)), lambda: layers.looped(of, x)):
        assert apart(call(), expected) < LIMIT


def test_equal_logits_are_no_difference():
    """The reference follows the routes that a way took; by others it says something else."""
    of, x = biased(SHAPE, {2: 1.0})
    own = layers.own_routes(of, x)
    assert own.experts.tolist() == [[2, 0]] * 19
    assert apart(layers.ours(of, x, layers.Launch(16, 16, 16)), layers.reference(of, x, own)) < LIMIT
    other = layers.Routes(own.weights, torch.tensor([[2, 4]] * 19))
    assert layers.route_errors(x @ of.router.T, other)[0] == 0
    assert apart(layers.ours(of, x, layers.Launch(16, 16, 16)), layers.reference(of, x, other)) > 0.1


@pytest.mark.parametrize("chosen", [0, 6])
def test_more_experts_than_there_are_can_not_be_taken(chosen):
    """Nor none."""
    with pytest.raises(ValueError, match=f"a layer of 5 experts has no {chosen} best ones"):
        layers.routed(torch.zeros(3, 5), chosen)


@pytest.mark.parametrize(
    "row", [[math.nan] * 5, [-math.inf] * 5, [0, 1, math.inf, 0, 2], [0, math.nan, 1, 2, 3]]
)
@pytest.mark.parametrize("chosen", [1, 3, 5])
def test_a_row_without_shares_takes_experts_that_there_are(row, chosen):
    """With weights that are not numbers; the rows beside it are as they were."""
    torch.manual_seed(0)
    logits = torch.randn(19, 5)
    logits[4] = torch.tensor(row)
    weights, best = layers.routed(logits, chosen)
    assert weights[4].isnan().all()
    assert best[4].tolist() == list(range(chosen))
    others = torch.arange(19) != 4
    expected = logits[others].softmax(1).topk(chosen, 1)
    assert torch.equal(best[others].long(), expected.indices)
    assert torch.allclose(weights[others], expected.values, atol=1e-6)


def test_an_expert_of_no_chance_is_taken_last():
    """A logit of minus infinity is a share of nothing, and no lost row."""
    weights, best = layers.routed(torch.tensor([[0.0, -math.inf, 1.0]]), 3)
    assert best.tolist() == [[2, 0, 1]]
    assert weights[0, 2] == 0
    assert float(weights.sum()) == pytest.approx(1)


def test_a_token_that_is_not_a_number_makes_its_result_none():
    """So that a look at the results finds it; other tokens are not touched."""
    torch.manual_seed(0)
    of, x = layers.layer(SHAPE, "cpu", torch.float32), torch.randn(19, 24)
    expected = layers.ours(of, x, layers.Launch(16, 16, 16))
    x[7] = math.nan
    found = layers.ours(of, x, layers.Launch(16, 16, 16))
    assert found[7].isnan().all()
    others = torch.arange(19) != 7
    assert torch.equal(found[others], expected[others])
    with pytest.raises(timing.NotFinite):
        timing.checked(lambda _: layers.ours(of, x, layers.Launch(16, 16, 16)))


@pytest.mark.parametrize(
    ("experts", "wrong"),
    [([[1, 2]], 0), ([[2, 1]], 1), ([[1, 1]], 1), ([[1, 0]], 1), ([[1, 3]], 1), ([[-1, 2]], 1)],
)
def test_wrong_routes_are_counted(experts, wrong):
    """In the wrong order, twice the same, not the best, and none that there is."""
    logits = torch.tensor([[1.0, 3.0, 2.0]])
    weights = logits.softmax(1)[:, [1, 2]]
    assert layers.route_errors(logits, layers.Routes(weights, torch.tensor(experts)))[0] == wrong


def test_wrong_shares_are_told():
    """By how much they differ from those of softmax."""
    logits = torch.tensor([[1.0, 3.0, 2.0]])
    routes = layers.Routes(logits.softmax(1)[:, [1, 2]] + 0.25, torch.tensor([[1, 2]]))
    assert layers.route_errors(logits, routes)[1] == pytest.approx(0.25)


@pytest.fixture
def bench(tmp_path: Path) -> layers._Bench:
    torch.manual_seed(0)
    journal = harness.Journal(tmp_path / "out.json", "key", 1)
    run = harness.Run(SimpleNamespace(), "smoke", "cpu", (1,), journal)
    return layers._Bench(run, "layers", "small", layers.layer(SHAPE, "cpu", torch.float32))


def failed(bench: layers._Bench) -> list[str]:
    return [check["what"] for check in bench.run.checks if check["error"] > check["limit"]]


def few(monkeypatch: pytest.MonkeyPatch, *cuts: layers.Launch) -> None:
    monkeypatch.setattr(layers, "launches", lambda shape, tokens: list(cuts))


GOOD, BAD = layers.Launch(16, 16, 16), layers.Launch(16, 32, 16)
Call = Callable[..., torch.Tensor]


def breaking(function: Call, harm: Callable[[torch.Tensor], torch.Tensor]) -> Call:
    """Return a way that is harmed: of ours one cut."""

    def broken(of: layers.Layer, x: torch.Tensor, *cut: layers.Launch) -> torch.Tensor:
        found = function(of, x, *cut)
        return harm(found) if cut in ((), (BAD,)) else found

    return broken


@pytest.mark.parametrize("harm", [lambda said: said * 1.01, lambda said: said * math.nan])
def test_a_wrong_cut_fails_a_check_and_is_not_timed(bench, monkeypatch, harm):
    """Also the second one, and at the number of tokens that is timed; the right one still is."""
    few(monkeypatch, GOOD, BAD)
    monkeypatch.setattr(layers, "ours", breaking(layers.ours, harm))
    layers._time_all(bench, 21)
    assert failed(bench) == [f"layer with experts, ours, {BAD}, small, 21 tokens"]
    assert {"step": "grouped product, small_21", "name": str(GOOD)} in bench.run.backends
    assert "experts_time_ours_small_21" in bench.run.samples


def test_no_right_cut_is_no_time(bench, monkeypatch):
    """The other ways have theirs."""
    few(monkeypatch, BAD)
    monkeypatch.setattr(layers, "ours", breaking(layers.ours, lambda said: said + 1))
    layers._time_all(bench, 21)
    assert "experts_time_ours_small_21" not in bench.run.samples
    assert "experts_time_looped_small_21" in bench.run.samples


def test_torch_s_product_is_checked_too(bench, monkeypatch):
    """One wrong token of those compared is enough."""

    def harm(said: torch.Tensor) -> torch.Tensor:
        said[-1] *= 1.5
        return said

    monkeypatch.setattr(layers, "by_torch", breaking(layers.by_torch, harm))
    layers._time_all(bench, 21)
    assert failed(bench) == ["layer with experts, torch, small, 21 tokens"]
    assert "experts_time_torch_small_21" not in bench.run.samples


def test_a_cut_that_needs_too_much_is_left_out(bench, monkeypatch):
    """With a note, and without a failed check."""

    ours = layers.ours

    def fitting(of, x, launch):
        if launch == BAD:
            raise timing.OutOfResources(300, 200, "shared memory")
        return ours(of, x, launch)

    few(monkeypatch, BAD, GOOD)
    monkeypatch.setattr(layers, "ours", fitting)
    layers._time_all(bench, 21)
    assert failed(bench) == []
    assert any(note.startswith(f"ours, {BAD}, small: left out, out of resource") for note in bench.run.notes)
    assert "experts_time_ours_small_21" in bench.run.samples


def test_an_error_of_our_kernel_ends_the_run(bench, monkeypatch):
    """Only what a machine lacks is left out."""

    def failing(of, x, launch):
        raise RuntimeError("an illegal memory access")

    monkeypatch.setattr(layers, "ours", failing)
    with pytest.raises(RuntimeError, match="illegal"):
        layers._time_all(bench, 21)


def test_sets_of_inputs_fill_the_cache_twice(bench, monkeypatch):
    """With the experts that they take; one token takes two of five."""
    expert = layers._expert_bytes(bench.of)
    monkeypatch.setattr(timing, "cache_bytes", lambda device: 0)
    assert len(layers._inputs(bench, 1)[0]) == 1
    monkeypatch.setattr(timing, "cache_bytes", lambda device: 2 * expert)
    inputs, hit = layers._inputs(bench, 1)
    taken = torch.cat([layers.torch_routes(bench.of, x).experts.flatten() for x in inputs]).unique()
    assert hit == [2] * len(inputs)
    assert len(inputs) > 1
    assert len(taken) * expert + sum(x.nbytes for x in inputs) >= 4 * expert
    assert len(layers._inputs(bench, 300)[0]) == 1


def test_copies_of_dense_weights_fill_the_cache_twice(bench, monkeypatch):
    """A call takes the next copy; of weights that are larger than the cache one is enough."""
    size = 2 * layers._expert_bytes(bench.of)
    x = bench.random(3, SHAPE.size)
    for cache, copies in ((0, 1), (size, 2), (3 * size, 6), (size // 3, 1)):
        monkeypatch.setattr(timing, "cache_bytes", lambda device, cache=cache: cache)
        way = layers._dense_way(bench, [x], 2)
        assert way.sets == copies
        results = [way.call(place) for place in range(way.sets)]
        assert all(not torch.equal(one, results[0]) for one in results[1:])
        assert torch.equal(way.call(way.sets), results[0])


@settings(max_examples=60, deadline=None)
@given(
    best=st.lists(st.integers(0, 6), min_size=1, max_size=60),
    rows=st.sampled_from([1, 4, 16]),
)
def test_tiles_hold_every_pair_once_beside_its_expert(best, rows):
    """However unevenly experts are chosen; no tile is longer than its rows."""
    chosen = torch.tensor(best, dtype=torch.int32)[:, None]
    cut = layers.tiles(chosen, 7, rows)
    seen = []
    for expert, first, end in zip(cut.expert.tolist(), cut.first.tolist(), cut.end.tolist(), strict=True):
        pairs = cut.order[first : min(first + rows, end)].tolist() if expert >= 0 else []
        assert all(best[pair] == expert for pair in pairs)
        seen += pairs
    assert sorted(seen) == list(range(len(best)))


def test_a_layer_has_the_matrices_that_its_shape_says():
    """Three of an expert with a gate, two without."""
    gated = layers.layer(layers.Shape(8, 4, 2, 1), "cpu", torch.float32)
    plain = layers.layer(layers.Shape(8, 4, 2, 1, is_gated=False), "cpu", torch.float32)
    for of in (gated, plain):
        numbers = of.into[0].numel() + of.out[0].numel()
        assert numbers == of.shape.matrices * of.shape.size * of.shape.inner


def test_names_of_metrics_are_unique():
    """Also those of both parts together."""
    names = [
        metric.name
        for prefix, kinds in (("layers", layers._LARGE), ("switch", layers._SWITCH))
        for metric in layers._metrics(kinds, prefix)
    ]
    assert len(names) == len(set(names))
