"""What every road map is read into: lines of positions, each with its class, direction and speed.

Classes follow the words of OpenStreetMap (`highway`), which most maps use in one spelling or another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from kontijensi.scenario.schema.area import RoadClass

Position = tuple[float, float]
"""Longitude and latitude in degrees."""

_ARTERIAL, _COLLECTOR = RoadClass.ARTERIAL, RoadClass.COLLECTOR
_LOCAL, _VILLAGE = RoadClass.LOCAL, RoadClass.VILLAGE
CLASSES: Mapping[str, RoadClass] = {
    "motorway": _ARTERIAL,
    "trunk": _ARTERIAL,
    "primary": _ARTERIAL,
    "secondary": _COLLECTOR,
    "tertiary": _COLLECTOR,
    "unclassified": _LOCAL,
    "residential": _LOCAL,
    "living_street": _LOCAL,
    "road": _LOCAL,
    "service": _VILLAGE,
    "track": _VILLAGE,
    **{str(word): word for word in RoadClass},
}
_NOT_DRIVEN = (
    "footway path steps cycleway pedestrian bridleway corridor elevator platform proposed construction "
    "abandoned razed raceway escape bus_guideway busway via_ferrata rest_area services no"
)
NOT_DRIVEN = frozenset(_NOT_DRIVEN.split())
"""Words for what no vehicle can use, or what is not there yet."""
CLASS_KEYS = ("highway", "class", "road_class", "fclass", "type", "kelas")
"""Properties that tell a road's class; capital letters do not matter."""
_LIMIT_UNITS = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344}
WALKING, WALKING_KMH = frozenset({"walk", "id:walk"}), 5.0
"""Words for a limit at walking pace, and that pace (assumed)."""
_LIMIT = re.compile(r"\s*([0-9]{1,3}(?:\.[0-9]+)?)\s*(km/h|kmh|kph|mph|)\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One road as it was drawn."""

    points: Sequence[Position]
    road_class: RoadClass = RoadClass.LOCAL
    direction: int = 0
    """1 when it can only be driven as drawn, -1 only against it, 0 both ways."""
    speed_kmh: float | None = None
    length_m: float | None = None
    """Length where the map states one; measured along the points otherwise."""


@dataclass
class Reading:
    """The lines of a map, and how often something was left out while it was read."""

    lines: list[Line] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    """Number of features by reason: `not_driven`, `no_line`, `bad_position`; of limits: `limit_not_read`."""
    unknown_classes: Counter[str] = field(default_factory=Counter)
    """Words for a class that are not known; such roads count as local."""

    def add(self, points: Sequence[Any], tags: Mapping[str, Any], *, limits: bool = False) -> None:
        """Take a line over with what its tags say; count it where it cannot be used."""
        road_class = self._class(tags)
        if road_class is None:
            self.left_out["not_driven"] += 1
            return
        try:
            positions = [(float(point[0]), float(point[1])) for point in points]
        except (TypeError, ValueError, IndexError, KeyError):
            positions = [(float("nan"), 0.0)]
        if not all(isfinite(x) and isfinite(y) for x, y in positions):
            self.left_out["bad_position"] += 1
        elif len(positions) < 2:
            self.left_out["no_line"] += 1
        else:
            direction, speed = direction_of(tags), speed_of(tags, limits=limits)
            self.left_out["limit_not_read"] += limits and speed is None and bool(tags.get("maxspeed"))
            self.lines.append(Line(positions, road_class, direction, speed, length_of(tags)))

    def _class(self, tags: Mapping[str, Any]) -> RoadClass | None:
        """Return the road's class, None for what is not driven."""
        if str(tags.get("access", "")).casefold() == "no":
            return None
        word = next((word for key in CLASS_KEYS for word in _words(tags.get(key))), None)
        if word is None:
            return RoadClass.LOCAL
        if word in NOT_DRIVEN:
            return None
        found = CLASSES.get(word.removesuffix("_link"))
        if found is None:
            self.unknown_classes[word] += 1
        return found or RoadClass.LOCAL


def folded(tags: Mapping[str, Any]) -> dict[str, Any]:
    """Return tags with their keys in small letters."""
    return {str(key).casefold(): value for key, value in tags.items()}


def _words(value: Any) -> Iterator[str]:
    """Yield the words of a tag; where several maps were merged it holds a list, or the text of one."""
    if isinstance(value, list):
        yield from (str(word).casefold() for word in value)
    elif isinstance(value, str) and value.strip():
        yield from re.findall(r"[\w/.+-]+", value.casefold())


def direction_of(tags: Mapping[str, Any]) -> int:
    """Return 1 for a one-way road as drawn, -1 for one against it, 0 for both ways."""
    value = tags.get("oneway")
    word = next(_words(value), "") if isinstance(value, (str, list)) else str(value).casefold()
    if word in {"yes", "true", "1", "ya", "1.0"}:
        return 1
    if word in {"-1", "reverse", "-1.0"}:
        return -1
    if word in {"no", "false", "0", "tidak", "0.0"}:
        return 0
    # Not stated: a motorway's carriageways and roundabouts are one-way by what they are.
    classes = {word for key in CLASS_KEYS for word in _words(tags.get(key))}
    return int("motorway" in classes or next(_words(tags.get("junction")), "") in {"roundabout", "circular"})


def speed_of(tags: Mapping[str, Any], *, limits: bool) -> float | None:
    """Return the speed that a map states [km/h], None where it states none that can be used.

    A speed limit is not a speed, so `maxspeed` counts only when asked for.
    """
    keys = ("speed_kmh", "speed_kph", *(("maxspeed",) if limits else ()))
    for key in keys:
        value = tags.get(key)
        word = str(value).strip().casefold()
        if word in WALKING:
            return WALKING_KMH
        found = _LIMIT.fullmatch(word) if isinstance(value, (str, int, float)) else None
        if found is not None and 0 < (speed := float(found[1]) * _LIMIT_UNITS[found[2]]) <= 200:
            return speed
    return None


def length_of(tags: Mapping[str, Any]) -> float | None:
    """Return the length that a map states in metres, None where it states none."""
    try:
        length = float(tags["length_m"])
    except (KeyError, TypeError, ValueError):
        return None
    return length if isfinite(length) and length >= 0 else None
