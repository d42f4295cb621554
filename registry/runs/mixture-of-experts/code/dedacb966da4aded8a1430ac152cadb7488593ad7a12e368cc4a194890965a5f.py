"""Experts that live in the host's memory: which to keep on the GPU, in kind for ExpertFlow (2410.17954).

A small model with experts is trained on text of several domains, and what it routes where is kept as a trace:
for each layer and step the experts that a batch needs.  A cache holds some experts of each layer.  It keeps
what was used last, or loads what a predictor that reads the text alone expects, or what an oracle knows.  A
scheduler deals the sequences of two batches anew so that each needs fewer experts.  Then the loads of one
batch under each policy are carried out with real copies.
"""

import base64
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from _expert_specialisation import one_thread
from _timing import Effort, Way, compared
from harness import Experiment, Metric, Run, over_seeds
from torch import Tensor, nn
from torch.nn import functional

DOMAINS, WORDS = 4, 96
POLICIES = {
    "lru": "experts that were used last are kept",
    "predicted": "experts that a predictor expects are loaded beforehand",
    "oracle": "experts that are needed are loaded beforehand",
}
_LABELS = {"lru": "last used kept", "predicted": "predicted, loaded before", "oracle": "known, loaded before"}
# Slots of a layer's cache and sequences of a batch, as the paper pairs them.
CASES = ((16, 4), (16, 16), (8, 16))


@dataclass(frozen=True)
class Sizes:
    """The model, its text, and bytes of an expert as it is copied.

    A sequence has ``length`` words, each of which is a step of a trace; ``traced`` sequences are traced.
    """

    width: int
    layers: int
    experts: int
    length: int
    steps: int
    batch: int
    traced: int
    expert_bytes: int


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


def by_expert(rows: Tensor, chosen: Tensor, into: Tensor, out: Tensor) -> Tensor:
    """Return what the chosen expert [n] says of each row [n, width]; weights are [expert, width, width].

    Rows are dealt into one block an expert, as long as the longest needs, so that every weight is read once
    and none is copied for a row.
    """
    counts = chosen.bincount(minlength=len(into))
    longest = int(counts.max())
    order = chosen.argsort(stable=True)
    ranks = torch.arange(len(rows), device=rows.device) - (counts.cumsum(0) - counts)[chosen[order]]
    places = torch.empty_like(order).index_copy(0, order, chosen[order] * longest + ranks)
    blocks = rows.new_zeros(len(into) * longest, rows.shape[1]).index_copy(0, places, rows)
    said = (blocks.view(len(into), longest, -1) @ into).relu() @ out
    return said.flatten(0, 1).index_select(0, places)


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
        chosen, uneven = [], torch.zeros((), device=words.device)
        for place, (mix, router) in enumerate(zip(self.mix, self.router, strict=True)):
            found = found + mix(functional.pad(found.transpose(1, 2), (3, 0))).transpose(1, 2).relu()
            shares = router(found).softmax(-1)
            best = shares.max(-1)
            said = by_expert(found.flatten(0, 1), best.indices.flatten(), self.into[place], self.out[place])
            found = found + best.values[..., None] * said.view_as(found)
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


def _started(sizes: Sizes, seed: int, salt: int) -> tuple[Tensor, torch.Generator]:
    """Return the chains of a seed and the generator of one use of them, so that each can run by itself."""
    return chains_of(torch.Generator().manual_seed(seed)), torch.Generator().manual_seed(1000 * seed + salt)


def modelled(sizes: Sizes, seed: int, device: str) -> str:
    """Train a model; return its numbers as text, for a journal."""
    chains, random = _started(sizes, seed, 1)
    torch.manual_seed(seed)
    model = Routed(sizes).to(device)
    _train(model, sizes, chains, random, lambda words: _model_loss(model, words))
    numbers = nn.utils.parameters_to_vector(model.parameters()).detach().cpu()
    return base64.b64encode(bytes(numbers.view(torch.uint8).tolist())).decode()


def restored(sizes: Sizes, text_of_numbers: str, device: str) -> Routed:
    """Return the model whose numbers were kept."""
    model = Routed(sizes).to(device)
    numbers = torch.frombuffer(bytearray(base64.b64decode(text_of_numbers)), dtype=torch.float32)
    nn.utils.vector_to_parameters(numbers.to(device), model.parameters())
    return model.requires_grad_(False)


def traced(sizes: Sizes, seed: int, text_of_numbers: str, device: str) -> dict[str, Any]:
    """Train the predictor of a model; return traces [layer, sequence, step] of what was needed and expected.

    ``right`` is the share of all places of the traces for which the predictor names the expert.
    """
    model = restored(sizes, text_of_numbers, device)
    chains, random = _started(sizes, seed, 2)
    torch.manual_seed(seed)
    predictor = Predictor(sizes).to(device)
    _train(predictor, sizes, chains, random, lambda words: _predictor_loss(model, predictor, words))
    words = text(sizes.traced, sizes.length, chains, random)[0].to(device)
    with torch.no_grad():
        needed, expected = model(words)[1], predictor(words).argmax(-1)
    right = (needed == expected).float().mean().item()
    return {"needed": needed.tolist(), "expected": expected.tolist(), "right": right}


def _train(
    trained: nn.Module,
    sizes: Sizes,
    chains: Tensor,
    random: torch.Generator,
    loss_of: Callable[[Tensor], Tensor],
) -> None:
    """Train a module on batches of fresh text, which move to where the module is."""
    optimizer = torch.optim.AdamW(trained.parameters(), lr=3e-3)
    device = next(trained.parameters()).device
    for _ in range(sizes.steps):
        words, _ = text(sizes.batch, sizes.length, chains, random)
        optimizer.zero_grad()
        loss_of(words.to(device)).backward()
        optimizer.step()


def _model_loss(model: Routed, words: Tensor) -> Tensor:
    scores, _, uneven = model(words)
    return functional.cross_entropy(scores[:, :-1].flatten(0, 1), words[:, 1:].flatten()) + 0.01 * uneven


def _predictor_loss(model: Routed, predictor: Predictor, words: Tensor) -> Tensor:
    with torch.no_grad():
        chosen = model(words)[1]
    return functional.cross_entropy(predictor(words).flatten(0, 2), chosen.flatten())


# -- Caches --------------------------------------------------------------------------------------------------


Loads = list[list[tuple[int, int]]]  # (layer, slot) that were written, step by step


@dataclass(frozen=True)
class Served:
    """What a policy did: experts needed, found in the cache, and loaded, by step over all layers."""

    needed: list[int]
    found: list[int]
    loads: Loads


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

# Hits do not depend on the device, so a GPU has the same model and text, and experts as large as Switch-base
# has them to copy.
_SIZES = {
    "smoke": Sizes(8, 2, 32, 12, 4, 16, 32, 2**12),
    "cpu": Sizes(32, 4, 32, 48, 250, 48, 64, 2**20),
    "gpu": Sizes(32, 4, 32, 48, 250, 48, 64, 9_437_184),
}
LIMITS = (
    "the model, its text and its traces are small and generated; the paper's are Switch Transformers",
    "a right predictor loads before experts are needed; the copies are timed alone, so no overlap hides them",
    "copies are those of one batch alone, the first of the first seed, over its steps and layers; without a"
    " GPU both ends of a copy lie in the host's memory",
    "models and predictors are trained on one thread of the CPU, whatever the settings say",
)


def _ratio(name: str, found: str, needed: str, what: str) -> Metric:
    return Metric(name, f"100 * total({found}) / total({needed})", "%", "measured", what)


def _metrics() -> Iterator[Metric]:
    what = "share of places for which the predictor names the expert, mean over seeds"
    yield over_seeds("offload_predicted_right", "offload_right", "%", what, 100)
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
                f"copies that one batch of {batch} takes over all of its steps, cache of {slots}: {words}",
                f"quantile({time}, 0.25)",
                f"quantile({time}, 0.75)",
            )
    yield Metric(
        "offload_scheduler_gain",
        "total(offload_distinct_before) / total(offload_distinct_after)",
        "x",
        "measured",
        "experts that two batches of 16 need as they come over those after sequences are dealt anew; its ends"
        " are the least and the most of a seed",
        "min(offload_distinct_gain)",
        "max(offload_distinct_gain)",
    )


def _traces(run: Run, sizes: Sizes) -> list[dict[str, Any]]:
    """Return the traces of every seed; a model and a predictor are a resumable step each.

    Both are trained on the CPU, also where loads are copied to a GPU: so small, they are slower on one.
    """
    found = []
    with one_thread("cpu"):
        for seed in run.seeds:
            numbers = run.step(f"model of seed {seed}", lambda seed=seed: modelled(sizes, seed, "cpu"))
            trace = run.step(
                f"predictor of seed {seed}",
                lambda seed=seed, numbers=numbers: traced(sizes, seed, numbers, "cpu"),
            )
            found.append(trace)
    return found


def offload(run: Run) -> None:
    """Trace a model of each seed, serve its traces by every policy, and carry the loads of one batch out."""
    sizes = _SIZES[run.preset]
    run.parameter("offload_expert_bytes", sizes.expert_bytes, "bytes", "one expert, as it is copied")
    run.parameter("offload_steps", sizes.length, None, "steps of a batch, one word of each sequence each")
    run.parameter("offload_layers", sizes.layers, None, "layers with experts")
    traces = _traces(run, sizes)
    run.sample(
        "offload_right", [one["right"] for one in traces], "share", "share of right predictions, by seed"
    )
    needed = [torch.tensor(one["needed"]) for one in traces]
    expected = [torch.tensor(one["expected"]) for one in traces]
    for case in CASES:
        loads = {policy: _serve(run, policy, case, needed, expected) for policy in POLICIES}
        _carry_out(run, case, loads)
    _schedule(run, needed, expected)
    _check(run)
    for limit in LIMITS:
        run.note(limit)


def _serve(
    run: Run, policy: str, case: tuple[int, int], needed: list[Tensor], expected: list[Tensor]
) -> Loads:
    """Serve every batch of every seed by a policy, and return the loads of the first batch."""
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
    return outcomes[0].loads


def _carry_out(run: Run, case: tuple[int, int], loads: dict[str, Loads]) -> None:
    """Time copying every load of one batch from the host's memory into its slot, policies in turn."""
    sizes, (slots, batch) = _SIZES[run.preset], case
    host = torch.randint(256, (8, sizes.expert_bytes), dtype=torch.uint8)
    host = host.pin_memory() if run.device == "cuda" else host
    cache = torch.empty((sizes.layers, slots, sizes.expert_bytes), dtype=torch.uint8, device=run.device)

    def copies(flat: list[tuple[int, int]]) -> Tensor:
        for place, (layer, slot) in enumerate(flat):
            cache[layer, slot].copy_(host[place % len(host)], non_blocking=True)
        return cache

    ways = {
        policy: Way(lambda _, flat=[one for step in steps for one in step]: copies(flat))
        for policy, steps in loads.items()
    }
    found = compared(run, f"copies, cache of {slots}, batch of {batch}", ways, Effort(0.3, 4, 20))
    for policy, times in found.items():
        what = "copies of all loads of the first batch of the first seed, one number a pass"
        run.sample(f"offload_time_{policy}_{slots}_{batch}", times, "ms", what)


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
    """Hold the cache against a list that is searched, and rows dealt by expert against one at a time."""
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
    rows, into, out = (
        torch.randn(*size, generator=random).double() for size in ((50, 6), (9, 6, 6), (9, 6, 6))
    )
    chosen = torch.randint(7, (50,), generator=random)
    slow = [(row @ into[one]).relu() @ out[one] for row, one in zip(rows, chosen.tolist(), strict=True)]
    found = by_expert(*(one.to(run.device) for one in (rows, chosen, into, out))).cpu()
    error = float((found - torch.stack(slow)).abs().max())
    run.check("rows dealt by expert", "one row at a time, fp64", error, 1e-12, "largest difference")


def add_parts(experiment: Experiment) -> None:
    """Declare the part, and what pages draw of it."""
    experiment.part(
        "expert-offload",
        "hits, loads and copies of a cache of experts: last used, predicted, known; a scheduler of sequences",
        {"smoke": 4, "cpu": 100, "gpu": 100},
        metrics=list(_metrics()),
    )(offload)
    experiment.plot(
        "offload-hits",
        "Experts found in the cache",
        "slots of a layer and sequences of a batch",
        "% of those needed",
        {
            label: {
                f"{slots} slots, {batch} sequences": f"offload_hits_{policy}_{slots}_{batch}"
                for slots, batch in CASES
            }
            for policy, label in _LABELS.items()
        },
        kind="bars",
    )
