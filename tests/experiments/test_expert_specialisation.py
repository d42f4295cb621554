"""Specialisation of experts: words follow pictures, measures and losses are right, arms do what they say.

Everything runs on one thread with models of a few thousand weights.
"""

import itertools
import json
import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _expert_specialisation as specialisation
import _sequence_training as training
import harness

from colophon import formulas

SIZES = specialisation.PRESETS["smoke"]
ARMS = specialisation.ARMS
IS_TEXT = torch.tensor([False, False, True, True])


def random(*size: int, name: str = "numbers") -> torch.Tensor:
    return torch.rand(size, generator=training.generator(name), dtype=torch.float64)


def some() -> specialisation.Stream:
    return specialisation.streams(SIZES, 1)[1]


# The stream


def test_the_word_after_a_name_is_what_the_cell_shows():
    """After the name of a cell comes its kind, after any other word never a kind."""
    chain = torch.ones(SIZES.vocabulary, SIZES.vocabulary)
    first_kind = SIZES.fillers + SIZES.cells
    chain[:, first_kind:] = 0
    kinds = torch.randint(SIZES.kinds, (50, SIZES.cells), generator=training.generator("kinds"))
    words = specialisation.walked(SIZES, chain, kinds, training.generator("words"))
    asked = 0
    for shown, sentence in zip(kinds.tolist(), words.tolist(), strict=True):
        for before, after in itertools.pairwise(sentence):
            if SIZES.fillers <= before < first_kind:
                assert after == first_kind + shown[before - SIZES.fillers]
                asked += 1
            else:
                assert after < first_kind
    assert asked > 50


def test_pictures_tell_what_words_say():
    """Without noise, cells that look alike have the same word, and the least loss of such a word is none."""
    _, stream = specialisation.streams(replace(SIZES, noise=0.0, evaluated=60), 3)
    is_name = specialisation.is_name(SIZES, stream.words[:, :-1])
    said: dict[tuple[float, ...], set[int]] = {}
    for row, place in is_name.nonzero().tolist():
        look = stream.pictures[row, int(stream.words[row, place]) - SIZES.fillers]
        said.setdefault(tuple(look.tolist()), set()).add(int(stream.words[row, place + 1]))
    assert len(said) == SIZES.traits**2
    assert all(len(words) == 1 for words in said.values())
    assert (stream.least[is_name] == 0).all()
    assert (stream.least[~is_name] > 0).all()


# Measures


@pytest.mark.parametrize(
    ("text", "visual", "index"),
    [
        ([5, 5], [5, 5], 0),
        ([2, 6], [1, 3], 0),
        ([4, 0], [0, 4], 1),
        ([3, 1, 0], [1, 3, 0], 0.5),
        ([2, 0], [0, 6], 0.5),
    ],
)
def test_the_index_on_examples_made_by_hand(text, visual, index):
    """Alike experts give 0, unmixed ones 1 where half is text; an expert without load counts nothing."""
    loads = torch.tensor([text, visual], dtype=torch.float64)
    assert specialisation.specialisation_index(loads) == pytest.approx(index, abs=1e-12)


def test_information_on_examples_made_by_hand():
    """Independent tables have none, one modality to a bin gives ln 2, and a table between what it must."""
    tables = torch.tensor([[[0.2, 0.3], [0.2, 0.3]], [[0.5, 0.0], [0.0, 0.5]], [[0.3, 0.2], [0.1, 0.4]]])
    between = (
        0.3 * math.log(0.3 / 0.2)
        + 0.2 * math.log(0.2 / 0.3)
        + 0.1 * math.log(0.1 / 0.2)
        + 0.4 * math.log(0.4 / 0.3)
    )
    found = specialisation.mutual_information(tables.double()).tolist()
    assert found == pytest.approx([0, math.log(2), between], abs=1e-7)


def test_information_is_never_above_ln_2():
    """Whatever the loads, information of two modalities and bins lies between none and ln 2."""
    for number in range(40):
        loads = random(2, 8, name=f"loads {number}") ** (1 + number)
        found = specialisation.information_of_loads(loads, torch.arange(8) // 2, 4)
        assert -1e-12 <= found <= math.log(2) + 1e-12
    pure = torch.tensor([[3.0, 1.0, 0.0, 0.0], [0.0, 0.0, 2.0, 2.0]]).double()
    in_order = specialisation.information_of_loads(pure, torch.tensor([0, 0, 1, 1]), 2)
    assert in_order == pytest.approx(math.log(2))
    mixed = specialisation.information_of_loads(pure, torch.tensor([0, 1, 0, 1]), 2)
    assert mixed < 0.2


def test_load_variation_on_an_example_made_by_hand():
    """Loads 1 and 3 have a deviation of 1 around 2; even loads have none."""
    assert specialisation.load_variation(torch.tensor([[1.0, 1.0], [0.0, 2.0]])) == pytest.approx(0.5)
    assert specialisation.load_variation(torch.tensor([[1.0, 0.0], [2.0, 3.0]])) == 0


def test_crossing_rates_on_an_example_made_by_hand():
    """A token crosses when any of its experts is on the device where its modality does not live."""
    chosen = torch.zeros(1, 4, 4, dtype=torch.bool)
    for token, experts in enumerate([(0, 1), (1, 2), (2, 3), (2, 3)]):
        chosen[0, token, list(experts)] = True
    loads = torch.tensor([[0.0, 0.0, 1.0, 1.0], [0.5, 1.0, 0.5, 0.0]])
    rates = specialisation.crossing_rates(chosen, IS_TEXT, loads, torch.arange(4))
    assert rates == {"cross": 25, "cross_text": 0, "cross_visual": 50}
    order = torch.tensor([2, 0, 1, 3])
    rates = specialisation.crossing_rates(chosen, IS_TEXT, loads, order)
    assert rates["cross_text"] == 100


def test_modalities_live_apart():
    """Each modality lives where more of its load is, in shares, so that a rare one has a home too."""
    device_of = torch.tensor([0, 0, 1, 1])
    text_second = torch.tensor([[0.0, 1.0, 1.0, 0.0], [9.0, 3.0, 1.0, 1.0]])
    assert specialisation.homes(text_second, device_of) == (1, 0)
    assert specialisation.homes(text_second.flip(1), device_of) == (0, 1)


# What even routing crosses


def even(experts: int, chosen: int) -> float:
    names = {
        "even_trained_experts": experts,
        "even_trained_half": experts // 2,
        "even_trained_chosen": chosen,
    }
    for metric in specialisation.even_metrics():
        if metric.name.endswith("_trained"):
            names[metric.name] = formulas.evaluate(metric.formula, names)
    return names["specialisation_floor_trained"]


@pytest.mark.parametrize(("experts", "chosen"), [(8, 1), (8, 2), (8, 3), (8, 4), (10, 3), (12, 5), (18, 8)])
def test_the_floor_is_what_counting_sets_gives(experts, chosen):
    """The formula of even routing gives the share of all sets with an expert of the other half."""
    sets = list(itertools.combinations(range(experts), chosen))
    crossing = sum(max(one) >= experts // 2 for one in sets)
    assert even(experts, chosen) == pytest.approx(100 * crossing / len(sets), rel=1e-12)


@pytest.mark.parametrize(("experts", "chosen", "printed"), [(64, 8, "99.76"), (64, 6, "98.79")])
def test_the_floor_of_64_experts(experts, chosen, printed):
    """Of 64 experts on two devices it is what is published, and what binomial coefficients give."""
    assert f"{even(experts, chosen):.2f}" == printed
    exact = 100 * (1 - math.comb(experts // 2, chosen) / math.comb(experts, chosen))
    assert even(experts, chosen) == pytest.approx(exact, rel=1e-12)


def test_every_preset_fits_the_formula_and_its_bins():
    """No preset takes more experts than the formula has factors, and all cut into bins and devices."""
    for sizes in specialisation.PRESETS.values():
        assert sizes.chosen <= specialisation._FACTORS <= sizes.experts
        assert sizes.experts % sizes.bins == sizes.experts % 2 == 0


# Bins and scores


def test_bins_are_equal_and_sorted_by_text():
    """An order by text begins with most text, keeps equal ones in place, and is cut into equal bins."""
    loads = torch.tensor([[1.0, 9.0, 0.0, 3.0, 0.0, 2.0], [3.0, 1.0, 5.0, 1.0, 0.0, 2.0]])
    order = specialisation.order_by_text(loads)
    assert order.tolist() == [1, 3, 4, 5, 0, 2]
    bins = specialisation.bins_of(order, 3)
    assert bins.tolist() == [2, 0, 2, 0, 1, 1]
    assert torch.bincount(bins).tolist() == [2, 2, 2]
    with pytest.raises(ValueError, match="6 experts cannot be cut into 4 equal bins"):
        specialisation.bins_of(order, 4)


def test_running_means_follow_what_they_are_given():
    """The first step is taken as it is, later ones with a hundredth; loads are shares of a modality."""
    running = specialisation.Running()
    chosen = torch.zeros(2, 4, 3, dtype=torch.bool)
    chosen[:, :2, 0] = chosen[:, 2:, 1] = True
    inputs = random(2, 4, 5)
    running.update(chosen, inputs, IS_TEXT)
    assert running.loads.tolist() == [[0, 1, 0], [1, 0, 0]]
    assert torch.allclose(running.means[0], inputs[:, 2:].mean((0, 1)))
    assert torch.allclose(running.variances[1], inputs[:, :2].flatten(0, 1).var(0, correction=0))
    running.update(chosen.flip(1), inputs, IS_TEXT)
    assert running.loads[0].tolist() == pytest.approx([0.01, 0.99, 0])


def test_attention_mixes_modalities_by_length():
    """A word that reads a picture as long as itself becomes half visual, a longer one less."""
    score, attention = torch.tensor([[0.0, 1.0]]), torch.tensor([[[1.0, 0.0], [1.0, 0.0]]])
    stream, read = torch.tensor([[[1.0, 0.0], [0.0, 3.0]]]), torch.tensor([[[2.0, 0.0], [3.0, 0.0]]])
    assert specialisation.attention_score(score, attention, read, stream).tolist() == [[0.0, 0.5]]
    found = specialisation.attention_score(score, attention, read / 3, stream)
    assert found.tolist() == [[0.0, pytest.approx(0.75)]]


def test_gaussians_score_by_nearness():
    """Between two alike Gaussians a token is half text, beside one of them as the formula says."""
    means, variances = torch.tensor([[1.0, 1.0], [-1.0, -1.0]]), torch.ones(2, 2)
    inputs = torch.tensor([[[0.0, 0.0], [1.0, 1.0], [-1.0, -1.0]]])
    # Beside a Gaussian the likelihoods differ by 8 / 2, divided by half of the width, which is 1.
    beside = 1 / (1 + math.exp(-4))
    found = specialisation.gaussian_score(inputs, means, variances)[0].tolist()
    assert found == pytest.approx([0.5, beside, 1 - beside])


# Losses


def test_the_loss_of_information_is_its_formula():
    """A loop over plain numbers gives the same loss, which lies between -ln 2 and 0."""
    score, gates, bin_of = random(3, 5), random(3, 5, 6, name="gates"), torch.tensor([0, 2, 1, 1, 0, 2])
    gates = gates / gates.sum(-1, keepdim=True)
    total = 0.0
    for shares, tokens in zip(score.tolist(), gates.tolist(), strict=True):
        table = [[0.0] * 3, [0.0] * 3]
        for share, token in zip(shares, tokens, strict=True):
            for gate, place in zip(token, bin_of.tolist(), strict=True):
                table[0][place] += share * gate / sum(shares) / 2
                table[1][place] += (1 - share) * gate / (len(shares) - sum(shares)) / 2
        for row, place in itertools.product(table, range(3)):
            alone = 0.5 * (table[0][place] + table[1][place])
            total += row[place] * math.log(row[place] / alone)
    found = float(specialisation.information_loss(score, gates, bin_of, 3))
    assert found == pytest.approx(-total / 3, abs=1e-12)
    assert -math.log(2) <= found <= 0


def test_information_is_most_where_bins_part_modalities():
    """Gates that send words to one bin and the rest to the other reach ln 2; alike gates reach none."""
    score = IS_TEXT.double()[None]
    parted = torch.zeros(1, 4, 4, dtype=torch.float64)
    parted[0, :2, 0] = parted[0, 2:, 3] = 1
    bins = torch.tensor([0, 0, 1, 1])
    most = specialisation.information_loss(score, parted, bins, 2)
    assert float(most) == pytest.approx(-math.log(2))
    even = torch.full((1, 4, 4), 0.25, dtype=torch.float64)
    assert float(specialisation.information_loss(score, even, bins, 2)) == pytest.approx(0, abs=1e-12)


def test_balance_counts_inside_bins_alone():
    """Even experts of a bin give 1 a bin, however much bins differ; one for all gives their number."""
    gates = torch.tensor([[[0.4, 0.4, 0.1, 0.1]]], dtype=torch.float64)
    chosen = torch.tensor([[[1, 1, 0, 0]], [[1, 1, 0, 0]], [[0, 0, 1, 1]]], dtype=torch.bool)
    bins = torch.tensor([0, 0, 1, 1])
    assert float(specialisation.balance_loss(gates, chosen, bins, 2)) == pytest.approx(2)
    skewed = torch.tensor([[[0.8, 0.0, 0.1, 0.1]]], dtype=torch.float64)
    one_sided = torch.tensor([[[1, 0, 1, 0]], [[1, 0, 0, 1]]], dtype=torch.bool)
    assert float(specialisation.balance_loss(skewed, one_sided, bins, 2)) == pytest.approx(2 + 1)
    # In one bin it is the usual loss: experts times the sum of load and gate.
    usual = 4 * (0.4 * 2 / 6 * 2 + 0.1 * 1 / 6 * 2)
    found = specialisation.balance_loss(gates, chosen, torch.zeros(4, dtype=torch.long), 1)
    assert float(found) == pytest.approx(usual)


def test_divergence_on_an_example_made_by_hand():
    """The divergence is the mean of both directions between the modalities' mean gates."""
    gates = torch.tensor([[[0.5, 0.5], [0.5, 0.5], [0.7, 0.3], [0.9, 0.1]]], dtype=torch.float64)
    forth = 0.8 * math.log(0.8 / 0.5) + 0.2 * math.log(0.2 / 0.5)
    back = 0.5 * math.log(0.5 / 0.8) + 0.5 * math.log(0.5 / 0.2)
    found = float(specialisation.divergence(gates, IS_TEXT))
    assert found == pytest.approx((forth + back) / 2)


# The model


def test_a_token_gets_what_its_experts_give_alone():
    """Outputs are those of the likeliest experts, computed one by one, by their share of the gates."""
    layer = specialisation.built(SIZES, ARMS["none"], 0, "cpu").layers[0].experts
    inputs = random(2, 3, SIZES.width).float()
    with torch.no_grad():
        outputs, gates, chosen = layer(inputs, None)
        up = layer.up.weight.view(SIZES.experts, SIZES.hidden, SIZES.width)
        down = layer.down.weight.view(SIZES.width, SIZES.experts, SIZES.hidden)
        for row, token in itertools.product(range(2), range(3)):
            likeliest = gates[row, token].topk(SIZES.chosen)
            assert set(chosen[row, token].nonzero().flatten().tolist()) == set(likeliest.indices.tolist())
            expected = torch.zeros(SIZES.width)
            for gate, expert in zip(likeliest.values, likeliest.indices, strict=True):
                raised = torch.nn.functional.gelu(up[expert] @ inputs[row, token])
                expected += gate / likeliest.values.sum() * (down[:, expert] @ raised)
            assert torch.allclose(outputs[row, token], expected, atol=1e-6)


def test_hard_experts_never_cross_modalities():
    """Words take experts of the first half alone and cells of the other, after training too."""
    model, _ = specialisation.trained(SIZES, ARMS["hard"], 2, "cpu")
    with torch.no_grad():
        _, routed = model(some())
    half = SIZES.experts // 2
    for layer in routed:
        assert not layer.chosen[:, model.is_text, half:].any()
        assert not layer.chosen[:, ~model.is_text, :half].any()
        assert (layer.chosen.sum(-1) == SIZES.chosen).all()
    results = specialisation.specialised(SIZES, ARMS["hard"], 2, "cpu")
    assert results["msi"] == pytest.approx(1)
    assert results["information"] == pytest.approx(math.log(2))
    assert results["cross"] == 0


def test_nothing_looks_ahead():
    """What is predicted after a word depends on no later word."""
    model = specialisation.built(SIZES, ARMS["none"], 0, "cpu")
    stream = some()
    words = stream.words.clone()
    words[:, 2:] = (words[:, 2:] + 1) % SIZES.vocabulary
    with torch.no_grad():
        ours, _ = model(stream)
        other, _ = model(replace(stream, words=words))
    assert torch.allclose(ours[:, :2], other[:, :2], atol=1e-6)
    assert not torch.allclose(ours[:, 2:], other[:, 2:], atol=1e-3)


def test_arms_share_their_first_weights():
    """Whatever its arm, a model of a seed starts from the same numbers."""
    first = [specialisation.built(SIZES, arm, 4, "cpu").state_dict() for arm in ARMS.values()]
    for other in first[1:]:
        assert all(torch.equal(other[name], weight) for name, weight in first[0].items())


def test_pictures_stay_visual_and_words_do_not_stay_words():
    """Cells read cells alone, so attention leaves their score at 0; words that read cells become visual."""
    model = specialisation.built(SIZES, ARMS["mi_attention_fixed"], 0, "cpu")
    with torch.no_grad():
        _, routed = model(some())
    for layer in routed:
        assert (layer.score[:, ~model.is_text] == 0).all()
        assert ((layer.score[:, model.is_text] > 0) & (layer.score[:, model.is_text] < 1)).all()
    assert routed[1].score[:, model.is_text].mean() < routed[0].score[:, model.is_text].mean()


# Training


@pytest.mark.parametrize("arm", ["kl", "mi_attention_adaptive", "mi_gaussian_fixed"])
def test_a_seed_fixes_the_training(arm):
    """The same seed gives the same results, another seed others."""
    one, same, other = (specialisation.specialised(SIZES, ARMS[arm], seed, "cpu") for seed in (0, 0, 1))
    assert one == same
    assert one["loss"] != other["loss"]
    assert one["load_text"] != other["load_text"]


def test_a_guide_parts_modalities():
    """After some steps mutual information has parted the modalities by bin, which no guide does not."""
    sizes = replace(SIZES, steps=80, batch=16, evaluated=32)
    none, guided = (
        specialisation.specialised(sizes, ARMS[arm], 0, "cpu")["information"]
        for arm in ("none", "mi_hard_adaptive")
    )
    assert none < 0.25
    assert guided > none + 0.2


def test_the_parts_keep_a_number_for_every_metric(tmp_path):
    """The smoke preset gives every declared metric a value within its interval, and passes its checks."""
    experiment = harness.Experiment("mixture_of_experts.py", "title", "question", "limits")
    specialisation.add_parts(experiment)
    out = tmp_path / "run.json"
    assert experiment.main(["--preset", "smoke", "--device", "cpu", "--out", str(out)]) == 0
    record = json.loads(out.read_text(encoding="utf-8"))
    declared = [metric.name for part in experiment.parts.values() for metric in part.metrics]
    assert len(declared) == len(set(declared))
    assert set(record["metrics"]) == set(declared)
    assert all(name.startswith("specialisation_") for name in declared)
    for metric in record["metrics"].values():
        if metric["kind"] == "measured":
            assert metric["low"] <= metric["value"] <= metric["high"]
    assert len(record["checks"]) == 8
    tokens = 2 * SIZES.layers * SIZES.evaluated * SIZES.cells * SIZES.chosen
    for arm, modality in itertools.product(ARMS, ("text", "visual")):
        assert sum(record["samples"][f"specialisation_load_{modality}_{arm}"]["values"]) == tokens


def test_loads_by_bin_give_the_kept_index_and_information():
    """Whoever has the loads of a record gets its index and information again."""
    arm = ARMS["mi_hard_adaptive"]
    results = specialisation.specialised(SIZES, arm, 0, "cpu")
    loads = torch.tensor([results["load_text"], results["load_visual"]]).view(2, SIZES.layers, SIZES.experts)
    bins = torch.arange(SIZES.experts) // (SIZES.experts // SIZES.bins)
    layers = [loads[:, layer].double() for layer in range(SIZES.layers)]
    index = sum(map(specialisation.specialisation_index, layers)) / len(layers)
    information = sum(specialisation.information_of_loads(one, bins, SIZES.bins) for one in layers)
    assert results["msi"] == pytest.approx(index)
    assert results["information"] == pytest.approx(information / len(layers))


def test_an_index_of_split_experts_that_is_not_1_fails_the_run():
    """It holds by the mask and the stream, so anything else is a fault of the code."""
    checks = []

    class Kept:
        def check(self, what, reference, error, limit, measure):
            checks.append(error <= limit)

    specialisation.check_split(Kept(), [{"msi": 1.0}, {"msi": 1.0}])
    specialisation.check_split(Kept(), [{"msi": 1.0}, {"msi": 0.99}])
    assert checks == [True, False]


def test_arms_are_named_in_words_that_fit_a_phone():
    """Each by its own words."""
    labels = [arm.label for arm in ARMS.values()]
    assert len(set(labels)) == len(ARMS)
    assert all(len(label) <= 34 for label in labels)


def test_shares_of_information_have_student_s_interval():
    """Means and ends are those of the information over ln 2."""
    metrics = {metric.name: metric for metric in specialisation.training_metrics()}
    names = {"specialisation_information_kl_by_seed": [0.1, 0.2, 0.3]}
    share = metrics["specialisation_information_share_kl"]
    value, low, high = (formulas.evaluate(one, names) for one in (share.formula, share.low, share.high))
    assert value == pytest.approx(0.2 / math.log(2))
    assert high - value == pytest.approx(value - low)
    assert high - value == pytest.approx(4.303 * 0.1 / math.sqrt(3) / math.log(2))
