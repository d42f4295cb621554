"""Specialisation of experts by modality, in kind: small mixtures of experts that read pictures and text.

A sequence is a picture, one noisy vector for each cell of a grid, and then as many words.  The vector of a
cell is the sum of how the shape and the colour of its object look.  Words follow a Markov chain, but the word
after the name of a cell is the kind of its object, which only the picture tells.

Nine arms differ in what guides the router: nothing; experts split by modality; a divergence that pushes the
experts of the modalities apart (as SMAR does); and the mutual information of modality and bin of experts of
SMoES (arXiv 2604.23996) with its three scores of modality, bins fixed or sorted while training.

The formulas of SMoES are those that a third party noted.  Where they leave room, this is what is done here:

* Balance inside bins takes the shares of load and of gates within each bin.  With shares of all load the sum
  over bins would be the usual balance of all experts times a constant, and no bin would matter.
* Scores of modality, loads and Gaussians pass no gradient on; only the gates of the router do.
* Loads that sort experts count tokens by the modality they came in as, whatever their score is by then.

Tensors are [sequence, token, ...].  Of two modalities text is 0 and visual is 1, and a score of modality is
the share of text.  Information and losses are in nats.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any

import torch
from harness import Experiment, Metric, Run, over_seeds
from torch import Tensor, nn
from torch.nn import functional

_TEXT, _VISUAL = 0, 1
_LEAST = 1e-12  # below which a share counts as none where its logarithm is taken
_KEPT = 0.99  # of a running mean, at each step: the published beta of the Gaussians
_DEVICES = 2
# The published weights are 0.001 and 0.0001 for models of billions; in some hundred steps those do nothing.
_BALANCE_WEIGHT, _GUIDE_WEIGHT = 0.01, 0.05
_APART = 2.0  # nats of divergence beyond which the modalities' experts are pushed apart no further


@dataclass(frozen=True)
class Arm:
    """What guides a router: ``guide`` is none, hard, kl or mi; ``score`` is what mi takes for modality.

    ``label`` says it on plots, where MI is mutual information.
    """

    guide: str
    words: str
    label: str
    score: str = ""
    is_adaptive: bool = False


ARMS: dict[str, Arm] = {
    "none": Arm("none", "no guide, only balance of all experts", "no guide"),
    "hard": Arm("hard", "experts split by modality", "experts split by modality"),
    "kl": Arm("kl", "divergence between the experts of the modalities", "modalities pushed apart (KL)"),
    **{
        f"mi_{score}_{bins}": Arm(
            "mi",
            f"mutual information, {words}, {bins} bins",
            f"MI, {label}, {bins_label} bins",
            score,
            is_adaptive=bins == "adaptive",
        )
        for score, words, label in (
            ("hard", "modality as it came in", "own modality"),
            ("attention", "modality mixed by attention", "by attention"),
            ("gaussian", "modality by Gaussians", "by Gaussians"),
        )
        for bins, bins_label in (("fixed", "fixed"), ("adaptive", "sorted"))
    },
}


@dataclass(frozen=True)
class Sizes:
    """Sizes of the stream, of the model and of training.

    A sequence has ``cells`` visual tokens and as many words, so that half of all tokens are text.  There are
    ``traits`` shapes and as many colours, and ``kinds`` words for a shape with a colour.  ``noise`` is the
    deviation of each of the ``features`` of a visual token, where that of a shape's or a colour's look is 1.
    """

    experts: int
    chosen: int
    bins: int
    width: int
    heads: int
    hidden: int
    cells: int
    traits: int
    kinds: int
    fillers: int
    features: int
    batch: int
    steps: int
    evaluated: int
    layers: int = 2
    noise: float = 0.5
    rate: float = 1e-2

    @property
    def vocabulary(self) -> int:
        """Words: fillers, then names of cells, then kinds of objects."""
        return self.fillers + self.cells + self.kinds


PRESETS: dict[str, Sizes] = {
    "smoke": Sizes(
        8, 2, 4, 8, 2, 8, cells=4, traits=2, kinds=3, fillers=3, features=4, batch=4, steps=20, evaluated=8
    ),
    "cpu": Sizes(
        16, 2, 4, 32, 2, 8, cells=8, traits=4, kinds=8, fillers=8, features=16, batch=32, steps=200,
        evaluated=512,
    ),
    "gpu": Sizes(
        64, 8, 8, 64, 4, 32, cells=16, traits=6, kinds=16, fillers=16, features=16, batch=64, steps=800,
        evaluated=1024, rate=5e-3,
    ),
}  # fmt: skip


# -- The stream ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stream:
    """Pictures [sequence, cell, feature] and words [sequence, cells + 1], the last one only to be predicted.

    ``least`` [sequence, cell] is the loss of whoever knows the chain and sees every object.
    """

    pictures: Tensor
    words: Tensor
    least: Tensor

    def part(self, rows: slice, device: str) -> "Stream":
        """Return some of the sequences, on a device."""
        return Stream(*(one[rows].to(device) for one in (self.pictures, self.words, self.least)))


def walked(sizes: Sizes, following: Tensor, kinds: Tensor, random: torch.Generator) -> Tensor:
    """Return words that follow a chain [word, word], and after a cell's name its kind [sequence, cell]."""
    first_kind = sizes.fillers + sizes.cells
    word = torch.randint(sizes.fillers, (len(kinds),), generator=random)
    words = [word]
    for _ in range(sizes.cells):
        drawn = torch.multinomial(following[word], 1, generator=random).squeeze(1)
        cell = (word - sizes.fillers).clamp(0, sizes.cells - 1)
        answer = first_kind + kinds.gather(1, cell[:, None]).squeeze(1)
        word = torch.where(is_name(sizes, word), answer, drawn)
        words.append(word)
    return torch.stack(words, 1)


def is_name(sizes: Sizes, words: Tensor) -> Tensor:
    """Return which words name a cell, so that the next one tells what the picture shows there."""
    return (words >= sizes.fillers) & (words < sizes.fillers + sizes.cells)


@lru_cache(maxsize=1)
def streams(sizes: Sizes, seed: int) -> tuple[Stream, Stream]:
    """Return the sequences of training, step by step, and those held out; a seed fixes both."""
    random = torch.Generator().manual_seed(seed)
    # Kinds follow names alone, so no row of the chain leads to one.
    likely = 1.5 * torch.randn(sizes.vocabulary, sizes.vocabulary, generator=random)
    likely[:, sizes.fillers + sizes.cells :] = -math.inf
    following = likely.softmax(1)
    looks = torch.randn(2, sizes.traits, sizes.features, generator=random)
    # No sum over traits tells the kind, so that visual tokens need their feed-forward layers too.
    kind_of = torch.randint(sizes.kinds, (sizes.traits, sizes.traits), generator=random)
    number = sizes.steps * sizes.batch + sizes.evaluated
    shapes, colours = torch.randint(sizes.traits, (2, number, sizes.cells), generator=random)
    noise = sizes.noise * torch.randn(number, sizes.cells, sizes.features, generator=random)
    words = walked(sizes, following, kind_of[shapes, colours], random)
    before, after = words[:, :-1], words[:, 1:]
    likelihood = torch.where(is_name(sizes, before), torch.ones(()), following[before, after])
    whole = Stream(looks[0, shapes] + looks[1, colours] + noise, words, -likelihood.log())
    held_out = slice(sizes.steps * sizes.batch, None)
    return whole.part(slice(held_out.start), "cpu"), whole.part(held_out, "cpu")


# -- Scores of modality and bins of experts ------------------------------------------------------------------


def attention_score(score: Tensor, attention: Tensor, read: Tensor, stream: Tensor) -> Tensor:
    """Return each token's share of text after attention: a mean of its own and of what it read, by length.

    ``attention`` is [sequence, query, key], a mean over heads; ``read`` is what attention adds to ``stream``.
    """
    own, added = stream.norm(dim=-1), read.norm(dim=-1)
    mixed = (attention @ score.unsqueeze(-1)).squeeze(-1)
    return (added * mixed + own * score) / (added + own)


def gaussian_score(inputs: Tensor, means: Tensor, variances: Tensor) -> Tensor:
    """Return each token's share of text by the Gaussians [modality, width] of what routers get.

    The log-likelihoods are divided by half of the width, as published, before they are compared.
    """
    apart = (inputs.unsqueeze(-2) - means).square() / variances
    likelihood = -0.5 * (apart + variances.log() + math.log(2 * math.pi)).sum(-1)
    return (likelihood / (0.5 * inputs.shape[-1])).softmax(-1)[..., _TEXT]


class Running:
    """Running means of one layer: loads of experts [modality, expert], and Gaussians [modality, width].

    A load is the share of a modality's tokens that an expert gets.  Where the modalities differ in number,
    experts have the same order by it as by counts.
    """

    def __init__(self) -> None:
        self.loads = self.means = self.variances = torch.empty(0)

    def update(self, chosen: Tensor, inputs: Tensor, is_text: Tensor) -> None:
        """Take in a step: which experts ran [sequence, token, expert], and what the router got."""
        means = means_by_modality(inputs, is_text)
        variances = means_by_modality(inputs.square(), is_text) - means.square()
        self.loads = _running(self.loads, means_by_modality(chosen.to(inputs.dtype), is_text))
        self.means = _running(self.means, means)
        self.variances = _running(self.variances, variances.clamp_min(1e-6))


def means_by_modality(values: Tensor, is_text: Tensor) -> Tensor:
    """Return means [modality, ...] of values [sequence, token, ...] over the tokens of each modality."""
    # A product needs no wait for a GPU, where picking tokens by a mask does.
    sides = torch.stack([is_text, ~is_text]).to(values.dtype)
    return sides @ values.mean(0) / sides.sum(1, keepdim=True)


def _running(kept: Tensor, fresh: Tensor) -> Tensor:
    return _KEPT * kept + (1 - _KEPT) * fresh if len(kept) else fresh


def order_by_text(loads: Tensor) -> Tensor:
    """Return experts by falling share of text in loads [modality, expert]; one without load lies between."""
    share = (loads[_TEXT] + _LEAST) / (loads.sum(0) + 2 * _LEAST)
    return share.argsort(descending=True, stable=True)


def bins_of(order: Tensor, bins: int) -> Tensor:
    """Return the bin of each expert where an order of them is cut into equal bins."""
    if len(order) % bins:
        raise ValueError(f"{len(order)} experts cannot be cut into {bins} equal bins")
    return order.argsort() // (len(order) // bins)


# -- Losses of the router ------------------------------------------------------------------------------------


def mutual_information(joint: Tensor) -> Tensor:
    """Return the information in nats between the last two dimensions of shares that add up to 1."""
    alone = joint.sum(-1, keepdim=True) * joint.sum(-2, keepdim=True)
    return (joint * (joint.clamp_min(_LEAST).log() - alone.clamp_min(_LEAST).log())).sum((-2, -1))


def information_loss(score: Tensor, gates: Tensor, bin_of: Tensor, bins: int) -> Tensor:
    """Return minus the mean over sequences of the information of modality and bin, by one layer's gates."""
    modality = torch.stack([score, 1 - score], -1)
    tokens = modality.sum(1).clamp_min(_LEAST).unsqueeze(-1)
    by_expert = modality.transpose(1, 2) @ gates / tokens
    joint = by_expert @ functional.one_hot(bin_of, bins).to(gates.dtype)
    return -mutual_information(joint / joint.sum((1, 2), keepdim=True)).mean()


def balance_loss(gates: Tensor, chosen: Tensor, bin_of: Tensor, bins: int) -> Tensor:
    """Return, summed over bins, the experts of a bin times the sum of their share of load and of gates.

    Shares are of the expert's own bin; a bin whose experts are even gives 1.  One bin is the usual balance.
    """
    inside = functional.one_hot(bin_of, bins).to(gates.dtype)
    load, mass = chosen.to(gates.dtype).mean((0, 1)), gates.mean((0, 1))
    load, mass = (one / (inside @ (one @ inside)).clamp_min(_LEAST) for one in (load, mass))
    return len(bin_of) / bins * (load * mass).sum()


def divergence(gates: Tensor, is_text: Tensor) -> Tensor:
    """Return the mean of both Kullback-Leibler divergences between the gates of the modalities."""
    text, visual = means_by_modality(gates, is_text).clamp_min(_LEAST)
    return 0.5 * ((text - visual) * (text.log() - visual.log())).sum()


# -- The model -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Routed:
    """What one layer's router got, gave and chose, and each token's score of modality by attention."""

    inputs: Tensor
    gates: Tensor
    chosen: Tensor
    score: Tensor


class Attention(nn.Module):
    """Causal attention; also gives the attention that was paid, a mean over heads."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.asked = nn.Linear(sizes.width, 3 * sizes.width, bias=False)
        self.out = nn.Linear(sizes.width, sizes.width, bias=False)

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Return what is read [sequence, token, width] and the attention [sequence, query, key]."""
        sequences, tokens, width = inputs.shape
        size = (sequences, tokens, self.heads, width // self.heads)
        queries, keys, values = (one.reshape(size).transpose(1, 2) for one in self.asked(inputs).chunk(3, -1))
        later = torch.ones(tokens, tokens, dtype=torch.bool, device=inputs.device).triu(1)
        scores = queries @ keys.transpose(-1, -2) / math.sqrt(width // self.heads)
        attention = scores.masked_fill(later, -math.inf).softmax(-1)
        read = (attention @ values).transpose(1, 2).reshape(inputs.shape)
        return self.out(read), attention.mean(1)


class Experts(nn.Module):
    """Feed-forward experts, of which a token takes the likeliest.

    All are computed and those that were not chosen count 0, which gives the same and is quick when small.
    """

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.router = nn.Linear(sizes.width, sizes.experts, bias=False)
        self.up = nn.Linear(sizes.width, sizes.experts * sizes.hidden, bias=False)
        self.down = nn.Linear(sizes.experts * sizes.hidden, sizes.width, bias=False)
        # Only the chosen add up, so the usual first size, which is for all of them, would be too small.
        nn.init.normal_(self.down.weight, std=(2 * sizes.layers * sizes.hidden) ** -0.5)

    def forward(self, inputs: Tensor, allowed: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """Return outputs, gates of all experts and which were chosen; ``allowed`` is [token, expert]."""
        found = self.router(inputs)
        if allowed is not None:
            found = found.masked_fill(~allowed, -math.inf)
        gates = found.softmax(-1)
        places = found.detach().topk(self.sizes.chosen, dim=-1).indices
        chosen = torch.zeros_like(found, dtype=torch.bool).scatter(-1, places, True)
        weights = gates * chosen
        weights = weights / weights.sum(-1, keepdim=True)
        raised = functional.gelu(self.up(inputs)).unflatten(-1, (self.sizes.experts, self.sizes.hidden))
        return self.down((raised * weights.unsqueeze(-1)).flatten(-2)), gates, chosen


class Layer(nn.Module):
    """Attention, then experts."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.norm_attention, self.norm_experts = nn.RMSNorm(sizes.width), nn.RMSNorm(sizes.width)
        self.attention, self.experts = Attention(sizes), Experts(sizes)

    def forward(self, stream: Tensor, score: Tensor, allowed: Tensor | None) -> tuple[Tensor, Routed]:
        """Return the stream after this layer, and what its router did."""
        read, attention = self.attention(self.norm_attention(stream))
        score = attention_score(score, attention.detach(), read.detach(), stream.detach())
        stream = stream + read
        inputs = self.norm_experts(stream)
        outputs, gates, chosen = self.experts(inputs, allowed)
        return stream + outputs, Routed(inputs, gates, chosen, score)


class Model(nn.Module):
    """A causal transformer with experts, over the cells of a picture and then words.

    Where ``is_split``, the first half of the experts is for words and the other half for cells.
    """

    def __init__(self, sizes: Sizes, is_split: bool) -> None:
        super().__init__()
        self.sizes = sizes
        self.seen = nn.Linear(sizes.features, sizes.width)
        self.words = nn.Parameter(torch.randn(sizes.vocabulary, sizes.width))
        self.places = nn.Parameter(torch.randn(2 * sizes.cells, sizes.width))
        self.layers = nn.ModuleList([Layer(sizes) for _ in range(sizes.layers)])
        self.norm = nn.RMSNorm(sizes.width)
        self.predicted = nn.Linear(sizes.width, sizes.vocabulary)
        is_text = torch.arange(2 * sizes.cells) >= sizes.cells
        first = torch.arange(sizes.experts) < sizes.experts // 2
        self.register_buffer("is_text", is_text)
        self.register_buffer("allowed", is_text[:, None] == first if is_split else None)

    def forward(self, stream: Stream) -> tuple[Tensor, list[Routed]]:
        """Return logits of the next word [sequence, cell, word], and what the router of each layer did."""
        # A product with one-hot vectors has a gradient that is summed in a fixed order on every device.
        told = functional.one_hot(stream.words[:, :-1], self.sizes.vocabulary).to(self.words.dtype)
        tokens = torch.cat([self.seen(stream.pictures), told @ self.words], 1) + self.places
        score = self.is_text.to(tokens.dtype).expand(len(tokens), -1)
        routed = []
        for layer in self.layers:
            tokens, one = layer(tokens, score, self.allowed)
            score = one.score
            routed.append(one)
        return self.predicted(self.norm(tokens[:, self.sizes.cells :])), routed


def word_losses(logits: Tensor, stream: Stream) -> Tensor:
    """Return the cross-entropy of each next word [sequence, cell]."""
    return functional.cross_entropy(logits.transpose(1, 2), stream.words[:, 1:], reduction="none")


# -- Training ------------------------------------------------------------------------------------------------


def balanced_bins(arm: Arm, sizes: Sizes) -> int:
    """Return in how many bins an arm balances: one where nothing splits the experts."""
    return {"none": 1, "kl": 1, "hard": 2, "mi": sizes.bins}[arm.guide]


def _score(arm: Arm, routed: Routed, running: Running, is_text: Tensor) -> Tensor:
    if arm.score == "attention":
        return routed.score
    if arm.score == "gaussian":
        return gaussian_score(routed.inputs.detach(), running.means, running.variances)
    return is_text.to(routed.gates.dtype).expand(routed.gates.shape[:2])


def router_loss(arm: Arm, sizes: Sizes, routed: Routed, running: Running, is_text: Tensor) -> Tensor:
    """Return one layer's weighted losses besides the task's; the layer's running means hold this step."""
    order = order_by_text(running.loads)
    bins = balanced_bins(arm, sizes)
    bin_of = bins_of(order if arm.is_adaptive else torch.arange(sizes.experts, device=order.device), bins)
    loss = _BALANCE_WEIGHT * balance_loss(routed.gates, routed.chosen, bin_of, bins)
    if arm.guide == "mi":
        score = _score(arm, routed, running, is_text)
        loss = loss + _GUIDE_WEIGHT * information_loss(score, routed.gates, bin_of, bins)
    if arm.guide == "kl":
        loss = loss + _GUIDE_WEIGHT * functional.relu(_APART - divergence(routed.gates, is_text))
    return loss


def built(sizes: Sizes, arm: Arm, seed: int, device: str) -> Model:
    """Return a model whose first weights a seed fixes, alike for every arm and device."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Model(sizes, is_split=arm.guide == "hard").to(device)


def trained(sizes: Sizes, arm: Arm, seed: int, device: str) -> tuple[Model, list[Running]]:
    """Train an arm with Adam, at a rate that rises for a tenth of the steps and then falls to nothing."""
    model = built(sizes, arm, seed, device)
    training = streams(sizes, seed)[0].part(slice(None), device)
    running = [Running() for _ in range(sizes.layers)]
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, sizes.rate, total_steps=sizes.steps, pct_start=0.1, cycle_momentum=False
    )
    for step in range(sizes.steps):
        batch = training.part(slice(step * sizes.batch, (step + 1) * sizes.batch), device)
        loss = whole_loss(model, arm, batch, running)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    return model, running


def whole_loss(model: Model, arm: Arm, batch: Stream, running: Sequence[Running]) -> Tensor:
    """Return the loss of a step, and take the step into the running means."""
    logits, routed = model(batch)
    loss = word_losses(logits, batch).mean()
    for one, kept in zip(routed, running, strict=True):
        kept.update(one.chosen, one.inputs.detach(), model.is_text)
        loss = loss + router_loss(arm, model.sizes, one, kept, model.is_text)
    return loss


# -- Measures ------------------------------------------------------------------------------------------------


def specialisation_index(loads: Tensor) -> float:
    """Return the mean over experts, by their load, of how far their share of text is from that of all.

    Each distance is divided by the larger of the shares of text and of other tokens.  ``loads`` is [modality,
    expert].  It is 0 where all experts get the same mixture; where half is text and none is mixed it is 1.
    """
    text = loads[_TEXT].sum() / loads.sum()
    by_expert = loads.sum(0)
    apart = (loads[_TEXT] / by_expert.clamp_min(_LEAST) - text).abs()
    return float((by_expert / by_expert.sum() * apart).sum() / torch.maximum(text, 1 - text))


def information_of_loads(loads: Tensor, bin_of: Tensor, bins: int) -> float:
    """Return the information in nats of modality and bin in loads [modality, expert]; at most ln 2."""
    joint = loads @ functional.one_hot(bin_of, bins).to(loads.dtype)
    return float(mutual_information(joint / joint.sum()))


def load_variation(loads: Tensor) -> float:
    """Return the standard deviation of the experts' loads over their mean."""
    by_expert = loads.sum(0)
    return float(by_expert.std(correction=0) / by_expert.mean())


def homes(loads: Tensor, device_of: Tensor) -> tuple[int, int]:
    """Return on which device text and visual tokens live: each where more of its load is than the other's."""
    second = (loads * (device_of == 1)).sum(1) / loads.sum(1)
    of_text = int(second[_TEXT] > second[_VISUAL])
    return of_text, 1 - of_text


def crosses(chosen: Tensor, device_of: Tensor, home: Tensor) -> Tensor:
    """Return which tokens take any expert of another device than their own; ``chosen`` is [..., expert]."""
    return (chosen & (device_of != home.unsqueeze(-1))).any(-1)


def crossing_rates(chosen: Tensor, is_text: Tensor, loads: Tensor, order: Tensor) -> dict[str, float]:
    """Return % of tokens that cross, of all and by modality; devices are halves of an order of experts."""
    device_of = bins_of(order, _DEVICES)
    of_text, of_visual = homes(loads, device_of)
    home = torch.where(is_text, of_text, of_visual)
    does = 100 * crosses(chosen, device_of, home.expand(chosen.shape[:-1])).double()
    sides = {"": does, "_text": does[:, is_text], "_visual": does[:, ~is_text]}
    return {f"cross{side}": float(one.mean()) for side, one in sides.items()}


def layer_results(
    arm: Arm, sizes: Sizes, routed: Routed, running: Running, is_text: Tensor
) -> dict[str, Any]:
    """Return the measures of one layer's router over held-out tokens, and its loads in the order of bins."""
    score = _score(arm, routed, running, is_text).cpu()
    chosen, kept, is_text = routed.chosen.cpu(), running.loads.cpu(), is_text.cpu()
    loads = torch.stack([chosen[:, side].double().sum((0, 1)) for side in (is_text, ~is_text)])
    by_text = order_by_text(kept)
    order = by_text if arm.is_adaptive else torch.arange(sizes.experts)
    results: dict[str, Any] = {
        "score_gap": float(score[:, is_text].mean() - score[:, ~is_text].mean()),
        "msi": specialisation_index(loads),
        "information": information_of_loads(loads, bins_of(order, sizes.bins), sizes.bins),
        "variation": load_variation(loads),
        "cross_sorted": crossing_rates(chosen, is_text, kept, by_text)["cross"],
        "load_text": loads[_TEXT, order].tolist(),
        "load_visual": loads[_VISUAL, order].tolist(),
    }
    return results | crossing_rates(chosen, is_text, kept, order)


def specialised(sizes: Sizes, arm: Arm, seed: int, device: str) -> dict[str, Any]:
    """Train an arm with a seed; return its measures over held-out sequences, means over layers."""
    model, running = trained(sizes, arm, seed, device)
    held_out = streams(sizes, seed)[1].part(slice(None), device)
    with torch.no_grad():
        logits, routed = model(held_out)
    asks = is_name(sizes, held_out.words[:, :-1])
    is_right = logits.argmax(-1) == held_out.words[:, 1:]
    results = {
        "loss": float(word_losses(logits, held_out).mean()),
        "least": float(held_out.least.mean()),
        "accuracy": float(is_right[asks].float().mean()),
    }
    layers = [
        layer_results(arm, sizes, one, kept, model.is_text) for one, kept in zip(routed, running, strict=True)
    ]
    for name, first in layers[0].items():
        found = [layer[name] for layer in layers]
        results[name] = list(chain(*found)) if isinstance(first, list) else sum(found) / len(found)
    return results


# -- Checks --------------------------------------------------------------------------------------------------


def slow_information(score: Tensor, gates: Tensor, bin_of: Tensor, bins: int) -> Tensor:
    """Return the loss of information number by number, as its formula is written."""
    inside = len(bin_of) // bins
    total = torch.zeros((), dtype=gates.dtype)
    for shares, sequence in zip(score, gates, strict=True):
        table = [[torch.zeros((), dtype=gates.dtype) for _ in range(bins)] for _ in (_TEXT, _VISUAL)]
        for modality, weights in ((_TEXT, shares), (_VISUAL, 1 - shares)):
            for weight, token in zip(weights, sequence, strict=True):
                for gate, place in zip(token, bin_of.tolist(), strict=True):
                    table[modality][place] = table[modality][place] + weight * gate / inside / weights.sum()
        whole = sum(sum(row) for row in table)
        for row in table:
            for place, one in enumerate(row):
                alone = sum(row) * sum(other[place] for other in table) / whole**2
                total = total + one / whole * torch.log(one / whole / alone)
    return -total / len(score)


def slow_balance(gates: Tensor, chosen: Tensor, bin_of: Tensor, bins: int) -> Tensor:
    """Return the balance inside bins, expert by expert."""
    total = torch.zeros((), dtype=gates.dtype)
    for place in range(bins):
        members = [expert for expert, its in enumerate(bin_of.tolist()) if its == place]
        load = sum(int(chosen[..., expert].sum()) for expert in members)
        mass = sum(gates[..., expert].sum() for expert in members)
        for expert in members:
            share = int(chosen[..., expert].sum()) / load
            total = total + len(members) * share * gates[..., expert].sum() / mass
    return total


def slow_attention_score(score: Tensor, attention: Tensor, read: Tensor, stream: Tensor) -> Tensor:
    """Return scores of modality after attention, token by token."""
    found = torch.empty_like(score)
    for sequence, query in torch.cartesian_prod(*map(torch.arange, score.shape)).tolist():
        mixed = sum(paid * own for paid, own in zip(attention[sequence, query], score[sequence], strict=True))
        own, added = (one[sequence, query].square().sum().sqrt() for one in (stream, read))
        found[sequence, query] = (added * mixed + own * score[sequence, query]) / (added + own)
    return found


def _difference(ours: Tensor, slow: Tensor, leaf: Tensor) -> float:
    """Return the largest difference of two losses or of their gradients."""
    mine, other = (torch.autograd.grad(one, leaf, retain_graph=True)[0] for one in (ours, slow))
    return max(float((ours - slow).detach().abs()), float((mine - other).abs().max()))


def check_losses(run: Run) -> None:
    """Hold losses and scores against slow loops and torch's distributions, in fp64."""
    random = torch.Generator().manual_seed(0)
    logits = torch.randn(3, 6, 8, generator=random, dtype=torch.float64).requires_grad_()
    gates, is_text = logits.softmax(-1), torch.arange(6) >= 3
    chosen = gates >= gates.topk(2, dim=-1).values[..., -1:]
    score = torch.rand(3, 6, generator=random, dtype=torch.float64)
    bin_of = bins_of(torch.randperm(8, generator=random), 2)
    ours = information_loss(*(one.to(run.device) for one in (score, gates, bin_of)), 2)
    even = balance_loss(*(one.to(run.device) for one in (gates, chosen, bin_of)), 2)
    apart = divergence(gates.to(run.device), is_text.to(run.device))
    text, visual = (
        torch.distributions.Categorical(gates[:, side].mean((0, 1))) for side in (is_text, ~is_text)
    )
    both = [torch.distributions.kl_divergence(*pair) for pair in ((text, visual), (visual, text))]
    losses = (
        ("loss of information", "a loop", ours, slow_information(score, gates, bin_of, 2)),
        ("balance inside bins", "a loop", even, slow_balance(gates, chosen, bin_of, 2)),
        ("divergence of modalities", "torch.distributions", apart, sum(both) / 2),
    )
    for what, reference, found, slow in losses:
        error = _difference(found.cpu(), slow, logits)
        run.check(what, reference, error, 1e-12, "largest difference of loss and gradient")
    read, stream = torch.randn(2, 3, 6, 4, generator=random, dtype=torch.float64)
    given = (score, gates.detach()[..., :6], read, stream)
    mixed = attention_score(*(one.to(run.device) for one in given)).cpu() - slow_attention_score(*given)
    means, variances = torch.rand(2, 2, 4, generator=random, dtype=torch.float64) + 0.5
    normal = torch.distributions.Normal(means, variances.sqrt()).log_prob(stream.unsqueeze(-2)).sum(-1)
    found = gaussian_score(*(one.to(run.device) for one in (stream, means, variances))).cpu()
    measure = "largest difference"
    run.check("score by attention", "a loop", float(mixed.abs().max()), 1e-12, measure)
    error = float((found - (normal / 2).softmax(-1)[..., _TEXT]).abs().max())
    run.check("score by Gaussians", "torch.distributions", error, 1e-12, measure)


def check_gradients(run: Run, sizes: Sizes) -> None:
    """Count the numbers of a first step's gradients that are not finite, over all arms."""
    batch = streams(sizes, run.seeds[0])[0].part(slice(sizes.batch), run.device)
    broken = 0
    for arm in ARMS.values():
        model = built(sizes, arm, run.seeds[0], run.device)
        whole_loss(model, arm, batch, [Running() for _ in range(sizes.layers)]).backward()
        broken += sum(int((~one.grad.isfinite()).sum()) for one in model.parameters())
    run.check("gradients of every arm", "finite numbers", broken, 0, "numbers that are not finite")


# -- Training, as a part -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Measure:
    """A number of each seed: its key in the results, its unit, what it is, and which arms have it."""

    key: str
    unit: str | None
    what: str
    arms: tuple[str, ...] = tuple(ARMS)


_MEASURES = (
    _Measure("loss", "nat", "cross-entropy of the next word"),
    _Measure("accuracy", "share", "words for what a cell shows whose likeliest is right"),
    _Measure("msi", None, "modality specialisation index by load: 0 where experts are alike, 1 unmixed"),
    _Measure("information", "nat", "information of modality and bin of experts, by load; at most ln 2"),
    _Measure("variation", None, "standard deviation of the experts' loads over their mean"),
    _Measure("cross", "%", "tokens that take an expert of the other device"),
    _Measure("cross_text", "%", "words that take an expert of the other device"),
    _Measure("cross_visual", "%", "visual tokens that take an expert of the other device"),
    _Measure(
        "cross_sorted",
        "%",
        "tokens that take an expert of the other device, where experts are placed by text after training",
        tuple(name for name, arm in ARMS.items() if not arm.is_adaptive),
    ),
    _Measure(
        "score_gap",
        "share",
        "score of modality of words less that of visual tokens",
        tuple(name for name, arm in ARMS.items() if arm.guide == "mi"),
    ),
)
# Where half of the tokens are text and a mask lets no expert have both modalities, routing is given; and a
# score of modality as it came in is that modality.
_GIVEN = {
    ("msi", "hard"): "1",
    ("information", "hard"): "ln 2",
    **{(key, "hard"): "0" for key in ("cross", "cross_text", "cross_visual", "cross_sorted")},
    **{("score_gap", name): "1" for name in ("mi_hard_fixed", "mi_hard_adaptive")},
}
_PREFIX = "specialisation"
_LEAST_WORDS = "loss of whoever knows the chain of words and sees every object"
_NOTES = (
    "the stream is generated and the models have two layers: this shows what guides of the router do in kind,"
    " and nothing about models or data of the size of arXiv 2604.23996",
    "the modality specialisation index is defined here, since the paper's formula could not be read: the mean"
    " over experts, by load, of |p(text|e) - p(text)| / max(p(text), 1 - p(text)); values compare arms here,"
    " not with the paper",
    "formulas of SMoES are those that a third party noted; balance inside bins takes shares of load and gates"
    " within each bin, since with shares of all load no bin would matter",
    "weights of the losses were chosen on seeds 100 to 102 so that guides change the routing within the steps"
    " of the cpu preset; published are 0.001 and 0.0001. All guides have the same weight, which says nothing"
    " about the best of each",
    "the divergence is pushed up to 2 nats of the mean of both directions, since it has no bound; SMAR has a"
    " range too, whose ends were not read",
    "devices are halves of the experts: sorted by text while training in adaptive arms, fixed in others. A"
    " modality lives on the device that has more of its load than of the other's, by the loads of training;"
    " words and visual tokens of a sequence so live on different devices",
    "what even routing crosses is no bound: routing that knows the modality may cross less, and routing that"
    " is uneven in another way more",
    "a high index does not say that a model is good: compare it with the loss. The cpu preset ends before the"
    " loss has settled, which then says how fast arms learn and not where they end",
    "measures of routing are means over layers, by held-out tokens; bins are those at the end of training",
    "on a CPU, training runs on one thread whatever the settings say",
)
_CHOSEN = {
    "experts": "experts of a layer",
    "chosen": "experts that a token takes",
    "bins": "bins of experts",
    "width": "width of the residual stream",
    "heads": "attention heads",
    "hidden": "hidden width of an expert",
    "layers": "layers",
    "cells": "cells of a picture, and words after it",
    "traits": "shapes that an object may have, and colours",
    "kinds": "words for a shape with a colour",
    "fillers": "words that neither name a cell nor what is in it",
    "features": "numbers of a visual token",
    "noise": "deviation of each of them, where a shape's is 1",
    "batch": "sequences in a step",
    "steps": "steps of training",
    "rate": "highest learning rate",
    "evaluated": "sequences held out",
}


def _over(metric: Metric, divisor: str) -> Metric:
    """Return a metric and its interval divided by a formula."""
    formula, low, high = (f"{one} / {divisor}" for one in (metric.formula, metric.low, metric.high))
    return replace(metric, formula=formula, low=low, high=high)


def training_metrics() -> Iterator[Metric]:
    """Yield the metrics of training: every measure of every arm, and losses less that without a guide."""
    for measure in _MEASURES:
        for name in measure.arms:
            whole = f"{_PREFIX}_{measure.key}_{name}"
            given = _GIVEN.get((measure.key, name))
            known = "" if given is None else f"; {given} by construction, so no finding"
            what = f"{ARMS[name].words}: {measure.what}{known}"
            yield over_seeds(whole, f"{whole}_by_seed", measure.unit, what)
    for name, arm in ARMS.items():
        information = f"{_PREFIX}_information_{name}_by_seed"
        what = f"{arm.words}: information of modality and bin, as a share of ln 2"
        share = over_seeds(f"{_PREFIX}_information_share_{name}", information, "share", what)
        yield _over(share, "log(2)")
        if name != "none":
            less = f"{_PREFIX}_loss_less_none_{name}"
            what = f"{arm.words}: loss less that of the arm without a guide, seed by seed"
            yield over_seeds(less, f"{less}_by_seed", "nat", what)
    least = f"{_PREFIX}_loss_least"
    yield over_seeds(least, f"{least}_by_seed", "nat", _LEAST_WORDS)


def _keep(run: Run, finished: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Keep the measures of every arm, one number a seed, and its loads, seed by seed."""
    for measure in _MEASURES:
        for name in measure.arms:
            values = [one[measure.key] for one in finished.get(name, ())]
            what = f"{measure.what}; {ARMS[name].words}, one number a seed"
            if values:
                run.sample(f"{_PREFIX}_{measure.key}_{name}_by_seed", values, measure.unit, what)
    for name, results in finished.items():
        for modality in ("text", "visual"):
            loads = [load for one in results for load in one[f"load_{modality}"]]
            what = (
                f"{ARMS[name].words}: {modality} tokens of each expert by bin, layer by layer, seed by seed"
            )
            run.sample(f"{_PREFIX}_load_{modality}_{name}", loads, "token", what)
        if name != "none" and "none" in finished:
            pairs = zip(results, finished["none"], strict=True)
            less = [one["loss"] - none["loss"] for one, none in pairs]
            what = f"{ARMS[name].words}: loss less that of the arm without a guide, one number a seed"
            run.sample(f"{_PREFIX}_loss_less_none_{name}_by_seed", less, "nat", what)
    if finished:
        least = [one["least"] for one in next(iter(finished.values()))]
        run.sample(f"{_PREFIX}_loss_least_by_seed", least, "nat", f"{_LEAST_WORDS}, one number a seed")


@contextmanager
def one_thread(device: str) -> Iterator[None]:
    """Keep sums on a CPU to one thread: with tensors this small, several mostly wait for one another."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1 if device == "cpu" else threads)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def check_split(run: Run, results: Sequence[Mapping[str, Any]]) -> None:
    """Hold the index of experts split by modality against 1, which their mask and the stream make it."""
    error = max(abs(one["msi"] - 1) for one in results)
    run.check("index of experts split by modality", "1, by construction", error, 1e-9, "largest difference")


def training(run: Run) -> None:
    """Train every arm with every seed, a resumable step each, and keep what each does."""
    sizes = PRESETS[run.preset]
    run.dtype = "float32"
    for name, what in _CHOSEN.items():
        run.parameter(f"{_PREFIX}_{name}", getattr(sizes, name), None, f"{what} of the stream and model")
    run.parameter(f"{_PREFIX}_balance_weight", _BALANCE_WEIGHT, None, "weight of the balance of a layer")
    run.parameter(f"{_PREFIX}_guide_weight", _GUIDE_WEIGHT, None, "weight of a layer's guide")
    run.parameter(f"{_PREFIX}_apart", _APART, "nat", "divergence that the arm kl aims at")
    # Smoke needs two seeds for a deviation, and no more.
    seeds = run.seeds[:2] if run.preset == "smoke" else run.seeds
    with one_thread(run.device):
        check_losses(run)
        check_gradients(run, sizes)
        found = {
            (name, seed): run.step(
                f"{_PREFIX} {name} seed {seed}",
                lambda arm=arm, seed=seed: specialised(sizes, arm, seed, run.device),
            )
            for seed in seeds
            for name, arm in ARMS.items()
        }
    by_arm = {name: [found[name, seed] for seed in seeds] for name in ARMS}
    finished = {name: results for name, results in by_arm.items() if None not in results}
    _keep(run, finished)
    if "hard" in finished:
        check_split(run, finished["hard"])
    for note in _NOTES:
        run.note(note)


# -- What even routing crosses, counted ----------------------------------------------------------------------

# By name: experts, and how many a token takes; those of the trained model come with the preset.
_EVEN = {"64_8": (64, 8), "64_6": (64, 6)}
_FACTORS = 8  # at most so many experts may be chosen


def _even_words(name: str) -> str:
    if name in _EVEN:
        return "{} experts, {} a token".format(*_EVEN[name])
    return "experts as trained here"


def even_metrics() -> Iterator[Metric]:
    """Yield the share of tokens that cross two devices where every set of experts is as likely.

    1 - C(half, chosen) / C(experts, chosen) is 1 less a product of (half - i) / (experts - i) over i below
    ``chosen``; later factors have the power 0.  A formula has no room for eight, so there are two of four.
    """
    for name in (*_EVEN, "trained"):
        experts, half, chosen = (f"even_{name}_{what}" for what in ("experts", "half", "chosen"))
        factors = [
            f"(({half} - {i}) / ({experts} - {i})) ** min(1, max(0, {chosen} - {i}))" for i in range(_FACTORS)
        ]
        words = _even_words(name)
        parts = []
        for place, which in ((0, "first"), (_FACTORS // 2, "last")):
            parts.append(f"{_PREFIX}_home_{which}_{name}")
            formula = " * ".join(factors[place : place + _FACTORS // 2])
            what = f"{words}: chance that the {which} four choices stay at home, given that earlier ones do"
            yield Metric(parts[-1], formula, "share", "counted", what)
        what = f"{words}: tokens that take an expert of another device where routing is even"
        formula = f"100 * (1 - {parts[0]} * {parts[1]})"
        yield Metric(f"{_PREFIX}_floor_{name}", formula, "%", "counted", what)


def even_routing(run: Run) -> None:
    """Keep the numbers that are counted with, and count every set of a small case as training does."""
    sizes = PRESETS[run.preset]
    for name, (experts, chosen) in (_EVEN | {"trained": (sizes.experts, sizes.chosen)}).items():
        words = _even_words(name)
        run.parameter(f"even_{name}_experts", experts, None, f"{words}: experts of both devices")
        run.parameter(f"even_{name}_half", experts // 2, None, f"{words}: experts of one device")
        run.parameter(f"even_{name}_chosen", chosen, None, f"{words}: experts that a token takes")
    sets = functional.one_hot(torch.combinations(torch.arange(8), 3), 8).sum(1).bool()
    does = crosses(sets, bins_of(torch.arange(8), _DEVICES), torch.zeros(len(sets), dtype=torch.long))
    error = abs(int(does.sum()) - (math.comb(8, 3) - math.comb(4, 3)))
    run.check("sets of 3 of 8 experts that cross", "binomial coefficients", error, 0, "sets that differ")


# -- Parts ---------------------------------------------------------------------------------------------------


def _bars(key: str, names: Sequence[str] = tuple(ARMS)) -> dict[float | str, str]:
    return {ARMS[name].label: f"{_PREFIX}_{key}_{name}" for name in names}


def _add_plots(experiment: Experiment) -> None:
    fixed = [name for name, arm in ARMS.items() if not arm.is_adaptive]
    plots: Sequence[tuple[str, str, str, Mapping[str, Mapping[float | str, str]]]] = (
        ("index", "Modality specialisation index", "index, 95% interval", {"index": _bars("msi")}),
        (
            "information",
            "Information of modality and bin of experts",
            "share of ln 2, 95% interval",
            {"information": _bars("information_share")},
        ),
        (
            "loss",
            "Loss of the next word",
            "nat, 95% interval",
            {"loss": {**_bars("loss"), "least possible": f"{_PREFIX}_loss_least"}},
        ),
        (
            "crossing",
            "Tokens that take an expert of another device",
            "% of tokens",
            {
                "as trained": {**_bars("cross"), "even routing": f"{_PREFIX}_floor_trained"},
                "experts placed after training": _bars("cross_sorted", fixed),
            },
        ),
    )
    for name, title, y, series in plots:
        even = 100 * (1 - math.comb(32, 8) / math.comb(64, 8))
        level = (even, f"even, {_even_words('64_8')}") if name == "crossing" else None
        experiment.plot(
            f"{_PREFIX}-{name}",
            title,
            "what guides the router; MI is mutual information",
            y,
            series,
            kind="bars",
            level=level,
        )


def add_parts(experiment: Experiment) -> None:
    """Declare the parts, and what pages draw of them."""
    experiment.part(
        "specialisation-floor",
        "share of tokens that cross two devices where routing is even, counted",
        {"smoke": 1, "cpu": 1, "gpu": 1},
        metrics=list(even_metrics()),
    )(even_routing)
    experiment.part(
        "specialisation",
        "trains small mixtures of experts on pictures and words, with nine guides of the router",
        {"smoke": 6, "cpu": 150, "gpu": 400},
        metrics=list(training_metrics()),
    )(training)
    _add_plots(experiment)
