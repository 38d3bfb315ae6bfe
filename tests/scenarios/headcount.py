"""People in a scenario file, counted from what it says: polling stations, posts and units."""

from __future__ import annotations

from collections import Counter

from kontijensi.scenario.schema.area import Place, PlaceKind
from kontijensi.scenario.schema.force import Agency
from kontijensi.scenario.schema.scenario import ScenarioFile


def polling_places(file: ScenarioFile) -> dict[str, Place]:
    """Return the places with polling stations."""
    return {key: place for key, place in file.area.places.items() if place.kind is PlaceKind.TPS}


def at_posts(file: ScenarioFile, entry: str) -> Counter[Agency]:
    """Return the people of one entry in `posts`, by agency: so many a group, group by group."""
    posts, total = file.posts[entry], Counter[Agency]()
    for zone, pattern in posts.by_zone.items():
        stations = [place.stations for place in polling_places(file).values() if place.zone == zone]
        groups = sum(posts.groups(stations))
        total.update({agency: number * groups for agency, number in pattern.items()})
    return total


def in_units(file: ScenarioFile) -> Counter[Agency]:
    """Return the people in units, by agency."""
    total: Counter[Agency] = Counter()
    for group in file.units.values():
        kind = file.unit_types[group.type]
        total[kind.agency] += kind.personnel * group.count
    return total
