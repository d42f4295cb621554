"""Heads with experts: ways to run them agree, every gate learns from the task, balance is what it says."""

import json
import math
import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _vision_heads as heads
import harness

SIZES = heads.Sizes(120, 40, 4, 16, 64)


@pytest.mark.parametrize("rows", [1, 2, 7, 64])
@pytest.mark.parametrize("chosen", [1, 2, 5, 8])
def test_three_ways_to_run_experts_agree(rows, chosen):
    """Whoever is chosen, and also where an expert is chosen by no row."""
    torch.manual_seed(rows)
    head = heads.Head(12, 32, 10, chosen).double()
    features = torch.randn(rows, 12).double()
    every = head(features)
    assert torch.allclose(heads.looped(head, features), every, atol=1e-12)
    assert torch.allclose(heads.sorted_once(head, features), every, atol=1e-12)


@pytest.mark.parametrize("chosen", [2, 5, 8])
def test_weights_of_several_are_of_the_chosen_alone(chosen):
    """They sum to 1."""
    weights = heads.Head(12, 32, 10, chosen).weights(torch.randn(30, 8))
    assert torch.allclose(weights.sum(1), torch.ones(30))
    assert (weights.gt(0).sum(1) == chosen).all()


def test_the_weight_of_a_single_expert_is_its_share_among_all():
    """The best expert has the largest share of a softmax over all eight."""
    scores = torch.tensor([[3.0, 1, 1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0, 0, math.log(2)]])
    weights = heads.Head(12, 32, 10, 1).weights(scores)
    assert weights.gt(0).tolist() == [[True] + 7 * [False], 7 * [False] + [True]]
    assert weights[1, 7] == pytest.approx(2 / 9)
    assert weights[0, 0] == pytest.approx(math.exp(2) / (math.exp(2) + 7))


ARMS = {name: arm for name, arm in heads.HEADS.items() if arm.chosen}


@pytest.mark.parametrize("name", ARMS)
def test_every_gate_learns_from_the_task_alone(name):
    """Without the term for balance, every expert's row of the gate has a gradient."""
    torch.manual_seed(0)
    head = heads.Head(12, 32, 10, ARMS[name].chosen)
    scores, _ = heads.routed_scores(ARMS[name], head, torch.randn(64, 12), torch.randn(64, heads.EXPERTS))
    torch.nn.functional.cross_entropy(scores, torch.arange(64) % 10).backward()
    assert (head.gate.weight.grad.abs().amax(1) > 1e-6).all()


@pytest.mark.parametrize("name", ARMS)
def test_balance_is_paid_once_and_only_where_it_is_declared(name):
    """Soft heads pay the divergence from even weights, routed ones unevenness; two arms pay nothing."""
    torch.manual_seed(0)
    arm, features, noise = ARMS[name], torch.randn(64, 12), torch.randn(64, heads.EXPERTS)
    head = heads.Head(12, 32, 10, arm.chosen)
    _, balance = heads.routed_scores(arm, head, features, noise)
    clean = head.gate(features)
    noisy = clean + math.log(2) * noise if arm.chosen < 8 else clean
    if name.endswith("unbalanced"):
        assert balance == 0
    elif name == "soft":
        mean = clean.softmax(1).mean(0)
        assert balance.item() == pytest.approx(0.05 * (mean * (mean * 8).log()).sum().item(), rel=1e-5)
    else:
        sums = (head.weights(noisy).sum(0), heads.load(clean, noisy, arm.chosen))
        uneven = sum(one.var(unbiased=False) / one.mean() ** 2 for one in sums)
        assert balance.item() == pytest.approx(0.2 * uneven.item(), rel=1e-5)


def test_divergence_from_even_weights():
    """Even means have none, however sure each row is; one expert for all has ln 8."""
    assert heads.from_uniform(torch.eye(8)).item() == pytest.approx(0, abs=1e-6)
    assert heads.from_uniform(torch.eye(8)[[3, 3, 3]]).item() == pytest.approx(math.log(8), rel=1e-6)


@pytest.mark.parametrize("chosen", [1, 2, 3])
def test_load_is_how_often_fresh_noise_chooses_an_expert(chosen):
    """Each expert's own noise is drawn many times and that of the others kept."""
    random = torch.Generator().manual_seed(chosen)
    clean = torch.randn(3, 8, generator=random)
    noisy = clean + math.log(2) * torch.randn(3, 8, generator=random)
    counted = torch.zeros(8)
    draws = 20_000
    for expert in range(8):
        fresh = noisy.repeat(draws, 1, 1)
        fresh[:, :, expert] = clean[:, expert] + math.log(2) * torch.randn(draws, 3, generator=random)
        best = fresh.topk(chosen, 2).indices
        counted[expert] = (best == expert).any(2).float().mean(0).sum()
    assert torch.allclose(heads.load(clean, noisy, chosen), counted, atol=0.03)


def test_every_head_has_nearly_as_many_parameters():
    """The gate is all that differs."""
    dense = sum(one.numel() for one in heads.Dense(64, 256, 10).parameters())
    expert = sum(one.numel() for one in heads.Head(64, 256, 10, 2).parameters())
    assert expert - dense == 64 * heads.EXPERTS


def test_every_head_starts_by_one_rule():
    """Weights are even within the root of what comes in, so that an expert says as much as a dense head."""
    torch.manual_seed(0)
    for experts, inner in ((heads.Dense(64, 256, 10).experts, 256), (heads.Head(64, 256, 10, 2).experts, 32)):
        for weight, incoming in ((experts.into, 64), (experts.bias, 64), (experts.out, inner)):
            scaled = weight.detach() * math.sqrt(incoming)
            assert scaled.abs().max().item() == pytest.approx(1, abs=0.05)
            assert scaled.std().item() == pytest.approx(1 / math.sqrt(3), abs=0.05)


def test_gratings_of_a_class_are_alike_in_direction():
    """A seed gives the same images; every class is drawn."""
    images, classes = heads.gratings(400, torch.Generator().manual_seed(0))
    again, _ = heads.gratings(400, torch.Generator().manual_seed(0))
    assert torch.equal(images, again)
    assert images.shape == (400, 1, 16, 16)
    assert set(classes.tolist()) == set(range(10))


@pytest.mark.parametrize("name", heads.HEADS)
def test_training_with_a_seed_comes_out_the_same(name):
    """Loads are shares of images: as many in all as experts are chosen; weights of several add up to 1."""
    one, again = (heads.trained(name, SIZES, 2, "cpu") for _ in range(2))
    assert one == again
    assert 0 <= one["accuracy"] <= 1
    assert sum(one["load"]) == pytest.approx(heads.HEADS[name].chosen)
    if heads.HEADS[name].chosen > 1:
        assert sum(one["weight"]) == pytest.approx(1)


def test_heads_of_a_seed_see_the_same_images(monkeypatch):
    """In the same order and on trunks with the same first weights, whether their gates have noise or not."""
    seen = {}
    for name in heads.HEADS:
        passes = seen[name] = []
        plain = heads._trunk

        def watched(plain=plain, passes=passes):
            trunk = plain()
            passes.append(trunk[0].weight.detach().clone())
            trunk.register_forward_pre_hook(lambda _, given: passes.append(given[0].clone()))
            return trunk

        with monkeypatch.context() as patch:
            patch.setattr(heads, "_trunk", watched)
            heads.trained(name, SIZES, 1, "cpu")
    for passes in seen.values():
        assert len(passes) == SIZES.steps + 2
        assert all(torch.equal(mine, other) for mine, other in zip(passes, seen["dense"], strict=True))


def test_the_parts_keep_a_number_for_every_metric(tmp_path):
    """The smoke preset gives a value to every metric but those of more rows than it times."""
    experiment = harness.Experiment("mixture_of_experts.py", "title", "question?", "limits")
    heads.add_parts(experiment)
    out = tmp_path / "run.json"
    assert experiment.main(["--preset", "smoke", "--device", "cpu", "--seeds", "2", "--out", str(out)]) == 0
    record = json.loads(out.read_text(encoding="utf-8"))
    declared = {metric.name for part in experiment.parts.values() for metric in part.metrics}
    assert declared - set(record["metrics"]) == {
        name for name in declared if name.endswith(("_256", "_1024", "_16384"))
    }
    drawn = [point for plot in experiment.plots for one in plot["series"] for point in one["points"]]
    assert {point["metric"] for point in drawn} <= declared
    assert all(len(point["label"] or "") <= 34 for point in drawn)
    assert record["parameters"]["routing_width"]["value"] == record["parameters"]["routing_features"]["value"]
    for rows in (1, 32):
        looped, dense = (
            sorted(record["samples"][f"routing_time_{way}_{rows}"]["values"]) for way in ("looped", "dense")
        )
        metric = record["metrics"][f"naive_routing_ms_{rows}"]
        assert looped[0] - dense[-1] <= metric["low"] <= metric["value"] <= metric["high"]
