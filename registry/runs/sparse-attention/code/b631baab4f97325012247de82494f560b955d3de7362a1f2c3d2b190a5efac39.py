"""A two-tower retrieval model over generated scenes with long captions: dense attention against gated sparse.

A scene is a few objects, each with a kind, a colour, a size and a place.  Its caption states the objects and
some relations between them, spread over a long text whose other sentences say nothing or tell of objects
elsewhere.  Scenes come in groups that have the same kinds, colours and sizes but not on the same objects, so
that counting words cannot tell the scenes of a group apart.  The text tower is a causal transformer of
:mod:`_sequence_training`, the image tower a network over the objects' features; a contrastive loss draws a
caption to its scene.  Recall is from caption to scene.
"""

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from _sequence_training import (
    ARMS,
    Arm,
    Schedule,
    Shape,
    Watch,
    Weights,
    count,
    drawn,
    generator,
    linear,
    one_thread,
    stack,
    stack_weights,
    train,
)
from harness import Experiment, Metric, Run
from torch import Tensor
from torch.nn import functional

LENGTHS = ("short", "middle", "long")
CUTOFFS = (1, 5, 10)
COMPARED = ("dense", "gsa")
SENTENCE = 6  # tokens
_KINDS, _COLOURS, _SIZES, _FILLERS = 6, 4, 2, 24
_SIDES = 4  # left of, right of, above, below
_FIRST_KIND = 5
_FIRST_COLOUR = _FIRST_KIND + _KINDS
_FIRST_SIZE = _FIRST_COLOUR + _COLOURS
_FIRST_SIDE = _FIRST_SIZE + _SIZES
_FIRST_FILLER = _FIRST_SIDE + _SIDES
BEGIN, STOP, THE, HERE, ELSEWHERE = range(_FIRST_KIND)
VOCABULARY = _FIRST_FILLER + _FILLERS
FEATURES = _KINDS + _COLOURS + _SIZES + 2
_RESAMPLED = 500


@dataclass(frozen=True)
class RetrievalSizes:
    """Sizes of the retrieval part for a preset; ``sentences`` are of a short, middle and long caption."""

    shape: Shape
    objects: int
    relations: int
    group: int
    sentences: tuple[int, int, int]
    tokens_per_step: int
    largest_batch: int
    more_scenes: int
    steps: int
    rate: float
    evaluated: int

    def tokens(self, sentences: int) -> int:
        """Return how long a caption of so many sentences is."""
        return 1 + SENTENCE * sentences

    def batch(self, sentences: int) -> int:
        """Return how many captions of so many sentences a step holds."""
        return max(2, min(self.largest_batch, self.tokens_per_step // self.tokens(sentences)))


@dataclass(frozen=True)
class Scenes:
    """Objects of scenes: which kind, colour and size, [scene, object], and places, [scene, object, 2]."""

    kinds: Tensor
    colours: Tensor
    sizes: Tensor
    places: Tensor


def scenes(random: torch.Generator, number: int, objects: int, group: int) -> Scenes:
    """Draw scenes; the kinds of a scene's objects differ, so that a relation names its objects.

    Every ``group`` scenes in a row share kinds, colours and sizes; each shuffles colours and sizes over its
    objects and has places of its own.
    """
    groups = -(-number // group)
    kinds = torch.rand(groups, _KINDS, generator=random).argsort(1)[:, :objects]
    colours = torch.randint(_COLOURS, (groups, objects), generator=random)
    sizes = torch.randint(_SIZES, (groups, objects), generator=random)
    kinds, colours, sizes = (one.repeat_interleave(group, 0)[:number] for one in (kinds, colours, sizes))
    colours = colours.gather(1, torch.rand(number, objects, generator=random).argsort(1))
    sizes = sizes.gather(1, torch.rand(number, objects, generator=random).argsort(1))
    return Scenes(kinds, colours, sizes, torch.rand(number, objects, 2, generator=random) * 2 - 1)


def features(of: Scenes) -> Tensor:
    """Return what the image tower sees of each object: one-hot kind, colour and size, and its place."""
    hot = [
        functional.one_hot(of.kinds, _KINDS),
        functional.one_hot(of.colours, _COLOURS),
        functional.one_hot(of.sizes, _SIZES),
    ]
    return torch.cat([*(one.float() for one in hot), of.places], dim=-1)


def _described(size: Tensor, colour: Tensor, kind: Tensor, first: Tensor, fifth: Tensor) -> Tensor:
    """Return sentences such as "the small red ball here."."""
    words = [first, _FIRST_SIZE + size, _FIRST_COLOUR + colour, _FIRST_KIND + kind, fifth]
    return torch.stack([*words, torch.full_like(size, STOP)], dim=-1)


def _sides(of: Scenes, one: Tensor, other: Tensor) -> Tensor:
    """Return on which side of another object one lies, along the axis where they are further apart."""
    scene = torch.arange(len(one)).unsqueeze(1)
    apart = of.places[scene, one] - of.places[scene, other]
    is_vertical = apart[..., 1].abs() > apart[..., 0].abs()
    along = torch.where(is_vertical, apart[..., 1], apart[..., 0])
    return 2 * is_vertical.long() + (along > 0).long()


def _facts(of: Scenes, random: torch.Generator, relations: int) -> Tensor:
    """Return the sentences about a scene, [scene, sentence, word]: each object, then relations."""
    the = torch.full_like(of.kinds, THE)
    objects = _described(of.sizes, of.colours, of.kinds, the, torch.full_like(of.kinds, HERE))
    number, available = of.kinds.shape
    one = torch.randint(available, (number, relations), generator=random)
    other = (one + torch.randint(1, available, (number, relations), generator=random)) % available
    scene = torch.arange(number).unsqueeze(1)
    the = torch.full_like(one, THE)
    words = [
        the,
        _FIRST_KIND + of.kinds[scene, one],
        _FIRST_SIDE + _sides(of, one, other),
        the,
        _FIRST_KIND + of.kinds[scene, other],
        torch.full_like(one, STOP),
    ]
    return torch.cat([objects, torch.stack(words, dim=-1)], dim=1)


def _distractors(random: torch.Generator, number: int, sentences: int) -> Tensor:
    """Return sentences that say nothing and, for every third, of an object that is elsewhere."""
    size = (number, sentences)
    filler = torch.randint(_FIRST_FILLER, VOCABULARY, (*size, SENTENCE), generator=random)
    filler[..., -1] = STOP
    kind, colour, of_size = (
        torch.randint(many, size, generator=random) for many in (_KINDS, _COLOURS, _SIZES)
    )
    elsewhere = _described(of_size, colour, kind, torch.full(size, ELSEWHERE), torch.full(size, HERE))
    is_elsewhere = torch.rand(size, generator=random) < 1 / 3
    return torch.where(is_elsewhere.unsqueeze(-1), elsewhere, filler)


def captions(of: Scenes, random: torch.Generator, relations: int, sentences: int) -> Tensor:
    """Return captions, [scene, token]: the facts of each scene at random places of a text, in any order."""
    facts = _facts(of, random, relations)
    number, stated, _ = facts.shape
    if sentences < stated:
        raise ValueError(f"{sentences} sentences cannot hold {stated} facts")
    text = _distractors(random, number, sentences)
    places = torch.rand(number, sentences, generator=random).argsort(1)[:, :stated]
    text.scatter_(1, places.unsqueeze(-1).expand_as(facts), facts)
    return functional.pad(text.flatten(1), (1, 0), value=BEGIN)


def tower_weights(shape: Shape, arm: Arm, seed: int, device: str) -> Weights:
    """Return the weights of both towers."""
    width = shape.width
    sizes = {
        "pool": ((width, 1), width**-0.5),
        "text_out": ((width, width), width**-0.5),
        "object_in": ((FEATURES, 2 * width), FEATURES**-0.5),
        "object_out": ((2 * width, 2 * width), (2 * width) ** -0.5),
        "scene_in": ((2 * width, 2 * width), (2 * width) ** -0.5),
        "scene_out": ((2 * width, width), (2 * width) ** -0.5),
    }
    weights = stack_weights(shape, arm, [seed], device) | drawn(sizes, [seed], device)
    weights["scale"] = torch.full((1, 1), math.log(10.0), device=device).requires_grad_()
    return weights


def text_vectors(
    weights: Weights, shape: Shape, arm: Arm, tokens: Tensor, selects: bool = True, watch: Watch | None = None
) -> tuple[Tensor, Tensor]:
    """Return a unit vector of each caption, [caption, width], and the indexer's loss."""
    read, loss = stack(weights, shape, arm, tokens.unsqueeze(0), selects, watch)
    share = linear(read, weights["pool"]).softmax(2)
    pooled = linear((share * read).sum(2), weights["text_out"])
    return functional.normalize(pooled[0], dim=-1), loss


def scene_vectors(weights: Weights, seen: Tensor) -> Tensor:
    """Return a unit vector of each scene, [scene, width]; the order of its objects does not matter."""
    hidden = functional.gelu(linear(seen.unsqueeze(0), weights["object_in"]))
    together = functional.gelu(linear(hidden, weights["object_out"])).sum(2)
    raised = functional.gelu(linear(together, weights["scene_in"]))
    return functional.normalize(linear(raised, weights["scene_out"])[0], dim=-1)


def contrastive_loss(texts: Tensor, seen: Tensor, scale: Tensor) -> Tensor:
    """Return the mean of both directions' cross-entropy; scenes without a caption are wrong for every one."""
    logits = scale.clamp(max=math.log(100.0)).exp() * texts @ seen.T
    right = torch.arange(len(texts), device=texts.device)
    to_scene = functional.cross_entropy(logits, right)
    return (to_scene + functional.cross_entropy(logits[:, : len(texts)].T, right)) / 2


def _losses(
    weights: Weights, sizes: RetrievalSizes, arm: Arm, seed: int, device: str
) -> Callable[[int, bool], tuple[Tensor, Tensor]]:
    def losses(step: int, selects: bool) -> tuple[Tensor, Tensor]:
        random = generator("retrieval", seed, step)
        sentences = sizes.sentences[step % len(sizes.sentences)]
        batch = sizes.batch(sentences)
        of = scenes(random, batch + sizes.more_scenes, sizes.objects, sizes.group)
        shown = Scenes(of.kinds[:batch], of.colours[:batch], of.sizes[:batch], of.places[:batch])
        tokens = captions(shown, random, sizes.relations, sentences).to(device)
        texts, own = text_vectors(weights, sizes.shape, arm, tokens, selects)
        seen = scene_vectors(weights, features(of).to(device))
        return contrastive_loss(texts, seen, weights["scale"]).view(1), own

    return losses


def ranks(texts: Tensor, seen: Tensor) -> list[int]:
    """Return, for each caption, the rank of its own scene; a scene that is as near counts as nearer."""
    nearness = texts @ seen.T
    return (nearness >= nearness.diagonal().unsqueeze(1)).sum(1).tolist()


@torch.no_grad()
def _evaluated(
    weights: Weights, sizes: RetrievalSizes, arm: Arm, seed: int, device: str
) -> dict[str, dict[str, Any]]:
    """Return, by length, the ranks of held-out scenes, the positions read, and the seconds of a caption."""
    results: dict[str, dict[str, Any]] = {}
    random = generator("retrieval held out", seed)
    of = scenes(random, sizes.evaluated, sizes.objects, sizes.group)
    seen = scene_vectors(weights, features(of).to(device))
    for name, sentences in zip(LENGTHS, sizes.sentences, strict=True):
        tokens = captions(of, random, sizes.relations, sentences).to(device)
        vectors, read, seconds = [], [], []
        for some in tokens.split(sizes.batch(sentences)):
            watch = Watch()
            began = _now(device)
            vectors.append(text_vectors(weights, sizes.shape, arm, some, watch=watch)[0])
            seconds.append((_now(device) - began) / len(some))
            read += [float(one.float().mean()) for one in watch.selected]
        results[name] = {
            "ranks": ranks(torch.cat(vectors), seen),
            "selected": statistics.fmean(read) if read else None,
            "seconds": statistics.median(seconds),
        }
    return results


def _now(device: str) -> float:
    """Return the time at which everything asked of the device so far is done."""
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def train_towers(sizes: RetrievalSizes, arm: Arm, seed: int, device: str) -> dict[str, Any]:
    """Train and evaluate both towers of one arm and seed."""
    with one_thread(device):
        weights = tower_weights(sizes.shape, arm, seed, device)
        schedule = Schedule(sizes.steps, sizes.largest_batch, sizes.rate)
        curve = train(weights, schedule, _losses(weights, sizes, arm, seed, device))[0]
        tail = max(1, sizes.steps // 20)
        results: dict[str, Any] = dict(_evaluated(weights, sizes, arm, seed, device))
    return results | {"loss": statistics.fmean(curve[-tail:]), "weights": count(weights)}


def bootstrap(hits: Tensor, name: str, resampled: int = _RESAMPLED) -> list[float]:
    """Return means of resampled hits, [seed, query]: seeds are drawn again, then queries within each."""
    random = generator("bootstrap", name)
    models, queries = hits.shape
    chosen = torch.randint(models, (resampled, models, 1), generator=random)
    asked = torch.randint(queries, (resampled, models, queries), generator=random)
    return hits[chosen, asked].mean((1, 2)).tolist()


RETRIEVAL: dict[str, RetrievalSizes] = {
    "smoke": RetrievalSizes(
        Shape(VOCABULARY, 1, 32, 1, 32, k_base=8, k_min=1, k_max=16, indexer_width=8, reads_previous=True),
        3, 2, 4, (6, 8, 12), 256, 4, 8, 6, 3e-3, 16,
    ),
    "cpu": RetrievalSizes(
        Shape(VOCABULARY, 1, 64, 2, 128, k_base=16, k_min=2, k_max=32, reads_previous=True),
        3, 2, 4, (8, 16, 32), 784, 16, 32, 400, 3e-3, 100,
    ),
    "gpu": RetrievalSizes(
        Shape(
            VOCABULARY, 2, 128, 4, 512,
            k_base=256, k_min=32, k_max=512, indexer_width=32, reads_previous=True,
        ),
        5, 4, 4, (16, 167, 666), 32768, 256, 256, 600, 2e-3, 400,
    ),
}  # fmt: skip
_NOTES = (
    "this is in kind only: Kosmos-2 reads at most 2048 positions and captions of Flickr30K have about a dozen"
    " words, so nothing here measures either",
    "selected attention is masked here and not skipped, so its seconds show what indexer and selection add"
    " and nothing of what skipping would save; its counted operations are those of one that skips",
    "operations count a multiplication and an addition as two; softmax, sigmoid, norms and the choice of the"
    " largest scores are not counted",
    "captions of all three lengths are trained on in turn; scenes of a group differ only in which object has"
    " which colour, size and place",
    "intervals are the 2.5% and 97.5% quantiles of bootstrap means that draw seeds again and queries within"
    " each; few seeds make them rough",
    "both arms train at the same learning rate, which was chosen and not swept; the text tower embeds each"
    " word together with the one before it",
)


def _flops(arm: str, length: str) -> list[tuple[str, str]]:
    """Return stages of a caption's way through the text tower, each with the formula of its operations."""
    tokens, width = f"retrieval_tokens_{length}", "retrieval_width"
    pairs = f"{tokens} * ({tokens} + 1) / 2"
    layers = "retrieval_layers"
    matrices = f"2 * {layers} * {tokens} * (4 * {width} ** 2 + 2 * {width} * retrieval_hidden)"
    if arm == "dense":
        return [("projections", matrices), ("attention", f"4 * {layers} * {width} * {pairs}")]
    heads, of_head = "retrieval_indexer_heads", "retrieval_indexer_width"
    columns = f"({heads} * {of_head} + {of_head} + {heads})"
    scores = f"{layers} * {pairs} * {heads} * (2 * {of_head} + 2)"
    return [
        ("projections", f"{matrices} + 4 * {layers} * {tokens} * {width} ** 2"),
        ("indexer", f"2 * {layers} * {tokens} * {width} * {columns} + {scores}"),
        ("attention", f"4 * {layers} * {width} * {tokens} * mean(retrieval_selected_{length}_by_seed)"),
    ]


def _recall(name: str, formula: str, boot: str, what: str) -> Metric:
    """Return a metric of recall with the interval of its bootstrap means."""
    low, high = (f"quantile({boot}, {share})" for share in (0.025, 0.975))
    return Metric(name, formula, "share", "measured", what, low, high)


def _metrics() -> list[Metric]:
    """Return recall with its interval, the difference to dense, operations and seconds, for every length."""
    metrics = []
    for length in LENGTHS:
        for cutoff in CUTOFFS:
            end = f"{length}_at_{cutoff}"
            for arm in COMPARED:
                what = f"Recall@{cutoff} of {arm}, from {length} captions to held-out scenes"
                name, hits = f"retrieval_recall_at_{cutoff}_{arm}_{length}", f"retrieval_hits_{arm}_{end}"
                metrics.append(_recall(name, f"mean({hits})", f"retrieval_boot_{arm}_{end}", what))
            what = f"Recall@{cutoff} of gsa minus that of dense, {length} captions, same scenes"
            formula = f"mean(retrieval_hits_gsa_{end}) - mean(retrieval_hits_dense_{end})"
            name = f"retrieval_recall_at_{cutoff}_gsa_minus_dense_{length}"
            metrics.append(_recall(name, formula, f"retrieval_boot_gsa_minus_dense_{end}", what))
        metrics += _costs(length)
    return metrics


def _costs(length: str) -> list[Metric]:
    """Return operations and seconds of a caption, and the ratio of the arms."""
    metrics = []
    for arm in COMPARED:
        names = []
        for stage, formula in _flops(arm, length):
            names.append(f"retrieval_flops_{stage}_{arm}_{length}")
            what = f"operations of the {stage} in {arm}'s text tower on a {length} caption"
            metrics.append(Metric(names[-1], formula, "FLOP", "counted", what))
        what = f"operations of {arm}'s text tower on a {length} caption"
        name = f"retrieval_flops_{arm}_{length}"
        metrics.append(Metric(name, " + ".join(names), "FLOP", "counted", what))
        what = f"seconds of {arm}'s text tower per {length} caption, median over seeds"
        formula = f"median(retrieval_seconds_{arm}_{length}_by_seed)"
        metrics.append(Metric(f"retrieval_seconds_{arm}_{length}", formula, "s", "measured", what))
    for name, kind in (("flops", "counted"), ("seconds", "measured")):
        formula = f"retrieval_{name}_gsa_{length} / retrieval_{name}_dense_{length}"
        what = f"{name} of gsa over {name} of dense, {length} captions"
        metrics.append(Metric(f"retrieval_{name}_ratio_{length}", formula, "ratio", kind, what))
    return metrics


def _describe(run: Run, sizes: RetrievalSizes) -> None:
    """Keep what was chosen for the part."""
    shape = sizes.shape
    for name, sentences in zip(LENGTHS, sizes.sentences, strict=True):
        tokens = sizes.tokens(sentences)
        run.parameter(f"retrieval_tokens_{name}", tokens, "token", f"tokens of a {name} caption")
        what = f"captions of a training step with {name} captions"
        run.parameter(f"retrieval_batch_{name}", sizes.batch(sentences), "caption", what)
    chosen = (
        ("layers", shape.layers, "layer", "layers of the text tower"),
        ("width", shape.width, None, "width of the text tower and of the vectors"),
        ("heads", shape.heads, "head", "attention heads"),
        ("hidden", shape.hidden, None, "hidden width of the feed-forward layers"),
        ("k_base", shape.k_base, "token", "positions a query reads before adaptation"),
        ("k_min", shape.k_min, "token", "fewest positions a query reads"),
        ("k_max", shape.k_max, "token", "most positions a query reads"),
        ("indexer_heads", shape.indexer_heads, "head", "heads of the indexer"),
        ("indexer_width", shape.indexer_width, None, "width of an indexer head"),
        ("objects", sizes.objects, "object", "objects of a scene"),
        ("relations", sizes.relations, "sentence", "relations that a caption states"),
        ("group", sizes.group, "scene", "scenes that share kinds, colours and sizes"),
        ("more_scenes", sizes.more_scenes, "scene", "scenes of a training step that have no caption"),
        ("steps", sizes.steps, "step", "training steps"),
        ("rate", sizes.rate, None, "learning rate of both arms"),
        ("evaluated", sizes.evaluated, "scene", "held-out scenes that a caption is ranked against"),
    )
    for name, value, unit, what in chosen:
        run.parameter(f"retrieval_{name}", value, unit, what)


def _keep_recall(run: Run, finished: dict[str, list[dict[str, Any]]], length: str) -> None:
    """Keep every query's hit at every cutoff, and the bootstrap means of the hits."""
    for cutoff in CUTOFFS:
        end = f"{length}_at_{cutoff}"
        hits = {
            arm: torch.tensor([[float(rank <= cutoff) for rank in one[length]["ranks"]] for one in results])
            for arm, results in finished.items()
        }
        for arm, of_arm in hits.items():
            what = f"whether {arm} ranks a caption's scene among the first {cutoff}; seed after seed"
            run.sample(f"retrieval_hits_{arm}_{end}", map(int, of_arm.flatten().tolist()), None, what)
            what = f"bootstrap means of {arm}'s hits"
            run.sample(f"retrieval_boot_{arm}_{end}", bootstrap(of_arm, end), "share", what)
        what = "bootstrap means of gsa's hits minus dense's, query by query"
        difference = bootstrap(hits["gsa"] - hits["dense"], end)
        run.sample(f"retrieval_boot_gsa_minus_dense_{end}", difference, "share", what)


def _keep_costs(run: Run, finished: dict[str, list[dict[str, Any]]], length: str) -> None:
    """Keep the seconds of a caption, and how many positions a query of the sparse arm reads."""
    for arm, results in finished.items():
        what = f"seconds of {arm}'s text tower per {length} caption, one number a seed"
        run.sample(
            f"retrieval_seconds_{arm}_{length}_by_seed",
            [one[length]["seconds"] for one in results],
            "s",
            what,
        )
    selected = [one[length]["selected"] for one in finished["gsa"]]
    what = f"positions that a query of gsa reads in a {length} caption, mean; one number a seed"
    run.sample(f"retrieval_selected_{length}_by_seed", selected, "token", what)


def _retrieval_part(run: Run) -> None:
    sizes = RETRIEVAL[run.preset]
    # Smoke needs two seeds for a deviation, and no more.
    seeds = run.seeds[:2] if run.preset == "smoke" else run.seeds
    run.dtype = "float32"
    _describe(run, sizes)
    finished: dict[str, list[dict[str, Any]]] = {}
    for name in COMPARED:
        results = [
            run.step(
                f"retrieval {name} seed {seed}",
                lambda name=name, seed=seed: train_towers(sizes, ARMS[name], seed, run.device),
            )
            for seed in seeds
        ]
        finished[name] = [one for one in results if one is not None]
    for note in _NOTES:
        run.note(note)
    if not all(len(results) == len(seeds) for results in finished.values()):
        return
    for name, results in finished.items():
        what = f"weights of both towers of {name}"
        run.sample(f"retrieval_parameters_{name}", [results[0]["weights"]], "weight", what)
        what = f"contrastive loss of {name} over the last twentieth of the steps, one number a seed"
        run.sample(f"retrieval_loss_{name}_by_seed", [one["loss"] for one in results], "nat", what)
    for length in LENGTHS:
        _keep_recall(run, finished, length)
        _keep_costs(run, finished, length)


def add_parts(experiment: Experiment) -> None:
    """Declare the part that trains retrieval towers."""
    experiment.part(
        "retrieval",
        "trains caption and scene towers, dense and gated sparse, and ranks scenes for long captions",
        {"smoke": 3, "cpu": 110, "gpu": 400},
        _metrics(),
    )(_retrieval_part)
