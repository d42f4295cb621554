"""Questions about drawn scenes, answered by a network of which k of 12 modules run: in kind for 1909.09192.

A scene has up to four objects on a grid of nine cells; a question counts objects, asks whether there is one,
or compares two counts.  A gate reads the question and weighs the modules; only the best k of them run.
Controls: all modules without a gate, modules at random, and the best answer that the words alone give.
Everything is drawn from a seed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from harness import Experiment, Metric, Run, over_seeds
from torch import Tensor, nn

MODULES, CELL, CELLS = 12, 8, 3
SHAPES, COLOURS, OBJECTS = 3, 3, 4
# Answers: counts from 0 to 4, then yes and no.
_YES, _NO, ANSWERS = OBJECTS + 1, OBJECTS + 2, OBJECTS + 3
# Words of a question: what is asked, then a colour and a shape, then another colour; 0 stands for any.
_KINDS = ("count", "exist", "compare")
# Of three questions of each kind so many are about an object of the scene.
_SEEN = torch.tensor([1, 1, 2])
ARMS = {
    "dense": "all modules alike, no gate",
    "gated_12": "a gate over all 12 modules",
    "gated_6": "a gate, the best 6 of 12",
    "gated_3": "a gate, the best 3 of 12",
    "random_3": "3 of 12 at random",
}
BLIND = "the words alone, no picture"


@dataclass(frozen=True)
class Sizes:
    """How large and how long: channels, scenes for training and for the test, steps, questions a step."""

    channels: int
    training: int
    tests: int
    steps: int
    batch: int
    rate: float = 3e-3


@dataclass(frozen=True)
class Questions:
    """Images [n, 3, side, side] from 0 to 1, words [n, 4], answers [n] and kinds of questions [n]."""

    images: Tensor
    words: Tensor
    answers: Tensor
    kinds: Tensor

    def take(self, rows: Tensor, device: str) -> "Questions":
        """Return some of them, on a device."""
        parts = (self.images, self.words, self.answers, self.kinds)
        return Questions(*(one[rows].to(device) for one in parts))


# -- Scenes and questions ------------------------------------------------------------------------------------


def _masks() -> Tensor:
    """Return what each shape covers of a cell, [shape, cell, cell]: disc, square, triangle."""
    line = torch.arange(CELL) - (CELL - 1) / 2
    down, across = torch.meshgrid(line, line, indexing="ij")
    disc = (down**2 + across**2) <= 9
    square = (down.abs() <= 2.5) & (across.abs() <= 2.5)
    triangle = (across.abs() <= (down + 3) / 2) & (down.abs() <= 3)
    return torch.stack([disc, square, triangle]).float()


def drawn(shapes: Tensor, colours: Tensor, present: Tensor) -> Tensor:
    """Return images of scenes; arguments are [n, cell], shapes and colours from 0, ``present`` is bool."""
    side = CELLS * CELL
    painted = torch.eye(COLOURS)[colours] * present[..., None]
    cells = torch.einsum("nck,ncyx->nkcyx", painted, _masks()[shapes])
    grid = cells.reshape(len(shapes), COLOURS, CELLS, CELLS, CELL, CELL)
    return grid.permute(0, 1, 2, 4, 3, 5).reshape(len(shapes), COLOURS, side, side)


def asked(count: int, random: torch.Generator) -> Questions:
    """Return as many questions, each about a scene of its own.

    Some ask for the colour, and the shape, of an object that the scene has, so that words alone tell little.
    """

    def draw(high: int, *shape: int) -> Tensor:
        return torch.randint(high, shape, generator=random)

    cells = CELLS * CELLS
    shapes, colours = draw(SHAPES, count, cells), draw(COLOURS, count, cells)
    order = torch.rand((count, cells), generator=random).argsort(1).argsort(1)
    present = order < (1 + draw(OBJECTS, count))[:, None]
    kinds, colour = draw(len(_KINDS), count), draw(COLOURS, count)
    shape = draw(SHAPES + 1, count) - 1
    other = (colour + 1 + draw(COLOURS - 1, count)) % COLOURS
    taken, rows = order.argmin(1), torch.arange(count)
    is_seen = draw(3, count) < _SEEN[kinds]
    colour = torch.where(is_seen, colours[rows, taken], colour)
    shape = torch.where(is_seen & (shape >= 0), shapes[rows, taken], shape)
    words = torch.stack(
        [kinds, 3 + colour, 7 + shape, torch.where(kinds == 2, 11 + other, 10 + 0 * other)], 1
    )
    answers = _answers(kinds, (shapes, colours, present), colour, shape, other)
    return Questions(drawn(shapes, colours, present), words, answers, kinds)


def _answers(
    kinds: Tensor, scenes: tuple[Tensor, Tensor, Tensor], colour: Tensor, shape: Tensor, other: Tensor
) -> Tensor:
    shapes, colours, present = scenes
    fits = present & ((shape[:, None] < 0) | (shapes == shape[:, None]))
    count = (fits & (colours == colour[:, None])).sum(1)
    against = (fits & (colours == other[:, None])).sum(1)
    truth = torch.where(kinds == 1, count > 0, count > against)
    return torch.where(kinds == 0, count, torch.where(truth, _YES, _NO))


_WORDS = 11 + COLOURS


# -- The network ---------------------------------------------------------------------------------------------


class Modular(nn.Module):
    """A stem, two layers of 12 modules each, a gate that reads the question, and a classifier.

    A layer is the weighed sum of its modules that run, beside a shortcut.
    """

    def __init__(self, channels: int, chosen: int, gate: str) -> None:
        super().__init__()
        self.chosen, self.gate = chosen, gate
        self.stem = nn.Sequential(nn.Conv2d(3, channels, 3, 2, 1), nn.ReLU())
        # The modules of a layer side by side: one convolution with as many times the channels.
        self.layers = nn.ModuleList(nn.Conv2d(channels, MODULES * channels, 3, padding=1) for _ in range(2))
        self.embedding = nn.Embedding(_WORDS, 16)
        self.reader = nn.LSTM(16, 32, batch_first=True)
        self.weigh = nn.ModuleList(nn.Linear(32, MODULES) for _ in range(2))
        side = CELLS * CELL // 2 // 4
        self.answer = nn.Sequential(
            nn.Linear(channels * side * side + 32, 64), nn.ReLU(), nn.Linear(64, ANSWERS)
        )

    def weights(self, question: Tensor, layer: int, random: torch.Generator | None) -> Tensor:
        """Return how the modules of a layer are weighed, [n, module]: 0 for those that do not run."""
        if self.gate == "none":
            return torch.full((len(question), MODULES), 1 / MODULES, device=question.device)
        if self.gate == "random":
            order = torch.rand((len(question), MODULES), generator=random).argsort(1)
            return (order < self.chosen).float().to(question.device) / self.chosen
        shares = self.weigh[layer](question).softmax(1)
        best = torch.zeros_like(shares).scatter(1, shares.topk(self.chosen, 1).indices, 1.0)
        kept: Tensor = shares * best
        return kept / kept.sum(1, keepdim=True)

    def forward(self, images: Tensor, words: Tensor, random: torch.Generator | None = None) -> Tensor:
        """Return the scores of the answers, [n, answer]."""
        question = self.reader(self.embedding(words))[1][0][-1]
        found = self.stem(images)
        for place, layer in enumerate(self.layers):
            modules = layer(found).relu().unflatten(1, (MODULES, -1))
            weights = self.weights(question, place, random)
            found = found + torch.einsum("nm,nmcyx->ncyx", weights, modules) * MODULES
        pooled = nn.functional.max_pool2d(found, 4).flatten(1)
        scores: Tensor = self.answer(torch.cat([pooled, question], 1))
        return scores


def network(arm: str, sizes: Sizes) -> Modular:
    """Return the network of an arm."""
    gate, _, chosen = arm.partition("_")
    names = {"dense": "none", "gated": "question", "random": "random"}
    return Modular(sizes.channels, int(chosen or MODULES), names[gate])


def trained(arm: str, sizes: Sizes, seed: int, device: str) -> dict[str, list[int] | list[float]]:
    """Train an arm; return whether each question of the test is right, its kind, and the modules' loads."""
    random = torch.Generator().manual_seed(seed)
    lessons, tests = asked(sizes.training, random), asked(sizes.tests, random)
    torch.manual_seed(seed)
    model = network(arm, sizes).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=sizes.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, sizes.rate, total_steps=sizes.steps)
    for _ in range(sizes.steps):
        some = lessons.take(torch.randint(sizes.training, (sizes.batch,), generator=random), device)
        loss = nn.functional.cross_entropy(model(some.images, some.words, random), some.answers)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    tests = tests.take(torch.arange(sizes.tests), device)
    with torch.no_grad():
        right = model(tests.images, tests.words, random).argmax(1) == tests.answers
        question = model.reader(model.embedding(tests.words))[1][0][-1]
        load = (model.weights(question, 0, random) > 0).float().mean(0)
    return {"right": right.int().tolist(), "kinds": tests.kinds.tolist(), "load": load.tolist()}


def blind(sizes: Sizes, seed: int) -> dict[str, list[int]]:
    """Answer each question of the test as most with the same words were answered in training, unseen."""
    random = torch.Generator().manual_seed(seed)
    lessons, tests = asked(sizes.training, random), asked(sizes.tests, random)
    places = torch.tensor([_WORDS**place for place in range(lessons.words.shape[1])])
    known, which = (lessons.words * places).sum(1).unique(return_inverse=True)
    votes = torch.zeros(len(known), ANSWERS)
    votes.index_put_((which, lessons.answers), torch.ones(len(which)), accumulate=True)
    asked_before = (tests.words * places).sum(1)
    found = torch.searchsorted(known, asked_before).clamp(max=len(known) - 1)
    usual = lessons.answers.bincount(minlength=ANSWERS).argmax()
    said = torch.where(known[found] == asked_before, votes.argmax(1)[found], usual)
    return {"right": (said == tests.answers).int().tolist(), "kinds": tests.kinds.tolist()}


# -- Part ----------------------------------------------------------------------------------------------------

_SIZES = {
    "smoke": Sizes(4, 200, 60, 6, 32),
    "cpu": Sizes(6, 20_000, 1_000, 3_000, 64, 5e-3),
    "gpu": Sizes(16, 60_000, 4_000, 3_000, 128),
}
LIMITS = (
    "scenes are drawn on a grid of nine cells; neither CLEVR's rendering nor its longer questions are here",
    "all modules of a layer are computed and those that do not run are weighed with 0, so time shows nothing",
    "an arm that is no better than the words alone has not learned to look; its difference to others says "
    "which arm learns within the steps, not what fewer modules cost",
)
# Differences of accuracy: name, the arm, the one it is held against, and in words.
_PAIRS = (
    ("gated_6_less_gated_12", "gated_6", "gated_12", "best 6 of 12 modules less all 12, both by a gate"),
    ("gated_3_less_gated_12", "gated_3", "gated_12", "best 3 of 12 modules less all 12, both by a gate"),
    ("gated_less_random_3", "gated_3", "random_3", "3 modules chosen by the gate less 3 at random"),
    ("gated_12_less_blind", "gated_12", "blind", "a gate over all 12 modules less the words alone"),
)


def _metrics() -> Iterator[Metric]:
    for arm, words in (*ARMS.items(), ("blind", BLIND)):
        name = f"questions_accuracy_{arm}"
        yield over_seeds(name, f"{name}_by_seed", "share", f"accuracy: {words}")
        for kind in _KINDS:
            what = f"accuracy on questions that {kind}: {words}"
            yield over_seeds(f"{name}_{kind}", f"{name}_{kind}_by_seed", "share", what)
    for pair, _, _, words in _PAIRS:
        name = f"questions_{pair}"
        yield over_seeds(name, f"{name}_by_seed", "share", f"accuracy: {words}")


def questions(run: Run) -> None:
    """Train every arm with every seed, and keep the share of right answers of each."""
    sizes = _SIZES[run.preset]
    for name in ("channels", "training", "tests", "steps", "batch"):
        run.parameter(
            f"questions_{name}", getattr(sizes, name), None, f"{name} of the drawn questions' training"
        )
    accuracy = {"blind": _kept(run, "blind", [blind(sizes, seed) for seed in run.seeds])}
    for arm in ARMS:
        outcomes = [
            run.step(
                f"questions {arm} seed {seed}",
                lambda arm=arm, seed=seed: trained(arm, sizes, seed, run.device),
            )
            for seed in run.seeds
        ]
        accuracy[arm] = _kept(run, arm, outcomes)
    for name, one, other, words in _PAIRS:
        values = [mine - theirs for mine, theirs in zip(accuracy[one], accuracy[other], strict=True)]
        run.sample(f"questions_{name}_by_seed", values, "share", f"difference by seed: {words}")
    _check(run)
    for limit in LIMITS:
        run.note(limit)


def _kept(run: Run, arm: str, outcomes: Sequence[dict[str, list[int]]]) -> list[float]:
    """Keep the shares of right answers of an arm, in all and by kind of question, and return them in all."""
    name, what = f"questions_accuracy_{arm}", "share of right answers, by seed"
    accuracy = [sum(one["right"]) / len(one["right"]) for one in outcomes]
    run.sample(f"{name}_by_seed", accuracy, "share", what)
    for place, kind in enumerate(_KINDS):
        shares = [_share(one, place) for one in outcomes]
        run.sample(f"{name}_{kind}_by_seed", shares, "share", f"questions that {kind}: {what}")
    return accuracy


def _share(outcome: dict[str, list[int]], kind: int) -> float:
    of_kind = [right for right, one in zip(outcome["right"], outcome["kinds"], strict=True) if one == kind]
    return sum(of_kind) / max(1, len(of_kind))


def _check(run: Run) -> None:
    """Hold the gated sum of modules against running the chosen modules one by one, in fp64."""
    torch.manual_seed(0)
    model = Modular(4, 3, "question").double()
    some = asked(20, torch.Generator().manual_seed(0))
    found = model.stem(some.images.double())
    question = model.reader(model.embedding(some.words))[1][0][-1]
    weights = model.weights(question, 0, None)
    layer = model.layers[0]
    together = torch.einsum("nm,nmcyx->ncyx", weights, layer(found).relu().unflatten(1, (MODULES, -1)))
    alone = torch.zeros_like(together)
    for row in range(20):
        for module in weights[row].nonzero()[:, 0].tolist():
            own = slice(4 * module, 4 * module + 4)
            one = nn.functional.conv2d(found[row : row + 1], layer.weight[own], layer.bias[own], padding=1)
            alone[row] += weights[row, module] * one[0].relu()
    error = (together - alone).abs().max().item()
    run.check("sum of the modules that run", "each module alone, fp64", error, 1e-12, "absolute difference")


def add_parts(experiment: Experiment) -> None:
    """Declare the part, and what pages draw of it."""
    experiment.part(
        "visual-questions",
        "accuracy of a modular network on drawn scenes, with 12, 6 and 3 of 12 modules, beside controls",
        {"smoke": 6, "cpu": 1500, "gpu": 500},
        metrics=list(_metrics()),
    )(questions)
    experiment.plot(
        "questions-accuracy",
        "Accuracy on questions about drawn scenes",
        "modules that run",
        "share of right answers, mean over seeds with its 95% interval",
        {
            "accuracy": {
                words: f"questions_accuracy_{arm}" for arm, words in (*ARMS.items(), ("blind", BLIND))
            }
        },
        kind="bars",
    )
