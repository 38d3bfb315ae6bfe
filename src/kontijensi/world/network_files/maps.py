"""Reads road maps: CSV edges, GeoJSON lines, GraphML as OSMnx writes it, and OpenStreetMap extracts."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from kontijensi.scenario.network import unpacked
from kontijensi.scenario.yaml_faults import decode
from kontijensi.vocabulary.words import _, shown
from kontijensi.world.network_files.lines import NOT_DRIVEN, Reading, folded

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
_PAIR = re.compile(r"(-?[0-9.]+(?:[eE][+-]?[0-9]+)?)\s+(-?[0-9.]+(?:[eE][+-]?[0-9]+)?)")
ENDS = ("from_lon", "from_lat", "to_lon", "to_lat")


class BuildError(Exception):
    """A map that cannot be made into a network, in plain words."""


def read_map(path: Path, *, limits: bool = False) -> Reading:
    """Read a road map by the ending of its name: .csv, .geojson or .json, .graphml (also .gz), .osm, .pbf.

    `limits` takes speed limits for speeds. Raises BuildError when it cannot be read.
    """
    ending = "".join(path.suffixes[-2:]).casefold().removesuffix(".gz")
    reader = _READERS.get(Path("x" + ending).suffix)
    if reader is None:
        choices = ", ".join(_READERS)
        message = _("{file}: no kind of road map that is known; choose from {choices}")
        raise BuildError(message.format(file=shown(path.name), choices=choices))
    try:
        return reader(path, limits)
    except OSError as error:
        message = _("{file}: cannot be read ({reason})")
        raise BuildError(message.format(file=shown(str(path)), reason=error.strerror or error)) from None
    except ValueError as error:
        raise BuildError(f"{shown(path.name)}: {error}") from None


def _text(path: Path) -> str:
    text = decode(unpacked(path.read_bytes()))
    if not isinstance(text, str):
        raise ValueError(text.message)
    return text


# -- tables --------------------------------------------------------------------------------------------------


def _csv(path: Path, limits: bool) -> Reading:
    """Read one stretch a row, with the positions of its ends or a `wkt` column; other columns are tags."""
    text, reading = _text(path), Reading()
    first = text.split("\n", 1)[0]
    rows = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    columns = {str(name).casefold() for name in rows.fieldnames or ()}
    if not (columns.issuperset(ENDS) or columns & {"wkt", "geometry"}):
        message = _("the columns {columns} are needed, or `wkt` with a LINESTRING")
        raise ValueError(message.format(columns=", ".join(ENDS)))
    try:
        for row in rows:
            tags = folded({key: value for key, value in row.items() if isinstance(key, str)})
            shape = tags.get("wkt") or tags.get("geometry")
            points: Any = (
                _wkt(shape) if shape else [(tags[ENDS[0]], tags[ENDS[1]]), (tags[ENDS[2]], tags[ENDS[3]])]
            )
            reading.add(points, tags, limits=limits)
    except csv.Error as error:
        raise ValueError(_("line {line}: {reason}").format(line=rows.line_num, reason=error)) from None
    return reading


def _wkt(text: str) -> list[tuple[str, str]]:
    """Return the positions of a WKT LINESTRING."""
    return [(found[1], found[2]) for found in _PAIR.finditer(text)] if "LINESTRING" in text.upper() else []


# -- GeoJSON (RFC 7946) --------------------------------------------------------------------------------------


def _geojson(path: Path, limits: bool) -> Reading:
    try:
        content = json.loads(_text(path))
    except json.JSONDecodeError as error:
        message = _("line {line}: not JSON: something is missing or misplaced here")
        raise ValueError(message.format(line=error.lineno)) from None
    except RecursionError:
        raise ValueError(_("not JSON that can be read")) from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise ValueError(_("not GeoJSON with a FeatureCollection"))
    reading = Reading()
    for feature in features:
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        tags = folded(feature.get("properties") or {}) if isinstance(feature, dict) else {}
        lines = list(_lines(geometry))
        if not lines:
            reading.left_out["no_line"] += 1
        for line in lines:
            # A stated length is the whole feature's, which may have several parts.
            reading.add(line, tags if len(lines) == 1 else {**tags, "length_m": None}, limits=limits)
    return reading


def _lines(geometry: Any) -> Iterator[Any]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "LineString" and isinstance(geometry.get("coordinates"), list):
        yield geometry["coordinates"]
    elif kind == "MultiLineString" and isinstance(geometry.get("coordinates"), list):
        yield from (part for part in geometry["coordinates"] if isinstance(part, list))
    elif kind == "GeometryCollection":
        for part in geometry.get("geometries") or ():
            yield from _lines(part)


# -- GraphML -------------------------------------------------------------------------------------------------


def _graphml(path: Path, limits: bool) -> Reading:
    """Read nodes with `x` and `y`, and edges with `highway`, `oneway` and `geometry` (OSMnx).

    A directed graph holds a two-way road twice, which shows in the counts of duplicates.
    """
    text = _text(path)
    if "<!ENTITY" in text[:20_000]:
        # Entities can unfold without end, and no graph needs them.
        raise ValueError(_("XML with entities of its own is not read"))
    try:
        root = ET.fromstring(text)  # entities are refused above
    except ET.ParseError as error:
        raise ValueError(_("line {line}: not XML").format(line=error.position[0])) from None
    names = {key.get("id"): str(key.get("attr.name")).casefold() for key in root.iter(f"{GRAPHML}key")}

    def data(element: ET.Element) -> dict[str, Any]:
        return {names.get(d.get("key"), ""): d.text for d in element.iter(f"{GRAPHML}data")}

    at: dict[str | None, tuple[Any, Any]] = {}
    for node in root.iter(f"{GRAPHML}node"):
        tags = data(node)
        at[node.get("id")] = (tags.get("x", tags.get("lon")), tags.get("y", tags.get("lat")))
    reading = Reading()
    directed = any(graph.get("edgedefault") == "directed" for graph in root.iter(f"{GRAPHML}graph"))
    for edge in root.iter(f"{GRAPHML}edge"):
        tags = data(edge)
        nowhere = (None, None)
        ends = [at.get(edge.get("source"), nowhere), at.get(edge.get("target"), nowhere)]
        shape = _wkt(tags["geometry"]) if tags.get("geometry") else []
        if directed:
            # Each direction is an edge of its own, and always runs from source to target.
            tags["oneway"] = "yes"
        reading.add([ends[0], *shape[1:-1], ends[1]], tags, limits=limits)
    return reading


# -- OpenStreetMap -------------------------------------------------------------------------------------------


def _osm(path: Path, limits: bool) -> Reading:
    """Read the ways tagged `highway` of an extract; needs the package osmium."""
    try:
        osmium: Any = import_module("osmium")
    except ImportError:
        message = _("reading OpenStreetMap extracts needs the package osmium: install 'kontijensi[geo]'")
        raise BuildError(message) from None
    if not path.is_file():
        raise FileNotFoundError(2, "No such file or directory", str(path))
    reading = Reading()
    try:
        ways = (
            osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter("highway"))
        )
        for way in ways:
            if not way.is_way():
                continue
            tags = {tag.k: tag.v for tag in way.tags}
            if tags.get("highway") in NOT_DRIVEN:
                reading.left_out["not_driven"] += 1
                continue
            # At the border of an extract a way may name nodes that are not in it.
            points = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
            reading.add(points, tags, limits=limits)
    except RuntimeError as error:
        raise ValueError(str(error)) from None
    return reading


_READERS: Mapping[str, Callable[[Path, bool], Reading]] = {
    ".csv": _csv,
    ".geojson": _geojson,
    ".json": _geojson,
    ".graphml": _graphml,
    ".osm": _osm,
    ".pbf": _osm,
}
