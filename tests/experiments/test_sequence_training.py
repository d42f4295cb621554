"""Small trained transformers: data follow their rules, arms differ where they should, nothing looks ahead.

Everything runs on one thread with models of a few thousand weights.
"""

import json
import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _sequence_training as training
import harness

SHAPE = training.Shape(12, 2, 16, 2, 24, k_base=4, k_min=2, k_max=6, indexer_heads=3, indexer_width=4)
SEEDS = (3, 5)
LENGTH = 20


def tokens(length: int = LENGTH) -> torch.Tensor:
    return torch.randint(SHAPE.vocabulary, (len(SEEDS), 3, length), generator=training.generator("tokens"))


def outputs(
    arm: str, shape: training.Shape = SHAPE, given: torch.Tensor | None = None, **changed: torch.Tensor
):
    weights = training.language_weights(shape, training.ARMS[arm], SEEDS, "cpu") | changed
    with torch.no_grad():
        return training.logits_of(weights, shape, training.ARMS[arm], tokens() if given is None else given)[0]


# Data


def test_the_token_after_a_trigger_is_the_one_before_it():
    """After every trigger the next token is a copy of the token that precedes the trigger."""
    chain = training.chains(SEEDS, 10, 3)
    walked = training.walks(chain, SEEDS, "x", 50, 40).long()
    is_trigger = walked[..., 1:-1] < chain.triggers
    assert int(is_trigger.sum()) > 100
    assert torch.equal(walked[..., 2:][is_trigger], walked[..., :-2][is_trigger])


def test_a_sequence_begins_with_its_own_token_and_then_no_trigger():
    """The first token is the beginning, which comes nowhere else; the second is never a trigger."""
    chain = training.chains(SEEDS, 10, 3)
    walked = training.walks(chain, SEEDS, "x", 50, 40).long()
    assert (walked[..., 0] == chain.beginning).all()
    assert (walked[..., 1:] < chain.beginning).all()
    assert (walked[..., 1] >= chain.triggers).all()


def test_elsewhere_tokens_follow_the_chain():
    """How often tokens follow a token that is no trigger comes near to that seed's row of the chain."""
    chain = training.chains(SEEDS, 6, 2)
    walked = training.walks(chain, SEEDS, "x", 4000, 12).long()
    for model in range(len(SEEDS)):
        before, after = walked[model, :, 1:-1].flatten(), walked[model, :, 2:].flatten()
        for token in range(chain.triggers, chain.beginning):
            seen = torch.bincount(after[before == token], minlength=6).double()
            error = (seen / seen.sum() - chain.transitions[model, token]).abs().max()
            assert error < 5 * 0.5 / math.sqrt(float(seen.sum()))


def test_truth_is_what_the_walk_draws_from():
    """The stated distribution gives every token that a walk took a chance, and all of it after triggers."""
    chain = training.chains(SEEDS, 10, 3)
    walked = training.walks(chain, SEEDS, "x", 30, 25).long()
    true = training.truth(chain, walked[..., :-1])
    assert torch.allclose(true.sum(-1), torch.ones(true.shape[:-1]), atol=1e-5)
    taken = true.gather(-1, walked[..., 1:, None]).squeeze(-1)
    assert (taken > 0).all()
    assert (taken[walked[..., :-1] < chain.triggers] == 1).all()


def test_a_perfect_prediction_has_no_excess_and_copies_everything(monkeypatch):
    """Excess loss counts from the chain itself: a model that predicts the chain has none."""
    chain = training.chains(SEEDS, 10, 3)
    walked = training.walks(chain, SEEDS, "x", 20, 15).long()
    perfect = torch.cat([training.truth(chain, walked), torch.zeros(*walked.shape, 1)], dim=-1)

    def predicted(weights, shape, arm, given, selects=True, watch=None):
        watch.attention.append(torch.full((2, 20, 1, 15, 15), 0.25))
        watch.largest.append(torch.ones(2))
        return perfect.clamp(min=1e-30).log(), None

    monkeypatch.setattr(training, "logits_of", predicted)
    results = training.backcopy_results({}, training.BACKCOPY["smoke"], training.ARMS["dense"], chain, walked)
    assert results["excess"] == pytest.approx([0, 0], abs=1e-5)
    assert results["copied"] == [1, 1]
    assert results["first_token"] == pytest.approx([0.25, 0.25])


def test_first_token_attention_leaves_out_triggers_and_the_first_position(monkeypatch):
    """Attention on the first token is averaged over queries other than triggers and the first position."""
    chain = training.Chains(torch.full((1, 4, 4), 0.25), 1)
    given = torch.tensor([[[4, 2, 0, 3]]])
    attention = torch.zeros(1, 1, 2, 4, 4)
    attention[0, 0, 0, :, 0] = torch.tensor([1.0, 0.2, 0.9, 0.6])
    attention[0, 0, 1, :, 0] = torch.tensor([1.0, 0.4, 0.9, 0.0])

    def predicted(weights, shape, arm, tokens, selects=True, watch=None):
        watch.attention.append(attention)
        watch.largest.append(torch.ones(1))
        return torch.zeros(1, 1, 4, 5), None

    monkeypatch.setattr(training, "logits_of", predicted)
    results = training.backcopy_results({}, training.BACKCOPY["smoke"], training.ARMS["dense"], chain, given)
    assert results["first_token"] == pytest.approx([(0.2 + 0.4 + 0.6 + 0.0) / 4])
    assert results["uniform"] == pytest.approx([(1 / 2 + 1 / 4) / 2])


def test_recall_sequences_ask_for_values_of_keys_that_they_state():
    """Every query is a key of the sequence, its answer the token after it; keys of a sequence differ."""
    sizes = training.RECALL["smoke"]
    for length in (sizes.length, 4 * sizes.length):
        data = training.recall_data(sizes, SEEDS, "x", 20, length)
        assert data.tokens.shape == (2, 20, length)
        body = data.tokens[..., : length - sizes.queries].long()
        asked = data.tokens[..., length - sizes.queries :].long()
        is_asked = body.unsqueeze(-2) == asked.unsqueeze(-1)
        assert (is_asked.sum(-1) == 1).all()
        following = body.gather(-1, is_asked.long().argmax(-1) + 1)
        assert torch.equal(following, data.answers.long())
        assert (((body >= 1) & (body <= sizes.keys)).sum(-1) == sizes.pairs).all()


def test_recall_counts_the_queries_that_are_answered():
    """Recall accuracy is the share of the last positions whose likeliest token is the answer, by model."""
    logits = torch.zeros(2, 1, 3, 4)
    logits[0, 0, 1, 2] = logits[0, 0, 2, 3] = 1.0
    logits[1, 0, 1, 1] = logits[1, 0, 2, 3] = 1.0
    answers = torch.tensor([[[2, 3]], [[2, 3]]])
    assert training.recall_accuracy(logits, answers).tolist() == [1.0, 0.5]


# Arms


@pytest.mark.parametrize(
    ("arm", "gates"), [("g1", ["output"]), ("g2", ["value"]), ("g1g2", ["output", "value"])]
)
def test_open_gates_change_nothing(arm, gates):
    """A gated arm whose gates are forced to 1 gives what the dense arm gives."""
    opened = {f"{layer}.{gate}_gate_bias": torch.full((2, 16), 1e4) for layer in range(2) for gate in gates}
    assert torch.allclose(outputs(arm, **opened), outputs("dense"), atol=1e-5)
    assert not torch.allclose(outputs(arm), outputs("dense"), atol=1e-3)


@pytest.mark.parametrize(("sparse", "whole"), [("sparse", "dense"), ("gsa", "g1g2")])
def test_selecting_everything_changes_nothing(sparse, whole):
    """A sparse arm that selects as many positions as there are gives what its arm without selection gives."""
    everything = replace(SHAPE, k_base=LENGTH, k_min=LENGTH, k_max=LENGTH)
    assert torch.allclose(outputs(sparse, everything), outputs(whole), atol=1e-5)
    assert not torch.allclose(outputs(sparse), outputs(whole), atol=1e-3)


@pytest.mark.parametrize("arm", list(training.ARMS))
@pytest.mark.parametrize("reads_previous", [False, True])
def test_no_output_reads_a_later_token(arm, reads_previous):
    """Changing a token, or leaving out the end, changes no earlier output of any arm."""
    shape = replace(SHAPE, reads_previous=reads_previous)
    given = tokens()
    changed = given.clone()
    changed[..., 12] = (changed[..., 12] + 1) % SHAPE.vocabulary
    whole = outputs(arm, shape, given)
    assert torch.allclose(outputs(arm, shape, changed)[..., :12, :], whole[..., :12, :], atol=1e-5)
    assert not torch.allclose(outputs(arm, shape, changed)[..., 12:, :], whole[..., 12:, :], atol=1e-3)
    assert torch.allclose(outputs(arm, shape, given[..., :12]), whole[..., :12, :], atol=1e-5)


@pytest.mark.parametrize("arm", list(training.ARMS))
def test_arms_share_their_first_weights(arm):
    """Weights that an arm shares with the dense arm start from the same numbers, and differ between seeds."""
    dense = training.language_weights(SHAPE, training.ARMS["dense"], SEEDS, "cpu")
    own = training.language_weights(SHAPE, training.ARMS[arm], SEEDS, "cpu")
    assert all(torch.equal(own[name], weight) for name, weight in dense.items())
    assert not torch.equal(own["0.qkv"][0], own["0.qkv"][1])


def test_gates_start_as_published():
    """A gate's bias starts at +0.5, and its weights with a tenth of the xavier deviation."""
    shape = replace(SHAPE, width=128)
    weights = training.language_weights(shape, training.ARMS["gsa"], (0,), "cpu")
    for gate in ("output_gate", "value_gate"):
        assert (weights[f"0.{gate}_bias"] == 0.5).all()
        assert float(weights[f"0.{gate}"].detach().std()) == pytest.approx(
            0.1 * math.sqrt(2 / (128 + 128)), rel=0.05
        )


# Indexer


def test_the_indexer_learns_from_its_divergence_alone():
    """The task's loss gives the indexer no gradient; its divergence gives one to the indexer alone."""
    weights = training.language_weights(SHAPE, training.ARMS["gsa"], SEEDS, "cpu")
    logits, divergence = training.logits_of(weights, SHAPE, training.ARMS["gsa"], tokens())
    logits.square().sum().backward(retain_graph=True)
    indexer = {name for name in weights if ".indexer" in name}
    assert {name for name, weight in weights.items() if weight.grad is None} == indexer
    for weight in weights.values():
        weight.grad = None
    divergence.sum().backward()
    assert {name for name, weight in weights.items() if weight.grad is not None} == indexer
    assert all(float(weights[name].grad.abs().max()) > 0 for name in indexer)


def test_the_indexer_comes_to_find_what_attention_reads():
    """Trained on its divergence alone, the indexer selects most of the attention that can be selected."""
    shape = replace(SHAPE, layers=1, indexer_width=16)
    arm = training.ARMS["sparse"]
    weights = training.language_weights(shape, arm, SEEDS, "cpu")
    weights["0.qkv"].data[..., :32] *= 3  # attention that prefers something
    inputs = tokens(24)
    optimizer = torch.optim.Adam([weight for name, weight in weights.items() if ".indexer" in name], lr=0.03)

    def selected_share() -> float:
        watch, whole = training.Watch(), training.Watch()
        with torch.no_grad():
            training.stack(weights, shape, arm, inputs, watch=watch)
            training.stack(weights, shape, arm, inputs, selects=False, watch=whole)
        largest = whole.attention[0].mean(2).sort(-1, descending=True).values.cumsum(-1)
        best = largest.gather(-1, watch.selected[0].unsqueeze(-1) - 1)[..., 0]
        return float((watch.selected_mass[0] / best)[..., 10:].mean())

    before = selected_share()
    for _ in range(45):
        optimizer.zero_grad()
        training.stack(weights, shape, arm, inputs, selects=False)[1].sum().backward()
        optimizer.step()
    assert before < 0.4
    assert selected_share() > 0.6


def test_indexer_scores_are_the_stated_sum():
    """At the first position, where nothing is rotated, a score is the sum over heads of gate and sigmoid."""
    weights = training.language_weights(SHAPE, training.ARMS["sparse"], (1,), "cpu")
    weights["0.indexer_bias"].data.uniform_(generator=training.generator("bias"))
    inputs = torch.randn(1, 1, 1, 16, generator=training.generator("inputs"))
    one = inputs[0, 0, 0]
    queries = (one @ weights["0.indexer_query"][0]).view(3, 4)
    key = one @ weights["0.indexer_key"][0]
    gate = torch.sigmoid(one @ weights["0.indexer_weight"][0])
    expected = (gate * torch.sigmoid(queries @ key / math.sqrt(4) + weights["0.indexer_bias"][0])).sum()
    assert torch.allclose(training.indexer_scores(weights, 0, SHAPE, inputs).squeeze(), expected, atol=1e-6)


def test_with_one_head_gate_and_sigmoid_do_not_change_the_order():
    """With one indexer head the order of scores is that of the plain product, whatever gate and bias are."""
    shape = replace(SHAPE, indexer_heads=1)
    weights = training.language_weights(shape, training.ARMS["sparse"], (1,), "cpu")
    inputs = torch.randn(1, 1, 9, 16, generator=training.generator("inputs"))
    scores = training.indexer_scores(weights, 0, shape, inputs)
    weights["0.indexer_weight_bias"].data.fill_(2.0)
    weights["0.indexer_bias"].data.fill_(-1.0)
    other = training.indexer_scores(weights, 0, shape, inputs)
    assert torch.equal(scores.argsort(-1), other.argsort(-1))


def test_adaptive_k_stays_within_its_bounds():
    """k lies within its bounds and half to one and a half k_base, and never above the positions there are."""
    scores = torch.rand(2, 3, 40, 40, generator=training.generator("scores")) ** 4
    scores[:, :, 20:] *= torch.rand(20, 1, generator=training.generator("rows")) * 5
    shape = replace(SHAPE, k_base=8, k_min=5, k_max=11)
    k = training.adaptive_k(scores, shape)
    there = torch.arange(1, 41)
    assert (k <= there).all()
    assert (k <= 11).all()
    assert (k >= torch.minimum(there, torch.tensor(5))).all()
    assert len(k[..., 20:].unique()) > 2
    wide = training.adaptive_k(scores, replace(shape, k_min=1, k_max=40))
    assert (wide[..., 12:] >= 4).all()
    assert (wide <= 12).all()


def test_more_variance_reads_less():
    """A query whose scores vary more than those before it reads fewer positions than an even one."""
    scores = torch.rand(1, 1, 30, 30, generator=training.generator("scores"))
    scores[..., 28, :] = 0.5
    scores[..., 29, ::7] = 9.0
    k = training.adaptive_k(scores, replace(SHAPE, k_base=10, k_min=1, k_max=30))[0, 0]
    assert int(k[28]) == 15
    assert int(k[29]) < 10


def test_a_selection_holds_the_largest_scores_of_the_past():
    """Each query selects exactly k positions, none later, and none that scores below one it leaves out."""
    scores = torch.rand(1, 2, 25, 25, generator=training.generator("scores"))
    chosen = training.selection(scores, SHAPE)
    causal = torch.ones(25, 25, dtype=torch.bool).tril()
    assert not (chosen & ~causal).any()
    assert torch.equal(chosen.sum(-1), training.adaptive_k(scores, SHAPE))
    least = scores.masked_fill(~chosen, 2.0).amin(-1)
    left_out = scores.masked_fill(chosen | ~causal, -1.0).amax(-1)
    assert (least >= left_out).all()


def test_of_equal_scores_the_later_are_selected():
    """Where scores are equal, a query reads the positions nearest to it, and no more than k."""
    chosen = training.selection(torch.full((1, 1, 12, 12), 0.5), replace(SHAPE, k_base=2, k_min=1, k_max=3))
    assert chosen[0, 0, 9].nonzero().flatten().tolist() == [7, 8, 9]


# Training


def test_spikes_are_losses_far_above_their_past():
    """A loss above 1.5 times the median of the 50 before it is a spike, and so is one that is no number."""
    losses = [1.0] * 60
    losses[55] = 1.6
    losses[57] = 1.4
    losses[58] = math.nan
    assert training.spikes(losses) == 2
    assert training.spikes([5.0] * 50) == 0


def test_the_rate_rises_and_falls():
    """The learning rate reaches its height after a twentieth of the steps and ends near a tenth of it."""
    schedule = training.Schedule(steps=200, batch=1, rate=1.0)
    rates = [schedule.rate_at(step) for step in range(200)]
    assert max(rates) == rates[9] == 1.0
    assert rates[0] == 0.1
    assert rates[-1] == pytest.approx(0.1, abs=0.01)


def test_a_model_comes_out_as_it_would_alone():
    """Training seeds together gives each the numbers of training it alone, and the same ones again."""
    sizes = replace(training.BACKCOPY["smoke"], steps=6)
    together = training.train_backcopy(sizes, training.ARMS["gsa"], (0, 1), 1e-2, "cpu")
    again = training.train_backcopy(sizes, training.ARMS["gsa"], (0, 1), 1e-2, "cpu")
    alone = training.train_backcopy(sizes, training.ARMS["gsa"], (1,), 1e-2, "cpu")
    assert together == again
    for name in ("excess", "first_token", "activation", "gate"):
        assert together[name][1] == pytest.approx(alone[name][0], rel=1e-3)


def test_the_dense_arm_learns():
    """A short training on either task leaves the dense arm better than a guess."""
    sizes = replace(training.BACKCOPY["smoke"], steps=100, batch=8)
    short = training.train_backcopy(replace(sizes, steps=1), training.ARMS["dense"], (0,), 1e-2, "cpu")
    longer = training.train_backcopy(sizes, training.ARMS["dense"], (0,), 1e-2, "cpu")
    assert longer["excess"][0] < 0.2 * short["excess"][0]
    recall = replace(training.RECALL["smoke"], steps=250, batch=8)
    results = training.train_recall(recall, training.ARMS["dense"], (0,), 1e-2, "cpu")
    assert results["accuracy_1x"][0] > 3 / recall.values


@pytest.mark.parametrize("part", ["training-backcopy", "training-recall"])
def test_a_part_keeps_a_number_for_every_metric(part, tmp_path):
    """The smoke preset gives every declared metric a value within its interval, and passes its checks."""
    experiment = harness.Experiment("sparse_attention.py", "title", "question", "limits")
    training.add_parts(experiment)
    out = tmp_path / "run.json"
    arguments = ["--preset", "smoke", "--device", "cpu", "--part", part, "--out", str(out)]
    assert experiment.main(arguments) == 0
    record = json.loads(out.read_text(encoding="utf-8"))
    assert set(record["metrics"]) == {metric.name for metric in experiment.parts[part].metrics}
    for metric in record["metrics"].values():
        assert metric["low"] <= metric["value"] <= metric["high"]
    assert len(record["checks"]) == 2
