"""Small causal transformers trained from scratch: what gates and selection do to sinks, stability and recall.

Six arms differ in nothing but attention: ``dense``; ``sparse`` (indexer and top-k); ``g1`` (sigmoid gate on
what attention gives); ``g2`` (sigmoid gate on values); ``g1g2``; ``gsa`` (indexer, top-k and both gates).
Weights that two arms share start from the same numbers; a seed fixes chain, weights and data of every arm.

All seeds of an arm are trained together: every weight has a leading dimension of models, and nothing is ever
summed over it, so a model comes out as it would alone.

Where this departs from the published code of gated sparse attention, and why:

* That code gives its indexer no gradient.  Here a Kullback-Leibler divergence from the dense attention,
  averaged over heads, trains it; neither its input nor its target passes a gradient on.
* That code normalises the variance that decides k by its mean over the batch, later positions included, which
  lets an output depend on later tokens.  Here the mean runs over the same sequence up to the query.
* That code's indexer knows no positions.  Here its queries and keys are rotated as those of attention are;
  otherwise no selection of the first layer could tell two occurrences of a token apart.
"""

import hashlib
import math
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import torch
from harness import Experiment, Metric, Run, over_seeds
from torch import Tensor
from torch.nn import functional

Weights = dict[str, Tensor]
_NEVER = -1e9  # a score that softmax turns into exactly 0
_GATE_BIAS, _GATE_GAIN = 0.5, 0.1  # of the published code
_SPIKE_RATIO, _SPIKE_WINDOW = 1.5, 50


@dataclass(frozen=True)
class Arm:
    """What attention has besides queries, keys and values."""

    is_sparse: bool = False
    gates_output: bool = False
    gates_values: bool = False


ARMS: dict[str, Arm] = {
    "dense": Arm(),
    "sparse": Arm(is_sparse=True),
    "g1": Arm(gates_output=True),
    "g2": Arm(gates_values=True),
    "g1g2": Arm(gates_output=True, gates_values=True),
    "gsa": Arm(is_sparse=True, gates_output=True, gates_values=True),
}


@dataclass(frozen=True)
class Shape:
    """Sizes of a stack of layers.

    ``reads_previous`` adds to each position an embedding of the token before it, which lets a single layer
    match a key with the value that follows it.
    """

    vocabulary: int
    layers: int
    width: int
    heads: int
    hidden: int
    k_base: int
    k_min: int
    k_max: int
    indexer_heads: int = 4
    indexer_width: int = 16
    reads_previous: bool = False


@dataclass
class Watch:
    """What an evaluation looks at inside a stack; one entry per layer."""

    attention: list[Tensor] = field(default_factory=list)
    largest: list[Tensor] = field(default_factory=list)
    output_gates: list[Tensor] = field(default_factory=list)
    selected: list[Tensor] = field(default_factory=list)
    selected_mass: list[Tensor] = field(default_factory=list)


def generator(*names: object) -> torch.Generator:
    """Return a random generator that depends on the names alone."""
    digest = hashlib.sha256(" ".join(map(str, names)).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)


def _sizes(shape: Shape, arm: Arm) -> dict[str, tuple[tuple[int, ...], float]]:
    """Return each weight's size and the standard deviation it starts with."""
    width = shape.width
    usual = width**-0.5
    into_stream = (2 * shape.layers) ** -0.5
    gate = _GATE_GAIN * usual  # xavier: sqrt(2 / (width + width))
    sizes: dict[str, tuple[tuple[int, ...], float]] = {"embedding": ((shape.vocabulary, width), 1.0)}
    if shape.reads_previous:
        sizes["embedding_previous"] = ((shape.vocabulary, width), 1.0)
    for layer in range(shape.layers):
        sizes[f"{layer}.qkv"] = ((width, 3 * width), usual)
        sizes[f"{layer}.out"] = ((width, width), usual * into_stream)
        sizes[f"{layer}.up"] = ((width, shape.hidden), usual)
        sizes[f"{layer}.down"] = ((shape.hidden, width), shape.hidden**-0.5 * into_stream)
        if arm.gates_values:
            sizes[f"{layer}.value_gate"] = ((width, width), gate)
        if arm.gates_output:
            sizes[f"{layer}.output_gate"] = ((width, width), gate)
        if arm.is_sparse:
            columns = shape.indexer_heads * shape.indexer_width
            sizes[f"{layer}.indexer_query"] = ((width, columns), usual)
            sizes[f"{layer}.indexer_key"] = ((width, shape.indexer_width), usual)
            sizes[f"{layer}.indexer_weight"] = ((width, shape.indexer_heads), _GATE_GAIN * usual)
    return sizes


def _constants(shape: Shape, arm: Arm) -> dict[str, tuple[int, float]]:
    """Return size and first value of each weight that starts as a constant: gains of norms, and biases."""
    constants: dict[str, tuple[int, float]] = {"norm": (shape.width, 1.0)}
    for layer in range(shape.layers):
        constants[f"{layer}.norm_attention"] = (shape.width, 1.0)
        constants[f"{layer}.norm_hidden"] = (shape.width, 1.0)
        if arm.gates_values:
            constants[f"{layer}.value_gate_bias"] = (shape.width, _GATE_BIAS)
        if arm.gates_output:
            constants[f"{layer}.output_gate_bias"] = (shape.width, _GATE_BIAS)
        if arm.is_sparse:
            constants[f"{layer}.indexer_bias"] = (shape.indexer_heads, 0.0)
            constants[f"{layer}.indexer_weight_bias"] = (shape.indexer_heads, 0.0)
    return constants


@contextmanager
def one_thread(device: str) -> Iterator[None]:
    """Keep torch to one thread on a CPU: threads would mostly wait with tensors this small."""
    threads = torch.get_num_threads()
    if device == "cpu":
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def drawn(sizes: Mapping[str, tuple[tuple[int, ...], float]], seeds: Sequence[int], device: str) -> Weights:
    """Return normal weights with a leading dimension of seeds; a name and a seed fix the numbers."""
    weights = {}
    for name, (size, deviation) in sizes.items():
        models = [torch.randn(size, generator=generator("weights", seed, name)) for seed in seeds]
        weights[name] = (torch.stack(models) * deviation).to(device).requires_grad_()
    return weights


def stack_weights(shape: Shape, arm: Arm, seeds: Sequence[int], device: str) -> Weights:
    """Return the weights of a stack for every seed."""
    weights = drawn(_sizes(shape, arm), seeds, device)
    for name, (size, value) in _constants(shape, arm).items():
        weights[name] = torch.full((len(seeds), size), value, device=device).requires_grad_()
    return weights


def language_weights(shape: Shape, arm: Arm, seeds: Sequence[int], device: str) -> Weights:
    """Return the weights of a stack and of the projection that predicts the next token."""
    weights = stack_weights(shape, arm, seeds, device)
    sizes = {"unembedding": ((shape.width, shape.vocabulary), shape.width**-0.5)}
    return weights | drawn(sizes, seeds, device)


def count(weights: Weights) -> int:
    """Return how many numbers one model learns."""
    return sum(weight[0].numel() for weight in weights.values())


def linear(inputs: Tensor, weight: Tensor) -> Tensor:
    """Apply each model's weight to its own inputs."""
    flat = inputs.reshape(inputs.shape[0], -1, inputs.shape[-1]) @ weight
    return flat.view(*inputs.shape[:-1], weight.shape[-1])


def per_model(vector: Tensor, like: Tensor) -> Tensor:
    """Return a vector of each model in a form that broadcasts over batch and positions."""
    return vector.view(vector.shape[0], *[1] * (like.dim() - 2), vector.shape[-1])


def norm(inputs: Tensor, gain: Tensor) -> Tensor:
    """Apply root-mean-square normalisation."""
    return functional.rms_norm(inputs, inputs.shape[-1:], eps=1e-6) * per_model(gain, inputs)


@lru_cache(maxsize=32)
def _rotation(length: int, width: int, device: str) -> tuple[Tensor, Tensor]:
    rates = 10000.0 ** (-torch.arange(width // 2, dtype=torch.float64) * 2 / width)
    angles = torch.arange(length, dtype=torch.float64)[:, None] * rates
    return angles.cos().float().to(device), angles.sin().float().to(device)


def _rotated(vectors: Tensor) -> Tensor:
    """Rotate pairs of dimensions by the position, which is the last dimension but one."""
    length, width = vectors.shape[-2:]
    cosine, sine = _rotation(length, width, str(vectors.device))
    first, second = vectors[..., : width // 2], vectors[..., width // 2 :]
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)


@lru_cache(maxsize=32)
def _causal(length: int, device: str) -> Tensor:
    return torch.ones(length, length, dtype=torch.bool, device=device).tril()


def indexer_scores(weights: Weights, layer: int, shape: Shape, inputs: Tensor) -> Tensor:
    """Return the gated sigmoid indexer's score of every position for every query, [model, batch, query, key].

    It is the sum over indexer heads of sigmoid(h w) sigmoid(q k / sqrt(dI) + b), with one key for all heads.
    """
    models, batch, length, _ = inputs.shape
    heads, width = shape.indexer_heads, shape.indexer_width
    queries = linear(inputs, weights[f"{layer}.indexer_query"]).view(models, batch, length, heads, width)
    queries = _rotated(queries.transpose(2, 3))
    keys = _rotated(linear(inputs, weights[f"{layer}.indexer_key"]))
    bias = weights[f"{layer}.indexer_bias"].view(models, 1, heads, 1, 1)
    found = torch.sigmoid(queries @ keys.unsqueeze(2).transpose(-1, -2) / math.sqrt(width) + bias)
    importance = linear(inputs, weights[f"{layer}.indexer_weight"])
    importance = torch.sigmoid(importance + per_model(weights[f"{layer}.indexer_weight_bias"], importance))
    return (importance.transpose(2, 3).unsqueeze(-1) * found).sum(2)


def adaptive_k(scores: Tensor, shape: Shape) -> Tensor:
    """Return how many positions each query reads: fewer where the indexer's scores vary more.

    k = k_base (1/2 + 1 / (1 + v)), v being the variance of a query's scores over its own past divided by the
    mean of that variance over the queries so far; then within k_min and k_max, and at most the past's length.
    """
    length = scores.shape[-1]
    causal = _causal(length, str(scores.device))
    counts = torch.arange(1, length + 1, device=scores.device)
    past = scores.masked_fill(~causal, 0.0)
    mean = past.sum(-1) / counts
    variance = ((past - mean.unsqueeze(-1)).masked_fill(~causal, 0.0) ** 2).sum(-1) / counts
    so_far = variance @ causal.float().T / counts
    k = shape.k_base * (0.5 + 1 / (1 + variance / (so_far + 1e-8)))
    return torch.minimum(k.clamp(shape.k_min, shape.k_max).long(), counts)


def selection(scores: Tensor, shape: Shape) -> Tensor:
    """Return which positions each query reads: those of its k largest scores, of equal ones the later."""
    length = scores.shape[-1]
    past = scores.masked_fill(~_causal(length, str(scores.device)), _NEVER)
    k = adaptive_k(scores, shape).unsqueeze(-1)
    least = past.topk(min(shape.k_max, length), dim=-1).values.gather(-1, k - 1)
    # Comparing with the least score, and not marking the places of topk, settles ties alike on every device.
    is_above, is_equal = past > least, past == least
    later = is_equal.flip(-1).cumsum(-1, dtype=torch.int32).flip(-1)
    return is_above | (is_equal & (later <= k - is_above.sum(-1, keepdim=True)))


def indexer_loss(scores: Tensor, dense: Tensor) -> Tensor:
    """Return, per model, the divergence of the indexer's softmax from the dense attention it should find."""
    causal = _causal(scores.shape[-1], str(scores.device))
    found = scores.masked_fill(~causal, _NEVER).log_softmax(-1)
    return functional.kl_div(found, dense, reduction="none").sum(-1).mean((1, 2))


def _gate(weights: Weights, name: str, inputs: Tensor) -> Tensor:
    raw = linear(inputs, weights[name])
    return torch.sigmoid(raw + per_model(weights[f"{name}_bias"], raw))


def _attention(
    weights: Weights, layer: int, shape: Shape, arm: Arm, inputs: Tensor, selects: bool, watch: Watch | None
) -> tuple[Tensor, Tensor | None]:
    """Return what attention adds to the stream, and the indexer's loss where there is an indexer."""
    models, batch, length, width = inputs.shape
    queries, keys, values = linear(inputs, weights[f"{layer}.qkv"]).split(width, dim=-1)
    if arm.gates_values:
        values = values * _gate(weights, f"{layer}.value_gate", inputs)
    size = (models, batch, length, shape.heads, width // shape.heads)
    queries, keys, values = (one.view(size).transpose(2, 3) for one in (queries, keys, values))
    queries = _rotated(queries) / math.sqrt(width // shape.heads)
    causal = _causal(length, str(inputs.device))
    logits = (queries @ _rotated(keys).transpose(-1, -2)).masked_fill(~causal, _NEVER)
    loss = None
    if arm.is_sparse:
        scores = indexer_scores(weights, layer, shape, inputs.detach())
        dense = logits.detach().softmax(-1).mean(2)
        loss = indexer_loss(scores, dense)
        if selects:
            chosen = selection(scores.detach(), shape)
            logits = logits.masked_fill(~chosen.unsqueeze(2), _NEVER)
            if watch is not None:
                watch.selected.append(chosen.sum(-1))
                watch.selected_mass.append((dense * chosen).sum(-1))
    attention = logits.softmax(-1)
    read = (attention @ values).transpose(2, 3).reshape(models, batch, length, width)
    if arm.gates_output:
        gate = _gate(weights, f"{layer}.output_gate", inputs)
        read = read * gate
        if watch is not None:
            watch.output_gates.append(gate)
    if watch is not None:
        watch.attention.append(attention)
    return linear(read, weights[f"{layer}.out"]), loss


def stack(
    weights: Weights, shape: Shape, arm: Arm, tokens: Tensor, selects: bool = True, watch: Watch | None = None
) -> tuple[Tensor, Tensor]:
    """Return the last layer's features, [model, batch, position, width], and each model's indexer loss.

    ``selects`` false lets sparse arms read everything, as in the warm-up of the indexer.
    """
    # A product with one-hot vectors has a gradient that is summed in a fixed order on every device.
    seen = (tokens.unsqueeze(-1) == torch.arange(shape.vocabulary, device=tokens.device)).float()
    stream = linear(seen, weights["embedding"])
    if shape.reads_previous:
        before = functional.pad(seen[..., :-1, :], (0, 0, 1, 0))
        stream = stream + linear(before, weights["embedding_previous"])
    total = torch.zeros(tokens.shape[0], device=stream.device)
    for layer in range(shape.layers):
        inputs = norm(stream, weights[f"{layer}.norm_attention"])
        read, loss = _attention(weights, layer, shape, arm, inputs, selects, watch)
        stream = stream + read
        inputs = norm(stream, weights[f"{layer}.norm_hidden"])
        raised = functional.gelu(linear(inputs, weights[f"{layer}.up"]))
        stream = stream + linear(raised, weights[f"{layer}.down"])
        if loss is not None:
            total = total + loss
        if watch is not None:
            watch.largest.append(stream.detach().abs().amax((1, 2, 3)))
    return norm(stream, weights["norm"]), total


def logits_of(
    weights: Weights, shape: Shape, arm: Arm, tokens: Tensor, selects: bool = True, watch: Watch | None = None
) -> tuple[Tensor, Tensor]:
    """Return the scores of every next token, and each model's indexer loss."""
    features, loss = stack(weights, shape, arm, tokens, selects, watch)
    return linear(features, weights["unembedding"]), loss


# Training


@dataclass(frozen=True)
class Schedule:
    """How long and how fast a stack is trained.

    The rate rises over the first twentieth of the steps and then falls by a cosine to a tenth; sparse arms
    read everything until ``dense_share`` of the steps are done.
    """

    steps: int
    batch: int
    rate: float
    dense_share: float = 0.2

    def rate_at(self, step: int) -> float:
        """Return the learning rate of a step."""
        rising = max(1, self.steps // 20)
        if step < rising:
            return self.rate * (step + 1) / rising
        done = (step - rising) / max(1, self.steps - rising)
        return self.rate * (0.1 + 0.45 * (1 + math.cos(math.pi * done)))


def _clip(weights: Sequence[Tensor]) -> None:
    """Scale each model's own gradient to a norm of at most 1."""
    squares = [one.grad.flatten(1).square().sum(1) for one in weights if one.grad is not None]
    if not squares:
        return
    scale = (1.0 / (torch.stack(squares).sum(0).sqrt() + 1e-6)).clamp(max=1.0)
    for one in weights:
        if one.grad is not None:
            one.grad.mul_(scale.view(-1, *[1] * (one.dim() - 1)))


def train(
    weights: Weights, schedule: Schedule, losses: Callable[[int, bool], tuple[Tensor, Tensor]]
) -> list[list[float]]:
    """Train every model with Adam; return the task losses, a list of steps for each model.

    ``losses`` gives, for a step and for whether sparse arms select by now, each model's task loss and indexer
    loss.
    """
    indexer = [one for name, one in weights.items() if ".indexer" in name]
    task = [one for name, one in weights.items() if ".indexer" not in name]
    optimizer = torch.optim.Adam([*task, *indexer], lr=schedule.rate, betas=(0.9, 0.95), foreach=True)
    seen = []
    for step in range(schedule.steps):
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate_at(step)
        task_loss, own_loss = losses(step, step >= schedule.dense_share * schedule.steps)
        optimizer.zero_grad()
        (task_loss + own_loss).sum().backward()
        _clip(task)
        _clip(indexer)
        optimizer.step()
        seen.append(task_loss.detach())
    return torch.stack(seen, dim=1).cpu().tolist()


def spikes(losses: Sequence[float]) -> int:
    """Return how many losses lie above 1.5 times the median of the 50 before them."""
    places = range(_SPIKE_WINDOW, len(losses))
    medians = (statistics.median(losses[place - _SPIKE_WINDOW : place]) for place in places)
    return sum(
        not losses[place] <= _SPIKE_RATIO * middle for place, middle in zip(places, medians, strict=True)
    )


# Bigram-Backcopy


@dataclass(frozen=True)
class Chains:
    """One bigram chain per seed; the token after the vocabulary's last begins every sequence.

    A token below ``triggers`` is a trigger: what follows it is the token before it.
    """

    transitions: Tensor  # [model, token, next token]
    triggers: int

    @property
    def beginning(self) -> int:
        """The token that begins every sequence."""
        return self.transitions.shape[-1]


def chains(seeds: Sequence[int], vocabulary: int, triggers: int) -> Chains:
    """Draw each seed's chain; rows are a softmax of normals of deviation 2, so that few tokens are likely."""
    rows = [torch.randn(vocabulary, vocabulary, generator=generator("chain", seed)) for seed in seeds]
    return Chains((2.0 * torch.stack(rows)).softmax(-1), triggers)


def _beginnings(chain: Chains) -> Tensor:
    """Return how likely each token is to come first: every token but the triggers alike."""
    first = torch.ones(chain.beginning)
    first[: chain.triggers] = 0.0
    return first / first.sum()


def walks(chain: Chains, seeds: Sequence[int], name: str, sequences: int, length: int) -> Tensor:
    """Return sequences of every seed's chain, [model, sequence, position]; a name and a seed fix them."""
    draws = [torch.rand(length - 1, sequences, generator=generator(name, seed)) for seed in seeds]
    uniform = torch.stack(draws, dim=1)
    models = torch.arange(len(seeds)).unsqueeze(1)
    rising = chain.transitions.cumsum(-1)
    last = chain.beginning - 1
    begin = torch.full((len(seeds), sequences), chain.beginning)
    first = torch.searchsorted(_beginnings(chain).cumsum(0), uniform[0], right=True).clamp(max=last)
    tokens = [begin, first]
    for position in range(2, length):
        current, before = tokens[-1], tokens[-2]
        following = torch.searchsorted(
            rising[models, current], uniform[position - 1].unsqueeze(-1), right=True
        )
        tokens.append(torch.where(current < chain.triggers, before, following.squeeze(-1).clamp(max=last)))
    return torch.stack(tokens, dim=-1).to(torch.int16)


def truth(chain: Chains, tokens: Tensor) -> Tensor:
    """Return the true distribution of the token after each position."""
    tokens = tokens.long().cpu()
    before = functional.pad(tokens[..., :-1], (1, 0))
    rows = torch.cat([chain.transitions, _beginnings(chain).expand(len(chain.transitions), 1, -1)], dim=1)
    models = torch.arange(tokens.shape[0]).view(-1, 1, 1)
    copied = functional.one_hot(before, chain.beginning + 1)[..., :-1].float()
    return torch.where((tokens < chain.triggers).unsqueeze(-1), copied, rows[models, tokens])


@dataclass(frozen=True)
class BackcopySizes:
    """Sizes of the Bigram-Backcopy part for a preset."""

    shape: Shape
    triggers: int
    length: int
    batch: int
    steps: int
    rates: tuple[float, ...]
    evaluated: int


@lru_cache(maxsize=1)
def _backcopy_data(
    sizes: BackcopySizes, seeds: tuple[int, ...], device: str
) -> tuple[Chains, Tensor, Tensor]:
    """Return chains, training sequences and held-out sequences, the same for every arm and rate."""
    chain = chains(seeds, sizes.shape.vocabulary - 1, sizes.triggers)
    data = walks(chain, seeds, "train", sizes.steps * sizes.batch, sizes.length + 1)
    held_out = walks(chain, seeds, "held out", sizes.evaluated, sizes.length).long()
    return chain, data.to(device), held_out.to(device)


def _backcopy_losses(
    weights: Weights, sizes: BackcopySizes, arm: Arm, data: Tensor
) -> Callable[[int, bool], tuple[Tensor, Tensor]]:
    def losses(step: int, selects: bool) -> tuple[Tensor, Tensor]:
        tokens = data[:, step * sizes.batch : (step + 1) * sizes.batch].long()
        logits, own = logits_of(weights, sizes.shape, arm, tokens[..., :-1], selects)
        entropies = functional.cross_entropy(
            logits.flatten(0, 2), tokens[..., 1:].flatten(), reduction="none"
        )
        return entropies.view(len(tokens), -1).mean(1), own

    return losses


@torch.no_grad()
def backcopy_results(
    weights: Weights, sizes: BackcopySizes, arm: Arm, chain: Chains, tokens: Tensor
) -> dict[str, list[float]]:
    """Evaluate every model; each entry has one number per model.

    ``first_token`` is the attention on the first position, averaged over layers, heads and those queries that
    are neither the first position nor a trigger; ``excess`` the mean divergence from the true next token.
    """
    watch = Watch()
    logits, _ = logits_of(weights, sizes.shape, arm, tokens, watch=watch)
    true = truth(chain, tokens).to(logits.device)
    predicted = logits.log_softmax(-1)
    excess = functional.kl_div(predicted[..., :-1], true, reduction="none").sum(-1)
    is_trigger = tokens < chain.triggers
    is_asked = ~is_trigger
    is_asked[..., 0] = False
    on_first = torch.stack([one[..., 0].mean(2) for one in watch.attention]).mean(0)
    is_copied = predicted.argmax(-1) == functional.pad(tokens[..., :-1], (1, 0))
    uniform = 1 / torch.arange(1, tokens.shape[-1] + 1, device=tokens.device)
    results = {
        "excess": excess.mean((1, 2)),
        "first_token": _mean_where(on_first, is_asked),
        "uniform": _mean_where(uniform.expand(tokens.shape), is_asked),
        "copied": _mean_where(is_copied.float(), is_trigger),
        "activation": torch.stack(watch.largest).amax(0),
    }
    if watch.output_gates:
        results["gate"] = torch.stack(watch.output_gates).mean((0, 2, 3, 4))
    if watch.selected:
        results["selected_mass"] = torch.stack(watch.selected_mass).mean((0, 2, 3))
        results["selected"] = torch.stack(watch.selected).float().mean((0, 2, 3))
    return {name: values.cpu().tolist() for name, values in results.items()}


def _mean_where(values: Tensor, mask: Tensor) -> Tensor:
    """Return each model's mean over the places of a mask."""
    return (values * mask).sum((1, 2)) / mask.sum((1, 2)).clamp(min=1)


def train_backcopy(
    sizes: BackcopySizes, arm: Arm, seeds: Sequence[int], rate: float, device: str
) -> dict[str, list[float]]:
    """Train and evaluate an arm on Bigram-Backcopy at one rate, all seeds together."""
    chain, data, held_out = _backcopy_data(sizes, tuple(seeds), device)
    weights = language_weights(sizes.shape, arm, seeds, device)
    schedule = Schedule(sizes.steps, sizes.batch, rate)
    curves = train(weights, schedule, _backcopy_losses(weights, sizes, arm, data))
    results = backcopy_results(weights, sizes, arm, chain, held_out)
    judged = max(1, sizes.steps - _SPIKE_WINDOW)
    results["spikes"] = [1000 * spikes(curve) / judged for curve in curves]
    results["parameters"] = [float(count(weights))]
    return results


# Associative recall


@dataclass(frozen=True)
class RecallSizes:
    """Sizes of the recall part for a preset.

    A sequence is a first token, cells of two tokens (a key and its value, or filler), and at its end
    ``queries`` keys whose values are asked for.  Longer sequences have more filler and no more pairs.
    """

    shape: Shape
    keys: int
    values: int
    filler: int
    pairs: int
    queries: int
    length: int
    batch: int
    steps: int
    rates: tuple[float, ...]
    evaluated: int


@dataclass(frozen=True)
class RecallData:
    """Sequences, [model, sequence, position], and the values that their queries ask for."""

    tokens: Tensor
    answers: Tensor


def _recall_of_seed(
    sizes: RecallSizes, random: torch.Generator, sequences: int, length: int
) -> tuple[Tensor, Tensor]:
    cells = (length - 1 - sizes.queries) // 2
    first_value = 1 + sizes.keys
    first_filler = first_value + sizes.values
    tokens = torch.randint(
        first_filler, first_filler + sizes.filler, (sequences, length), generator=random, dtype=torch.int16
    )
    places = torch.rand(sequences, cells, generator=random).argsort(1)[:, : sizes.pairs] * 2 + 1
    keys = 1 + torch.rand(sequences, sizes.keys, generator=random).argsort(1)[:, : sizes.pairs]
    values = torch.randint(
        first_value, first_value + sizes.values, (sequences, sizes.pairs), generator=random
    )
    asked = torch.rand(sequences, sizes.pairs, generator=random).argsort(1)[:, : sizes.queries]
    tokens[:, 0] = 0
    tokens.scatter_(1, places, keys.to(tokens.dtype))
    tokens.scatter_(1, places + 1, values.to(tokens.dtype))
    tokens[:, length - sizes.queries :] = keys.gather(1, asked).to(tokens.dtype)
    return tokens, values.gather(1, asked).to(tokens.dtype)


def recall_data(
    sizes: RecallSizes, seeds: Sequence[int], name: str, sequences: int, length: int
) -> RecallData:
    """Draw sequences for every seed; a name and a seed fix them."""
    drawn_ones = [_recall_of_seed(sizes, generator(name, seed), sequences, length) for seed in seeds]
    tokens, answers = zip(*drawn_ones, strict=True)
    return RecallData(torch.stack(tokens), torch.stack(answers))


def recall_accuracy(logits: Tensor, answers: Tensor) -> Tensor:
    """Return each model's share of queries, the last positions, whose likeliest next token is the answer."""
    predicted = logits[..., -answers.shape[-1] :, :].argmax(-1)
    return (predicted == answers).float().mean((1, 2))


@lru_cache(maxsize=1)
def _recall_training(sizes: RecallSizes, seeds: tuple[int, ...], device: str) -> RecallData:
    """Return training sequences, the same for every arm and rate."""
    data = recall_data(sizes, seeds, "recall", sizes.steps * sizes.batch, sizes.length)
    return RecallData(data.tokens.to(device), data.answers.to(device))


def _recall_losses(
    weights: Weights, sizes: RecallSizes, arm: Arm, data: RecallData
) -> Callable[[int, bool], tuple[Tensor, Tensor]]:
    def losses(step: int, selects: bool) -> tuple[Tensor, Tensor]:
        chosen = slice(step * sizes.batch, (step + 1) * sizes.batch)
        answers = data.answers[:, chosen].long()
        logits, own = logits_of(weights, sizes.shape, arm, data.tokens[:, chosen], selects)
        asked = logits[..., -sizes.queries :, :]
        entropies = functional.cross_entropy(asked.flatten(0, 2), answers.flatten(), reduction="none")
        return entropies.view(len(answers), -1).mean(1), own

    return losses


def train_recall(
    sizes: RecallSizes, arm: Arm, seeds: Sequence[int], rate: float, device: str
) -> dict[str, list[float]]:
    """Train and evaluate an arm on recall at one rate, all seeds together; accuracies at 1, 2 and 4 times."""
    data = _recall_training(sizes, tuple(seeds), device)
    weights = language_weights(sizes.shape, arm, seeds, device)
    schedule = Schedule(sizes.steps, sizes.batch, rate)
    curves = train(weights, schedule, _recall_losses(weights, sizes, arm, data))
    tail = max(1, sizes.steps // 20)
    results = {"loss": [statistics.fmean(curve[-tail:]) for curve in curves]}
    for times in (1, 2, 4):
        held_out = recall_data(sizes, seeds, f"recall {times}", sizes.evaluated, times * sizes.length)
        with torch.no_grad():
            logits, _ = logits_of(weights, sizes.shape, arm, held_out.tokens.to(device))
        results[f"accuracy_{times}x"] = recall_accuracy(logits.cpu(), held_out.answers).tolist()
    results["parameters"] = [float(count(weights))]
    return results


# Parts

_TINY = Shape(17, 1, 32, 1, 32, k_base=4, k_min=1, k_max=8, indexer_width=8)
BACKCOPY: dict[str, BackcopySizes] = {
    "smoke": BackcopySizes(_TINY, 3, 16, 4, 6, (3e-3, 1e-2, 1e-1), 8),
    "cpu": BackcopySizes(
        Shape(17, 1, 64, 1, 64, k_base=8, k_min=1, k_max=16), 3, 32, 8, 400, (3e-3, 1e-2, 1e-1), 64
    ),
    "gpu": BackcopySizes(
        Shape(65, 2, 128, 4, 512, k_base=32, k_min=4, k_max=64, indexer_width=32),
        5, 128, 32, 2000, (1e-3, 5e-3, 3e-2), 64,
    ),
}  # fmt: skip
RECALL: dict[str, RecallSizes] = {
    "smoke": RecallSizes(
        Shape(25, 1, 32, 1, 32, k_base=4, k_min=1, k_max=8, indexer_width=8, reads_previous=True),
        8, 8, 8, 4, 3, 16, 4, 6, (2e-3, 5e-3, 1e-2), 4,
    ),
    "cpu": RecallSizes(
        Shape(29, 1, 64, 2, 64, k_base=8, k_min=1, k_max=16, reads_previous=True),
        12, 8, 8, 6, 5, 32, 8, 200, (2e-3, 5e-3, 1e-2), 64,
    ),
    "gpu": RecallSizes(
        Shape(129, 2, 128, 4, 512, k_base=32, k_min=4, k_max=64, indexer_width=32, reads_previous=True),
        64, 32, 32, 16, 15, 128, 32, 2000, (5e-4, 2e-3, 8e-3), 64,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class _Measure:
    """A number of each model: its key in the results, its unit, what it is, and which arms have it."""

    key: str
    unit: str | None
    what: str
    arms: tuple[str, ...] = tuple(ARMS)


_GATED = tuple(name for name, arm in ARMS.items() if arm.gates_output)
_SPARSE = tuple(name for name, arm in ARMS.items() if arm.is_sparse)
_BACKCOPY_MEASURES = (
    _Measure("first_token", "share", "attention on the first token, mean over heads, layers, non-triggers"),
    _Measure("excess", "nat", "divergence of the prediction from the chain's true next token, per token"),
    _Measure("spikes", "per 1000 steps", "losses above 1.5 times the median of the 50 before"),
    _Measure("activation", None, "largest absolute value in the residual stream after any layer"),
    _Measure("copied", "share", "trigger positions where the likeliest token is the one to be copied"),
    _Measure("gate", "share", "mean of the output gate", _GATED),
    _Measure("selected", "token", "positions that a query reads, mean", _SPARSE),
    _Measure(
        "selected_mass", "share", "dense attention, mean over heads, that lies in the selection", _SPARSE
    ),
)
_RECALL_MEASURES = tuple(
    _Measure(f"accuracy_{times}x", "share", f"queries answered rightly at {times} times the trained length")
    for times in (1, 2, 4)
)


def _metrics(plan: "_Plan") -> list[Metric]:
    """Return the metrics of a part: means, differences to the dense arm, and both at each rate."""
    metrics = []
    for one in plan.measures:
        for arm in one.arms:
            rates = (1, 2, 3) if one.key in plan.swept else ()
            ends = [("", "at its best rate"), *((f"_rate_{place}", f"at rate {place}") for place in rates)]
            for end, where in ends:
                name = f"{plan.prefix}_{one.key}_{arm}"
                what = f"{arm}, {where}: {one.what}"
                metrics.append(over_seeds(f"{name}{end}", f"{name}{end}_by_seed", one.unit, what))
                if one.key in plan.compared and arm != "dense":
                    minus = f"{name}_minus_dense{end}"
                    what = f"{arm} minus dense, each {where}, seed by seed: {one.what}"
                    metrics.append(over_seeds(minus, f"{minus}_by_seed", one.unit, what))
    return metrics


Results = Mapping[str, list[float]]


def _keep(run: Run, name: str, values: Sequence[float], unit: str | None, what: str) -> None:
    """Keep the finite values of a sample; how many models diverged is a sample of its own."""
    finite = [value for value in values if math.isfinite(value)]
    if finite:
        run.sample(name, finite, unit, what)


def _keep_arm(run: Run, plan: "_Plan", arm: str, by_rate: Sequence[Results]) -> Results:
    """Keep an arm's numbers, at every rate what is swept and everything at its best, which is returned."""
    best = max(range(len(by_rate)), key=lambda place: plan.worth(by_rate[place]))
    measures = [one for one in plan.measures if arm in one.arms]
    for one in measures:
        name = f"{plan.prefix}_{one.key}_{arm}"
        what = f"{one.what}; {arm} at its best rate, one number a seed"
        _keep(run, f"{name}_by_seed", by_rate[best][one.key], one.unit, what)
        for place, results in enumerate(by_rate, 1):
            if one.key in plan.swept:
                what = f"{one.what}; {arm} at learning rate {place}, one number a seed"
                _keep(run, f"{name}_rate_{place}_by_seed", results[one.key], one.unit, what)
    diverged = []
    for results in by_rate:
        models = zip(*(results[one.key] for one in measures), strict=True)
        diverged.append(sum(not all(map(math.isfinite, model)) for model in models))
    name = f"{plan.prefix}_diverged_{arm}"
    run.sample(name, diverged, "model", f"models of {arm} that diverged, at each learning rate")
    run.sample(f"{plan.prefix}_best_rate_{arm}", [best + 1], None, f"which learning rate suits {arm} best")
    name = f"{plan.prefix}_parameters_{arm}"
    run.sample(name, by_rate[best]["parameters"], "weight", f"weights that a model of {arm} learns")
    return by_rate[best]


def _keep_differences(
    run: Run, plan: "_Plan", key: str, ends: str, where: str, by_arm: Mapping[str, Results]
) -> None:
    """Keep each arm's numbers minus those of the dense arm of the same seed, which has the same data."""
    measure = next(one for one in plan.measures if one.key == key)
    for arm, results in by_arm.items():
        if arm == "dense" or "dense" not in by_arm:
            continue
        pairs = zip(results[key], by_arm["dense"][key], strict=True)
        what = f"{measure.what}; {arm} minus dense, {where}, one number a seed"
        name = f"{plan.prefix}_{key}_{arm}_minus_dense{ends}_by_seed"
        _keep(run, name, [ours - dense for ours, dense in pairs], measure.unit, what)


def _keep_all_differences(
    run: Run, plan: "_Plan", best: Mapping[str, Results], finished: Mapping[str, Sequence[Results]]
) -> None:
    """Keep differences to the dense arm, each arm at its own best rate and, where swept, both at the same."""
    for key in plan.compared:
        _keep_differences(run, plan, key, "", "each at its best rate", best)
        for place in (1, 2, 3) if key in plan.swept else ():
            at = {arm: by_rate[place - 1] for arm, by_rate in finished.items()}
            _keep_differences(run, plan, key, f"_rate_{place}", f"both at learning rate {place}", at)


def _worst_if_diverged(values: Sequence[float]) -> float:
    mean = statistics.fmean(values)
    return mean if math.isfinite(mean) else math.inf


@dataclass(frozen=True)
class _Plan:
    """What a part measures, what it compares with the dense arm and what at every rate, and what is best."""

    prefix: str
    measures: tuple[_Measure, ...]
    compared: tuple[str, ...]
    swept: tuple[str, ...]
    worth: Callable[[Results], float]


_BACKCOPY_PLAN = _Plan(
    "backcopy",
    _BACKCOPY_MEASURES,
    ("first_token", "excess"),
    ("first_token", "excess", "spikes"),
    lambda results: -_worst_if_diverged(results["excess"]),
)
_RECALL_PLAN = _Plan(
    "recall",
    _RECALL_MEASURES,
    ("accuracy_1x", "accuracy_2x", "accuracy_4x"),
    ("accuracy_1x",),
    lambda results: -_worst_if_diverged(results["loss"]),
)
_NOTES = (
    "the indexer learns from the divergence of its softmax from the dense attention averaged over heads, with"
    " no gradient to its inputs or its target, since the published code gives it no gradient at all",
    "sparse arms read everything for the first fifth of the steps while their indexer learns; the published"
    " code names such a warm-up and does not use it, and its length here was chosen",
    "the published code divides a query's variance by a mean over the batch that includes later queries, so"
    " that an output depends on later tokens; here the mean runs over the queries so far",
    "the indexer's queries and keys are rotated by position, which the published code leaves out",
    "gates start with bias +0.5 and weights of xavier gain 0.1, as in the published code",
    "arms share width, depth and hidden size, so gates and indexer come on top; the samples named parameters"
    " say how many weights each arm learns",
    "an arm's best rate is chosen by the same seeds that its numbers come from; their spread does not include"
    " that choice",
    "each gradient is clipped to a norm of 1 for every model, and the rate warms up, which makes spikes rarer"
    " than they would be without",
    "generated sequences and models this small support or contradict a mechanism; they measure nothing about"
    " a model of 1.7B parameters or about natural text",
)


def _describe_rates(run: Run, prefix: str, sizes: BackcopySizes | RecallSizes) -> None:
    """Keep what was chosen for a part."""
    for place, rate in enumerate(sizes.rates, 1):
        run.parameter(f"{prefix}_rate_{place}", rate, None, f"learning rate {place} of the sweep")
    shape = sizes.shape
    chosen = (
        ("layers", shape.layers, "layer", "layers of the transformer"),
        ("width", shape.width, None, "width of the residual stream"),
        ("heads", shape.heads, "head", "attention heads"),
        ("hidden", shape.hidden, None, "hidden width of the feed-forward layers"),
        ("k_base", shape.k_base, "token", "positions a query reads before adaptation"),
        ("k_min", shape.k_min, "token", "fewest positions a query reads"),
        ("k_max", shape.k_max, "token", "most positions a query reads"),
        ("indexer_heads", shape.indexer_heads, "head", "heads of the indexer"),
        ("indexer_width", shape.indexer_width, None, "width of an indexer head"),
        ("length", sizes.length, "token", "length of a training sequence"),
        ("batch", sizes.batch, "sequence", "sequences in a step"),
        ("steps", sizes.steps, "step", "training steps"),
        ("evaluated", sizes.evaluated, "sequence", "sequences a model is evaluated on"),
    )
    for name, value, unit, what in chosen:
        run.parameter(f"{prefix}_{name}", value, unit, what)


def _check_arms(run: Run, shape: Shape, length: int) -> None:
    """Check on the device that selecting all changes nothing and that no output reads a later token."""
    tokens = torch.randint(shape.vocabulary, (1, 2, length), generator=generator("check"))
    whole = replace(shape, k_base=length, k_min=length, k_max=length)
    weights = language_weights(shape, ARMS["gsa"], [0], run.device)
    changed = tokens.clone()
    changed[..., length // 2 :] = (changed[..., length // 2 :] + 1) % shape.vocabulary
    with torch.no_grad():
        selected = logits_of(weights, whole, ARMS["gsa"], tokens.to(run.device))[0]
        gated = logits_of(weights, shape, ARMS["g1g2"], tokens.to(run.device))[0]
        ours, other = (
            logits_of(weights, shape, ARMS["gsa"], one.to(run.device))[0] for one in (tokens, changed)
        )
    measure, limit = "largest absolute difference of logits", 1e-3
    error = float((selected - gated).abs().max())
    run.check(f"gsa that selects all {length} positions", "g1g2", error, limit, measure)
    error = float((ours - other)[..., : length // 2, :].abs().max())
    what = f"gsa over {length} positions, the later half changed"
    run.check(what, "gsa over the same first half", error, limit, measure)


def _alone(trained: Callable[..., Results], *arguments: Any) -> Results:
    """Train on one thread; the last argument is the device."""
    with one_thread(arguments[-1]):
        return trained(*arguments)


def _run_plan(run: Run, plan: _Plan, sizes: Any, trained: Callable[..., Results]) -> dict[str, Results]:
    """Train every arm at every rate, a resumable step each, and keep the numbers; return each arm's best."""
    # Smoke needs two seeds for a deviation, and no more.
    seeds = run.seeds[:2] if run.preset == "smoke" else run.seeds
    run.dtype = "float32"
    _describe_rates(run, plan.prefix, sizes)
    _check_arms(run, sizes.shape, sizes.length)
    run.note("on a CPU, training runs on one thread whatever the settings say")
    best: dict[str, Results] = {}
    finished: dict[str, list[Results]] = {}
    for name, arm in ARMS.items():
        steps = [
            run.step(
                f"{plan.prefix} {name} rate {rate:g}",
                lambda arm=arm, rate=rate: _alone(trained, sizes, arm, seeds, rate, run.device),
            )
            for rate in sizes.rates
        ]
        if None not in steps:
            finished[name] = steps
            best[name] = _keep_arm(run, plan, name, steps)
    _keep_all_differences(run, plan, best, finished)
    for note in _NOTES:
        run.note(note)
    return best


def _train_backcopy_part(run: Run) -> None:
    sizes = BACKCOPY[run.preset]
    run.parameter("backcopy_triggers", sizes.triggers, "token", "tokens after which the one before is copied")
    run.parameter("backcopy_vocabulary", sizes.shape.vocabulary, "token", "tokens, the beginning included")
    best = _run_plan(run, _BACKCOPY_PLAN, sizes, train_backcopy)
    if best:
        what = "attention on the first token if every query attended evenly to its past, one number a seed"
        run.sample(
            "backcopy_first_token_uniform_by_seed", next(iter(best.values()))["uniform"], "share", what
        )
    run.note(
        "sizes of the cpu preset, one layer with one head, were chosen so that the dense arm learns to copy"
        " within the time and its first-token attention can be told from even attention; no published number"
        " was sought"
    )


def _train_recall_part(run: Run) -> None:
    sizes = RECALL[run.preset]
    for name in ("keys", "values", "filler"):
        run.parameter(f"recall_{name}", getattr(sizes, name), "token", f"{name} in the vocabulary")
    run.parameter("recall_pairs", sizes.pairs, "pair", "key-value pairs of a sequence, at every length")
    run.parameter("recall_queries", sizes.queries, "query", "queries of a sequence")
    run.parameter("recall_chance", 1 / sizes.values, "share", "accuracy of a guess among the values")
    _run_plan(run, _RECALL_PLAN, sizes, train_recall)
    run.note(
        "recall models embed each token together with the one before it, so that one layer can match a key"
        " with the value after it; at 2 and 4 times the trained length there is more filler and no more pairs"
    )


def add_parts(experiment: Experiment) -> None:
    """Declare the parts that train sequence models."""
    uniform = over_seeds(
        "backcopy_first_token_uniform",
        "backcopy_first_token_uniform_by_seed",
        "share",
        "first-token attention of even attention, for comparison",
    )
    experiment.part(
        "training-backcopy",
        "trains small transformers of six arms on Bigram-Backcopy: sinks, loss, spikes by learning rate",
        {"smoke": 5, "cpu": 150, "gpu": 400},
        [*_metrics(_BACKCOPY_PLAN), uniform],
    )(_train_backcopy_part)
    experiment.part(
        "training-recall",
        "trains small transformers of six arms on associative recall and asks at 1, 2 and 4 times the length",
        {"smoke": 3, "cpu": 90, "gpu": 400},
        _metrics(_RECALL_PLAN),
    )(_train_recall_part)
