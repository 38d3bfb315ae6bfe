"""Means of queues from fewer calls: batch means adjusted by controls whose means are known.

Regression on control variates: Lavenberg and Welch (1981), *A perspective on the use of control variables to
increase the efficiency of Monte Carlo simulations*. The best controls are simpler systems fed with the very
same calls: one with a unit for everybody, whose number of calls in service is Poisson whatever the service
times (Palm 1943), and a quicker single unit, whose wait is Pollaczek's (1930). A fault of the arrivals or of
the times on the spot would be adjusted away with them, so every case also holds those two to their own means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import poisson

from kontijensi.experiment.verification.call_table import CallTable, Column
from kontijensi.experiment.verification.reading import Estimate

Matrix = npt.NDArray[np.float64]
"""Controls, shape (n_batches, n_controls), each with mean 0."""
SAME = 1e-8
"""Relative size below which what a control adds to the others is rounding."""
MOST_AT_ONCE = 400
"""No more calls than this are ever in service together in the cases."""


@dataclass(frozen=True, slots=True)
class Batches:
    """Equal stretches of a run; the first, which starts empty, and the last, cut short, do not count."""

    length_min: float
    count: int
    """How many stretches in all."""

    @staticmethod
    def of(table: CallTable, length_min: float) -> Batches:
        """Cut a run into stretches. Raises ValueError when fewer than three fit."""
        count = int(table.horizon_min // length_min)
        if count < 3:
            raise ValueError(
                f"{table.horizon_min:g} min hold fewer than three stretches of {length_min:g} min"
            )
        return Batches(length_min, count)

    def rate(self, moments_min: Column, values: npt.NDArray[Any] | None = None) -> Column:
        """Sum of values (1 each by default) by the stretch of their moment, per minute, shape (n_kept,)."""
        which = (moments_min // self.length_min).astype(np.int64)
        inside = which < self.count
        weights = None if values is None else np.nan_to_num(values[inside])
        sums = np.bincount(which[inside], weights, self.count)[1:-1]
        return np.asarray(sums / self.length_min, dtype=np.float64)

    def averages(
        self, starts_min: Column, ends_min: Column, of: Sequence[Callable[[Column], Column]]
    ) -> Matrix:
        """Time averages of functions of how many spans are open at once, shape (n_kept, n_functions)."""
        edges = self.length_min * np.arange(self.count + 1)
        moments = np.concatenate([edges, starts_min, ends_min])
        steps = np.concatenate([np.zeros(len(edges)), np.ones(len(starts_min)), -np.ones(len(ends_min))])
        order = np.argsort(moments, kind="stable")
        moments, at_once = moments[order], np.cumsum(steps[order])[:-1]
        lasts_min = np.diff(moments)
        return np.column_stack([self.rate(moments[:-1], lasts_min * f(at_once)) for f in of])


def controlled_mean(values: Column, controls: Matrix | None = None) -> Estimate:
    """Return the mean over batches, adjusted by what the controls are off by."""
    columns = [np.ones(len(values))] + ([] if controls is None else list(controls.T))
    x = np.column_stack(columns)
    if len(values) <= x.shape[1]:
        raise ValueError(f"{len(values)} batches: too few for {x.shape[1] - 1} controls")
    sizes = np.sqrt(np.sum(x**2, axis=0))
    # Controls may say the same, as calls and work do when every call takes as long: the SVD sees to that.
    sizes[sizes == 0] = 1.0
    solve = np.linalg.pinv(x / sizes, rcond=SAME) / sizes[:, np.newaxis]
    slopes = solve @ values
    left = values - x @ slopes
    variance = left @ left / (len(values) - x.shape[1])
    return Estimate(float(slopes[0]), float(np.sqrt(variance * (solve[0] @ solve[0]))), len(values))


def mean_of_calls(values: Column) -> Estimate:
    """Return the mean of independent values, one a call; calls without a value do not count."""
    known = values[~np.isnan(values)]
    return Estimate(float(known.mean()), float(known.std(ddof=1) / np.sqrt(len(known))), len(known))


def offered(table: CallTable, batches: Batches, rate: float, service_min: float) -> Matrix:
    """How many calls came, and how much work they brought, less their means; `rate` per minute."""
    work = np.where(np.isnan(table.on_scene_min), service_min, table.on_scene_min)
    return np.column_stack(
        [
            batches.rate(table.onset_min) - rate,
            batches.rate(table.onset_min, work) - rate * service_min,
        ]
    )


def unit_for_everybody(
    table: CallTable, batches: Batches, load: float, levels: Sequence[int], fill_min: Column
) -> Matrix:
    """Calls in service beyond none and beyond each level, were there a unit for everybody.

    `fill_min` is the time on the spot of calls that the log gives none, shape (n_calls,).
    """
    service_min = np.where(np.isnan(table.on_scene_min), fill_min, table.on_scene_min)
    busy = [_beyond(level) for level in (0, *levels)]
    found = batches.averages(table.onset_min, table.onset_min + service_min, busy)
    n = np.arange(MOST_AT_ONCE, dtype=np.float64)
    chance = poisson.pmf(n, load)
    return np.asarray(found - np.array([float(chance @ f(n)) for f in busy]), dtype=np.float64)


def quicker_unit(table: CallTable, batches: Batches, rate: float, service_min: float, speed: float) -> Column:
    """Wait for a single quicker unit that takes calls as they come (Lindley 1952), less its mean.

    For exponential times on the spot; shape (n_kept,) [min a call].
    """
    work = np.where(np.isnan(table.on_scene_min), service_min, table.on_scene_min) / speed
    gaps = np.diff(table.onset_min, prepend=0.0)
    surplus = np.cumsum(np.concatenate([[0.0], work[:-1]]) - gaps)
    waits = surplus - np.minimum.accumulate(np.minimum(surplus, 0.0))
    busy = rate * service_min / speed
    mean_min = busy * (service_min / speed) / (1.0 - busy)
    return batches.rate(table.onset_min, waits - mean_min) / rate


def _beyond(level: int) -> Callable[[Column], Column]:
    return lambda n: np.maximum(n - level, 0.0)


def waits_in_turn(table: CallTable, units: int) -> Column:
    """Wait of each call when like units take calls in turn (Kiefer and Wolfowitz 1955), shape (n_calls,).

    Nothing is left to chance: the moments and times on the spot are those of the log. Calls after the first
    that the log gives no time on the spot are nan.
    """
    free_at = [0.0] * units
    waits = np.full(len(table), np.nan)
    for i, (onset, on_scene) in enumerate(
        zip(table.onset_min.tolist(), table.on_scene_min.tolist(), strict=True)
    ):
        start = max(heappop(free_at), onset)
        waits[i] = start - onset
        if isnan(on_scene):
            break
        heappush(free_at, start + on_scene)
    return waits
