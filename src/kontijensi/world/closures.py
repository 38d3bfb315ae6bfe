"""The roads as they are now: which are closed or crowded, and how long a way takes under that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from kontijensi.scenario.schema.area import CAR
from kontijensi.world.roads import FREE_ROADS, Crowded, RoadState
from kontijensi.world.world import World


class RoadLedger:
    """What hinders the roads. A road closed twice opens when both closures have ended."""

    def __init__(self) -> None:
        self._closures: Counter[str] = Counter()
        self._crowds: dict[int, Crowded] = {}

    def close(self, road: str) -> None:
        """Close a road."""
        self._closures[road] += 1

    def open(self, road: str) -> None:
        """End one closure of a road."""
        self._closures[road] -= 1

    def crowd(self, place: int, factor: float, *, blocks: bool) -> None:
        """Let a crowd slow the roads at a place, or bar them to traffic that goes past it."""
        self._crowds[place] = Crowded(place, factor, blocks)

    def clear(self, place: int) -> None:
        """End what a crowd does to the roads at a place."""
        self._crowds.pop(place, None)

    def state(self) -> RoadState:
        """Return the roads as they are now."""
        closed = frozenset(road for road, count in self._closures.items() if count > 0)
        return RoadState(closed, frozenset(self._crowds.values()))


class LiveRoads:
    """The road network during a run.

    The period at the departure decides over the whole way, so who sets out later may arrive earlier.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._ledger = RoadLedger()
        self.state = FREE_ROADS
        self.on_change: list[Callable[[], None]] = []

    def close(self, road: str) -> None:
        """Close a road."""
        self._ledger.close(road)
        self._refresh()

    def open(self, road: str) -> None:
        """End one closure of a road."""
        self._ledger.open(road)
        self._refresh()

    def crowd(self, place: int, factor: float, *, blocks: bool) -> None:
        """Let a crowd slow the roads at a place, or bar them to traffic that goes past it."""
        self._ledger.crowd(place, factor, blocks=blocks)
        self._refresh()

    def clear(self, place: int) -> None:
        """End what a crowd does to the roads at a place."""
        self._ledger.clear(place)
        self._refresh()

    def times_from(
        self, node: int, depart_s: float, pace: float = 1.0, mode: str = CAR
    ) -> npt.NDArray[np.float64]:
        """Time from a node to every place, for a departure now, shape (n_places,) [s]."""
        ways, factor = self._world.ways(mode, self._world.period_at(depart_s))
        return ways.times_from(node, self.state) * (factor / pace)

    def times_to(self, place: int, depart_s: float, mode: str = CAR) -> npt.NDArray[np.float64]:
        """Time to a place from every node, for a departure now, shape (n_nodes,) [s]."""
        ways, factor = self._world.ways(mode, self._world.period_at(depart_s))
        times = ways.times_to(place, self.state)
        return times if factor == 1.0 else times * factor

    def travel_to(self, place: int, depart_s: float, mode: str = CAR) -> Callable[[int], float]:
        """Return a look-up of the time to a place from a node, for a departure now [s].

        It holds until the roads are asked for something else.
        """
        ways, factor = self._world.ways(mode, self._world.period_at(depart_s))
        travel = ways.travel_to(place, self.state)
        return travel if factor == 1.0 else lambda node: travel(node) * factor

    def path(
        self, node: int, place: int, depart_s: float, pace: float, mode: str = CAR
    ) -> list[tuple[int, float]]:
        """Return the nodes of the quickest way and the time to each [s]; empty without a way."""
        if node == place:
            return [(node, 0.0)]
        ways, factor = self._world.ways(mode, self._world.period_at(depart_s))
        factor /= pace
        return [(at, time_s * factor) for at, time_s in ways.path(node, place, self.state)]

    def _refresh(self) -> None:
        state = self._ledger.state()
        if state != self.state:
            self.state = state
            for notify in list(self.on_change):
                notify()
