"""What exact search costs, what routing saves of it, and what a router takes for itself.

An index is a matrix of vectors ``[rows, dim]``; a batch of queries is ``[batch, dim]``.  A search returns for
each query the rows whose inner products with it are the largest, the best first.  One kernel scores a block
of rows and keeps each query's best of them, so that scores never reach memory; torch's product and selection,
and FAISS where it is installed, stand beside it.

Vectors are drawn at random.  Time depends on how many there are and not on what they say, but for one thing:
the kernel's lists change the more often, the more the rows of an index get better towards its end.

Lists of several indices become one by the highest inner product, and rows of each index stand for themselves:
times are those of this rule.  Rules that fuse lists of one clip in several indices, as the part quality has
them, work on the same few numbers of each query; what they take was not measured.
"""

import functools
import importlib
import math
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import _timing
import torch
from _timing import Effort
from _triton import IS_INTERPRETED, tl, triton
from harness import Experiment, Metric, Refusal, Run, over_seeds
from torch import Tensor

# The lowest score there is of a row; an empty place has minus infinity, which is less.
LOWEST = tl.constexpr(torch.finfo(torch.float32).min)
KEEP = 10  # rows that a search returns for each query
INDICES = 3


class Found(NamedTuple):
    """The best rows of each query and their scores, the best first; both ``[batch, keep]``."""

    scores: Tensor
    rows: Tensor


Search = Callable[[Tensor, Tensor], Found]


# -----------------------------------------------------------------------------------------------------------
# The kernel


@triton.jit
def _with_better(
    scores: tl.tensor,
    first: tl.tensor,
    best: tl.tensor,
    found: tl.tensor,
    BLOCK: tl.constexpr,
    PLACES: tl.constexpr,
) -> tuple[tl.tensor, tl.tensor]:
    """Take the scores of one block of rows into the lists of the best, as long as one is better.

    Each round moves every query's highest score into the place of its worst, where it is higher.  After the
    first blocks of a chunk most have no such score, and cost one maximum.
    """
    columns, places = tl.arange(0, BLOCK), tl.arange(0, PLACES)
    highest, worst = tl.max(scores, 1), tl.min(best, 1)
    while tl.max((highest > worst).to(tl.int32), 0) > 0:
        column, place = tl.argmax(scores, 1), tl.argmin(best, 1)
        is_replaced = (places[None, :] == place[:, None]) & (highest > worst)[:, None]
        best = tl.where(is_replaced, highest[:, None], best)
        found = tl.where(is_replaced, (first + column)[:, None], found)
        scores = tl.where(columns[None, :] == column[:, None], float("-inf"), scores)
        highest, worst = tl.max(scores, 1), tl.min(best, 1)
    return best, found


@triton.jit(do_not_specialize=["batch", "rows", "chunk_rows"])
def _scan_kernel(
    queries_ptr: tl.tensor,
    index_ptr: tl.tensor,
    scores_ptr: tl.tensor,
    rows_ptr: tl.tensor,
    batch: tl.tensor,
    rows: tl.tensor,
    chunk_rows: tl.tensor,
    DIM: tl.constexpr,
    KEEP: tl.constexpr,
    PLACES: tl.constexpr,
    TILE: tl.constexpr,
    BLOCK: tl.constexpr,
    STEP: tl.constexpr,
) -> None:
    """Write the best ``KEEP`` rows of one chunk of the index for each of ``TILE`` queries, in no order.

    Tiles are the fast axis of the grid, so that those that read the same chunk run together.  Blocks of rows
    and steps along the dimensions are one loop: loads of the next block are under way while lists change.
    """
    tile, chunk = tl.program_id(0), tl.program_id(1)
    asked = tile * TILE + tl.arange(0, TILE)
    columns, dims, places = tl.arange(0, BLOCK), tl.arange(0, STEP), tl.arange(0, PLACES)
    begin = chunk * chunk_rows
    end = tl.minimum(begin + chunk_rows, rows)
    # What lies beyond the ends is the last one again: that needs no mask, and is left out afterwards.
    queries_at = queries_ptr + tl.minimum(asked, batch - 1)[:, None] * DIM + dims[None, :]
    # Places beyond the last hold infinity, so that none of them is ever the worst.
    empty = tl.where(places < KEEP, float("-inf"), float("inf"))
    best = tl.zeros([TILE, PLACES], dtype=tl.float32) + empty[None, :]
    found = tl.zeros([TILE, PLACES], dtype=tl.int32)
    scores = tl.zeros([TILE, BLOCK], dtype=tl.float32)
    STEPS: tl.constexpr = (DIM + STEP - 1) // STEP
    for turn in range(0, (end - begin + BLOCK - 1) // BLOCK * STEPS):
        first = begin + turn // STEPS * BLOCK
        start = turn % STEPS * STEP
        at = tl.minimum(first + columns, end - 1).to(tl.int64) * DIM
        index_at = index_ptr + at[:, None] + dims[None, :]
        if DIM % STEP == 0:
            queries = tl.load(queries_at + start)
            vectors = tl.load(index_at + start)
        else:
            inside = (start + dims < DIM)[None, :]
            queries = tl.load(queries_at + start, mask=inside, other=0.0)
            vectors = tl.load(index_at + start, mask=inside, other=0.0)
        scores = tl.dot(queries, tl.trans(vectors), scores, input_precision="ieee")
        if start + STEP >= DIM:
            # A row whose score is minus infinity, or no number, still comes before a place that is empty.
            scores = tl.where(scores > LOWEST, scores, LOWEST)
            scores = tl.where((first + columns < end)[None, :], scores, float("-inf"))
            best, found = _with_better(scores, first, best, found, BLOCK, PLACES)
            scores = tl.zeros([TILE, BLOCK], dtype=tl.float32)
    to = (asked[:, None] * tl.num_programs(1) + chunk) * KEEP + places[None, :]
    is_kept = (asked < batch)[:, None] & (places < KEEP)[None, :]
    tl.store(scores_ptr + to, best, mask=is_kept)
    tl.store(rows_ptr + to, found, mask=is_kept)


@dataclass(frozen=True)
class Launch:
    """How the kernel is launched: what a GPU may be tuned by, and results don't depend on.

    A program takes ``tile`` queries and blocks of ``block`` rows, ``step`` dimensions at a time; there are
    about ``resident`` programs for each multiprocessor of the GPU.
    """

    tile: int
    block: int
    step: int
    warps: int
    stages: int
    resident: int

    def __str__(self) -> str:
        """Return the launch in words."""
        shape = f"{self.tile} queries, {self.block} rows, {self.step} dimensions"
        return f"{shape}, {self.warps} warps, {self.stages} stages, {self.resident} programs"


@functools.cache
def _multiprocessors(device: torch.device) -> int:
    """Return how many programs a device runs at once, at least; the interpreter runs one."""
    return torch.cuda.get_device_properties(device).multi_processor_count if device.type == "cuda" else 1


def fused_search(queries: Tensor, index: Tensor, keep: int, launch: Launch) -> Found:
    """Return each query's best ``keep`` rows: of every chunk by the kernel, and of those by torch.

    A score that is no number counts as minus infinity.
    """
    (batch, dim), rows = queries.shape, len(index)
    if IS_INTERPRETED and queries.dtype == torch.bfloat16:
        raise ValueError("Triton's interpreter multiplies bfloat16 wrongly: float32 works")
    if keep > rows:
        raise ValueError(f"an index of {rows} rows has no {keep} best ones")
    if batch == 0:
        return _nothing_asked(keep, index.device)
    tiles = triton.cdiv(batch, launch.tile)
    wanted = max(1, launch.resident * _multiprocessors(queries.device) // tiles)
    chunk_rows = triton.cdiv(triton.cdiv(rows, launch.block), wanted) * launch.block
    chunks = triton.cdiv(rows, chunk_rows)
    scores = torch.empty((batch, chunks * keep), dtype=torch.float32, device=index.device)
    places = torch.empty((batch, chunks * keep), dtype=torch.int32, device=index.device)
    _scan_kernel[(tiles, chunks)](
        queries, index, scores, places, batch, rows, chunk_rows,
        DIM=dim, KEEP=keep, PLACES=triton.next_power_of_2(keep), TILE=launch.tile, BLOCK=launch.block,
        STEP=launch.step, num_warps=launch.warps, num_stages=launch.stages,
    )  # fmt: skip
    found = _best(scores, places, keep)
    return Found(found.scores.masked_fill_(found.scores == LOWEST.value, -math.inf), found.rows)


def _nothing_asked(keep: int, device: torch.device) -> Found:
    """Return what a search of no queries finds."""
    return Found(
        torch.empty((0, keep), device=device), torch.empty((0, keep), dtype=torch.int64, device=device)
    )


def _best(scores: Tensor, rows: Tensor, keep: int) -> Found:
    """Return the best of what several searches found, ``[batch, found]``."""
    best = scores.topk(keep, dim=1)
    return Found(best.values, rows.gather(1, best.indices))


# -----------------------------------------------------------------------------------------------------------
# What stands beside it


def torch_search(queries: Tensor, index: Tensor, keep: int, at_once: int) -> Found:
    """Return the same by a matrix product and a selection, with at most ``at_once`` scores in memory."""
    if len(queries) == 0:
        return _nothing_asked(keep, index.device)
    rows = max(keep, at_once // len(queries))
    scores, places = [], []
    for first in range(0, len(index), rows):
        piece = index[first : first + rows]
        # In bfloat16 scores would be rounded, and the best of them not the best rows.
        products = (
            torch.mm(queries, piece.T, out_dtype=torch.float32) if queries.is_cuda else queries @ piece.T
        )
        best = products.topk(min(keep, len(piece)), dim=1)
        scores.append(best.values)
        places.append(best.indices + first)
    return _best(torch.cat(scores, 1), torch.cat(places, 1), keep)


def _faiss_search(run: Run) -> Search | None:
    """Return exact search by FAISS, or None where it isn't installed for this device."""
    try:
        faiss = importlib.import_module("faiss")
        importlib.import_module("faiss.contrib.torch_utils")
    except ImportError:
        return None
    run.backend("search: FAISS", f"FAISS {faiss.__version__}")
    if run.device == "cpu":
        return lambda queries, index: Found(*faiss.knn(queries, index, KEEP, faiss.METRIC_INNER_PRODUCT))
    if not hasattr(faiss, "StandardGpuResources"):
        return None
    resources = faiss.StandardGpuResources()

    def search(queries: Tensor, index: Tensor) -> Found:
        found = faiss.knn_gpu(resources, queries, index, KEEP, metric=faiss.METRIC_INNER_PRODUCT)
        return Found(*found)

    return search


def exact_scores(queries: Tensor, index: Tensor, keep: int) -> Tensor:
    """Return each query's best scores in double precision, without anything of the searches above."""
    best = torch.empty((len(queries), 0), dtype=torch.float64, device=index.device)
    for piece in index.split(2**16):
        best = torch.cat([best, queries.double() @ piece.double().T], 1).sort(1, descending=True).values
        best = best[:, :keep]
    return best


def errors(queries: Tensor, index: Tensor, found: Found, limit: float) -> tuple[float, int]:
    """Return the largest error of scores, and how many rows don't belong to a query's best.

    The error is relative to the largest exact score, and counts scores of the wrong row too.  A row doesn't
    belong to the best where its exact score is less than the last of those by more than ``limit``, where it
    came twice, or where there is none: equal scores may be in any order.
    """
    exact = exact_scores(queries, index, found.scores.shape[1])
    rows = found.rows.long()
    is_outside = (rows < 0) | (rows >= len(index))
    vectors = index[rows.clamp(0, len(index) - 1)].double()
    own = torch.einsum("qd,qkd->qk", queries.double(), vectors)
    largest = exact.abs().max()
    error = max(float((found.scores.double() - one).abs().max() / largest) for one in (exact, own))
    is_worse = own < exact[:, -1:] - limit * largest
    ordered = rows.sort(1).values
    twice = int((ordered[:, 1:] == ordered[:, :-1]).sum())
    return error, twice + int((is_worse | is_outside).sum())


# -----------------------------------------------------------------------------------------------------------
# Routes


def drawn_routes(count: int, shares: Sequence[float], seed: int) -> Tensor:
    """Return which indices each of ``count`` queries is looked up in, ``[count, INDICES]``, on the host.

    ``shares`` are those of queries with one index, with two and so on.  They are met as nearly as a count
    allows; which queries and which indices they are is drawn.
    """
    random = torch.Generator().manual_seed(seed)
    middle = (torch.arange(count, dtype=torch.float64) + 0.5) / count
    ends = torch.tensor(shares, dtype=torch.float64).cumsum(0)[:-1].contiguous()
    sizes = 1 + torch.searchsorted(ends, middle)
    sizes = sizes[torch.randperm(count, generator=random)]
    order = torch.rand((count, INDICES), generator=random).argsort(1).argsort(1)
    return order < sizes[:, None]


def _gathered(scores: Tensor, rows: Tensor, indices: Sequence[Tensor]) -> Found:
    """Return the best over all indices of ``[batch, index, keep]``, by their scores as they are.

    Rows count on from index to index, so that none of one index is the same as one of another.
    """
    begins = [sum(len(one) for one in indices[:place]) for place in range(len(indices))]
    numbered = torch.stack([rows[:, place] + begin for place, begin in enumerate(begins)], 1)
    return _best(scores.flatten(1), numbered.flatten(1), scores.shape[2])


def unbucketed(search: Search, queries: Tensor, indices: Sequence[Tensor], routes: Tensor) -> Found:
    """Search every index that any query of the batch needs with all of the batch."""
    scores, rows = _nothing_found(len(queries), len(indices), queries.device)
    is_routed = routes.to(queries.device, non_blocking=True)
    for place, (index, is_needed) in enumerate(zip(indices, routes.any(0).tolist(), strict=True)):
        if is_needed:
            found = search(queries, index)
            scores[:, place] = found.scores.masked_fill(~is_routed[:, place, None], -math.inf)
            rows[:, place] = found.rows
    return _gathered(scores, rows, indices)


def bucketed(search: Search, queries: Tensor, indices: Sequence[Tensor], routes: Tensor) -> Found:
    """Search every index with the queries that are routed to it, and no other."""
    scores, rows = _nothing_found(len(queries), len(indices), queries.device)
    for place, index in enumerate(indices):
        asked = routes[:, place].nonzero().flatten()
        if len(asked):
            asked = asked.to(queries.device, non_blocking=True)
            found = search(queries[asked], index)
            scores[:, place].index_copy_(0, asked, found.scores)
            rows[:, place].index_copy_(0, asked, found.rows.long())
    return _gathered(scores, rows, indices)


def _nothing_found(batch: int, indices: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return scores and rows of searches in which nothing was found yet."""
    scores = torch.full((batch, indices, KEEP), -math.inf, device=device)
    return scores, torch.zeros((batch, indices, KEEP), dtype=torch.int64, device=device)


# -----------------------------------------------------------------------------------------------------------
# Routers


@dataclass(frozen=True)
class Router:
    """Three routers over texts of word ids ``[batch, words]``; weights are drawn, since only time counts.

    ``cues`` says by word of which index it speaks, ``idf`` what a word weighs; the others are the weights of
    a logistic regression and of a network with one hidden layer.
    """

    cues: Tensor
    idf: Tensor
    linear: Tensor
    hidden: Tensor
    output: Tensor

    def tf_idf(self, words: Tensor, weights: Tensor) -> Tensor:
        """Return texts' TF-IDF vectors of length 1 times ``weights``, by their few words alone."""
        values = self.idf[words]
        is_same = words[:, :, None] == words[:, None, :]
        squares = (is_same * values[:, :, None] * values[:, None, :]).sum((1, 2))
        return (values[:, :, None] * weights[words]).sum(1) / squares.sqrt()[:, None]

    def logistic(self, words: Tensor) -> Tensor:
        """Return the logits of the logistic regression, ``[batch, INDICES]``."""
        return self.tf_idf(words, self.linear)

    def mlp(self, words: Tensor) -> Tensor:
        """Return the logits of the network, ``[batch, INDICES]``."""
        return self.tf_idf(words, self.hidden).relu() @ self.output

    def routes(self, name: str, words: Tensor) -> Tensor:
        """Return the indices that a router chooses, ``[batch, INDICES]``; there is always one."""
        if name == "rules":
            is_named = self.cues[words].any(1)
            return is_named | ~is_named.any(1, keepdim=True)
        logits = self.logistic(words) if name == "logistic" else self.mlp(words)
        return logits >= logits.amax(1, keepdim=True).clamp(max=0.0)


ROUTERS = {
    "rules": "words that name an index",
    "logistic": "logistic regression on TF-IDF",
    "mlp": "a network with one hidden layer on TF-IDF",
}


def drawn_router(vocabulary: int, hidden: int, device: str) -> Router:
    """Return routers over a vocabulary; the same again every time."""
    random = torch.Generator(device).manual_seed(0)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=random, device=device)

    cues = torch.rand((vocabulary, INDICES), generator=random, device=device) < 0.01
    idf = 1 + torch.rand(vocabulary, generator=random, device=device) * math.log(vocabulary)
    return Router(cues, idf, normal(vocabulary, INDICES), normal(vocabulary, hidden), normal(hidden, INDICES))


def router_errors(router: Router, words: Tensor) -> tuple[float, int]:
    """Return the largest error of logits over their largest, and how many texts the rules route wrongly.

    The reference counts every word of the vocabulary, in double precision.
    """
    counts = torch.zeros((len(words), len(router.idf)), dtype=torch.float64, device=words.device)
    counts.scatter_add_(1, words, torch.ones_like(words, dtype=torch.float64))
    vectors = counts * router.idf.double()
    vectors = vectors / vectors.norm(dim=1, keepdim=True)
    linear, hidden, output = (one.double() for one in (router.linear, router.hidden, router.output))
    expected = {"logistic": vectors @ linear, "mlp": (vectors @ hidden).relu() @ output}
    found = {"logistic": router.logistic(words), "mlp": router.mlp(words)}
    error = max(
        float((found[one] - exact).abs().max() / exact.abs().max()) for one, exact in expected.items()
    )
    is_named = counts @ router.cues.double() > 0
    is_named |= ~is_named.any(1, keepdim=True)
    return error, int((is_named != router.routes("rules", words)).any(1).sum())


# -----------------------------------------------------------------------------------------------------------
# Sizes


@dataclass(frozen=True)
class Sizes:
    """How large a preset is."""

    vectors: int  # of an index
    dims: tuple[int, ...]
    batches: tuple[int, ...]
    ways: tuple[str, ...]  # to search that are timed, beside FAISS; parts about routes take the first
    effort: Effort
    drawn: int  # queries at least that routes are drawn for; where savings are measured, batches
    passes: int  # over these batches, where savings are measured
    repeats: int  # samples at least of a routed search
    at_once: int  # scores that torch's search holds
    vocabulary: int
    words: int  # of a query's text
    hidden: int  # numbers between the layers of the network


SIZES = {
    "smoke": Sizes(150, (24,), (1, 3), ("torch", "kernel"), Effort(0.0, 1, 1), 2, 2, 1, 200, 300, 5, 8),
    "cpu": Sizes(
        60_000, (96,), (1, 16, 64), ("torch",), Effort(0.3, 3, 30), 100, 5, 4, 2**22, 30_000, 16, 64
    ),
    "gpu": Sizes(
        1_800_000, (768, 1024), (1, 4, 16, 64, 256, 1024), ("kernel", "torch"), Effort(0.3, 5, 50), 40, 5,
        10, 2**28, 30_000, 16, 64,
    ),
}  # fmt: skip
WAYS = {"kernel": "scores and selection in one kernel", "torch": "torch, product and topk", "faiss": "FAISS"}

# By label: the shares of queries that are looked up in one, two and three indices.
SPREADS = {"1": (1.0, 0.0, 0.0), "178": (0.41, 0.40, 0.19), "2": (0.0, 1.0, 0.0), "3": (0.0, 0.0, 1.0)}
MEANS = {
    name: round(sum(n * share for n, share in enumerate(shares, 1)), 2) for name, shares in SPREADS.items()
}

_SMALL = Launch(16, 32, 16, 4, 2, 3)
# By the largest batch that they are for.
_LAUNCHES = {
    16: (
        Launch(16, 128, 64, 4, 4, 4), Launch(16, 128, 128, 4, 3, 3), Launch(16, 256, 64, 4, 4, 2),
        Launch(16, 256, 64, 8, 4, 2), Launch(16, 256, 128, 8, 3, 1),
    ),
    64: (
        Launch(64, 128, 64, 4, 4, 2), Launch(64, 128, 64, 4, 3, 2), Launch(64, 128, 128, 4, 3, 1),
        Launch(64, 256, 64, 8, 4, 1), Launch(64, 256, 64, 8, 5, 1),
    ),
    math.inf: (
        Launch(128, 128, 64, 8, 4, 1), Launch(128, 128, 128, 8, 3, 1), Launch(128, 256, 64, 8, 3, 1),
        Launch(128, 256, 64, 8, 4, 1), Launch(64, 256, 64, 8, 4, 1),
    ),
}  # fmt: skip
_CHECKED = 16  # queries of a timed search whose result is checked
_LIMITS = {"cpu": 1e-5, "cuda": 1e-4}
_FOREIGN_LIMIT = 1e-2  # of a library that may round more than asked


def _begun(run: Run) -> Sizes:
    """Return the sizes of a run, and keep what formulas need of them."""
    if run.device == "cpu" and not IS_INTERPRETED:
        raise Refusal(
            "this machine has a GPU: --device cuda uses it, TRITON_INTERPRET=1 runs kernels on the CPU"
        )
    sizes, is_gpu = SIZES[run.preset], run.device == "cuda"
    run.dtype = "bfloat16" if is_gpu else "float32"
    run.parameter("search_vectors", sizes.vectors, None, "vectors of an index")
    run.parameter("search_number_bytes", 2 if is_gpu else 4, "bytes", "one number of a vector")
    run.parameter("search_keep", KEEP, None, "rows that a search returns for a query")
    run.note("vectors are drawn at random, and lie in random order; time depends on how many there are")
    run.note(
        "timed calls run without deterministic algorithms, which would fill every new tensor; "
        "one call before them runs with every new tensor filled with NaN"
    )
    return sizes


def _on_few_threads(function: Callable[[Run], None]) -> Callable[[Run], None]:
    """Return a part that keeps the smoke preset to one thread: its sums are so small that more would wait."""

    @functools.wraps(function)
    def part(run: Run) -> None:
        threads = torch.get_num_threads()
        torch.set_num_threads(1 if run.preset == "smoke" else threads)
        try:
            function(run)
        finally:
            torch.set_num_threads(threads)

    return part


def _vectors(count: int, dim: int, device: str, seed: int) -> Tensor:
    """Return vectors of a length of about 1, the same for the same seed: numbers that bfloat16 holds."""
    random = torch.Generator(device).manual_seed(seed)
    numbers = torch.randn((count, dim), dtype=torch.bfloat16, device=device, generator=random)
    numbers.mul_(1 / math.sqrt(dim))
    return numbers if device == "cuda" else numbers.float()


def _index(run: Run, dim: int, place: int = 0) -> Tensor:
    return _vectors(SIZES[run.preset].vectors, dim, run.device, place)


def _queries(run: Run, batch: int, dim: int) -> Tensor:
    return _vectors(batch, dim, run.device, INDICES)


# -----------------------------------------------------------------------------------------------------------
# Ways to search


def _launches(run: Run, dim: int) -> dict[int, Launch]:
    """Return the kernel's launch by the largest batch that it is for, tuned where there is a GPU."""
    sizes = SIZES[run.preset]
    if run.device == "cpu":
        return {max(sizes.batches): _SMALL}
    found = {}
    for batch in sizes.batches:
        launches = next(launches for most, launches in _LAUNCHES.items() if batch <= most)
        name = f"search: tune {dim} dimensions, batch {batch}"
        best = _fastest(run, name, dim, batch, launches)
        run.backend(f"search: kernel, {dim} dimensions, batch {batch}", f"Triton, {best} a multiprocessor")
        found[batch] = best
    return found


def _fastest(run: Run, name: str, dim: int, batch: int, launches: Sequence[Launch]) -> Launch:
    """Return the launch that is fastest here, as one step; one that needs more than there is is left out."""
    index, queries = _index(run, dim), _queries(run, batch, dim)
    ways = {
        str(launch): _timing.Way(lambda _, launch=launch: fused_search(queries, index, KEEP, launch))
        for launch in launches
    }
    found = _timing.fastest(run, name, ways)
    if found is None:
        raise Refusal(f"none of {len(launches)} launches fits this GPU with {dim} dimensions")
    return next(launch for launch in launches if str(launch) == found)


def _kernel_search(run: Run, dim: int) -> Search:
    """Return the search by the kernel, with the launch of the smallest tuned batch that holds the queries."""
    launches = _launches(run, dim)

    def search(queries: Tensor, index: Tensor) -> Found:
        most = min(most for most in launches if most >= len(queries))
        return fused_search(queries, index, KEEP, launches[most])

    return search


def _search(run: Run, way: str, dim: int) -> Search | None:
    """Return a way to search, or None where it isn't installed."""
    if way == "faiss":
        return _faiss_search(run)
    if way == "kernel":
        return _kernel_search(run, dim)
    return functools.partial(torch_search, keep=KEEP, at_once=SIZES[run.preset].at_once)


# -----------------------------------------------------------------------------------------------------------
# Part: one index


@dataclass(frozen=True)
class Case:
    """Sizes of a search whose result is checked."""

    batch: int
    rows: int
    dim: int
    keep: int
    launch: Launch

    def __str__(self) -> str:
        """Return the case in words."""
        shape = f"{self.batch} queries, {self.rows} rows, {self.dim} dimensions, best {self.keep}"
        return f"{shape}, blocks of {self.launch.block}"


_ODD = (
    Case(1, 10, 16, 10, _SMALL),  # every row is among the best
    Case(5, 33, 24, 10, _SMALL),  # the last block has fewer rows than are kept
    Case(17, 70, 40, 3, Launch(16, 16, 32, 4, 2, 2)),
    Case(19, 131, 8, 1, Launch(16, 64, 16, 4, 2, 4)),
)
_CASES = {
    "smoke": _ODD,
    "cpu": (*_ODD, Case(35, 515, 96, 10, Launch(32, 128, 32, 4, 2, 3))),
    "gpu": (
        Case(1, 10, 64, 10, _LAUNCHES[16][0]),
        Case(5, 10_007, 96, 10, _LAUNCHES[16][0]),
        Case(65, 70_001, 768, 10, _LAUNCHES[64][0]),
        Case(300, 33_333, 1000, 3, _LAUNCHES[math.inf][0]),
    ),
}


def _checked_case(run: Run, case: Case) -> tuple[float, int]:
    index = _vectors(case.rows, case.dim, run.device, 1)
    queries = _vectors(case.batch, case.dim, run.device, 2)
    found = _timing.checked(lambda _: fused_search(queries, index, case.keep, case.launch))
    return errors(queries, index, found, _LIMITS[run.device])


def _check(run: Run, what: str, found: tuple[float, int], limit: float) -> None:
    """Check scores and rows of a search."""
    error, wrong = found
    reference = "all scores in double precision"
    measure = "largest difference over largest score"
    run.check(f"scores, {what}", reference, error, limit, measure)
    run.check(f"rows, {what}", reference, wrong, 0, "rows that are not among a query's best")


def _measured_search(run: Run, search: Search, dim: int, batch: int, limit: float) -> dict[str, Any]:
    """Return the milliseconds of a search of one index, and the errors of the first queries' results."""
    index, queries = _index(run, dim), _queries(run, batch, dim)
    found = _timing.checked(lambda _: search(queries, index))
    some = Found(found.scores[:_CHECKED], found.rows[:_CHECKED])
    wrong = errors(queries[:_CHECKED], index, some, limit)
    samples = _timing.measured(
        lambda _: search(queries, index), device=run.device, effort=SIZES[run.preset].effort
    )
    return {"ms": samples, "errors": wrong}


def _measured_or_absent(run: Run, search: Search, dim: int, batch: int, limit: float) -> dict[str, Any]:
    """Return the same of a library that was built elsewhere, which may have no code for this machine."""
    try:
        return _measured_search(run, search, dim, batch, limit)
    except (RuntimeError, TypeError, AssertionError) as error:
        return {"absent": (str(error).strip() or type(error).__name__).splitlines()[0][:200]}


def _measured_limits(run: Run) -> dict[str, Any]:
    """Return the milliseconds of a large copy, and on a GPU of a large matrix product."""
    effort = SIZES[run.preset].effort
    if run.device == "cuda":
        found = _timing.limits(run.device, effort)
        return {"copied": found.copied, "copy": found.copy, "size": found.size, "gemm": found.gemm}
    # A processor's cache would hold what is copied there.
    index = _index(run, max(SIZES[run.preset].dims))
    target = torch.empty_like(index)
    copy = _timing.measured(lambda _: target.copy_(index), device=run.device, effort=effort)
    return {"copied": 2 * index.nbytes, "copy": copy}


def _keep_limits(run: Run) -> None:
    found = run.step("search: limits", lambda: _measured_limits(run))
    run.parameter("search_copied_bytes", found["copied"], "bytes", "bytes that the copy reads and writes")
    run.sample("search_copy", found["copy"], "ms", "a large copy")
    if "gemm" in found:
        run.parameter("search_gemm_size", found["size"], None, "rows and columns of the large matrix product")
        run.sample("search_gemm", found["gemm"], "ms", "a large square matrix product")


@_on_few_threads
def _scan(run: Run) -> None:
    sizes = _begun(run)
    for case in _CASES[run.preset]:
        found = run.step(f"search: {case}", lambda case=case: _checked_case(run, case))
        _check(run, str(case), found, _LIMITS[run.device])
    run.backend("search: kernel, checks", "Triton's interpreter" if IS_INTERPRETED else "Triton, compiled")
    run.note("cuVS was not measured")
    _keep_limits(run)
    for dim in sizes.dims:
        searches = {way: _search(run, way, dim) for way in (*sizes.ways, "faiss")}
        if searches["faiss"] is None:
            run.note("FAISS is not installed for this device, and was not measured")
        for batch in sizes.batches:
            for way, search in searches.items():
                if search is not None:
                    _keep_scan(run, way, search, dim, batch)


def _keep_scan(run: Run, way: str, search: Search, dim: int, batch: int) -> None:
    what = f"{WAYS[way]}, {dim} dimensions, batch {batch}"
    is_foreign = way == "faiss"
    measure = _measured_or_absent if is_foreign else _measured_search
    limit = _FOREIGN_LIMIT if is_foreign else _LIMITS[run.device]
    found = run.step(f"search: {what}", lambda: measure(run, search, dim, batch, limit))
    if found is None:
        return
    if "absent" in found:
        run.note(f"{what}: left out, {found['absent']}")
        return
    run.sample(f"search_scan_{way}_{dim}_{batch}", found["ms"], "ms", f"one index: {what}")
    _check(run, what, found["errors"], limit)


def _scan_metrics() -> Iterator[Metric]:
    yield from _timing.limit_metrics("search")
    for dim, batch in _every("batches"):
        times = {way: f"median(search_scan_{way}_{dim}_{batch})" for way in WAYS}
        for way, words in WAYS.items():
            what = f"one index, {dim} dimensions, batch {batch}, {words}"
            yield from _speed_metrics(f"search_scan_{way}_{dim}_{batch}", times[way], dim, batch, what)
        yield Metric(
            f"search_scan_speedup_{dim}_{batch}",
            f"{times['torch']} / {times['kernel']}",
            None,
            "measured",
            f"torch's time over the kernel's: one index, {dim} dimensions, batch {batch}",
        )


def _speed_metrics(name: str, time: str, dim: int, batch: int, what: str) -> Iterator[Metric]:
    numbers = f"search_vectors * {dim}"
    rows = {
        "ms": (time, "ms", "time"),
        "gbps": (f"{numbers} * search_number_bytes / {time} / 1e6", "GB/s", "bytes of the index by time"),
        "share": (f"{name}_gbps / search_copy_gbps", None, "share of the copy measured in the same run"),
        "gemm_share": (
            f"2 * {numbers} * {batch} / {time} / 1e9 / search_gemm_tflops",
            None,
            "share of the matrix product measured in the same run",
        ),
        "qps": (f"1e3 * {batch} / {time}", "1/s", "queries in a second"),
    }
    for suffix, (formula, unit, words) in rows.items():
        yield Metric(f"{name}_{suffix}", formula, unit, "measured", f"{what}: {words}")


def _every(name: str) -> list[tuple[int, int]]:
    """Return the dimensions of any preset, each with that preset's values of a size."""
    return sorted(
        {(dim, one) for sizes in SIZES.values() for dim in sizes.dims for one in getattr(sizes, name)}
    )


# -----------------------------------------------------------------------------------------------------------
# Part: routed queries

_ROUTED = {
    "unbucketed": (unbucketed, "each index that any query needs is searched with the whole batch"),
    "bucketed": (bucketed, "each index is searched with the queries that are routed to it"),
}
_WORDS = {way: words for way, (_, words) in _ROUTED.items()}
_ALIKE = "queries of one batch have one route: each of its indices is searched with the whole batch"


def _measured_routes(run: Run, search: Search, dim: int, batch: int) -> dict[str, Any]:
    """Return the milliseconds of routed searches by spread and way, and how they differ.

    Routes lie on the host, where a router's answer is read; what it takes to sort queries by them counts.
    Of batches whose queries have one route only those are measured that have as many indices each: there are
    too few batches to mix them as a spread asks.
    """
    sizes = SIZES[run.preset]
    indices = [_index(run, dim, place) for place in range(INDICES)]
    sets = math.ceil(sizes.drawn / batch)
    queries = _queries(run, sets * batch, dim).split(batch)
    samples = sets * math.ceil(sizes.repeats / sets)
    found: dict[str, Any] = {}
    for spread, shares in SPREADS.items():
        routes = drawn_routes(sets * batch, shares, batch).split(batch)
        calls = {
            name: functools.partial(_routed_set, function, search, queries, indices, routes)
            for name, (function, _) in _ROUTED.items()
        }
        ours, other = (call(0) for call in calls.values())
        found[spread] = {
            name: _timing.measured(call, device=run.device, effort=Effort(0.0, samples, samples), sets=sets)
            for name, call in calls.items()
        }
        found[spread]["difference"] = float(
            (ours.scores - other.scores).abs().max() / ours.scores.abs().max()
        )
        if max(shares) == 1:
            alike = drawn_routes(sets, shares, batch).repeat_interleave(batch, 0).split(batch)
            call = functools.partial(_routed_set, unbucketed, search, queries, indices, alike)
            found[spread]["alike"] = _timing.measured(
                call, device=run.device, effort=Effort(0.0, samples, samples), sets=sets
            )
        found[spread]["needed"] = [int(one.any(0).sum()) for one in routes]
        found[spread]["searched"] = [count for one in routes for count in one.sum(1).tolist()]
    return found


def _routed_set(
    function: Callable[[Search, Tensor, Sequence[Tensor], Tensor], Found],
    search: Search,
    queries: Sequence[Tensor],
    indices: Sequence[Tensor],
    routes: Sequence[Tensor],
    place: int,
) -> Found:
    return function(search, queries[place], indices, routes[place])


@_on_few_threads
def _routed(run: Run) -> None:
    sizes = _begun(run)
    way = sizes.ways[0]
    run.backend("search: routed", WAYS[way])
    run.note(
        "lists of several indices are merged by the highest inner product, and times are those of this rule; "
        "rules of fusion whose recall is measured take other sums of the same few numbers of each query, and "
        "their time was not measured"
    )
    run.note(
        f"how many queries take 1, 2 and 3 indices was chosen: {SPREADS['178']}, a mean of {MEANS['178']}"
    )
    largest = max(sizes.dims)
    _keep_savings(run, _search(run, way, largest), largest)
    for dim in sizes.dims:
        search = _search(run, way, dim)
        for batch in sizes.batches:
            what = f"{dim} dimensions, batch {batch}"
            found = run.step(
                f"search: routed, {what}",
                lambda search=search, dim=dim, batch=batch: _measured_routes(run, search, dim, batch),
            )
            for spread, values in (found or {}).items():
                _keep_routed(run, dim, batch, spread, values)


def _keep_routed(run: Run, dim: int, batch: int, spread: str, values: Mapping[str, Any]) -> None:
    name, what = f"{dim}_{batch}_{spread}", f"{MEANS[spread]} indices a query, batch {batch}"
    for way, words in (_WORDS | {"alike": _ALIKE}).items():
        if way in values:
            run.sample(f"search_routed_{way}_{name}", values[way], "ms", f"{what}, {dim} dimensions: {words}")
    run.sample(f"search_needed_{batch}_{spread}", values["needed"], None,
               f"indices that any query of a batch needs: {what}")  # fmt: skip
    run.sample(f"search_searched_{batch}_{spread}", values["searched"], None,
               f"indices that a query is looked up in: {what}")  # fmt: skip
    run.check(f"bucketed search, {dim} dimensions, {what}", "unbucketed search", values["difference"],
              _LIMITS[run.device], "largest difference over largest score")  # fmt: skip


def _routed_metrics() -> Iterator[Metric]:
    yield from _saving_metrics()
    for batch in sorted({batch for _, batch in _every("batches")}):
        for spread, mean in MEANS.items():
            what = f"{mean} indices a query, batch {batch}"
            counts = {
                "needed": "indices that any query of a batch needs",
                "searched": "indices that a query is looked up in",
            }
            for name, words in counts.items():
                yield Metric(
                    f"search_{name}_mean_{batch}_{spread}",
                    f"mean(search_{name}_{batch}_{spread})",
                    None,
                    "counted",
                    f"{words}: {what}",
                )
    for dim, batch in _every("batches"):
        for spread, mean in MEANS.items():
            name, what = f"{dim}_{batch}_{spread}", f"{mean} indices a query, {dim} dimensions, batch {batch}"
            times = {way: f"mean(search_routed_{way}_{name})" for way in _ROUTED}
            formulas = {way: (f"{times[way]} / {batch}", words) for way, words in _WORDS.items()}
            formulas["alike"] = _alike_formula(dim, batch, spread)
            for way, (formula, words) in formulas.items():
                yield Metric(
                    f"search_query_ms_{way}_{name}",
                    formula,
                    "ms",
                    "measured",
                    f"time of a query: {what}; {words}",
                )
            yield Metric(
                f"search_bucketing_gain_{name}",
                f"{times['unbucketed']} / {times['bucketed']}",
                None,
                "measured",
                f"time without buckets over that with them: {what}",
            )


def _alike_formula(dim: int, batch: int, spread: str) -> tuple[str, str]:
    """Return the formula of a query's time in batches of one route, and what it is.

    Where a spread has batches of one, two and three indices, their measured times are weighed by its shares.
    """
    times = {
        size: f"mean(search_routed_alike_{dim}_{batch}_{size})"
        for size, share in enumerate(SPREADS[spread], 1)
        if share > 0
    }
    if len(times) == 1:
        return f"{next(iter(times.values()))} / {batch}", _ALIKE
    mixed = " + ".join(f"{SPREADS[spread][size - 1]:g} * {time}" for size, time in times.items())
    words = f"{_ALIKE}; not measured as a mix, but times of one, two and three indices by their shares"
    return f"({mixed}) / {batch}", words


@dataclass(frozen=True)
class Saving:
    """A way to look up routed queries, to hold against looking all of them up in all indices."""

    batch: int
    function: Callable[[Search, Tensor, Sequence[Tensor], Tensor], Found]
    is_alike: bool
    words: str


_TURN = 10  # batches of one way before the next has its turn
_SAVINGS = {
    "1": Saving(1, unbucketed, False, "one query at a time"),
    "16_mixed": Saving(16, unbucketed, False, f"batches of 16 with mixed routes, {_WORDS['unbucketed']}"),
    "16_bucketed": Saving(16, bucketed, False, f"batches of 16 with mixed routes, {_WORDS['bucketed']}"),
    "16_alike": Saving(16, unbucketed, True, f"batches of 16, {_ALIKE}"),
}


def _measured_savings(run: Run, search: Search, dim: int, batch: int) -> dict[str, Any]:
    """Return the milliseconds of a batch, mean by pass, with routes and with all three indices.

    Within a pass ways take turns after a few batches, so that a machine that gets slower slows all alike.
    """
    sizes = SIZES[run.preset]
    sets = sizes.drawn
    indices = [_index(run, dim, place) for place in range(INDICES)]
    queries = _queries(run, sets * batch, dim).split(batch)
    ways = {label: one for label, one in _SAVINGS.items() if one.batch == batch}
    routes = {label: _saving_routes(one, sets) for label, one in ways.items()}
    everywhere = torch.ones((sets * batch, INDICES), dtype=torch.bool).split(batch)
    calls = {"whole": functools.partial(_routed_set, unbucketed, search, queries, indices, everywhere)}
    for label, one in ways.items():
        calls[label] = functools.partial(_routed_set, one.function, search, queries, indices, routes[label])
    found: dict[str, Any] = {name: [] for name in calls}
    for _ in range(sizes.passes):
        samples: dict[str, list[float]] = {name: [] for name in calls}
        for first in range(0, sets, _TURN):
            for name, call in calls.items():
                samples[name] += _turn(run, call, range(first, min(first + _TURN, sets)))
        for name, each in samples.items():
            found[name].append(statistics.fmean(each))
    counts = {
        label: [count for part in one for count in part.sum(1).tolist()] for label, one in routes.items()
    }
    return {"ms": found, "searched": counts}


def _turn(run: Run, call: Callable[[int], Found], places: range) -> list[float]:
    """Return the milliseconds of some batches, each once."""
    return _timing.measured(
        lambda place: call(places[place]),
        device=run.device,
        effort=Effort(0.0, len(places), len(places)),
        sets=len(places),
    )


def _saving_routes(saving: Saving, sets: int) -> tuple[Tensor, ...]:
    """Return the routes of each of ``sets`` batches, drawn for each query or for each batch."""
    if saving.is_alike:
        drawn = drawn_routes(sets, SPREADS["178"], saving.batch).repeat_interleave(saving.batch, 0)
    else:
        drawn = drawn_routes(sets * saving.batch, SPREADS["178"], saving.batch)
    return drawn.split(saving.batch)


def _keep_savings(run: Run, search: Search, dim: int) -> None:
    run.parameter("search_saving_dim", dim, None, "dimensions of the vectors for which savings are measured")
    for batch in sorted({one.batch for one in _SAVINGS.values()}):
        found = run.step(
            f"search: savings, batch {batch}", lambda batch=batch: _measured_savings(run, search, dim, batch)
        )
        if found is None:
            continue
        what = f"a batch of {batch}, mean of each pass"
        run.sample(f"search_saving_whole_{batch}", found["ms"]["whole"], "ms", f"{what}: all three indices")
        for label, counts in found["searched"].items():
            words = _SAVINGS[label].words
            run.sample(f"search_saving_routed_{label}", found["ms"][label], "ms", f"{what}: {words}")
            pairs = zip(found["ms"][label], found["ms"]["whole"], strict=True)
            saved = [1 - routed / whole for routed, whole in pairs]
            run.sample(f"search_saved_share_{label}", saved, None, f"share of time saved in a pass: {words}")
            run.sample(f"search_saving_searched_{label}", counts, None, f"indices of a query: {words}")


def _saving_metrics() -> Iterator[Metric]:
    for label, saving in _SAVINGS.items():
        yield over_seeds(
            f"search_saving_{label}",
            f"search_saved_share_{label}",
            "%",
            f"time of search saved by looking queries up in {MEANS['178']} of three indices, mean of passes: "
            f"{saving.words}",
            times=100,
        )
        yield Metric(
            f"search_saving_indices_{label}", f"mean(search_saving_searched_{label})", None, "counted",
            f"indices that a query is looked up in where the saving is measured: {saving.words}",
        )  # fmt: skip


# -----------------------------------------------------------------------------------------------------------
# Part: the router


def _measured_routers(run: Run, batch: int) -> dict[str, Any]:
    """Return the milliseconds of routers: from words on the host to routes there, and on the GPU alone."""
    sizes = SIZES[run.preset]
    router = drawn_router(sizes.vocabulary, sizes.hidden, run.device)
    random = torch.Generator().manual_seed(batch)
    words = torch.randint(sizes.vocabulary, (batch, sizes.words), generator=random)
    there = words.to(run.device)
    error, wrong = router_errors(router, there)
    found: dict[str, Any] = {"error": error, "wrong": wrong}
    for name in ROUTERS:
        # By the clock, because the host waits for the answer.
        found[name] = _timing.measured(
            lambda _, name=name: router.routes(name, words.to(run.device)).cpu(),
            device="cpu",
            effort=sizes.effort,
        )
        if run.device == "cuda":
            found[f"{name}_device"] = _timing.measured(
                lambda _, name=name: router.routes(name, there),
                device=run.device,
                effort=sizes.effort,
                is_graph=True,
            )
    return found


def _bucket(batch: int) -> int:
    """Return how many queries of a batch are routed to one index, at least one."""
    return max(1, round(batch * MEANS["178"] / INDICES))


@_on_few_threads
def _routers(run: Run) -> None:
    sizes = _begun(run)
    run.parameter(
        "search_mean_indices", MEANS["178"], None, "indices that a query is looked up in, on average"
    )
    run.parameter("search_words", sizes.words, None, "words of a query's text")
    run.parameter("search_vocabulary", sizes.vocabulary, None, "words that routers know")
    run.parameter("search_hidden", sizes.hidden, None, "numbers between the layers of the network")
    run.note("routers have drawn weights: their time is measured here, what they find in the part quality")
    run.note("a router's time goes from word ids on the host to routes on the host; cutting text isn't in it")
    run.note("the oracle takes the answer, so that no time can be said for it")
    run.note(
        "a router that asks a language model was not measured: it pays where its answer takes less than "
        "search_saved_unbucketed_ms or search_saved_bucketed_ms says, as any other"
    )
    for batch in sizes.batches:
        found = run.step(f"search: routers, batch {batch}", lambda batch=batch: _measured_routers(run, batch))
        _keep_routers(run, batch, found)
    way = sizes.ways[0]
    run.backend("search: scans that a router saves", WAYS[way])
    for dim in sizes.dims:
        search = _search(run, way, dim)
        for batch in sizes.batches:
            for name, asked in (("whole", batch), ("bucket", _bucket(batch))):
                _keep_saved(run, search, name, (dim, batch, asked))


def _keep_routers(run: Run, batch: int, found: Mapping[str, Any]) -> None:
    for name, words in ROUTERS.items():
        run.sample(f"search_router_{name}_{batch}", found[name], "ms", f"route a batch of {batch}: {words}")
        if f"{name}_device" in found:
            run.sample(f"search_router_{name}_device_{batch}", found[f"{name}_device"], "ms",
                       f"route a batch of {batch}, on the GPU alone: {words}")  # fmt: skip
    reference = "all words of the vocabulary in double precision"
    run.check(f"routers' logits, batch {batch}", reference, found["error"], 1e-4,
              "largest difference over largest logit")  # fmt: skip
    run.check(f"routes by rules, batch {batch}", reference, found["wrong"], 0, "texts that differ")


def _keep_saved(run: Run, search: Search, name: str, sizes: tuple[int, int, int]) -> None:
    dim, batch, asked = sizes
    found = run.step(
        f"search: {name} of {batch}, {dim} dimensions",
        lambda: _measured_search(run, search, dim, asked, _LIMITS[run.device]),
    )
    if found is not None:
        what = f"one index, {dim} dimensions, {asked} of {batch} queries"
        run.sample(f"search_{name}_{dim}_{batch}", found["ms"], "ms", what)
        _check(run, what, found["errors"], _LIMITS[run.device])


def _router_metrics() -> Iterator[Metric]:
    for batch in sorted({batch for _, batch in _every("batches")}):
        for router, words in ROUTERS.items():
            for suffix, where in (("", "from host to host"), ("_device", "on the GPU alone")):
                yield Metric(
                    f"search_router_{router}{suffix}_ms_{batch}",
                    f"median(search_router_{router}{suffix}_{batch})",
                    "ms",
                    "measured",
                    f"time to route a batch of {batch}, {where}: {words}",
                )
        yield Metric(
            f"search_scans_saved_{batch}",
            f"{INDICES} * {_unneeded(batch)}",
            None,
            "counted",
            f"indices that no query of a batch of {batch} needs, on average, where routes are independent",
        )
    for dim, batch in _every("batches"):
        yield from _saved_metrics(dim, batch)


def _unneeded(batch: int) -> str:
    """Return the formula of how likely no query of a batch needs an index."""
    return f"exp({batch} * log(1 - search_mean_indices / {INDICES}))"


def _saved_metrics(dim: int, batch: int) -> Iterator[Metric]:
    whole, bucket = (f"median(search_{name}_{dim}_{batch})" for name in ("whole", "bucket"))
    what = f"{dim} dimensions, batch {batch}"
    formulas = {
        "unbucketed": (f"search_scans_saved_{batch} * {whole}", "without buckets"),
        "bucketed": (f"{INDICES} * ({whole} - (1 - {_unneeded(batch)}) * {bucket})", "with buckets"),
    }
    for way, (formula, words) in formulas.items():
        saved = f"search_saved_{way}_ms_{dim}_{batch}"
        yield Metric(saved, formula, "ms", "measured", f"time of a batch that routes save, {words}: {what}")
        for router, name in ROUTERS.items():
            yield Metric(
                f"search_pays_{way}_{router}_{dim}_{batch}",
                f"{saved} / search_router_{router}_ms_{batch}",
                None,
                "measured",
                f"time saved over the router's, which pays above 1, {words}: {what}, {name}",
            )
    # For larger batches no index is that large.
    for router, name in ROUTERS.items() if batch <= 16 else ():
        yield Metric(
            f"search_break_even_{router}_{dim}_{batch}",
            f"search_vectors * search_router_{router}_ms_{batch} / search_saved_unbucketed_ms_{dim}_{batch}",
            None,
            "measured",
            f"vectors of an index from which the router pays without buckets: {what}, {name}",
        )


# -----------------------------------------------------------------------------------------------------------
# Declarations


def add_parts(experiment: Experiment) -> None:
    """Declare the parts, and what pages draw of them."""
    experiment.part(
        "search-scan",
        "Exact search of one index by a kernel that keeps no scores, by torch and by FAISS",
        {"smoke": 4, "cpu": 8, "gpu": 60},
        list(_scan_metrics()),
    )(_scan)
    experiment.part(
        "search-routed",
        "Exact search of one to three indices for each query, with and without buckets by route",
        {"smoke": 1, "cpu": 70, "gpu": 60},
        list(_routed_metrics()),
    )(_routed)
    experiment.part(
        "search-router",
        "What routers take, and the time of search that their routes save",
        {"smoke": 1, "cpu": 8, "gpu": 40},
        list(_router_metrics()),
    )(_routers)
    _add_plots(experiment)


def _add_plots(experiment: Experiment) -> None:
    shown = {dim: sizes.batches for sizes in SIZES.values() for dim in sizes.dims}
    for dim, batches in shown.items():
        experiment.plot(
            f"search-scan-{dim}",
            f"Exact search of one index, {dim} dimensions",
            "queries of a batch",
            "GB/s of the index",
            {
                words: {batch: f"search_scan_{way}_{dim}_{batch}_gbps" for batch in batches}
                for way, words in WAYS.items()
            },
            x_scale="log",
        )
        experiment.plot(
            f"search-share-{dim}",
            f"Exact search of one index against a large copy, {dim} dimensions",
            "queries of a batch",
            "GB/s of the index over GB/s of the copy",
            {
                words: {batch: f"search_scan_{way}_{dim}_{batch}_share" for batch in batches}
                for way, words in WAYS.items()
            },
            x_scale="log",
            level=(0.8, "good up to a batch of 64"),
        )
        for batch in dict.fromkeys((batches[0], batches[len(batches) // 2], batches[-1])):
            _add_routed_plot(experiment, dim, batch)
        experiment.plot(
            f"search-break-even-{dim}",
            f"From how many vectors a router pays, {dim} dimensions, without buckets: measured at batches of "
            f"{', '.join(str(batch) for batch in batches if batch <= 16)}, lines join these alone",
            "queries of a batch",
            "vectors of an index",
            {
                words: {
                    batch: f"search_break_even_{router}_{dim}_{batch}" for batch in batches if batch <= 16
                }
                for router, words in ROUTERS.items()
            },
            x_scale="log",
            y_scale="log",
            level=(1_800_000, "clips of arXiv 2507.13374"),
        )


def _add_routed_plot(experiment: Experiment, dim: int, batch: int) -> None:
    labels = {"unbucketed": "whole batch", "bucketed": "buckets by index", "alike": "batches of one route"}
    experiment.plot(
        f"search-routed-{dim}-{batch}",
        f"Time of a query over the indices it is looked up in, {dim} dimensions, batch {batch}",
        "indices of a query, on average",
        "milliseconds",
        {
            label: {mean: f"search_query_ms_{way}_{dim}_{batch}_{spread}" for spread, mean in MEANS.items()}
            for way, label in labels.items()
        },
    )
