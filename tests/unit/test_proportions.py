"""Wilson's interval has its published values and holds the share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.proportions import wilson_interval, wilson_lower_bound


@pytest.mark.parametrize(
    ("successes", "n", "bound"),
    [(0, 10, 0.0), (5, 10, 0.2366), (10, 10, 0.7225), (81, 263, 0.2553), (16, 16, 0.8064), (15, 15, 0.7961)],
)
def test_wilson_bound_has_known_values(successes: int, n: int, bound: float) -> None:
    """The bound equals published values of Wilson's interval (81 of 263 is Newcombe's example)."""
    assert wilson_lower_bound(successes, n) == pytest.approx(bound, abs=5e-5)


def test_wilson_bound_of_nothing_is_zero() -> None:
    """No claims give no share."""
    assert wilson_lower_bound(0, 0) == 0.0


@given(n=st.integers(1, 5000), data=st.data())
def test_wilson_bound_is_a_lower_bound(n: int, data: st.DataObject) -> None:
    """The bound lies between 0 and the share, and grows with the successes."""
    successes = data.draw(st.integers(0, n))
    bound = wilson_lower_bound(successes, n)
    assert 0 <= bound <= successes / n + 1e-12
    if successes < n:
        assert wilson_lower_bound(successes + 1, n) > bound


@given(n=st.integers(1, 5000), data=st.data())
def test_the_interval_holds_the_share_and_is_its_own_mirror(n: int, data: st.DataObject) -> None:
    """What is likely of successes is as unlikely of failures."""
    successes = data.draw(st.integers(0, n))
    low, high = wilson_interval(successes, n)
    assert low - 1e-12 <= successes / n <= high + 1e-12
    assert wilson_interval(n - successes, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)
