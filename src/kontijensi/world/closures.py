"""The roads as they are now: which are closed, and how long a drive takes under them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from kontijensi.world.roads import Closed
from kontijensi.world.world import World


class LiveRoads:
    """The road network during a run. A road closed twice opens when both closures have ended."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._network = world.roads
        self._closures: Counter[str] = Counter()
        self.closed: Closed = frozenset()
        self.on_change: list[Callable[[], None]] = []

    def close(self, road: str) -> None:
        """Close a road."""
        self._closures[road] += 1
        self._refresh()

    def open(self, road: str) -> None:
        """End one closure of a road."""
        self._closures[road] -= 1
        self._refresh()

    def times_to(self, place: int, depart_s: float) -> npt.NDArray[np.float64]:
        """Time to drive to a place from every node, for a departure now, shape (n_nodes,) [s]."""
        factor = self._world.travel_factor(depart_s)
        times = self._network.times_to(place, self.closed)
        return times if factor == 1.0 else times * factor

    def path(self, node: int, place: int, depart_s: float, pace: float) -> list[tuple[int, float]]:
        """Return the nodes of the quickest way and the time to each [s]; empty without a way."""
        factor = self._world.travel_factor(depart_s) / pace
        return [(at, time_s * factor) for at, time_s in self._network.path(node, place, self.closed)]

    def _refresh(self) -> None:
        closed = frozenset(road for road, count in self._closures.items() if count > 0)
        if closed != self.closed:
            self.closed = closed
            for notify in list(self.on_change):
                notify()
