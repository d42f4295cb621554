"""Paths of a residual network that are gathered: the same as the others weighed with zero."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _residual_cost as cost
import _residual_networks as networks


@pytest.fixture(autouse=True)
def no_gradients() -> Iterator[None]:
    with torch.no_grad():
        yield


@pytest.mark.parametrize(("channels", "stride"), [(256, 1), (64, 1), (256, 2)])
@pytest.mark.parametrize("count", [1, 8, 31, 32])
def test_a_block_of_some_paths_is_the_block_without_the_others(channels, stride, count):
    """With its own shortcut, and with norms that are not trivial."""
    torch.manual_seed(count)
    block = networks.Bottleneck(channels, 128, 32, 64, stride).eval().double()
    for norm in block.norms:
        norm.running_mean.normal_()
        norm.running_var.uniform_(0.5, 2)
    paths = torch.randperm(32)[:count].sort().values
    image = torch.randn(2, channels, 6, 6).double()
    few = cost.gathered_block(block, image, paths)
    left_out = torch.ones(32, dtype=torch.bool).index_fill(0, paths, False).repeat_interleave(4)
    block.widen.weight[:, left_out] = 0
    assert torch.allclose(few, block(image), atol=1e-12)


def test_every_block_draws_its_own_paths():
    """As many as are asked for, in order; the same again from the same seed."""
    network = networks.built(networks.Shape(32, 4, 50))
    chosen, again = (cost.chosen_paths(network, 8, "cpu", 3) for _ in range(2))
    assert len(chosen) == 16
    assert all(len(one) == 8 and one.diff().gt(0).all() for one in chosen)
    assert all(torch.equal(one, other) for one, other in zip(chosen, again, strict=True))
    assert len({tuple(one.tolist()) for one in chosen}) > 1


def test_the_dense_network_has_as_many_channels_in_one_path():
    """So that its 3x3 convolution sees all of them."""
    shape = cost._dense(networks.Shape(32, 4))
    assert shape.channels(0, 1) == (128, 1)
    assert networks.Shape(32, 4).channels(0, 1) == (128, 32)


def test_every_way_is_timed_by_launches_and_on_a_gpu_also_as_graphs(monkeypatch):
    """All ways of as many images in one comparison; a CPU has no graphs."""
    asked: list[tuple[str, list[str], set[bool]]] = []
    kept: list[str] = []

    def compared(run, what, ways, effort):
        asked.append((what, list(ways), {way.is_graph for way in ways.values()}))
        return {name: [1.0] for name in ways}

    monkeypatch.setattr(cost._timing, "compared", compared)
    calls = dict.fromkeys(cost.WAYS, lambda _: torch.ones(1))
    for device in ("cpu", "cuda"):
        run = SimpleNamespace(device=device, sample=lambda name, *_: kept.append(name))
        cost._time_all(run, 4, calls, cost.Effort(0.0, 1, 1))
    eager = ("paths: 4 images", list(cost.WAYS), {False})
    assert asked == [eager, eager, ("paths: 4 images, replayed as a CUDA graph", list(cost.WAYS), {True})]
    formulas = " ".join(metric.formula for metric in cost._metrics())
    assert all(f"({name})" in formulas for name in kept)
    assert "paths_time_gathered_8_graph_4" in kept


def test_names_of_metrics_are_unique():
    """Those of launches are beside those of graphs."""
    names = [metric.name for metric in cost._metrics()]
    assert len(names) == len(set(names))
    assert {
        "paths_saved_8_4",
        "paths_saved_8_graph_4",
        "paths_grouped_1_ms",
        "paths_grouped_graph_1_ms",
    } <= set(names)
