"""Choosing places: which are eligible, and how likely each is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from kontijensi.scenario.schema.area import PlaceWeight
from kontijensi.world.world import World


def place_weights(
    world: World, rows: npt.NDArray[np.int64], weigh_by: PlaceWeight, tension_at: Callable[[int], float]
) -> npt.NDArray[np.float64]:
    """Return the relative chance of each row, shape (n_rows,); equal where all weights are 0."""
    match weigh_by:
        case "voters":
            weights = world.places.voters[rows].astype(float)
        case "weight":
            weights = world.places.weight[rows]
        case "zone":
            weights = world.places.zone_risk[rows]
        case "tension":
            weights = np.array([tension_at(int(row)) for row in rows])
        case "equal":
            weights = np.ones(len(rows))
    return weights if weights.sum() > 0 else np.ones(len(rows))


def chances(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the cumulated chance of each weight, which rises to 1, shape (n_weights,)."""
    cumulated: npt.NDArray[np.float64] = np.cumsum(weights / weights.sum())
    cumulated /= cumulated[-1]
    return cumulated


def draw_place(
    rng: np.random.Generator, rows: npt.NDArray[np.int64], cumulated: npt.NDArray[np.float64]
) -> int:
    """Draw one place by its chance, as `Generator.choice` does, with chances added up before."""
    return int(rows[np.searchsorted(cumulated, rng.random(), side="right")])


def draw_places(
    rng: np.random.Generator, rows: npt.NDArray[np.int64], weights: npt.NDArray[np.float64], pick: int | None
) -> list[int]:
    """Draw places without repeating one; all of them when `pick` is None."""
    if pick is None or pick >= len(rows):
        return [int(row) for row in rows]
    chance = weights / weights.sum()
    pick = min(pick, int(np.count_nonzero(chance)))
    return [int(row) for row in rng.choice(rows, size=pick, replace=False, p=chance)]
