"""Routing between indices, in kind: a generated corpus, eight ways to route, four to fuse, and captions.

A clip has a topic and three facts: one that is spoken, one that stands on the screen, one that is seen.  Each
is emitted into the channel of its kind, and into others as far as the world lets it; a channel's index holds
one vector of each clip, the sum of what was emitted there with noise.  A query asks for one fact of one clip;
its words tell a router more or less clearly of which kind that fact is.  Captions hold what the channels of
their clip emitted, or all three facts.  Nothing here was set to reach a published value: the worlds are a
grid over noise, coverage and routers' errors.
"""

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from harness import Experiment, Metric, Run, over_seeds
from torch import Tensor, nn

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
    "caption": "one index of captions of what the clip's channels hold, without a router",
    "omniscient": "one index of captions that know all three facts of every clip, also of channels it lacks",
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
    "omniscient": "captions that know all",
}
# How lists of several indices become one.  Weights of the last rule are learned with all three indices.
RULES = {
    "rrf": "reciprocal rank fusion, the sum of 1 / (60 + rank)",
    "sum": "CombSUM, the sum of z-scores, to which lists without the clip add nothing",
    "floor": "the sum of z-scores, to which lists without the clip add their lowest",
    "max": "CombMAX, the highest z-score",
    "linear": "CombSUM with a weight for each index, learned on the training queries",
}
_RULES_CALLED = {
    "rrf": "RRF",
    "sum": "CombSUM",
    "floor": "sum with lowest",
    "max": "CombMAX",
    "linear": "learned weights",
}
# Ways whose lists are fused, with reciprocal ranks and with the rule that was best in training.
FUSED = tuple(name for name in ROUTERS if name not in ("single", "caption", "omniscient"))
_RANK_CONSTANT, _DEPTH = 60, 100
# Learned weights are counted in this many parts, at least one for each index.
_PARTS = 12
# Queries whose candidates are compared at once.
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
    channel of another kind, ``clarity`` that a query has a word which names its kind, ``written`` that a
    caption says a fact which some channel of its clip emitted.
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
    written: float = 1.0


@dataclass(frozen=True)
class Corpus:
    """Vectors of the indices [channel, clip, size], of the captions, and of queries with their words.

    ``captions`` [clip, size] say what the clip's channels emitted, ``omniscient`` all three facts.  ``asked``
    is each query's clip, ``intent`` the kind of its fact; the first queries are for training.
    """

    indices: Tensor
    captions: Tensor
    omniscient: Tensor
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
    unread = world.noise * normal(world.clips, world.size)
    count = world.training + world.queries
    asked = torch.randint(world.clips, (count,), generator=random)
    intent = torch.multinomial(torch.tensor(_INTENTS), count, replacement=True, generator=random)
    queries = topics[topic[asked]] + facts[intent, asked] + 0.5 * world.noise * normal(count, world.size)
    words = _words(world, topic[asked], intent, random)
    said = (emitted & present[:, None]).any(0) & chance(world.written, 3, world.clips)
    captions = torch.einsum("fn,fnd->nd", said.float(), facts) + topics[topic] * present.any(0)[:, None]
    omniscient = topics[topic] + facts.sum(0)
    vectors = (_unit(one) for one in (told, captions + unread, omniscient + unread, queries))
    return Corpus(*vectors, words, asked, intent)


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
    """Return the best clips of each query [query, place], the best first, and their scores."""
    best = (queries @ index.T).topk(min(_DEPTH, len(index)), dim=1)
    return best.indices, best.values


# -- Fusion --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidates:
    """What indices found for each query, as rules of fusion score it.

    ``clips`` [query, candidate] are the lists of all indices one after another; ``is_first`` of the same
    shape is False where a clip stood in an earlier list.  ``ranks`` and ``z`` are [query, candidate,
    channel]: the clip's rank in that channel's list from 1, and its z-score among the list.  Where the list
    lacks it these are 0 and the list's lowest, which is the most that the clip can have.
    """

    clips: Tensor
    is_first: Tensor
    ranks: Tensor
    z: Tensor

    def of(self, queries: slice) -> "Candidates":
        """Return those of some queries."""
        return Candidates(self.clips[queries], self.is_first[queries], self.ranks[queries], self.z[queries])


Rule = Callable[[Candidates, Tensor], Tensor]


def candidates(clips: Tensor, scores: Tensor) -> Candidates:
    """Return what lists [channel, query, place] of clips and their scores give to fuse."""
    parts = zip(clips.split(_AT_ONCE, 1), scores.split(_AT_ONCE, 1), strict=True)
    made = [_candidates(*part) for part in parts]
    return Candidates(
        torch.cat([one.clips for one in made]),
        torch.cat([one.is_first for one in made]),
        torch.cat([one.ranks for one in made]),
        torch.cat([one.z for one in made]),
    )


def _candidates(clips: Tensor, scores: Tensor) -> Candidates:
    channels, count, depth = clips.shape
    each = clips.permute(1, 0, 2).reshape(count, channels * depth)
    values = scores.double()
    values = values - values.mean(2, keepdim=True)
    values = values / values.std(2, correction=0, keepdim=True).clamp_min(1e-12)
    table = torch.zeros((count, int(clips.max()) + 1), dtype=torch.int64)
    places, scored = [], []
    for channel in range(channels):
        table.zero_().scatter_(1, clips[channel], torch.arange(1, depth + 1).expand(count, depth))
        place = table.gather(1, each)
        own = values[channel].gather(1, (place - 1).clamp_min(0))
        places.append(place)
        scored.append(torch.where(place > 0, own, values[channel][:, -1:]))
    found, z = torch.stack(places, 2), torch.stack(scored, 2)
    list_of = torch.arange(channels).repeat_interleave(depth)
    is_earlier = torch.arange(channels)[None, :] < list_of[:, None]
    return Candidates(each, ~((found > 0) & is_earlier).any(2), found, z)


def _reciprocal(found: Candidates, chosen: Tensor) -> Tensor:
    is_ranked = chosen[:, None] & (found.ranks > 0)
    return (is_ranked / (_RANK_CONSTANT + found.ranks.double())).sum(2)


def _floored(found: Candidates, chosen: Tensor) -> Tensor:
    return found.z.masked_fill(~chosen[:, None], 0.0).sum(2)


def _highest(found: Candidates, chosen: Tensor) -> Tensor:
    is_ranked = chosen[:, None] & (found.ranks > 0)
    return found.z.masked_fill(~is_ranked, -math.inf).amax(2)


def weighted(weights: Tensor) -> Rule:
    """Return the rule that sums z-scores of the chosen lists with the clip, each times its index's weight."""

    def rule(found: Candidates, chosen: Tensor) -> Tensor:
        is_ranked = chosen[:, None] & (found.ranks > 0)
        return (found.z.masked_fill(~is_ranked, 0.0) * weights).sum(2)

    return rule


def rules(weights: Tensor) -> dict[str, Rule]:
    """Return the rules of fusion; each gives [query, candidate] of chosen indices [query, channel]."""
    even = torch.ones(len(weights), dtype=torch.float64)
    return {
        "rrf": _reciprocal,
        "sum": weighted(even),
        "floor": _floored,
        "max": _highest,
        "linear": weighted(weights),
    }


def fused_rank(found: Candidates, chosen: Tensor, asked: Tensor, rule: Rule = _reciprocal) -> Tensor:
    """Return the rank of each query's clip after fusion of the chosen indices, from 1.

    A clip that no chosen index found has a rank behind all that could be.
    """
    is_found = (chosen[:, None] & (found.ranks > 0)).any(2)
    scores = rule(found, chosen).masked_fill(~is_found, -math.inf)
    mine = scores.masked_fill(found.clips != asked[:, None], -math.inf).amax(1, keepdim=True)
    better = (found.is_first & (scores > mine + 1e-12)).sum(1)
    return torch.where(mine[:, 0] > -math.inf, better + 1, found.clips.shape[1] + 1)


def learned_weights(found: Candidates, asked: Tensor) -> Tensor:
    """Return the weights of three indices, of a grid, with the highest recall@5 when all are looked up.

    Every weight is above zero, so that an index that is looked up alone still orders its clips.
    """
    grid = torch.tensor(
        [(a, b, _PARTS - a - b) for a in range(1, _PARTS - 1) for b in range(1, _PARTS - a)],
        dtype=torch.float64,
    )
    everywhere = torch.ones((len(asked), 3), dtype=torch.bool)
    recall = [(fused_rank(found, everywhere, asked, weighted(one)) <= 5).sum() for one in grid]
    return grid[int(torch.stack(recall).argmax())] / _PARTS


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


def _oracle(found: Candidates, asked: Tensor, rule: Rule) -> Tensor:
    sets = [[bool(number >> place & 1) for place in range(3)] for number in (1, 2, 4, 3, 5, 6, 7)]
    each = torch.tensor(sets)
    all_ranks = torch.stack([fused_rank(found, one.expand(len(asked), 3), asked, rule) for one in each])
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
    """What the test queries gave, by way to search: ranks of their clips, and indices they were looked up in.

    ``all_sum`` and such are all three indices by another rule than reciprocal ranks, ``logistic_best`` and
    such a router's indices by the rule ``chosen``: the best one in training, with all three indices.
    """

    ranks: dict[str, Tensor]
    searched: dict[str, Tensor]
    chosen: str


def _routes(
    world: World, seed: int, steps: int, corpus: Corpus, lists: tuple[Tensor, Candidates],
    costs: tuple[float, ...],
) -> dict[str, Tensor]:  # fmt: skip
    """Train the routers and return which indices [query, channel] each chooses, but for the oracle."""
    scores, found = lists
    training, count = world.training, len(corpus.asked)
    asked, before = corpus.asked[:training], found.of(slice(training))
    alone = torch.eye(3, dtype=torch.bool)
    single = torch.stack([fused_rank(before, one.expand(training, 3), asked) for one in alone], 1)
    labels = (single <= CUTOFFS[1]).float()
    features = _tf_idf(corpus.words, training)
    torch.manual_seed(seed)
    useful = _useful(nn.Linear(features.shape[1], 3), features, labels, training, steps)
    small = nn.Sequential(nn.Linear(features.shape[1], 32), nn.ReLU(), nn.Linear(32, 3))
    logistic = by_cost(useful, _COST)
    return {
        "all": torch.ones((count, 3), dtype=torch.bool),
        "single": alone[labels.mean(0).argmax()].expand(count, 3),
        "random": _random(logistic, seed),
        "rules": _rules(corpus.words),
        "logistic": logistic,
        "mlp": by_cost(_useful(small, features, labels, training, steps), _COST),
        "cascade": _cascade(useful, scores, training),
        **{_of_cost(cost): by_cost(useful, cost) for cost in costs},
    }


def _of_cost(cost: float) -> str:
    return f"cost_{round(100 * cost)}"


def _best_rule(found: Candidates, asked: Tensor, by: Mapping[str, Rule]) -> str:
    """Return the rule with the highest recall@5 when all three indices are looked up.

    A router's own choices are left out of it: those of its training queries are better than any others.
    """
    everywhere = torch.ones((len(asked), 3), dtype=torch.bool)
    recall = {name: int((fused_rank(found, everywhere, asked, rule) <= 5).sum()) for name, rule in by.items()}
    return max(recall, key=lambda name: recall[name])


def _of_captions(corpus: Corpus, test: slice) -> dict[str, Tensor]:
    """Return the ranks of the test queries' clips in the indices of captions, which are looked up alone."""
    queries, asked = corpus.queries[test], corpus.asked[test]
    only = torch.ones((len(asked), 1), dtype=torch.bool)
    indices = {"caption": corpus.captions, "omniscient": corpus.omniscient}
    lists = {name: ranks(queries, index) for name, index in indices.items()}
    return {
        name: fused_rank(candidates(clips[None], scores[None]), only, asked)
        for name, (clips, scores) in lists.items()
    }


def routed(world: World, seed: int, steps: int, costs: tuple[float, ...] = ()) -> Outcome:
    """Generate a world, train the routers, and return what all find; ``costs`` adds logistic ones by cost.

    Rules and weights of fusion are chosen on the training queries, ranks are those of the others.
    """
    corpus = generated(world, seed)
    pairs = [ranks(corpus.queries, index) for index in corpus.indices]
    clips, scores = (torch.stack(one) for one in zip(*pairs, strict=True))
    found = candidates(clips, scores)
    routes = _routes(world, seed, steps, corpus, (scores, found), costs)
    before, after = found.of(slice(world.training)), found.of(slice(world.training, None))
    asked_before, asked = corpus.asked[: world.training], corpus.asked[world.training :]
    by = rules(learned_weights(before, asked_before))
    chosen = _best_rule(before, asked_before, by)
    taken = {name: dict.fromkeys(RULES, one[world.training :]) for name, one in routes.items()}
    # What the oracle takes depends on the rule.
    taken["oracle"] = {name: _oracle(after, asked, rule) for name, rule in by.items()}
    arms = {name: (name, "rrf") for name in taken}
    arms |= {f"all_{rule}": ("all", rule) for rule in RULES if rule != "rrf"}
    arms |= {f"{name}_best": (name, chosen) for name in (*FUSED, *map(_of_cost, costs))}
    places = {
        arm: fused_rank(after, taken[name][rule], asked, by[rule]) for arm, (name, rule) in arms.items()
    }
    searched = {arm: taken[name][rule].sum(1) for arm, (name, rule) in arms.items()}
    of_captions = _of_captions(corpus, slice(world.training, None))
    once = torch.ones(world.queries, dtype=torch.long)
    return Outcome(places | of_captions, searched | dict.fromkeys(of_captions, once), chosen)


def erring(
    world: World, seed: int, errors: tuple[float, ...]
) -> tuple[dict[float, Tensor], dict[str, Tensor]]:
    """Return ranks with one index by intent, wrong in each share of the queries, and with all three by rule.

    The weights of a learned rule take training queries, which such a world need not have: it is left out.
    """
    corpus = generated(world, seed)
    pairs = [ranks(corpus.queries, index) for index in corpus.indices]
    found = candidates(*(torch.stack(one) for one in zip(*pairs, strict=True)))
    random = torch.Generator().manual_seed(seed + 1)
    count = len(corpus.asked)
    other = (corpus.intent + 1 + torch.randint(2, (count,), generator=random)) % 3
    luck = torch.rand(count, generator=random)
    by_intent = {}
    for error in errors:
        taken = torch.where(luck < error, other, corpus.intent)
        by_intent[error] = fused_rank(found, nn.functional.one_hot(taken, 3).bool(), corpus.asked)
    everywhere = torch.ones((count, 3), dtype=torch.bool)
    by = rules(torch.ones(3, dtype=torch.float64))
    return by_intent, {name: fused_rank(found, everywhere, corpus.asked, by[name]) for name in _SWEPT}


# -- Parts ---------------------------------------------------------------------------------------------------

_WORLDS = {
    "smoke": World(300, 200, 60),
    "cpu": World(20_000, 2_000, 400),
    "gpu": World(100_000, 4_000, 1_000),
}
_STEPS = {"smoke": 30, "cpu": 200, "gpu": 200}
_COSTS = (0.05, 0.15, 0.25, 0.35, 0.45, 0.55)
# Rules of the sweep: as many as a drawing has room for.
_SWEPT = ("rrf", "sum", "max")
_NOISES, _COVERAGES, _ERRORS = (0.5, 1.0, 1.5, 2.0), (0.6, 0.8, 1.0), (0.0, 0.2, 0.4)
LIMITS = (
    "topics, facts and words are drawn; no speech was recognised and no picture was seen",
    "a routing error sends a query to one other index; the router of arXiv 2507.13374 may take two or three",
    "which way to search finds more depends on how lists of several indices are fused, so that an order of "
    "ways holds for its rule alone; the rule of arXiv 2507.13374 is not known",
    "z-scores are taken over a list of the best 100 clips; how much a sum of them finds depends on what a "
    "list adds for a clip that it lacks, and sums of the scores of all clips would be another rule",
    "weights and rule of fusion are chosen once in each world, on its training queries with all three "
    "indices, and used for routed ones too",
    "the channels of a world are alike in noise and coverage, so that learned weights differ little",
    "captions say facts that some channel of their clip emitted, the share world_written of them, and none "
    "that the clip's channels lack; recall_omniscient_at_5 has captions that know all three facts of every "
    "clip, also of channels that it lacks, which no writer could know",
    "that a value lies near a published one says nothing: the worlds were not fitted to anything",
)
# Ways to search beside the routers, whose recall is at the second cutoff alone.
_BY_RULE = {f"all_{rule}": f"all three indices, {RULES[rule]}" for rule in RULES if rule != "rrf"}
_BY_BEST = {
    f"{name}_best": f"{ROUTERS[name]}; the rule of fusion that was best in training" for name in FUSED
}
_COSTED = {
    f"{_of_cost(cost)}{suffix}": f"logistic router, cost {cost}{words}"
    for suffix, words in (("", ""), ("_best", ", the rule of fusion that was best in training"))
    for cost in _COSTS
}


def _recall(name: str, hits: str, what: str) -> Metric:
    low, high = (f"quantile({hits}_boot, {share})" for share in (0.025, 0.975))
    return Metric(name, f"mean({hits})", "share", "measured", what, low, high)


def _quality_metrics() -> Iterator[Metric]:
    for router, words in ROUTERS.items():
        for cutoff in CUTOFFS:
            fusion = f", {RULES['rrf']}" if router in FUSED else ""
            hits = f"hits_{router}_at_{cutoff}"
            yield _recall(f"recall_{router}_at_{cutoff}", hits, f"Recall@{cutoff}: {words}{fusion}")
        yield from _effort_metrics(router, words)
    for way, words in (_BY_RULE | _BY_BEST | _COSTED).items():
        yield _recall(f"recall_{way}_at_5", f"hits_{way}_at_5", f"Recall@5: {words}")
    yield Metric(
        "searched_oracle_best", "mean(indices_oracle_best)", None, "measured",
        "indices looked up for a query: the oracle with the rule of fusion that was best in training",
    )  # fmt: skip
    for suffix, words in (("", RULES["rrf"]), ("_best", "the rule of fusion that was best in training")):
        low, high = (f"quantile(caption_less_routed{suffix}_boot, {share})" for share in (0.025, 0.975))
        yield Metric(
            f"caption_less_routed{suffix}",
            f"mean(caption_less_routed{suffix}_by_query)",
            "share",
            "measured",
            f"Recall@5 of the caption index less that of the logistic router, {words}",
            low,
            high,
        )
    for cost in _COSTS:
        name = _of_cost(cost)
        yield Metric(
            f"searched_{name}",
            f"mean(indices_{name})",
            None,
            "measured",
            f"indices looked up for a query, logistic router, cost {cost}",
        )


def _effort_metrics(router: str, words: str) -> Iterator[Metric]:
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
    for name in ("clips", "noise", "coverage", "alone", "leak", "clarity", "misleading", "written"):
        run.parameter(f"world_{name}", getattr(world, name), None, f"{name} of the generated world")
    run.parameter("usual_cost", _COST, None, "how useful an index has to be for the trained routers")
    outcomes = [
        run.step(
            f"world of seed {seed}", lambda seed=seed: _kept(routed(world, seed, _STEPS[run.preset], _COSTS))
        )
        for seed in run.seeds
    ]
    for way in (*ROUTERS, *_BY_RULE, *_BY_BEST, *_COSTED):
        _keep_way(run, way, outcomes)
    hits = {
        name: torch.tensor([one["ranks"][name] for one in outcomes]) <= 5
        for name in ("caption", "logistic", "logistic_best")
    }
    for suffix, words in (("", RULES["rrf"]), ("_best", "the rule of fusion that was best in training")):
        _keep(
            run,
            f"caption_less_routed{suffix}_by_query",
            hits["caption"].long() - hits[f"logistic{suffix}"].long(),
            f"hit in the captions less hit of the logistic router, {words}, query by query",
            f"caption_less_routed{suffix}_boot",
        )
    times = Counter(_RULES_CALLED[one["chosen"]] for one in outcomes)
    counted = ", ".join(f"{rule} in {count}" for rule, count in sorted(times.items()))
    run.note(f"rule of fusion that was best in training: {counted} of {len(outcomes)} worlds")
    _plot_trade(run, outcomes)
    _check(run)
    for limit in LIMITS:
        run.note(limit)


def _keep_way(run: Run, way: str, outcomes: list[dict[str, Any]]) -> None:
    """Keep whether a way to search found the clips, and in how many indices it looked."""
    places = torch.tensor([one["ranks"][way] for one in outcomes])
    # Another rule of fusion looks in the same indices, but for the oracle's.
    if way in ROUTERS or way in map(_of_cost, _COSTS) or way == "oracle_best":
        searched = [count for one in outcomes for count in one["searched"][way]]
        run.sample(f"indices_{way}", searched, None, "indices looked up, query by query, seed by seed")
    for cutoff in CUTOFFS if way in ROUTERS else CUTOFFS[1:2]:
        _keep(
            run,
            f"hits_{way}_at_{cutoff}",
            (places <= cutoff).long(),
            f"whether the clip is among the first {cutoff}, query by query, seed by seed",
        )


def _plot_trade(run: Run, outcomes: list[dict[str, Any]]) -> None:
    """Declare plots of recall over indices looked up: where a router lies along it is known only now."""

    def searched(name: str) -> float:
        counts = [count for one in outcomes for count in one["searched"][name]]
        return round(sum(counts) / len(counts), 3)

    fusions = {"": ("", "reciprocal rank fusion"), "-best": ("_best", "the rule that was best in training")}
    for ending, (suffix, words) in fusions.items():
        costs = [f"{_of_cost(cost)}{suffix}" for cost in reversed(_COSTS)]
        series = {"logistic, by cost": {searched(name): f"recall_{name}_at_5" for name in costs}}
        # As many as a drawing has room for; the bars have all.
        ways = ("oracle", "rules", "single", "all", "caption")
        arms = {way: f"{way}{suffix}" if way in FUSED else way for way in ways}
        series |= {_CALLED[way]: {searched(arm): f"recall_{arm}_at_5"} for way, arm in arms.items()}
        run.experiment.plot(
            f"recall-over-searched{ending}",
            f"Recall@5 over indices looked up, {words}; published, rule unknown: 60.9% with 1.78",
            "indices looked up for a query",
            "share of queries, 95% interval",
            series,
            level=(0.609, "published recall of routed search, 1.78 indices"),
        )


def _kept(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as the journal keeps it."""
    return {
        "ranks": {name: one.tolist() for name, one in outcome.ranks.items()},
        "searched": {name: one.tolist() for name, one in outcome.searched.items()},
        "chosen": outcome.chosen,
    }


def _keep(run: Run, name: str, values: Tensor, what: str, boot: str = "") -> None:
    run.sample(name, values.flatten().tolist(), None, what)
    run.sample(boot or f"{name}_boot", _bootstrap(values, 0), "share", f"bootstrap means of {name}")


def _slow_score(
    rule: str, lists: list[dict[int, tuple[int, float]]], weights: list[float], clip: int
) -> float:
    """Return a clip's fused score of lists, each with rank and z-score by clip; -inf where none has it."""
    if not any(clip in one for one in lists):
        return -math.inf
    if rule == "rrf":
        return sum(1 / (_RANK_CONSTANT + one[clip][0]) for one in lists if clip in one)
    if rule == "sum":
        return sum(one[clip][1] for one in lists if clip in one)
    if rule == "max":
        return max(one[clip][1] for one in lists if clip in one)
    if rule == "floor":
        return sum(one[clip][1] if clip in one else min(z for _, z in one.values()) for one in lists)
    return sum(weight * one[clip][1] for one, weight in zip(lists, weights, strict=True) if clip in one)


def _slow_rank(
    rule: str, lists: list[tuple[list[int], list[float]]], weights: list[float], asked: int
) -> int:
    """Return the rank of a clip after fusion of chosen lists, clip by clip; beyond all where none has it."""
    held = []
    for clips, scores in lists:
        mean, spread = statistics.fmean(scores), statistics.pstdev(scores)
        z = [(score - mean) / spread for score in scores]
        held.append({clip: (place, one) for place, (clip, one) in enumerate(zip(clips, z, strict=True), 1)})
    mine = _slow_score(rule, held, weights, asked)
    others = {clip for one in held for clip in one}
    better = sum(_slow_score(rule, held, weights, clip) > mine + 1e-12 for clip in others)
    return better + 1 if mine > -math.inf else 3 * len(lists[0][0]) + 1


def _check(run: Run) -> None:
    """Hold every rule of fusion against scores of one clip after another."""
    random = torch.Generator().manual_seed(0)
    clips = torch.rand((3, 20, 30), generator=random).argsort(2)[:, :, :10]
    scores = torch.rand((3, 20, 10), generator=random, dtype=torch.float64).sort(2, descending=True).values
    chosen = torch.rand((20, 3), generator=random) < 0.6
    asked = torch.randint(30, (20,), generator=random)
    weights = torch.tensor([0.5, 0.2, 0.3], dtype=torch.float64)
    found = candidates(clips, scores)
    for name, rule in rules(weights).items():
        quick, wrong = fused_rank(found, chosen, asked, rule).tolist(), 0
        for query in range(20):
            taken = chosen[query].nonzero().flatten().tolist()
            lists = [(clips[one, query].tolist(), scores[one, query].tolist()) for one in taken]
            slow = _slow_rank(name, lists, weights[taken].tolist(), int(asked[query])) if taken else 31
            wrong += slow != quick[query]
        run.check(
            f"ranks after fusion, {_RULES_CALLED[name]}", "scores of one clip after another", wrong, 0,
            "queries that differ",
        )  # fmt: skip


def _sweep_name(noise: float, coverage: float, error: float | None = None) -> str:
    name = f"{round(10 * noise)}_{round(100 * coverage)}"
    return name if error is None else f"{name}_{round(100 * error)}"


def _sweep_metrics() -> Iterator[Metric]:
    for noise in _NOISES:
        for coverage in _COVERAGES:
            where = f"noise {noise}, coverage {coverage}"
            name = _sweep_name(noise, coverage)
            for rule in _SWEPT:
                yield over_seeds(
                    f"sweep_all_{_of_rule(rule)}{name}",
                    f"sweep_all_recalls_{_of_rule(rule)}{name}",
                    "share",
                    f"Recall@5 with all three indices, {where}, {RULES[rule]}",
                )
            for error in _ERRORS:
                yield over_seeds(
                    f"sweep_{_sweep_name(noise, coverage, error)}",
                    f"sweep_recalls_{_sweep_name(noise, coverage, error)}",
                    "share",
                    f"Recall@5 with one index by intent, {where}, {error:.0%} of them wrong",
                )


def _of_rule(rule: str) -> str:
    """Return what a rule adds to a name; reciprocal ranks add nothing."""
    return "" if rule == "rrf" else f"{rule}_"


def _recalls(world: World, seed: int) -> dict[str, dict[str, float]]:
    """Return the recall@5 of one world, by error of the router and by rule of fusion."""
    by_intent, everywhere = erring(world, seed, _ERRORS)
    return {
        "by_intent": {str(error): float((one <= 5).double().mean()) for error, one in by_intent.items()},
        "everywhere": {rule: float((one <= 5).double().mean()) for rule, one in everywhere.items()},
    }


def sweep(run: Run) -> None:
    """Route by intent with errors, in worlds over noise and coverage, each of every seed."""
    small = replace(_WORLDS[run.preset], clips=_WORLDS[run.preset].clips // 4, training=0)
    what = "share of queries whose clip is among the first 5, seed by seed"
    for noise in _NOISES:
        for coverage in _COVERAGES:
            world, name = replace(small, noise=noise, coverage=coverage), _sweep_name(noise, coverage)
            found = run.step(
                f"sweep {name}", lambda world=world: [_recalls(world, seed) for seed in run.seeds]
            )
            for error in _ERRORS:
                values = [one["by_intent"][str(error)] for one in found]
                run.sample(f"sweep_recalls_{_sweep_name(noise, coverage, error)}", values, "share", what)
            for rule in _SWEPT:
                values = [one["everywhere"][rule] for one in found]
                run.sample(f"sweep_all_recalls_{_of_rule(rule)}{name}", values, "share", what)


def add_parts(experiment: Experiment) -> None:
    """Declare the parts, and what pages draw of them."""
    experiment.part(
        "quality",
        "Recall of ten ways to search a generated corpus of clips with speech, screen text and pictures",
        {"smoke": 8, "cpu": 60, "gpu": 300},
        metrics=list(_quality_metrics()),
    )(quality)
    experiment.part(
        "quality-sweep",
        "Recall by intent over noise, coverage and errors of the router",
        {"smoke": 4, "cpu": 20, "gpu": 120},
        metrics=list(_sweep_metrics()),
    )(sweep)
    _add_bars(experiment)
    experiment.plot(
        "recall-by-cost",
        "Recall@5 of the logistic router over the cost of an index",
        "how useful an index has to be",
        "share of queries",
        {
            called: {cost: f"recall_{_of_cost(cost)}{suffix}_at_5" for cost in _COSTS}
            for suffix, called in (("", "RRF"), ("_best", "rule that was best in training"))
        },
    )
    experiment.plot(
        "searched-by-cost",
        "Indices looked up by the logistic router over their cost",
        "how useful an index has to be",
        "indices for a query",
        {"indices": {cost: f"searched_{_of_cost(cost)}" for cost in _COSTS}},
        level=(1.78, "published, of GPT-4.1"),
    )
    for coverage in _COVERAGES:
        per = round(100 * coverage)
        experiment.plot(
            f"sweep-{per}",
            f"Recall@5 over noise, {per}% of clips in each channel",
            "noise, as a multiple of a fact",
            "share of queries, mean over seeds with its 95% interval",
            {
                **{
                    f"all three, {_RULES_CALLED[rule]}": {
                        noise: f"sweep_all_{_of_rule(rule)}{_sweep_name(noise, coverage)}"
                        for noise in _NOISES
                    }
                    for rule in _SWEPT
                },
                **{
                    f"one by intent, {error:.0%} wrong": {
                        noise: f"sweep_{_sweep_name(noise, coverage, error)}" for noise in _NOISES
                    }
                    for error in _ERRORS
                },
            },
        )


def _add_bars(experiment: Experiment) -> None:
    """Declare the bars of recall: of all ways by two rules of fusion, of all three indices by every rule."""
    alone = {_CALLED[name]: f"recall_{name}_at_5" for name in ROUTERS if name not in FUSED}
    experiment.plot(
        "recall-by-router",
        "Recall@5 in a generated corpus: the order of ways depends on the rule of fusion",
        "way to search",
        "share of queries, 95% interval",
        {
            "RRF": {_CALLED[name]: f"recall_{name}_at_5" for name in FUSED},
            "rule that was best in training": {_CALLED[name]: f"recall_{name}_best_at_5" for name in FUSED},
            "one index, nothing to fuse": alone,
        },
        kind="bars",
    )
    experiment.plot(
        "recall-by-rule",
        "Recall@5 of all three indices by rule of fusion, beside ways that look in fewer",
        "way to search",
        "share of queries, 95% interval",
        {
            "Recall@5": {
                "all three, RRF": "recall_all_at_5",
                **{
                    f"all three, {_RULES_CALLED[rule]}": f"recall_all_{rule}_at_5"
                    for rule in RULES
                    if rule != "rrf"
                },
                "rules, RRF": "recall_rules_at_5",
                **alone,
            }
        },
        kind="bars",
    )
