"""Parts of the sparse-attention experiment that check its kernels, time them, and count what they select.

Dense attention, the whole pipeline of a gated sparse attention (projections, indexer, selection,
attention), and two schemes without an indexer.  Times are of whole pipelines with an event between their
stages, so that the stages sum to the total.  Every part that compares measures its own dense baseline and
this machine's own limits.

FLOPs count the causal pairs that a scheme admits, two products of ``2 * dim`` each; what a kernel computes
and masks away isn't counted.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import _sparse_attention_kernels as kernels
import _timing
import torch
from _sparse_attention_kernels import BlockLists, Indexer, Launch, TokenLists
from _timing import Effort
from harness import Experiment, Metric, Refusal, Run, over_seeds
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.attention.flex_attention import BlockMask, flex_attention
from torch.nn.functional import scaled_dot_product_attention

_NEEDED_BACKENDS = {
    "cudnn": SDPBackend.CUDNN_ATTENTION,
    "flash": SDPBackend.FLASH_ATTENTION,
    "efficient": SDPBackend.EFFICIENT_ATTENTION,
}
_ABSENT = (RuntimeError, torch._dynamo.exc.FailOnRecompileLimitHit)
_MASKS = 128  # rows and columns of a block of FlexAttention's mask
_SAMPLED = 64  # queries whose result is compared with the reference
_BF16_LIMIT = 2e-2
_FP32_LIMIT = 2e-5


@dataclass(frozen=True)
class Shape:
    """The heads of one attention layer, and how wide its hidden states are."""

    heads: int
    kv_heads: int
    dim: int
    width: int


@dataclass(frozen=True)
class Sizes:
    """How large a preset is."""

    shapes: Mapping[str, Shape]
    effort: Effort
    dense: tuple[int, ...]
    flex: tuple[int, ...]  # fewer, because each is compiled
    sparse: tuple[int, ...]
    skip: tuple[int, ...]
    planted: tuple[int, ...]  # percent of key blocks below the threshold
    variants: tuple[int, ...]
    memory: tuple[int, ...]
    decode: tuple[int, ...]
    batches: tuple[int, ...]
    selected: tuple[int, int, int]  # base, least and most keys of a query
    tilings: Mapping[str, tuple[int, int]]  # queries of a tile, keys of a block
    skip_tiling: tuple[int, int]
    chunk_bytes: int
    index_dim: int
    index_sizes: tuple[int, int, int]
    token_chunk: int
    segment: int
    window: int
    decode_block: int
    slowest: float = math.inf  # milliseconds: beyond them a backend's longer lengths are left out


_GPU = Sizes(
    shapes={"a": Shape(32, 8, 128, 4096), "b": Shape(16, 8, 128, 2048), "k": Shape(32, 32, 64, 2048)},
    effort=Effort(0.6, 3, 30),
    dense=(1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144),
    flex=(4096, 16384, 65536, 131072),
    sparse=(4096, 8192, 16384, 32768, 65536, 131072),
    skip=(16384, 65536, 131072),
    planted=(0, 25, 50, 75, 90),
    variants=(16384, 65536),
    memory=(8192, 32768, 131072),
    decode=(8192, 32768, 131072),
    batches=(1, 8, 64),
    selected=(2048, 256, 4096),
    tilings={"fine": (64, 64), "coarse": (128, 128)},
    skip_tiling=(128, 64),
    chunk_bytes=2**30,
    index_dim=64,
    index_sizes=(128, 64, 8),
    token_chunk=64,
    segment=512,
    window=2048,
    decode_block=64,
    slowest=1200.0,
)
_SMOKE = Sizes(
    shapes={"a": Shape(4, 1, 16, 32), "b": Shape(2, 2, 16, 32), "k": Shape(2, 2, 32, 32)},
    effort=Effort(0.0, 1, 1),
    dense=(64,),
    flex=(64,),
    sparse=(33,),
    skip=(65,),
    planted=(50,),
    variants=(64,),
    memory=(33,),
    decode=(65,),
    batches=(2,),
    selected=(8, 4, 12),
    tilings={"fine": (16, 32), "coarse": (32, 32)},
    skip_tiling=(32, 16),
    chunk_bytes=2**13,
    index_dim=16,
    index_sizes=(32, 32, 2),
    token_chunk=16,
    segment=16,
    window=32,
    decode_block=16,
)
SIZES = {"smoke": _SMOKE, "cpu": _SMOKE, "gpu": _GPU}
INDEX_HEADS = 4
_COMBINATIONS = {("random", "a"), ("structured", "a"), ("random", "b"), ("random", "k")}


def _every(name: str) -> list[int]:
    """Return what any preset has of a size: metrics are declared for all."""
    return sorted({one for sizes in (_SMOKE, _GPU) for one in getattr(sizes, name)})


# -----------------------------------------------------------------------------------------------------------
# What parts share


@dataclass(frozen=True)
class Bench:
    """A run with its sizes: how its parts measure."""

    run: Run
    sizes: Sizes
    prefix: str
    dtype: torch.dtype
    kept: dict[str, list[float]] = field(default_factory=dict)

    @property
    def device(self) -> str:
        """Where tensors live."""
        return self.run.device

    @property
    def is_gpu(self) -> bool:
        """Whether times mean anything."""
        return self.run.device == "cuda"

    def random(self, *shape: int) -> torch.Tensor:
        """Return normal random numbers."""
        return torch.randn(shape, dtype=self.dtype, device=self.device)

    def attempt(self, name: str, function: Callable[[], Any]) -> Any:
        """Run a step, and return its value.

        What this machine has no kernel for gives None and a note; a wrong result also fails a check.
        """
        found = self.run.step(f"{self.prefix}: {name}", lambda: _timing.attempted(function, _ABSENT))
        if found is None:
            return None
        if "wrong" in found:
            self.run.check(
                f"{self.prefix}, {name}: {found['wrong']}", "finite numbers", math.inf, 0.0, "count"
            )
        if "absent" in found:
            self.run.note(f"{self.prefix}, {name}: left out, {found['absent']}")
        return found.get("value")

    def keep(self, name: str, samples: Sequence[float] | None, what: str) -> None:
        """Keep times, where there are any."""
        if samples is not None:
            self.run.sample(name, samples, "ms", what)

    def within(self, what: str, reference: str, error: float) -> None:
        """Check an error relative to the largest number of the reference."""
        limit = _BF16_LIMIT if self.is_gpu else _FP32_LIMIT
        self.run.check(what, reference, error, limit, "largest difference over largest number")


def _bench(run: Run, prefix: str) -> Bench:
    """Return how a part measures; keep what its formulas need of shapes."""
    _timing.require_kernels(run)
    sizes = SIZES[run.preset]
    is_gpu = run.device == "cuda"
    for name, shape in sizes.shapes.items():
        run.parameter(f"heads_{name}", shape.heads, None, f"query heads of shape {name}")
        run.parameter(f"kv_heads_{name}", shape.kv_heads, None, f"key-value heads of shape {name}")
        run.parameter(f"dim_{name}", shape.dim, None, f"dimensions of a head of shape {name}")
        run.parameter(f"width_{name}", shape.width, None, f"width of the hidden states of shape {name}")
    run.parameter("index_heads", INDEX_HEADS, None, "heads of the indexer")
    run.parameter("index_dim", sizes.index_dim, None, "dimensions of an indexer head")
    run.parameter("number_bytes", 2 if is_gpu else 4, "bytes", "one number of keys, values and scores")
    run.dtype = "bfloat16" if is_gpu else "float32"
    run.note(
        "timed calls run without deterministic algorithms, which would fill every new tensor; "
        "one call before them runs with every new tensor filled with NaN"
    )
    return Bench(run, sizes, prefix, torch.bfloat16 if is_gpu else torch.float32)


def _scores_dtype(bench: Bench) -> torch.dtype:
    """Return what scores are stored as: they lie between 0 and 4, where float16 is finer than bfloat16."""
    return torch.float16 if bench.is_gpu else torch.float32


def _relative(found: torch.Tensor, expected: torch.Tensor) -> float:
    """Return the largest difference over the largest number of what was expected."""
    largest = expected.abs().max().clamp(min=1e-30)
    return float((found.double() - expected.double()).abs().max() / largest)


# -----------------------------------------------------------------------------------------------------------
# Limits of the machine


def _measure_limits(bench: Bench) -> None:
    run, prefix = bench.run, bench.prefix
    rounds, count = (512, 2**24) if bench.is_gpu else (2, 1024)

    def measure() -> dict[str, Any]:
        numbers = torch.randn(count, device=bench.device)
        return {
            name: _timing.measured(
                lambda _, fast=fast: kernels.many_sigmoids(numbers, rounds, fast),
                device=bench.device,
                effort=bench.sizes.effort,
            )
            for name, fast in {"sigmoid": False, "tanh": True}.items()
            if bench.is_gpu or not fast
        }

    _timing.keep_limits(run, prefix, bench.sizes.effort)
    found = run.step(f"{prefix}: sigmoids", measure)
    run.parameter("sigmoids", rounds * count, None, "sigmoids of the loop that does nothing else")
    bench.keep(f"{prefix}_sigmoid", found["sigmoid"], "sigmoids of numbers in registers")
    bench.keep(f"{prefix}_tanh", found.get("tanh"), "sigmoids by the approximate tanh, in registers")


def _limit_metrics(prefix: str) -> list[Metric]:
    rows = {
        "sigmoid_gops": (f"sigmoids / median({prefix}_sigmoid) / 1e6", "Gop/s", "sigmoids, exact"),
        "tanh_gops": (f"sigmoids / median({prefix}_tanh) / 1e6", "Gop/s", "sigmoids by the approximate tanh"),
    }
    own = [
        Metric(f"{prefix}_{name}", formula, unit, "measured", f"limit of this machine in this part: {what}")
        for name, (formula, unit, what) in rows.items()
    ]
    return [*_timing.limit_metrics(prefix), *own]


def _pairs(length: int) -> str:
    return f"({length} * {length + 1} / 2)"


def _dense_flops(shape: str, length: int) -> str:
    return f"4 * dim_{shape} * heads_{shape} * {_pairs(length)}"


def _speed_metrics(prefix: str, name: str, sample: str, flops: str, what: str) -> list[Metric]:
    """Return time, TFLOP/s, and the share of this part's matrix product that they are."""
    return [
        Metric(f"{name}_ms", f"median({sample})", "ms", "measured", f"{what}: time"),
        Metric(f"{name}_tflops", f"{flops} / median({sample}) / 1e9", "TFLOP/s", "measured", what),
        Metric(f"{name}_share", f"{name}_tflops / {prefix}_gemm_tflops", None, "measured",
               f"{what}: share of the matrix product measured in the same part"),
    ]  # fmt: skip


# -----------------------------------------------------------------------------------------------------------
# Dense attention


Inputs = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def _attention_inputs(bench: Bench, shape: Shape, length: int) -> list[Inputs]:
    """Return as many sets of queries, keys and values as the cache can't hold."""
    numbers = (shape.heads + 2 * shape.kv_heads) * length * shape.dim
    sets = _timing.copies(numbers * bench.dtype.itemsize, bench.device)
    return [
        (bench.random(shape.heads, length, shape.dim), *bench.random(2, shape.kv_heads, length, shape.dim))
        for _ in range(sets)
    ]


def _sdpa(backend: SDPBackend, inputs: Inputs, is_causal: bool = True) -> torch.Tensor:
    q, k, v = inputs
    with sdpa_kernel(backend):
        is_grouped = q.shape[-3] != k.shape[-3]
        found = scaled_dot_product_attention(
            q[None], k[None], v[None], is_causal=is_causal, enable_gqa=is_grouped
        )  # fmt: skip
    return found[0]


def _sees(batch: torch.Tensor, head: torch.Tensor, query: torch.Tensor, key: torch.Tensor) -> torch.Tensor:
    """Say for FlexAttention which keys a query sees: the same for every sequence and head."""
    del batch, head
    return query >= key


def _causal_mask(length: int, device: str) -> Any:
    """Return FlexAttention's mask of causal attention, written down block by block.

    Built from the function it would need a matrix of all pairs.
    """
    blocks = kernels.ceil_div(length, _MASKS)
    place = torch.arange(blocks, dtype=torch.int32, device=device)
    every = place.repeat(blocks, 1)[None, None]
    diagonal = torch.zeros_like(every)
    diagonal[..., 0] = place
    return BlockMask.from_kv_blocks(
        torch.ones_like(place)[None, None], diagonal, place[None, None], every, BLOCK_SIZE=_MASKS,
        mask_mod=_sees, seq_lengths=(length, length),
    )  # fmt: skip


def _flex(bench: Bench, length: int) -> Callable[[Inputs], torch.Tensor]:
    """Return FlexAttention, compiled for just these sizes: code for any sizes masks more than it must."""
    mask, attend = _causal_mask(length, bench.device), flex_attention
    if bench.is_gpu:
        torch.compiler.reset()
        attend = torch.compile(flex_attention, fullgraph=True, dynamic=False)

    def call(inputs: Inputs) -> torch.Tensor:
        q, k, v = inputs
        is_grouped = len(q) != len(k)
        return attend(q[None], k[None], v[None], block_mask=mask, enable_gqa=is_grouped)[0]

    return call


def _dense_call(
    bench: Bench, backend: str, inputs: list[Inputs], length: int
) -> Callable[[int], torch.Tensor]:
    if backend == "flex":
        attend = _flex(bench, length)
        return lambda place: attend(inputs[place])
    if backend == "efficient":
        # It knows no groups: keys and values are repeated before the clock runs.
        group = len(inputs[0][0]) // len(inputs[0][1])
        inputs = [
            (q, k.repeat_interleave(group, 0), v.repeat_interleave(group, 0)) for q, k, v in inputs
        ]  # fmt: skip
    chosen = _NEEDED_BACKENDS[backend]
    return lambda place: _sdpa(chosen, inputs[place])


def _sampled_rows(length: int, device: str) -> torch.Tensor:
    """Return queries to compare: the first, the last, and others between."""
    return torch.linspace(0, length - 1, min(length, _SAMPLED), device=device).long().unique()


def _row_error(inputs: Inputs, found: torch.Tensor, rows: torch.Tensor, mask: torch.Tensor) -> float:
    """Return the largest difference of a query's result over the largest number of the same query.

    Queries that attend many keys have small results, which those of the first ones would hide.
    """
    expected = kernels.reference_rows(*inputs, rows, mask)
    differences = (found[:, rows].double() - expected).abs().amax((0, 2))
    return float((differences / expected.abs().amax((0, 2)).clamp(min=1e-30)).max())


def _causal_rows(rows: torch.Tensor, length: int) -> torch.Tensor:
    return torch.arange(length, device=rows.device)[None, :] <= rows[:, None]


def _measure_dense(bench: Bench, backend: str, shape: Shape, length: int) -> dict[str, Any]:
    inputs = _attention_inputs(bench, shape, length)
    call = _dense_call(bench, backend, inputs, length)
    is_filled = backend != "flex"
    rows = _sampled_rows(length, bench.device)
    out = _timing.checked(call, is_filled=is_filled)
    error = _row_error(inputs[0], out, rows, _causal_rows(rows, length))
    del out
    samples = _timing.measured(
        call, device=bench.device, effort=bench.sizes.effort, sets=len(inputs), is_filled=is_filled
    )
    return {"ms": samples, "error": error}


_NAMES = {
    "cudnn": "torch scaled_dot_product_attention, cuDNN",
    "flash": "torch scaled_dot_product_attention, FlashAttention",
    "efficient": "torch scaled_dot_product_attention, memory-efficient, keys and values repeated",
    "flex": "torch FlexAttention",
}


def _best_dense(bench: Bench, shape: str, length: int) -> list[float] | None:
    """Measure the dense baseline of a comparison: the faster of cuDNN and FlashAttention, named."""
    found: dict[str, list[float]] = {}
    for backend in ("cudnn", "flash"):
        value = bench.attempt(
            f"dense {backend} {shape} {length}",
            lambda backend=backend: _measure_dense(bench, backend, bench.sizes.shapes[shape], length),
        )
        if value is not None:
            found[backend] = value["ms"]
            bench.within(
                f"{_NAMES[backend]}, shape {shape}, {length}", "dense attention, fp32", value["error"]
            )
    if not found:
        return None
    best = min(found, key=lambda backend: sorted(found[backend])[len(found[backend]) // 2])
    bench.run.backend(f"{bench.prefix}: dense baseline, shape {shape}, {length}", _NAMES[best])
    bench.keep(f"{bench.prefix}_dense_{shape}_{length}", found[best], "the faster dense attention")
    return found[best]


def _baseline_metrics(prefix: str, shape: str, length: int) -> list[Metric]:
    name = f"{prefix}_dense_{shape}_{length}"
    what = f"dense baseline, shape {shape}, {length} tokens"
    return _speed_metrics(prefix, name, name, _dense_flops(shape, length), what)


def _prefill_dense(run: Run) -> None:
    bench = _bench(run, "prefill_dense")
    _measure_limits(bench)
    compiled = "compiled" if bench.is_gpu else "not compiled"
    run.backend("FlexAttention", f"torch, {compiled}, blocks of {_MASKS}")
    for shape in bench.sizes.shapes:
        best: dict[int, dict[str, list[float]]] = {}
        for backend, called in _NAMES.items():
            for length in bench.sizes.flex if backend == "flex" else bench.sizes.dense:
                samples = _dense_sample(bench, backend, shape, length)
                if samples is None:
                    break  # nor would it take more
                best.setdefault(length, {})[backend] = samples
                if sorted(samples)[len(samples) // 2] * 4 > bench.sizes.slowest:
                    run.note(f"{called}, shape {shape}: too slow for lengths beyond {length}")
                    break
        for length, found in best.items():
            name = min(found, key=lambda one: sorted(found[one])[len(found[one]) // 2])
            run.backend(f"dense attention, best, shape {shape}, {length}", _NAMES[name])
            bench.keep(f"prefill_dense_best_{shape}_{length}", found[name], "the fastest dense attention")


def _dense_sample(bench: Bench, backend: str, shape: str, length: int) -> list[float] | None:
    value = bench.attempt(
        f"{backend} {shape} {length}",
        lambda: _measure_dense(bench, backend, bench.sizes.shapes[shape], length),
    )
    if value is None:
        return None
    bench.run.backend(f"dense attention, shape {shape}, {length}", _NAMES[backend])
    bench.within(f"{_NAMES[backend]}, shape {shape}, {length}", "dense attention, fp32", value["error"])
    bench.keep(
        f"prefill_dense_{backend}_{shape}_{length}", value["ms"], f"dense attention by {_NAMES[backend]}"
    )
    return value["ms"]


def _prefill_dense_metrics() -> list[Metric]:
    found = _limit_metrics("prefill_dense")
    for shape in _GPU.shapes:
        for backend in (*_NAMES, "best"):
            for length in _every("flex" if backend == "flex" else "dense"):
                name = f"prefill_dense_{backend}_{shape}_{length}"
                what = f"dense attention, {backend}, shape {shape}, {length} tokens"
                found += _speed_metrics("prefill_dense", name, name, _dense_flops(shape, length), what)
    return found


# -----------------------------------------------------------------------------------------------------------
# The sparse pipelines


@dataclass(frozen=True)
class Layer:
    """What a layer of gated sparse attention has: its inputs and the weights of its indexer and gates."""

    hidden: torch.Tensor
    weight: torch.Tensor  # of the indexer's queries, keys and gates, side by side
    bias: torch.Tensor
    inputs: Inputs


def _hidden(bench: Bench, data: str, length: int, width: int) -> torch.Tensor:
    """Return hidden states: independent, or of segments with a topic each, which come again later."""
    noise = bench.random(length, width)
    if data == "random":
        return noise
    segments = kernels.ceil_div(length, bench.sizes.segment)
    topics = bench.random(max(2, length // bench.sizes.selected[0]), width)
    which = torch.randint(len(topics), (segments,), device=bench.device)
    return (topics[which.repeat_interleave(bench.sizes.segment)[:length]] + 0.5 * noise) / math.sqrt(1.25)


def _layer(bench: Bench, data: str, shape: Shape, length: int) -> Layer:
    """Return a layer.  With structured data the indexer's queries and keys share a projection.

    Neighbouring queries then select the same keys, as those of a trained indexer would on such data.
    """
    dim = bench.sizes.index_dim
    key = bench.random(shape.width, dim)
    heads = (
        key.repeat(1, INDEX_HEADS) if data == "structured" else bench.random(shape.width, INDEX_HEADS * dim)
    )
    weight = torch.cat([heads, key, bench.random(shape.width, INDEX_HEADS)], 1) / math.sqrt(shape.width)
    inputs = _attention_inputs(bench, shape, length)[0]
    bias = torch.zeros(INDEX_HEADS, device=bench.device)
    return Layer(_hidden(bench, data, length, shape.width), weight.contiguous(), bias, inputs)


def _projected(layer: Layer, dim: int) -> Indexer:
    """Return what the indexer scores, from hidden states."""
    everything = layer.hidden @ layer.weight
    queries, keys, gate = everything.split([INDEX_HEADS * dim, dim, INDEX_HEADS], 1)
    queries = queries.unflatten(1, (INDEX_HEADS, dim)).transpose(0, 1).contiguous()
    return Indexer(queries, keys.contiguous(), gate.float().sigmoid().T.contiguous(), layer.bias)


_INDEX_LAUNCH = Launch(8, 3)
_BLOCK_LAUNCHES = (Launch(8, 2), Launch(8, 3), Launch(4, 2), Launch(4, 3), Launch(8, 2, 2), Launch(8, 3, 2))
_TOKEN_LAUNCHES = (Launch(4, 2), Launch(4, 3), Launch(2, 2), Launch(2, 3), Launch(8, 2))


@dataclass(frozen=True)
class Tuned:
    """The launches that were fastest here."""

    index: Launch = _INDEX_LAUNCH
    token: Launch = _TOKEN_LAUNCHES[0]
    block: Launch = _BLOCK_LAUNCHES[0]


def _chunks(bench: Bench, length: int) -> Iterator[tuple[int, int]]:
    """Yield bounds of chunks of queries whose scores against every key stay small."""
    tile = bench.sizes.index_sizes[0]
    rows = bench.sizes.chunk_bytes // (length * _scores_dtype(bench).itemsize)
    size = max(tile, rows // tile * tile)
    for first in range(0, length, size):
        yield first, min(length, first + size)


def _token_selection(bench: Bench, indexer: Indexer, tuned: Tuned, mark: _timing.Mark) -> TokenLists:
    """Select keys for each query, a chunk of queries at a time, and as many as its variance asks for."""
    length, dtype = indexer.length, _scores_dtype(bench)
    base, least, most = bench.sizes.selected
    widest = min(length, most, math.ceil(1.5 * base))
    lists = torch.empty((length, widest), dtype=torch.int32, device=bench.device)
    variances = []
    for first, last in _chunks(bench, length):
        scores, variance = kernels.index_scores(
            indexer, first, last, dtype=dtype, sizes=bench.sizes.index_sizes, approximate=bench.is_gpu,
            launch=tuned.index,
        )  # fmt: skip
        variances.append(variance)
        mark("indexer")
        # Sorted, because a query whose count is smaller keeps the best of them.
        kept = min(widest, last)
        lists[first:last, :kept] = scores.topk(kept, dim=1).indices
        mark("topk")
    counts = kernels.adaptive_counts(torch.cat(variances), base, least, widest)
    mark("topk")
    return TokenLists(lists, counts)


def _token_pipeline(
    bench: Bench, layer: Layer, tuned: Tuned, mark: _timing.Mark
) -> tuple[torch.Tensor, TokenLists]:
    indexer = _projected(layer, bench.sizes.index_dim)
    mark("project")
    chosen = _token_selection(bench, indexer, tuned, mark)
    out = kernels.token_attention(*layer.inputs, chosen, chunk=bench.sizes.token_chunk, launch=tuned.token)
    mark("attend")
    return out, chosen


def _block_pipeline(
    bench: Bench, layer: Layer, tiling: str, tuned: Tuned, mark: _timing.Mark
) -> tuple[torch.Tensor, BlockLists]:
    tile, block = bench.sizes.tilings[tiling]
    indexer = _projected(layer, bench.sizes.index_dim)
    mark("project")
    warps = Launch(8 if tile > 64 else 4, 2)
    scores = kernels.block_scores(indexer, tile, block, approximate=bench.is_gpu, launch=warps)
    mark("indexer")
    chosen = kernels.select_blocks(scores, bench.sizes.selected[0] // block, tile, block)
    mark("topk")
    out, _ = kernels.block_attention(*layer.inputs, chosen, tuned.block)
    mark("attend")
    return out, chosen


def _selected_rows(chosen: TokenLists | BlockLists, rows: torch.Tensor, length: int) -> torch.Tensor:
    """Return which keys some queries may attend, by their lists and causality."""
    if isinstance(chosen, TokenLists):
        return kernels.token_mask(TokenLists(chosen.lists[rows], chosen.counts[rows]), length)
    tiles = rows // chosen.tile
    blocks = kernels.token_mask(
        TokenLists(chosen.lists[tiles], chosen.counts[tiles]), kernels.ceil_div(length, chosen.block)
    )
    return blocks.repeat_interleave(chosen.block, 1)[:, :length] & _causal_rows(rows, length)


def _measure_sparse(
    bench: Bench, pipeline: str, data: str, shape: str, length: int, tuned: Tuned
) -> dict[str, Any]:
    layer = _layer(bench, data, bench.sizes.shapes[shape], length)

    def call(_: int, mark: _timing.Mark) -> tuple[torch.Tensor, Any]:
        if pipeline == "token":
            return _token_pipeline(bench, layer, tuned, mark)
        return _block_pipeline(bench, layer, pipeline, tuned, mark)

    out, chosen = _timing.checked(lambda place: call(place, lambda _: None))
    rows = _sampled_rows(length, bench.device)
    error = _row_error(layer.inputs, out, rows, _selected_rows(chosen, rows, length))
    pairs = int(chosen.counts.sum()) if pipeline == "token" else kernels.visible_pairs(chosen, length)
    del out, chosen
    spent = _timing.staged(call, device=bench.device, effort=bench.sizes.effort)
    return {"ms": spent, "pairs": pairs, "error": error}


def _tuned(bench: Bench, what: str, launches: Sequence[Launch], call: Callable[[Launch], Any]) -> Launch:
    """Return the launch that is fastest here; without a GPU the first."""
    if not bench.is_gpu:
        return launches[0]

    ways = {str(launch): _timing.Way(lambda _, launch=launch: call(launch)) for launch in launches}
    found = _timing.fastest(bench.run, f"{bench.prefix}: tune {what}", ways)
    if found is None:
        raise Refusal(f"none of {len(launches)} launches of {what} fits this GPU")
    best = next(launch for launch in launches if str(launch) == found)
    how = f"{best.warps} warps, {best.stages} stages, {best.pack} heads packed"
    bench.run.backend(f"{bench.prefix}: {what}", f"Triton, {how}, the fastest of {len(launches)}")
    return best


def _tuned_for(bench: Bench, shape: str, pipeline: str) -> Tuned:
    """Tune the attention kernel of a pipeline at a middle length, with random lists."""
    length = bench.sizes.sparse[len(bench.sizes.sparse) // 2]
    inputs = _attention_inputs(bench, bench.sizes.shapes[shape], length)[0]
    if pipeline == "token":
        keep = min(length, bench.sizes.selected[0])
        lists = torch.randint(length, (length, keep), dtype=torch.int32, device=bench.device)
        counts = torch.full((length,), keep, dtype=torch.int32, device=bench.device)
        chosen = TokenLists(lists, counts)
        best = _tuned(
            bench, f"token-level attention, shape {shape}", _TOKEN_LAUNCHES,
            lambda launch: kernels.token_attention(*inputs, chosen, bench.sizes.token_chunk, launch),
        )  # fmt: skip
        return Tuned(token=best)
    tile, block = bench.sizes.tilings[pipeline]
    lists_of_blocks = kernels.window_lists(length, bench.sizes.selected[0], 1, tile, block, bench.device)
    # A warp has 16 rows of a matrix instruction: fewer idle, and more don't fit its registers.
    fitting = [one for one in _BLOCK_LAUNCHES if tile * one.pack == 16 * one.warps] or [Launch()]
    best = _tuned(
        bench, f"tile-shared attention {pipeline}, shape {shape}", fitting,
        lambda launch: kernels.block_attention(*inputs, lists_of_blocks, launch)[0],
    )  # fmt: skip
    return Tuned(block=best)


def _pipelines(shape: str) -> tuple[str, ...]:
    return ("token", "fine", "coarse") if shape == "a" else ("token", "coarse")


def _keep_pipeline(bench: Bench, name: str, value: Mapping[str, Any], what: str) -> None:
    for stage, samples in value["ms"].items():
        bench.keep(f"{name}_{stage}", samples, f"{what}: {stage}")
    bench.run.sample(
        f"{name}_pairs", [value["pairs"]], None, f"{what}: pairs of query and key that are attended"
    )
    error = f"{what}: largest difference from masked dense attention over a query's largest number"
    bench.run.sample(f"{name}_difference", [value["error"]], None, error)
    bench.within(what, "masked dense attention of sampled queries, fp32", value["error"])


def _prefill_sparse(run: Run) -> None:
    bench = _bench(run, "prefill_sparse")
    base, least, most = bench.sizes.selected
    run.parameter("selected_base", base, "keys", "keys of a query before its variance counts")
    run.parameter("selected_least", least, "keys", "fewest keys of a query that sees as many")
    run.parameter("selected_most", most, "keys", "most keys of a query")
    _measure_limits(bench)
    run.backend(
        "indexer", "Triton, one kernel for all heads" + (", sigmoid by tanh.approx" if bench.is_gpu else "")
    )
    run.backend("selection", f"torch.topk, scores in {_scores_dtype(bench)}")
    for shape in bench.sizes.shapes:
        for length in bench.sizes.sparse:
            _best_dense(bench, shape, length)
        for pipeline in _pipelines(shape):
            tuned = _tuned_for(bench, shape, pipeline)
            for data in [data for data, name in sorted(_COMBINATIONS) if name == shape]:
                for length in bench.sizes.sparse:
                    what = f"{pipeline} selection, {data} data, shape {shape}, {length} tokens"
                    value = bench.attempt(
                        what,
                        lambda pipeline=pipeline, data=data, shape=shape, length=length, tuned=tuned: (
                            _measure_sparse(bench, pipeline, data, shape, length, tuned)
                        ),
                    )
                    if value is not None:
                        _keep_pipeline(bench, f"sparse_{pipeline}_{data}_{shape}_{length}", value, what)
        for length in bench.sizes.sparse:
            _keep_gates(bench, shape, length)


def _keep_gates(bench: Bench, shape: str, length: int) -> None:
    """Measure the output gate and the value gate, each with its projection."""
    sizes = bench.sizes.shapes[shape]
    for gate, heads in {"output": sizes.heads, "value": sizes.kv_heads}.items():

        def measure(columns: int = heads * sizes.dim) -> list[float]:
            hidden, x = bench.random(length, sizes.width), bench.random(length, columns)
            weight = bench.random(sizes.width, columns) / math.sqrt(sizes.width)
            bias = torch.full((columns,), 0.5, dtype=bench.dtype, device=bench.device)
            return _timing.measured(
                lambda _: kernels.gated(x, hidden, weight, bias),
                device=bench.device,
                effort=bench.sizes.effort,
            )

        samples = bench.attempt(f"{gate} gate {shape} {length}", measure)
        bench.keep(f"sparse_gate_{gate}_{shape}_{length}", samples, f"the {gate} gate and its projection")


def _roof(prefix: str, flops: str, moved: str | None = None, sigmoids: str | None = None) -> str:
    """Return the formula of the milliseconds that the binding limit allows."""
    bounds = [f"{flops} / {prefix}_gemm_tflops / 1e9"]
    if moved is not None:
        bounds.append(f"{moved} / {prefix}_copy_gbps / 1e6")
    if sigmoids is not None:
        bounds.append(f"{sigmoids} / max({prefix}_sigmoid_gops, {prefix}_tanh_gops) / 1e6")
    return bounds[0] if len(bounds) == 1 else f"max({', '.join(bounds)})"


def _pipeline_metrics(pipeline: str, data: str, shape: str, length: int) -> list[Metric]:
    prefix, name = "prefill_sparse", f"sparse_{pipeline}_{data}_{shape}_{length}"
    what = f"{pipeline} selection, {data} data, shape {shape}, {length} tokens"
    pairs = f"total({name}_pairs)"
    scored = f"2 * index_heads * index_dim * {_pairs(length)}"
    attended = f"4 * dim_{shape} * heads_{shape} * {pairs}"
    sigmoids = f"index_heads * {_pairs(length)}"
    written = f"number_bytes * {_pairs(length)}" if pipeline == "token" else None
    gathered = f"2 * number_bytes * dim_{shape} * kv_heads_{shape} * {pairs}" if pipeline == "token" else None
    roofs = {
        "indexer": _roof(prefix, scored, written, sigmoids),
        "attend": _roof(prefix, attended, gathered),
    }
    if written is not None:
        roofs["topk"] = f"({written} + 4 * {pairs}) / {prefix}_copy_gbps / 1e6"
    found = [
        Metric(f"{name}_{stage}_ms", f"median({name}_{stage})", "ms", "measured", f"{what}: {stage}")
        for stage in ("project", "indexer", "topk", "attend", "total")
    ]
    found += [
        Metric(f"{name}_{stage}_share", f"{roof} / median({name}_{stage})", None, "measured",
               f"{what}: {stage}, share of its binding limit")
        for stage, roof in roofs.items()
    ]  # fmt: skip
    dense = f"{prefix}_dense_{shape}_{length}"
    return [
        *found,
        Metric(f"{name}_attend_tflops", f"{attended} / median({name}_attend) / 1e9", "TFLOP/s", "measured",
               f"{what}: attend"),
        Metric(f"{name}_density", f"{pairs} / {_pairs(length)}", None, "counted",
               f"{what}: share of causal pairs that is attended"),
        Metric(f"{name}_speedup", f"median({dense}) / median({name}_total)", None, "measured",
               f"{what}: dense baseline over the whole pipeline without gates",
               f"quantile({dense}, 0.05) / quantile({name}_total, 0.95)",
               f"quantile({dense}, 0.95) / quantile({name}_total, 0.05)"),
        Metric(f"{name}_flop_ratio", f"{_dense_flops(shape, length)} / ({scored} + {attended})", None,
               "counted",
               f"{what}: FLOPs of dense attention over those of indexer and attention"),
        Metric(f"{name}_realised", f"{name}_speedup / {name}_flop_ratio", None, "measured",
               f"{what}: share of the FLOP ratio that became speed"),
        Metric(f"{name}_error", f"max({name}_difference)", None, "measured",
               f"{what}: largest difference from masked dense attention over a query's largest number"),
    ]  # fmt: skip


def _gate_metrics(shape: str, length: int) -> list[Metric]:
    prefix, found = "prefill_sparse", []
    for gate, heads in {"output": f"heads_{shape}", "value": f"kv_heads_{shape}"}.items():
        name = f"sparse_gate_{gate}_{shape}_{length}"
        columns = f"{heads} * dim_{shape}"
        roof = _roof(
            prefix,
            f"2 * {length} * width_{shape} * {columns}",
            f"number_bytes * {length} * (width_{shape} + 2 * {columns})",
        )
        what = f"{gate} gate, shape {shape}, {length} tokens"
        found += [
            Metric(f"{name}_ms", f"median({name})", "ms", "measured", f"{what}: time"),
            Metric(f"{name}_share", f"{roof} / median({name})", None, "measured",
                   f"{what}: share of its binding limit"),
        ]  # fmt: skip
    return found


def _prefill_sparse_metrics() -> list[Metric]:
    found = _limit_metrics("prefill_sparse")
    for shape in _GPU.shapes:
        for length in _every("sparse"):
            found += _baseline_metrics("prefill_sparse", shape, length) + _gate_metrics(shape, length)
    for data, shape in sorted(_COMBINATIONS):
        for pipeline in _pipelines(shape):
            for length in _every("sparse"):
                found += _pipeline_metrics(pipeline, data, shape, length)
    return found


# -----------------------------------------------------------------------------------------------------------
# Schemes without an indexer


def _planted(bench: Bench, shape: Shape, length: int, percent: int) -> Inputs:
    """Return inputs in which a share of the key blocks has logits near zero; the others' are normal."""
    block = bench.sizes.skip_tiling[1]
    q, k, v = _attention_inputs(bench, shape, length)[0]
    blocks = kernels.ceil_div(length, block)
    is_cold = torch.rand((shape.kv_heads, blocks), device=bench.device) < percent / 100
    scale = torch.where(is_cold, 0.02, 1.0).repeat_interleave(block, 1)[:, :length, None]
    return q, (k * scale).to(k.dtype), v


def _measure_skip(bench: Bench, percent: int, length: int) -> dict[str, Any]:
    shape, (tile, block) = bench.sizes.shapes["a"], bench.sizes.skip_tiling
    inputs = _planted(bench, shape, length, percent)
    tiles = kernels.ceil_div(length, tile)
    # Between the largest logit of a cold block and that of any other.
    thresholds = torch.full((shape.heads, tiles), 0.5, device=bench.device)
    never = torch.full_like(thresholds, -math.inf)
    launch = Launch(8, 3)
    spent = {
        name: _timing.measured(
            lambda _, limit=limit: kernels.skip_attention(*inputs, limit, tile, block, launch)[0],
            device=bench.device,
            effort=bench.sizes.effort,
        )
        for name, limit in {"skip": thresholds, "never": never}.items()
    }
    out, skipped = kernels.skip_attention(*inputs, thresholds, tile, block, launch)
    rows = _sampled_rows(length, bench.device)
    error = max(
        _skip_error(inputs, out, rows, thresholds, head, (tile, block)) for head in range(0, shape.heads, 7)
    )  # fmt: skip
    admitted = shape.heads * kernels.visible_pairs(
        kernels.all_blocks(length, tile, block, bench.device), length
    )
    # Every block that is left out lies wholly before its tile.
    left_out = int((skipped.long() * _tile_rows(length, tile, bench.device)).sum()) * block
    return {"ms": spent, "left_out": left_out / admitted, "error": error}


def _tile_rows(length: int, tile: int, device: str) -> torch.Tensor:
    """Return how many queries each tile holds: the last may hold fewer."""
    first = torch.arange(kernels.ceil_div(length, tile), device=device) * tile
    return (length - first).clamp(max=tile)


def _skip_error(
    inputs: Inputs,
    out: torch.Tensor,
    rows: torch.Tensor,
    thresholds: torch.Tensor,
    head: int,
    tiling: tuple[int, int],
) -> float:
    """Compare sampled queries of one head with attention over the blocks that its tiles keep."""
    tile, block = tiling
    q, k, v = inputs
    length = q.shape[1]
    keys = k[head * len(k) // len(q)]
    # One block is one column, and the last may be short.
    missing = kernels.ceil_div(length, block) * block - length
    mask = []
    for row in rows.tolist():
        first = row // tile * tile
        logits = q[head, first : first + tile].float() @ keys.float().T / math.sqrt(q.shape[-1])
        peaks = (
            torch.nn.functional.pad(logits, (0, missing), value=-math.inf)
            .unflatten(1, (-1, block))
            .amax((0, 2))
        )
        column = torch.arange(len(peaks), device=q.device)
        kept = (peaks >= thresholds[head, row // tile]) | ((column + 1) * block > first)
        mask.append(kept.repeat_interleave(block)[:length])
    visible = torch.stack(mask) & _causal_rows(rows, length)
    values = v[head * len(v) // len(q)]
    expected = kernels.reference_rows(q[head][None], keys[None], values[None], rows, visible)
    return _relative(out[head][None][:, rows], expected)


def _prefill_skip(run: Run) -> None:
    bench = _bench(run, "prefill_skip")
    _measure_limits(bench)
    for length in bench.sizes.skip:
        _best_dense(bench, "a", length)
        for percent in bench.sizes.planted:
            what = f"threshold skip, {percent}% of key blocks cold, {length} tokens"
            value = bench.attempt(
                what, lambda percent=percent, length=length: _measure_skip(bench, percent, length)
            )  # fmt: skip
            if value is None:
                continue
            name = f"skip_{percent}_{length}"
            bench.keep(name, value["ms"]["skip"], what)
            bench.keep(f"{name}_never", value["ms"]["never"], f"{what}: the same kernel, nothing left out")
            run.sample(
                f"{name}_left_out", [value["left_out"]], None, f"{what}: share of causal pairs left out"
            )
            bench.within(what, "dense attention over the kept blocks, fp32", value["error"])


def _prefill_skip_metrics() -> list[Metric]:
    prefix, found = "prefill_skip", _limit_metrics("prefill_skip")
    for length in _every("skip"):
        found += _baseline_metrics(prefix, "a", length)
        for percent in _every("planted"):
            name, what = f"skip_{percent}_{length}", f"threshold skip, {percent}% cold, {length} tokens"
            found += [
                *_speed_metrics(prefix, f"{name}_never", f"{name}_never", _dense_flops("a", length),
                                f"{what}: nothing left out"),
                Metric(f"{name}_ms", f"median({name})", "ms", "measured", f"{what}: time"),
                Metric(f"{name}_share_left_out", f"max({name}_left_out)", None, "counted",
                       f"{what}: share of causal pairs left out"),
                Metric(f"{name}_bound", f"1 / (1 - {name}_share_left_out / 2)", None, "counted",
                       f"{what}: most that leaving out the second product can give"),
                Metric(f"{name}_speedup", f"median({name}_never) / median({name})", None, "measured",
                       f"{what}: over the same kernel"),
                Metric(f"{name}_speedup_dense", f"median({prefix}_dense_a_{length}) / median({name})", None,
                       "measured", f"{what}: over the dense baseline"),
            ]  # fmt: skip
    return found


def _measure_window(bench: Bench, length: int, tuned: Tuned) -> dict[str, Any]:
    tile, block = bench.sizes.tilings["coarse"]
    inputs = _attention_inputs(bench, bench.sizes.shapes["a"], length)
    chosen = kernels.window_lists(length, bench.sizes.window, 1, tile, block, bench.device)
    samples = _timing.measured(
        lambda place: kernels.block_attention(*inputs[place], chosen, tuned.block)[0],
        device=bench.device,
        effort=bench.sizes.effort,
        sets=len(inputs),
    )
    out, _ = kernels.block_attention(*inputs[0], chosen, tuned.block)
    rows = _sampled_rows(length, bench.device)
    error = _row_error(inputs[0], out, rows, _selected_rows(chosen, rows, length))
    return {"ms": samples, "pairs": kernels.visible_pairs(chosen, length), "error": error}


def _prefill_window(run: Run) -> None:
    bench = _bench(run, "prefill_window")
    run.parameter("window", bench.sizes.window, "tokens", "keys behind a query that it sees, in whole blocks")
    _measure_limits(bench)
    tuned = _tuned_for(bench, "a", "coarse")
    for length in bench.sizes.sparse:
        _best_dense(bench, "a", length)
        what = f"sliding window and one block of sinks, {length} tokens"
        value = bench.attempt(what, lambda length=length: _measure_window(bench, length, tuned))
        if value is None:
            continue
        bench.keep(f"window_{length}", value["ms"], what)
        run.sample(f"window_{length}_pairs", [value["pairs"]], None, f"{what}: pairs that are attended")
        bench.within(what, "masked dense attention of sampled queries, fp32", value["error"])


def _prefill_window_metrics() -> list[Metric]:
    prefix, found = "prefill_window", _limit_metrics("prefill_window")
    for length in _every("sparse"):
        name, what = f"window_{length}", f"sliding window and sinks, {length} tokens"
        flops = f"4 * dim_a * heads_a * total({name}_pairs)"
        found += [
            *_baseline_metrics(prefix, "a", length),
            *_speed_metrics(prefix, name, name, flops, what),
            Metric(f"{name}_speedup", f"median({prefix}_dense_a_{length}) / median({name})", None, "measured",
                   f"{what}: over the dense baseline"),
            Metric(f"{name}_flop_ratio", f"{_dense_flops('a', length)} / ({flops})", None, "counted",
                   f"{what}: FLOPs of dense attention over its own"),
            Metric(f"{name}_realised", f"{name}_speedup / {name}_flop_ratio", None, "measured",
                   f"{what}: share of the FLOP ratio that became speed"),
        ]  # fmt: skip
    return found


# -----------------------------------------------------------------------------------------------------------
# Decoding


@dataclass(frozen=True)
class Cache:
    """One step of decoding: queries and cached keys and values, and the same of the indexer."""

    inputs: Inputs
    index: tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


def _cache(bench: Bench, batch: int, length: int) -> Cache:
    shape, dim = bench.sizes.shapes["a"], bench.sizes.index_dim
    q = bench.random(batch, shape.heads, shape.dim)
    k, v = (bench.random(batch, shape.kv_heads, length, shape.dim) for _ in range(2))
    gate = torch.rand((batch, INDEX_HEADS), device=bench.device)
    bias = torch.zeros(INDEX_HEADS, device=bench.device)
    index = (bench.random(batch, INDEX_HEADS, dim), bench.random(batch, length, dim), gate, bias)
    return Cache((q, k, v), index)


def _splits(bench: Bench, batch: int, kv_heads: int, keys: int) -> int:
    """Return into how many shares the keys are cut: so many that every core of the GPU has some."""
    cores = torch.cuda.get_device_properties(0).multi_processor_count if bench.is_gpu else 4
    wanted = kernels.ceil_div(4 * cores, batch * kv_heads)
    return max(1, min(wanted, kernels.ceil_div(keys, 2 * bench.sizes.decode_block), 128))


def _decode_dense_own(bench: Bench, cache: Cache) -> torch.Tensor:
    q, k, _ = cache.inputs
    splits = _splits(bench, len(q), k.shape[1], k.shape[2])
    return kernels.decode_attention(
        *cache.inputs, splits=splits, block=bench.sizes.decode_block, launch=Launch(4, 3)
    )  # fmt: skip


def _decode_dense_torch(backend: SDPBackend, cache: Cache) -> torch.Tensor:
    """Attend with the query heads of a kv head as so many queries: every key is then read once."""
    q, k, v = cache.inputs
    queries = q.unflatten(1, (k.shape[1], -1))
    with sdpa_kernel(backend):
        return scaled_dot_product_attention(queries, k, v).flatten(1, 2)


def _decode_select(bench: Bench, scores: torch.Tensor) -> TokenLists:
    keep = min(scores.shape[1], bench.sizes.selected[0])
    lists = scores.topk(keep, dim=1, sorted=False).indices.to(torch.int32)
    return TokenLists(lists, torch.full((len(lists),), keep, dtype=torch.int32, device=lists.device))


def _decode_sparse(bench: Bench, cache: Cache, chosen: TokenLists) -> torch.Tensor:
    q, k, _ = cache.inputs
    splits = _splits(bench, len(q), k.shape[1], chosen.lists.shape[1])
    return kernels.decode_attention(
        *cache.inputs, chosen, splits=splits, block=bench.sizes.decode_block, launch=Launch(4, 3)
    )  # fmt: skip


def _decode_calls(bench: Bench, caches: list[Cache]) -> dict[str, Callable[[int], Any]]:
    """Return what is timed: ways of dense decoding, the stages of the sparse one, and all of it."""
    scores = [kernels.decode_scores(*cache.index) for cache in caches]
    chosen = [_decode_select(bench, one) for one in scores]

    def everything(place: int) -> torch.Tensor:
        found = _decode_select(bench, kernels.decode_scores(*caches[place].index))
        return _decode_sparse(bench, caches[place], found)

    return {
        "own": lambda place: _decode_dense_own(bench, caches[place]),
        "flash": lambda place: _decode_dense_torch(SDPBackend.FLASH_ATTENTION, caches[place]),
        "cudnn": lambda place: _decode_dense_torch(SDPBackend.CUDNN_ATTENTION, caches[place]),
        "indexer": lambda place: kernels.decode_scores(*caches[place].index),
        "topk": lambda place: _decode_select(bench, scores[place]),
        "attend": lambda place: _decode_sparse(bench, caches[place], chosen[place]),
        "total": everything,
    }


_DENSE_DECODERS = {
    "own": "Triton, split keys",
    "flash": "torch scaled_dot_product_attention, FlashAttention, heads of a group as queries",
    "cudnn": "torch scaled_dot_product_attention, cuDNN, heads of a group as queries",
}


def _measure_decode(bench: Bench, batch: int, length: int) -> dict[str, Any]:
    shape = bench.sizes.shapes["a"]
    size = 2 * batch * shape.kv_heads * length * shape.dim * bench.dtype.itemsize
    caches = [_cache(bench, batch, length) for _ in range(_timing.copies(size, bench.device))]
    calls = _decode_calls(bench, caches)
    found: dict[str, list[float]] = {}
    launched, absent = [], []
    for name, call in calls.items():
        for is_graph in (True, False):
            try:
                found[name] = _timing.measured(
                    call, device=bench.device, effort=bench.sizes.effort, sets=len(caches), is_graph=is_graph
                )
                break
            except RuntimeError as error:
                is_last = not is_graph and name not in _DENSE_DECODERS
                if is_last or isinstance(error, torch.OutOfMemoryError):
                    raise
        if name not in found:
            absent.append(name)
        elif not is_graph:
            launched.append(name)
    return {
        "ms": found,
        "launched": launched,
        "absent": absent,
        "errors": _decode_errors(bench, caches[0], calls),
    }


def _decode_errors(bench: Bench, cache: Cache, calls: Mapping[str, Callable[[int], Any]]) -> dict[str, float]:
    """Compare the first sequence with the reference, for which all would be too large."""
    q, k, v = (one[:1] for one in cache.inputs)
    keys = k.shape[2]
    chosen = _decode_select(
        bench, kernels.decode_scores(*(one[:1] for one in cache.index[:3]), cache.index[3])
    )
    masks = {
        "own": torch.ones((1, keys), dtype=torch.bool, device=bench.device),
        "total": kernels.token_mask(chosen, keys),
    }
    first = torch.zeros(1, dtype=torch.long, device=bench.device)
    return {
        name: _relative(
            calls[name](0)[:1], kernels.reference_rows(q[0][:, None], k[0], v[0], first, mask)[None, :, 0]
        )
        for name, mask in masks.items()
    }


def _decode(run: Run) -> None:
    bench = _bench(run, "decode")
    run.parameter(
        "decode_selected", bench.sizes.selected[0], "keys", "keys that a step of sparse decoding attends"
    )
    _measure_limits(bench)
    for batch in bench.sizes.batches:
        for length in bench.sizes.decode:
            what = f"decoding, batch {batch}, {length} tokens"
            value = bench.attempt(
                what, lambda batch=batch, length=length: _measure_decode(bench, batch, length)
            )
            if value is None:
                continue
            name, spent = f"decode_{batch}_{length}", value["ms"]
            for step in value["launched"]:
                run.note(f"{what}: {step} could not be captured in a graph, so its time has launches in it")
            for step in value["absent"]:
                run.note(f"{what}: left out, this machine has no kernel for {_DENSE_DECODERS[step]}")
            for step, samples in spent.items():
                bench.keep(f"{name}_{step}", samples, f"{what}: {step}")
            dense = [one for one in _DENSE_DECODERS if one in spent]
            best = min(dense, key=lambda one: sorted(spent[one])[len(spent[one]) // 2])
            run.backend(f"dense {what}, best", _DENSE_DECODERS[best])
            bench.keep(f"{name}_dense", spent[best], f"{what}: the fastest dense one")
            for step, error in value["errors"].items():
                bench.within(f"{what}: {step}", "masked dense attention, fp32", error)


def _decode_metrics() -> list[Metric]:
    found = _limit_metrics("decode")
    for batch in sorted({*_SMOKE.batches, *_GPU.batches}):
        for length in _every("decode"):
            name, what = f"decode_{batch}_{length}", f"decoding, batch {batch}, {length} tokens"
            attended = f"min(decode_selected, {length})"
            cached = f"2 * number_bytes * {batch} * kv_heads_a * dim_a"
            moved = dict.fromkeys((*_DENSE_DECODERS, "dense"), f"{cached} * {length}") | {
                "indexer": f"number_bytes * {batch} * index_dim * {length}",
                "topk": f"4 * {batch} * {length}",
                "attend": f"{cached} * {attended}",
            }
            moved["total"] = f"({moved['indexer']} + {moved['attend']})"
            for step, count in moved.items():
                found += [
                    Metric(f"{name}_{step}_ms", f"median({name}_{step})", "ms", "measured",
                           f"{what}: {step}"),
                    Metric(f"{name}_{step}_gbps", f"{count} / median({name}_{step}) / 1e6", "GB/s",
                           "measured",
                           f"{what}: {step}, bytes that must be read over time"),
                    Metric(f"{name}_{step}_share", f"{name}_{step}_gbps / decode_copy_gbps", None, "measured",
                           f"{what}: {step}, share of the copy measured in the same part"),
                ]  # fmt: skip
            found += [
                Metric(f"{name}_speedup", f"median({name}_dense) / median({name}_total)", None, "measured",
                       f"{what}: fastest dense over indexer, selection and attention",
                       f"quantile({name}_dense, 0.05) / quantile({name}_total, 0.95)",
                       f"quantile({name}_dense, 0.95) / quantile({name}_total, 0.05)"),
                Metric(f"{name}_byte_ratio", f"{moved['dense']} / {moved['total']}", None, "counted",
                       f"{what}: bytes that dense decoding reads over those of the sparse one"),
                Metric(f"{name}_realised", f"{name}_speedup / {name}_byte_ratio", None, "measured",
                       f"{what}: share of the byte ratio that became speed"),
            ]  # fmt: skip
    return found


# -----------------------------------------------------------------------------------------------------------
# Kinds of indexer, and memory


_VARIANTS = {"relu": ("relu", False), "sigmoid": ("sigmoid", False), "gated": ("gated-sigmoid", False),
             "tanh": ("gated-sigmoid", True)}  # fmt: skip


def _measure_variants(bench: Bench, length: int) -> dict[str, list[float]]:
    layer = _layer(bench, "random", bench.sizes.shapes["a"], length)
    indexer = _projected(layer, bench.sizes.index_dim)
    tile, block = bench.sizes.tilings["coarse"]
    return {
        name: _timing.measured(
            lambda _, kind=kind, fast=fast: kernels.block_scores(
                indexer, tile, block, kind=kind, approximate=fast, launch=Launch(8, 2)
            ),
            device=bench.device, effort=bench.sizes.effort, may_be_infinite=True,
        )
        for name, (kind, fast) in _VARIANTS.items()
        if bench.is_gpu or not fast
    }  # fmt: skip


def _indexer_variants(run: Run) -> None:
    bench = _bench(run, "variants")
    _measure_limits(bench)
    run.backend("indexer variants", "Triton, the largest score of each tile and block, no scores written")
    for length in bench.sizes.variants:
        value = bench.attempt(f"indexer {length}", lambda length=length: _measure_variants(bench, length))
        for name, samples in (value or {}).items():
            bench.keep(f"variant_{name}_{length}", samples, f"indexer of kind {name}, {length} tokens")


def _variant_metrics() -> list[Metric]:
    found = _limit_metrics("variants")
    for length in _every("variants"):
        for name in _VARIANTS:
            sample, what = f"variant_{name}_{length}", f"indexer of kind {name}, {length} tokens"
            flops = f"2 * index_heads * index_dim * {_pairs(length)}"
            found += [
                *_speed_metrics("variants", sample, sample, flops, what),
                Metric(f"{sample}_overhead", f"median({sample}) / median(variant_relu_{length})", None,
                       "measured",
                       f"{what}: time over that of the ReLU kind",
                       f"quantile({sample}, 0.05) / quantile(variant_relu_{length}, 0.95)",
                       f"quantile({sample}, 0.95) / quantile(variant_relu_{length}, 0.05)"),
            ]  # fmt: skip
    return found


def _peak(bench: Bench, call: Callable[[], Any]) -> int | None:
    """Return the most bytes that a call had beyond what was there before; only a GPU counts them."""
    if not bench.is_gpu:
        call()
        return None
    torch.cuda.synchronize()
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    call()
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated() - before


def _measure_memory(bench: Bench, length: int) -> dict[str, int | None]:
    layer = _layer(bench, "random", bench.sizes.shapes["a"], length)
    calls = {
        "dense": lambda: _sdpa(SDPBackend.FLASH_ATTENTION, layer.inputs),
        "token": lambda: _token_pipeline(bench, layer, Tuned(), lambda _: None),
        "coarse": lambda: _block_pipeline(bench, layer, "coarse", Tuned(), lambda _: None),
    }
    held = sum(one.nbytes for one in layer.inputs)
    return {"held": held} | {name: _peak(bench, call) for name, call in calls.items()}


def _memory(run: Run) -> None:
    bench = _bench(run, "memory")
    run.parameter("chunk_bytes", bench.sizes.chunk_bytes, "bytes", "scores of a chunk of queries, at most")
    if not bench.is_gpu:
        run.note("peak memory is counted on a GPU only")
    for length in bench.sizes.memory:
        value = bench.attempt(f"memory {length}", lambda length=length: _measure_memory(bench, length))
        for name, peak in (value or {}).items():
            if peak is not None:
                what = (
                    "queries, keys and values" if name == "held" else f"{name}, most bytes beyond its inputs"
                )
                run.sample(f"memory_{name}_{length}", [peak], "bytes", f"shape a, {length} tokens: {what}")


def _memory_metrics() -> list[Metric]:
    found = []
    for shape in _GPU.shapes:
        cached = f"2 * number_bytes * kv_heads_{shape} * dim_{shape}"
        found += [
            Metric(f"kv_bytes_{shape}", cached, "bytes", "counted",
                   f"keys and values of a token, shape {shape}"),
            Metric(f"kv_bytes_ratio_{shape}", f"({cached} + number_bytes * index_dim) / ({cached})", None,
                   "counted",
                   f"with the indexer's keys over without, shape {shape}"),
        ]  # fmt: skip
    for length in _every("memory"):
        for name in ("dense", "token", "coarse"):
            sample, held = f"memory_{name}_{length}", f"max(memory_held_{length})"
            found.append(
                Metric(f"{sample}_bytes", f"{held} + max({sample})", "bytes", "measured",
                       f"{name} attention, {length} tokens: inputs and the most bytes beyond them")
            )  # fmt: skip
            found.append(
                Metric(f"{sample}_ratio", f"{sample}_bytes / memory_dense_{length}_bytes", None, "measured",
                       f"{name} attention, {length} tokens: bytes over those of dense attention")
            )  # fmt: skip
    return found


def _limits(run: Run) -> None:
    _measure_limits(_bench(run, "limit"))


# -----------------------------------------------------------------------------------------------------------
# Kernels against their references


@dataclass(frozen=True)
class Case:
    """The sizes of one check, and how a kernel tiles it."""

    length: int
    heads: int
    kv_heads: int
    dim: int
    tile: int = 32
    block: int = 16

    def __str__(self) -> str:
        heads = f"{self.heads}/{self.kv_heads} heads of {self.dim}"
        return f"{self.length} tokens, {heads}, {self.tile}x{self.block}"


_SMALL = (Case(1, 4, 1, 16), Case(7, 2, 2, 32), Case(65, 4, 1, 64))
_ODD = (*_SMALL, Case(33, 4, 2, 16, 16, 16), Case(64, 2, 2, 16, 16, 32), Case(129, 4, 2, 32, 64, 32))
_CASES = {
    "smoke": (_SMALL[0], _SMALL[2]),
    "cpu": _ODD,
    "gpu": (*_ODD, Case(1000, 8, 2, 128, 128, 64), Case(333, 4, 4, 64, 64, 64)),
}
_REALISTIC = {
    "smoke": (),
    "cpu": (),
    "gpu": (Case(4096, 32, 8, 128, 64, 64), Case(2048, 32, 32, 64, 128, 64)),
}
Errors = list[tuple[str, float]]


def _case_inputs(bench: Bench, case: Case) -> Inputs:
    return (
        bench.random(case.heads, case.length, case.dim),
        bench.random(case.kv_heads, case.length, case.dim),
        bench.random(case.kv_heads, case.length, case.dim),
    )


def _case_indexer(bench: Bench, case: Case, heads: int = INDEX_HEADS) -> Indexer:
    dim = max(16, min(case.dim, 64))
    gate = torch.rand((heads, case.length), device=bench.device)
    bias = torch.randn(heads, device=bench.device)
    return Indexer(bench.random(heads, case.length, dim), bench.random(case.length, dim), gate, bias)


def _finite_error(found: torch.Tensor, expected: torch.Tensor) -> float:
    """Compare scores; where one alone is minus infinity the error is infinite."""
    expected = expected.to(found.device)
    if not torch.equal(found == -math.inf, expected == -math.inf):
        return math.inf
    return _relative(
        found.float().masked_fill(found == -math.inf, 0), expected.masked_fill(expected == -math.inf, 0)
    )


def _check_indexer(bench: Bench, case: Case) -> Errors:
    found: Errors = []
    indexer = _case_indexer(bench, case)
    middle = case.length // 2
    for kind in kernels.KINDS:
        expected = kernels.reference_scores(indexer, kind)
        scores, variance = kernels.index_scores(
            indexer, 0, case.length, kind=kind, sizes=(case.tile, case.block, 2)
        )
        found.append((f"{kind} scores", _finite_error(scores, expected)))
        rows, _ = kernels.index_scores(
            indexer, middle, case.length, kind=kind, sizes=(case.tile, case.block, 2)
        )
        found.append((f"{kind} scores of later queries", _finite_error(rows, expected[middle:])))
    counted = expected.nan_to_num(neginf=0.0)
    seen = torch.arange(1, case.length + 1, device=bench.device)
    spread = counted.square().sum(1) / seen - (counted.sum(1) / seen).square()
    found.append(("variance of a query's scores", _relative(variance, spread) if case.length > 1 else 0.0))
    if bench.is_gpu:
        scores, _ = kernels.index_scores(indexer, 0, case.length, approximate=True)
        found.append(
            ("scores by the approximate tanh", _finite_error(scores, kernels.reference_scores(indexer)))
        )
    for heads in (1, 2):
        few = _case_indexer(bench, case, heads)
        scores, _ = kernels.index_scores(few, 0, case.length, sizes=(case.tile, case.block, 2))
        found.append((f"scores of {heads} heads", _finite_error(scores, kernels.reference_scores(few))))
    return found


def _check_block_scores(bench: Bench, case: Case) -> Errors:
    indexer = _case_indexer(bench, case)
    scores = kernels.reference_scores(indexer)
    return [
        (
            f"block scores, {reduce}",
            _finite_error(
                kernels.block_scores(indexer, case.tile, case.block, reduce=reduce, span=2),
                kernels.reference_block_scores(scores, case.tile, case.block, reduce),
            ),
        )
        for reduce in ("max", "mean")
    ]


def _random_tokens(bench: Bench, length: int) -> TokenLists:
    """Return lists of random keys that a query sees; the first query and some others have none."""
    future = torch.ones((length, length), dtype=torch.bool, device=bench.device).triu(1)
    order = torch.rand((length, length), device=bench.device).masked_fill(future, 2.0).argsort(1)
    seen = torch.arange(length, device=bench.device)
    counts = (torch.rand(length, device=bench.device) * (seen + 2)).long().clamp(max=200)
    counts[::5] = 0
    return TokenLists(order.to(torch.int32), torch.minimum(counts, seen + 1).to(torch.int32))


def _check_tokens(bench: Bench, case: Case) -> Errors:
    inputs, chosen = _case_inputs(bench, case), _random_tokens(bench, case.length)
    expected = kernels.reference_attention(*inputs, kernels.token_mask(chosen, case.length))
    out = kernels.token_attention(*inputs, chosen, chunk=max(16, case.block))
    return [("token-level attention, some lists empty", _relative(out, expected))]


def _random_blocks(bench: Bench, case: Case) -> BlockLists:
    """Return lists of random blocks; every third tile has none."""
    tiles, blocks = kernels.ceil_div(case.length, case.tile), kernels.ceil_div(case.length, case.block)
    begins = torch.arange(blocks, device=bench.device)[None, :] * case.block
    ends = torch.arange(1, tiles + 1, device=bench.device)[:, None] * case.tile
    scores = torch.rand((tiles, blocks), device=bench.device).masked_fill(begins >= ends, -math.inf)
    chosen = kernels.select_blocks(scores, max(1, blocks // 2), case.tile, case.block)
    chosen.counts[2::3] = 0
    chosen.full[2::3] = 0
    return chosen


def _check_blocks(bench: Bench, case: Case) -> Errors:
    inputs, found = _case_inputs(bench, case), []
    lists = {
        "some lists empty": _random_blocks(bench, case),
        "window and sinks": kernels.window_lists(
            case.length, case.block + 3, 1, case.tile, case.block, bench.device
        ),
        "all blocks": kernels.all_blocks(case.length, case.tile, case.block, bench.device),
    }
    for name, chosen in lists.items():
        mask = kernels.block_mask(chosen, case.length)
        expected = kernels.reference_attention(*inputs, mask)
        for pack in (1, 2):
            if pack * case.tile <= 128:
                warps = 8 if pack * case.tile > 64 else 4
                out, _ = kernels.block_attention(*inputs, chosen, Launch(warps, 2, pack))
                found.append(
                    (f"tile-shared attention, {name}, {pack} heads packed", _relative(out, expected))
                )
        wrong = kernels.visible_pairs(chosen, case.length) - int(mask.sum())
        found.append((f"count of admitted pairs, {name}", abs(float(wrong))))
    return found


def _check_gradients(bench: Bench, case: Case) -> Errors:
    chosen = _random_blocks(bench, case)
    given = [one.requires_grad_() for one in _case_inputs(bench, case)]
    out = kernels.BlockAttention.apply(*given, chosen, Launch(8 if case.tile > 32 else 4))
    slope = torch.randn_like(out)
    out.backward(slope)
    exact = [one.detach().double().requires_grad_() for one in given]
    kernels.reference_attention(*exact, kernels.block_mask(chosen, case.length)).backward(slope.double())
    # A single key has all the weight, so that the gradients of queries and keys are zero but for rounding.
    floor = max(1e-3, float(exact[2].grad.abs().max()))
    return [
        (
            f"tile-shared attention, gradient of {name}",
            float((one.grad.double() - other.grad).abs().max()) / max(floor, float(other.grad.abs().max())),
        )
        for name, one, other in zip(("queries", "keys", "values"), given, exact, strict=True)
    ]


def _check_skip(bench: Bench, case: Case) -> Errors:
    inputs = _case_inputs(bench, case)
    tile, block = max(case.tile, case.block), min(case.tile, case.block)
    shape = (case.heads, kernels.ceil_div(case.length, tile))
    thresholds = 1.0 + torch.randn(shape, device=bench.device)
    thresholds[:, ::4] = math.inf  # only the diagonal is left
    launch = Launch(8 if tile > 64 else 4)
    out, skipped = kernels.skip_attention(*inputs, thresholds, tile, block, launch)
    mask, expected = kernels.reference_skip_mask(inputs[0], inputs[1], thresholds, tile, block)
    return [
        ("threshold skip", _relative(out, kernels.reference_attention(*inputs, mask))),
        ("count of skipped blocks", float((skipped.cpu() - expected).abs().max())),
    ]


def _check_decoding(bench: Bench, case: Case) -> Errors:
    batch, length = 3, case.length
    q = bench.random(batch, case.heads, case.dim)
    k, v = bench.random(2, batch, case.kv_heads, length, case.dim)
    order = torch.rand((batch, length), device=bench.device).argsort(1).to(torch.int32)
    counts = torch.tensor([0, (length + 1) // 2, length], dtype=torch.int32, device=bench.device)
    chosen = TokenLists(order, counts)
    masks = {
        "dense": (None, torch.ones((batch, length), dtype=torch.bool, device=bench.device)),
        "from lists, one empty": (chosen, kernels.token_mask(chosen, length)),
    }
    found = []
    for name, (lists, mask) in masks.items():
        expected = kernels.reference_attention(q[:, :, None], k, v, mask[:, None, None])[:, :, 0]
        for splits in (1, 3):
            out = kernels.decode_attention(q, k, v, lists, splits=splits, block=max(16, case.block))
            found.append((f"decoding, {name}, {splits} shares", _relative(out, expected)))
    return found + _check_decode_scores(bench, case)


def _check_decode_scores(bench: Bench, case: Case) -> Errors:
    batch, dim = 2, max(16, min(case.dim, 64))
    queries, keys = bench.random(batch, INDEX_HEADS, dim), bench.random(batch, case.length, dim)
    gate = torch.rand((batch, INDEX_HEADS), device=bench.device)
    bias = torch.randn(INDEX_HEADS, device=bench.device)
    logits = queries.double() @ keys.double().transpose(1, 2) / math.sqrt(dim) + bias[:, None]
    expected = (gate.double()[:, :, None] * logits.sigmoid()).sum(1)
    found = kernels.decode_scores(queries, keys, gate, bias, block=max(16, case.block))
    return [("indexer scores in decoding", _relative(found, expected))]


def _check_rest(bench: Bench, case: Case) -> Errors:
    """Check what has no kernel of its own, and the loop that measures sigmoids."""
    numbers = torch.randn(2048, device=bench.device)
    expected = numbers.double().sigmoid().sigmoid().sigmoid()
    hidden, x = bench.random(case.length, 32), bench.random(case.length, case.dim)
    weight, bias = bench.random(32, case.dim) / 6, bench.random(case.dim)
    logits = hidden.double() @ weight.double() + bias.double()
    return [
        ("sigmoids in registers", _relative(kernels.many_sigmoids(numbers, 3), expected)),
        ("gate", _relative(kernels.gated(x, hidden, weight, bias), logits.sigmoid() * x.double())),
    ]


_CHECKS: dict[str, Callable[[Bench, Case], Errors]] = {
    "indexer": _check_indexer,
    "block scores": _check_block_scores,
    "token-level attention": _check_tokens,
    "tile-shared attention": _check_blocks,
    "gradients": _check_gradients,
    "threshold skip": _check_skip,
    "decoding": _check_decoding,
    "gates and sigmoids": _check_rest,
}
_CHECKED_LARGE = ("indexer", "token-level attention", "tile-shared attention", "gradients", "decoding")


def _check_kernels(run: Run) -> None:
    bench = _bench(run, "kernels")
    planned = [(name, case) for case in _CASES[run.preset] for name in _CHECKS]
    planned += [(name, case) for case in _REALISTIC[run.preset] for name in _CHECKED_LARGE]
    for name, case in planned:
        found = run.step(f"kernels: {name}, {case}", lambda name=name, case=case: _CHECKS[name](bench, case))
        for what, error in found or ():
            is_count = what.startswith("count")
            limit = 0.0 if is_count else _BF16_LIMIT if bench.is_gpu else _FP32_LIMIT
            measure = "count" if is_count else "largest difference over largest number"
            run.check(f"{what}: {case}", "the same in double precision", error, limit, measure)
    run.backend("kernels", "Triton's interpreter" if kernels.IS_INTERPRETED else "Triton, compiled")


# -----------------------------------------------------------------------------------------------------------
# Recall of attention mass


@dataclass(frozen=True)
class World:
    """What the recall of a selection is counted on."""

    length: int
    heads: int
    dim: int
    part: int  # numbers of a hidden state that queries read, and as many that keys read
    segment: int
    needles: int
    block: int
    steps: int


_WORLDS = {
    "smoke": World(64, 2, 16, 16, 16, 2, 16, 5),
    "cpu": World(256, 4, 32, 32, 32, 8, 16, 80),
    "gpu": World(2048, 8, 64, 64, 128, 16, 64, 300),
}
_DATA = ("random", "local", "needle")
_INDEXERS = ("oracle", "random", "untrained", "trained")
_DENSITIES = (6, 12, 25)  # percent of the length that a query selects
_RATE = 1e-2


def _states(world: World, data: str, codes: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """Return hidden states: one half is what queries read, the other what keys read.

    In ``random`` data the halves are independent.  In ``local`` data both are the topic of a segment and
    noise.  In ``needle`` data each query asks for one of a few single keys, which answer by the same code.
    """
    device, length = codes.device, world.length
    asked, answered = torch.randn((2, length, world.part), generator=draw, device=device)
    if data == "local":
        segments = kernels.ceil_div(length, world.segment)
        which = torch.randint(len(codes), (segments,), generator=draw, device=device)
        topic = codes[which.repeat_interleave(world.segment)[:length]]
        asked, answered = (topic + 0.5 * asked) / math.sqrt(1.25), (topic + 0.5 * answered) / math.sqrt(1.25)
    elif data == "needle":
        wanted = torch.randint(world.needles, (length,), generator=draw, device=device)
        asked = codes[wanted]
        # Needles lie in the first half, and recall is counted in the second.
        hidden = torch.randperm(length // 2, generator=draw, device=device)[: world.needles]
        answered[hidden] = codes[: world.needles]
    return torch.cat([asked, answered], 1)


def _true_mass(world: World, states: torch.Tensor, reads: torch.Tensor) -> torch.Tensor:
    """Return the attention of each query to each key, averaged over heads."""
    asked, answered = states.split(world.part, 1)
    logits = (asked @ reads) @ (answered @ reads).transpose(1, 2) / math.sqrt(world.dim)
    future = torch.ones(logits.shape[1:], dtype=torch.bool, device=states.device).triu(1)
    return logits.masked_fill(future, -math.inf).softmax(-1).mean(0)


def _weights(world: World, device: torch.device, draw: torch.Generator) -> dict[str, torch.Tensor]:
    """Return an indexer as it begins: normal weights that keep the size of what they read."""
    width, dim = 2 * world.part, world.dim
    columns = {"queries": INDEX_HEADS * dim, "keys": dim, "gate": INDEX_HEADS}
    found = {
        name: torch.randn((width, count), generator=draw, device=device) / math.sqrt(width)
        for name, count in columns.items()
    }
    return found | {"bias": torch.zeros(INDEX_HEADS, device=device)}


def _indexed(world: World, states: torch.Tensor, weights: Mapping[str, torch.Tensor]) -> Indexer:
    queries = (
        (states @ weights["queries"]).unflatten(1, (INDEX_HEADS, world.dim)).transpose(0, 1).contiguous()
    )
    gate = (states @ weights["gate"]).sigmoid().T.contiguous()
    return Indexer(queries, states @ weights["keys"], gate, weights["bias"])


def _trained(
    world: World, data: str, reads: torch.Tensor, codes: torch.Tensor, weights: dict[str, torch.Tensor],
    draw: torch.Generator,
) -> dict[str, torch.Tensor]:  # fmt: skip
    """Train an indexer to give the head-averaged attention, by its divergence from a softmax of scores.

    Scores lie between 0 and 4, so that the softmax has a learned scale.  Every step sees new states.
    """
    weights = {name: one.clone().requires_grad_() for name, one in weights.items()}
    scale = torch.tensor(2.0, device=codes.device, requires_grad=True)
    optimiser = torch.optim.Adam([*weights.values(), scale], lr=_RATE)
    future = torch.ones((world.length, world.length), dtype=torch.bool, device=codes.device).triu(1)
    for _ in range(world.steps):
        states = _states(world, data, codes, draw)
        mass = _true_mass(world, states, reads)
        indexer = _indexed(world, states, weights)
        logits = indexer.queries @ indexer.keys.T / math.sqrt(world.dim) + indexer.bias[:, None, None]
        scores = (indexer.gate[:, :, None] * logits.sigmoid()).sum(0) * scale.exp()
        guessed = scores.masked_fill(future, -math.inf).log_softmax(1).masked_fill(future, 0.0)
        optimiser.zero_grad()
        (-(mass * guessed).sum(1).mean()).backward()
        optimiser.step()
    return {name: one.detach() for name, one in weights.items()}


def _recalled(
    world: World, mass: torch.Tensor, scores: torch.Tensor, blocks: torch.Tensor
) -> dict[str, float]:
    """Return how much of the true mass each selection takes, and how much of the best selection it shares."""
    late = slice(world.length // 2, None)
    found = {}
    for percent in _DENSITIES:
        keep = max(1, round(world.length * percent / 100))
        chosen, best = scores[late].topk(keep, 1).indices, mass[late].topk(keep, 1).indices
        is_best = torch.zeros_like(mass[late], dtype=torch.bool).scatter_(1, best, True)
        found[f"token_{percent}"] = float(mass[late].gather(1, chosen).sum(1).mean())
        found[f"overlap_{percent}"] = float(is_best.gather(1, chosen).float().mean())
        kept = kernels.select_blocks(blocks, max(1, round(keep / world.block)), world.block, world.block)
        mask = kernels.block_mask(kept, world.length)
        found[f"block_{percent}"] = float((mass * mask)[late].sum(1).mean())
    return found


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep torch to one thread: these sums are so small that more of them mostly wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@_one_thread()
def _recall_of(bench: Bench, world: World, data: str, seed: int) -> dict[str, dict[str, float]]:
    device = torch.device(bench.device)
    draw = torch.Generator(device).manual_seed(1000 * seed + _DATA.index(data))
    reads = torch.randn((world.heads, world.part, world.dim), generator=draw, device=device) / math.sqrt(
        world.part
    )
    codes = torch.randn((max(world.needles, 4), world.part), generator=draw, device=device)
    untrained = _weights(world, device, draw)
    weights = {
        "untrained": untrained,
        "trained": _trained(world, data, reads, codes, untrained, draw),
    }
    states = _states(world, data, codes, draw)
    mass = _true_mass(world, states, reads)
    future = torch.ones_like(mass, dtype=torch.bool).triu(1)
    guesses = {"oracle": mass, "random": torch.rand(mass.shape, generator=draw, device=device)}
    found = {}
    for name in _INDEXERS:
        if name in weights:
            indexer = _indexed(world, states, weights[name])
            scores, _ = kernels.index_scores(indexer, 0, world.length, sizes=(64, 64, 8), launch=Launch(4, 2))
            blocks = _by_blocks(scores, world.block).amax((1, 3))
        else:
            scores = guesses[name].masked_fill(future, -math.inf)
            blocks = _by_blocks(guesses[name].masked_fill(future, 0.0), world.block).sum((1, 3))
            blocks = blocks.masked_fill(torch.ones_like(blocks, dtype=torch.bool).triu(1), -math.inf)
        found[name] = _recalled(world, mass, scores, blocks)
    return found


def _by_blocks(matrix: torch.Tensor, block: int) -> torch.Tensor:
    """Return a matrix cut into tiles of queries and blocks of keys; the odd axes lie inside."""
    return matrix.unflatten(0, (-1, block)).unflatten(2, (-1, block))


def _recall(run: Run) -> None:
    bench, world = _bench(run, "recall"), _WORLDS[run.preset]
    run.parameter("mass_length", world.length, "tokens", "length of the sequences that recall is counted on")
    run.parameter("mass_block", world.block, "tokens", "queries of a tile and keys of a block")
    run.parameter("mass_steps", world.steps, None, "steps of training an indexer")
    run.parameter("mass_rate", _RATE, None, "step size of Adam")
    run.note("the trained indexer learns from head-averaged attention; published code trains none")
    values: dict[str, list[float]] = {}
    for data in _DATA:
        for seed in run.seeds:
            found = run.step(
                f"recall: {data} {seed}", lambda data=data, seed=seed: _recall_of(bench, world, data, seed)
            )
            for indexer, numbers in (found or {}).items():
                for name, value in numbers.items():
                    values.setdefault(f"mass_{data}_{indexer}_{name}", []).append(value)
    if len(run.seeds) == 1:
        run.note("recall is told with an interval, which one seed doesn't give")
        return
    for name, numbers in values.items():
        run.sample(name, numbers, None, "mean over queries of the second half, one value per seed")


def _recall_metrics() -> list[Metric]:
    meanings = {
        "token": "share of true attention mass that a selection of each query's own keys takes",
        "block": "share of true attention mass that a selection of blocks for tiles of queries takes",
        "overlap": "share of a query's selected keys that are among those of most mass",
    }
    found = []
    for data in _DATA:
        for indexer in _INDEXERS:
            for level, meaning in meanings.items():
                for percent in _DENSITIES:
                    name = f"{data}_{indexer}_{level}_{percent}"
                    what = f"{meaning}: {data} data, {indexer} indexer, {percent}% of the length"
                    found.append(over_seeds(f"recall_{name}", f"mass_{name}", None, what))
    return found


def add_parts(experiment: Experiment) -> None:
    """Declare the parts that check kernels, count recall, and measure times and memory."""
    declared: list[tuple[str, str, dict[str, int], Sequence[Metric], Callable[[Run], None]]] = [
        ("kernels", "every kernel against the same in double precision",
         {"smoke": 15, "cpu": 60, "gpu": 60}, (), _check_kernels),
        ("recall", "how much true attention mass selections take",
         {"smoke": 3, "cpu": 45, "gpu": 20}, _recall_metrics(), _recall),
        ("limits", "what this machine gives at best",
         {"smoke": 1, "gpu": 5}, _limit_metrics("limit"), _limits),
        ("prefill-dense", "dense attention by every implementation, all lengths",
         {"smoke": 2, "gpu": 80}, _prefill_dense_metrics(), _prefill_dense),
        ("prefill-sparse", "gated sparse attention, stage by stage, against dense attention",
         {"smoke": 6, "gpu": 130}, _prefill_sparse_metrics(), _prefill_sparse),
        ("prefill-skip", "leaving out values below a threshold, with planted sparsity",
         {"smoke": 2, "gpu": 60}, _prefill_skip_metrics(), _prefill_skip),
        ("prefill-window", "a sliding window and sinks against dense attention",
         {"smoke": 1, "gpu": 25}, _prefill_window_metrics(), _prefill_window),
        ("decode", "one token at a time, dense against sparse",
         {"smoke": 3, "gpu": 25}, _decode_metrics(), _decode),
        ("indexer-variants", "kinds of indexer, by the time of their kernel",
         {"smoke": 1, "gpu": 10}, _variant_metrics(), _indexer_variants),
        ("memory", "peak memory and the bytes of keys and values, dense against sparse",
         {"smoke": 2, "gpu": 10}, _memory_metrics(), _memory),
    ]  # fmt: skip
    for name, what, seconds, metrics, function in declared:
        experiment.part(name, what, seconds, metrics)(function)
