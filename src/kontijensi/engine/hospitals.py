"""Hospitals: beds that are kept from the moment an ambulance sets out, and those who wait at the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite

from kontijensi.engine.patient import RANK, Patient
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.area import PlaceKind
from kontijensi.world.closures import LiveRoads
from kontijensi.world.world import World


@dataclass(eq=False, slots=True)
class Hospital:
    """One hospital during a run."""

    place: int
    beds: int | None
    """None where beds are no limit."""
    treats_up_to: int
    taken: int = 0
    """Beds taken, and beds kept for those on the way."""
    at_door: list[Patient] = field(default_factory=list)
    """Those held in an ambulance until a bed is free."""

    @property
    def has_bed(self) -> bool:
        """Whether a bed is free that nobody at the door waits for."""
        return self.beds is None or self.taken + len(self.at_door) < self.beds

    def treats(self, patient: Patient) -> bool:
        """Whether it treats casualties as grave as this one."""
        return patient.rank <= self.treats_up_to

    def next_in(self) -> Patient | None:
        """Take the gravest, then the longest, of those at the door, if a bed is free for him."""
        if not self.at_door or (self.beds is not None and self.taken >= self.beds):
            return None
        gravest = min(self.at_door, key=lambda patient: patient.turn)
        self.at_door.remove(gravest)
        self.taken += 1
        return gravest


class Hospitals:
    """Every hospital of the area."""

    def __init__(self, world: World, roads: LiveRoads) -> None:
        self._roads, self._world = roads, world
        self.all = tuple(
            Hospital(row, entry.beds, RANK[entry.treats_up_to])
            for row, entry in enumerate(world.places.entries)
            if entry.kind is PlaceKind.HOSPITAL and not entry.no_road
        )

    def nearest(self, unit: Unit, patient: Patient, now_s: float, *, with_bed: bool) -> Hospital | None:
        """Return the hospital nearest to a unit that treats a patient, under the roads as they are.

        Where the roads to all of them are closed it is the nearest with open ones: the ambulance waits.
        """
        fit = [each for each in self.all if each.treats(patient) and (each.has_bed or not with_bed)]
        node, mode = unit.node, unit.spec.type.mode
        times_s = [float(self._roads.times_to(each.place, now_s, mode)[node]) for each in fit]
        if not any(map(isfinite, times_s)):
            ways = self._world.ways(mode, None)[0]
            times_s = [float(ways.times_to(each.place)[node]) for each in fit]
        return _first_nearest(fit, times_s)


def _first_nearest(fit: Sequence[Hospital], times_s: Sequence[float]) -> Hospital | None:
    near = [i for i, time_s in enumerate(times_s) if isfinite(time_s)]
    return fit[min(near, key=times_s.__getitem__)] if near else None
