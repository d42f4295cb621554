"""Kernels of sparse attention: each gives what its reference gives in double precision, at awkward sizes too.

They run in Triton's interpreter, in single precision, which has to be chosen before anything imports Triton:
the modules are imported when tests are collected, before any test runs.
"""

import json
import math
import os
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

# Also where there is a GPU: what is tested is the arithmetic of the kernels, at sizes no GPU is needed for.
os.environ["TRITON_INTERPRET"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _sparse_attention_kernels as kernels
import _sparse_attention_speed as speed
import _timing as timing
import harness

LIMIT = 2e-5
LENGTHS = (1, 7, 65)
HEADS = ((4, 1), (2, 2))


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


def inputs(length: int, heads: int, kv_heads: int, dim: int) -> tuple[torch.Tensor, ...]:
    return (
        torch.randn(heads, length, dim),
        torch.randn(kv_heads, length, dim),
        torch.randn(kv_heads, length, dim),
    )


def indexer(length: int, heads: int = 4, dim: int = 16):
    return kernels.Indexer(
        torch.randn(heads, length, dim),
        torch.randn(length, dim),
        torch.rand(heads, length),
        torch.randn(heads),
    )


def tokens(length: int):
    """Return random lists of keys that each query sees; the first and some others are empty."""
    future = torch.ones(length, length, dtype=torch.bool).triu(1)
    order = torch.rand(length, length).masked_fill(future, 2.0).argsort(1)
    counts = (torch.rand(length) * (torch.arange(length) + 2)).int()
    counts[::4] = 0
    return kernels.TokenLists(order.int(), counts)


def blocks(length: int, tile: int, block: int, keep: int = 2):
    """Return random lists of blocks; every third tile has none."""
    scores = torch.rand(-(-length // tile), -(-length // block))
    begins, ends = torch.arange(scores.shape[1]) * block, torch.arange(1, len(scores) + 1) * tile
    chosen = kernels.select_blocks(scores.masked_fill(begins >= ends[:, None], -math.inf), keep, tile, block)
    chosen.counts[2::3] = 0
    chosen.full[2::3] = 0
    return chosen


def difference(found: torch.Tensor, expected: torch.Tensor) -> float:
    """Return the largest difference; where one alone is minus infinity it is infinite."""
    if not torch.equal(found == -math.inf, expected == -math.inf):
        return math.inf
    return float((found.double() - expected.double()).nan_to_num(nan=0.0).abs().max())


# Indexer


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("kind", ["gated-sigmoid", "sigmoid", "relu"])
def test_scores_are_those_of_the_formula(length, kind):
    """Every kind of indexer scores all pairs as its formula does, and no future key."""
    given = indexer(length)
    scores, _ = kernels.index_scores(given, 0, length, kind=kind, sizes=(16, 32, 1))
    assert difference(scores, kernels.reference_scores(given, kind)) < LIMIT


@pytest.mark.parametrize(("first", "last"), [(0, 1), (5, 6), (30, 65), (64, 65)])
def test_a_chunk_of_queries_scores_as_in_the_whole(first, last):
    """A chunk gives its rows of the whole matrix, with columns up to its last query."""
    given = indexer(65)
    scores, _ = kernels.index_scores(given, first, last, sizes=(16, 16, 2))
    assert scores.shape == (last - first, last)
    assert difference(scores, kernels.reference_scores(given)[first:last, :last]) < LIMIT


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_an_indexer_has_one_two_or_four_heads(heads):
    """Each number of heads that is admitted gives the formula's scores."""
    given = indexer(33, heads)
    scores, _ = kernels.index_scores(given, 0, 33, sizes=(32, 32, 8))
    assert difference(scores, kernels.reference_scores(given)) < LIMIT


@pytest.mark.parametrize(("heads", "kind"), [(3, "relu"), (4, "tanh")])
def test_another_indexer_is_refused(heads, kind):
    """Three heads, or a kind that isn't known, are refused in a sentence."""
    with pytest.raises(ValueError, match=f"no indexer has {heads} heads of kind {kind}"):
        kernels.index_scores(indexer(8, heads), 0, 8, kind=kind)


def test_one_head_ranks_keys_alike_with_and_without_its_gate_and_sigmoid():
    """With one head neither the gate nor the sigmoid changes which keys are best."""
    given = indexer(40, heads=1)
    gated, _ = kernels.index_scores(given, 0, 40, kind="gated-sigmoid")
    plain, _ = kernels.index_scores(given, 0, 40, kind="sigmoid")
    products = (given.queries[0] @ given.keys.T).masked_fill(plain == -math.inf, -math.inf)
    for row in range(5, 40):
        best = set(products[row].topk(5).indices.tolist())
        assert set(gated[row].topk(5).indices.tolist()) == best == set(plain[row].topk(5).indices.tolist())


def test_the_variance_is_over_the_keys_that_a_query_sees():
    """Rows' variances are those of their finite scores; the first query's is zero."""
    given = indexer(65)
    _, variance = kernels.index_scores(given, 0, 65, sizes=(16, 16, 2))
    scores = kernels.reference_scores(given)
    expected = torch.stack([scores[row, : row + 1].var(correction=0) for row in range(65)])
    assert difference(variance, expected) < LIMIT
    assert float(variance[0]) == 0


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("reduce", ["max", "mean"])
@pytest.mark.parametrize(("tile", "block"), [(16, 32), (32, 16)])
def test_block_scores_are_of_the_visible_pairs(length, reduce, tile, block):
    """A tile and block score the largest or the mean of their visible pairs; unseen blocks minus infinity."""
    given = indexer(length)
    expected = kernels.reference_block_scores(kernels.reference_scores(given), tile, block, reduce)
    assert difference(kernels.block_scores(given, tile, block, reduce=reduce, span=2), expected) < LIMIT


def test_counts_fall_with_variance_and_keep_their_bounds():
    """The adaptive count is base * (0.5 + 1 / (1 + tau v)) within its bounds and what a query sees."""
    variance = torch.tensor([0.0] * 100 + [1.0] * 50 + [50.0] * 50)
    counts = kernels.adaptive_counts(variance, base=64, least=33, most=80)
    relative = variance / variance.mean()
    expected = (64 * (0.5 + 1 / (1 + relative))).round().clamp(33, 80)
    assert torch.equal(counts, torch.minimum(expected, torch.arange(1, 201)).int())
    assert torch.equal(counts[:33], torch.arange(1, 34).int())
    assert int(counts[99]) == 80
    assert int(counts[-1]) < int(counts[120])


def test_equal_scores_give_every_query_the_largest_count():
    """Where no score varies the relative variance is zero, not undefined."""
    counts = kernels.adaptive_counts(torch.zeros(50), base=8, least=2, most=100)
    assert torch.equal(counts, torch.arange(1, 51).clamp(max=12).int())


# Attention over lists


@pytest.mark.parametrize("length", [1, 7, 33])
@pytest.mark.parametrize(("heads", "kv_heads"), HEADS)
def test_each_query_attends_its_own_list(length, heads, kv_heads):
    """Token-level attention is masked dense attention; queries with an empty list get zeros."""
    given, chosen = inputs(length, heads, kv_heads, 16), tokens(length)
    out = kernels.token_attention(*given, chosen, chunk=32)
    assert difference(out, kernels.reference_attention(*given, kernels.token_mask(chosen, length))) < LIMIT
    assert not out[:, ::4].any()


@pytest.mark.parametrize("dim", [32, 64])
def test_heads_may_be_wider(dim):
    """Token-level and tile-shared attention hold for other widths of a head."""
    given, chosen = inputs(33, 2, 1, dim), tokens(33)
    out = kernels.token_attention(*given, chosen, chunk=32)
    assert difference(out, kernels.reference_attention(*given, kernels.token_mask(chosen, 33))) < LIMIT
    lists = blocks(33, 16, 16)
    out, _ = kernels.block_attention(*given, lists)
    assert difference(out, kernels.reference_attention(*given, kernels.block_mask(lists, 33))) < LIMIT


def test_half_precision_rounds_and_no_more():
    """With numbers of 16 bits every kernel of attention stays within their rounding."""
    half = [one.half() for one in inputs(33, 2, 1, 16)]
    chosen, lists = tokens(33), blocks(33, 16, 16)
    out = kernels.token_attention(*half, chosen)
    assert out.dtype == torch.half
    assert difference(out, kernels.reference_attention(*half, kernels.token_mask(chosen, 33))) < 4e-3
    out, _ = kernels.block_attention(*half, lists)
    assert difference(out, kernels.reference_attention(*half, kernels.block_mask(lists, 33))) < 4e-3


def test_bfloat16_is_refused_where_it_would_be_multiplied_wrongly():
    """The interpreter knows no bfloat16, and gives no error of its own."""
    given = [one.bfloat16() for one in inputs(16, 2, 1, 16)]
    with pytest.raises(ValueError, match="bfloat16"):
        kernels.block_attention(*given, blocks(16, 16, 16))
    with pytest.raises(ValueError, match="bfloat16"):
        kernels.token_attention(*given, tokens(16))


@pytest.mark.parametrize("length", (*LENGTHS, 129))
@pytest.mark.parametrize(("heads", "kv_heads"), HEADS)
@pytest.mark.parametrize(("tile", "block", "pack"), [(32, 16, 1), (16, 32, 2)])
def test_a_tile_attends_its_list_of_blocks(length, heads, kv_heads, tile, block, pack):
    """Tile-shared attention is masked dense attention, packed heads or not; empty lists give zeros."""
    given, chosen = inputs(length, heads, kv_heads, 16), blocks(length, tile, block)
    out, _ = kernels.block_attention(*given, chosen, kernels.Launch(pack=pack))
    mask = kernels.block_mask(chosen, length)
    assert difference(out, kernels.reference_attention(*given, mask)) < LIMIT
    assert not out[:, ~mask.any(1)].any()
    assert kernels.visible_pairs(chosen, length) == int(mask.sum())


@pytest.mark.parametrize("length", [1, 65])
def test_gradients_are_those_of_masked_attention(length):
    """Queries, keys and values get the gradients that the reference gets, rows without a key none."""
    given, chosen = inputs(length, 4, 2, 16), blocks(length, 32, 16)
    ours, exact = (
        [one.clone().to(kind).requires_grad_() for one in given] for kind in (torch.float, torch.double)
    )
    slope = torch.randn(given[0].shape)
    kernels.BlockAttention.apply(*ours, chosen, kernels.Launch()).backward(slope)
    kernels.reference_attention(*exact, kernels.block_mask(chosen, length)).backward(slope.double())
    for one, other in zip(ours, exact, strict=True):
        assert difference(one.grad, other.grad) < LIMIT


def test_gradients_are_the_same_every_time():
    """Nothing is added atomically: two backward passes agree in every bit."""
    given, chosen = inputs(40, 2, 1, 16), blocks(40, 16, 16)
    out, logarithm = kernels.block_attention(*given, chosen)
    slope = torch.randn_like(out)
    twice = [kernels.block_attention_backward(slope, (*given, out, logarithm), chosen) for _ in range(2)]
    assert all(torch.equal(one, other) for one, other in zip(*twice, strict=True))


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_any_lists_of_blocks_are_masked_attention(data):
    """Whatever length, grouping, tiling and lists are drawn, tile-shared attention is masked attention."""
    length = data.draw(st.integers(1, 70))
    kv_heads, group = data.draw(st.integers(1, 2)), data.draw(st.sampled_from([1, 2, 3]))
    tile, block = data.draw(st.sampled_from([16, 32])), data.draw(st.sampled_from([16, 32, 64]))
    given = inputs(length, kv_heads * group, kv_heads, 16)
    chosen = blocks(length, tile, block, data.draw(st.integers(1, 5)))
    out, _ = kernels.block_attention(*given, chosen, kernels.Launch(pack=data.draw(st.sampled_from([1, 2]))))
    assert difference(out, kernels.reference_attention(*given, kernels.block_mask(chosen, length))) < LIMIT


# Lists


@settings(max_examples=60, deadline=None)
@given(
    length=st.integers(1, 300),
    keep=st.integers(1, 12),
    tile=st.sampled_from([16, 32, 64]),
    block=st.sampled_from([16, 32, 64]),
    seed=st.integers(0, 99),
)
def test_selected_blocks_keep_their_budget_and_the_diagonal(length, keep, tile, block, seed):
    """Lists rise, hold no future block, the diagonal always, and no more than the budget beyond it."""
    torch.manual_seed(seed)
    scores = torch.rand(-(-length // tile), -(-length // block))
    begins, ends = torch.arange(scores.shape[1]) * block, torch.arange(1, len(scores) + 1) * tile
    chosen = kernels.select_blocks(scores.masked_fill(begins >= ends[:, None], -math.inf), keep, tile, block)
    for place, (listed, count, full) in enumerate(zip(chosen.lists, chosen.counts, chosen.full, strict=True)):
        first = place * tile
        kept = listed[: int(count)].tolist()
        last = min(first + tile, length) - 1
        diagonal = range(first // block, last // block + 1)
        assert kept == sorted(set(kept))
        assert set(diagonal) <= set(kept)
        assert max(kept) * block <= first + tile - 1
        assert len(kept) <= max(keep, -(-tile // block) + 1)
        assert [one for one in kept if (one + 1) * block <= first] == kept[: int(full)]


@pytest.mark.parametrize(("length", "window", "sinks"), [(1, 4, 1), (129, 20, 1), (129, 1, 2), (200, 500, 0)])
def test_a_window_covers_every_querys_reach_and_the_sinks(length, window, sinks):
    """Each query sees the sinks and at least its window, no future key, and nothing a block before either."""
    tile, block = 32, 16
    mask = kernels.block_mask(kernels.window_lists(length, window, sinks, tile, block, "cpu"), length)
    for row in range(length):
        seen = mask[row].nonzero().flatten().tolist()
        assert set(range(max(0, row - window + 1), row + 1)) <= set(seen)
        assert set(range(min(sinks * block, row + 1))) <= set(seen)
        reach = (row // tile * tile - window + 1) // block * block
        assert all(one < sinks * block or one >= reach for one in seen)


@pytest.mark.parametrize("length", [1, 64, 129])
def test_all_blocks_are_dense_attention(length):
    """The lists of all blocks admit every causal pair."""
    chosen = kernels.all_blocks(length, 32, 16, "cpu")
    assert kernels.visible_pairs(chosen, length) == length * (length + 1) // 2


# Threshold skip


@pytest.mark.parametrize("length", [1, 7, 97])
@pytest.mark.parametrize(("heads", "kv_heads"), HEADS)
def test_blocks_below_the_threshold_are_left_out(length, heads, kv_heads):
    """The result and the count of skipped blocks are those of the reference."""
    given = inputs(length, heads, kv_heads, 16)
    thresholds = 1.0 + torch.randn(heads, -(-length // 32))
    out, skipped = kernels.skip_attention(*given, thresholds, 32, 16)
    mask, expected = kernels.reference_skip_mask(given[0], given[1], thresholds, 32, 16)
    assert difference(out, kernels.reference_attention(*given, mask)) < LIMIT
    assert torch.equal(skipped, expected)


@pytest.mark.parametrize(("threshold", "share"), [(-math.inf, 0.0), (math.inf, 1.0)])
def test_thresholds_at_infinity_keep_all_or_the_diagonal(threshold, share):
    """Nothing is below minus infinity; below infinity is all but the diagonal."""
    given = inputs(96, 2, 1, 16)
    _, skipped = kernels.skip_attention(*given, torch.full((2, 3), threshold), 32, 16)
    assert torch.equal(skipped, (torch.tensor([0, 2, 4]).repeat(2, 1) * share).int())


def test_thresholds_of_another_shape_are_refused():
    """Thresholds must be one per head and tile, and tiles whole blocks."""
    with pytest.raises(ValueError, match="thresholds for 2 heads and 2 tiles"):
        kernels.skip_attention(*inputs(64, 2, 1, 16), torch.zeros(2, 3), 32, 16)


# Decoding


@pytest.mark.parametrize("length", [1, 7, 129])
@pytest.mark.parametrize("splits", [1, 5])
def test_decoding_attends_all_keys_or_a_list(length, splits):
    """One query of each sequence attends all its keys or its list, in any number of shares."""
    q, k, v = torch.randn(3, 4, 32), torch.randn(3, 2, length, 32), torch.randn(3, 2, length, 32)
    counts = torch.tensor([0, (length + 1) // 2, length], dtype=torch.int32)
    chosen = kernels.TokenLists(torch.rand(3, length).argsort(1).int(), counts)
    for lists, mask in (
        (None, torch.ones(3, length, dtype=torch.bool)),
        (chosen, kernels.token_mask(chosen, length)),
    ):
        out = kernels.decode_attention(q, k, v, lists, splits=splits, block=32)
        expected = kernels.reference_attention(q[:, :, None], k, v, mask[:, None, None])[:, :, 0]
        assert difference(out, expected) < LIMIT


def test_the_indexer_scores_alike_in_decoding():
    """The last query's scores are those that it has among all queries."""
    given = indexer(65)
    scores = kernels.decode_scores(
        given.queries[:, -1][None].contiguous(),
        given.keys[None],
        given.gate[:, -1][None].contiguous(),
        given.bias,
    )
    assert difference(scores[0], kernels.reference_scores(given)[-1]) < LIMIT


def test_sampled_rows_are_rows_of_the_whole():
    """The reference of some queries is that of all."""
    given, chosen = inputs(50, 4, 2, 16), tokens(50)
    mask, rows = kernels.token_mask(chosen, 50), torch.tensor([0, 3, 49])
    found = kernels.reference_rows(*given, rows, mask[rows])
    assert difference(found, kernels.reference_attention(*given, mask)[:, rows]) < LIMIT


def test_a_gate_is_a_sigmoid_of_a_projection():
    """The gate multiplies by the sigmoid of hidden states' projection and bias."""
    x, hidden, weight, bias = torch.randn(5, 8), torch.randn(5, 6), torch.randn(6, 8), torch.randn(8)
    expected = x * (hidden @ weight + bias).sigmoid()
    assert difference(kernels.gated(x.clone(), hidden, weight, bias), expected) < LIMIT


def test_numbers_go_through_as_many_sigmoids_as_were_asked():
    """The loop that measures the special-function unit applies every round."""
    numbers = torch.randn(1024)
    assert difference(kernels.many_sigmoids(numbers, 3), numbers.sigmoid().sigmoid().sigmoid()) < LIMIT


# Timing


def test_numbers_that_were_not_written_are_found():
    """A call that returns a new tensor without writing all of it is refused."""

    def half(_: int) -> torch.Tensor:
        out = torch.empty(8)
        out[:4] = 1
        return out

    with pytest.raises(timing.NotFinite, match="not written"):
        timing.measured(half, device="cpu", effort=timing.Effort(0.0, 1, 1))


def test_torch_is_as_it_was_after_timing():
    """Neither determinism nor the filling of new tensors is changed for what runs later."""
    before = (
        torch.are_deterministic_algorithms_enabled(),
        torch.utils.deterministic.fill_uninitialized_memory,
    )
    timing.measured(lambda _: torch.ones(2), device="cpu", effort=timing.Effort(0.0, 1, 1))
    after = (
        torch.are_deterministic_algorithms_enabled(),
        torch.utils.deterministic.fill_uninitialized_memory,
    )
    assert before == after


def test_every_sample_is_kept_within_its_bounds():
    """There are at least and at most as many samples as the effort says, one for each call."""
    slow = timing.measured(lambda _: torch.ones(2), device="cpu", effort=timing.Effort(0.0, 3, 5))
    fast = timing.measured(lambda _: torch.ones(2), device="cpu", effort=timing.Effort(1.0, 3, 5))
    assert (len(slow), len(fast)) == (3, 5)
    assert all(sample > 0 for sample in slow + fast)


def test_stages_sum_to_the_total():
    """A stage that ends twice is summed, and the total is all of them."""

    def call(_: int, mark) -> None:
        for name in ("first", "second", "first"):
            torch.ones(100).sum()
            mark(name)

    found = timing.staged(call, device="cpu", effort=timing.Effort(0.0, 2, 2))
    assert set(found) == {"first", "second", "total"}
    assert [a + b for a, b in zip(found["first"], found["second"], strict=True)] == pytest.approx(
        found["total"]
    )


# Parts


def test_parts_run_and_every_metric_is_a_formula_of_what_they_keep(tmp_path):
    """Small parts give metrics whose checks pass, and each names its limits and baseline."""
    experiment = harness.Experiment("sparse_attention.py", "Title", "Question?", "Limits")
    speed.add_parts(experiment)
    out = tmp_path / "run.json"
    parts = [word for name in ("prefill-window", "memory") for word in ("--part", name)]
    assert experiment.main(["--preset", "smoke", *parts, "--out", str(out)]) == 0
    record = json.loads(out.read_text(encoding="utf-8"))
    assert {"window_33_speedup", "prefill_window_dense_a_33_tflops", "prefill_window_gemm_tflops"} <= set(
        record["metrics"]
    )
    assert record["metrics"]["kv_bytes_ratio_a"]["value"] == pytest.approx(1 + 16 / 2 / 16)
    assert all(check["error"] <= check["limit"] for check in record["checks"])


def test_no_two_metrics_have_one_name():
    """Names are unique over all parts, and fit what a record admits."""
    experiment = harness.Experiment("sparse_attention.py", "Title", "Question?", "Limits")
    speed.add_parts(experiment)
    names = [metric.name for part in experiment.parts.values() for metric in part.metrics]
    assert len(names) == len(set(names))
    assert all(harness._NAME.fullmatch(name) for name in names)
