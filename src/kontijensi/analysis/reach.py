"""Who reaches what in time: travel times and reach masks, kept for every question asked before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from kontijensi.scenario.schema.force import UnitType
from kontijensi.scenario.schema.service import Standard
from kontijensi.world.roads import RoadState
from kontijensi.world.world import World

Mask = npt.NDArray[np.int16]
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

    In time means mean turn-out plus travel at most `within`; travel is the time of the unit's mode under the
    state of the roads and the period of travel, divided by the unit's pace.
    """

    def __init__(self, world: World, standard: Standard) -> None:
        self._world = world
        self._within_s = standard.within
        self._masks: dict[tuple[int, str, RoadState, str | None], Mask] = {}
        self.rows = world.choose(standard.places)
        """Rows of the places the standard holds for, shape (n_covered_places,)."""

    def prepare(self, stands: Iterable[tuple[Kind, int]], state: RoadState, period: str | None) -> None:
        """Make the travel times of many units from where they stand ready together."""
        by_mode = defaultdict[str, list[int]](list)
        for unit, place in stands:
            by_mode[unit.type.mode].append(place)
        for mode, places in by_mode.items():
            self._world.ways(mode, period)[0].prepare(places, state)

    def mask(self, unit: Kind, place: int, state: RoadState, period: str | None) -> Mask:
        """Return 1 for each place reached in time from a place, else 0, shape (n_covered_places,)."""
        key = (place, unit.type_id, state, period)
        found = self._masks.get(key)
        if found is None:
            ways, factor = self._world.ways(unit.type.mode, period)
            travel_s = ways.times_from(place, state)[self.rows] * (factor / unit.type.pace)
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
