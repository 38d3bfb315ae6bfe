"""Whole scenarios to begin with: templates by size, and drafts from a planner's own lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Any

from kontijensi.authoring.filling import quoted, rendered
from kontijensi.authoring.patterns import PATTERNS, Pattern
from kontijensi.authoring.roster import draft_roster, sector_post
from kontijensi.authoring.writing import on_one_line
from kontijensi.scenario.schema.area import Place
from kontijensi.scenario.schema.force import Agency
from kontijensi.vocabulary.words import _

SIZES = ("regency", "village", "city", "training")
"""Templates that `kontijensi new --size` writes."""
ELECTION_DAY = date(2029, 2, 14)
_VILLAGES = (
    ("Sumber", -7.698, 110.612, 1850, "hijau", "Kota"), ("Karang", -7.712, 110.598, 2110, "kuning", "Kota"),
    ("Gading", -7.650, 110.605, 1480, "hijau", "Utara"), ("Jati", -7.662, 110.625, 2390, "merah", "Utara"),
    ("Mulyo", -7.745, 110.58, 1710, "hijau", "Selatan"), ("Rejo", -7.768, 110.6, 1330, "kuning", "Selatan"),
)  # fmt: skip
_WARDS = (
    ("Pasar", -7.816, 112.008, 4900, "kuning", "Kota"), ("Kampus", -7.826, 112.018, 5200, "hijau", "Kota"),
    ("Stasiun", -7.812, 112.002, 4700, "hijau", "Kota"), ("Taman", -7.798, 112.011, 4300, "hijau", "Utara"),
    ("Bukit", -7.788, 112.022, 4100, "kuning", "Utara"), ("Dermaga", -7.842, 112.0, 5100, "merah", "Selatan"),
    ("Balai", -7.855, 112.01, 4600, "hijau", "Selatan"), ("Kebun", -7.862, 112.004, 3900, "hijau", "Utara"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lists:
    """What a planner brings: stations as a scenario writes places, the roll, and the guard pattern's id."""

    stations: Mapping[str, Mapping[str, Any]]
    roll: Mapping[Agency, int]
    pattern: str
    source: str
    """The list's file name, for the reader of the scenario."""


def template(size: str, day: date = ELECTION_DAY) -> str:
    """Return the template of a size as YAML, in the language spoken now."""
    pattern = PATTERNS["village-heads-2023"]
    return rendered(
        f"{size}.yaml.jinja",
        day=day.isoformat(),
        before=lambda days: (day - timedelta(days=days)).isoformat(),
        villages=_VILLAGES,
        wards=_WARDS,
        pattern=pattern,
        posts=list(post_lines(pattern, pattern.by_zone)),
    )


def drafted(lists: Lists, *, title: str, places_file: str, day: date = ELECTION_DAY) -> str:
    """Return a scenario that stands on a planner's lists; its stations are in the places file named."""
    pattern = PATTERNS[lists.pattern]
    stations = [Place.model_validate(place) for place in lists.stations.values()]
    districts = list(dict.fromkeys(place.district for place in stations if place.district))
    units = draft_roster(stations, districts, pattern, lists.roll)
    return rendered(
        "lists.yaml.jinja",
        day=day.isoformat(),
        source=lists.source,
        title=title,
        places_file=places_file,
        offices=list(_office_lines(stations, districts)),
        units=[
            f"{group.id}: {on_one_line(_unit(group.type, group.base, group.count, group.sector))}"
            for group in units
        ],
        roll=on_one_line({str(agency): people for agency, people in lists.roll.items()})
        if lists.roll
        else "",
        types=tuple(group.type for group in units),
        pattern=pattern,
        posts=list(post_lines(pattern, {place.zone for place in stations})),
    )


def places_table(stations: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return stations as the CSV table that `area.places_file` names."""
    used = [name for name in Place.model_fields if any(name in place for place in stations.values())]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["id", *used])
    for place_id, place in stations.items():
        writer.writerow([place_id, *(_cell(place.get(name)) for name in used)])
    return stream.getvalue().encode()


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _unit(type_id: str, base: str, count: int, sector: str | None) -> dict[str, Any]:
    unit: dict[str, Any] = {"type": type_id, "base": base, "count": count}
    return unit if sector is None else {**unit, "sector": [sector]}


def post_lines(pattern: Pattern, zones: Container[str | None]) -> Iterator[str]:
    """Yield the posts of a guard pattern as lines of a scenario, one for each of these zones."""
    for zone, guard in pattern.by_zone.items():
        if zone not in zones:  # posts where no place lies would be refused
            continue
        people = {str(agency): number for agency, number in guard.people.items()}
        posts: dict[str, Any] = {
            "places": {"kinds": ["tps"], "zones": [zone]},
            "by_zone": {zone: people},
            "phases": ["pemungutan", "penghitungan"],
        }
        if guard.stations > 1:
            posts["for_stations"] = guard.stations
        yield f"penjaga_{zone}: {on_one_line(posts)}"


def _office_lines(stations: Sequence[Place], districts: Sequence[str]) -> Iterator[str]:
    """Yield posts and offices: the regency's amid all stations, a sector post amid those of each district."""
    lat, lon = _middle(stations)
    offices = {
        "polres": (_("Regency police and command post"), "polres", 0.0, 0.0),
        "kpu": (_("Election commission (KPU)"), "kpu", 0.004, 0.004),
        "kodim": (_("District military command"), "kodim", -0.004, 0.005),
        "rsud": (_("Regency hospital"), "hospital", -0.006, -0.004),
        "damkar": (_("Fire station"), "fire_station", 0.005, -0.005),
    }
    for office, (name, kind, north, east) in offices.items():
        yield _place_line(office, name, kind, lat + north, lon + east, None)
    for district in districts:
        own = _middle(place for place in stations if place.district == district)
        name = _("Sector post {district}").format(district=district)
        yield _place_line(sector_post(district), name, "polsek", *own, district)


def _place_line(place_id: str, name: str, kind: str, lat: float, lon: float, district: str | None) -> str:
    where = "" if district is None else f", district: {on_one_line(district)}"
    return f"{place_id}: {{name: {quoted(name)}, kind: {kind}, lat: {lat:.4f}, lon: {lon:.4f}{where}}}"


def _middle(stations: Iterable[Place]) -> tuple[float, float]:
    placed = [(place.lat, place.lon) for place in stations if place.lat is not None and place.lon is not None]
    return fmean(lat for lat, _lon in placed), fmean(lon for _lat, lon in placed)
