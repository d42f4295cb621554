"""Heads with experts on a small classifier, and what naive routing costs: in kind for 2601.15021.

Images are gratings of ten classes with noise.  One small trunk gets one of four heads of as many parameters:
a dense one, eight experts that are all run and weighed (soft), the best two of eight (sparse), and the best
one (hard).  The soft and the sparse head are also trained without a term for balance, since such a term may
decide by itself which head is more accurate.  All heads of a seed see the same images in the same order, on
trunks with the same first weights, and one rule gives the first weights of every head.

Then the sparse head's experts are run in three ways and timed beside the dense head, at the sizes of the work
and wider.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from _expert_specialisation import one_thread
from _timing import Effort, Way, compared
from harness import Experiment, Metric, Run, over_seeds
from torch import Tensor, nn

EXPERTS, CLASSES, FEATURES, _SIDE = 8, 10, 64, 16
# Of uneven importance and of uneven load in routed heads, as arXiv 2601.15021 has it.
_EVEN_WEIGHT = 0.2
# Of the divergence from even weights in the soft head: the default in the code of arXiv 2601.15021.
_UNIFORM_WEIGHT = 0.05
# Deviation of the noise in a routed gate while it is trained: that with which a learned one starts, the
# softplus of 0.  With much less the loss of uneven load is so steep that some heads with one expert learn
# nothing.
_NOISE = math.log(2)


@dataclass(frozen=True)
class Arm:
    """A head: how many experts count for an image (0 for a dense head), and which term balances them."""

    words: str
    label: str
    chosen: int
    balance: str = ""

    @property
    def is_routed(self) -> bool:
        """Say whether only some of the experts count for an image."""
        return 0 < self.chosen < EXPERTS


HEADS = {
    "dense": Arm("one multilayer perceptron", "dense", 0),
    "soft": Arm("8 experts, all run, weighed by a gate", "soft, all of 8", EXPERTS, "uniform"),
    "sparse": Arm(
        "the best 2 of 8 experts, with noise in the gate while training", "sparse, 2 of 8", 2, "even"
    ),
    "hard": Arm("the best 1 of 8 experts, with noise in the gate while training", "hard, 1 of 8", 1, "even"),
    "soft_unbalanced": Arm("8 experts, all run, no term for balance", "soft, no balance term", EXPERTS),
    "sparse_unbalanced": Arm("the best 2 of 8 experts, no term for balance", "sparse, no balance term", 2),
}


@dataclass(frozen=True)
class Sizes:
    """Images for training and for the test, steps and images a step, and the width of the dense head."""

    training: int
    tests: int
    steps: int
    batch: int
    width: int


# -- Images --------------------------------------------------------------------------------------------------


def gratings(count: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return images [n, 1, side, side] and classes [n]: five directions at two frequencies, with noise."""
    classes = torch.randint(CLASSES, (count,), generator=random)
    angle = (classes % 5) * math.pi / 5 + 0.12 * torch.randn(count, generator=random)
    frequency = torch.where(classes < 5, 1.1, 1.7) * (1 + 0.08 * torch.randn(count, generator=random))
    phase = 2 * math.pi * torch.rand(count, generator=random)
    line = torch.arange(_SIDE).float()
    down, across = torch.meshgrid(line, line, indexing="ij")
    along = across * angle.cos()[:, None, None] + down * angle.sin()[:, None, None]
    clean = torch.sin(frequency[:, None, None] * along + phase[:, None, None])
    images = clean + 1.5 * torch.randn((count, _SIDE, _SIDE), generator=random)
    return images[:, None], classes


# -- Heads ---------------------------------------------------------------------------------------------------


def _first(*shape: int, incoming: int) -> nn.Parameter:
    """Return first weights, even between -1 and 1 over the root of how many numbers come in."""
    return nn.Parameter((2 * torch.rand(shape) - 1) / math.sqrt(incoming))


class Experts(nn.Module):
    """Perceptrons side by side: weights in [expert, features, inner], out [expert, inner, classes].

    A dense head is one of them, so that every head has its first weights by the same rule.
    """

    def __init__(self, experts: int, features: int, inner: int, classes: int) -> None:
        super().__init__()
        self.into = _first(experts, features, inner, incoming=features)
        self.bias = _first(experts, 1, inner, incoming=features)
        self.out = _first(experts, inner, classes, incoming=inner)

    def one(self, expert: int, features: Tensor) -> Tensor:
        """Return what one expert says of some features, [n, classes]."""
        return (features @ self.into[expert] + self.bias[expert]).relu() @ self.out[expert]

    def every(self, features: Tensor) -> Tensor:
        """Return what all experts say, [expert, n, classes]."""
        inner = torch.baddbmm(self.bias, features.expand(len(self.into), *features.shape), self.into)
        return inner.relu() @ self.out


class Dense(nn.Module):
    """One perceptron."""

    def __init__(self, features: int, width: int, classes: int) -> None:
        super().__init__()
        self.experts = Experts(1, features, width, classes)

    def forward(self, features: Tensor) -> Tensor:
        """Return scores of the classes."""
        return self.experts.one(0, features)


class Head(nn.Module):
    """A gate and experts; ``chosen`` of them count for an image."""

    def __init__(self, features: int, width: int, classes: int, chosen: int) -> None:
        super().__init__()
        self.chosen = chosen
        self.experts = Experts(EXPERTS, features, width // EXPERTS, classes)
        self.gate = nn.Linear(features, EXPERTS, bias=False)

    def weights(self, scores: Tensor) -> Tensor:
        """Return how experts are weighed by scores [n, expert] of the gate: 0 for those not chosen.

        Weights of several add up to 1.  A single one has its share among all experts, as in Switch: among the
        chosen alone it would be 1 whatever the gate says, and the gate would learn nothing from the task.
        """
        best = scores.topk(self.chosen, 1).indices
        is_chosen = torch.zeros_like(scores, dtype=torch.bool).scatter(1, best, True)
        if self.chosen == 1:
            return scores.softmax(1) * is_chosen
        return scores.masked_fill(~is_chosen, -math.inf).softmax(1)

    def weighed(self, features: Tensor, weights: Tensor) -> Tensor:
        """Return scores of the classes, [n, classes]."""
        return torch.einsum("ne,enc->nc", weights, self.experts.every(features))

    def forward(self, features: Tensor) -> Tensor:
        """Return scores of the classes, by a gate without noise."""
        return self.weighed(features, self.weights(self.gate(features)))


def looped(head: Head, features: Tensor) -> Tensor:
    """Run the chosen experts one after another on the rows that chose each: routing written naively."""
    weights = head.weights(head.gate(features))
    found = torch.zeros(
        len(features), head.experts.out.shape[2], device=features.device, dtype=features.dtype
    )
    for expert in range(EXPERTS):
        is_chosen = weights[:, expert] > 0
        if is_chosen.any():
            found[is_chosen] += weights[is_chosen, expert, None] * head.experts.one(
                expert, features[is_chosen]
            )
    return found


def sorted_once(head: Head, features: Tensor) -> Tensor:
    """Run them on rows that were sorted by expert, without a mask for each."""
    weights = head.weights(head.gate(features))
    best = weights.topk(head.chosen, 1)
    order = best.indices.flatten().argsort()
    rows = order // head.chosen
    counts = best.indices.flatten().bincount(minlength=EXPERTS).tolist()
    parts = features[rows].split(counts)
    said = torch.cat([head.experts.one(expert, part) for expert, part in enumerate(parts)])
    found = torch.zeros(len(features), said.shape[1], device=features.device, dtype=features.dtype)
    return found.index_add_(0, rows, said * best.values.flatten()[order, None])


# -- Balance -------------------------------------------------------------------------------------------------


def unevenness(values: Tensor) -> Tensor:
    """Return the squared coefficient of variation."""
    return values.var(unbiased=False) / values.mean().square().clamp_min(1e-9)


def from_uniform(weights: Tensor) -> Tensor:
    """Return the divergence in nats of the mean weights of experts [n, expert] from even ones."""
    mean = weights.mean(0)
    return (mean * (mean.clamp_min(1e-8) * len(mean)).log()).sum()


def load(clean: Tensor, noisy: Tensor, chosen: int) -> Tensor:
    """Return how many rows are likely to choose each expert [expert]; scores are [n, expert].

    It is the chance that an expert is among the best where only its own noise is drawn anew, as Shazeer et
    al. (arXiv 1701.06538) have it.  A count of rows would pass no gradient on.
    """
    best = noisy.topk(chosen + 1, 1).values
    is_in = noisy >= best[:, chosen - 1, None]
    to_beat = torch.where(is_in, best[:, chosen, None], best[:, chosen - 1, None])
    return torch.special.ndtr((clean - to_beat) / _NOISE).sum(0)


def routed_scores(arm: Arm, head: Head, features: Tensor, noise: Tensor) -> tuple[Tensor, Tensor | float]:
    """Return scores of the classes in a step of training, and the weighted loss of uneven experts.

    ``noise`` [n, expert] has a deviation of 1; a gate that runs all experts takes none.
    """
    clean = head.gate(features)
    noisy = clean + _NOISE * noise if arm.is_routed else clean
    weights = head.weights(noisy)
    balance: Tensor | float = 0.0
    if arm.balance == "uniform":
        balance = _UNIFORM_WEIGHT * from_uniform(weights)
    if arm.balance == "even":
        uneven = unevenness(weights.sum(0)) + unevenness(load(clean, noisy, arm.chosen))
        balance = _EVEN_WEIGHT * uneven
    return head.weighed(features, weights), balance


# -- Training ------------------------------------------------------------------------------------------------


def _trunk() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, 2, 1),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, 2, 1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * (_SIDE // 4) ** 2, FEATURES),
        nn.ReLU(),
    )


def trained(name: str, sizes: Sizes, seed: int, device: str) -> dict[str, float | list[float]]:
    """Train one head on its own trunk; return its accuracy, each expert's use and the head's parameters.

    An expert's load is the share of test images that it counts for, its weight is the mean over them.
    """
    arm = HEADS[name]
    random = torch.Generator().manual_seed(seed)
    images, classes = (one.to(device) for one in gratings(sizes.training, random))
    tests, truth = (one.to(device) for one in gratings(sizes.tests, random))
    # Noise has its own generator, so that heads with and without it see the same images.
    noises = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    trunk = _trunk().to(device)
    size = (FEATURES, sizes.width, CLASSES)
    head = (Head(*size, arm.chosen) if arm.chosen else Dense(*size)).to(device)
    optimizer = torch.optim.AdamW([*trunk.parameters(), *head.parameters()], lr=2e-3)
    for _ in range(sizes.steps):
        rows = torch.randint(sizes.training, (sizes.batch,), generator=random).to(device)
        features = trunk(images[rows])
        if isinstance(head, Dense):
            scores, balance = head(features), 0.0
        else:
            noise = torch.randn((sizes.batch, EXPERTS), generator=noises).to(device)
            scores, balance = routed_scores(arm, head, features, noise)
        loss = nn.functional.cross_entropy(scores, classes[rows]) + balance
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        features = trunk(tests)
        right = head(features).argmax(1) == truth
        weights = None if isinstance(head, Dense) else head.weights(head.gate(features))
    return {
        "accuracy": right.float().mean().item(),
        "load": [] if weights is None else weights.gt(0).float().mean(0).tolist(),
        "weight": [] if weights is None else weights.mean(0).tolist(),
        "parameters": sum(one.numel() for one in head.parameters()),
    }


# -- Accuracy, as a part -------------------------------------------------------------------------------------

_SIZES = {
    "smoke": Sizes(200, 60, 6, 32, 64),
    "cpu": Sizes(8_000, 2_000, 500, 128, 256),
    "gpu": Sizes(50_000, 10_000, 3_000, 256, 512),
}


def _head_metrics() -> Iterator[Metric]:
    for name, arm in HEADS.items():
        yield over_seeds(
            f"heads_accuracy_{name}", f"heads_accuracy_{name}_by_seed", "share", f"accuracy: {arm.words}"
        )
        yield Metric(
            f"heads_parameters_{name}",
            f"max(heads_parameters_{name}_by_seed)",
            "parameters",
            "counted",
            f"parameters of the head: {arm.words}",
        )
        if name == "dense":
            continue
        less = f"heads_{name}_less_dense"
        what = f"accuracy less that of the dense head with the same seed: {arm.words}"
        yield over_seeds(less, f"{less}_by_seed", "share", what)
        # All experts of a soft head get every image, so only their weights can tell a collapse.
        use, what = (
            ("load", "share of images that the least used expert gets")
            if arm.is_routed
            else ("weight", "mean weight of the expert that is weighed least")
        )
        yield Metric(
            f"heads_least_{use}_{name}",
            f"min(heads_{use}_{name})",
            "share",
            "measured",
            f"{what}, over all seeds: {arm.words}",
        )


def heads(run: Run) -> None:
    """Train every head with every seed."""
    sizes = _SIZES[run.preset]
    for name in ("training", "tests", "steps", "batch", "width"):
        run.parameter(f"heads_{name}", getattr(sizes, name), None, f"{name} of the heads' training")
    run.parameter(
        "heads_even_weight",
        _EVEN_WEIGHT,
        None,
        "weight of uneven importance, and of uneven load: 2 and 1 of 8",
    )
    run.parameter(
        "heads_uniform_weight", _UNIFORM_WEIGHT, None, "weight of the divergence from even weights: soft head"
    )
    run.parameter("heads_noise", _NOISE, None, "deviation of the noise in a routed gate while training")
    with one_thread(run.device):
        found = {
            name: [
                run.step(
                    f"head {name} seed {seed}",
                    lambda name=name, seed=seed: trained(name, sizes, seed, run.device),
                )
                for seed in run.seeds
            ]
            for name in HEADS
        }
    dense = [one["accuracy"] for one in found["dense"]]
    for name, outcomes in found.items():
        _keep(run, name, outcomes, dense)
    run.note("The heads' images are drawn gratings; CIFAR-10 and the paper's training are not here.")
    run.note("On a CPU, heads are trained on one thread whatever the settings say.")
    run.note(
        "The soft head's balance is the divergence of its mean weights from even ones, weighed as by default"
        " in the authors' code; a count of load would be the same for all of its experts. The routed heads'"
        " is of importance and of load; the noise of their gates is fixed here, where the authors' learns."
    )


def _keep(run: Run, name: str, outcomes: list[dict[str, float | list[float]]], dense: list[float]) -> None:
    """Keep what a head did, seed by seed, and how its accuracy differs from the dense head's."""
    accuracy = [one["accuracy"] for one in outcomes]
    run.sample(f"heads_accuracy_{name}_by_seed", accuracy, "share", "share of right classes, by seed")
    counts = [one["parameters"] for one in outcomes]
    run.sample(f"heads_parameters_{name}_by_seed", counts, "parameters", "parameters of the head, by seed")
    if name == "dense":
        return
    use, what = (
        ("load", "share of images that each expert gets")
        if HEADS[name].is_routed
        else ("weight", "mean weight of each expert")
    )
    values = [share for one in outcomes for share in one[use]]
    run.sample(f"heads_{use}_{name}", values, "share", f"{what}, seed by seed")
    less = [mine - other for mine, other in zip(accuracy, dense, strict=True)]
    run.sample(f"heads_{name}_less_dense_by_seed", less, "share", "accuracy less the dense head's, by seed")


# -- Cost of routing, as a part ------------------------------------------------------------------------------

_EFFORTS = {"smoke": Effort(0.01, 4, 8), "cpu": Effort(0.3, 8, 120), "gpu": Effort(0.5, 20, 200)}
# The authors time 256 images at once.
_ALL_ROWS = (1, 32, 256, 1024, 16384)
_ROWS = {"smoke": _ALL_ROWS[:2], "cpu": _ALL_ROWS[:4], "gpu": _ALL_ROWS}
# Features and inner width of arXiv 2601.15021: the dense head's, and that of all experts together.
_PAPER = (512, 512)
_WIDE = {"smoke": (16, 128), "cpu": (512, 4096), "gpu": (2048, 16384)}
SERIES = {"": "512 features, 512 wide as published", "_wide": "a wide head"}
WAYS = {
    "looped": "experts in turn, rows by a mask",
    "sorted": "experts in turn, rows sorted once",
    "every": "all experts at once, then weighed",
}


def _cost_metrics() -> Iterator[Metric]:
    for series, size in SERIES.items():
        for rows in _ALL_ROWS:
            base, naive = (f"routing_time_{way}{series}_{rows}" for way in ("dense", "looped"))
            for way, words in WAYS.items():
                time = f"routing_time_{way}{series}_{rows}"
                yield Metric(
                    f"routing_{way}_over_dense{series}_{rows}",
                    f"median({time}) / median({base})",
                    "x",
                    "measured",
                    f"time of 2 of 8 experts over the dense head's, {rows} rows, {size}: {words}",
                    f"quantile({time}, 0.25) / quantile({base}, 0.75)",
                    f"quantile({time}, 0.75) / quantile({base}, 0.25)",
                )
            yield Metric(
                f"naive_routing_ms{series}_{rows}",
                f"median({naive}) - median({base})",
                "ms",
                "measured",
                f"time of naive routing to 2 of 8 experts less the dense head's, {rows} rows, {size}",
                f"quantile({naive}, 0.25) - quantile({base}, 0.75)",
                f"quantile({naive}, 0.75) - quantile({base}, 0.25)",
            )


def routing_cost(run: Run) -> None:
    """Time the dense head and the sparse one, run in three ways, on rows drawn at random."""
    torch.manual_seed(0)
    with torch.no_grad():
        _check(run)
        for series, (features, width) in (("", _PAPER), ("_wide", _WIDE[run.preset])):
            run.parameter(f"routing{series}_features", features, None, f"features of {SERIES[series]}, timed")
            run.parameter(f"routing{series}_width", width, None, f"inner width of {SERIES[series]}, timed")
            size = (features, width, CLASSES)
            head, dense = Head(*size, HEADS["sparse"].chosen).to(run.device), Dense(*size).to(run.device)
            for count in _ROWS[run.preset]:
                rows = torch.randn((count, features), device=run.device)
                what = f"heads{series.replace('_', ' ')}, {count} rows"
                times = compared(run, what, _ways(head, dense, rows), _EFFORTS[run.preset])
                for way, samples in times.items():
                    what = f"one call, {count} rows, {SERIES[series]}: {WAYS.get(way, 'the dense head')}"
                    run.sample(f"routing_time_{way}{series}_{count}", samples, "ms", what)
    run.note(
        "Heads are timed alone; the authors time the whole classifier, of which the head is a small share."
    )


def _ways(head: Head, dense: Dense, rows: Tensor) -> dict[str, Way]:
    """Return the calls that are timed beside one another."""
    return {
        "dense": Way(lambda _: dense(rows)),
        "looped": Way(lambda _: looped(head, rows)),
        "sorted": Way(lambda _: sorted_once(head, rows)),
        "every": Way(lambda _: head(rows)),
    }


def _check(run: Run) -> None:
    """Hold the ways to run a sparse head against each other, in fp64."""
    exact = Head(48, 64, CLASSES, HEADS["sparse"].chosen).to(run.device).double()
    rows = torch.randn((37, 48), device=run.device).double()
    every = exact(rows)
    for way, call in (("looped", looped), ("sorted", sorted_once)):
        error = (call(exact, rows) - every).abs().max().item()
        run.check(f"sparse head, {way}", "all experts, weighed, fp64", error, 1e-10, "absolute difference")


# -- Parts ---------------------------------------------------------------------------------------------------


def _add_plots(experiment: Experiment) -> None:
    rows = "rows at once"
    experiment.plot(
        "heads-accuracy",
        "Accuracy of heads of as many parameters on drawn gratings",
        "head",
        "share of right classes, mean over seeds with its 95% interval",
        {"accuracy": {arm.label: f"heads_accuracy_{name}" for name, arm in HEADS.items()}},
        kind="bars",
    )
    experiment.plot(
        "heads-cost",
        "Time of 2 of 8 experts over that of the dense head, 512 features and 512 wide",
        rows,
        "times the dense head's",
        {
            words: {count: f"routing_{way}_over_dense_{count}" for count in _ALL_ROWS}
            for way, words in WAYS.items()
        },
        x_scale="log",
        y_scale="log",
        level=(1, "as long as the dense head"),
    )
    experiment.plot(
        "naive-routing",
        "Time of naive routing over that of the dense head",
        rows,
        "times the dense head's",
        {
            label: {count: f"routing_looped_over_dense{series}_{count}" for count in _ALL_ROWS}
            for series, label in (("", "512 wide, as published"), ("_wide", "wider"))
        },
        x_scale="log",
        y_scale="log",
        level=(1, "as long as the dense head"),
    )
    experiment.plot(
        "naive-routing-ms",
        "Time of naive routing less that of the dense head, 512 features and 512 wide",
        rows,
        "ms",
        {"512 wide, as published": {count: f"naive_routing_ms_{count}" for count in _ALL_ROWS}},
        x_scale="log",
        level=(0, "as long as the dense head"),
    )


def add_parts(experiment: Experiment) -> None:
    """Declare the parts, and what pages draw of them."""
    experiment.part(
        "vision-heads",
        "accuracy of dense, soft, sparse and hard heads of as many parameters on drawn gratings",
        {"smoke": 3, "cpu": 150, "gpu": 500},
        metrics=list(_head_metrics()),
    )(heads)
    experiment.part(
        "routing-cost",
        "time of a sparse head run naively, sorted and all at once, beside the dense head",
        {"smoke": 2, "cpu": 15, "gpu": 15},
        metrics=list(_cost_metrics()),
    )(routing_cost)
    _add_plots(experiment)
