"""How sure a mean over replications is, and how many replications make it sure enough.

Student's interval, watched as replications come in: Law (2015), *Simulation Modeling and Analysis*, 5th ed.,
section 9.4; Robinson (2014), *Simulation*, 2nd ed., section 9.7.4. Comparisons are paired by replication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from scipy.stats import t as student

CONFIDENCE = 0.95
PRECISION = 0.05
"""Half-width as a share of the mean at which a mean counts as known."""
FEWEST = 3
"""Fewer replications can agree by chance."""


@dataclass(frozen=True, slots=True)
class Paired:
    """How one alternative differs from another over the same replications."""

    n: int
    mean: float
    variance: float
    half_width: float | None
    """Half-width of the interval of the mean; None for a single replication."""


def running_half_width(values: Sequence[float], confidence: float = CONFIDENCE) -> list[float | None]:
    """Return the half-width of the interval of the mean after each replication, None after the first.

    Raises ValueError for a confidence outside (0, 1).
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence}: it lies between 0 and 1")
    widths: list[float | None] = []
    for n in range(1, len(values) + 1):
        if n == 1:
            widths.append(None)
            continue
        _mean, variance = _moments(values[:n])
        widths.append(float(student.ppf(0.5 + confidence / 2, n - 1)) * sqrt(variance / n))
    return widths


def enough(
    values: Sequence[float],
    precision: float = PRECISION,
    confidence: float = CONFIDENCE,
    fewest: int = FEWEST,
) -> int | None:
    """Return after how many replications the mean is first known to a precision, None when it is not yet.

    `precision` is the half-width as a share of the mean's size.
    """
    widths = running_half_width(values, confidence)
    for n, width in enumerate(widths, start=1):
        mean = fsum(values[:n]) / n
        if width is not None and n >= fewest and width <= precision * abs(mean):
            return n
    return None


def paired_difference(
    first: Sequence[float], second: Sequence[float], confidence: float = CONFIDENCE
) -> Paired:
    """Return how `second` differs from `first`, replication by replication.

    Raises ValueError when they are not equally long, or empty.
    """
    if len(first) != len(second) or not first:
        raise ValueError(f"{len(first)} and {len(second)} replications: a pairing needs as many of both")
    gaps = [b - a for a, b in zip(first, second, strict=True)]
    mean, variance = _moments(gaps)
    return Paired(len(gaps), mean, variance, running_half_width(gaps, confidence)[-1])


def _moments(values: Sequence[float]) -> tuple[float, float]:
    """Mean and sample variance, 0 for a single value."""
    n = len(values)
    mean = fsum(values) / n
    return mean, fsum((value - mean) ** 2 for value in values) / (n - 1) if n > 1 else 0.0
