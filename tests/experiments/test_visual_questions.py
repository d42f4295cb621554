"""Questions about drawn scenes: answers are those of the scene, and only chosen modules run."""

import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _visual_questions as questions

SIZES = questions.Sizes(4, 120, 40, 4, 16)


def some(count: int = 400, seed: int = 0) -> questions.Questions:
    return questions.asked(count, torch.Generator().manual_seed(seed))


def read(image: torch.Tensor) -> list[tuple[int, int]]:
    """Return colour and shape of every object of an image, as a person would read them off it."""
    found, side = [], questions.CELL
    for down in range(questions.CELLS):
        for across in range(questions.CELLS):
            cell = image[:, down * side : (down + 1) * side, across * side : (across + 1) * side]
            colours = cell.amax((1, 2)).nonzero()[:, 0].tolist()
            if colours:
                (colour,) = colours
                likeness = [(cell[colour] - mask).abs().sum().item() for mask in questions._masks()]
                found.append((colour, likeness.index(0.0)))
    return found


def test_answers_are_those_of_the_image():
    """Read off the picture and the words alone."""
    asked = some(300)
    for image, words, answer in zip(asked.images, asked.words, asked.answers, strict=True):
        kind, colour, shape, other = words.tolist()
        objects = [(c, s) for c, s in read(image) if shape == 6 or s == shape - 7]
        count = sum(c == colour - 3 for c, _ in objects)
        against = sum(c == other - 11 for c, _ in objects)
        truth = [count, count > 0, count > against][kind]
        expected = truth if kind == 0 else (questions._YES if truth else questions._NO)
        assert answer.item() == expected


def test_a_scene_has_one_to_four_objects():
    """Each in a cell of its own."""
    counts = {len(read(image)) for image in some(200).images}
    assert counts == {1, 2, 3, 4}


def test_no_answer_is_a_safe_guess():
    """Of what is answered by yes or no about half is true, and each kind is asked as often."""
    asked = some(6000)
    for kind in (1, 2):
        yes = (asked.answers[asked.kinds == kind] == questions._YES).float().mean()
        assert 0.4 < yes < 0.6
    assert all(0.3 < (asked.kinds == kind).float().mean() < 0.37 for kind in range(3))


def test_words_alone_are_answered_as_most_were_in_training():
    """Counted by a dictionary of whole questions; unseen ones get the answer that is the most frequent."""
    sizes = questions.Sizes(4, 60, 200, 1, 1)
    random = torch.Generator().manual_seed(5)
    lessons, tests = questions.asked(60, random), questions.asked(200, random)
    votes = {}
    for words, answer in zip(lessons.words.tolist(), lessons.answers.tolist(), strict=True):
        votes.setdefault(tuple(words), []).append(answer)
    usual = most(lessons.answers.tolist())
    said = [most(votes.get(tuple(words), [usual])) for words in tests.words.tolist()]
    found = questions.blind(sizes, 5)
    assert any(tuple(words) not in votes for words in tests.words.tolist())
    assert found["right"] == [int(a == b) for a, b in zip(said, tests.answers.tolist(), strict=True)]
    assert found["kinds"] == tests.kinds.tolist()


def most(answers):
    """Return the most frequent, the smallest of several."""
    return min(set(answers), key=lambda one: (-answers.count(one), one))


def test_words_alone_tell_little():
    """They are right about six times in ten, so that whoever is right more often has looked."""
    right = questions.blind(questions.Sizes(4, 20_000, 4_000, 1, 1), 0)["right"]
    assert 0.5 < sum(right) / len(right) < 0.62


def test_a_seed_gives_one_set():
    """The same again, another for another seed."""
    assert torch.equal(some().images, some().images)
    assert not torch.equal(some().words, some(seed=1).words)


@pytest.mark.parametrize("arm", questions.ARMS)
def test_as_many_modules_run_as_the_arm_says(arm):
    """Their weights sum to 1; without a gate all are alike."""
    model = questions.network(arm, SIZES)
    question = torch.randn(30, 32)
    weights = model.weights(question, 0, torch.Generator().manual_seed(0))
    running = (weights > 0).sum(1)
    assert torch.allclose(weights.sum(1), torch.ones(30))
    assert set(running.tolist()) == {int(arm.partition("_")[2] or 12)}


def test_the_gate_reads_the_question_and_chance_does_not():
    """The same question gets the same modules from the gate only."""
    question = torch.randn(1, 32).expand(20, 32)
    gated, random = (questions.network(arm, SIZES) for arm in ("gated_3", "random_3"))
    assert len(torch.unique(gated.weights(question, 0, None) > 0, dim=0)) == 1
    chosen = random.weights(question, 0, torch.Generator().manual_seed(0)) > 0
    assert len(torch.unique(chosen, dim=0)) > 1


def test_training_with_a_seed_comes_out_the_same():
    """Whether each answer is right, and which modules ran."""
    one, again = (questions.trained("gated_3", SIZES, 3, "cpu") for _ in range(2))
    assert one == again
    assert len(one["right"]) == len(one["kinds"]) == 40
    assert sum(one["load"]) == pytest.approx(3)
