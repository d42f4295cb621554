"""Routing in a generated corpus: what is generated, how ranks are fused, what each router may look at."""

import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _routing_quality as routing

WORLD = routing.World(400, 150, 80)


def test_a_seed_gives_one_corpus():
    """The same again, and another for another seed."""
    one, again, other = (routing.generated(WORLD, seed) for seed in (3, 3, 4))
    assert torch.equal(one.indices, again.indices)
    assert torch.equal(one.words, again.words)
    assert not torch.equal(one.indices, other.indices)


def test_shapes_are_those_of_the_world():
    """Every vector has length 1."""
    corpus = routing.generated(WORLD, 0)
    assert corpus.indices.shape == (3, 400, 64)
    assert corpus.captions.shape == (400, 64)
    assert corpus.queries.shape == (230, 64)
    for vectors in (corpus.indices, corpus.captions, corpus.queries):
        assert torch.allclose(vectors.norm(dim=-1), torch.ones(vectors.shape[:-1]), atol=1e-5)


def test_without_noise_the_index_of_the_kind_holds_the_fact():
    """Where every channel has every clip, intent alone finds it; leaks only add."""
    world = routing.World(400, 0, 80, noise=1e-6, coverage=1.0, leak=0.0)
    one, _ = routing.erring(world, 0, 0.0)
    assert (one == 1).float().mean() > 0.95


def test_errors_cost_recall():
    """The more queries go to another index, the fewer clips are found."""
    found = [(routing.erring(WORLD, 0, error)[0] <= 5).float().mean() for error in (0.0, 0.5, 1.0)]
    assert found[0] > found[1] > found[2]


def test_fusion_adds_reciprocal_ranks():
    """Of the chosen indices alone; a clip that none of them found comes last."""
    found = torch.tensor([[[0, 1, 2]], [[1, 3, 0]], [[4, 5, 6]]])
    asked = torch.tensor([0])
    both = torch.tensor([[True, True, False]])
    # Clip 1 has 1/62 + 1/61, clip 0 has 1/61 + 1/63.
    assert routing.fused_rank(found, both, torch.tensor([1])).item() == 1
    assert routing.fused_rank(found, both, asked).item() == 2
    assert routing.fused_rank(found, torch.tensor([[False, False, True]]), asked).item() == 10
    assert routing.fused_rank(found, both, torch.tensor([9])).item() == 10


def test_fusion_does_not_depend_on_how_many_queries_are_held_at_once(monkeypatch):
    """Parts are ranked alike."""
    random = torch.Generator().manual_seed(1)
    found = torch.stack(
        [torch.stack([torch.randperm(40, generator=random)[:9] for _ in range(50)]) for _ in range(3)]
    )
    chosen = torch.rand((50, 3), generator=random) < 0.5
    asked = torch.randint(40, (50,), generator=random)
    whole = routing.fused_rank(found, chosen, asked)
    monkeypatch.setattr(routing, "_AT_ONCE", 7)
    assert torch.equal(routing.fused_rank(found, chosen, asked), whole)


def test_a_cost_leaves_out_what_is_less_useful_and_keeps_one():
    """The likeliest index is always looked up."""
    useful = torch.tensor([[0.9, 0.5, 0.1], [0.2, 0.1, 0.05]])
    assert routing.by_cost(useful, 0.4).tolist() == [[True, True, False], [True, False, False]]
    assert routing.by_cost(useful, 0.95).sum(1).tolist() == [1, 1]


def test_every_router_answers_every_query():
    """With one to three indices; no set beats the oracle, and the random router takes as many as its like."""
    outcome = routing.routed(WORLD, 0, 20, (0.3,))
    assert set(outcome.ranks) == {*routing.ROUTERS, "cost_30"}
    for name, searched in outcome.searched.items():
        assert searched.shape == outcome.ranks[name].shape == (80,)
        assert ((searched >= 1) & (searched <= 3)).all()
    assert torch.equal(outcome.searched["random"], outcome.searched["logistic"])
    for name in ("all", "single", "random", "rules", "logistic", "mlp", "cascade"):
        assert (outcome.ranks["oracle"] <= outcome.ranks[name]).all(), name


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_fact_on_the_screen_alone_stands_in_no_other_channel(share):
    """For the share of clips that the world says; then no other index finds it."""
    world = routing.World(300, 0, 300, noise=1e-6, coverage=1.0, leak=1.0, alone=share, clarity=1.0)
    corpus = routing.generated(world, 0)
    text = corpus.intent == 1
    found, _ = routing.ranks(corpus.queries[text], corpus.indices[0])
    first = (found[:, 0] == corpus.asked[text]).float().mean()
    assert (first > 0.8) if share == 0.0 else (first < 0.5)
