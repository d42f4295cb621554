"""One layer with experts, run in several ways and timed from one token to sixteen thousand.

A layer routes each token to its best experts and adds up what they say, each weighed.  Ours routes in one
kernel (softmax and top-k), sorts the pairs of token and expert once, and multiplies all experts' rows in one
grouped product each for the way in and the way out.  Beside it: a loop over experts, torch's own grouped
product, and dense layers of as many active and of as many parameters in all.

Weights are [expert, rows out, rows in], so that a product reads along its longest side.  A gated expert has
two matrices side by side on the way in (SwiGLU), any other one (ReLU).
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import _timing
import torch
from _timing import Effort
from _triton import IS_INTERPRETED, tl, triton
from harness import Experiment, Metric, Refusal, Run
from torch import Tensor
from torch.nn import functional

_LEAST_ROWS = 16  # a matrix instruction has no fewer rows


@dataclass(frozen=True)
class Shape:
    """A layer: width of tokens, inner width of an expert, experts, how many a token takes, gated or not."""

    size: int
    inner: int
    experts: int
    chosen: int
    is_gated: bool = True

    @property
    def matrices(self) -> int:
        """Matrices of an expert."""
        return 3 if self.is_gated else 2


@dataclass(frozen=True)
class Layer:
    """Weights: the router's [expert, size], the experts' ways in and out."""

    shape: Shape
    router: Tensor
    into: Tensor
    out: Tensor


@dataclass(frozen=True)
class Launch:
    """How a product is cut: rows, columns and depth of a tile, warps and stages."""

    rows: int
    columns: int
    depth: int
    warps: int = 4
    stages: int = 3


def layer(shape: Shape, device: str, dtype: torch.dtype) -> Layer:
    """Return a layer of random weights whose sums keep the size of their inputs."""
    sides = 2 if shape.is_gated else 1

    def normal(*sizes: int) -> Tensor:
        return torch.randn(sizes, device=device, dtype=dtype) / math.sqrt(sizes[-1])

    return Layer(
        shape,
        normal(shape.experts, shape.size),
        normal(shape.experts, sides * shape.inner, shape.size),
        normal(shape.experts, shape.size, shape.inner),
    )


# -- Kernels -------------------------------------------------------------------------------------------------


@triton.jit
def _route_kernel(
    logits_ptr: tl.tensor,
    weights_ptr: tl.tensor,
    chosen_ptr: tl.tensor,
    tokens: tl.tensor,
    EXPERTS: tl.constexpr,
    PADDED: tl.constexpr,
    CHOSEN: tl.constexpr,
    BLOCK: tl.constexpr,
) -> None:
    """Give the best experts of a block of tokens, and the shares that softmax gives them."""
    rows = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    columns = tl.arange(0, PADDED)
    is_inside = (rows[:, None] < tokens) & (columns[None, :] < EXPERTS)
    logits = tl.load(
        logits_ptr + rows[:, None] * EXPERTS + columns[None, :], mask=is_inside, other=-float("inf")
    ).to(tl.float32)
    # Rows behind the last token would be without a largest number.
    logits = tl.where(rows[:, None] < tokens, logits, 0.0)
    shares = tl.exp(logits - tl.max(logits, 1)[:, None])
    shares = shares / tl.sum(shares, 1)[:, None]
    shares = tl.where(columns[None, :] < EXPERTS, shares, -1.0)
    for place in tl.static_range(CHOSEN):
        best = tl.argmax(shares, 1)
        target = rows * CHOSEN + place
        tl.store(weights_ptr + target, tl.max(shares, 1), mask=rows < tokens)
        tl.store(chosen_ptr + target, best.to(tl.int32), mask=rows < tokens)
        shares = tl.where(columns[None, :] == best[:, None], -1.0, shares)


@triton.jit
def _tile_product(
    x_ptr: tl.tensor,
    w_ptr: tl.tensor,
    source: tl.tensor,
    columns: tl.tensor,
    is_row: tl.tensor,
    width: tl.tensor,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
    DEPTH: tl.constexpr,
) -> tl.tensor:
    """Multiply rows of x with rows of a matrix, both ``width`` deep."""
    depth = tl.arange(0, DEPTH)
    found = tl.zeros((ROWS, COLUMNS), tl.float32)
    for first in range(0, width, DEPTH):
        is_deep = first + depth < width
        x = tl.load(
            x_ptr + source[:, None] * width + first + depth[None, :],
            mask=is_row[:, None] & is_deep[None, :],
            other=0.0,
        )
        w = tl.load(
            w_ptr + columns[:, None] * width + first + depth[None, :], mask=is_deep[None, :], other=0.0
        )
        found += tl.dot(x, tl.trans(w))
    return found


@triton.jit
def _grouped_kernel(
    x_ptr: tl.tensor,
    w_ptr: tl.tensor,
    out_ptr: tl.tensor,
    order_ptr: tl.tensor,
    weights_ptr: tl.tensor,
    expert_ptr: tl.tensor,
    first_ptr: tl.tensor,
    end_ptr: tl.tensor,
    width: tl.tensor,
    columns_out: tl.tensor,
    CHOSEN: tl.constexpr,
    IS_WAY_IN: tl.constexpr,
    IS_GATED: tl.constexpr,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
    DEPTH: tl.constexpr,
) -> None:
    """Multiply one tile of an expert's rows.

    On the way in rows are gathered from tokens, and activated; on the way out they are weighed, and go where
    their pair of token and choice lies.
    """
    tile = tl.program_id(0)
    expert = tl.load(expert_ptr + tile).to(tl.int64)
    if expert >= 0:
        places = tl.load(first_ptr + tile) + tl.arange(0, ROWS)
        is_row = places < tl.load(end_ptr + tile)
        pairs = tl.load(order_ptr + places, mask=is_row, other=0).to(tl.int64)
        columns = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
        is_column = columns < columns_out
        safe = tl.where(is_column, columns, 0)
        source = pairs // CHOSEN if IS_WAY_IN else places.to(tl.int64)
        sides = 2 if IS_WAY_IN and IS_GATED else 1
        matrix = w_ptr + expert * sides * columns_out * width
        found = _tile_product(x_ptr, matrix, source, safe, is_row, width, ROWS, COLUMNS, DEPTH)
        if IS_WAY_IN and IS_GATED:
            up = _tile_product(
                x_ptr, matrix + columns_out * width, source, safe, is_row, width, ROWS, COLUMNS, DEPTH
            )
            found = found / (1.0 + tl.exp(-found)) * up
        elif IS_WAY_IN:
            found = tl.maximum(found, 0.0)
        else:
            found *= tl.load(weights_ptr + pairs, mask=is_row, other=0.0)[:, None]
        target = places.to(tl.int64) if IS_WAY_IN else pairs
        tl.store(
            out_ptr + target[:, None] * columns_out + columns[None, :],
            found.to(out_ptr.dtype.element_ty),
            mask=is_row[:, None] & is_column[None, :],
        )


def routed(logits: Tensor, chosen: int) -> tuple[Tensor, Tensor]:
    """Return shares [token, choice] in fp32 and experts [token, choice] of the best experts of each token."""
    tokens, experts = logits.shape
    weights = torch.empty((tokens, chosen), device=logits.device)
    best = torch.empty((tokens, chosen), device=logits.device, dtype=torch.int32)
    block = 16
    _route_kernel[(triton.cdiv(tokens, block),)](
        logits, weights, best, tokens, experts, triton.next_power_of_2(experts), chosen, block
    )
    return weights, best


@dataclass(frozen=True)
class Tiles:
    """Pairs of token and choice ordered by expert, and each tile's expert (-1: none), first and end."""

    order: Tensor
    expert: Tensor
    first: Tensor
    end: Tensor


def counts_of(best: Tensor, experts: int) -> Tensor:
    """Return how many pairs each expert has, without waiting for a GPU."""
    pairs = best.flatten().long()
    return torch.zeros(experts, dtype=torch.long, device=best.device).scatter_add_(
        0, pairs, torch.ones_like(pairs)
    )


def tiles(best: Tensor, experts: int, rows: int) -> Tiles:
    """Return the tiles of so many rows that hold every pair; how many there can be is known beforehand."""
    pairs = best.flatten()
    counts = counts_of(best, experts)
    ends = counts.cumsum(0)
    per_expert = (counts + rows - 1) // rows
    tile_ends = per_expert.cumsum(0)
    most = len(pairs) // rows + min(experts, len(pairs))
    place = torch.arange(most, device=best.device)
    expert = torch.searchsorted(tile_ends, place, right=True)
    is_none = expert >= experts
    expert = expert.clamp_max(experts - 1)
    first = ends[expert] - counts[expert] + (place - tile_ends[expert] + per_expert[expert]) * rows
    expert = expert.masked_fill(is_none, -1)
    return Tiles(pairs.argsort(stable=True).int(), expert.int(), first.int(), ends[expert].int())


def _grouped(
    x: Tensor,
    w: Tensor,
    out: Tensor,
    cut: Tiles,
    weights: Tensor,
    shape: Shape,
    launch: Launch,
    *,
    is_in: bool,
) -> None:
    grid = (len(cut.expert), triton.cdiv(out.shape[1], launch.columns))
    _grouped_kernel[grid](
        x,
        w,
        out,
        cut.order,
        weights,
        cut.expert,
        cut.first,
        cut.end,
        x.shape[1],
        out.shape[1],
        shape.chosen,
        is_in,
        shape.is_gated,
        launch.rows,
        launch.columns,
        launch.depth,
        num_warps=launch.warps,
        num_stages=launch.stages,
    )


def ours(of: Layer, x: Tensor, launch: Launch) -> Tensor:
    """Return what the layer says of tokens [token, size]."""
    shape = of.shape
    weights, best = routed(x @ of.router.T, shape.chosen)
    cut = tiles(best, shape.experts, launch.rows)
    inner = torch.empty((best.numel(), shape.inner), device=x.device, dtype=x.dtype)
    _grouped(x, of.into, inner, cut, weights, shape, launch, is_in=True)
    said = torch.empty((best.numel(), shape.size), device=x.device, dtype=x.dtype)
    _grouped(inner, of.out, said, cut, weights, shape, launch, is_in=False)
    return said.view(len(x), shape.chosen, shape.size).sum(1)


# -- The other ways ------------------------------------------------------------------------------------------


def _activated(inner: Tensor, shape: Shape) -> Tensor:
    if not shape.is_gated:
        return inner.relu()
    gate, up = inner.chunk(2, -1)
    return functional.silu(gate) * up


def _best(of: Layer, x: Tensor) -> tuple[Tensor, Tensor]:
    shares = (x @ of.router.T).float().softmax(1)
    best = shares.topk(of.shape.chosen, 1)
    return best.values, best.indices


def looped(of: Layer, x: Tensor) -> Tensor:
    """Run expert after expert on the rows that chose each, picked by a mask."""
    weights, best = _best(of, x)
    found = torch.zeros_like(x)
    for expert in range(of.shape.experts):
        token, place = (best == expert).nonzero(as_tuple=True)
        if len(token):
            said = _activated(x[token] @ of.into[expert].T, of.shape) @ of.out[expert].T
            found.index_add_(0, token, said * weights[token, place, None].to(x.dtype))
    return found


def by_torch(of: Layer, x: Tensor) -> Tensor:
    """Run torch's own grouped product on sorted rows."""
    product = getattr(functional, "grouped_mm", None) or torch._grouped_mm
    weights, best = _best(of, x)
    order = best.flatten().argsort(stable=True)
    ends = counts_of(best, of.shape.experts).cumsum(0).int()
    rows = x[order // of.shape.chosen]
    inner = _activated(product(rows, of.into.transpose(1, 2), offs=ends), of.shape)
    said = product(inner, of.out.transpose(1, 2), offs=ends)
    said = said * weights.flatten()[order, None].to(x.dtype)
    found = torch.empty_like(said)
    found[order] = said
    return found.view(len(x), of.shape.chosen, of.shape.size).sum(1)


def dense(into: Tensor, out: Tensor, x: Tensor, shape: Shape) -> Tensor:
    """Run one dense layer of the same kind."""
    return _activated(x @ into.T, shape) @ out.T


def reference(of: Layer, x: Tensor) -> Tensor:
    """Return what the layer says, token by token, in fp64."""
    exact = Layer(of.shape, of.router.double(), of.into.double(), of.out.double())
    weights, best = _best(of, x)
    rows = []
    for token in range(len(x)):
        said = [
            weight * (_activated(x[token].double() @ exact.into[expert].T, of.shape) @ exact.out[expert].T)
            for weight, expert in zip(weights[token].double(), best[token], strict=True)
        ]
        rows.append(torch.stack(said).sum(0))
    return torch.stack(rows)


# -- Sizes and metrics ---------------------------------------------------------------------------------------

SHAPES = {
    "olmoe": Shape(2048, 1024, 64, 8),
    "deepseek": Shape(2048, 1408, 64, 6),
    "wide": Shape(2816, 704, 128, 8),
    "switch_32": Shape(768, 3072, 32, 1, is_gated=False),
    "switch_64": Shape(768, 3072, 64, 1, is_gated=False),
    "switch_128": Shape(768, 3072, 128, 1, is_gated=False),
}
_SMALL = {
    "olmoe": Shape(40, 24, 6, 3),
    "deepseek": Shape(33, 20, 7, 2),
    "wide": Shape(32, 16, 9, 4),
    "switch_32": Shape(24, 48, 4, 1, is_gated=False),
    "switch_64": Shape(24, 48, 8, 1, is_gated=False),
    "switch_128": Shape(24, 48, 16, 1, is_gated=False),
}
TOKENS = (1, 16, 64, 256, 1024, 4096, 16384)
_FEW = (1, 21)
WAYS = {
    "ours": "one routing kernel and two grouped products",
    "torch": "torch's own grouped product",
    "looped": "a loop over experts",
    "dense_active": "a dense layer of as many active parameters",
    "dense_total": "a dense layer of as many parameters in all",
}
_EFFORTS = {"smoke": Effort(0.0, 1, 1), "cpu": Effort(0.0, 1, 1), "gpu": Effort(0.2, 5, 50)}
_LIMITS = {torch.bfloat16: 2e-2, torch.float32: 2e-5}
_MOST_BYTES = 24 * 2**30


def launches(shape: Shape, tokens: int) -> list[Launch]:
    """Return the cuts that are tried; their rows follow from how many rows an expert gets."""
    if IS_INTERPRETED:
        return [Launch(16, 16, 16)]
    share = tokens * shape.chosen / shape.experts
    rows = 16 if share <= 16 else 32 if share <= 48 else 64 if share <= 128 else 128
    if rows < 64:
        return [Launch(rows, 64, 128, 4, 4), Launch(rows, 128, 64, 4, 4), Launch(rows, 128, 128, 8, 3)]
    return [Launch(rows, 128, 64, 8, 3), Launch(rows, 128, 64, 4, 4), Launch(rows, 64, 64, 4, 4)]


def _metrics(names: tuple[str, ...], prefix: str) -> Iterator[Metric]:
    yield Metric(
        f"{prefix}_gemm_tflops",
        f"2 * {prefix}_gemm_size ** 3 / median({prefix}_gemm) / 1e9",
        "TFLOP/s",
        "measured",
        "limit of this machine in this part: large matrix product",
    )
    yield Metric(
        f"{prefix}_copy_gbps",
        f"{prefix}_copied_bytes / median({prefix}_copy) / 1e6",
        "GB/s",
        "measured",
        "limit of this machine in this part: large copy, read and written",
    )
    for name in names:
        for tokens in sorted({*TOKENS, *_FEW}):
            yield from _size_metrics(name, tokens, prefix)


def _size_metrics(name: str, tokens: int, prefix: str) -> Iterator[Metric]:
    where, case = f"{name}, {tokens} tokens", f"{name}_{tokens}"
    expert = f"experts_matrices_{name} * experts_size_{name} * experts_inner_{name}"
    yield Metric(
        f"experts_flops_{case}",
        f"2 * {tokens} * experts_chosen_{name} * {expert}",
        "FLOP",
        "counted",
        f"operations of the experts, {where}",
    )
    yield Metric(
        f"experts_bytes_{case}",
        f"experts_number_bytes * (mean(experts_hit_{case}) * {expert} + 2 * {tokens} * experts_size_{name})",
        "bytes",
        "counted",
        f"weights of the experts that any token takes, tokens in and out, {where}",
    )
    yield Metric(
        f"experts_bound_{case}",
        f"max(experts_flops_{case} / {prefix}_gemm_tflops / 1e9,"
        f" experts_bytes_{case} / {prefix}_copy_gbps / 1e6)",
        "ms",
        "measured",
        f"the larger of time for operations and for bytes, {where}",
    )
    for way, words in WAYS.items():
        sample = f"experts_time_{way}_{case}"
        yield Metric(
            f"experts_{way}_{case}_ms",
            f"median({sample})",
            "ms",
            "measured",
            f"{words}, {where}",
            f"quantile({sample}, 0.25)",
            f"quantile({sample}, 0.75)",
        )
    for way in ("ours", "torch"):
        yield Metric(
            f"experts_{way}_{case}_share",
            f"experts_bound_{case} / experts_{way}_{case}_ms",
            None,
            "measured",
            f"share of the bound: {WAYS[way]}, {where}",
        )
        yield Metric(
            f"experts_{way}_{case}_tflops",
            f"experts_flops_{case} / experts_{way}_{case}_ms / 1e9",
            "TFLOP/s",
            "measured",
            f"{WAYS[way]}, {where}",
        )
    for other in ("torch", "looped", "dense_active", "dense_total"):
        mine, theirs = f"experts_time_ours_{case}", f"experts_time_{other}_{case}"
        yield Metric(
            f"experts_{other}_over_ours_{case}",
            f"median({theirs}) / median({mine})",
            "x",
            "measured",
            f"time of {WAYS[other]} over ours, {where}",
            f"quantile({theirs}, 0.25) / quantile({mine}, 0.75)",
            f"quantile({theirs}, 0.75) / quantile({mine}, 0.25)",
        )


# -- Parts ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Bench:
    run: Run
    prefix: str
    dtype: torch.dtype

    def tried(
        self, name: str, call: Callable[[int], Tensor], *, is_graph: bool = False
    ) -> list[float] | None:
        """Return the times of a call; what this machine or this torch does not have gives None and a note."""
        effort = _EFFORTS[self.run.preset]

        def measure() -> dict[str, Any]:
            try:
                return {
                    "times": _timing.measured(
                        call,
                        device=self.run.device,
                        effort=effort,
                        is_graph=is_graph and self.run.device == "cuda",
                    )
                }
            except torch.OutOfMemoryError:
                raise
            except (RuntimeError, AttributeError) as error:
                return {"absent": str(error).strip().splitlines()[0][:200]}

        found = self.run.step(f"{self.prefix}: {name}", measure)
        if found is not None and "absent" in found:
            self.run.note(f"{name}: left out, {found['absent']}")
        return None if found is None else found.get("times")


def _begun(run: Run, prefix: str, shapes: Mapping[str, Shape]) -> _Bench:
    if run.device == "cpu" and not IS_INTERPRETED:
        raise Refusal(
            "this machine has a GPU: --device cuda uses it, TRITON_INTERPRET=1 runs kernels on the CPU"
        )
    is_gpu = run.device == "cuda"
    found = run.step(f"{prefix}: limits", lambda: _limits(run))
    run.parameter(
        f"{prefix}_gemm_size", found["size"], None, "rows and columns of the largest matrix product"
    )
    run.parameter(f"{prefix}_copied_bytes", found["copied"], "bytes", "bytes that the copy reads and writes")
    run.sample(f"{prefix}_gemm", found["gemm"], "ms", "a large square matrix product")
    run.sample(f"{prefix}_copy", found["copy"], "ms", "a large copy")
    run.parameter("experts_number_bytes", 2 if is_gpu else 4, "bytes", "one number of weights and tokens")
    for name, shape in shapes.items():
        run.parameter(f"experts_size_{name}", shape.size, None, f"width of tokens, {name}")
        run.parameter(f"experts_inner_{name}", shape.inner, None, f"inner width of an expert, {name}")
        run.parameter(f"experts_chosen_{name}", shape.chosen, None, f"experts that a token takes, {name}")
        run.parameter(f"experts_matrices_{name}", shape.matrices, None, f"matrices of an expert, {name}")
    run.dtype = "bfloat16" if is_gpu else "float32"
    if not is_gpu:
        run.note("kernels run in Triton's interpreter: times of this run show that the code works, no speed")
    return _Bench(run, prefix, torch.bfloat16 if is_gpu else torch.float32)


def _limits(run: Run) -> dict[str, Any]:
    found = _timing.limits(run.device, _EFFORTS[run.preset])
    return {"gemm": found.gemm, "copy": found.copy, "size": found.size, "copied": found.copied}


def _timed_layers(run: Run, prefix: str, names: tuple[str, ...]) -> None:
    shapes = {name: (SHAPES if run.device == "cuda" else _SMALL)[name] for name in names}
    bench = _begun(run, prefix, shapes)
    for name, shape in shapes.items():
        torch.manual_seed(0)
        of = layer(shape, run.device, bench.dtype)
        _check(bench, name, of)
        for tokens in TOKENS if run.device == "cuda" else _FEW:
            _time_all(bench, name, of, tokens)


def _check(bench: _Bench, name: str, of: Layer) -> None:
    """Hold each way against the layer token by token, in fp64, at an odd number of tokens."""
    x = torch.randn((37, of.shape.size), device=bench.run.device, dtype=bench.dtype)
    expected = reference(of, x)
    calls = {"ours": lambda: ours(of, x, launches(of.shape, 37)[0]), "looped": lambda: looped(of, x)}
    for way, call in calls.items():
        error = bench.run.step(
            f"{bench.prefix}: check {way} {name}",
            lambda call=call: float((call().double() - expected).abs().max() / expected.abs().max()),
        )
        bench.run.check(
            f"layer with experts, {way}, {name}",
            "token by token in fp64",
            error,
            _LIMITS[bench.dtype],
            "largest difference over largest number",
        )


def _time_all(bench: _Bench, name: str, of: Layer, tokens: int) -> None:
    """Time every way on tokens that the cache does not hold."""
    run, shape, case = bench.run, of.shape, f"{name}_{tokens}"
    sets = min(8, _timing.copies(tokens * shape.size * bench.dtype.itemsize, run.device))
    inputs = [torch.randn((tokens, shape.size), device=run.device, dtype=bench.dtype) for _ in range(sets)]
    hit = [int((counts_of(_best(of, x)[1], shape.experts) > 0).sum()) for x in inputs]
    run.sample(
        f"experts_hit_{case}", hit, None, f"experts that any of {tokens} tokens takes, by set of inputs"
    )
    calls: dict[str, Callable[[int], Tensor]] = {
        "torch": lambda place: by_torch(of, inputs[place % sets]),
        "looped": lambda place: looped(of, inputs[place % sets]),
    }
    for way, width in (("dense_active", shape.chosen), ("dense_total", shape.experts)):
        if width * shape.inner * shape.size * shape.matrices * bench.dtype.itemsize <= _MOST_BYTES:
            calls[way] = _dense_call(of, inputs, width)
    best = _fastest(bench, of, inputs, case)
    if best is not None:
        run.sample(f"experts_time_ours_{case}", best, "ms", f"one call: {WAYS['ours']}, {case}")
    for way, call in calls.items():
        times = bench.tried(f"{way} {case}", call, is_graph=way != "looped")
        if times is not None:
            run.sample(f"experts_time_{way}_{case}", times, "ms", f"one call: {WAYS[way]}, {case}")


def _dense_call(of: Layer, inputs: list[Tensor], width: int) -> Callable[[int], Tensor]:
    """Return a call of a dense layer that is as wide as so many experts."""
    shape, sides = of.shape, 2 if of.shape.is_gated else 1
    x = inputs[0]
    into = torch.randn((sides * width * shape.inner, shape.size), device=x.device, dtype=x.dtype)
    out = torch.randn((shape.size, width * shape.inner), device=x.device, dtype=x.dtype)
    into, out = into / math.sqrt(shape.size), out / math.sqrt(width * shape.inner)
    return lambda place: dense(into, out, inputs[place % len(inputs)], shape)


def _fastest(bench: _Bench, of: Layer, inputs: list[Tensor], case: str) -> list[float] | None:
    """Return the times of the fastest cut, and note which it is."""
    tried = {}
    for launch in launches(of.shape, len(inputs[0])):
        times = bench.tried(
            f"ours {case} {launch.rows}x{launch.columns}x{launch.depth}/{launch.warps}/{launch.stages}",
            lambda place, launch=launch: ours(of, inputs[place % len(inputs)], launch),
            is_graph=True,
        )
        if times is not None:
            tried[launch] = sorted(times)[len(times) // 2], times
    if not tried:
        return None
    best = min(tried, key=lambda launch: tried[launch][0])
    bench.run.backend(
        f"grouped product, {case}", f"tile {best.rows}x{best.columns}x{best.depth}, {best.warps} warps"
    )
    return tried[best][1]


_LARGE = ("olmoe", "deepseek", "wide")
_SWITCH = ("switch_32", "switch_64", "switch_128")


def add_parts(experiment: Experiment) -> None:
    """Declare the parts, and what pages draw of them."""
    parts = (
        (
            "expert-layers",
            "layers",
            _LARGE,
            "layers of 64 experts of which 8 or 6 run, and of 128 of which 8 run",
        ),
        ("switch-layers", "switch", _SWITCH, "layers of 32, 64 and 128 experts of which one runs"),
    )
    for part, prefix, names, words in parts:
        experiment.part(
            part,
            f"time of {words}, from 1 to 16,384 tokens",
            {"smoke": 5, "gpu": 400},
            metrics=list(_metrics(names, prefix)),
        )(lambda run, prefix=prefix, names=names: _timed_layers(run, prefix, names))
    for name in _LARGE:
        experiment.plot(
            f"layer-{name.replace('_', '-')}",
            f"One layer with experts, {name}: time over ours",
            "tokens",
            "times ours",
            {
                WAYS[other]: {tokens: f"experts_{other}_over_ours_{name}_{tokens}" for tokens in TOKENS}
                for other in ("torch", "looped", "dense_active", "dense_total")
            },
            x_scale="log",
            y_scale="log",
            level=(1, "as long as ours"),
        )
