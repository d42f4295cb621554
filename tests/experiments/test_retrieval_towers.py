"""Retrieval over generated scenes: captions state scenes, recall is counted rightly, a seed fixes it all."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _retrieval_towers as towers
import _sequence_training as training
import harness

SIZES = towers.RETRIEVAL["smoke"]


def some(number: int = 12, group: int = 4) -> towers.Scenes:
    return towers.scenes(training.generator("scenes"), number, SIZES.objects, group)


def sentences(caption: torch.Tensor) -> set[tuple[int, ...]]:
    return {tuple(sentence) for sentence in caption[1:].view(-1, towers.SENTENCE).tolist()}


# Scenes and captions


@pytest.mark.parametrize("length", [6, 20, 100])
def test_a_caption_states_every_object_of_its_scene(length):
    """Whatever its length, a caption has one sentence with size, colour and kind of each object."""
    of = some()
    written = towers.captions(of, training.generator("text"), SIZES.relations, length)
    assert written.shape == (12, 1 + towers.SENTENCE * length)
    assert (written[:, 0] == towers.BEGIN).all()
    for scene, caption in enumerate(written):
        for kind, colour, size in zip(of.kinds[scene], of.colours[scene], of.sizes[scene], strict=True):
            words = (towers._FIRST_SIZE + size, towers._FIRST_COLOUR + colour, towers._FIRST_KIND + kind)
            stated = (towers.THE, *map(int, words), towers.HERE, towers.STOP)
            assert stated in sentences(caption)


def test_a_caption_states_relations_that_hold():
    """Every relation of a caption holds between the places of the two objects that it names."""
    of = some()
    checked = 0
    for scene, caption in enumerate(towers.captions(of, training.generator("text"), SIZES.relations, 9)):
        places = dict(zip(of.kinds[scene].tolist(), of.places[scene].tolist(), strict=True))
        for _, one, side, _, other, _ in sentences(caption):
            if not towers._FIRST_SIDE <= side < towers._FIRST_FILLER or one >= towers._FIRST_COLOUR:
                continue
            (x, y), (u, v) = places[one - towers._FIRST_KIND], places[other - towers._FIRST_KIND]
            expected = (2 + (y > v)) if abs(y - v) > abs(x - u) else int(x > u)
            assert side - towers._FIRST_SIDE == expected
            checked += 1
    assert checked >= 12


def test_what_else_a_caption_says_is_of_no_object_here():
    """Sentences beyond the facts are filler or begin with the word for elsewhere."""
    of = some()
    written = towers.captions(of, training.generator("text"), SIZES.relations, 40)
    for caption in written:
        told = [sentence for sentence in sentences(caption) if sentence[0] == towers.THE]
        assert len(told) <= SIZES.objects + SIZES.relations
        others = {sentence[0] for sentence in sentences(caption)} - {towers.THE}
        assert towers.ELSEWHERE in others
        assert all(word == towers.ELSEWHERE or word >= towers._FIRST_FILLER for word in others)


def test_facts_are_spread_over_the_whole_text():
    """Facts stand at every place of the text about as often."""
    of = some(400)
    written = towers.captions(of, training.generator("text"), SIZES.relations, 10)
    is_fact = written[:, 1 :: towers.SENTENCE] == towers.THE
    share = is_fact.float().mean(0)
    assert ((share - 0.5).abs() < 0.13).all()


def test_a_caption_too_short_for_its_facts_is_refused():
    """A caption that cannot hold its facts is an error and not a shorter list of facts."""
    with pytest.raises(ValueError, match="4 sentences cannot hold 5 facts"):
        towers.captions(some(), training.generator("text"), SIZES.relations, 4)


def test_scenes_of_a_group_have_the_same_words():
    """Scenes of a group share kinds, colours and sizes, and most of them put them on different objects."""
    of = some(40)
    for values in (of.kinds, of.colours, of.sizes):
        grouped = values.sort(1).values.view(10, 4, -1)
        assert (grouped == grouped[:, :1]).all()
    assert (of.colours.view(10, 4, -1) != of.colours.view(10, 4, -1)[:, :1]).any(-1).float().mean() > 0.3
    assert all(len(set(kinds)) == SIZES.objects for kinds in of.kinds.tolist())


# Towers


def test_the_order_of_objects_does_not_matter():
    """The image tower gives a scene the same unit vector in whatever order it sees the objects."""
    weights = towers.tower_weights(SIZES.shape, training.ARMS["dense"], 0, "cpu")
    seen = towers.features(some())
    with torch.no_grad():
        ours, other = towers.scene_vectors(weights, seen), towers.scene_vectors(weights, seen.flip(1))
    assert torch.allclose(ours, other, atol=1e-5)
    assert torch.allclose(ours.norm(dim=-1), torch.ones(12), atol=1e-5)


def test_arms_share_their_first_towers():
    """Whatever weights both arms have start from the same numbers."""
    dense = towers.tower_weights(SIZES.shape, training.ARMS["dense"], 0, "cpu")
    gsa = towers.tower_weights(SIZES.shape, training.ARMS["gsa"], 0, "cpu")
    assert all(torch.equal(gsa[name], weight) for name, weight in dense.items())


def test_the_loss_is_least_where_captions_meet_their_scenes():
    """The contrastive loss counts both directions, and scenes without a caption only as wrong ones."""
    eye = torch.eye(4)
    scale = torch.tensor([[0.0]])
    value = float(towers.contrastive_loss(eye[:2], eye, scale))
    e = torch.tensor(1.0).exp()
    expected = -(torch.log(e / (e + 3)) + torch.log(e / (e + 1))) / 2
    assert value == pytest.approx(float(expected), abs=1e-6)
    assert float(towers.contrastive_loss(eye[:2], eye[[1, 0, 2, 3]], scale)) > value


def test_ranks_on_an_example_made_by_hand():
    """A rank counts the scenes at least as near as the right one, so that a tie is no hit."""
    texts = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    seen = torch.tensor([[1.0, 0.0], [0.6, 0.8], [1.0, 0.0]])
    assert towers.ranks(texts, seen) == [2, 1, 2]
    assert towers.ranks(torch.eye(3), torch.eye(3)) == [1, 1, 1]
    assert towers.ranks(torch.eye(2), torch.eye(2).flip(0)) == [2, 2]


def test_bootstrap_means_lie_around_the_mean():
    """Bootstrap means come out the same again, lie around the mean, and vary where hits do."""
    hits = (torch.rand(5, 80, generator=training.generator("hits")) < 0.3).float()
    means = towers.bootstrap(hits, "x")
    assert means == towers.bootstrap(hits, "x")
    assert sum(means) / len(means) == pytest.approx(float(hits.mean()), abs=0.01)
    assert 0.01 < float(torch.tensor(means).std()) < 0.06
    assert set(towers.bootstrap(torch.ones(5, 80), "x")) == {1.0}


def test_bootstrap_draws_seeds_again():
    """Where seeds differ and queries do not, bootstrap means vary as means over redrawn seeds."""
    hits = torch.tensor([0.0, 1.0]).unsqueeze(1).expand(2, 50)
    assert set(towers.bootstrap(hits, "x")) == {0.0, 0.5, 1.0}


def test_a_seed_fixes_the_training():
    """The same seed gives the same ranks and loss, another seed others."""
    arm = training.ARMS["gsa"]
    one, same, other = (towers.train_towers(SIZES, arm, seed, "cpu") for seed in (0, 0, 1))
    assert one["loss"] == same["loss"] != other["loss"]
    assert [one[name]["ranks"] for name in towers.LENGTHS] == [same[name]["ranks"] for name in towers.LENGTHS]


def test_training_finds_scenes():
    """A short training ranks most scenes of short captions far better than chance."""
    sizes = replace(SIZES, steps=120, tokens_per_step=1024, largest_batch=16, evaluated=60, group=1)
    found = towers.train_towers(sizes, training.ARMS["dense"], 0, "cpu")["short"]["ranks"]
    assert sum(rank <= 10 for rank in found) > 2 * 10


@pytest.mark.parametrize("preset", list(towers.RETRIEVAL))
def test_every_length_of_a_preset_holds_its_facts(preset):
    """Captions of every preset hold their facts, and a step its token budget with at least two captions."""
    sizes = towers.RETRIEVAL[preset]
    assert min(sizes.sentences) >= sizes.objects + sizes.relations
    for length in sizes.sentences:
        assert sizes.batch(length) == 2 or sizes.batch(length) * sizes.tokens(length) <= sizes.tokens_per_step


def test_a_part_keeps_a_number_for_every_metric(tmp_path):
    """The smoke preset gives every declared metric a value, and counts operations as a hand would."""
    experiment = harness.Experiment("sparse_attention.py", "title", "question", "limits")
    towers.add_parts(experiment)
    out = tmp_path / "run.json"
    assert experiment.main(["--preset", "smoke", "--device", "cpu", "--out", str(out)]) == 0
    record = json.loads(out.read_text(encoding="utf-8"))
    assert set(record["metrics"]) == {metric.name for metric in experiment.parts["retrieval"].metrics}
    hits = record["samples"]["retrieval_hits_gsa_long_at_5"]["values"]
    assert len(hits) == 2 * SIZES.evaluated
    assert record["metrics"]["retrieval_recall_at_5_gsa_long"]["value"] == pytest.approx(
        sum(hits) / len(hits)
    )
    tokens = SIZES.tokens(SIZES.sentences[0])
    counted = 2 * tokens * (4 * 32 * 32 + 2 * 32 * 32) + sum(4 * 32 * place for place in range(1, tokens + 1))
    assert record["metrics"]["retrieval_flops_dense_short"]["value"] == counted
