"""Routing of queries to indices: what the published figures say, and what routing keeps and saves in kind.

Read from top to bottom.  First the arithmetic of arXiv 2507.13374, which routes questions about videos to
indices of speech, screen text and pictures.  What routing keeps is measured in a generated corpus, and what
searching costs over vectors drawn at random, in the modules whose parts are added at the end.
"""

import _routing_quality
import _routing_search
from harness import Experiment, Metric, Published, Run

EXPERIMENT = Experiment(
    __file__,
    title="Routing: which indices to search",
    question="What does routing a query to some of several indices save, and what does it keep?",
    limits=(
        "The router of arXiv 2507.13374 is GPT-4.1 and its 1.8M clips are not here, so its own recall cannot "
        "be tested; how it fuses lists is not known. A generated corpus shows trade-offs, not its values, "
        "and which way to search finds more depends there on the rule of fusion. Captions of the corpus say "
        "what their clip's channels hold; captions that know every fact stand beside them as an upper bound. "
        "Times of search are those of one rule to merge lists. cuVS was not measured, and FAISS only where a "
        "run's notes do not say otherwise. Lines from how many vectors a router pays join few batches."
    ),
)


def _printed(name: str, text: str, value: float, unit: str | None, claim: str) -> Published:
    return Published(name, text, value, unit, "arxiv", "2507.13374", claim)


@EXPERIMENT.part(
    "arithmetic",
    "what the published recalls and index counts say beside one another",
    {"smoke": 1, "cpu": 1, "gpu": 1},
    metrics=[
        Metric(
            "recall_gap", "caption_recall - routed_recall", "points", "arithmetic",
            "Recall@5 of the caption index less that of routed search, in points",
            low="caption_recall - routed_recall - 0.1", high="caption_recall - routed_recall + 0.1",
        ),
        Metric(
            "recall_lost", "100 * (1 - routed_recall / caption_recall)", "%", "arithmetic",
            "the same as a share of the caption index's recall",
            low="100 * (1 - (routed_recall + 0.05) / (caption_recall - 0.05))",
            high="100 * (1 - (routed_recall - 0.05) / (caption_recall + 0.05))",
        ),
        Metric(
            "indices_per_caption_search", "routed_indices", None, "arithmetic",
            "indices that a routed query is looked up in; with captions it is looked up in one",
            low="routed_indices - 0.005", high="routed_indices + 0.005",
        ),
    ],
    published=[
        _printed("caption_recall", "75.9%", 75.9, "%", "figures-c002"),
        _printed("routed_recall", "60.9%", 60.9, "%", "figures-c003"),
        _printed("routed_indices", "1.78", 1.78, None, "figures-c005"),
    ],
)  # fmt: skip
def arithmetic(run: Run) -> None:
    """Say what the comparison leaves out."""
    run.note(
        "What it costs to write the captions, and to ask GPT-4.1 for a route, is in none of the figures."
    )


_routing_quality.add_parts(EXPERIMENT)
_routing_search.add_parts(EXPERIMENT)

if __name__ == "__main__":
    raise SystemExit(EXPERIMENT.main())
