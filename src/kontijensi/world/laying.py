"""Lays the roads of an area out as a network: those given, those of its file, and those to be invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, cKDTree

from kontijensi.scenario.network import Stretch
from kontijensi.scenario.schema.area import CAR, Area, Edge, Place, RoadClass, SyntheticRoads, Travel
from kontijensi.world.places import EARTH_RADIUS_KM, PlaceTable
from kontijensi.world.roads import Arc, RoadNetwork

Pairs = npt.NDArray[np.int64]
"""Numbers of two points that a road joins, shape (n, 2)."""


def road_network(area: Area, places: PlaceTable, modes: Sequence[str] = (CAR,)) -> RoadNetwork:
    """Build the network of an area for the modes that somebody travels in."""
    nodes = list(places.ids)
    index = dict(places.index)
    arcs: list[Arc] = []
    others = [mode for mode in modes if mode != CAR]
    mode_s: dict[str, list[float]] = {mode: [] for mode in others}
    speeds = {
        (mode, kind): area.travel.speed_kmh(mode, kind) for mode in (CAR, *others) for kind in RoadClass
    }
    against = [mode for mode in others if area.travel.mode(mode).against_oneway]
    named: set[str] = set()
    for stretch in (*area.roads.given(), *_invented(area.roads.synthetic, places)):
        a, b = stretch.between
        for name in (a, b):
            if name not in index:
                index[name] = len(nodes)
                nodes.append(name)
        # What joins the same two ends is one road, whichever end is written first: it closes as one.
        road = f"{b}|{a}" if f"{b}|{a}" in named else f"{a}|{b}"
        named.add(road)
        ends, kind = (index[a], index[b]), stretch.road_class
        time_s = _time_s(area.travel, speeds, CAR, stretch)
        arcs.append(Arc(*ends, time_s, road, kind))
        if not stretch.oneway or against:
            arcs.append(Arc(*ends[::-1], inf if stretch.oneway else time_s, road, kind))
        for mode in others:
            mode_time_s = _time_s(area.travel, speeds, mode, stretch)
            mode_s[mode].append(mode_time_s)
            if not stretch.oneway or against:
                mode_s[mode].append(inf if stretch.oneway and mode not in against else mode_time_s)
    position = np.full((len(nodes), 2), np.nan)
    position[: len(places)] = np.column_stack((places.lon, places.lat))
    file = area.roads.from_file
    if file is not None:
        for name, at in file.nodes.items():
            if name in index:
                position[index[name]] = at
    return RoadNetwork(
        nodes,
        len(places),
        arcs,
        position,
        mode_s={mode: np.array(times) for mode, times in mode_s.items()},
        joined={} if file is None else {index[link.place]: index[link.node] for link in file.links},
        n_tables=max(len(modes), 1) * (1 + sum(bool(p.classes) for p in area.travel.periods.values())),
    )


def _time_s(
    travel: Travel, speeds: Mapping[tuple[str, RoadClass], float], mode: str, stretch: Edge | Stretch
) -> float:
    """Return the time of a mode over a stretch [s]; inf where it may not go."""
    speed_kmh, car_kmh = speeds[mode, stretch.road_class], speeds[CAR, stretch.road_class]
    if mode in stretch.bars or speed_kmh == 0:
        return inf
    if mode in stretch.times:
        return stretch.times[mode]
    by_length = stretch.time is None or (stretch.length_km is not None and not travel.mode(mode).in_traffic)
    if by_length:
        return (stretch.length_km or 0.0) / speed_kmh * 3600.0
    # A stated time is a car's: others differ from it as their speeds on such roads do.
    ratio = 1.0 if mode == CAR or car_kmh == 0 else car_kmh / speed_kmh
    return (stretch.time or 0.0) * ratio


def _invented(synthetic: SyntheticRoads | None, places: PlaceTable) -> Iterator[Stretch]:
    """Join each place to its nearest ones, then join what is still apart by the shortest links."""
    stand = [i for i, place in enumerate(places.entries) if _can_be_joined(place)]
    n = len(stand)
    if synthetic is None or n < 2:
        return
    lat, lon = np.radians(places.lat[stand]), np.radians(places.lon[stand])
    xy = EARTH_RADIUS_KM * np.column_stack((lon * np.cos(np.mean(lat)), lat))
    count = min(synthetic.neighbours + 1, n)
    nearest = np.asarray(cKDTree(xy).query(xy, k=count)[1]).reshape(n, count)
    tail, head = np.repeat(np.arange(n), count), nearest.ravel()
    pairs = np.column_stack((np.minimum(tail, head), np.maximum(tail, head)))[tail != head]
    pairs = np.unique(np.concatenate((pairs, _links(xy, pairs))), axis=0)
    length_km = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T) * synthetic.detour
    for (a, b), length in zip(pairs.tolist(), length_km.tolist(), strict=True):
        yield Stretch((places.ids[stand[a]], places.ids[stand[b]]), length, None, synthetic.road_class, False)


def _can_be_joined(place: Place) -> bool:
    return not place.no_road and place.lat is not None and place.lon is not None


def _links(xy: npt.NDArray[np.float64], pairs: Pairs) -> Pairs:
    """Return the shortest links that join the separate parts of a network, shape (n_parts - 1, 2)."""
    n = len(xy)
    parts, label = connected_components(
        csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n)), directed=False
    )
    if parts == 1:
        return np.empty((0, 2), dtype=np.int64)
    # The shortest way between any two parts is a side of the triangulation: a country has thousands of parts.
    sides = _sides(xy)
    sides = sides[label[sides[:, 0]] != label[sides[:, 1]]]
    length = np.hypot(*(xy[sides[:, 0]] - xy[sides[:, 1]]).T)
    joined = np.arange(parts)
    links = []
    for side in np.lexsort((sides[:, 1], sides[:, 0], length)).tolist():
        a, b = (_root(joined, int(label[end])) for end in sides[side])
        if a != b:
            joined[b] = a
            links.append(sides[side])
    return np.array(links, dtype=np.int64)


def _root(joined: npt.NDArray[np.int64], part: int) -> int:
    while joined[part] != part:
        joined[part] = joined[joined[part]]
        part = int(joined[part])
    return part


def _sides(xy: npt.NDArray[np.float64]) -> Pairs:
    """Return the sides of the triangles between points, each once with its lower point first."""
    n = len(xy)
    in_line = np.lexsort((xy[:, 1], xy[:, 0]))
    # Points in one line have no triangles: each is next to the following one.
    sides = np.column_stack((in_line[:-1], in_line[1:]))
    if n > 3 and np.linalg.matrix_rank(xy - xy[0], tol=1e-9 * float(np.abs(xy - xy[0]).max() or 1.0)) > 1:
        found = Delaunay(xy)
        corners = found.simplices
        # A point at the very place of another is no corner; it stands beside the one that is.
        sides = np.concatenate(
            (sides, corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]], found.coplanar[:, [0, 2]])
        )
    sides = np.sort(sides, axis=1)
    return np.unique(sides, axis=0).astype(np.int64)
