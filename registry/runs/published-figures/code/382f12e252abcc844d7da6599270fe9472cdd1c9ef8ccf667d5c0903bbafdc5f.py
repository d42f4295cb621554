"""Published figures, computed again from other published figures.

Nothing is measured here: each metric is the arithmetic that a reader can do with the figures that a paper
prints.  The interval of a metric is what the last printed place of its inputs leaves open.
"""

from harness import Experiment, Metric, Published, Run

EXPERIMENT = Experiment(
    __file__,
    title="Published figures against one another",
    question="Do the figures that papers and reports print follow from the other figures that they print?",
    limits="Arithmetic only: it shows whether printed numbers agree, not whether they were measured rightly.",
)
_SECONDS = {"smoke": 1, "cpu": 1, "gpu": 1}


def _ratio(name: str, over: str, under: str, half: float, unit: str, what: str) -> Metric:
    """Return the ratio of two published numbers that are each printed to a place of twice ``half``."""
    return Metric(
        name, f"{over} / {under}", unit, "arithmetic", what,
        low=f"({over} - {half}) / ({under} + {half})",
        high=f"({over} + {half}) / ({under} - {half})",
    )  # fmt: skip


def _routed(name: str, text: str, value: float) -> Published:
    return Published(name, text, value, None, "arxiv", "2507.13374", "figures-c005")


@EXPERIMENT.part(
    "routing",
    "ModaRoute's saving, from the number of indices that it searches",
    _SECONDS,
    metrics=[
        Metric(
            "indices_not_searched", "100 * (1 - indices_routed / indices_all)", "%", "arithmetic",
            "share of the three indices that routing leaves out",
            low="100 * (1 - (indices_routed + 0.005) / indices_all)",
            high="100 * (1 - (indices_routed - 0.005) / indices_all)",
        ),
    ],
    published=[_routed("indices_routed", "1.78", 1.78), _routed("indices_all", "3.0", 3.0)],
)  # fmt: skip
def routing(run: Run) -> None:
    """Say what the arithmetic leaves out."""
    run.note("The saving counts indices; what GPT-4.1 costs to choose them is in none of the figures.")


def _served(name: str, text: str, value: float, claim: str, unit: str | None = None) -> Published:
    return Published(name, text, value, unit, "arxiv", "2410.17954", claim)


@EXPERIMENT.part(
    "offloading",
    "ExpertFlow's gains, from its tokens per second and its gigabytes",
    _SECONDS,
    metrics=[
        _ratio("scheduler_gain_first", "first_after", "first_before", 0.5, "x", "882 over 854 tokens/s"),
        _ratio("scheduler_gain_second", "second_after", "second_before", 0.5, "x", "788 over 681 tokens/s"),
        _ratio("scheduler_gain_third", "third_after", "third_before", 0.5, "x", "735 over 628 tokens/s"),
        Metric(
            "memory_saved", "100 * (1 - memory_after / memory_before)", "%", "arithmetic",
            "share of GPU memory saved on Switch-128",
            low="100 * (1 - (memory_after + 0.005) / (memory_before - 0.005))",
            high="100 * (1 - (memory_after - 0.005) / (memory_before + 0.005))",
        ),
    ],
    published=[
        _served("first_before", "854", 854, "figures-c012"),
        _served("first_after", "882", 882, "figures-c012"),
        _served("second_before", "681", 681, "figures-c012"),
        _served("second_after", "788", 788, "figures-c012"),
        _served("third_before", "628", 628, "figures-c012"),
        _served("third_after", "735", 735, "figures-c012"),
        _served("memory_before", "15.26 GB", 15.26, "figures-c008", "GB"),
        _served("memory_after", "1.03 GB", 1.03, "figures-c008", "GB"),
    ],
)  # fmt: skip
def offloading(run: Run) -> None:
    """Nothing to run: the figures are all there is."""


_VISUAL_QUESTIONS = "20164509-383a-47f5-a404-579667fe34a5"


@EXPERIMENT.part(
    "visual-questions",
    "a report's loss of accuracy, from the accuracies that it lists",
    _SECONDS,
    metrics=[
        Metric(
            "accuracy_lost_points", "accuracy_all_paths - accuracy_quarter", "points", "arithmetic",
            "accuracy with all 32 paths less accuracy with 8 of them, in points",
            low="accuracy_all_paths - accuracy_quarter - 0.01",
            high="accuracy_all_paths - accuracy_quarter + 0.01",
        ),
        Metric(
            "accuracy_lost_relative", "100 * (1 - accuracy_quarter / accuracy_all_paths)", "%", "arithmetic",
            "the same loss as a share of the accuracy with all paths",
            low="100 * (1 - (accuracy_quarter + 0.005) / (accuracy_all_paths - 0.005))",
            high="100 * (1 - (accuracy_quarter - 0.005) / (accuracy_all_paths + 0.005))",
        ),
    ],
    published=[
        Published("accuracy_all_paths", "54.90%", 54.90, "%", "paper", _VISUAL_QUESTIONS, "c007"),
        Published("accuracy_quarter", "51.28%", 51.28, "%", "paper", _VISUAL_QUESTIONS, "c009"),
    ],
)  # fmt: skip
def visual_questions(run: Run) -> None:
    """Nothing to run: the figures are all there is."""


def _sparse(name: str, text: str, value: float, claim: str, unit: str | None) -> Published:
    return Published(name, text, value, unit, "arxiv", "2601.15305", claim)


def _speedup(name: str, time: str, what: str) -> Metric:
    """Return what a time relative to the baseline's, printed to 0.01, makes as a speedup."""
    return Metric(
        name,
        f"1 / {time}",
        "x",
        "arithmetic",
        what,
        low=f"1 / ({time} + 0.005)",
        high=f"1 / ({time} - 0.005)",
    )


@EXPERIMENT.part(
    "gated-sparse-attention",
    "Gated Sparse Attention's headlines, from its own tables",
    _SECONDS,
    metrics=[
        _speedup("gsa_prefill_speedup", "gsa_prefill_time", "speedup of GSA's prefill at 128K tokens"),
        _speedup("gsa_decode_speedup", "gsa_decode_time", "speedup of GSA's decode at 128K tokens"),
        _speedup("sparse_prefill_speedup", "sparse_prefill_time", "speedup of selection without gates"),
        Metric(
            "gsa_first_token_in_table", "gsa_first_token", "%", "arithmetic",
            "attention on the first token, table of sinks, row GSA",
            low="gsa_first_token - 0.05", high="gsa_first_token + 0.05",
        ),
        Metric(
            "gsa_ruler_in_table", "gsa_ruler", None, "arithmetic", "RULER at 128K, table of RULER, row GSA",
            low="gsa_ruler - 0.005", high="gsa_ruler + 0.005",
        ),
    ],
    published=[
        _sparse("gsa_prefill_time", "0.09x", 0.09, "figures-c032", "x"),
        _sparse("gsa_decode_time", "0.13x", 0.13, "figures-c032", "x"),
        _sparse("sparse_prefill_time", "0.08x", 0.08, "figures-c030", "x"),
        _sparse("gsa_first_token", "3.9%", 3.9, "figures-c029", "%"),
        _sparse("gsa_ruler", "62.18", 62.18, "figures-c021", None),
    ],
)  # fmt: skip
def gated_sparse_attention(run: Run) -> None:
    """Nothing to run: the figures are all there is."""


@EXPERIMENT.part(
    "block-sparse-attention",
    "Block Sparse Flash Attention's kept accuracy, from its table",
    _SECONDS,
    metrics=[
        Metric(
            "bsfa_accuracy_kept", "100 * bsfa_accuracy / dense_accuracy", "%", "arithmetic",
            "LongBench with k=96 as a share of dense attention's",
            low="100 * (bsfa_accuracy - 0.005) / (dense_accuracy + 0.005)",
            high="100 * (bsfa_accuracy + 0.005) / (dense_accuracy - 0.005)",
        ),
    ],
    published=[
        Published("dense_accuracy", "40.24%", 40.24, "%", "arxiv", "2512.07011", "figures-c006"),
        Published("bsfa_accuracy", "39.88%", 39.88, "%", "arxiv", "2512.07011", "figures-c007"),
    ],
)  # fmt: skip
def block_sparse_attention(run: Run) -> None:
    """Nothing to run: the figures are all there is."""


# Figures that a paper prints in one place and states, rounded or not, in another: name, paper, claim, text,
# half of its last place, unit, and where it stands.
_PRINTED_TWICE = (
    ("gsa_baseline_perplexity", "2601.15305", "figures-c010", "6.026", 0.0005, None,
     "perplexity on WikiText-103, row Baseline"),
    ("gsa_perplexity", "2601.15305", "figures-c013", "5.698", 0.0005, None,
     "perplexity on WikiText-103, row GSA"),
    ("gsa_baseline_first_token", "2601.15305", "figures-c026", "46.7%", 0.05, "%",
     "attention on the first token, row Baseline"),
    ("gsa_baseline_ruler", "2601.15305", "figures-c018", "31.65", 0.005, None,
     "RULER at 128K, row Baseline"),
    ("gsa_mmlu", "2601.15305", "figures-c017", "61.35", 0.005, None, "MMLU, row GSA"),
    ("gsa_sparse_perplexity", "2601.15305", "figures-c011", "6.015", 0.0005, None,
     "perplexity on WikiText-103, row Sparse only"),
    ("gsa_sparse_mmlu", "2601.15305", "figures-c015", "59.10", 0.005, None, "MMLU, row Sparse only"),
    ("bsfa_reasoning_speedup", "2512.07011", "figures-c007", "1.10x", 0.005, "x",
     "speedup on LongBench, row BSFA"),
    ("bsfa_needle_speedup", "2512.07011", "figures-c009", "1.24x", 0.005, "x",
     "speedup at finding a needle, caption"),
    ("expertflow_best_speedup", "2410.17954", "figures-c005", "9.99x", 0.005, "x",
     "largest speedup that section 4 gives"),
)  # fmt: skip


@EXPERIMENT.part(
    "printed-twice",
    "figures of headlines, lists and ablations, from the tables of the same papers",
    _SECONDS,
    metrics=[
        Metric(
            f"{name}_elsewhere",
            name,
            unit,
            "arithmetic",
            what,
            low=f"{name} - {half}",
            high=f"{name} + {half}",
        )
        for name, _, _, _, half, unit, what in _PRINTED_TWICE
    ],
    published=[
        Published(name, text, float(text.rstrip("%x")), unit, "arxiv", paper, claim)
        for name, paper, claim, text, _, unit, _ in _PRINTED_TWICE
    ],
)
def printed_twice(run: Run) -> None:
    """Say what equal figures show."""
    run.note("A figure that stands in two places of a paper agrees with itself; nothing was measured again.")


# The figures that stand in the rows of one table and of another paper's, by what they are of.
_MEASURES = ("perplexity", "mmlu", "gsm8k", "hellaswag", "c_eval")
_ROWS = {
    "baseline": (
        ("6.026", "58.79", "52.92", "73.07", "60.26"),
        ("figures-c010", "figures-c014", "second-hand-c001"),
    ),
    "gated": (
        ("5.761", "60.82", "55.27", "74.64", "62.20"),
        ("figures-c012", "figures-c016", "second-hand-c003"),
    ),
}


def _row(row: str) -> list[Published]:
    """Return the figures of a row in both papers; perplexity stands in a table of its own in one of them."""
    texts, (perplexity, tasks, theirs) = _ROWS[row]
    found = []
    for measure, text in zip(_MEASURES, texts, strict=True):
        claim = perplexity if measure == "perplexity" else tasks
        found.append(_sparse(f"small_{row}_{measure}", text, float(text), claim, None))
        owner = ("arxiv", "2505.06708", theirs)
        found.append(Published(f"large_{row}_{measure}", text, float(text), None, *owner))
    return found


def _difference(row: str) -> Metric:
    pairs = ", ".join(f"abs(small_{row}_{measure} - large_{row}_{measure})" for measure in _MEASURES)
    what = f"largest difference of five figures: row {row} of 2601.15305 (1.7B) and of 2505.06708 (15A2B)"
    return Metric(f"{row}_rows_differ", f"max({pairs})", None, "arithmetic", what)


@EXPERIMENT.part(
    "coinciding-rows",
    "rows of 2601.15305 for a model of 1.7B parameters beside rows of 2505.06708 for one of 15A2B",
    _SECONDS,
    metrics=[
        _difference("baseline"),
        _difference("gated"),
        Metric(
            "dense_perplexity_above", "dense_perplexity - small_baseline_perplexity", None, "arithmetic",
            "perplexity of 2505.06708's dense 1.7B model less that of 2601.15305's baseline",
        ),
    ],
    published=[
        *_row("baseline"),
        *_row("gated"),
        Published("dense_perplexity", "7.499", 7.499, None, "arxiv", "2505.06708", "second-hand-c011"),
    ],
)  # fmt: skip
def coinciding_rows(run: Run) -> None:
    """Say what equal figures do not show."""
    run.note("Equal figures of models of different sizes show that, and nothing of how they came about.")


if __name__ == "__main__":
    raise SystemExit(EXPERIMENT.main())
