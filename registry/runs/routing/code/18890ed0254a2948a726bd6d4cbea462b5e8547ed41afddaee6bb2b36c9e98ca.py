"""Routing between indices, in kind: a generated corpus, eight ways to route, and one index that fuses all.

A clip has a topic and three facts: one that is spoken, one that stands on the screen, one that is seen.  Each
is emitted into the channel of its kind, and into others as far as the world lets it; a channel's index holds
one vector of each clip, the sum of what was emitted there with noise.  A query asks for one fact of one clip;
its words tell a router more or less clearly of which kind that fact is.  Nothing here was set to reach a
published value: the worlds are a grid over noise, coverage and routers' errors.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from harness import Experiment, Metric, Run
from torch import Tensor, nn

CHANNELS = ("speech", "text", "visual")
CUTOFFS = (1, 5, 10)
ROUTERS = {
    "oracle": "the smallest set of indices that ranks the clip best, which takes the answer",
    "all": "all three indices",
    "single": "the one index that was best in training",
    "random": "as many indices as the logistic router takes, chosen at random",
    "rules": "indices by words that name a kind of fact, all without such a word",
    "logistic": "logistic regression on TF-IDF, with a cost for each index",
    "mlp": "a small neural network on TF-IDF, with the same cost",
    "cascade": "the likeliest index, the next one where the best two clips lie close",
    "caption": "one index of captions that fuse all channels, without a router",
}
_CALLED = {
    "oracle": "oracle",
    "all": "all three",
    "single": "best single",
    "random": "random, as many as logistic",
    "rules": "rules",
    "logistic": "logistic",
    "mlp": "small network",
    "cascade": "cascade",
    "caption": "captions",
}
# How ranks of several indices become one: the sum of 1 / (60 + rank), the usual constant.
_FUSED, _DEPTH = 60, 100
# Queries whose fused scores of all clips are held at once.
_AT_ONCE = 256
_TOPICS, _CUES, _WORDS_OF_TOPIC, _COMMON = 40, 8, 6, 60
_INTENTS = (0.4, 0.25, 0.35)
_COST = 0.35
_RESAMPLED = 400


@dataclass(frozen=True)
class World:
    """What is generated; ``noise`` is the length of noise where a fact's is 1.

    ``coverage`` is the share of clips that a channel has, ``alone`` that of clips whose fact on the screen
    stands nowhere else (34% in arXiv 2507.13374), ``leak`` the chance of any other fact to be emitted by a
    channel of another kind, ``clarity`` that a query has a word which names its kind.
    """

    clips: int
    training: int
    queries: int
    size: int = 64
    noise: float = 1.0
    coverage: float = 0.9
    alone: float = 0.34
    leak: float = 0.3
    clarity: float = 0.7
    misleading: float = 0.15


@dataclass(frozen=True)
class Corpus:
    """Vectors of the indices [channel, clip, size], of the captions, and of queries with their words.

    ``asked`` is each query's clip, ``intent`` the kind of its fact; the first queries are for training.
    """

    indices: Tensor
    captions: Tensor
    queries: Tensor
    words: Tensor
    asked: Tensor
    intent: Tensor


def _unit(vectors: Tensor) -> Tensor:
    return vectors / vectors.norm(dim=-1, keepdim=True).clamp_min(1e-9)


def generated(world: World, seed: int) -> Corpus:
    """Return a corpus; the same seed gives the same one."""
    random = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=random) / math.sqrt(world.size)

    def chance(share: float, *shape: int) -> Tensor:
        return torch.rand(shape, generator=random) < share

    topics = normal(_TOPICS, world.size)
    topic = torch.randint(_TOPICS, (world.clips,), generator=random)
    facts = normal(3, world.clips, world.size)
    emitted = chance(world.leak, 3, 3, world.clips)
    emitted[:, 1] &= ~chance(world.alone, world.clips)
    emitted[torch.arange(3), torch.arange(3)] = True
    present = chance(world.coverage, 3, world.clips)
    told = torch.einsum("cfn,fnd->cnd", emitted.float(), facts) + topics[topic]
    told = told * present[..., None] + world.noise * normal(3, world.clips, world.size)
    captions = topics[topic] + facts.sum(0) + world.noise * normal(world.clips, world.size)
    count = world.training + world.queries
    asked = torch.randint(world.clips, (count,), generator=random)
    intent = torch.multinomial(torch.tensor(_INTENTS), count, replacement=True, generator=random)
    queries = topics[topic[asked]] + facts[intent, asked] + 0.5 * world.noise * normal(count, world.size)
    words = _words(world, topic[asked], intent, random)
    return Corpus(_unit(told), _unit(captions), _unit(queries), words, asked, intent)


def _words(world: World, topic: Tensor, intent: Tensor, random: torch.Generator) -> Tensor:
    """Return how often each query uses each word: words of kinds, of topics, and common ones."""
    count = len(topic)
    words = torch.zeros(count, 3 * _CUES + _TOPICS * _WORDS_OF_TOPIC + _COMMON)
    rows = torch.arange(count)

    def put(first: Tensor | int, among: int, where: Tensor) -> None:
        chosen = first + torch.randint(among, (count,), generator=random)
        words[rows[where], chosen[where]] += 1

    put(intent * _CUES, _CUES, torch.rand(count, generator=random) < world.clarity)
    other = (intent + 1 + torch.randint(2, (count,), generator=random)) % 3
    put(other * _CUES, _CUES, torch.rand(count, generator=random) < world.misleading)
    for _ in range(2):
        put(3 * _CUES + topic * _WORDS_OF_TOPIC, _WORDS_OF_TOPIC, rows >= 0)
    for _ in range(3):
        put(3 * _CUES + _TOPICS * _WORDS_OF_TOPIC, _COMMON, rows >= 0)
    return words


def ranks(queries: Tensor, index: Tensor) -> tuple[Tensor, Tensor]:
    """Return the best clips of each query, the best first, and their scores."""
    best = (queries @ index.T).topk(min(_DEPTH, len(index)), dim=1)
    return best.indices, best.values


def fused_rank(found: Tensor, chosen: Tensor, asked: Tensor) -> Tensor:
    """Return the rank of each query's clip after fusion of the chosen indices, from 1.

    ``found`` is [channel, query, place] with clips, ``chosen`` [query, channel].  A clip that no chosen index
    found has a rank behind all that could be.
    """
    channels, count, depth = found.shape
    weight = 1.0 / (_FUSED + torch.arange(1, depth + 1, dtype=torch.float64))
    clips = found.permute(1, 0, 2).reshape(count, channels * depth)
    value = (chosen.double()[:, :, None] * weight).reshape(count, channels * depth)
    size = max(int(found.max()), int(asked.max())) + 1
    parts = (torch.split(one, _AT_ONCE) for one in (clips, value, asked[:, None]))
    return torch.cat([_ranked(*part, size) for part in zip(*parts, strict=True)])


def _ranked(clips: Tensor, value: Tensor, asked: Tensor, size: int) -> Tensor:
    scores = torch.zeros(len(clips), size, dtype=torch.float64).scatter_add_(1, clips, value)
    mine = scores.gather(1, asked)
    better = (scores > mine + 1e-12).sum(1)
    return torch.where(mine[:, 0] > 0, better + 1, clips.shape[1] + 1)


# -- Routers -------------------------------------------------------------------------------------------------


def _tf_idf(words: Tensor, training: int) -> Tensor:
    seen = (words[:training] > 0).sum(0)
    return _unit(words * torch.log((1 + training) / (1 + seen)))


def _useful(model: nn.Module, features: Tensor, labels: Tensor, training: int, steps: int) -> Tensor:
    """Return for each query and index how likely it finds the clip, after training on the first queries."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.05, weight_decay=1e-3)
    loss = nn.BCEWithLogitsLoss()
    for _ in range(steps):
        optimizer.zero_grad()
        loss(model(features[:training]), labels[:training]).backward()
        optimizer.step()
    with torch.no_grad():
        found: Tensor = model(features).sigmoid()
    return found


def by_cost(useful: Tensor, cost: float) -> Tensor:
    """Return the chosen indices: those whose use outweighs their cost, and always the likeliest."""
    chosen = useful > cost
    chosen[torch.arange(len(useful)), useful.argmax(1)] = True
    return chosen


def _rules(words: Tensor) -> Tensor:
    named = words[:, : 3 * _CUES].reshape(len(words), 3, _CUES).sum(2) > 0
    return named | ~named.any(1, keepdim=True)


def _oracle(found: Tensor, asked: Tensor) -> Tensor:
    sets = [[bool(number >> place & 1) for place in range(3)] for number in (1, 2, 4, 3, 5, 6, 7)]
    each = torch.tensor(sets)
    all_ranks = torch.stack([fused_rank(found, one.expand(len(asked), 3), asked) for one in each])
    return each[all_ranks.argmin(0)]


def _random(like: Tensor, seed: int) -> Tensor:
    """Return random sets, each as large as another router's for the same query."""
    order = torch.rand(like.shape, generator=torch.Generator().manual_seed(seed)).argsort(1).argsort(1)
    return order < like.sum(1, keepdim=True)


def _cascade(useful: Tensor, scores: Tensor, training: int) -> Tensor:
    """Return the likeliest index, and the next one where its two best clips lie closer than usual."""
    order = useful.argsort(1, descending=True)
    rows = torch.arange(len(useful))
    gap = scores[order[:, 0], rows, 0] - scores[order[:, 0], rows, 1]
    chosen = torch.zeros_like(useful, dtype=torch.bool)
    chosen[rows, order[:, 0]] = True
    is_close = gap < gap[:training].median()
    chosen[rows[is_close], order[is_close, 1]] = True
    return chosen


@dataclass(frozen=True)
class Outcome:
    """Ranks of the test queries' clips, and how many indices each was looked up in, by router."""

    ranks: dict[str, Tensor]
    searched: dict[str, Tensor]


def routed(world: World, seed: int, steps: int, costs: tuple[float, ...] = ()) -> Outcome:
    """Generate a world, train the routers, and return what all find; ``costs`` adds logistic ones by cost."""
    corpus = generated(world, seed)
    pairs = [ranks(corpus.queries, index) for index in corpus.indices]
    found, scores = (torch.stack(one) for one in zip(*pairs, strict=True))
    alone = torch.eye(3, dtype=torch.bool)
    single = torch.stack(
        [fused_rank(found, one.expand(len(corpus.asked), 3), corpus.asked) for one in alone], 1
    )
    labels, training = (single <= CUTOFFS[1]).float(), world.training
    features = _tf_idf(corpus.words, training)
    torch.manual_seed(seed)
    useful = _useful(nn.Linear(features.shape[1], 3), features, labels, training, steps)
    small = nn.Sequential(nn.Linear(features.shape[1], 32), nn.ReLU(), nn.Linear(32, 3))
    logistic = by_cost(useful, _COST)
    chosen = {
        "oracle": _oracle(found, corpus.asked),
        "all": torch.ones_like(logistic),
        "single": alone[labels[:training].mean(0).argmax()].expand_as(logistic),
        "random": _random(logistic, seed),
        "rules": _rules(corpus.words),
        "logistic": logistic,
        "mlp": by_cost(_useful(small, features, labels, training, steps), _COST),
        "cascade": _cascade(useful, scores, training),
        **{f"cost_{round(100 * cost)}": by_cost(useful, cost) for cost in costs},
    }
    test = slice(training, None)
    places = {name: fused_rank(found, one, corpus.asked)[test] for name, one in chosen.items()}
    searched = {name: one.sum(1)[test] for name, one in chosen.items()}
    captions, _ = ranks(corpus.queries, corpus.captions)
    only = torch.ones((len(corpus.asked), 1), dtype=torch.bool)
    places["caption"] = fused_rank(captions[None], only, corpus.asked)[test]
    searched["caption"] = torch.ones(world.queries, dtype=torch.long)
    return Outcome(places, searched)


def erring(world: World, seed: int, error: float) -> tuple[Tensor, Tensor]:
    """Return ranks with one index by intent, wrong in a share of the queries, and with all three."""
    corpus = generated(world, seed)
    found = torch.stack([ranks(corpus.queries, index)[0] for index in corpus.indices])
    random = torch.Generator().manual_seed(seed + 1)
    count = len(corpus.asked)
    other = (corpus.intent + 1 + torch.randint(2, (count,), generator=random)) % 3
    taken = torch.where(torch.rand(count, generator=random) < error, other, corpus.intent)
    chosen = nn.functional.one_hot(taken, 3).bool()
    everywhere = torch.ones_like(chosen)
    return fused_rank(found, chosen, corpus.asked), fused_rank(found, everywhere, corpus.asked)


# -- Parts ---------------------------------------------------------------------------------------------------

_WORLDS = {
    "smoke": World(300, 200, 60),
    "cpu": World(20_000, 2_000, 400),
    "gpu": World(100_000, 4_000, 1_000),
}
_STEPS = {"smoke": 30, "cpu": 200, "gpu": 200}
_COSTS = (0.05, 0.15, 0.25, 0.35, 0.45, 0.55)
_NOISES, _COVERAGES, _ERRORS = (0.5, 1.0, 1.5, 2.0), (0.6, 0.8, 1.0), (0.0, 0.2, 0.4)
LIMITS = (
    "topics, facts and words are drawn; no speech was recognised and no picture was seen",
    "a routing error sends a query to one other index; the router of arXiv 2507.13374 may take two or three",
)


def _recall(name: str, hits: str, what: str) -> Metric:
    low, high = (f"quantile({hits}_boot, {share})" for share in (0.025, 0.975))
    return Metric(name, f"mean({hits})", "share", "measured", what, low, high)


def _quality_metrics() -> Iterator[Metric]:
    for router, words in ROUTERS.items():
        for cutoff in CUTOFFS:
            hits = f"hits_{router}_at_{cutoff}"
            yield _recall(f"recall_{router}_at_{cutoff}", hits, f"Recall@{cutoff}: {words}")
        yield Metric(
            f"searched_{router}",
            f"mean(indices_{router})",
            None,
            "measured",
            f"indices looked up for a query: {words}",
        )
        yield Metric(
            f"bytes_{router}",
            f"searched_{router} * index_bytes",
            "bytes",
            "measured",
            f"bytes of indices read for a query: {words}",
        )
    yield Metric(
        "caption_less_routed",
        "mean(caption_less_routed_by_query)",
        "share",
        "measured",
        "Recall@5 of the caption index less that of the logistic router",
        "quantile(caption_less_routed_boot, 0.025)",
        "quantile(caption_less_routed_boot, 0.975)",
    )
    for cost in _COSTS:
        name = f"cost_{round(100 * cost)}"
        yield _recall(f"recall_{name}_at_5", f"hits_{name}_at_5", f"Recall@5, logistic router, cost {cost}")
        yield Metric(
            f"searched_{name}",
            f"mean(indices_{name})",
            None,
            "measured",
            f"indices looked up for a query, logistic router, cost {cost}",
        )


def _bootstrap(values: Tensor, seed: int) -> list[float]:
    """Return means of [seed, query] drawn again, seeds first, then queries within each."""
    random = torch.Generator().manual_seed(seed)
    seeds, queries = values.shape
    chosen = torch.randint(seeds, (_RESAMPLED, seeds, 1), generator=random)
    asked = torch.randint(queries, (_RESAMPLED, seeds, queries), generator=random)
    means: list[float] = values.double()[chosen, asked].mean((1, 2)).tolist()
    return means


def quality(run: Run) -> None:
    """Route the queries of a world of each seed, by every router."""
    world = _WORLDS[run.preset]
    run.parameter("index_bytes", 2 * world.size * world.clips, "bytes", "one index in bf16")
    for name in ("clips", "noise", "coverage", "alone", "leak", "clarity", "misleading"):
        run.parameter(f"world_{name}", getattr(world, name), None, f"{name} of the generated world")
    run.parameter("usual_cost", _COST, None, "how useful an index has to be for the trained routers")
    outcomes = [
        run.step(
            f"world of seed {seed}", lambda seed=seed: _kept(routed(world, seed, _STEPS[run.preset], _COSTS))
        )
        for seed in run.seeds
    ]
    for router in (*ROUTERS, *(f"cost_{round(100 * cost)}" for cost in _COSTS)):
        places = torch.tensor([one["ranks"][router] for one in outcomes])
        searched = [count for one in outcomes for count in one["searched"][router]]
        run.sample(f"indices_{router}", searched, None, "indices looked up, query by query, seed by seed")
        for cutoff in CUTOFFS if router in ROUTERS else CUTOFFS[1:2]:
            _keep(
                run,
                f"hits_{router}_at_{cutoff}",
                (places <= cutoff).long(),
                f"whether the clip is among the first {cutoff}, query by query, seed by seed",
            )
    hits = {
        name: torch.tensor([one["ranks"][name] for one in outcomes]) <= 5 for name in ("caption", "logistic")
    }
    _keep(
        run,
        "caption_less_routed_by_query",
        hits["caption"].long() - hits["logistic"].long(),
        "hit in the captions less hit of the logistic router, query by query",
        "caption_less_routed_boot",
    )
    _plot_trade(run, outcomes)
    _check(run)
    for limit in LIMITS:
        run.note(limit)


def _plot_trade(run: Run, outcomes: list[dict[str, Any]]) -> None:
    """Declare the plot of recall over indices looked up: where a router lies along it is known only now."""

    def searched(name: str) -> float:
        counts = [count for one in outcomes for count in one["searched"][name]]
        return round(sum(counts) / len(counts), 3)

    costs = [f"cost_{round(100 * cost)}" for cost in reversed(_COSTS)]
    series = {"logistic, by cost": {searched(name): f"recall_{name}_at_5" for name in costs}}
    # As many as a drawing has room for; the bars above have all.
    series |= {
        _CALLED[name]: {searched(name): f"recall_{name}_at_5"}
        for name in ("oracle", "rules", "single", "all", "caption")
    }
    run.experiment.plot(
        "recall-over-searched",
        "Recall@5 over indices looked up, in a generated corpus; published: 60.9% with 1.78 indices",
        "indices looked up for a query",
        "share of queries, 95% interval",
        series,
        level=(0.609, "published recall of routed search, 1.78 indices"),
    )


def _kept(outcome: Outcome) -> dict[str, dict[str, list[int]]]:
    """Return an outcome as the journal keeps it."""
    return {
        "ranks": {name: one.tolist() for name, one in outcome.ranks.items()},
        "searched": {name: one.tolist() for name, one in outcome.searched.items()},
    }


def _keep(run: Run, name: str, values: Tensor, what: str, boot: str = "") -> None:
    run.sample(name, values.flatten().tolist(), None, what)
    run.sample(boot or f"{name}_boot", _bootstrap(values, 0), "share", f"bootstrap means of {name}")


def _check(run: Run) -> None:
    """Hold the fusion against adding up reciprocal ranks one by one."""
    random = torch.Generator().manual_seed(0)
    found = torch.stack(
        [torch.stack([torch.randperm(30, generator=random)[:10] for _ in range(20)]) for _ in "abc"]
    )
    chosen = torch.rand((20, 3), generator=random) < 0.6
    asked = torch.randint(30, (20,), generator=random)
    quick, wrong = fused_rank(found, chosen, asked), 0
    for query in range(20):
        scores: dict[int, float] = {}
        for channel in range(3):
            for place in range(10) if chosen[query, channel] else ():
                clip = int(found[channel, query, place])
                scores[clip] = scores.get(clip, 0.0) + 1 / (_FUSED + place + 1)
        mine = scores.get(int(asked[query]))
        slow = 31 if mine is None else 1 + sum(score > mine + 1e-12 for score in scores.values())
        wrong += slow != int(quick[query])
    run.check("ranks after fusion", "reciprocal ranks added one by one", wrong, 0, "queries that differ")


def _sweep_name(noise: float, coverage: float, error: float) -> str:
    return f"{round(10 * noise)}_{round(100 * coverage)}_{round(100 * error)}"


def _sweep_metrics() -> Iterator[Metric]:
    for noise in _NOISES:
        for coverage in _COVERAGES:
            where = f"noise {noise}, coverage {coverage}"
            name = f"{round(10 * noise)}_{round(100 * coverage)}"
            yield Metric(
                f"sweep_all_{name}",
                f"mean(sweep_all_hits_{name})",
                "share",
                "measured",
                f"Recall@5 with all three indices, {where}",
            )
            for error in _ERRORS:
                yield Metric(
                    f"sweep_{_sweep_name(noise, coverage, error)}",
                    f"mean(sweep_hits_{_sweep_name(noise, coverage, error)})",
                    "share",
                    "measured",
                    f"Recall@5 with one index by intent, {where}, {error:.0%} of them wrong",
                )


def sweep(run: Run) -> None:
    """Route by intent with errors, in worlds over noise and coverage; one seed each."""
    small = replace(_WORLDS[run.preset], clips=_WORLDS[run.preset].clips // 4, training=0)
    for noise in _NOISES:
        for coverage in _COVERAGES:
            world = replace(small, noise=noise, coverage=coverage)
            for error in _ERRORS:
                name = _sweep_name(noise, coverage, error)
                one, everywhere = run.step(
                    f"sweep {name}",
                    lambda world=world, error=error: [places.tolist() for places in erring(world, 0, error)],
                )
                run.sample(
                    f"sweep_hits_{name}",
                    [int(place <= 5) for place in one],
                    None,
                    "whether the clip is among the first 5, query by query",
                )
            run.sample(
                f"sweep_all_hits_{round(10 * noise)}_{round(100 * coverage)}",
                [int(place <= 5) for place in everywhere],
                None,
                "whether the clip is among the first 5 after fusion of all three",
            )


Function = Callable[[Run], None]


def add_parts(experiment: Experiment) -> None:
    """Declare the parts, and what pages draw of them."""
    experiment.part(
        "quality",
        "Recall of nine ways to search a generated corpus of clips with speech, screen text and pictures",
        {"smoke": 8, "cpu": 100, "gpu": 300},
        metrics=list(_quality_metrics()),
    )(quality)
    experiment.part(
        "quality-sweep",
        "Recall by intent over noise, coverage and errors of the router",
        {"smoke": 4, "cpu": 60, "gpu": 120},
        metrics=list(_sweep_metrics()),
    )(sweep)
    experiment.plot(
        "recall-by-router",
        "Recall@5 in a generated corpus",
        "way to search",
        "share of queries, 95% interval",
        {"Recall@5": {called: f"recall_{name}_at_5" for name, called in _CALLED.items()}},
        kind="bars",
    )
    experiment.plot(
        "recall-by-cost",
        "Recall@5 of the logistic router over the cost of an index",
        "how useful an index has to be",
        "share of queries",
        {"Recall@5": {cost: f"recall_cost_{round(100 * cost)}_at_5" for cost in _COSTS}},
    )
    experiment.plot(
        "searched-by-cost",
        "Indices looked up by the logistic router over their cost",
        "how useful an index has to be",
        "indices for a query",
        {"indices": {cost: f"searched_cost_{round(100 * cost)}" for cost in _COSTS}},
        level=(1.78, "published, of GPT-4.1"),
    )
    for coverage in _COVERAGES:
        per = round(100 * coverage)
        experiment.plot(
            f"sweep-{per}",
            f"Recall@5 over noise, {per}% of clips in each channel",
            "noise, as a multiple of a fact",
            "share of queries",
            {
                "all three": {noise: f"sweep_all_{round(10 * noise)}_{per}" for noise in _NOISES},
                **{
                    f"one by intent, {error:.0%} wrong": {
                        noise: f"sweep_{_sweep_name(noise, coverage, error)}" for noise in _NOISES
                    }
                    for error in _ERRORS
                },
            },
        )
