"""Residual networks with paths, built without memory, and the operations of their convolutions.

A ResNeXt-101 of C paths of width d has bottlenecks whose 3x3 convolution has C groups.  A modular one runs
only the best k of its 32 paths: its bottlenecks are then as wide as k paths.  Counts are multiply-accumulates
(MAC) of convolutions and of the last linear layer; many FLOP counts take two for each.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import nn

_BLOCKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
_PLANES = (64, 128, 256, 512)
_CLASSES = 1000


@dataclass(frozen=True)
class Shape:
    """A network: its depth, its paths and their width in the first stage.

    ``active`` is how many paths run; with ``is_first_whole`` the first block of each stage runs all of them.
    """

    paths: int
    width: int
    depth: int = 101
    active: int | None = None
    is_first_whole: bool = False

    def channels(self, stage: int, block: int) -> tuple[int, int]:
        """Return the channels inside a bottleneck, and the groups that they are split into."""
        all_paths = block == 0 and self.is_first_whole
        paths = self.paths if self.active is None or all_paths else self.active
        return paths * (_PLANES[stage] * self.width // 64), paths


class Bottleneck(nn.Module):
    """1x1, grouped 3x3 and 1x1 convolutions beside a shortcut."""

    def __init__(self, channels: int, inside: int, groups: int, planes: int, stride: int) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(channels, inside, 1, bias=False)
        self.grouped = nn.Conv2d(inside, inside, 3, stride, 1, groups=groups, bias=False)
        self.widen = nn.Conv2d(inside, 4 * planes, 1, bias=False)
        self.norms = nn.ModuleList(nn.BatchNorm2d(size) for size in (inside, inside, 4 * planes))
        is_changed = stride != 1 or channels != 4 * planes
        shortcut = nn.Conv2d(channels, 4 * planes, 1, stride, bias=False) if is_changed else None
        self.shortcut = nn.Sequential(shortcut, nn.BatchNorm2d(4 * planes)) if shortcut else nn.Identity()

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Return the image of the block, 4 planes deep."""
        found = torch.relu(self.norms[0](self.narrow(image)))
        found = torch.relu(self.norms[1](self.grouped(found)))
        return torch.relu(self.norms[2](self.widen(found)) + self.shortcut(image))


class Network(nn.Module):
    """A stem, four stages of bottlenecks, a mean over places and a linear layer."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)
        )
        blocks, channels = [], 64
        for stage, count in enumerate(_BLOCKS[shape.depth]):
            planes = _PLANES[stage]
            for block in range(count):
                stride = 2 if stage and block == 0 else 1
                blocks.append(Bottleneck(channels, *shape.channels(stage, block), planes, stride))
                channels = 4 * planes
        self.blocks = nn.Sequential(*blocks)
        self.classes = nn.Linear(channels, _CLASSES)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Return the scores of 1,000 classes."""
        found: torch.Tensor = self.classes(self.blocks(self.stem(image)).mean((2, 3)))
        return found


def built(shape: Shape) -> Network:
    """Return a network that takes no memory: it has shapes and no numbers."""
    with torch.device("meta"):
        return Network(shape).eval()


def parameters(network: nn.Module) -> int:
    """Return how many numbers are trained."""
    return sum(one.numel() for one in network.parameters())


@dataclass(frozen=True)
class Operations:
    """MAC of each convolution and of the last layer, for one square image.

    ``grouped`` counts the input channels that an output sees, ``ignoring`` all of them.
    """

    grouped: tuple[int, ...]
    ignoring: tuple[int, ...]


def operations(network: Network, pixels: int) -> Operations:
    """Return the operations for an image of so many pixels a side."""
    grouped: list[int] = []
    ignoring: list[int] = []

    def count(layer: nn.Module, _: object, result: torch.Tensor) -> None:
        if isinstance(layer, nn.Conv2d):
            places = result.numel() * layer.kernel_size[0] * layer.kernel_size[1]
            grouped.append(places * layer.in_channels // layer.groups)
            ignoring.append(places * layer.in_channels)
        elif isinstance(layer, nn.Linear):
            grouped.append(result.numel() * layer.in_features)
            ignoring.append(grouped[-1])

    hooks = [layer.register_forward_hook(count) for layer in _counted(network)]
    network(torch.empty((1, 3, pixels, pixels), device="meta"))
    for hook in hooks:
        hook.remove()
    return Operations(tuple(grouped), tuple(ignoring))


def _counted(network: nn.Module) -> Iterator[nn.Module]:
    return (layer for layer in network.modules() if isinstance(layer, (nn.Conv2d, nn.Linear)))
