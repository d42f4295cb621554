"""Heads with experts on a small classifier, and what naive routing costs: in kind for 2601.15021.

Images are gratings of ten classes with noise.  One small trunk gets one of four heads of as many parameters:
a dense one, eight experts that are all run and weighed (soft), the best two of eight (sparse), and the best
one (hard).  Then the sparse head's experts are run in three ways and timed beside the dense head.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from _timing import Effort, measured
from harness import Experiment, Metric, Run
from torch import Tensor, nn

EXPERTS, CLASSES, FEATURES, _SIDE = 8, 10, 64, 16
# How strongly the balance of importance and that of load count, as arXiv 2601.15021 has it.
_BALANCE = 0.2
HEADS = {
    "dense": "one multilayer perceptron",
    "soft": "8 experts, all run, weighed by a gate",
    "sparse": "the best 2 of 8 experts, with noise in the gate while training",
    "hard": "the best 1 of 8 experts, with noise in the gate while training",
}
_CHOSEN = {"soft": EXPERTS, "sparse": 2, "hard": 1}


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


class Experts(nn.Module):
    """Eight perceptrons side by side: weights in [expert, features, inner], out [expert, inner, classes]."""

    def __init__(self, features: int, inner: int, classes: int) -> None:
        super().__init__()
        self.into = nn.Parameter(torch.randn(EXPERTS, features, inner) / math.sqrt(features))
        self.bias = nn.Parameter(torch.zeros(EXPERTS, 1, inner))
        self.out = nn.Parameter(torch.randn(EXPERTS, inner, classes) / math.sqrt(inner))

    def one(self, expert: int, features: Tensor) -> Tensor:
        """Return what one expert says of some features, [n, classes]."""
        return (features @ self.into[expert] + self.bias[expert]).relu() @ self.out[expert]

    def every(self, features: Tensor) -> Tensor:
        """Return what all experts say, [expert, n, classes]."""
        inner = torch.baddbmm(self.bias, features.expand(EXPERTS, *features.shape), self.into)
        return inner.relu() @ self.out


class Head(nn.Module):
    """A gate and experts; ``chosen`` of them count for an image."""

    def __init__(self, features: int, width: int, classes: int, chosen: int) -> None:
        super().__init__()
        self.chosen = chosen
        self.experts = Experts(features, width // EXPERTS, classes)
        self.gate = nn.Linear(features, EXPERTS, bias=False)

    def weights(self, features: Tensor, noise: Tensor | None = None) -> Tensor:
        """Return how experts are weighed, [n, expert]: 0 for those that are not chosen."""
        scores = self.gate(features) + (0 if noise is None else noise)
        best = scores.topk(self.chosen, 1)
        weights = torch.zeros_like(scores)
        return weights.scatter(1, best.indices, best.values.softmax(1))

    def forward(self, features: Tensor, noise: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return scores of the classes and the weights."""
        weights = self.weights(features, noise)
        return torch.einsum("ne,enc->nc", weights, self.experts.every(features)), weights


def looped(head: Head, features: Tensor) -> Tensor:
    """Run the chosen experts one after another on the rows that chose each: routing written naively."""
    weights = head.weights(features)
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
    weights = head.weights(features)
    best = weights.topk(head.chosen, 1)
    order = best.indices.flatten().argsort()
    rows = order // head.chosen
    counts = best.indices.flatten().bincount(minlength=EXPERTS).tolist()
    parts = features[rows].split(counts)
    said = torch.cat([head.experts.one(expert, part) for expert, part in enumerate(parts)])
    found = torch.zeros(len(features), said.shape[1], device=features.device, dtype=features.dtype)
    return found.index_add_(0, rows, said * best.values.flatten()[order, None])


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


def dense(features: int, width: int, classes: int) -> nn.Sequential:
    """Return the dense head."""
    return nn.Sequential(nn.Linear(features, width), nn.ReLU(), nn.Linear(width, classes, bias=False))


def _unevenness(values: Tensor) -> Tensor:
    """Return the squared coefficient of variation."""
    return values.var(unbiased=False) / values.mean().square().clamp_min(1e-9)


def trained(name: str, sizes: Sizes, seed: int, device: str) -> dict[str, float | list[float]]:
    """Train one head on its own trunk; return its accuracy, each expert's load and the head's parameters."""
    random = torch.Generator().manual_seed(seed)
    images, classes = gratings(sizes.training, random)
    tests, truth = (one.to(device) for one in gratings(sizes.tests, random))
    torch.manual_seed(seed)
    trunk = _trunk().to(device)
    is_dense = name == "dense"
    head = (
        dense(FEATURES, sizes.width, CLASSES)
        if is_dense
        else Head(FEATURES, sizes.width, CLASSES, _CHOSEN[name])
    ).to(device)
    optimizer = torch.optim.AdamW([*trunk.parameters(), *head.parameters()], lr=2e-3)
    for _ in range(sizes.steps):
        rows = torch.randint(sizes.training, (sizes.batch,), generator=random)
        features = trunk(images[rows].to(device))
        if is_dense:
            scores, balance = head(features), 0
        else:
            noise = torch.randn((sizes.batch, EXPERTS), generator=random).to(device) / EXPERTS
            scores, weights = head(features, noise if name != "soft" else None)
            balance = _unevenness(weights.sum(0)) + _unevenness((head.gate(features).softmax(1)).sum(0))
        loss = nn.functional.cross_entropy(scores, classes[rows].to(device)) + _BALANCE * balance
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        features = trunk(tests)
        scores = head(features) if is_dense else head(features)[0]
        load = [] if is_dense else head.weights(features).gt(0).float().mean(0).tolist()
    return {
        "accuracy": (scores.argmax(1) == truth).float().mean().item(),
        "load": load,
        "parameters": sum(one.numel() for one in head.parameters()),
    }


# -- Parts ---------------------------------------------------------------------------------------------------

_SIZES = {
    "smoke": Sizes(200, 60, 6, 32, 64),
    "cpu": Sizes(8_000, 2_000, 500, 128, 256),
    "gpu": Sizes(50_000, 10_000, 5_000, 256, 512),
}
_EFFORTS = {"smoke": Effort(0.01, 3, 5), "cpu": Effort(0.3, 5, 60), "gpu": Effort(0.5, 10, 200)}
_ROWS = {"smoke": (3,), "cpu": (1, 32, 1024), "gpu": (1, 32, 1024, 16384)}
# Features and inner width of the timed heads.
_TIMED = {"smoke": (16, 64), "cpu": (512, 4096), "gpu": (2048, 16384)}
_ALL_ROWS = (1, 32, 1024, 16384)
WAYS = {
    "looped": "expert after expert, rows picked by a mask",
    "sorted": "expert after expert, rows sorted once",
    "every": "all experts in one batch of products, then weighed",
}


def _spread(samples: str) -> tuple[str, str]:
    half = f"1.96 * stdev({samples}) / sqrt(count({samples}))"
    return f"mean({samples}) - {half}", f"mean({samples}) + {half}"


def _head_metrics() -> Iterator[Metric]:
    for name, words in HEADS.items():
        samples = f"heads_accuracy_{name}_by_seed"
        yield Metric(
            f"heads_accuracy_{name}",
            f"mean({samples})",
            "share",
            "measured",
            f"accuracy: {words}",
            *_spread(samples),
        )
        yield Metric(
            f"heads_parameters_{name}",
            f"max(heads_parameters_{name}_by_seed)",
            "parameters",
            "counted",
            f"parameters of the head: {words}",
        )
    for name in _CHOSEN:
        samples = f"heads_{name}_less_dense_by_seed"
        yield Metric(
            f"heads_{name}_less_dense",
            f"mean({samples})",
            "share",
            "measured",
            f"accuracy less that of the dense head: {HEADS[name]}",
            *_spread(samples),
        )
        yield Metric(
            f"heads_least_load_{name}",
            f"min(heads_load_{name})",
            "share",
            "measured",
            f"share of images that the least used expert gets, over all seeds: {HEADS[name]}",
        )


def heads(run: Run) -> None:
    """Train every head with every seed."""
    sizes = _SIZES[run.preset]
    for name in ("training", "tests", "steps", "batch", "width"):
        run.parameter(f"heads_{name}", getattr(sizes, name), None, f"{name} of the heads' training")
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
    for name, outcomes in found.items():
        accuracy = [one["accuracy"] for one in outcomes]
        run.sample(f"heads_accuracy_{name}_by_seed", accuracy, "share", "share of right classes, by seed")
        counts = [one["parameters"] for one in outcomes]
        run.sample(
            f"heads_parameters_{name}_by_seed", counts, "parameters", "parameters of the head, by seed"
        )
        if name == "dense":
            continue
        load = [share for one in outcomes for share in one["load"]]
        run.sample(f"heads_load_{name}", load, "share", "share of images that each expert gets, seed by seed")
        pairs = zip(accuracy, found["dense"], strict=True)
        less = [mine - other["accuracy"] for mine, other in pairs]
        run.sample(
            f"heads_{name}_less_dense_by_seed", less, "share", "accuracy less the dense head's, by seed"
        )
    run.note("The heads' images are drawn gratings; CIFAR-10 and the paper's training are not here.")


def _cost_metrics() -> Iterator[Metric]:
    for rows in _ALL_ROWS:
        base = f"heads_time_dense_{rows}"
        for way, words in WAYS.items():
            time = f"heads_time_{way}_{rows}"
            yield Metric(
                f"heads_{way}_over_dense_{rows}",
                f"median({time}) / median({base})",
                "x",
                "measured",
                f"time over that of the dense head, {rows} rows: {words}",
                f"quantile({time}, 0.25) / quantile({base}, 0.75)",
                f"quantile({time}, 0.75) / quantile({base}, 0.25)",
            )
        yield Metric(
            f"heads_looped_less_dense_{rows}",
            f"median(heads_time_looped_{rows}) - median({base})",
            "ms",
            "measured",
            f"time of naive routing less that of the dense head, {rows} rows",
            f"quantile(heads_time_looped_{rows}, 0.25) - quantile({base}, 0.75)",
            f"quantile(heads_time_looped_{rows}, 0.75) - quantile({base}, 0.25)",
        )


def routing_cost(run: Run) -> None:
    """Time the dense head and the sparse one, run in three ways, on rows drawn at random."""
    features, width = _TIMED[run.preset]
    run.parameter("heads_timed_features", features, None, "features of the timed heads")
    run.parameter(
        "heads_timed_width", width, None, "inner width of the timed dense head, that of all experts"
    )
    torch.manual_seed(0)
    head = Head(features, width, CLASSES, _CHOSEN["sparse"]).to(run.device)
    whole = dense(features, width, CLASSES).to(run.device)
    ways: dict[str, Callable[[Tensor], Tensor]] = {
        "dense": whole,
        "looped": lambda rows: looped(head, rows),
        "sorted": lambda rows: sorted_once(head, rows),
        "every": lambda rows: head(rows)[0],
    }
    with torch.no_grad():
        _check(run, head)
        for count in _ROWS[run.preset]:
            rows = torch.randn((count, features), device=run.device)
            for way, call in ways.items():
                times = run.step(
                    f"{way} head, {count} rows",
                    lambda call=call, rows=rows: measured(
                        lambda _: call(rows), device=run.device, effort=_EFFORTS[run.preset]
                    ),
                )
                run.sample(f"heads_time_{way}_{count}", times, "ms", f"one call, {count} rows: {way}")


def _check(run: Run, head: Head) -> None:
    """Hold the three ways against each other, in fp64."""
    rows = torch.randn((37, head.experts.into.shape[1]), device=run.device).double()
    exact = Head(rows.shape[1], 8 * head.experts.into.shape[2], CLASSES, head.chosen).to(run.device).double()
    every = exact(rows)[0]
    for way, call in (("looped", looped), ("sorted", sorted_once)):
        error = (call(exact, rows) - every).abs().max().item()
        run.check(f"sparse head, {way}", "all experts, weighed, fp64", error, 1e-10, "absolute difference")


def add_parts(experiment: Experiment) -> None:
    """Declare the parts, and what pages draw of them."""
    experiment.part(
        "vision-heads",
        "accuracy of dense, soft, sparse and hard heads of as many parameters on drawn gratings",
        {"smoke": 3, "cpu": 120, "gpu": 400},
        metrics=list(_head_metrics()),
    )(heads)
    experiment.part(
        "routing-cost",
        "time of a sparse head run naively, sorted and all at once, beside the dense head",
        {"smoke": 2, "cpu": 10, "gpu": 30},
        metrics=list(_cost_metrics()),
    )(routing_cost)
    experiment.plot(
        "heads-accuracy",
        "Accuracy of heads of as many parameters on drawn gratings",
        "head",
        "share of right classes, mean over seeds with its 95% interval",
        {"accuracy": {words: f"heads_accuracy_{name}" for name, words in HEADS.items()}},
        kind="bars",
    )
    experiment.plot(
        "heads-cost",
        "Time of a sparse head over that of the dense head",
        "rows at once",
        "times the dense head's",
        {
            words: {rows: f"heads_{way}_over_dense_{rows}" for rows in _ALL_ROWS}
            for way, words in WAYS.items()
        },
        x_scale="log",
        y_scale="log",
        level=(1, "as long as the dense head"),
    )
