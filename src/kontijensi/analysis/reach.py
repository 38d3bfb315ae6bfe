"""Who reaches what in time: travel times and reach masks, kept for every question asked before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from kontijensi.scenario.schema.force import UnitType
from kontijensi.scenario.schema.service import Standard
from kontijensi.world.world import World

Mask = npt.NDArray[np.int16]
Closed = frozenset[str]
OPEN: Closed = frozenset()
ROUNDING_S = 1e-6
"""A unit exactly at the limit reaches the place: sums of travel times carry rounding."""


class Kind(Protocol):
    """What a unit's reach depends on beside where it stands: its type."""

    @property
    def type_id(self) -> str:
        """Id of the type."""

    @property
    def type(self) -> UnitType:
        """The type itself."""


class Reach:
    """Answers, for one standard, which of its places a unit reaches in time.

    In time means mean turn-out plus travel at most `within`; travel is the road time under the closures,
    times the factor of the hour, divided by the unit's pace.
    """

    def __init__(self, world: World, standard: Standard) -> None:
        self._world = world
        self._within_s = standard.within
        self._masks: dict[tuple[int, str, Closed, float], Mask] = {}
        self.rows = world.choose(standard.places)
        """Rows of the places the standard holds for, shape (n_covered_places,)."""

    def prepare(self, bases: Iterable[int], closed: Closed) -> None:
        """Make the travel times from many places ready together."""
        self._world.roads.prepare(list(bases), closed)

    def mask(self, unit: Kind, place: int, closed: Closed, factor: float) -> Mask:
        """Return 1 for each place reached in time from a place, else 0, shape (n_covered_places,)."""
        key = (place, unit.type_id, closed, factor)
        found = self._masks.get(key)
        if found is None:
            travel_s = self._world.roads.times_from(place, closed)[self.rows] * (factor / unit.type.pace)
            in_time = unit.type.turn_out.expected + travel_s <= self._within_s + ROUNDING_S
            found = self._masks[key] = in_time.astype(np.int16)
        return found


def weights(world: World, standard: Standard, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the weight of each place in a coverage share, shape (n_covered_places,)."""
    places = world.places
    columns = {
        "voters": places.voters,
        "weight": places.weight,
        "zone": places.zone_risk,
    }
    column = columns.get(standard.weigh_by)
    return np.ones(len(rows)) if column is None else column[rows].astype(np.float64)
