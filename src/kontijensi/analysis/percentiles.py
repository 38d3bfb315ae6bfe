"""Percentiles and shares that are honest about the tail: what was never answered is later than any time.

A percentile is interpolated linearly between order statistics (type 7 of Hyndman and Fan 1996). Where the
unanswered take part in it, it is unknown: None. Intervals of shares are Wilson's (1927), which stay inside
[0, 1] and are of use for few cases. Intervals of percentiles are bounded by order statistics, without any
assumption of how times are distributed (David and Nagaraja 2003, section 7.1); a bound is None where so few
cases give none, or where it falls among the unanswered. All hold at 95 % if cases are independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, fsum, sqrt
from statistics import NormalDist

from kontijensi.vocabulary.words import _


def percentile(times_s: Sequence[float | None], share: float) -> float | None:
    """Return the time by which a share of all cases was answered [s]; None when that share never was.

    `times_s` holds one entry a case, None for a case never answered. Raises ValueError for a share outside
    [0, 1].
    """
    if not 0 <= share <= 1:
        raise ValueError(_("{share}: a percentile's share lies between 0 and 1").format(share=share))
    answered = sorted(t for t in times_s if t is not None)
    if not times_s:
        return None
    rank = (len(times_s) - 1) * share
    # 0.9 * 10 is not 9 in binary: a rank this near a whole number is meant to be one.
    if abs(rank - round(rank)) < 1e-9:
        rank = round(rank)
    low, high = floor(rank), ceil(rank)
    if high >= len(answered):
        return None
    return answered[low] + (answered[high] - answered[low]) * (rank - low)


CONFIDENCE = 0.95
Bounds = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Spread:
    """How times are spread [s]. `mean` and `longest` are None when a case was never answered."""

    n: int
    answered: int
    mean: float | None
    mean_answered: float | None
    median: float | None
    p80: float | None
    p90: float | None
    p95: float | None
    longest: float | None
    between: dict[str, Bounds]
    """Intervals of the median and the percentiles, by their names."""

    def as_dict(self) -> dict[str, float | int | None]:
        """Return the measures by the names under which the summary keeps them."""
        return {
            "n": self.n,
            "answered": self.answered,
            "unanswered": self.n - self.answered,
            "mean": self.mean,
            "mean_answered": self.mean_answered,
            "median": self.median,
            "p80": self.p80,
            "p90": self.p90,
            "p95": self.p95,
            "max": self.longest,
            **{
                f"{name}_{end}": bound
                for name, bounds in self.between.items()
                for end, bound in zip(("low", "high"), bounds, strict=True)
            },
        }


def spread(times_s: Sequence[float | None]) -> Spread:
    """Return how times are spread; None among them means never answered."""
    answered = [t for t in times_s if t is not None]
    mean_answered = fsum(answered) / len(answered) if answered else None
    return Spread(
        n=len(times_s),
        answered=len(answered),
        mean=mean_answered if len(answered) == len(times_s) else None,
        mean_answered=mean_answered,
        median=percentile(times_s, 0.5),
        p80=percentile(times_s, 0.8),
        p90=percentile(times_s, 0.9),
        p95=percentile(times_s, 0.95),
        longest=percentile(times_s, 1.0),
        between={name: percentile_interval(times_s, share) for name, share in _PERCENTILES.items()},
    )


_PERCENTILES = {"median": 0.5, "p80": 0.8, "p90": 0.9, "p95": 0.95}


def percentile_interval(
    times_s: Sequence[float | None], share: float, confidence: float = CONFIDENCE
) -> Bounds:
    """Return the times between which a percentile of the source of these cases lies [s].

    Its true value lies between the two with at least that confidence, whatever the distribution. A bound is
    None where there are too few cases for one, or it falls among those never answered.
    Raises ValueError when the share or the confidence is outside (0, 1).
    """
    if not 0 < share < 1:
        raise ValueError(_("{share}: a percentile's share lies between 0 and 1").format(share=share))
    if not 0 < confidence < 1:
        raise ValueError(_("{value}: a confidence lies between 0 and 1").format(value=confidence))
    answered = sorted(t for t in times_s if t is not None)
    low, high = _ranks(len(times_s), share, confidence)
    bounds = [answered[rank - 1] if 1 <= rank <= len(answered) else None for rank in (low, high)]
    return bounds[0], bounds[1]


@lru_cache(maxsize=4096)
def _ranks(n: int, share: float, confidence: float) -> tuple[int, int]:
    """Return the ranks of the bounds among `n` cases; 0 and `n + 1` are none."""
    from scipy.stats import binom

    tail = (1 - confidence) / 2
    if n == 0:
        return 0, 1
    # So many cases lie below the percentile: a binomial number.
    return int(binom.ppf(tail, n, share)), int(binom.ppf(1 - tail, n, share)) + 1


def part_measures(lengths_s: Sequence[float]) -> dict[str, float | int | None]:
    """Return number, mean and maximum of the lengths of one step, by the names in the summary."""
    return {
        "n": len(lengths_s),
        "mean": fsum(lengths_s) / len(lengths_s) if lengths_s else None,
        "max": max(lengths_s, default=None),
    }


@dataclass(frozen=True, slots=True)
class WithinShare:
    """How many cases were in time, as a share with its interval; the shares are None without a case."""

    n: int
    within: int
    share: float | None
    low: float | None
    high: float | None

    def as_dict(self) -> dict[str, float | int | None]:
        """Return the measures by the names under which the summary keeps them."""
        return {"n": self.n, "within": self.within, "share": self.share, "low": self.low, "high": self.high}


def share_within(
    times_s: Sequence[float | None], limit_s: float, confidence: float = CONFIDENCE
) -> WithinShare:
    """Return the share of all cases answered within a limit; those never answered are not."""
    # Sums of floats: a response of exactly the limit must not miss it by a rounding.
    within = sum(t is not None and t <= limit_s + 1e-6 for t in times_s)
    low, high = wilson(within, len(times_s), confidence)
    share = within / len(times_s) if times_s else None
    return WithinShare(n=len(times_s), within=within, share=share, low=low, high=high)


def wilson(successes: int, n: int, confidence: float = CONFIDENCE) -> tuple[float | None, float | None]:
    """Return Wilson's score interval of a share (Wilson 1927); None, None without a case.

    Raises ValueError when there are more successes than cases or the confidence is outside (0, 1).
    """
    if not 0 <= successes <= n:
        raise ValueError(_("{successes} of {n}: no share").format(successes=successes, n=n))
    if not 0 < confidence < 1:
        raise ValueError(_("{value}: a confidence lies between 0 and 1").format(value=confidence))
    if n == 0:
        return None, None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / n
    middle = share + z * z / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # At the ends the bounds are exactly 0 and 1; rounding must not take them across.
    low = 0.0 if successes == 0 else (middle - half) / scale
    high = 1.0 if successes == n else (middle + half) / scale
    return low, high
