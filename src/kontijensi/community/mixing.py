"""Who mixes with whom: villages weighed by distance, and a share that ignores it.

A kernel is a sparse matrix whose rows add to 1. Each village keeps its nearest `NEIGHBOURS` at most, so that
memory and time grow with the number of villages and not with its square; what lies farther is left out and
the rest scaled up.
"""

from __future__ import annotations

from collections.abc import Callable
from math import e, exp

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from kontijensi.scenario.schema.rumours import KernelForm

Levels = npt.NDArray[np.float64]
Mix = Callable[[Levels], Levels]
"""Takes a value a village, shape (n_villages,); returns the weighted mean that each village meets."""

NEIGHBOURS = 256
"""Villages around that one village mixes with by distance, at most."""
NEGLIGIBLE = 1e-12
"""Share of the steps of a jump chain that may be left out."""
LONGEST_STRIDE = 30.0
"""Jumps in one go: exp(-30) is still far from what a double cannot hold."""


class Kernel:
    """Weights by distance between villages, rows adding to 1."""

    def __init__(
        self, x_km: Levels, y_km: Levels, *, form: KernelForm, km: float, mass: Levels | None = None
    ) -> None:
        n = len(x_km)
        self._mass = np.ones(n) if mass is None else mass
        placed = np.flatnonzero(~np.isnan(x_km + y_km) & (self._mass > 0))
        self._unplaced = np.setdiff1d(np.arange(n), placed)
        """Villages of unknown position meet all others alike."""
        self._near = _nearest(x_km, y_km, placed, self._mass, form, km) if len(placed) > 1 else None
        if self._near is None:
            self._unplaced = np.arange(n)

    def __call__(self, values: Levels) -> Levels:
        """Return the mean of what each village meets around it."""
        if self._near is None:
            return others(values, self._mass)
        met: Levels = self._near @ values
        if len(self._unplaced):
            met[self._unplaced] = others(values, self._mass)[self._unplaced]
        return met


def _nearest(
    x_km: Levels, y_km: Levels, placed: npt.NDArray[np.int64], mass: Levels, form: KernelForm, km: float
) -> csr_array:
    from scipy.spatial import cKDTree

    points = np.column_stack([x_km[placed], y_km[placed]])
    k = min(len(placed), NEIGHBOURS + 1)
    found = cKDTree(points).query(points, k=k)
    apart_km, rows = np.asarray(found[0]), np.asarray(found[1])
    own = rows == np.arange(len(placed))[:, None]
    own[~own.any(axis=1), -1] = True  # many at one spot: a village may not be among its own nearest
    apart_km, rows = apart_km[~own].reshape(-1, k - 1), rows[~own].reshape(-1, k - 1)
    weights = _falling(apart_km / km, form) * mass[placed][rows]
    weights /= weights.sum(axis=1, keepdims=True)
    n = len(x_km)
    counts = np.zeros(n, dtype=np.int64)
    counts[placed] = k - 1
    bounds = np.concatenate([[0], np.cumsum(counts)])
    return csr_array((weights.ravel(), placed[rows].ravel(), bounds), shape=(n, n))


def _falling(lengths: Levels, form: KernelForm) -> Levels:
    """Weight at a distance in lengths, relative to that of the nearest so that none is too small to hold."""
    nearest = lengths.min(axis=1, keepdims=True)
    match form:
        case "exponential":
            return np.asarray(np.exp(nearest - lengths))
        case "gaussian":
            return np.asarray(np.exp(nearest**2 - lengths**2))
        case "power":
            return np.asarray(1.0 / (1.0 + (e - 1.0) * lengths**2))


def others(values: Levels, mass: Levels) -> Levels:
    """Mean over all other villages, weighed by mass; a village alone meets itself."""
    left = mass.sum() - mass
    rest = float(mass @ values) - mass * values
    return np.divide(rest, left, out=values.copy(), where=left > 0)  # type: ignore[no-any-return]


def spread(values: Levels, mix: Mix, jumps: float) -> Levels:
    """Return exp(jumps (W - I)) applied to values: the exact course of dx/dt = rate (W x - x).

    By uniformisation (Jensen 1953): the mean over a Poisson number of mixings. Levels stay within their
    bounds, and what is the same everywhere stays as it is.
    """
    while jumps > LONGEST_STRIDE:
        values = spread(values, mix, LONGEST_STRIDE)
        jumps -= LONGEST_STRIDE
    weight = gone = exp(-jumps)
    term, total, k = values, weight * values, 0
    while 1.0 - gone > NEGLIGIBLE and k < jumps + 60:
        k += 1
        term = mix(term)
        weight *= jumps / k
        total = total + weight * term
        gone += weight
    return np.asarray(total / gone)
