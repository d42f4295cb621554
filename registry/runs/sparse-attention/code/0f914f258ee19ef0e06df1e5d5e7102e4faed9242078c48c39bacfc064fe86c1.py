"""Sparse attention: what can honestly be said of its published numbers.

Read from top to bottom.  First what follows from formulas alone: operations and bytes, counted exactly.  Then
what needs a program but no GPU: how many tokens the published rule selects.  The kernels, their times and the
small models that are trained stand in the modules whose parts are added at the end.

Shapes are named A (32 query heads, 8 key-value heads of 128), B (16 and 8 of 128) and K (32 and 32 of 64, the
text decoder of Kosmos-2).
"""

import math
import random

import _retrieval_towers
import _sequence_training
import _sparse_attention_speed
from harness import Experiment, Metric, Published, Run

EXPERIMENT = Experiment(
    __file__,
    title="Sparse attention: operations, times, and what selection keeps",
    question="Does selecting tokens make attention as much faster, and keep as much of it, as is published?",
    limits=(
        "Perplexity, MMLU and RULER of trained language models cannot be tested here. Times are in kind: "
        "they are those of this machine and of these kernels, not of the papers'."
    ),
)
INDEXER_HEADS, INDEXER_DIMENSIONS, SELECTED, LENGTH = 4, 64, 2048, 131072
# By shape: query heads, key-value heads, dimensions of a head.
SHAPES = {"a": (32, 8, 128), "b": (16, 8, 128), "k": (32, 32, 64)}
LENGTHS = (2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144)
_SECONDS = {"smoke": 2, "cpu": 2, "gpu": 2}


# -- Operations of Gated Sparse Attention, by its own formula and counted causally --------------------------


def counted_metrics() -> list[Metric]:
    """Return the metrics of operations: the printed formula, then causal counts by shape and length."""
    found = [
        Metric(
            "formula_speedup", "1 / (indexer_dimensions * indexer_heads / d_a + selected / length)", "x",
            "counted", "L^2 d over L^2 dI HI + L k d, the paper's complexity, for the width of shape A",
        ),
        Metric(
            "formula_indexer_share",
            "indexer_dimensions * indexer_heads / d_a * formula_speedup", None, "counted",
            "share of the first term, the indexer's, in that cost",
        ),
    ]  # fmt: skip
    for shape in SHAPES:
        found.append(
            Metric(
                f"formula_second_less_first_{shape}",
                f"selected / length - indexer_dimensions * indexer_heads / d_{shape}", None, "counted",
                f"second term less first term, both over L^2 d, for the width of shape {shape.upper()}",
            )
        )  # fmt: skip
    found.append(
        Metric(
            "formula_second_less_first",
            "max(formula_second_less_first_a, formula_second_less_first_b, formula_second_less_first_k)",
            None, "counted", "the largest of these differences: above 0 where the second term is the larger",
        )
    )  # fmt: skip
    for shape in SHAPES:
        for length in LENGTHS:
            found += _causal(shape, length)
    return found


def _causal(shape: str, length: int) -> list[Metric]:
    """Return causal operations of one layer: two matrix products for attention, one for the indexer."""
    name = f"{shape}_{length}"
    where = f"shape {shape.upper()}, {length} tokens, one layer"
    return [
        Metric(
            f"dense_operations_{name}", f"2 * d_{shape} * tokens_{length} * (tokens_{length} + 1)",
            "FLOP", "counted", f"dense causal attention, {where}",
        ),
        Metric(
            f"indexer_operations_{name}",
            f"indexer_dimensions * indexer_heads * tokens_{length} * (tokens_{length} + 1)",
            "FLOP", "counted", f"scores of the indexer, {where}",
        ),
        Metric(
            f"sparse_operations_{name}",
            f"4 * d_{shape} * (min(selected, tokens_{length}) * (min(selected, tokens_{length}) + 1) / 2"
            f" + (tokens_{length} - min(selected, tokens_{length})) * selected)",
            "FLOP", "counted", f"attention over the selected tokens, {where}",
        ),
        Metric(
            f"operations_ratio_{name}",
            f"dense_operations_{name} / (indexer_operations_{name} + sparse_operations_{name})",
            "x", "counted", f"dense over indexer and sparse, {where}",
        ),
    ]  # fmt: skip


@EXPERIMENT.part(
    "operations",
    "operations of Gated Sparse Attention and of dense attention, counted",
    _SECONDS,
    metrics=counted_metrics(),
)
def operations(run: Run) -> None:
    """Keep the sizes, and hold the closed form of the causal count against counting one by one."""
    run.parameter("indexer_heads", INDEXER_HEADS, None, "heads of the indexer, HI")
    run.parameter("indexer_dimensions", INDEXER_DIMENSIONS, None, "dimensions of each, dI")
    run.parameter("selected", SELECTED, "tokens", "tokens that a query selects, k")
    run.parameter("length", LENGTH, "tokens", "context length, L")
    for shape, (heads, _, dimensions) in SHAPES.items():
        run.parameter(f"d_{shape}", heads * dimensions, None, f"width of shape {shape.upper()}, d")
    for length in LENGTHS:
        run.parameter(f"tokens_{length}", length, "tokens", "context length")
    short, few = 300, 70
    one_by_one = sum(min(place, few) for place in range(1, short + 1))
    closed = few * (few + 1) / 2 + (short - few) * few
    run.check("tokens attended to, in closed form", "counted query by query", abs(closed - one_by_one), 0,
              "absolute difference")  # fmt: skip


# -- Bytes that have to be kept -----------------------------------------------------------------------------


def byte_metrics() -> list[Metric]:
    """Return what is kept of a token and a layer in bf16, by shape, with the indexer's keys and without."""
    found = []
    for shape, (_, heads, dimensions) in SHAPES.items():
        found += [
            Metric(
                f"kept_bytes_{shape}",
                f"2 * key_value_heads_{shape} * head_dimensions_{shape} * bytes_of_number",
                "bytes", "counted",
                f"keys and values of a token and layer, shape {shape.upper()}: {heads} heads of {dimensions}",
            ),
            Metric(
                f"kept_ratio_{shape}",
                f"(kept_bytes_{shape} + indexer_dimensions * bytes_of_number) / kept_bytes_{shape}",
                "x", "counted", f"the same with the indexer's keys over without, shape {shape.upper()}",
            ),
        ]  # fmt: skip
    ratios = ", ".join(f"kept_ratio_{shape}" for shape in SHAPES)
    return [
        *found,
        Metric("kept_ratio_smallest", f"min({ratios})", "x", "counted", "the smallest of these ratios"),
    ]


@EXPERIMENT.part("bytes", "bytes of keys and values that have to be kept", _SECONDS, metrics=byte_metrics())
def kept_bytes(run: Run) -> None:
    """Keep the sizes."""
    run.parameter("indexer_dimensions", INDEXER_DIMENSIONS, None, "dimensions of each, dI")
    run.parameter("bytes_of_number", 2, "bytes", "size of a number in bf16")
    for shape, (_, heads, dimensions) in SHAPES.items():
        run.parameter(f"key_value_heads_{shape}", heads, None, f"key-value heads of shape {shape.upper()}")
        run.parameter(
            f"head_dimensions_{shape}", dimensions, None, f"dimensions of a head of shape {shape.upper()}"
        )


# -- Block Sparse Flash Attention: what a skipped block saves, and the most that skipping can bring ----------


@EXPERIMENT.part(
    "skipping",
    "what Block Sparse Flash Attention saves in a block that it skips",
    _SECONDS,
    metrics=[
        Metric(
            "skipped_operations", "100 * total(operations_of_values) / (total(operations_of_scores)"
            " + total(operations_of_values))", "%", "counted",
            "operations of P V among those of a block: scores are computed before a block can be skipped",
        ),
        Metric(
            "skipped_bytes", "100 * total(bytes_of_values) / (total(bytes_of_keys) + total(bytes_of_values))",
            "%", "counted", "bytes of V among those that a block loads",
        ),
        Metric(
            "skipping_ceiling", "1 / (1 - skipped_operations / 100)", "x", "counted",
            "speedup if every block were skipped: no share of skipped blocks gives more",
        ),
        Metric(
            "skipping_for_published", "2 * (1 - 1 / published_kernel_speedup)", None, "arithmetic",
            "share of blocks that has to be skipped for the published speedup of the kernel",
        ),
    ],
    published=[
        Published("published_kernel_speedup", "1.38x", 1.38, "x", "arxiv", "2512.07011", "second-hand-c003"),
    ],
)  # fmt: skip
def skipping(run: Run) -> None:
    """Count the multiplications and the elements of one block as the loops of the kernel touch them."""
    rows, columns, dimensions, size = 128, 64, 128, 2
    scores = [2 * sum(1 for _ in range(dimensions)) * columns for _ in range(rows)]
    values = [2 * sum(1 for _ in range(columns)) * dimensions for _ in range(rows)]
    run.sample("operations_of_scores", scores, "FLOP", "Q K of one block, by row")
    run.sample("operations_of_values", values, "FLOP", "P V of one block, by row")
    run.sample("bytes_of_keys", [dimensions * size] * columns, "bytes", "K of one block, by key")
    run.sample("bytes_of_values", [dimensions * size] * columns, "bytes", "V of one block, by key")


# -- Native Sparse Attention: tokens that a decoding step touches -------------------------------------------

NATIVE_LENGTHS = (8192, 16384, 32768, 65536)


@EXPERIMENT.part(
    "native-decoding",
    "tokens that a decoding step of Native Sparse Attention touches",
    _SECONDS,
    metrics=[
        Metric(
            f"native_decoding_ratio_{length}", f"tokens_{length} / total(native_touched_{length})", "x",
            "counted", f"all tokens over touched ones, {length} tokens",
        )
        for length in NATIVE_LENGTHS
    ],
)  # fmt: skip
def native_decoding(run: Run) -> None:
    """Count what the three branches touch: compressed blocks, selected blocks, the window."""
    stride, blocks, block, window = 16, 16, 64, 512
    for length in NATIVE_LENGTHS:
        run.parameter(f"tokens_{length}", length, "tokens", "context length")
        compressed = len(range(0, length, stride))
        selected = sum(len(range(block)) for _ in range(blocks))
        recent = len(range(length - window, length))
        run.sample(f"native_touched_{length}", [compressed, selected, recent], "tokens",
                   "compressed blocks, tokens of selected blocks, tokens of the window")  # fmt: skip


# -- Adaptive selection: how many tokens the published rule takes -------------------------------------------

_DRAWN = {"smoke": 200, "cpu": 2000, "gpu": 2000}


@EXPERIMENT.part(
    "adaptive-selection",
    "how many tokens the published rule selects, over queries whose scores vary more and less",
    {"smoke": 1, "cpu": 1, "gpu": 1},
    metrics=[
        Metric("selection_least", "min(selection_share)", "x", "counted", "smallest k over usual k"),
        Metric("selection_most", "max(selection_share)", "x", "counted", "largest k over usual k"),
        Metric(
            "selection_high_less_low", "max(selection_high) - min(selection_low)", "tokens", "counted",
            "most tokens of a query in the tenth of highest variance less fewest in that of lowest",
        ),
    ],
)  # fmt: skip
def adaptive_selection(run: Run) -> None:
    """Apply k_t = k (0.5 + 1 / (1 + tau v_t)), v_t the variance over its mean, before any clamp.

    Variances are drawn over six orders of magnitude, so both ends of the rule are reached.
    """
    tau, count = 1.0, _DRAWN[run.preset]
    generator = random.Random(0)  # noqa: S311  a draw of examples, repeatable on purpose
    variances = [0.0, *(math.exp(generator.uniform(math.log(1e-3), math.log(1e3))) for _ in range(count - 1))]
    mean = math.fsum(variances) / count
    shares = [0.5 + 1 / (1 + tau * variance / mean) for variance in sorted(variances)]
    run.sample("selection_share", shares, "x", "k of a query over usual k, by rising variance")
    tokens, tenth = [round(SELECTED * share) for share in shares], count // 10
    run.sample(
        "selection_low", tokens[:tenth], "tokens", "k of the tenth of queries with the lowest variance"
    )
    run.sample("selection_high", tokens[-tenth:], "tokens", "k of the tenth with the highest variance")


# -- Kernels and their times; small models that are trained; a retrieval model over long captions ------------

_sparse_attention_speed.add_parts(EXPERIMENT)
_sequence_training.add_parts(EXPERIMENT)
_retrieval_towers.add_parts(EXPERIMENT)


# -- What pages draw -----------------------------------------------------------------------------------------

_MEASURED = (4096, 8192, 16384, 32768, 65536, 131072)
_ARMS = {"dense": "dense", "sparse": "sparse", "g1": "G1", "g2": "G2", "g1g2": "G1 and G2", "gsa": "GSA"}
_SELECTIONS = {
    "token": "token by token, as published",
    "fine": "one list for 64 queries, blocks of 64",
    "coarse": "one list for 128 queries, blocks of 128",
}
_STAGES = {"project": "projections", "indexer": "indexer", "topk": "top-k", "attend": "attention"}

EXPERIMENT.plot(
    "prefill-speedup",
    "Prefill: dense attention's time over that of all stages of sparse attention, shape A",
    "context length, tokens",
    "speedup over the fastest dense implementation",
    {
        label: {length: f"sparse_{kind}_random_a_{length}_speedup" for length in _MEASURED}
        for kind, label in _SELECTIONS.items()
    },
    x_scale="log",
    y_scale="log",
    level=(1, "break-even"),
)
EXPERIMENT.plot(
    "operations-ratio",
    "Operations of dense attention over those of indexer and sparse attention",
    "context length, tokens",
    "ratio of operations",
    {
        f"shape {shape.upper()}": {length: f"operations_ratio_{shape}_{length}" for length in LENGTHS}
        for shape in ("a", "b")
    },
    x_scale="log",
    level=(1, "as many operations"),
)
EXPERIMENT.plot(
    "first-token",
    "Attention on the first token, small transformers on Bigram-Backcopy",
    "what attention has",
    "share of the attention, mean over seeds with its 95% interval",
    {"share": {label: f"backcopy_first_token_{arm}" for arm, label in _ARMS.items()}},
    kind="bars",
)
EXPERIMENT.plot(
    "recall-over-length",
    "Associative recall beyond the length of training",
    "length, as a multiple of that of training",
    "accuracy",
    {
        label: {factor: f"recall_accuracy_{factor}x_{arm}" for factor in (1, 2, 4)}
        for arm, label in _ARMS.items()
    },
    x_scale="log",
)
EXPERIMENT.plot(
    "mass-kept",
    "Attention mass that a selection keeps where needles are planted",
    "share of the tokens that is selected, %",
    "share of the true attention",
    {
        f"{indexer} indexer, {kind}": {
            percent: f"recall_needle_{indexer}_{kind}_{percent}" for percent in (6, 12, 25)
        }
        for indexer in ("oracle", "trained", "random")
        for kind in ("token", "block")
    },
)
EXPERIMENT.plot(
    "retrieval",
    "Retrieving scenes by long captions, in kind only",
    "length of the captions",
    "Recall@1 with its 95% interval",
    {
        label: {length: f"retrieval_recall_at_1_{arm}_{length}" for length in ("short", "middle", "long")}
        for arm, label in (("dense", "dense"), ("gsa", "GSA"))
    },
    kind="bars",
)
EXPERIMENT.plot(
    "dense-throughput",
    "Dense attention by every implementation, shape A",
    "context length, tokens",
    "TFLOP/s",
    {
        name: {length: f"prefill_dense_{name}_a_{length}_tflops" for length in LENGTHS}
        for name in ("cudnn", "flash", "efficient", "best")
    },
    x_scale="log",
)
EXPERIMENT.plot(
    "prefill-stages",
    "Where the time of prefill goes: one list for 128 queries, blocks of 128, shape A",
    "context length, tokens",
    "milliseconds",
    {
        label: {f"{length:,}": f"sparse_coarse_random_a_{length}_{stage}_ms" for length in _MEASURED}
        for stage, label in _STAGES.items()
    },
    kind="stacks",
)
EXPERIMENT.plot(
    "share-of-roof",
    "Share of the limit that binds each stage, shape A at 128K tokens",
    "stage",
    "share of the limit measured in the same run",
    {
        label: {
            name: f"sparse_{kind}_random_a_131072_{stage}_share"
            for stage, name in (("indexer", "indexer"), ("attend", "attention"))
        }
        for kind, label in _SELECTIONS.items()
    },
    kind="bars",
)
EXPERIMENT.plot(
    "decode-speedup",
    "Decode: dense attention's time over that of all stages of sparse attention, shape A",
    "context length, tokens",
    "speedup",
    {
        f"batch {batch}": {length: f"decode_{batch}_{length}_speedup" for length in (8192, 32768, 131072)}
        for batch in (1, 8, 64)
    },
    x_scale="log",
    level=(1, "break-even"),
)


if __name__ == "__main__":
    raise SystemExit(EXPERIMENT.main())
