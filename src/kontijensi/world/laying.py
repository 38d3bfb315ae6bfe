"""Lays the roads of an area out as a network: those given, those of its file, and those to be invented."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from kontijensi.scenario.network import Stretch
from kontijensi.scenario.schema.area import CAR, Area, Edge, Place, SyntheticRoads, Travel
from kontijensi.world.places import EARTH_RADIUS_KM, PlaceTable
from kontijensi.world.roads import Arc, RoadNetwork


def road_network(area: Area, places: PlaceTable, modes: Sequence[str] = (CAR,)) -> RoadNetwork:
    """Build the network of an area for the modes that somebody travels in."""
    nodes = list(places.ids)
    index = dict(places.index)
    arcs: list[Arc] = []
    others = [mode for mode in modes if mode != CAR]
    mode_s: dict[str, list[float]] = {mode: [] for mode in others}
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
        time_s = _time_s(area.travel, CAR, stretch)
        arcs.append(Arc(*ends, time_s, road, kind))
        if not stretch.oneway or against:
            arcs.append(Arc(*ends[::-1], inf if stretch.oneway else time_s, road, kind))
        for mode in others:
            mode_time_s = _time_s(area.travel, mode, stretch)
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


def _time_s(travel: Travel, mode: str, stretch: Edge | Stretch) -> float:
    """Return the time of a mode over a stretch [s]; inf where it may not go."""
    speed_kmh, car_kmh = (travel.speed_kmh(each, stretch.road_class) for each in (mode, CAR))
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
    pairs = {(min(i, int(j)), max(i, int(j))) for i in range(n) for j in nearest[i] if i != j}
    pairs |= set(_links(xy, pairs))
    for a, b in sorted(pairs):
        length_km = float(np.hypot(*(xy[a] - xy[b]))) * synthetic.detour
        between = (places.ids[stand[a]], places.ids[stand[b]])
        yield Stretch(between, length_km, None, synthetic.road_class, False)


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
