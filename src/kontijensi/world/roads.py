"""Roads and travel times: shortest ways under any set of closed roads.

Times are in seconds for a car at factor 1; the hour's factor and a unit's pace apply to them as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from kontijensi.scenario.schema.area import Area, Place, RoadClass, SyntheticRoads
from kontijensi.world.places import EARTH_RADIUS_KM, PlaceTable
from kontijensi.world.trees import Forest

Closed = frozenset[str]
NOTHING_CLOSED: Closed = frozenset()


class RoadNetwork:
    """The road graph. The first nodes are the places, in their order; junctions follow.

    Attributes:
        nodes: Names of the nodes.
        n_places: How many of them are places.
        keys: Name of each arc's road, `a|b`; both directions of a road share it.
        tail, head: Nodes of each arc, shape (n_arcs,).
        time_s: Time over each arc, shape (n_arcs,) [s].
        position: Longitude and latitude of each node, NaN where not known, shape (n_nodes, 2) [degrees].
    """

    def __init__(
        self,
        nodes: Sequence[str],
        n_places: int,
        arcs: Sequence[tuple[int, int, float, str]],
        position: npt.NDArray[np.float64] | None = None,
    ) -> None:
        self.nodes = tuple(nodes)
        self.n_places = n_places
        self.position = np.full((len(self.nodes), 2), np.nan) if position is None else position
        self.keys = tuple(arc[3] for arc in arcs)
        self.tail = np.array([arc[0] for arc in arcs], dtype=np.int32)
        self.head = np.array([arc[1] for arc in arcs], dtype=np.int32)
        self.time_s = np.array([arc[2] for arc in arcs], dtype=np.float64)
        self._arcs_of: dict[str, list[int]] = defaultdict(list)
        for arc, key in enumerate(self.keys):
            self._arcs_of[key].append(arc)
        n = len(self.nodes)
        self._outward = Forest(n, self.tail, self.head, self.time_s)
        self._inward = Forest(n, self.head, self.tail, self.time_s)
        self._arcs = lru_cache(maxsize=64)(self._closed_arcs)
        self._table = lru_cache(maxsize=4096)(self._times_from)

    def times_from(self, node: int, closed: Closed = NOTHING_CLOSED) -> npt.NDArray[np.float64]:
        """Travel time from a node to every place, shape (n_places,) [s]; inf where no road leads."""
        return self._table(node, closed)

    def times_to(self, node: int, closed: Closed = NOTHING_CLOSED) -> npt.NDArray[np.float64]:
        """Travel time from every node to this one, shape (n_nodes,) [s]; inf where no road leads."""
        return self._inward.times(node, closed, self._arcs(closed))

    def prepare(self, nodes: Sequence[int], closed: Closed = NOTHING_CLOSED) -> None:
        """Make ready the travel times from many nodes together, which is quicker than one by one."""
        self._outward.prepare(nodes, closed, self._arcs(closed))

    def path(self, start: int, goal: int, closed: Closed = NOTHING_CLOSED) -> list[tuple[int, float]]:
        """Return the nodes of a shortest path and the time to each [s]; empty where none leads."""
        arcs = self._arcs(closed)
        to_goal = self._inward.times(goal, closed, arcs)
        if not np.isfinite(to_goal[start]):
            return []
        following = self._inward.previous(goal, closed, arcs)
        steps, node = [(start, 0.0)], start
        while node != goal:
            node = int(following[node])
            steps.append((node, float(to_goal[start] - to_goal[node])))
        return steps

    def roads_at(self, node: int) -> list[str]:
        """Names of the roads that end at a node."""
        touching = (self.tail == node) | (self.head == node)
        return sorted({self.keys[i] for i in np.flatnonzero(touching)})

    def road_between(self, a: str, b: str) -> str | None:
        """Name of the road between two nodes, None where there is none."""
        return next((key for key in (f"{a}|{b}", f"{b}|{a}") if key in self._arcs_of), None)

    def _closed_arcs(self, closed: Closed) -> npt.NDArray[np.int64]:
        """Return the arcs of closed roads."""
        if not closed:
            return np.empty(0, dtype=np.int64)
        return np.array(sorted(arc for key in closed for arc in self._arcs_of.get(key, ())), dtype=np.int64)

    def _times_from(self, node: int, closed: Closed) -> npt.NDArray[np.float64]:
        times = self._outward.times(node, closed, self._arcs(closed), self.n_places)
        times.flags.writeable = False
        return times


def road_network(area: Area, places: PlaceTable) -> RoadNetwork:
    """Build the network of an area: its given roads, and invented ones where it asks for them."""
    nodes = list(places.ids)
    index = dict(places.index)
    arcs: list[tuple[int, int, float, str]] = []
    for edge in area.roads.given():
        a, b = edge.between
        for name in (a, b):
            if name not in index:
                index[name] = len(nodes)
                nodes.append(name)
        time_s = edge.time
        if time_s is None:
            time_s = _drive_s(area, edge.length_km or 0.0, edge.road_class)
        arcs += _both_ways(index[a], index[b], time_s, f"{a}|{b}", oneway=edge.oneway)
    if area.roads.synthetic is not None:
        arcs += _invented(area, area.roads.synthetic, places)
    position = np.full((len(nodes), 2), np.nan)
    position[: len(places)] = np.column_stack((places.lon, places.lat))
    if area.roads.from_file is not None:
        for name, at in area.roads.from_file.nodes.items():
            if name in index:
                position[index[name]] = at
    return RoadNetwork(nodes, len(places), arcs, position)


def _drive_s(area: Area, length_km: float, road_class: RoadClass) -> float:
    default = type(area.travel)().speeds_kmh
    return length_km / area.travel.speeds_kmh.get(road_class, default[road_class]) * 3600.0


def _both_ways(
    a: int, b: int, time_s: float, key: str, *, oneway: bool = False
) -> list[tuple[int, int, float, str]]:
    return [(a, b, time_s, key)] if oneway else [(a, b, time_s, key), (b, a, time_s, key)]


def _invented(area: Area, synthetic: SyntheticRoads, places: PlaceTable) -> list[tuple[int, int, float, str]]:
    """Join each place to its nearest ones, then join what is still apart by the shortest links."""
    stand = [i for i, place in enumerate(places.entries) if _can_be_joined(place)]
    n = len(stand)
    if n < 2:
        return []
    lat, lon = np.radians(places.lat[stand]), np.radians(places.lon[stand])
    xy = EARTH_RADIUS_KM * np.column_stack((lon * np.cos(np.mean(lat)), lat))
    count = min(synthetic.neighbours + 1, n)
    nearest = np.asarray(cKDTree(xy).query(xy, k=count)[1]).reshape(n, count)
    pairs = {(min(i, int(j)), max(i, int(j))) for i in range(n) for j in nearest[i] if i != j}
    pairs |= set(_links(xy, pairs))
    arcs: list[tuple[int, int, float, str]] = []
    for a, b in sorted(pairs):
        length_km = float(np.hypot(*(xy[a] - xy[b]))) * synthetic.detour
        time_s = _drive_s(area, length_km, synthetic.road_class)
        arcs += _both_ways(stand[a], stand[b], time_s, f"{places.ids[stand[a]]}|{places.ids[stand[b]]}")
    return arcs


def _can_be_joined(place: Place) -> bool:
    return not place.no_road and place.lat is not None and place.lon is not None


def _links(xy: npt.NDArray[np.float64], pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the shortest links that join the separate parts of a network one after another."""
    n, links = len(xy), []
    rows, columns = zip(*sorted(pairs), strict=True)
    parts, label = connected_components(
        csr_array((np.ones(len(rows)), (rows, columns)), shape=(n, n)), directed=False
    )
    while parts > 1:
        inside = np.flatnonzero(label == label[0])
        outside = np.flatnonzero(label != label[0])
        gap, which = (np.asarray(found) for found in cKDTree(xy[inside]).query(xy[outside]))
        closest = int(np.argmin(gap))
        a, b = int(inside[which[closest]]), int(outside[closest])
        links.append((min(a, b), max(a, b)))
        label[label == label[b]] = label[0]
        parts -= 1
    return links
