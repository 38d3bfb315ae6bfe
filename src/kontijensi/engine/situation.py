"""The live situation as conditions see it: read only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kontijensi.command.situation import LEVEL
from kontijensi.engine.gatherings import Gatherings
from kontijensi.engine.scene import Scene
from kontijensi.scenario.conditions import PLACE_RANGES, Range, rumour_name, tension_name


class PlaceView(Mapping[str, float]):
    """Values at one place, worked out when asked for."""

    def __init__(self, gatherings: Gatherings, place: int, names: _Names) -> None:
        self._gatherings, self._place, self._names = gatherings, place, names

    def __getitem__(self, name: str) -> float:
        """Return a value by its name; KeyError for a name that no condition may use."""
        gatherings, place = self._gatherings, self._place
        people = gatherings.scene.people
        if name in self._names.channels:
            return people.tension.at(place, self._names.channels[name])
        if name in self._names.rumours:
            village = int(people.villages.of_place[place])
            return gatherings.scene.hearsay.rumours[self._names.rumours[name]].share_at(village)
        if name in _PEOPLE:
            return _PEOPLE[name](gatherings.scene, place)
        if name in _CROWD:
            return _crowd_value(gatherings, place, name)
        return _AREA[name](gatherings)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, other than those of channels and rumours."""
        return iter((*_PEOPLE, *_CROWD, *_AREA))

    def __len__(self) -> int:
        """Return the number of names."""
        return len(_PEOPLE) + len(_CROWD) + len(_AREA)


@dataclass(frozen=True, slots=True)
class _Names:
    """What the names in conditions stand for."""

    channels: Mapping[str, str]
    rumours: Mapping[str, str]


_PEOPLE: dict[str, Callable[[Scene, int], float]] = {
    "tension_max": lambda scene, place: scene.people.tension.highest_at(place),
    "legitimacy": lambda scene, place: float(scene.people.legitimacy.of_place(place).mean()),
    "complaints_in_time": lambda scene, place: scene.intakes.in_time(place),
    "complaints_failed": lambda scene, place: scene.intakes.failed(place),
}
_CROWD = ("crowd_present", "crowd_active", "crowd_violent", "active_share", "colour")


def _crowd_value(gatherings: Gatherings, place: int, name: str) -> float:
    tallies = [each.crowd.last for each in gatherings.episodes.values() if each.place == place]
    counts = [tally for tally in tallies if tally is not None]
    present = sum(tally.present for tally in counts)
    active = sum(tally.active + tally.violent for tally in counts)
    match name:
        case "crowd_present":
            return present
        case "crowd_active":
            return active
        case "crowd_violent":
            return sum(tally.violent for tally in counts)
        case "active_share":
            return active / present if present else 0.0
    return LEVEL[gatherings.worst_colour_at(place)]


_AREA: dict[str, Callable[[Gatherings], float]] = {
    "incidents_open": lambda here: len(here.scene.posko.incidents),
    "incidents_waiting": lambda here: here.scene.posko.waiting,
    "complaints_waiting": lambda here: here.scene.intakes.waiting(),
    "units_free": lambda here: sum(unit.available for unit in here.scene.units),
    "red_places": lambda here: here.places_at(2),
    "yellow_places": lambda here: here.places_at(1),
    "hour": lambda here: here.scene.around.world.calendar.second_of_day(here.scene.now_s) / 3600.0,
}


class LiveSituation:
    """Hands out views of places."""

    def __init__(self, gatherings: Gatherings) -> None:
        self._gatherings = gatherings
        scene = gatherings.scene
        self._names = _Names(
            channels={tension_name(channel): channel for channel in scene.people.tension.rows},
            rumours={rumour_name(rumour): rumour for rumour in scene.hearsay.rumours},
        )

    def at(self, place: int) -> Mapping[str, float]:
        """Return the values that hold at a place, and those of the whole area."""
        return PlaceView(self._gatherings, place, self._names)

    def bounds(self, names: Iterable[str]) -> dict[str, Range]:
        """Return the lowest and highest value that each name has at any place now, or a wider range."""
        return {name: self._bounds(name) for name in names}

    def _bounds(self, name: str) -> Range:
        scene = self._gatherings.scene
        if name in self._names.channels:
            row = scene.people.tension.levels[scene.people.tension.rows[self._names.channels[name]]]
            return float(row.min()), float(row.max())
        if name in self._names.rumours:
            return scene.hearsay.rumours[self._names.rumours[name]].share_bounds()
        if name in _AREA:
            value = float(_AREA[name](self._gatherings))
            return value, value
        if name in _CROWD and not self._gatherings.episodes:
            return 0.0, 0.0
        return PLACE_RANGES[name]

    def tension_at(self, place: int) -> float:
        """Return the highest tension at a place."""
        return self._gatherings.scene.people.tension.highest_at(place)
