"""From a road map to a network file: read, mend or refuse, count, number and write.

The same map and order give the same bytes: nodes are numbered from west to east and south to north, and
stretches stand in the order of their ends.
"""

from __future__ import annotations

import gzip
import io
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from kontijensi.scenario.network import COLUMNS, JSON_FORMAT
from kontijensi.scenario.schema.area import RoadClass
from kontijensi.scenario.wording import INDONESIA_LAT, INDONESIA_LON
from kontijensi.vocabulary.words import _, shown
from kontijensi.world.network_files.lines import Line, Position
from kontijensi.world.network_files.maps import BuildError, read_map
from kontijensi.world.network_files.mending import Road, drawn, join, merged, roads_of

LONGEST_MERGED_M = 300.0
"""Points that are no junction are merged away up to this length, so that a node is never far from a place."""
Box = tuple[float, float, float, float]
"""West, south, east and north bound in degrees."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to build a network from, and how."""

    path: Path
    box: Box | None = None
    join_m: float = 5.0
    join_crossings: bool = False
    keep_largest: bool = False
    limits: bool = False
    """Take speed limits for speeds."""


@dataclass(frozen=True, slots=True)
class Built:
    """A network and what was done to the map for it."""

    nodes: Mapping[str, Position]
    stretches: tuple[tuple[str, str, Road], ...]
    counts: Mapping[str, int]
    """How often each thing was found or mended, by its name in `COUNTS`."""
    unknown_classes: Mapping[str, int]
    length_km: Mapping[RoadClass, float]
    box: Box


COUNTS = (
    "lines",
    "not_driven",
    "no_line",
    "bad_position",
    "limit_not_read",
    "swapped",
    "outside_box",
    "zero_length",
    "duplicates",
    "self_loops",
    "loose_ends",
    "joined_to_points",
    "joined_to_lines",
    "crossings",
    "crossings_joined",
    "points",
    "parts",
    "points_in_small_parts",
    "one_way_traps",
    "points_dropped",
    "one_way",
    "nodes",
    "stretches",
)


def build(order: Order) -> Built:
    """Make a network of a road map.

    Raises BuildError when the map cannot be read, is in projected coordinates, or holds no road.
    """
    reading = read_map(order.path, limits=order.limits)
    counts = Counter(reading.left_out)
    counts["lines"] = len(reading.lines)
    lines, counts["swapped"] = _the_right_way_round(reading.lines)
    if order.box is not None:
        lines, counts["outside_box"] = _inside(lines, order.box)
    if not lines:
        reasons = ", ".join(f"{key} {n}" for key, n in sorted(counts.items()) if n) or "-"
        message = _("{file}: no road is left to build from ({reasons})")
        raise BuildError(message.format(file=shown(order.path.name), reasons=reasons))
    drawing = join(drawn(lines), order.join_m, crossings=order.join_crossings)
    roads = roads_of(drawing, lines)
    counts.update(drawing.counts)
    counts["crossings"] = drawing.crossings
    roads = _parts(roads, counts, keep_largest=order.keep_largest)
    stretches, counts["self_loops"] = merged(roads, LONGEST_MERGED_M)
    if not stretches:
        raise BuildError(_("{file}: its roads have no length").format(file=shown(order.path.name)))
    return _numbered(stretches, drawing.at, counts, reading.unknown_classes)


# -- positions -----------------------------------------------------------------------------------------------


def _the_right_way_round(lines: Sequence[Line]) -> tuple[list[Line], int]:
    """Return the lines with longitude first, and how many were swapped; refuse what is not in degrees."""
    beyond = [
        (x, y)
        for line in lines
        for x, y in line.points
        if not (abs(x) <= 180 and abs(y) <= 180 and min(abs(x), abs(y)) <= 90)
    ]
    if beyond:
        x, y = beyond[0]
        message = _(
            "{n} positions such as {x}, {y} are not longitude and latitude in degrees; a map in projected "
            "coordinates has to be converted to EPSG:4326 first"
        )
        raise BuildError(message.format(n=len(beyond), x=round(x, 1), y=round(y, 1)))
    swapped = sum(_is_swapped(line) for line in lines)
    # One line may lie where both readings make sense; a map is written in one order throughout.
    if swapped and swapped * 2 >= len(lines):
        return [replace(line, points=[(y, x) for x, y in line.points]) for line in lines], len(lines)
    return [_turned(line) if _is_swapped(line) else line for line in lines], swapped


def _is_swapped(line: Line) -> bool:
    """Tell whether a line lies in Indonesia only when its numbers change places, or nowhere as they are."""
    x, y = line.points[0]
    in_indonesia = INDONESIA_LON[0] <= y <= INDONESIA_LON[1] and INDONESIA_LAT[0] <= x <= INDONESIA_LAT[1]
    return in_indonesia or abs(y) > 90


def _turned(line: Line) -> Line:
    return replace(line, points=[(y, x) for x, y in line.points])


def _inside(lines: Sequence[Line], box: Box) -> tuple[list[Line], int]:
    """Return the parts of the lines with steps that begin or end in a box, and how many lines lie outside."""
    west, south, east, north = box
    parts: list[Line] = []
    outside = 0
    for line in lines:
        held = [west <= x <= east and south <= y <= north for x, y in line.points]
        outside += not any(held)
        run: list[Position] = []
        for n, (here, after) in enumerate(pairwise(held)):
            if here or after:
                run = [*run, line.points[n + 1]] if run else [line.points[n], line.points[n + 1]]
            elif run:
                parts.append(replace(line, points=run, length_m=None))
                run = []
        if run:
            whole = len(run) == len(line.points)
            parts.append(replace(line, points=run, length_m=line.length_m if whole else None))
    return parts, outside


# -- parts that hang together --------------------------------------------------------------------------------


def _parts(roads: list[Road], counts: Counter[str], *, keep_largest: bool) -> list[Road]:
    """Count the parts that no road joins; keep the largest in which every node reaches every other."""
    number: dict[int, int] = {}
    for road in roads:
        for end in (road.a, road.b):
            number.setdefault(end, len(number))
    n = len(number)
    tail = [number[road.a] for road in roads if road.forth] + [number[road.b] for road in roads if road.back]
    head = [number[road.b] for road in roads if road.forth] + [number[road.a] for road in roads if road.back]
    graph = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(n, n))
    counts["points"] = n
    counts["parts"], weak = connected_components(graph, directed=True, connection="weak")
    largest_weak = np.bincount(weak).argmax() if n else 0
    counts["points_in_small_parts"] = int((weak != largest_weak).sum())
    _n, strong = connected_components(graph, directed=True, connection="strong")
    sizes = np.bincount(strong)
    largest = sizes.argmax() if n else 0
    counts["one_way_traps"] = int(((weak == largest_weak) & (strong != largest)).sum())
    if not keep_largest:
        return roads
    counts["points_dropped"] = int((strong != largest).sum())
    return [road for road in roads if strong[number[road.a]] == largest == strong[number[road.b]]]


# -- the result ----------------------------------------------------------------------------------------------


def _numbered(
    roads: Sequence[Road], at: Sequence[Position], counts: Counter[str], unknown: Mapping[str, int]
) -> Built:
    ends = sorted({end for road in roads for end in (road.a, road.b)}, key=lambda end: at[end])
    names = {end: f"j{n}" for n, end in enumerate(ends, start=1)}
    rank = {end: n for n, end in enumerate(ends)}
    stretches = []
    for road in roads:
        a, b = road.a, road.b
        # One-way from its first end to its second; other roads begin at the lower number.
        if not road.forth or (road.back and rank[a] > rank[b]):
            a, b = b, a
        stretches.append((a, b, road))
    stretches.sort(key=lambda entry: (rank[entry[0]], rank[entry[1]], entry[2].length_m))
    length_km: dict[RoadClass, float] = defaultdict(float)
    for _a, _b, road in stretches:
        length_km[road.road_class] += road.length_m / 1000
    counts["one_way"] = sum(not (road.forth and road.back) for road in roads)
    counts["nodes"], counts["stretches"] = len(ends), len(stretches)
    lon, lat = zip(*(at[end] for end in ends), strict=True)
    return Built(
        nodes={names[end]: at[end] for end in ends},
        stretches=tuple((names[a], names[b], road) for a, b, road in stretches),
        counts={name: counts[name] for name in COUNTS},
        unknown_classes=dict(unknown),
        length_km={word: length_km[word] for word in RoadClass if word in length_km},
        box=(min(lon), min(lat), max(lon), max(lat)),
    )


def network_text(built: Built, name: str) -> bytes:
    """Return a network as the file of this name holds it: .csv, .csv.gz or .json.

    Raises BuildError for any other ending.
    """
    if name.endswith(".json"):
        return _json(built)
    if name.endswith(".csv"):
        return _csv(built)
    if name.endswith(".csv.gz"):
        packed = io.BytesIO()
        # No name and no time, so that the same network gives the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as stream:
            stream.write(_csv(built))
        return packed.getvalue()
    message = _("{file}: a network is written as {choices}")
    raise BuildError(message.format(file=shown(name), choices=".csv, .csv.gz, .json"))


def _csv(built: Built) -> bytes:
    lines = [",".join(COLUMNS)]
    for a, b, road in built.stretches:
        speed = "" if road.speed_kmh is None else f"{road.speed_kmh:g}"
        oneway = "false" if road.forth and road.back else "true"
        ends = ",".join(f"{built.nodes[end][0]:.7f},{built.nodes[end][1]:.7f}" for end in (a, b))
        lines.append(f"{a},{b},{road.length_m:.1f},{road.road_class},{oneway},{speed},{ends}")
    return ("\n".join(lines) + "\n").encode()


def _json(built: Built) -> bytes:
    nodes = {node: [round(lon, 7), round(lat, 7)] for node, (lon, lat) in built.nodes.items()}
    stretches = [
        [a, b, round(road.length_m, 1), str(road.road_class), not (road.forth and road.back), road.speed_kmh]
        for a, b, road in built.stretches
    ]
    content = {"kontijensi_roads": JSON_FORMAT, "nodes": nodes, "stretches": stretches}
    return (json.dumps(content, separators=(",", ":")) + "\n").encode()
