"""Heads with experts: three ways to run them agree, loads are right, a seed fixes a training."""

import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _vision_heads as heads

SIZES = heads.Sizes(120, 40, 4, 16, 64)


@pytest.mark.parametrize("rows", [1, 2, 7, 64])
@pytest.mark.parametrize("chosen", [1, 2, 5, 8])
def test_three_ways_to_run_experts_agree(rows, chosen):
    """Whoever is chosen, and also where an expert is chosen by no row."""
    torch.manual_seed(rows)
    head = heads.Head(12, 32, 10, chosen).double()
    features = torch.randn(rows, 12).double()
    every, _ = head(features)
    assert torch.allclose(heads.looped(head, features), every, atol=1e-12)
    assert torch.allclose(heads.sorted_once(head, features), every, atol=1e-12)


@pytest.mark.parametrize("chosen", [1, 2, 8])
def test_weights_are_of_the_chosen_alone(chosen):
    """They sum to 1."""
    weights = heads.Head(12, 32, 10, chosen).weights(torch.randn(30, 12))
    assert torch.allclose(weights.sum(1), torch.ones(30))
    assert (weights.gt(0).sum(1) == chosen).all()


def test_every_head_has_nearly_as_many_parameters():
    """The gate and the biases are all that differ."""
    dense = sum(one.numel() for one in heads.dense(64, 256, 10).parameters())
    expert = sum(one.numel() for one in heads.Head(64, 256, 10, 2).parameters())
    assert expert - dense == 64 * heads.EXPERTS


def test_gratings_of_a_class_are_alike_in_direction():
    """A seed gives the same images; every class is drawn."""
    images, classes = heads.gratings(400, torch.Generator().manual_seed(0))
    again, _ = heads.gratings(400, torch.Generator().manual_seed(0))
    assert torch.equal(images, again)
    assert images.shape == (400, 1, 16, 16)
    assert set(classes.tolist()) == set(range(10))


@pytest.mark.parametrize("name", heads.HEADS)
def test_training_with_a_seed_comes_out_the_same(name):
    """Loads are shares of images: as many in all as experts are chosen."""
    one, again = (heads.trained(name, SIZES, 2, "cpu") for _ in range(2))
    assert one == again
    assert 0 <= one["accuracy"] <= 1
    assert sum(one["load"]) == pytest.approx({"dense": 0, "soft": 8, "sparse": 2, "hard": 1}[name])
