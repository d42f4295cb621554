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
from typing import NamedTuple

import _timing
import torch
from _timing import Effort, Way
from _triton import IS_INTERPRETED, tl, triton
from harness import Experiment, Metric, Run
from torch import Tensor
from torch.nn import functional


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

    def __str__(self) -> str:
        """Return the cut in words."""
        shape = f"tile {self.rows}x{self.columns}x{self.depth}"
        return f"{shape}, {self.warps} warps, {self.stages} stages"


class Routes(NamedTuple):
    """Which experts each token takes and the shares that softmax gives them, both [token, choice]."""

    weights: Tensor
    experts: Tensor


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
    """Give the best experts of a block of tokens, and the shares that softmax gives them.

    A token whose logits have no softmax takes the first experts, each with a share that is not a number: what
    it says is then not a number either, and nothing is read from behind the last expert.
    """
    rows = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    columns = tl.arange(0, PADDED)
    is_inside = (rows[:, None] < tokens) & (columns[None, :] < EXPERTS)
    logits = tl.load(
        logits_ptr + rows[:, None] * EXPERTS + columns[None, :], mask=is_inside, other=-float("inf")
    ).to(tl.float32)
    # Rows behind the last token would be without a largest number.
    logits = tl.where(rows[:, None] < tokens, logits, 0.0)
    shares = tl.exp(logits - tl.max(logits, 1)[:, None])
    total = tl.sum(shares, 1)
    # The total is NaN where a logit is NaN or plus infinity, and where all of them are minus infinity.
    has_shares = total > 0.0
    shares = tl.where(has_shares[:, None], shares / total[:, None], 0.0)
    shares = tl.where(columns[None, :] < EXPERTS, shares, -1.0)
    for place in tl.static_range(CHOSEN):
        best = tl.argmax(shares, 1)
        target = rows * CHOSEN + place
        share = tl.where(has_shares, tl.max(shares, 1), float("nan"))
        tl.store(weights_ptr + target, share, mask=rows < tokens)
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


def routed(logits: Tensor, chosen: int) -> Routes:
    """Return the shares in fp32 and the best experts of each token, by its logits [token, expert]."""
    tokens, experts = logits.shape
    if not 1 <= chosen <= experts:
        raise ValueError(f"a layer of {experts} experts has no {chosen} best ones")
    weights = torch.empty((tokens, chosen), device=logits.device)
    best = torch.empty((tokens, chosen), device=logits.device, dtype=torch.int32)
    block = 16
    _route_kernel[(triton.cdiv(tokens, block),)](
        logits, weights, best, tokens, experts, triton.next_power_of_2(experts), chosen, block
    )
    return Routes(weights, best)


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


def own_routes(of: Layer, x: Tensor) -> Routes:
    """Return which experts ``ours`` takes; of equal logits the lower expert first."""
    return routed(x @ of.router.T, of.shape.chosen)


def ours(of: Layer, x: Tensor, launch: Launch) -> Tensor:
    """Return what the layer says of tokens [token, size]."""
    shape = of.shape
    weights, best = own_routes(of, x)
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


def torch_routes(of: Layer, x: Tensor) -> Routes:
    """Return which experts the other ways take; of equal logits torch says no order."""
    shares = (x @ of.router.T).float().softmax(1)
    best = shares.topk(of.shape.chosen, 1)
    return Routes(best.values, best.indices)


def looped(of: Layer, x: Tensor) -> Tensor:
    """Run expert after expert on the rows that chose each, picked by a mask."""
    weights, best = torch_routes(of, x)
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
    weights, best = torch_routes(of, x)
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


def reference(of: Layer, x: Tensor, routes: Routes) -> Tensor:
    """Return what the layer says by given routes, token by token, in fp64.

    Routes are given because equal logits, frequent in bfloat16, have more than one right order.
    """
    rows = []
    for token, experts in enumerate(routes.experts.tolist()):
        said = [
            weight
            * (
                _activated(x[token].double() @ of.into[expert].double().T, of.shape)
                @ of.out[expert].double().T
            )
            for weight, expert in zip(routes.weights[token].double(), experts, strict=True)
        ]
        rows.append(torch.stack(said).sum(0))
    return torch.stack(rows)


def route_errors(logits: Tensor, routes: Routes) -> tuple[int, float]:
    """Return how many tokens take no best experts, and how far shares lie from those of softmax in fp64.

    Experts are best where there is none twice and their logits are the largest there are, in falling order.
    """
    experts = routes.experts.long()
    inside = experts.clamp(0, logits.shape[1] - 1)
    most = logits.topk(experts.shape[1], 1).values
    ordered = experts.sort(1).values
    is_wrong = (experts != inside).any(1) | (logits.gather(1, inside) != most).any(1)
    is_wrong |= (ordered[:, 1:] == ordered[:, :-1]).any(1)
    shares = logits.double().softmax(1).gather(1, inside)
    return int(is_wrong.sum()), float((routes.weights.double() - shares).abs().max())


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
_CHOICE = Effort(0.05, 3, 10)
_LIMITS = {torch.bfloat16: 2e-2, torch.float32: 2e-5}
_SHARE_LIMIT = 1e-5
_ODD = 37
_SAMPLED = 64  # tokens whose result is compared with the reference
_MOST_SETS = 32
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
    yield from _timing.limit_metrics(prefix)
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
    yield from _way_metrics(case, where)


def _way_metrics(case: str, where: str) -> Iterator[Metric]:
    """Yield the times of all ways, what they are of the bound, and over ours."""
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
    """How a part measures one of its layers."""

    run: Run
    prefix: str
    name: str
    of: Layer

    @property
    def limit(self) -> float:
        """How far a result may lie from the reference, over its largest number."""
        return _LIMITS[self.of.into.dtype]

    def random(self, *sizes: int) -> Tensor:
        """Return normal random numbers."""
        return torch.randn(sizes, device=self.run.device, dtype=self.of.into.dtype)


def _begun(run: Run, prefix: str, shapes: Mapping[str, Shape]) -> torch.dtype:
    """Keep what formulas need of a run, and return the type of its numbers."""
    _timing.require_kernels(run)
    is_gpu = run.device == "cuda"
    _timing.keep_limits(run, prefix, _EFFORTS[run.preset])
    run.parameter("experts_number_bytes", 2 if is_gpu else 4, "bytes", "one number of weights and tokens")
    for name, shape in shapes.items():
        run.parameter(f"experts_size_{name}", shape.size, None, f"width of tokens, {name}")
        run.parameter(f"experts_inner_{name}", shape.inner, None, f"inner width of an expert, {name}")
        run.parameter(f"experts_chosen_{name}", shape.chosen, None, f"experts that a token takes, {name}")
        run.parameter(f"experts_matrices_{name}", shape.matrices, None, f"matrices of an expert, {name}")
    run.dtype = "bfloat16" if is_gpu else "float32"
    return torch.bfloat16 if is_gpu else torch.float32


def _timed_layers(run: Run, prefix: str, names: tuple[str, ...]) -> None:
    shapes = {name: (SHAPES if run.device == "cuda" else _SMALL)[name] for name in names}
    dtype = _begun(run, prefix, shapes)
    for name, shape in shapes.items():
        torch.manual_seed(0)
        bench = _Bench(run, prefix, name, layer(shape, run.device, dtype))
        _right(bench, bench.random(_ODD, shape.size))
        for tokens in TOKENS if run.device == "cuda" else _FEW:
            _time_all(bench, tokens)


# -- Checks


def _right(bench: _Bench, x: Tensor) -> tuple[list[Launch], list[str]]:
    """Check every cut and every other way on tokens; return those that may be timed on as many."""
    of = bench.of
    _check_routes(bench, x)
    cuts = [
        launch
        for launch in launches(of.shape, len(x))
        if _is_right(bench, f"ours, {launch}", x, lambda x, launch=launch: ours(of, x, launch), own_routes)
    ]
    others = {"torch": by_torch, "looped": looped}
    ways = [
        way
        for way, function in others.items()
        if _is_right(bench, way, x, lambda x, function=function: function(of, x), torch_routes)
    ]
    return cuts, ways


def _check_routes(bench: _Bench, x: Tensor) -> None:
    """Hold the routes of all tokens against the largest logits, and shares against softmax in fp64."""
    logits = x @ bench.of.router.T
    for way, routes in (("ours", own_routes), ("torch", torch_routes)):
        what = f"routes of {way}, {bench.name}, {len(x)} tokens"
        found = bench.run.step(
            f"{bench.prefix}: check {what}", lambda routes=routes: route_errors(logits, routes(bench.of, x))
        )
        if found is not None:
            bench.run.check(what, "the largest logits", found[0], 0, "tokens that take other experts")
            bench.run.check(
                f"shares, {what}", "softmax in fp64", found[1], _SHARE_LIMIT, "absolute difference"
            )


def _is_right(
    bench: _Bench,
    way: str,
    x: Tensor,
    call: Callable[[Tensor], Tensor],
    routes: Callable[[Layer, Tensor], Routes],
) -> bool:
    """Check what a way says of all tokens at some of them, and return whether it may be timed."""
    what = f"{way}, {bench.name}, {len(x)} tokens"
    places = torch.linspace(0, len(x) - 1, min(len(x), _SAMPLED), device=x.device).round().long()

    def error() -> float:
        found = _timing.checked(lambda _: call(x))[places].double()
        taken = Routes(*(one[places] for one in routes(bench.of, x)))
        expected = reference(bench.of, x[places], taken)
        return float((found - expected).abs().max() / expected.abs().max())

    absent = _timing.LACKING if way == "torch" else _timing.TOO_LARGE
    found = bench.run.step(f"{bench.prefix}: check {what}", lambda: _timing.attempted(error, absent))
    if found is None:
        return False
    if "absent" in found:
        bench.run.note(f"{way}, {bench.name}: left out, {found['absent']}")
        return False
    apart = found.get("value", math.inf)
    bench.run.check(
        f"layer with experts, {what}",
        "some tokens in fp64, by the same routes",
        apart,
        bench.limit,
        "largest difference over largest number",
    )
    return bool(apart <= bench.limit)


# -- Times


def _time_all(bench: _Bench, tokens: int) -> None:
    """Time every way that is right, in turn, on weights that the cache does not hold."""
    run, of, case = bench.run, bench.of, f"{bench.name}_{tokens}"
    inputs, hit = _inputs(bench, tokens)
    run.sample(
        f"experts_hit_{case}", hit, None, f"experts that any of {tokens} tokens takes, by set of inputs"
    )
    cuts, others = _right(bench, inputs[0])
    functions = {"torch": by_torch, "looped": looped}
    ways = {
        way: Way(
            lambda place, function=functions[way]: function(of, inputs[place % len(inputs)]),
            len(inputs),
            is_graph=way != "looped",
            absent=_timing.LACKING if way == "torch" else _timing.TOO_LARGE,
        )
        for way in others
    }
    best = _fastest(bench, cuts, inputs, case)
    if best is not None:
        ways = {"ours": best, **ways}
    for way, width in (("dense_active", of.shape.chosen), ("dense_total", of.shape.experts)):
        if width * _expert_bytes(of) <= _MOST_BYTES:
            ways[way] = _dense_way(bench, inputs, width)
    times = _timing.compared(run, f"{bench.prefix}: times {case}", ways, _EFFORTS[run.preset])
    for way, samples in times.items():
        run.sample(f"experts_time_{way}_{case}", samples, "ms", f"one call: {WAYS[way]}, {case}")


def _expert_bytes(of: Layer) -> int:
    return of.into[0].nbytes + of.out[0].nbytes


def _inputs(bench: _Bench, tokens: int) -> tuple[list[Tensor], list[int]]:
    """Return sets of tokens, and how many experts each takes.

    There are so many sets that the tokens and all experts that they take fill the cache twice: a call then
    reads its experts from memory, also where one token takes a single expert.
    """
    of, least = bench.of, 2 * _timing.cache_bytes(bench.run.device)
    inputs: list[Tensor] = []
    hit: list[int] = []
    is_taken = torch.zeros(of.shape.experts, dtype=torch.bool, device=bench.run.device)
    read = -1
    while read < least and len(inputs) < _MOST_SETS:
        inputs.append(bench.random(tokens, of.shape.size))
        is_hit = counts_of(torch_routes(of, inputs[-1]).experts, of.shape.experts) > 0
        hit.append(int(is_hit.sum()))
        is_taken |= is_hit
        read = int(is_taken.sum()) * _expert_bytes(of) + len(inputs) * inputs[0].nbytes
    return inputs, hit


def _dense_way(bench: _Bench, inputs: list[Tensor], width: int) -> Way:
    """Return a dense layer as wide as so many experts, of so many copies of weights that none stays cached.

    Copies of weights that are smaller than the cache fill it about twice, so that they take little memory.
    """
    shape = bench.of.shape
    wide = width * shape.inner
    weights = []
    for _ in range(_timing.copies(width * _expert_bytes(bench.of), bench.run.device)):
        into = bench.random((2 if shape.is_gated else 1) * wide, shape.size) / math.sqrt(shape.size)
        weights.append((into, bench.random(shape.size, wide) / math.sqrt(wide)))
    return Way(
        lambda place: dense(*weights[place % len(weights)], inputs[place % len(inputs)], shape),
        max(len(weights), len(inputs)),
        is_graph=True,
    )


def _fastest(bench: _Bench, cuts: list[Launch], inputs: list[Tensor], case: str) -> Way | None:
    """Return our layer in the fastest cut, and note which it is; it is timed anew, beside the others."""
    ways = {
        str(launch): Way(
            lambda place, launch=launch: ours(bench.of, inputs[place % len(inputs)], launch),
            len(inputs),
            is_graph=True,
        )
        for launch in cuts
    }
    best = _timing.fastest(bench.run, f"{bench.prefix}: tune {case}", ways, _CHOICE)
    if best is None:
        return None
    bench.run.backend(f"grouped product, {case}", best)
    return ways[best]


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
            {"smoke": 5, "gpu": 60},
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
