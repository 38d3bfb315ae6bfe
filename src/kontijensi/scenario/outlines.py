"""Outlines to draw on maps, from a GeoJSON file beside the scenario (RFC 7946)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any, NoReturn

from kontijensi.scenario.problems import Path, Problem
from kontijensi.scenario.yaml_faults import decode
from kontijensi.vocabulary.words import _, shown

MOST_PROBLEMS = 50
_DEPTH = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}
"""Lists around each line of positions, by type of geometry."""

Line = tuple[tuple[float, float], ...]
"""Positions as (longitude, latitude) in degrees."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One feature: its name, whether its lines enclose an area, and the lines."""

    name: str | None
    closed: bool
    lines: tuple[Line, ...]


class _TooMany(Exception):  # noqa: N818 - ends the reading; the problems are noted
    """Enough has been said about this file."""


def read_outlines(data: bytes, *, name: str) -> tuple[tuple[Outline, ...], tuple[Problem, ...]]:
    """Return the outlines of a GeoJSON file, and what is wrong with it; nothing is raised."""
    text = decode(data)
    if not isinstance(text, str):
        return (), (Problem(name, text.line, text.column, (), text.message, fix=text.fix),)
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        message = _("not JSON: something is missing or misplaced here")
        return (), (Problem(name, error.lineno, error.colno, (), message),)
    except (ValueError, RecursionError):
        return (), (Problem(name, 1, 1, (), _("not JSON that can be read")),)
    problems: list[Problem] = []
    outlines: list[Outline] = []
    try:
        for path, feature in _features(content):
            outline = _outline(path, feature, name, problems)
            if outline is not None:
                outlines.append(outline)
    except _TooMany:
        pass
    except ValueError as error:
        problems.append(Problem(name, 1, 1, (), str(error)))
    return tuple(outlines), tuple(problems)


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _features(content: object) -> Iterator[tuple[Path, object]]:
    if isinstance(content, dict) and content.get("type") == "Feature":
        yield (), content
    elif isinstance(content, dict) and content.get("type") == "FeatureCollection":
        features = content.get("features")
        if not isinstance(features, list):
            raise ValueError(_("a FeatureCollection needs a list of features"))
        for number, feature in enumerate(features):
            yield ("features", number), feature
    else:
        raise ValueError(_("not GeoJSON with a Feature or a FeatureCollection"))


def _outline(path: Path, feature: object, name: str, problems: list[Problem]) -> Outline | None:
    def note(where: Path, message: str) -> None:
        problems.append(Problem(name, 1, 1, (*path, *where), message))
        if len(problems) >= MOST_PROBLEMS:
            raise _TooMany

    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or not isinstance(geometry, dict):
        note((), _("a feature needs a geometry"))
        return None
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in _DEPTH:
        note(
            ("geometry", "type"),
            _("{value}: no outline; choose from {choices}").format(
                value=shown(kind), choices=", ".join(_DEPTH)
            ),
        )
        return None
    try:
        lines = tuple(_lines(geometry.get("coordinates"), _DEPTH[kind]))
    except ValueError as error:
        note(("geometry", "coordinates"), str(error))
        return None
    properties = feature.get("properties")
    label = properties.get("name") if isinstance(properties, dict) else None
    return Outline(label if isinstance(label, str) else None, kind.endswith("Polygon"), lines)


def _lines(coordinates: Any, depth: int) -> Iterator[Line]:
    if not isinstance(coordinates, list):
        raise ValueError(_("coordinates are lists of [longitude, latitude]"))
    if depth:
        for part in coordinates:
            yield from _lines(part, depth - 1)
    else:
        yield tuple(_position(pair) for pair in coordinates)


def _position(pair: Any) -> tuple[float, float]:
    numbers = pair[:2] if isinstance(pair, list) else []
    if len(numbers) != 2 or not all(isinstance(x, int | float) and not isinstance(x, bool) for x in numbers):
        raise ValueError(_("{value}: a position is [longitude, latitude]").format(value=shown(pair)))
    lon, lat = float(numbers[0]), float(numbers[1])
    if not (isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise ValueError(
            _("longitude {lon} and latitude {lat} lie outside the earth; longitude comes first").format(
                lon=lon, lat=lat
            )
        )
    return lon, lat
