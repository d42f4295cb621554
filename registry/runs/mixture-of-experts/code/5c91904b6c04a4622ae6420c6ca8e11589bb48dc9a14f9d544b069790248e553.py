"""What running fewer paths of a residual network saves in time, beside what it saves in operations.

The network is the modular ResNeXt of ``_residual_networks`` with all its weights; a call is given which
paths run, gathers their weights into smaller tensors, as arXiv 1909.09192 describes, and runs those.  Beside
it: all paths as one grouped convolution without a gather, and all channels as one dense 3x3 convolution.

A call launches hundreds of kernels, most of them for gathers.  With few images a GPU waits for the next one
to be launched, so that its times count launches; there each way is also timed as a graph that is replayed,
which launches nothing anew.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import _timing
import torch
from _residual_networks import Bottleneck, Network, Shape, built, operations
from _timing import Effort, Way
from harness import Experiment, Metric, Run
from torch import Tensor, nn
from torch.nn import functional

ACTIVE = (32, 16, 8)
WAYS = {
    **{f"gathered_{paths}": f"{paths} of 32 paths, gathered for each call" for paths in ACTIVE},
    "grouped": "all 32 paths as a grouped convolution, nothing gathered",
    "dense": "all channels as a dense 3x3 convolution",
}


@dataclass(frozen=True)
class Sizes:
    """Depth of the network, pixels of an image, images at once, and how long a measurement may take."""

    depth: int
    pixels: int
    batches: tuple[int, ...]
    effort: Effort


_SIZES = {
    "smoke": Sizes(50, 32, (2,), Effort(0.0, 1, 1)),
    "cpu": Sizes(50, 128, (1, 4), Effort(0.8, 4, 30)),
    "gpu": Sizes(101, 448, (1, 4, 16, 64), Effort(0.5, 10, 100)),
}
_BATCHES = (1, 2, 4, 16, 64)


def gathered_block(block: Bottleneck, image: Tensor, paths: Tensor) -> Tensor:
    """Return what a block says of an image when only some of its paths run; ``paths`` are their places."""
    per_path = block.grouped.out_channels // block.grouped.groups
    channels = (paths[:, None] * per_path + torch.arange(per_path, device=paths.device)).flatten()
    inside = functional.conv2d(image, block.narrow.weight[channels])
    inside = _normed(block.norms[0], inside, channels).relu()
    inside = functional.conv2d(
        inside, block.grouped.weight[channels], None, block.grouped.stride, 1, groups=len(paths)
    )
    inside = _normed(block.norms[1], inside, channels).relu()
    found = functional.conv2d(inside, block.widen.weight[:, channels])
    return torch.relu(block.norms[2](found) + block.shortcut(image))


def _normed(norm: nn.Module, image: Tensor, channels: Tensor) -> Tensor:
    values = (norm.running_mean, norm.running_var, norm.weight, norm.bias)
    return functional.batch_norm(image, *(one[channels] for one in values))


def gathered(network: Network, images: Tensor, paths: list[Tensor]) -> Tensor:
    """Return the scores of images when each block runs its own paths."""
    found = network.stem(images)
    for block, chosen in zip(network.blocks, paths, strict=True):
        found = gathered_block(block, found, chosen)
    scores: Tensor = network.classes(found.mean((2, 3)))
    return scores


def chosen_paths(network: Network, count: int, device: str, seed: int) -> list[Tensor]:
    """Return for each block which paths run, drawn at random, in order."""
    random = torch.Generator().manual_seed(seed)
    return [
        torch.randperm(block.grouped.groups, generator=random)[:count].sort().values.to(device)
        for block in network.blocks
    ]


_KINDS = {"": "", "_graph": ", replayed as a CUDA graph"}


def _metrics() -> Iterator[Metric]:
    for batch in _BATCHES:
        for kind, how in _KINDS.items():
            yield from _time_metrics(batch, kind, how)
    for paths in ACTIVE[1:]:
        yield Metric(
            f"paths_operations_saved_{paths}",
            f"100 * (1 - total(paths_operations_{paths}) / total(paths_operations_32))",
            "%",
            "counted",
            f"operations saved by running {paths} of 32 paths in every block, groups as they are",
        )


def _time_metrics(batch: int, kind: str, how: str) -> Iterator[Metric]:
    """Yield the times of all ways on so many images, and what fewer paths save of them."""
    for way, words in WAYS.items():
        sample = f"paths_time_{way}{kind}_{batch}"
        yield Metric(
            f"paths_{way}{kind}_{batch}_ms",
            f"median({sample})",
            "ms",
            "measured",
            f"time of {batch} images: {words}{how}",
            f"quantile({sample}, 0.25)",
            f"quantile({sample}, 0.75)",
        )
    for paths in ACTIVE[1:]:
        mine, whole = f"paths_time_gathered_{paths}{kind}_{batch}", f"paths_time_grouped{kind}_{batch}"
        yield Metric(
            f"paths_saved_{paths}{kind}_{batch}",
            f"100 * (1 - median({mine}) / median({whole}))",
            "%",
            "measured",
            f"time saved by {paths} of 32 paths, over all paths without a gather, {batch} images{how}",
            f"100 * (1 - quantile({mine}, 0.75) / quantile({whole}, 0.25))",
            f"100 * (1 - quantile({mine}, 0.25) / quantile({whole}, 0.75))",
        )


def cost(run: Run) -> None:
    """Time every way for every number of images."""
    sizes, is_gpu = _SIZES[run.preset], run.device == "cuda"
    run.parameter("paths_pixels", sizes.pixels, None, "pixels of an image a side")
    run.parameter("paths_depth", sizes.depth, None, "depth of the network")
    run.dtype = "bfloat16" if is_gpu else "float32"
    for paths in ACTIVE:
        layers = operations(built(Shape(32, 4, sizes.depth, active=paths)), sizes.pixels).grouped
        run.sample(
            f"paths_operations_{paths}", layers, "FLOP", f"multiply-accumulates by layer, {paths} paths"
        )
    torch.manual_seed(0)
    network = _ready(Network(Shape(32, 4, sizes.depth)), run.device)
    dense = _ready(Network(_dense(Shape(32, 4, sizes.depth))), run.device)
    with torch.no_grad():
        _check(run)
        for batch in sizes.batches:
            images = torch.randn(
                (batch, 3, sizes.pixels, sizes.pixels), device=run.device, dtype=_dtype(is_gpu)
            )
            images = images.contiguous(memory_format=torch.channels_last)
            _time_all(run, batch, _calls(network, dense, images, run.device), sizes.effort)
    run.note(
        "In the paper a gate reads each question; here all images of a call run the same paths, drawn once."
    )


def _time_all(run: Run, batch: int, calls: dict[str, Callable[[int], Tensor]], effort: Effort) -> None:
    """Time all ways in turn: each call launched by itself, and on a GPU also replayed as graphs."""
    for kind, how in _KINDS.items():
        if kind and run.device != "cuda":
            continue
        ways = {way: Way(call, is_graph=bool(kind)) for way, call in calls.items()}
        times = _timing.compared(run, f"paths: {batch} images{how}", ways, effort)
        for way, samples in times.items():
            run.sample(
                f"paths_time_{way}{kind}_{batch}",
                samples,
                "ms",
                f"one call: {WAYS[way]}, {batch} images{how}",
            )


def _dtype(is_gpu: bool) -> torch.dtype:
    return torch.bfloat16 if is_gpu else torch.float32


def _ready(network: Network, device: str) -> Network:
    network = network.eval().to(device, _dtype(device == "cuda"))
    made: Network = network.to(memory_format=torch.channels_last)
    return made


def _dense(shape: Shape) -> Shape:
    """Return a shape of as many channels in one path."""
    return replace(shape, paths=1, width=shape.paths * shape.width)


def _calls(
    network: Network, dense: Network, images: Tensor, device: str
) -> dict[str, Callable[[int], Tensor]]:
    calls: dict[str, Callable[[int], Tensor]] = {
        "grouped": lambda _: network(images),
        "dense": lambda _: dense(images),
    }
    for paths in ACTIVE:
        chosen = chosen_paths(network, paths, device, paths)
        calls[f"gathered_{paths}"] = lambda _, chosen=chosen: gathered(network, images, chosen)
    return calls


def _check(run: Run) -> None:
    """Hold the gathered network of all paths against the whole one, and a few paths against zeroed others."""
    torch.manual_seed(1)
    network = Network(Shape(32, 4, 50)).eval().double()
    images = torch.randn((1, 3, 64, 64)).double()
    found = gathered(network, images, chosen_paths(network, 32, "cpu", 0))
    error = ((found - network(images)).abs().max() / found.abs().max()).item()
    run.check(
        "all paths gathered", "the whole network, fp64", error, 1e-9, "largest difference over largest number"
    )
    block = network.blocks[1]
    image = torch.randn((1, 256, 8, 8)).double()
    paths = chosen_paths(network, 8, "cpu", 0)[1]
    few = gathered_block(block, image, paths)
    per_path = block.grouped.out_channels // block.grouped.groups
    is_left_out = torch.ones(block.grouped.groups, dtype=torch.bool).index_fill(0, paths, False)
    kept = block.widen.weight.clone()
    block.widen.weight[:, is_left_out.repeat_interleave(per_path)] = 0
    error = ((few - block(image)).abs().max() / few.abs().max()).item()
    block.widen.weight.copy_(kept)
    run.check("8 of 32 paths gathered", "the others weighed with zero, fp64", error, 1e-9,
              "largest difference over largest number")  # fmt: skip


def add_parts(experiment: Experiment) -> None:
    """Declare the part, and what pages draw of it."""
    experiment.part(
        "path-cost",
        "time of a residual network of which 32, 16 and 8 of 32 paths run, beside grouped and dense ones",
        {"smoke": 5, "cpu": 30, "gpu": 40},
        metrics=list(_metrics()),
    )(cost)
    experiment.plot(
        "paths-saved",
        "Time saved by running fewer of 32 paths, over all of them without a gather",
        "images at once",
        "%",
        {
            f"{paths} of 32 paths{how}": {batch: f"paths_saved_{paths}{kind}_{batch}" for batch in _BATCHES}
            for paths in ACTIVE[1:]
            for kind, how in _KINDS.items()
        },
        x_scale="log",
        level=(0, "nothing saved"),
    )
