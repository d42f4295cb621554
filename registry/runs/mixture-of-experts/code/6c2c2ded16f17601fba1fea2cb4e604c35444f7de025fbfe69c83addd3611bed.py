"""Questions about drawn scenes, answered by a network of which k of 12 modules run: in kind for 1909.09192.

A scene has up to four objects on a grid of nine cells; a question counts objects, asks whether there is one,
or compares two counts.  A gate reads the question and weighs the modules; only the best k of them run.
Controls: all modules without a gate, and k modules at random.  Everything is drawn from a seed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from harness import Experiment, Metric, Run
from torch import Tensor, nn

MODULES, CELL, CELLS = 12, 8, 3
SHAPES, COLOURS, OBJECTS = 3, 3, 4
# Answers: counts from 0 to 4, then yes and no.
_YES, _NO, ANSWERS = OBJECTS + 1, OBJECTS + 2, OBJECTS + 3
# Words of a question: what is asked, then a colour and a shape, then another colour; 0 stands for any.
_KINDS = ("count", "exist", "compare")
ARMS = {
    "dense": "all modules, weighed alike, no gate",
    "gated_12": "a gate over all 12 modules",
    "gated_6": "a gate, the best 6 of 12 modules run",
    "gated_3": "a gate, the best 3 of 12 modules run",
    "random_6": "6 of 12 modules at random for each question",
    "random_3": "3 of 12 modules at random for each question",
}


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
    """Return as many questions, each about a scene of its own; half of those about existence are true."""

    def draw(high: int, *shape: int) -> Tensor:
        return torch.randint(high, shape, generator=random)

    cells = CELLS * CELLS
    shapes, colours = draw(SHAPES, count, cells), draw(COLOURS, count, cells)
    order = torch.rand((count, cells), generator=random).argsort(1).argsort(1)
    present = order < (1 + draw(OBJECTS, count))[:, None]
    kinds, colour = draw(len(_KINDS), count), draw(COLOURS, count)
    shape = draw(SHAPES + 1, count) - 1
    other = (colour + 1 + draw(COLOURS - 1, count)) % COLOURS
    # A question about existence takes an object of the scene every other time: both answers are likely.
    taken = order.argmin(1)
    is_true = (kinds == 1) & (draw(2, count) == 1)
    rows = torch.arange(count)
    colour = torch.where(is_true, colours[rows, taken], colour)
    shape = torch.where(is_true, shapes[rows, taken], shape)
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


# -- Part ----------------------------------------------------------------------------------------------------

_SIZES = {
    "smoke": Sizes(4, 200, 60, 6, 32),
    "cpu": Sizes(8, 12_000, 1_000, 500, 96),
    "gpu": Sizes(16, 60_000, 4_000, 3_000, 128),
}
LIMITS = (
    "scenes are drawn on a grid of nine cells; neither CLEVR's rendering nor its longer questions are here",
    "all modules of a layer are computed and those that do not run are weighed with 0, so time shows nothing",
)


def _mean(name: str, samples: str, what: str) -> Metric:
    half = f"1.96 * stdev({samples}) / sqrt(count({samples}))"
    low, high = f"mean({samples}) - {half}", f"mean({samples}) + {half}"
    return Metric(name, f"mean({samples})", "share", "measured", what, low, high)


def _metrics() -> Iterator[Metric]:
    for arm, words in ARMS.items():
        yield _mean(f"questions_accuracy_{arm}", f"questions_accuracy_{arm}_by_seed", f"accuracy: {words}")
        for kind in _KINDS:
            yield _mean(
                f"questions_accuracy_{arm}_{kind}",
                f"questions_accuracy_{arm}_{kind}_by_seed",
                f"accuracy on questions that {kind}: {words}",
            )
    for arm in ("gated_6", "gated_3"):
        yield _mean(
            f"questions_{arm}_less_gated_12",
            f"questions_{arm}_less_gated_12_by_seed",
            f"accuracy less that of the gate over all 12 modules: {ARMS[arm]}",
        )
    for few in ("6", "3"):
        yield _mean(
            f"questions_gated_less_random_{few}",
            f"questions_gated_less_random_{few}_by_seed",
            f"accuracy with {few} modules chosen by the gate less that with as many at random",
        )


def questions(run: Run) -> None:
    """Train every arm with every seed, and keep the share of right answers of each."""
    sizes = _SIZES[run.preset]
    for name in ("channels", "training", "tests", "steps", "batch"):
        run.parameter(
            f"questions_{name}", getattr(sizes, name), None, f"{name} of the drawn questions' training"
        )
    accuracy: dict[str, list[float]] = {}
    for arm in ARMS:
        outcomes = [
            run.step(
                f"questions {arm} seed {seed}",
                lambda arm=arm, seed=seed: trained(arm, sizes, seed, run.device),
            )
            for seed in run.seeds
        ]
        accuracy[arm] = [sum(one["right"]) / len(one["right"]) for one in outcomes]
        run.sample(
            f"questions_accuracy_{arm}_by_seed", accuracy[arm], "share", "share of right answers, by seed"
        )
        for place, kind in enumerate(_KINDS):
            shares = [_share(one, place) for one in outcomes]
            what = f"share of right answers to questions that {kind}, by seed"
            run.sample(f"questions_accuracy_{arm}_{kind}_by_seed", shares, "share", what)
    pairs = {
        "gated_6_less_gated_12": ("gated_6", "gated_12"),
        "gated_3_less_gated_12": ("gated_3", "gated_12"),
        "gated_less_random_6": ("gated_6", "random_6"),
        "gated_less_random_3": ("gated_3", "random_3"),
    }
    for name, (one, other) in pairs.items():
        values = [mine - theirs for mine, theirs in zip(accuracy[one], accuracy[other], strict=True)]
        run.sample(
            f"questions_{name}_by_seed", values, "share", f"accuracy of {one} less that of {other}, by seed"
        )
    _check(run)
    for limit in LIMITS:
        run.note(limit)


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


Function = Callable[[Run], None]


def add_parts(experiment: Experiment) -> None:
    """Declare the part, and what pages draw of it."""
    experiment.part(
        "visual-questions",
        "accuracy of a modular network on drawn scenes, with 12, 6 and 3 of 12 modules, beside controls",
        {"smoke": 6, "cpu": 300, "gpu": 500},
        metrics=list(_metrics()),
    )(questions)
    experiment.plot(
        "questions-accuracy",
        "Accuracy on questions about drawn scenes",
        "modules that run",
        "share of right answers, mean over seeds with its 95% interval",
        {"accuracy": {words: f"questions_accuracy_{arm}" for arm, words in ARMS.items()}},
        kind="bars",
    )
