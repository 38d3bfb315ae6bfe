"""Makes one network of drawn lines: points at one place become one node, and loose ends are joined.

A loose end is an end of a line that no other line touches. It is joined to the nearest point of another line
within the tolerance: to one of its drawn points where there is one, else to a new point on it. Lines that
only cross are left apart, since one may pass over the other, unless joining them is asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, cos, hypot, radians

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from kontijensi.scenario.schema.area import RoadClass
from kontijensi.world.network_files.lines import Line, Position

METRES_PER_DEGREE = 111_195.0
PLACES_OF_DEGREE = 7
"""Positions equal to so many decimals (a centimetre) are one point."""
PIECE_M = 50.0
"""Segments are looked for by their pieces of at most this length."""
Floats = npt.NDArray[np.float64]


@dataclass(slots=True)
class Segment:
    """The straight part between two points of a line, by the numbers of its points."""

    a: int
    b: int
    line: int
    stretch: float = 1.0
    """True length divided by the length on the map."""


@dataclass
class Drawing:
    """Points and the segments between them, and what was mended."""

    at: list[Position] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    crossings: int = 0
    """Crossings of lines that share no point there."""

    def length_m(self, a: int, b: int) -> float:
        """Return the straight length between two points [m]."""
        (x, y), (u, v) = self.at[a], self.at[b]
        return METRES_PER_DEGREE * hypot((x - u) * cos(radians((y + v) / 2)), y - v)


@dataclass(slots=True)
class Road:
    """One segment of the finished network, between two nodes."""

    a: int
    b: int
    length_m: float
    road_class: RoadClass
    speed_kmh: float | None
    forth: bool
    back: bool


def drawn(lines: Sequence[Line]) -> Drawing:
    """Return the points and segments of lines; steps without length are dropped and counted."""
    drawing, index = Drawing(), dict[Position, int]()
    for number, line in enumerate(lines):
        nodes = []
        for lon, lat in line.points:
            at = (round(lon, PLACES_OF_DEGREE), round(lat, PLACES_OF_DEGREE))
            if at not in index:
                index[at] = len(drawing.at)
                drawing.at.append(at)
            nodes.append(index[at])
        steps = [(a, b) for a, b in pairwise(nodes) if a != b]
        drawing.counts["zero_length"] += len(nodes) - 1 - len(steps)
        whole_m = sum(drawing.length_m(a, b) for a, b in steps)
        factor = line.length_m / whole_m if line.length_m and whole_m else 1.0
        drawing.segments += [Segment(a, b, number, factor) for a, b in steps]
    return drawing


class _Plane:
    """The drawing in metres on a plane, with its segments cut into short pieces that a tree can find."""

    def __init__(self, drawing: Drawing) -> None:
        lon, lat = np.array(drawing.at).T
        self.xy = METRES_PER_DEGREE * np.column_stack((lon * np.cos(np.radians(np.mean(lat))), lat))
        self.a = np.array([segment.a for segment in drawing.segments])
        self.b = np.array([segment.b for segment in drawing.segments])
        self.line = np.array([segment.line for segment in drawing.segments])
        start, way = self.xy[self.a], self.xy[self.b] - self.xy[self.a]
        n_pieces = np.maximum(np.ceil(np.hypot(*way.T) / PIECE_M), 1).astype(np.int64)
        self.segment = np.repeat(np.arange(len(self.a)), n_pieces)
        """Segment of each piece, shape (n_pieces,)."""
        number = np.arange(len(self.segment)) - np.repeat(np.cumsum(n_pieces) - n_pieces, n_pieces)
        middle = (number + 0.5) / n_pieces[self.segment]
        self.tree = cKDTree(start[self.segment] + middle[:, None] * way[self.segment])

    def near(self, point: Floats, reach_m: float) -> npt.NDArray[np.int64]:
        """Return every segment that may come within reach of a point, in order."""
        return np.unique(self.segment[self.tree.query_ball_point(point, reach_m + PIECE_M / 2)])

    def nearest(self, point: Floats, segments: npt.NDArray[np.int64]) -> tuple[int, float, float]:
        """Return the nearest of these segments, how far along it (0 to 1) it is nearest, and its distance."""
        start = self.xy[self.a[segments]]
        way = self.xy[self.b[segments]] - start
        along = np.clip(((point - start) * way).sum(axis=1) / (way**2).sum(axis=1), 0.0, 1.0)
        gap = np.hypot(*(start + along[:, None] * way - point).T)
        best = int(np.argmin(gap))
        return int(segments[best]), float(along[best]), float(gap[best])

    def crossings(self) -> list[tuple[int, int, float, float]]:
        """Return the pairs of segments that cross between their ends, and how far along each (0 to 1)."""
        pairs = self.tree.query_pairs(PIECE_M, output_type="ndarray")
        i, j = self.segment[pairs[:, 0]], self.segment[pairs[:, 1]]
        both = np.unique(np.column_stack((np.minimum(i, j), np.maximum(i, j))), axis=0)
        i, j = both.T
        apart = (self.a[i] != self.a[j]) & (self.a[i] != self.b[j])
        apart &= (self.b[i] != self.a[j]) & (self.b[i] != self.b[j]) & (i != j)
        i, j = i[apart], j[apart]
        p, r = self.xy[self.a[i]], self.xy[self.b[i]] - self.xy[self.a[i]]
        q, s = self.xy[self.a[j]], self.xy[self.b[j]] - self.xy[self.a[j]]
        across = _cross(r, s)
        with np.errstate(divide="ignore", invalid="ignore"):
            t, u = _cross(q - p, s) / across, _cross(q - p, r) / across
        inside = (across != 0) & (t > 0) & (t < 1) & (u > 0) & (u < 1)
        return list(
            zip(i[inside].tolist(), j[inside].tolist(), t[inside].tolist(), u[inside].tolist(), strict=True)
        )


def _cross(a: Floats, b: Floats) -> Floats:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def join(drawing: Drawing, join_m: float, *, crossings: bool = False) -> Drawing:
    """Return the drawing with its loose ends joined, and its crossings too where asked for."""
    if not drawing.segments:
        return drawing
    plane = _Plane(drawing)
    cuts: dict[int, list[tuple[float, int]]] = defaultdict(list)
    same = list(range(len(drawing.at)))
    at, counts = list(drawing.at), Counter(drawing.counts)
    found = plane.crossings()
    if crossings:
        for i, j, t, u in found:
            cuts[i].append((t, len(at)))
            cuts[j].append((u, len(at)))
            a, b = drawing.at[drawing.segments[i].a], drawing.at[drawing.segments[i].b]
            at.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
            same.append(len(same))
        counts["crossings_joined"] = len(found)
    touching = Counter(end for segment in drawing.segments for end in (segment.a, segment.b))
    for number, segment in enumerate(drawing.segments):
        for end in (segment.a, segment.b):
            if touching[end] == 1 and join_m > 0:
                counts["loose_ends"] += 1
                counts[_join_end(plane, cuts, same, end, plane.line[number], join_m)] += 1
    del counts["left_loose"]
    segments = [
        piece for n, segment in enumerate(drawing.segments) for piece in _cut(segment, cuts.get(n, []))
    ]
    for segment in segments:
        segment.a, segment.b = _root(same, segment.a), _root(same, segment.b)
    return Drawing(at, [s for s in segments if s.a != s.b], counts, len(found))


def _join_end(
    plane: _Plane,
    cuts: dict[int, list[tuple[float, int]]],
    same: list[int],
    end: int,
    line: int,
    join_m: float,
) -> str:
    """Join a loose end to another line within reach; return what was done, for the counts."""
    point = plane.xy[end]
    near = plane.near(point, join_m)
    near = near[plane.line[near] != line]
    if not len(near):
        return "left_loose"
    ends = np.unique(np.concatenate((plane.a[near], plane.b[near])))
    gaps = np.hypot(*(plane.xy[ends] - point).T)
    closest = int(np.argmin(gaps))
    if gaps[closest] <= join_m:
        a, b = _root(same, end), _root(same, int(ends[closest]))
        same[max(a, b)] = min(a, b)
        return "joined_to_points"
    segment, along, gap = plane.nearest(point, near)
    if gap > join_m:
        return "left_loose"
    cuts[segment].append((along, end))
    return "joined_to_lines"


def _cut(segment: Segment, cuts: list[tuple[float, int]]) -> list[Segment]:
    """Return the parts of a segment that is cut at points along it."""
    stops = [segment.a, *(node for _along, node in sorted(cuts)), segment.b]
    return [Segment(a, b, segment.line, segment.stretch) for a, b in pairwise(stops) if a != b]


def _root(same: list[int], node: int) -> int:
    while same[node] != node:
        same[node] = same[same[node]]
        node = same[node]
    return node


def roads_of(drawing: Drawing, lines: Sequence[Line]) -> list[Road]:
    """Return one road for each pair of neighbouring points; what is drawn twice is counted and dropped."""
    roads: dict[tuple[int, int], Road] = {}
    for segment in drawing.segments:
        line = lines[segment.line]
        a, b = min(segment.a, segment.b), max(segment.a, segment.b)
        forth, back = line.direction >= 0, line.direction <= 0
        if segment.a > segment.b:
            forth, back = back, forth
        length_m = drawing.length_m(a, b) * segment.stretch
        road = roads.get((a, b))
        if road is None:
            roads[a, b] = Road(a, b, length_m, line.road_class, line.speed_kmh, forth, back)
            continue
        if (road.forth or not forth) and (road.back or not back):
            drawing.counts["duplicates"] += 1
        road.forth, road.back = road.forth or forth, road.back or back
        road.length_m = min(road.length_m, length_m)
    return list(roads.values())


def merged(roads: Sequence[Road], longest_m: float) -> tuple[list[Road], int]:
    """Return the roads with points that are no junction merged away, and how many loops were dropped.

    A merged stretch is at most `longest_m` long where drawn points allow it, so that a node is never far.
    """
    return _Merging(roads, longest_m).run()


class _Merging:
    def __init__(self, roads: Sequence[Road], longest_m: float) -> None:
        self.at: dict[int, list[Road]] = defaultdict(list)
        for road in roads:
            self.at[road.a].append(road)
            self.at[road.b].append(road)
        self.roads, self.longest_m = roads, longest_m
        self.done: set[tuple[int, int]] = set()
        # A stretch is named by its ends, so no two may share them.
        self.pairs = {(min(road.a, road.b), max(road.a, road.b)) for road in roads}
        self.stretches: list[Road] = []
        self.loops = 0

    def run(self) -> tuple[list[Road], int]:
        for node in sorted(self.at):
            if not self._passed(node):
                for road in self.at[node]:
                    if (road.a, road.b) not in self.done:
                        self._walk(node, road)
        # What is left are rings without a junction: each keeps one of its points.
        for road in self.roads:
            if (road.a, road.b) not in self.done:
                self._walk(road.a, road)
        return self.stretches, self.loops

    def _passed(self, node: int) -> bool:
        """Tell whether a node only joins two roads of one kind, so that it may be merged away."""
        if len(self.at[node]) != 2:
            return False
        one, two = self.at[node]
        alike = one.road_class is two.road_class and one.speed_kmh == two.speed_kmh
        return (
            alike
            and self._into(one, node) == self._out(two, node)
            and self._out(one, node) == self._into(two, node)
        )

    @staticmethod
    def _into(road: Road, node: int) -> bool:
        return road.forth if road.b == node else road.back

    @staticmethod
    def _out(road: Road, node: int) -> bool:
        return road.forth if road.a == node else road.back

    def _walk(self, start: int, road: Road) -> None:
        """Follow a road from a node to the next junction, and keep what lies between."""
        nodes, chain = [start], []
        node: int = start
        while True:
            self.done.add((road.a, road.b))
            chain.append(road)
            node = road.b if road.a == node else road.a
            nodes.append(node)
            if node == start or not self._passed(node):
                break
            one, two = self.at[node]
            following = two if one is road else one
            if (following.a, following.b) in self.done:
                break
            road = following
        self._keep(nodes, chain)

    def _keep(self, nodes: list[int], chain: list[Road]) -> None:
        first, last = nodes[0], nodes[-1]
        length_m = sum(road.length_m for road in chain)
        pair = (min(first, last), max(first, last))
        if len(chain) > 1 and (length_m > self.longest_m or pair in self.pairs):
            # Cut where it is nearest to even parts, or so that no two stretches have the same ends.
            n_parts = max(ceil(length_m / self.longest_m), 2)
            cut = self._cut_at(chain, length_m / n_parts * (n_parts // 2))
            self._keep(nodes[: cut + 1], chain[:cut])
            self._keep(nodes[cut:], chain[cut:])
            return
        if first == last:
            self.loops += 1
            return
        self.pairs.add(pair)
        out, into = self._out(chain[0], first), self._into(chain[0], first)
        kind = chain[0]
        self.stretches.append(Road(first, last, length_m, kind.road_class, kind.speed_kmh, out, into))

    @staticmethod
    def _cut_at(chain: list[Road], wanted_m: float) -> int:
        ends = np.cumsum([road.length_m for road in chain])[:-1]
        return int(np.argmin(np.abs(ends - wanted_m))) + 1
