"""Wilson's score interval of a share.

E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
"""

from math import sqrt
from statistics import NormalDist


def wilson_interval(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the ends of the interval for ``successes`` of ``n``; 0 and 1 when ``n`` is 0."""
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / n
    middle = share + z * z / (2 * n)
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def wilson_lower_bound(successes: int, n: int, confidence: float = 0.95) -> float:
    """Return the lower end of the interval; 0 when ``n`` is 0."""
    return wilson_interval(successes, n, confidence)[0]
