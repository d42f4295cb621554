"""Counts of models and networks: built and in closed form, by layer and by torch's own counter."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _expert_models as models
import _residual_networks as networks
import mixture_of_experts as script

SMALL = models.Model("small", 3, 16, 4, 2, 8, 6, 2, 50, "made up")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"key_value_heads": 4},
        {"shared": 24},
        {"shared": 24, "is_shared_gated": True},
        {"dense": 40},
        {"is_normed": True},
        {"is_biased": True},
        {"active": 6},
    ],
)
def test_a_model_holds_what_its_closed_form_says(changes):
    """Whatever it has besides experts; a token uses no more than there is."""
    model = replace(SMALL, **changes)
    held, used = models.parameters(model)
    assert sum(held) == models.closed_form(model)
    assert all(part <= whole for part, whole in zip(used, held, strict=True))
    unused = sum(held) - sum(used)
    moe_layers = model.layers - bool(model.dense)
    assert unused == moe_layers * (model.experts - model.active) * 3 * model.size * model.inner


@pytest.mark.parametrize(
    ("shape", "numbers"),
    [
        (networks.Shape(32, 4, 50), 25_028_904),
        (networks.Shape(32, 8), 88_791_336),
    ],
)
def test_a_standard_network_is_the_library_s(shape, numbers):
    """By its number of parameters; its operations are half of what torch counts, which takes two per MAC."""
    network = networks.built(shape)
    assert networks.parameters(network) == numbers
    counted = networks.operations(network, 224)
    counter = FlopCounterMode(display=False)
    with counter:
        network(torch.empty((1, 3, 224, 224), device="meta"))
    assert 2 * sum(counted.grouped) == counter.get_total_flops()


def test_ignoring_groups_counts_every_input_channel():
    """Only of grouped convolutions: there a count is larger by the number of groups."""
    counted = networks.operations(networks.built(networks.Shape(32, 4, 50)), 64)
    ratios = {ignoring / grouped for grouped, ignoring in zip(counted.grouped, counted.ignoring, strict=True)}
    assert ratios == {1, 32}


def test_operations_are_linear_in_the_paths_that_run_where_groups_are_taken_as_they_are():
    """Half of the paths save half of what depends on them; with groups ignored it is more than half."""
    of = {
        active: networks.operations(networks.built(networks.Shape(32, 4, 50, active=active)), 64)
        for active in (8, 16, 32)
    }
    grouped = {active: sum(one.grouped) for active, one in of.items()}
    ignoring = {active: sum(one.ignoring) for active, one in of.items()}
    assert grouped[32] - grouped[16] == 2 * (grouped[16] - grouped[8])
    assert ignoring[32] - ignoring[16] > 2 * (ignoring[16] - ignoring[8])


def test_whole_first_blocks_run_all_paths():
    """In each stage; the others run as many as are active."""
    shape = networks.Shape(32, 4, active=8, is_first_whole=True)
    assert shape.channels(1, 0) == (256, 32)
    assert shape.channels(1, 1) == (64, 8)


@pytest.mark.parametrize(("row", "count"), [("baseline", 48), ("k32", 40), ("k16", 80), ("k8", 80)])
def test_every_standard_configuration_of_a_row_is_counted(row, count):
    """Each once: networks, sizes, conventions, and which blocks are modular."""
    ways = list(script.configurations(row))
    assert len(ways) == len(set(ways)) == count
    assert len({(one.short, one.is_grouped) for one in ways}) == count
