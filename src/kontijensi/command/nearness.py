"""How soon units could be at a place: mean turn-out, liaison and travel, from where each is now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

import numpy as np
import numpy.typing as npt

from kontijensi.command.dispatching import Candidate
from kontijensi.command.roster import FreeUnits, Suits
from kontijensi.responders.states import UnitState
from kontijensi.responders.surroundings import Surroundings
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.force import Agency, Capability

TravelFrom = Callable[[int], float]
"""Travel time from a node [s]; inf where no road leads."""


class Nearness:
    """Weighs who could be where how soon, under the roads as they are."""

    def __init__(self, around: Surroundings) -> None:
        self._env, self._roads = around.env, around.roads
        self._plan = around.world.scenario.command
        self._hold_s = self._plan.liaison.expected

    def led(self, unit: Unit) -> bool:
        """Tell whether a unit is under the posko's own command, and needs no liaison."""
        return self._plan.joint or Agency(unit.spec.type.agency) in self._plan.lead

    def hold_s(self, unit: Unit) -> float:
        """Mean time for which liaison holds up a unit [s]."""
        return 0.0 if self.led(unit) else self._hold_s

    def reach_s(self, unit: Unit) -> npt.NDArray[np.float64]:
        """Mean turn-out plus travel from a unit to every place, shape (n_places,) [s]."""
        node, wait_s = unit.position()
        kind = unit.spec.type
        travel = self._roads.times_from(node, self._env.now_s, kind.pace, kind.mode)
        return self._start_s(unit, wait_s) + travel

    def candidates(self, units: Sequence[Unit], place: int) -> list[Candidate]:
        """Say how soon each unit could be at a place, leaving out those to whom no road is open."""
        travel_from: dict[str, TravelFrom] = {}
        candidates = []
        for unit in units:
            node, wait_s = unit.position()
            travel_s = self._travel_from(travel_from, place, unit.spec.type.mode)(node)
            if travel_s < inf:
                start_s = self._start_s(unit, wait_s)
                candidates.append(Candidate(unit, start_s + travel_s / unit.spec.type.pace))
        return candidates

    def soonest(self, free: FreeUnits, capability: Capability, place: int, suits: Suits) -> Candidate | None:
        """Return the nearest of all candidates, having asked nobody else whether he would go.

        Ties go to the unit listed first.
        """
        while (found := self._soonest(free, capability, place)) is not None:
            if found.unit.available:
                break
            free.remove(found.unit)
        if found is None or suits(found.unit):
            return found
        candidates = self.candidates(free.unlike(capability, suits), place)  # all have to be asked
        return min(candidates, key=lambda candidate: candidate.eta_s, default=None)

    def _soonest(self, free: FreeUnits, capability: Capability, place: int) -> Candidate | None:
        """Return the first unit of the stand from which a place is reached soonest."""
        travel_from: dict[str, TravelFrom] = {}
        best, least_s, rank = None, inf, 0
        for stand in free.stands(capability):
            unit = stand.first
            if stand.ready:
                node, start_s = stand.node, stand.start_s
            else:
                node, wait_s = unit.position()
                start_s = max(wait_s, stand.hold_s)
            eta_s = start_s
            if node != place:  # whoever stands there needs no road
                travel = travel_from.get(stand.mode) or self._travel_from(travel_from, place, stand.mode)
                eta_s += travel(node) / stand.pace
            if eta_s < least_s or (eta_s == least_s < inf and stand.rank < rank):
                best, least_s, rank = unit, eta_s, stand.rank
        return None if best is None else Candidate(best, least_s)

    def _travel_from(self, known: dict[str, TravelFrom], place: int, mode: str) -> TravelFrom:
        travel = known.get(mode)
        if travel is None:
            travel = known[mode] = self._roads.travel_to(place, self._env.now_s, mode)
        return travel

    def _start_s(self, unit: Unit, wait_s: float) -> float:
        """Mean time until a unit could be driving to a new task [s]: turn-out or road, and liaison."""
        hold_s = self.hold_s(unit)
        if unit.state is UnitState.READY:
            return hold_s + unit.spec.type.turn_out.expected
        return max(wait_s, unit.turn_out_left_s, hold_s)
