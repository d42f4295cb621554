"""Routing in a generated corpus: what is generated, how ranks are fused, what each router may look at."""

import statistics
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _routing_quality as routing
import harness

WORLD = routing.World(400, 150, 80)
WEIGHTS = (0.5, 0.2, 0.3)


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
    assert corpus.captions.shape == corpus.omniscient.shape == (400, 64)
    assert corpus.queries.shape == (230, 64)
    for vectors in (corpus.indices, corpus.captions, corpus.omniscient, corpus.queries):
        assert torch.allclose(vectors.norm(dim=-1), torch.ones(vectors.shape[:-1]), atol=1e-5)


def test_without_noise_the_index_of_the_kind_holds_the_fact():
    """Where every channel has every clip, intent alone finds it; leaks only add."""
    world = routing.World(400, 0, 80, noise=1e-6, coverage=1.0, leak=0.0)
    one, _ = routing.erring(world, 0, (0.0,))
    assert (one[0.0] == 1).float().mean() > 0.95


def test_errors_cost_recall():
    """The more queries go to another index, the fewer clips are found."""
    by_intent, everywhere = routing.erring(WORLD, 0, (0.0, 0.5, 1.0))
    found = [float((one <= 5).float().mean()) for one in by_intent.values()]
    assert found[0] > found[1] > found[2]
    assert all(one.shape == (230,) for one in everywhere.values())


def share_found(captions: torch.Tensor, corpus: routing.Corpus) -> float:
    first = routing.ranks(corpus.queries, captions)[0][:, 0]
    return float((first == corpus.asked).float().mean())


def test_captions_say_what_channels_hold():
    """Those that know all find all; the others find a fact where some channel of the clip has it."""
    world = routing.World(400, 0, 400, noise=1e-6, coverage=0.5, leak=0.0)
    corpus = routing.generated(world, 0)
    assert share_found(corpus.omniscient, corpus) > 0.99
    assert 0.4 < share_found(corpus.captions, corpus) < 0.7
    whole = routing.generated(replace(world, coverage=1.0), 0)
    assert torch.allclose(whole.captions, whole.omniscient, atol=1e-5)


def test_captions_may_leave_facts_out():
    """The share that they write of what they could; nothing else changes with it."""
    world = routing.World(400, 0, 400, noise=1e-6, coverage=1.0, leak=0.0)
    corpora = {share: routing.generated(replace(world, written=share), 0) for share in (0.0, 0.5, 1.0)}
    found = [share_found(corpus.captions, corpus) for corpus in corpora.values()]
    assert found[0] < 0.2 < found[1] < 0.8 < found[2]
    assert torch.equal(corpora[0.0].indices, corpora[1.0].indices)
    assert torch.equal(corpora[0.0].words, corpora[1.0].words)


def test_a_clip_without_channels_has_an_empty_caption():
    """Its topic isn't known either."""
    corpus = routing.generated(routing.World(50, 0, 50, noise=0.0, coverage=0.0), 0)
    assert torch.equal(corpus.captions, torch.zeros(50, 64))
    assert (corpus.omniscient.norm(dim=1) > 0.9).all()


def lists(seed: int, clips: int = 40, queries: int = 50, depth: int = 9) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what three indices found, ``[channel, query, place]``: clips, and falling scores."""
    random = torch.Generator().manual_seed(seed)
    found = torch.rand((3, queries, clips), generator=random).argsort(2)[:, :, :depth]
    scores = torch.randn((3, queries, depth), generator=random).sort(2, descending=True).values
    return found, scores


def fused_by_hand(
    rule: str, held: Sequence[dict[int, tuple[int, float]]], weights: Sequence[float], clip: int
) -> float:
    """Return one clip's score: of each chosen list its rank and z-score, or None."""
    of = [one.get(clip) for one in held]
    own = [(weight, *one) for one, weight in zip(of, weights, strict=True) if one]
    if rule == "rrf":
        return sum(1 / (60 + rank) for _, rank, _ in own)
    if rule == "max":
        return max(z for _, _, z in own)
    if rule == "floor":
        lowest = [min(z for _, z in one.values()) for one in held]
        return sum(one[1] if one else least for one, least in zip(of, lowest, strict=True))
    return sum((weight if rule == "linear" else 1.0) * z for weight, _, z in own)


def rank_by_hand(rule: str, clips, scores, chosen, asked: int) -> int:
    """Return the rank of one query's clip, ``clips`` and ``scores`` being those of its three lists."""
    held, weights = [], []
    for channel in range(3):
        if not chosen[channel]:
            continue
        mean, spread = statistics.fmean(scores[channel]), statistics.pstdev(scores[channel])
        z = [(score - mean) / spread for score in scores[channel]]
        held.append({clip: (place, z[place - 1]) for place, clip in enumerate(clips[channel], 1)})
        weights.append(WEIGHTS[channel])
    found = {clip for one in held for clip in one}
    if asked not in found:
        return 3 * len(clips[0]) + 1
    fused = {clip: fused_by_hand(rule, held, weights, clip) for clip in found}
    return 1 + sum(score > fused[asked] + 1e-12 for score in fused.values())


@pytest.mark.parametrize("rule", routing.RULES)
@pytest.mark.parametrize("at_once", [7, 256])
def test_ranks_are_those_of_one_clip_after_another(rule, at_once, monkeypatch):
    """By every rule, however many queries are compared at once, also where no index is chosen."""
    monkeypatch.setattr(routing, "_AT_ONCE", at_once)
    clips, scores = lists(1)
    random = torch.Generator().manual_seed(2)
    chosen = torch.rand((50, 3), generator=random) < 0.6
    asked = torch.randint(40, (50,), generator=random)
    by = routing.rules(torch.tensor(WEIGHTS, dtype=torch.float64))[rule]
    found = routing.fused_rank(routing.candidates(clips, scores), chosen, asked, by).tolist()
    expected = [
        rank_by_hand(rule, clips[:, one].tolist(), scores[:, one].tolist(), chosen[one], int(asked[one]))
        for one in range(50)
    ]
    assert found == expected
    assert len(set(expected)) > 5


def test_fusion_adds_reciprocal_ranks():
    """Of the chosen indices alone; a clip that none of them found comes last."""
    clips = torch.tensor([[[0, 1, 2]], [[1, 3, 0]], [[4, 5, 6]]])
    found = routing.candidates(clips, torch.tensor([3.0, 2.0, 1.0]).expand(3, 1, 3))
    asked = torch.tensor([0])
    both = torch.tensor([[True, True, False]])
    # Clip 1 has 1/62 + 1/61, clip 0 has 1/61 + 1/63.
    assert routing.fused_rank(found, both, torch.tensor([1])).item() == 1
    assert routing.fused_rank(found, both, asked).item() == 2
    assert routing.fused_rank(found, torch.tensor([[False, False, True]]), asked).item() == 10
    assert routing.fused_rank(found, both, torch.tensor([9])).item() == 10


@pytest.mark.parametrize("rule", routing.RULES)
def test_one_index_has_its_own_order_by_every_rule(rule):
    """There is nothing to fuse."""
    clips, scores = lists(3)
    by = routing.rules(torch.tensor(WEIGHTS, dtype=torch.float64))[rule]
    found = routing.candidates(clips, scores)
    for channel in range(3):
        chosen = torch.eye(3, dtype=torch.bool)[channel].expand(50, 3)
        for place in (0, 4, 8):
            assert (routing.fused_rank(found, chosen, clips[channel, :, place], by) == place + 1).all()


def test_some_queries_are_ranked_as_among_all():
    """So that those of training need not be ranked with the others."""
    clips, scores = lists(4)
    found, chosen = routing.candidates(clips, scores), torch.ones((50, 3), dtype=torch.bool)
    asked = clips[1, :, 3]
    for rule in routing.rules(torch.ones(3, dtype=torch.float64)).values():
        whole = routing.fused_rank(found, chosen, asked, rule)
        part = routing.fused_rank(found.of(slice(20, None)), chosen[20:], asked[20:], rule)
        assert torch.equal(part, whole[20:])


def test_learned_weights_follow_the_index_that_knows():
    """It gets most of the weight, the others some."""
    clips, scores = lists(5)
    asked = clips[2, :, 0]
    weights = routing.learned_weights(routing.candidates(clips, scores), asked)
    assert weights.sum().item() == pytest.approx(1)
    assert (weights > 0).all()
    assert weights.argmax() == 2


def test_a_cost_leaves_out_what_is_less_useful_and_keeps_one():
    """The likeliest index is always looked up."""
    useful = torch.tensor([[0.9, 0.5, 0.1], [0.2, 0.1, 0.05]])
    assert routing.by_cost(useful, 0.4).tolist() == [[True, True, False], [True, False, False]]
    assert routing.by_cost(useful, 0.95).sum(1).tolist() == [1, 1]


def test_every_way_answers_every_query():
    """With one to three indices; no set beats the oracle, and the random router takes as many as its like."""
    outcome = routing.routed(WORLD, 0, 20, (0.3,))
    best = {f"{name}_best" for name in (*routing.FUSED, "cost_30")}
    by_rule = {f"all_{name}" for name in routing.RULES if name != "rrf"}
    assert set(outcome.ranks) == {*routing.ROUTERS, "cost_30", *best, *by_rule}
    for name, searched in outcome.searched.items():
        assert searched.shape == outcome.ranks[name].shape == (80,)
        assert ((searched >= 1) & (searched <= 3)).all()
    assert torch.equal(outcome.searched["random"], outcome.searched["logistic"])
    for name in routing.FUSED:
        assert (outcome.ranks["oracle"] <= outcome.ranks[name]).all(), name
        assert (outcome.ranks["oracle_best"] <= outcome.ranks[f"{name}_best"]).all(), name
    assert (outcome.ranks["oracle"] <= outcome.ranks["single"]).all()
    same = "all" if outcome.chosen == "rrf" else f"all_{outcome.chosen}"
    assert torch.equal(outcome.ranks["all_best"], outcome.ranks[same])


def test_the_rule_is_chosen_on_training_queries(monkeypatch):
    """Whatever the test queries ask for; what they find depends on it."""
    taken = []

    def noted(found, asked, by):
        taken.append((len(asked), found.clips.shape[0]))
        return "max"

    monkeypatch.setattr(routing, "_best_rule", noted)
    outcome = routing.routed(WORLD, 0, 5)
    assert taken == [(150, 150)]
    assert torch.equal(outcome.ranks["all_best"], outcome.ranks["all_max"])


def test_the_best_rule_finds_most_in_training():
    """Held against ranks of each rule."""
    clips, scores = lists(6)
    found, asked = routing.candidates(clips, scores), clips[0, :, 1]
    by = routing.rules(torch.tensor([0.8, 0.1, 0.1], dtype=torch.float64))
    everywhere = torch.ones((50, 3), dtype=torch.bool)
    recall = {
        name: int((routing.fused_rank(found, everywhere, asked, one) <= 5).sum()) for name, one in by.items()
    }
    assert recall[routing._best_rule(found, asked, by)] == max(recall.values())
    assert len(set(recall.values())) > 1


def test_plots_and_names():
    """Each point is a declared metric, names are unique, and no plot has more series than are drawn."""
    experiment = harness.Experiment("routing.py", "Title", "Question?", "Limits")
    routing.add_parts(experiment)
    names = [metric.name for part in experiment.parts.values() for metric in part.metrics]
    assert len(names) == len(set(names))
    for plot in experiment.plots:
        assert {point["metric"] for one in plot["series"] for point in one["points"]} <= set(names)
        assert len(plot["series"]) <= 6


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_fact_on_the_screen_alone_stands_in_no_other_channel(share):
    """For the share of clips that the world says; then no other index finds it."""
    world = routing.World(300, 0, 300, noise=1e-6, coverage=1.0, leak=1.0, alone=share, clarity=1.0)
    corpus = routing.generated(world, 0)
    text = corpus.intent == 1
    found, _ = routing.ranks(corpus.queries[text], corpus.indices[0])
    first = (found[:, 0] == corpus.asked[text]).float().mean()
    assert (first > 0.8) if share == 0.0 else (first < 0.5)
