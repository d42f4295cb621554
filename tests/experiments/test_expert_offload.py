"""Experts in the host's memory: caches, predictors and the scheduler do what is said of them."""

import json
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _expert_offload as offload
import harness

SIZES = offload.Sizes(8, 2, 32, 10, 3, 8, 12, 64)


def trace(layers: int, sequences: int, steps: int, experts: int, seed: int = 0) -> torch.Tensor:
    random = torch.Generator().manual_seed(seed)
    return torch.randint(experts, (layers, sequences, steps), generator=random)


@pytest.mark.parametrize("slots", [1, 3, 8])
def test_what_was_not_found_is_loaded(slots):
    """Without a predictor loads are misses; no slot lies outside of the cache."""
    found = offload.served(trace(2, 3, 40, 9), None, slots)
    missed = [needed - hits for needed, hits in zip(found.needed, found.found, strict=True)]
    assert [len(loads) for loads in found.loads] == missed
    assert all(0 <= slot < slots and layer in (0, 1) for loads in found.loads for layer, slot in loads)


def test_a_cache_for_all_experts_misses_each_once():
    """Whatever comes."""
    needed = trace(1, 2, 80, 6)
    found = offload.served(needed, None, 6)
    assert sum(found.needed) - sum(found.found) == len(needed.unique())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 8), st.integers(1, 5))
def test_the_oracle_finds_as_much_as_fits(seed, slots, sequences):
    """All that is needed, or as many as there are slots."""
    needed = trace(2, sequences, 20, 8, seed)
    found = offload.served(needed, needed, slots)
    fits = [
        sum(min(slots, len(layer[:, step].unique())) for layer in needed) for step in range(needed.shape[2])
    ]
    assert found.found == fits


def test_the_last_used_stays():
    """A cache of two keeps what was needed last: a third pushes out the older one."""
    needed = torch.tensor([[[0, 1, 0, 2, 0, 1]]])
    found = offload.served(needed, None, 2)
    assert found.found == [0, 0, 1, 0, 1, 0]


@pytest.mark.parametrize("seed", range(5))
def test_dealing_anew_never_needs_more(seed):
    """By what is expected; every sequence is dealt once."""
    expected = trace(2, 8, 6, 12, seed)
    order = offload.dealt(expected)
    assert sorted(order.tolist()) == list(range(8))

    def needed(order: torch.Tensor) -> int:
        return sum(offload._distinct(expected[:, half]) for half in order.split(4))

    assert needed(order) <= needed(torch.arange(8))


def test_sequences_of_two_kinds_are_dealt_apart():
    """Where that saves experts."""
    kinds = torch.tensor([0, 1, 0, 1, 0, 1])
    expected = (8 * kinds)[None, :, None] + torch.arange(4).expand(1, 6, 4)
    first = kinds[offload.dealt(expected)[:3]]
    assert len(first.unique()) == 1


def numbers(seed: int) -> str:
    return offload.modelled(SIZES, seed, "cpu")


def test_a_trace_with_a_seed_comes_out_the_same():
    """Needed and expected experts, and how often the two are the same; another seed gives another trace."""
    one, again = (offload.traced(SIZES, 4, numbers(4), "cpu") for _ in range(2))
    assert one == again
    assert one["needed"] != offload.traced(SIZES, 5, numbers(5), "cpu")["needed"]
    needed, expected = torch.tensor(one["needed"]), torch.tensor(one["expected"])
    assert needed.shape == expected.shape == (2, 12, 10)
    assert one["right"] == pytest.approx((needed == expected).float().mean().item())


def test_a_kept_model_is_the_trained_one():
    """Its text holds every number; training has changed the first ones."""
    torch.manual_seed(4)
    first = torch.nn.utils.parameters_to_vector(offload.Routed(SIZES).parameters())
    kept = numbers(4)
    model = offload.restored(SIZES, kept, "cpu")
    words = torch.randint(offload.WORDS, (3, 10), generator=torch.Generator().manual_seed(0))
    again = offload.restored(SIZES, kept, "cpu")
    assert torch.equal(model(words)[0], again(words)[0])
    vector = torch.nn.utils.parameters_to_vector(model.parameters())
    assert vector.shape == first.shape
    assert 0 < (vector - first).abs().max() < 0.1


@pytest.mark.parametrize("used", [1, 4, 9])
def test_rows_dealt_by_expert_are_those_of_one_at_a_time(used):
    """Outputs and every gradient, also where experts get no row."""
    random = torch.Generator().manual_seed(used)
    chosen = torch.randint(used, (40,), generator=random)
    leaves = [
        torch.randn(size, generator=random, dtype=torch.float64).requires_grad_()
        for size in ((40, 5), (9, 5, 5), (9, 5, 5))
    ]
    rows, into, out = leaves
    quick = offload.by_expert(rows, chosen, into, out)
    slow = torch.stack([(row @ into[one]).relu() @ out[one] for row, one in zip(rows, chosen, strict=True)])
    assert torch.allclose(quick, slow, atol=1e-12)
    outer = torch.randn(40, 5, generator=random, dtype=torch.float64)
    for mine, other in zip(
        torch.autograd.grad(quick, leaves, outer), torch.autograd.grad(slow, leaves, outer), strict=True
    ):
        assert torch.allclose(mine, other, atol=1e-12)


def test_nothing_the_size_of_a_weight_for_each_row_is_made():
    """The most numbers of one tensor in a step of the largest preset, far fewer than rows times weights."""
    sizes = offload._SIZES["gpu"]
    made = []

    class Watched(torch.utils._python_dispatch.TorchDispatchMode):
        def __torch_dispatch__(self, function, types, given=(), named=None):
            result = function(*given, **(named or {}))
            made.extend(one.numel() for one in (result,) if isinstance(one, torch.Tensor))
            return result

    model = offload.Routed(sizes)
    words = torch.randint(offload.WORDS, (sizes.batch, sizes.length))
    with Watched():
        model(words)
    assert max(made) < sizes.batch * sizes.length * sizes.width**2


def test_text_of_a_domain_follows_its_chain():
    """A word is followed only by words that its chain allows."""
    chains = torch.zeros(1, offload.WORDS, offload.WORDS)
    chains[0, torch.arange(offload.WORDS), (torch.arange(offload.WORDS) + 1) % offload.WORDS] = 1
    words, domain = offload.text(5, 7, chains, torch.Generator().manual_seed(0))
    assert (words.diff(dim=1) % offload.WORDS == 1).all()
    assert domain.tolist() == [0] * 5


def test_the_part_keeps_one_number_a_seed_and_a_step_a_model(tmp_path, monkeypatch):
    """Shares of right predictions are one a seed; a model and a predictor of a seed are a step each."""
    experiment = harness.Experiment("mixture_of_experts.py", "title", "question?", "limits")
    offload.add_parts(experiment)
    steps = []
    put = harness.Journal.put
    monkeypatch.setattr(
        harness.Journal, "put", lambda self, name, *rest: (steps.append(name), put(self, name, *rest))
    )
    out = tmp_path / "run.json"
    assert experiment.main(["--preset", "smoke", "--device", "cpu", "--seeds", "3", "--out", str(out)]) == 0
    record = json.loads(out.read_text(encoding="utf-8"))
    right = record["samples"]["offload_right"]["values"]
    assert len(right) == 3
    half = 4.303 * torch.tensor(right).double().std().item() / 3**0.5
    metric = record["metrics"]["offload_predicted_right"]
    assert metric["value"] == pytest.approx(100 * sum(right) / 3)
    assert metric["high"] - metric["value"] == pytest.approx(100 * half)
    for seed in range(3):
        assert {f"model of seed {seed}", f"predictor of seed {seed}"} <= set(steps)
    assert set(record["metrics"]) == {metric.name for metric in experiment.parts["expert-offload"].metrics}
