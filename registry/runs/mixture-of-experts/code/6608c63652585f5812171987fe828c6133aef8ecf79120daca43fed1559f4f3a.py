"""Published language models with experts, built without memory: what each holds and what one token uses.

Sizes are those of the models' own configuration files.  All have SwiGLU feed-forward layers (three matrices),
rotary positions and root-mean-square norms, and an output matrix of its own beside the embedding.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Model:
    """A model: its sizes, and where those were read.

    ``shared`` is the inner size of the expert that every token uses, 0 for none; ``dense`` that of the first
    layer's feed-forward network where it has no experts, 0 where it has.  ``is_shared_gated`` says that a
    gate weighs the shared expert, ``is_normed`` that queries and keys have norms, ``is_biased`` that the
    projections to queries, keys and values add a bias.
    """

    name: str
    layers: int
    size: int
    heads: int
    key_value_heads: int
    inner: int
    experts: int
    active: int
    vocabulary: int
    source: str
    shared: int = 0
    dense: int = 0
    is_shared_gated: bool = False
    is_normed: bool = False
    is_biased: bool = False


_HUB = "https://huggingface.co"
MODELS = {
    "mixtral": Model(
        "Mixtral 8x7B", 32, 4096, 32, 8, 14336, 8, 2, 32000,
        f"{_HUB}/MaziyarPanahi/Mixtral-8x7B-v0.1/blame/main/config.json",
    ),
    "olmoe": Model(
        "OLMoE-1B-7B", 16, 2048, 16, 16, 1024, 64, 8, 50304,
        f"{_HUB}/allenai/OLMoE-1B-7B-0924/blob/fba02cfdd0fb5b8d8b843154a3aee75c02abd4a5/config.json",
        is_normed=True,
    ),
    "deepseek": Model(
        "DeepSeekMoE 16B", 28, 2048, 16, 16, 1408, 64, 6, 102400,
        f"{_HUB}/vltnmmdv/deepseek-moe-16b-base/blame/3cb04456ff2980b9c334fbb08c07e542dfd66ab8/config.json",
        shared=2 * 1408, dense=10944,
    ),
    "qwen": Model(
        "Qwen1.5-MoE-A2.7B", 24, 2048, 16, 16, 1408, 60, 4, 151936,
        f"{_HUB}/Qwen/Qwen1.5-MoE-A2.7B/blob/ce35c8de2deb2f4794378a62242e551f0c5396bf/config.json",
        shared=5632, is_shared_gated=True, is_biased=True,
    ),
}  # fmt: skip
# What the numbers of a model are for, in the order in which they are listed.
KINDS = ("embedding", "attention", "router", "experts", "shared expert", "dense layer", "norms", "output")


def _feed_forward(size: int, inner: int) -> nn.ModuleList:
    return nn.ModuleList([nn.Linear(size, inner, False), nn.Linear(size, inner, False),
                          nn.Linear(inner, size, False)])  # fmt: skip


def _parts(model: Model) -> Iterator[tuple[str, nn.Module, int]]:
    """Yield what each part is for, the part, and how many of its like one token uses (0 for all)."""
    size, head = model.size, model.size // model.heads
    yield "embedding", nn.Embedding(model.vocabulary, size), 0
    for layer in range(model.layers):
        for width in (model.heads, model.key_value_heads, model.key_value_heads):
            yield "attention", nn.Linear(size, width * head, model.is_biased), 0
        yield "attention", nn.Linear(model.heads * head, size, bias=False), 0
        norms = [size, size] + ([model.heads * head, model.key_value_heads * head] if model.is_normed else [])
        yield "norms", nn.ModuleList(nn.RMSNorm(width) for width in norms), 0
        if layer == 0 and model.dense:
            yield "dense layer", _feed_forward(size, model.dense), 0
            continue
        yield "router", nn.Linear(size, model.experts, bias=False), 0
        for _ in range(model.experts):
            yield "experts", _feed_forward(size, model.inner), model.active
        if model.shared:
            yield "shared expert", _feed_forward(size, model.shared), 0
        if model.is_shared_gated:
            yield "shared expert", nn.Linear(size, 1, bias=False), 0
    yield "norms", nn.RMSNorm(size), 0
    yield "output", nn.Linear(size, model.vocabulary, bias=False), 0


def parameters(model: Model) -> tuple[list[int], list[int]]:
    """Return by kind how many numbers the model holds, and how many of them one token uses."""
    held, used = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
    with torch.device("meta"):
        for kind, part, active in _parts(model):
            count = sum(one.numel() for one in part.parameters())
            held[kind] += count
            # All experts of a layer are alike, so each stands for its share of those that a token uses.
            used[kind] += count * active if active else count * model.experts
    return list(held.values()), [count // model.experts for count in used.values()]


def closed_form(model: Model) -> int:
    """Return how many numbers the model holds, by a formula instead of by building it."""
    size, head = model.size, model.size // model.heads
    attention = 2 * size * model.heads * head + 2 * size * model.key_value_heads * head
    attention += (model.heads + 2 * model.key_value_heads) * head if model.is_biased else 0
    norms = 2 * size + ((model.heads + model.key_value_heads) * head if model.is_normed else 0)
    layer = model.experts * (3 * size * model.inner + size) + 3 * size * model.shared
    layer += size if model.is_shared_gated else 0
    dense = 1 if model.dense else 0
    feed_forward = (model.layers - dense) * layer + dense * 3 * size * model.dense
    return model.layers * (attention + norms) + feed_forward + size + 2 * size * model.vocabulary
