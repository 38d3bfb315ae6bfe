"""Roads and travel times: shortest ways in any mode, under any state of the roads.

Times are in seconds at factor 1; the factor of the hour, where it is the same for every class of road, and a
unit's pace apply to them as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from math import inf
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kontijensi.scenario.schema.area import CAR, RoadClass
from kontijensi.world.trees import FREE, MEMORY_BYTES, Forest, Load

TABLE_BYTES = 64 * 1024 * 1024
"""Room for the times to places that are kept for each way of travelling."""
CLASSES = tuple(RoadClass)


class Crowded(NamedTuple):
    """A crowd that hinders the traffic at its place."""

    place: int
    factor: float
    """Driving on a road that touches the place takes so many times as long."""
    blocks: bool
    """Nobody drives past the place; whoever comes to it or leaves it still does."""


class RoadState(NamedTuple):
    """What is different from free roads."""

    closed: frozenset[str] = frozenset()
    """Roads that are closed, to every mode."""
    crowded: frozenset[Crowded] = frozenset()
    """Crowds in the way of modes that are in traffic."""


FREE_ROADS = RoadState()


class Arc(NamedTuple):
    """A road in one direction."""

    tail: int
    head: int
    time_s: float
    """Time over it by car; inf where no car may go."""
    road: str
    """Name of its road, `a|b`; both directions of a road share it."""
    road_class: RoadClass = RoadClass.LOCAL


class RoadNetwork:
    """The road graph. The first nodes are the places, in their order; junctions follow.

    Attributes:
        nodes: Names of the nodes.
        n_places: How many of them are places.
        keys: Name of each arc's road, shape (n_arcs,).
        tail, head: Nodes of each arc, shape (n_arcs,).
        time_s: Time over each arc by car, shape (n_arcs,) [s].
        position: Longitude and latitude of each node, NaN where not known, shape (n_nodes, 2) [degrees].
    """

    def __init__(
        self,
        nodes: Sequence[str],
        n_places: int,
        arcs: Sequence[Arc],
        position: npt.NDArray[np.float64] | None = None,
        *,
        mode_s: Mapping[str, npt.NDArray[np.float64]] | None = None,
        joined: Mapping[int, int] | None = None,
        n_tables: int = 1,
    ) -> None:
        """Lay out the arcs.

        `mode_s` gives the times over the arcs of modes other than a car; `joined` the node to which a place
        hangs; `n_tables` how many ways of travelling share the memory.
        """
        self.nodes = tuple(nodes)
        self.n_places = n_places
        self.position = np.full((len(self.nodes), 2), np.nan) if position is None else position
        self.keys = tuple(arc.road for arc in arcs)
        self.tail = np.array([arc.tail for arc in arcs], dtype=np.int32)
        self.head = np.array([arc.head for arc in arcs], dtype=np.int32)
        self.time_s = np.array([arc.time_s for arc in arcs], dtype=np.float64)
        number = {road_class: i for i, road_class in enumerate(CLASSES)}
        self._class = np.array([number[arc.road_class] for arc in arcs], dtype=np.int8)
        self._mode_s = {CAR: self.time_s, **(mode_s or {})}
        self._joined = dict(joined or {})
        self._n_tables = n_tables
        self._ways: dict[tuple[str, tuple[float, ...], bool], Ways] = {}

    @cached_property
    def arcs_of(self) -> Mapping[str, Sequence[int]]:
        """Arcs of each road, sorted out when a road is first asked for by its name."""
        arcs: dict[str, list[int]] = {}
        for arc, key in enumerate(self.keys):
            arcs.setdefault(key, []).append(arc)
        return arcs

    def ways(self, mode: str = CAR, factors: tuple[float, ...] = (), *, in_traffic: bool = True) -> Ways:
        """Return the ways of a mode, its times multiplied by a factor for each class of road if given."""
        key = (mode, factors, in_traffic)
        if key not in self._ways:
            time_s = self._mode_s[mode]
            if factors:
                time_s = time_s * np.array(factors)[self._class]
            self._ways[key] = Ways(self, time_s, MEMORY_BYTES // self._n_tables, in_traffic=in_traffic)
        return self._ways[key]

    def times_from(self, node: int, state: RoadState = FREE_ROADS) -> npt.NDArray[np.float64]:
        """Travel time by car from a node to every place, shape (n_places,) [s]; inf where no road leads."""
        return self.ways().times_from(node, state)

    def times_to(self, node: int, state: RoadState = FREE_ROADS) -> npt.NDArray[np.float64]:
        """Travel time by car from every node to this one, shape (n_nodes,) [s]; inf where no road leads."""
        return self.ways().times_to(node, state)

    def prepare(self, nodes: Sequence[int], state: RoadState = FREE_ROADS) -> None:
        """Make ready the travel times from many nodes together, which is quicker than one by one."""
        self.ways().prepare(nodes, state)

    def path(self, start: int, goal: int, state: RoadState = FREE_ROADS) -> list[tuple[int, float]]:
        """Return the nodes of a shortest path by car and the time to each [s]; empty where none leads."""
        return self.ways().path(start, goal, state)

    def roads_at(self, node: int) -> list[str]:
        """Names of the roads that end at a node."""
        touching = (self.tail == node) | (self.head == node)
        return sorted({self.keys[i] for i in np.flatnonzero(touching)})

    def road_between(self, a: str, b: str) -> str | None:
        """Name of the road between two nodes, None where there is none."""
        return next((key for key in (f"{a}|{b}", f"{b}|{a}") if key in self.arcs_of), None)

    @lru_cache(maxsize=1024)  # noqa: B019 - a network lives as long as its process needs it
    def spot(self, place: int) -> frozenset[int]:
        """Nodes at which a place stands: itself, the node it is joined to, and what is joined there too."""
        joint = self._joined.get(place)
        if joint is None:
            return frozenset((place,))
        return frozenset((place, joint, *(other for other, node in self._joined.items() if node == joint)))


class Ways:
    """Shortest ways in one mode, with times over the arcs of shape (n_arcs,) [s]."""

    def __init__(
        self,
        network: RoadNetwork,
        time_s: npt.NDArray[np.float64],
        memory_bytes: int,
        *,
        in_traffic: bool,
    ) -> None:
        self._network, self._time_s, self._in_traffic = network, time_s, in_traffic
        n, n_places = len(network.nodes), network.n_places
        tail, head = network.tail, network.head
        self._outward = Forest(tail, head, time_s, n, n_places, memory_bytes=memory_bytes)
        self._inward = Forest(head, tail, time_s, n, n_places, memory_bytes=memory_bytes)
        self._outward_load = lru_cache(maxsize=256)(partial(self._load_of, tail, head))
        self._inward_load = lru_cache(maxsize=256)(partial(self._load_of, head, tail))
        kept = min(max(TABLE_BYTES // (8 * max(n_places, 1)), 64), 4096)
        self._table = lru_cache(maxsize=kept)(self._times_from)
        self._path = lru_cache(maxsize=2048)(self._path_between)

    def times_from(self, node: int, state: RoadState = FREE_ROADS) -> npt.NDArray[np.float64]:
        """Travel time from a node to every place, shape (n_places,) [s]; inf where no road leads."""
        return self._table(node, state)

    def times_to(self, node: int, state: RoadState = FREE_ROADS) -> npt.NDArray[np.float64]:
        """Travel time from every node to this one, shape (n_nodes,) [s]; inf where no road leads."""
        return self._inward.times(node, self._load(self._inward_load, node, state))

    def travel_to(self, node: int, state: RoadState = FREE_ROADS) -> Callable[[int], float]:
        """Return a look-up of the travel time to a node from any other [s], until more ways are asked for."""
        return self._inward.look_up(node, self._load(self._inward_load, node, state))

    def prepare(self, nodes: Sequence[int], state: RoadState = FREE_ROADS) -> None:
        """Make ready the travel times from many nodes together, which is quicker than one by one."""
        by_load = defaultdict[Load, list[int]](list)
        for node in nodes:
            by_load[self._load(self._outward_load, node, state)].append(node)
        for load, alike in by_load.items():
            self._outward.prepare(alike, load)

    def path(self, start: int, goal: int, state: RoadState = FREE_ROADS) -> list[tuple[int, float]]:
        """Return the nodes of a shortest path and the time to each [s]; empty where none leads."""
        return self._path(start, goal, state)

    def _path_between(self, start: int, goal: int, state: RoadState) -> list[tuple[int, float]]:
        steps = self._inward.way(start, goal, self._load(self._inward_load, goal, state))
        return [(node, steps[0][1] - left_s) for node, left_s in steps]

    def _times_from(self, node: int, state: RoadState) -> npt.NDArray[np.float64]:
        load = self._load(self._outward_load, node, state)
        times = self._outward.times(node, load, self._network.n_places)
        times.flags.writeable = False
        return times

    def _load(self, load_of: Callable[[RoadState], Load], root: int, state: RoadState) -> Load:
        """Return what a state is to ways from a root: a crowd does not bar its own place."""
        if state.crowded:
            crowds = state.crowded if self._in_traffic else ()
            mine = [crowd for crowd in crowds if crowd.blocks and root in self._network.spot(crowd.place)]
            let_by = frozenset(crowd._replace(blocks=False) for crowd in mine)
            state = RoadState(state.closed, frozenset(crowds).difference(mine) | let_by)
        return load_of(state) if state != FREE_ROADS else FREE

    def _load_of(self, tail: npt.NDArray[np.int32], head: npt.NDArray[np.int32], state: RoadState) -> Load:
        """Return the time over each arc that a state changes, for trees that grow from tail to head."""
        changed: dict[int, float] = {}
        for crowd in state.crowded:
            spot = list(self._network.spot(crowd.place))
            out, into = np.isin(tail, spot), np.isin(head, spot)
            for arc in np.flatnonzero(out | into).tolist():
                past = crowd.blocks and out[arc] and not into[arc]
                time_s = inf if past else float(self._time_s[arc]) * crowd.factor
                changed[arc] = max(time_s, changed.get(arc, 0.0))
        changed |= dict.fromkeys(
            (arc for road in state.closed for arc in self._network.arcs_of.get(road, ())), inf
        )
        return Load(changed)
