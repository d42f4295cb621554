"""Experts in the host's memory: caches, predictors and the scheduler do what is said of them."""

import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _expert_offload as offload

SIZES = offload.Sizes(8, 2, 32, 10, 3, 8, 12, 64, 4)


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


def test_a_trace_with_a_seed_comes_out_the_same():
    """Needed and expected experts, and how often the two are the same."""
    one, again = (offload.traced(SIZES, 4) for _ in range(2))
    assert one == again
    needed, expected = torch.tensor(one["needed"]), torch.tensor(one["expected"])
    assert needed.shape == expected.shape == (2, 12, 10)
    assert one["right"] == pytest.approx((needed == expected).float().mean((0, 2)).tolist())


def test_text_of_a_domain_follows_its_chain():
    """A word is followed only by words that its chain allows."""
    chains = torch.zeros(1, offload.WORDS, offload.WORDS)
    chains[0, torch.arange(offload.WORDS), (torch.arange(offload.WORDS) + 1) % offload.WORDS] = 1
    words, domain = offload.text(5, 7, chains, torch.Generator().manual_seed(0))
    assert (words.diff(dim=1) % offload.WORDS == 1).all()
    assert domain.tolist() == [0] * 5
