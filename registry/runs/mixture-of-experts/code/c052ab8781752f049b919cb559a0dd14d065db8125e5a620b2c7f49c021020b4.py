"""Experts that live in the host's memory: which to keep on the GPU, in kind for ExpertFlow (2410.17954).

A small model with experts is trained on text of several domains, and what it routes where is kept as a trace:
for each layer and step the experts that a batch needs.  A cache holds some experts of each layer.  It keeps
what was used last, or loads what a predictor that reads the text alone expects, or what an oracle knows.  A
scheduler deals the sequences of two batches anew so that each needs fewer experts.  Then the loads of each
policy are carried out with real copies.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import _timing
import torch
from _timing import Effort
from harness import Experiment, Metric, Run
from torch import Tensor, nn
from torch.nn import functional

DOMAINS, WORDS = 4, 96
POLICIES = {
    "lru": "experts that were used last are kept",
    "predicted": "experts that a predictor expects are loaded beforehand",
    "oracle": "experts that are needed are loaded beforehand",
}
# Slots of a layer's cache and sequences of a batch, as the paper pairs them.
CASES = ((16, 4), (16, 16), (8, 16))


@dataclass(frozen=True)
class Sizes:
    """The model, its text, and the copies: bytes of an expert, and steps that are carried out."""

    width: int
    layers: int
    experts: int
    length: int
    steps: int
    batch: int
    traced: int
    expert_bytes: int
    carried: int


# -- Text, model, traces -------------------------------------------------------------------------------------


def text(count: int, length: int, chains: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return words [n, length] of one domain each, and domains [n]; ``chains`` are [domain, word, word]."""
    domain = torch.randint(len(chains), (count,), generator=random)
    words = [torch.randint(WORDS, (count,), generator=random)]
    for _ in range(length - 1):
        words.append(torch.multinomial(chains[domain, words[-1]], 1, generator=random)[:, 0])
    return torch.stack(words, 1), domain


def chains_of(random: torch.Generator) -> Tensor:
    """Return how words follow one another in each domain: a few likely words each."""
    return (2.5 * torch.randn((DOMAINS, WORDS, WORDS), generator=random)).softmax(2)


class Routed(nn.Module):
    """A causal model: each layer mixes the last words and sends each place to the best of its experts."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        width = sizes.width
        self.embedding = nn.Embedding(WORDS, width)
        self.mix = nn.ModuleList(nn.Conv1d(width, width, 4) for _ in range(sizes.layers))
        self.router = nn.ModuleList(nn.Linear(width, sizes.experts) for _ in range(sizes.layers))
        shape = (sizes.layers, sizes.experts, width, width)
        self.into = nn.Parameter(torch.randn(shape) / width**0.5)
        self.out = nn.Parameter(torch.randn(shape) / width**0.5)
        self.next = nn.Linear(width, WORDS)

    def forward(self, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return scores of the next word, experts [layer, n, place], and the loss of uneven loads."""
        found = self.embedding(words)
        chosen, uneven = [], torch.zeros(())
        for place, (mix, router) in enumerate(zip(self.mix, self.router, strict=True)):
            found = found + mix(functional.pad(found.transpose(1, 2), (3, 0))).transpose(1, 2).relu()
            shares = router(found).softmax(-1)
            best = shares.max(-1)
            inner = torch.einsum("nsd,nsde->nse", found, self.into[place][best.indices]).relu()
            said = torch.einsum("nse,nsed->nsd", inner, self.out[place][best.indices])
            found = found + best.values[..., None] * said
            load = functional.one_hot(best.indices, shares.shape[-1]).float().mean((0, 1))
            uneven = uneven + shares.shape[-1] * (load * shares.mean((0, 1))).sum()
            chosen.append(best.indices)
        return self.next(found), torch.stack(chosen), uneven


class Predictor(nn.Module):
    """Reads the words alone and says which expert each layer will take at each place."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.embedding = nn.Embedding(WORDS, 32)
        self.reader = nn.GRU(32, 64, batch_first=True)
        self.experts = nn.Linear(64, sizes.layers * sizes.experts)

    def forward(self, words: Tensor) -> Tensor:
        """Return scores [layer, n, place, expert]."""
        scores = self.experts(self.reader(self.embedding(words))[0])
        return scores.unflatten(2, (self.sizes.layers, self.sizes.experts)).permute(2, 0, 1, 3)


def traced(sizes: Sizes, seed: int) -> dict[str, Any]:
    """Train model and predictor; return traces [layer, sequence, step] of what was needed and expected."""
    random = torch.Generator().manual_seed(seed)
    chains = chains_of(random)
    torch.manual_seed(seed)
    model = Routed(sizes)
    _train(model.parameters(), sizes, chains, random, lambda words: _model_loss(model, words))
    predictor = Predictor(sizes)
    _train(
        predictor.parameters(), sizes, chains, random, lambda words: _predictor_loss(model, predictor, words)
    )
    words, domain = text(sizes.traced, sizes.length, chains, random)
    with torch.no_grad():
        needed, expected = model(words)[1], predictor(words).argmax(-1)
    return {
        "needed": needed.tolist(),
        "expected": expected.tolist(),
        "domains": domain.tolist(),
        "right": (needed == expected).float().mean((0, 2)).tolist(),
    }


def _train(
    parameters: Iterator[nn.Parameter], sizes: Sizes, chains: Tensor, random: Any, loss_of: Any
) -> None:
    optimizer = torch.optim.AdamW(parameters, lr=3e-3)
    for _ in range(sizes.steps):
        words, _ = text(sizes.batch, sizes.length, chains, random)
        optimizer.zero_grad()
        loss_of(words).backward()
        optimizer.step()


def _model_loss(model: Routed, words: Tensor) -> Tensor:
    scores, _, uneven = model(words)
    return functional.cross_entropy(scores[:, :-1].flatten(0, 1), words[:, 1:].flatten()) + 0.01 * uneven


def _predictor_loss(model: Routed, predictor: Predictor, words: Tensor) -> Tensor:
    with torch.no_grad():
        chosen = model(words)[1]
    return functional.cross_entropy(predictor(words).flatten(0, 2), chosen.flatten())


# -- Caches --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Served:
    """What a policy did: experts needed, found in the cache, and loaded, by step over all layers.

    ``loads`` are lists of (layer, slot) that were written, step by step.
    """

    needed: list[int]
    found: list[int]
    loads: list[list[tuple[int, int]]]


class _Cache:
    """The slots of one layer, the longest unused first."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.held: OrderedDict[int, int] = OrderedDict()

    def load(self, expert: int) -> int:
        """Put an expert into a slot, that of the longest unused where none is free, and return the slot."""
        slot = len(self.held) if len(self.held) < self.slots else self.held.popitem(last=False)[1]
        self.held[expert] = slot
        return slot

    def use(self, expert: int) -> bool:
        """Say whether an expert is held, and make it the last used."""
        if expert not in self.held:
            return False
        self.held.move_to_end(expert)
        return True


def served(needed: Tensor, expected: Tensor | None, slots: int) -> Served:
    """Serve a batch step by step; both traces are [layer, sequence, step], ``expected`` None for none."""
    layers, _, steps = needed.shape
    caches = [_Cache(slots) for _ in range(layers)]
    result = Served([], [], [])
    for step in range(steps):
        wanted = found = 0
        loads: list[tuple[int, int]] = []
        for layer, cache in enumerate(caches):
            if expected is not None:
                loads += _prefetched(cache, layer, expected[layer, :, step])
            experts = needed[layer, :, step].unique().tolist()
            wanted += len(experts)
            # Those that are held are used first, so that no load pushes out what this step needs.
            missing = [expert for expert in experts if not cache.use(expert)]
            found += len(experts) - len(missing)
            loads += [(layer, cache.load(expert)) for expert in missing]
        result.needed.append(wanted)
        result.found.append(found)
        result.loads.append(loads)
    return result


def _prefetched(cache: _Cache, layer: int, expected: Tensor) -> list[tuple[int, int]]:
    """Load what is expected and not held, the most expected first, as far as there are slots."""
    counts = expected.bincount()
    order = counts.argsort(descending=True, stable=True).tolist()
    experts = [expert for expert in order if counts[expert]][: cache.slots]
    missing = [expert for expert in experts if not cache.use(expert)]
    return [(layer, cache.load(expert)) for expert in missing]


def dealt(expected: Tensor, most: int = 100) -> Tensor:
    """Return the order of an even number of sequences, the first half of which is one batch.

    Two sequences change places, the pair that saves most first, as long as that lowers the experts that both
    batches are expected to need together.
    """
    count = expected.shape[1]
    active = functional.one_hot(expected).permute(1, 0, 2, 3).flatten(1).short()
    order = torch.arange(count)
    for _ in range(most):
        ours, theirs = active[order[: count // 2]], active[order[count // 2 :]]
        # What each batch needs when a row of the first changes places with a row of the second.
        change = theirs[None] - ours[:, None]
        after = ((ours.sum(0) + change) > 0).sum(2) + ((theirs.sum(0) - change) > 0).sum(2)
        before = int((ours.sum(0) > 0).sum() + (theirs.sum(0) > 0).sum())
        if int(after.min()) >= before:
            break
        one, other = divmod(int(after.argmin()), len(theirs))
        other += count // 2
        order[[one, other]] = order[[other, one]]
    return order


def _distinct(needed: Tensor) -> int:
    """Return the experts that a batch needs, summed over layers and steps."""
    return sum(len(one.unique()) for layer in needed for one in layer.T)


# -- Parts ---------------------------------------------------------------------------------------------------

_SIZES = {
    "smoke": Sizes(8, 2, 32, 12, 4, 16, 32, 2**12, 6),
    "cpu": Sizes(32, 4, 32, 48, 250, 48, 64, 2**20, 40),
    "gpu": Sizes(64, 6, 32, 96, 1000, 96, 128, 9_437_184, 96),
}
LIMITS = (
    "the model, its text and its traces are small and generated; the paper's are Switch Transformers",
    "a right predictor loads before experts are needed; the copies are timed alone, so no overlap hides them",
)


def _ratio(name: str, found: str, needed: str, what: str) -> Metric:
    return Metric(name, f"100 * total({found}) / total({needed})", "%", "measured", what)


def _metrics() -> Iterator[Metric]:
    yield Metric(
        "offload_predicted_right",
        "100 * mean(offload_right)",
        "%",
        "measured",
        "share of places for which the predictor names the expert",
        "100 * (mean(offload_right) - 1.96 * stdev(offload_right) / sqrt(count(offload_right)))",
        "100 * (mean(offload_right) + 1.96 * stdev(offload_right) / sqrt(count(offload_right)))",
    )
    for slots, batch in CASES:
        case = f"{slots}_{batch}"
        for policy, words in POLICIES.items():
            yield _ratio(
                f"offload_hits_{policy}_{case}",
                f"offload_found_{policy}_{case}",
                f"offload_needed_{policy}_{case}",
                f"experts found in a cache of {slots} of 32, batches of {batch}: {words}",
            )
            yield Metric(
                f"offload_loads_{policy}_{case}",
                f"mean(offload_loaded_{policy}_{case})",
                None,
                "measured",
                f"experts loaded for a step, cache of {slots}, batches of {batch}: {words}",
            )
            time = f"offload_time_{policy}_{case}"
            yield Metric(
                f"offload_ms_{policy}_{case}",
                f"median({time})",
                "ms",
                "measured",
                f"copies of a whole trace, cache of {slots}, batches of {batch}: {words}",
                f"quantile({time}, 0.25)",
                f"quantile({time}, 0.75)",
            )
    yield Metric(
        "offload_scheduler_gain",
        "total(offload_distinct_before) / total(offload_distinct_after)",
        "x",
        "measured",
        "experts that two batches of 16 need as they come over those after sequences are dealt anew",
        "min(offload_distinct_gain)",
        "max(offload_distinct_gain)",
    )


def offload(run: Run) -> None:
    """Trace a model of each seed, serve its traces by every policy, and carry the loads out."""
    sizes = _SIZES[run.preset]
    run.parameter("offload_expert_bytes", sizes.expert_bytes, "bytes", "one expert, as it is copied")
    traces = [run.step(f"trace of seed {seed}", lambda seed=seed: traced(sizes, seed)) for seed in run.seeds]
    right = [share for one in traces for share in one["right"]]
    run.sample(
        "offload_right", right, "share", "share of right predictions, sequence by sequence, seed by seed"
    )
    needed = [torch.tensor(one["needed"]) for one in traces]
    expected = [torch.tensor(one["expected"]) for one in traces]
    for slots, batch in CASES:
        for policy in POLICIES:
            _serve(run, policy, (slots, batch), needed, expected)
    _schedule(run, needed, expected)
    _check(run)
    for limit in LIMITS:
        run.note(limit)


def _serve(
    run: Run, policy: str, case: tuple[int, int], needed: list[Tensor], expected: list[Tensor]
) -> None:
    slots, batch = case
    name = f"{policy}_{slots}_{batch}"
    outcomes = []
    for trace, guess in zip(needed, expected, strict=True):
        for first in range(0, trace.shape[1] - batch + 1, batch):
            own = slice(first, first + batch)
            known = {"lru": None, "predicted": guess[:, own], "oracle": trace[:, own]}[policy]
            outcomes.append(served(trace[:, own], known, slots))
    what = "step by step, batch by batch, seed by seed"
    run.sample(
        f"offload_needed_{name}", [n for one in outcomes for n in one.needed], None, f"experts needed, {what}"
    )
    run.sample(
        f"offload_found_{name}", [n for one in outcomes for n in one.found], None, f"experts found, {what}"
    )
    loads = [len(step) for one in outcomes for step in one.loads]
    run.sample(f"offload_loaded_{name}", loads, None, f"experts loaded, {what}")
    times = run.step(
        f"copies, {name}", lambda: _carried_out(run, outcomes[0].loads, slots, needed[0].shape[0])
    )
    if times is not None:
        run.sample(
            f"offload_time_{name}", times, "ms", "copies of all loads of the first batch, one number a pass"
        )


def _carried_out(run: Run, loads: list[list[tuple[int, int]]], slots: int, layers: int) -> list[float]:
    """Return the times of copying every load of a trace from the host's memory into its slot."""
    sizes, is_gpu = _SIZES[run.preset], run.device == "cuda"
    host = torch.randint(256, (8, sizes.expert_bytes), dtype=torch.uint8)
    host = host.pin_memory() if is_gpu else host
    cache = torch.empty((layers, slots, sizes.expert_bytes), dtype=torch.uint8, device=run.device)
    flat = [one for step in loads[: sizes.carried] for one in step]

    def copies(_: int) -> Tensor:
        for place, (layer, slot) in enumerate(flat):
            cache[layer, slot].copy_(host[place % 8], non_blocking=True)
        return cache

    return _timing.measured(copies, device=run.device, effort=Effort(0.3, 3, 20))


def _schedule(run: Run, needed: list[Tensor], expected: list[Tensor]) -> None:
    """Deal the first two batches of 16 of each seed anew, by what is expected, and count what is needed."""
    before, after = [], []
    for seed, (trace, guess) in enumerate(zip(needed, expected, strict=True)):
        order = torch.tensor(
            run.step(f"deal, seed {seed}", lambda guess=guess: dealt(guess[:, :32]).tolist())
        )
        halves = (slice(0, 16), slice(16, 32))
        before.append(sum(_distinct(trace[:, one]) for one in halves))
        after.append(sum(_distinct(trace[:, order[one]]) for one in halves))
    run.sample("offload_distinct_before", before, None, "experts that two batches need as they come, by seed")
    run.sample("offload_distinct_after", after, None, "experts that they need when dealt anew, by seed")
    gain = [one / other for one, other in zip(before, after, strict=True)]
    run.sample("offload_distinct_gain", gain, "x", "the former over the latter, by seed")


def _check(run: Run) -> None:
    """Hold the cache that keeps the last used against a list that is searched."""
    random = torch.Generator().manual_seed(0)
    trace = torch.randint(9, (1, 2, 60), generator=random)
    quick = served(trace, None, 4)
    held: list[int] = []
    wrong = 0
    for step in range(60):
        experts = trace[0, :, step].unique().tolist()
        present = [expert for expert in experts if expert in held]
        wrong += len(present) != quick.found[step]
        for expert in [*present, *(one for one in experts if one not in present)]:
            held = (
                [one for one in held if one != expert][-3:]
                if expert not in held
                else [one for one in held if one != expert]
            )
            held.append(expert)
    run.check("hits of the cache", "a list of the last used, searched", wrong, 0, "steps that differ")


def add_parts(experiment: Experiment) -> None:
    """Declare the part, and what pages draw of it."""
    experiment.part(
        "expert-offload",
        "hits, loads and copies of a cache of experts: last used, predicted, known; a scheduler of sequences",
        {"smoke": 4, "cpu": 120, "gpu": 300},
        metrics=list(_metrics()),
    )(offload)
    experiment.plot(
        "offload-hits",
        "Experts found in the cache",
        "slots of a layer and sequences of a batch",
        "% of those needed",
        {
            words: {
                f"{slots} slots, {batch} sequences": f"offload_hits_{policy}_{slots}_{batch}"
                for slots, batch in CASES
            }
            for policy, words in POLICIES.items()
        },
        kind="bars",
    )
