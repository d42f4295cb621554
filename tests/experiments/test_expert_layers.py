"""Layers with experts: every way to run one gives what its experts say, token by token, in double precision.

Kernels run in Triton's interpreter, in single precision, which is chosen before anything imports Triton.
"""

import os
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

# Also where there is a GPU: what is tested is the arithmetic, at sizes no GPU is needed for.
os.environ["TRITON_INTERPRET"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _expert_layers as layers

LIMIT = 2e-5


def apart(found: torch.Tensor, expected: torch.Tensor) -> float:
    return float((found.double() - expected).abs().max() / expected.abs().max())


@pytest.mark.parametrize("tokens", [1, 2, 17, 50])
@pytest.mark.parametrize(
    "shape",
    [
        layers.Shape(40, 24, 6, 3),
        layers.Shape(17, 19, 5, 1),
        layers.Shape(32, 16, 3, 3),
        layers.Shape(24, 33, 7, 2, is_gated=False),
    ],
)
def test_every_way_gives_what_the_experts_say(shape, tokens):
    """Odd widths, more experts than tokens, all experts chosen, with and without a gate."""
    torch.manual_seed(tokens)
    of = layers.layer(shape, "cpu", torch.float32)
    x = torch.randn(tokens, shape.size)
    expected = layers.reference(of, x)
    for launch in (layers.Launch(16, 16, 16), layers.Launch(32, 32, 16)):
        assert apart(layers.ours(of, x, launch), expected) < LIMIT
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
