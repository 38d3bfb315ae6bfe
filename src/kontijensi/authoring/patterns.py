"""Guard patterns: who stands at a station of each zone, and what that asks of the roll.

A pattern is written as the field writes it, people for so many stations: two police and eight Linmas for four
stations. Orders differ between regions, so that every number has a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kontijensi.scenario.schema.area import Place, PlaceKind
from kontijensi.scenario.schema.force import Agency
from kontijensi.vocabulary.words import N_


@dataclass(frozen=True, slots=True)
class Guard:
    """People who guard a group of stations together."""

    people: Mapping[Agency, int]
    stations: int = 1
    """Stations that share them."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Guards by zone, with where the numbers come from."""

    title: str
    source: str
    by_zone: Mapping[str, Guard]


@dataclass(frozen=True, slots=True)
class Demand:
    """What a pattern asks of one agency, beside what there is; `roll` is None where the roll is silent."""

    agency: Agency
    asked: int
    roll: int | None

    @property
    def short(self) -> int:
        """People that are missing."""
        return 0 if self.roll is None else max(self.asked - self.roll, 0)


def _police_and_linmas(police: int, stations: int, linmas: int) -> Guard:
    return Guard({Agency.POLICE: police, Agency.LINMAS: linmas}, stations)


def _village(police: int, tni: int, linmas: int) -> Guard:
    return Guard({Agency.POLICE: police, Agency.TNI: tni, Agency.LINMAS: linmas})


PATTERNS: Mapping[str, Pattern] = {
    "regional-2024": Pattern(
        N_("Regional elections 2024, several regencies"),
        "press reports of regency plans, 2024",
        {
            "hijau": _police_and_linmas(2, 4, 8),
            "kuning": _police_and_linmas(2, 2, 4),
            "merah": _police_and_linmas(2, 1, 2),
        },
    ),
    "national-2019": Pattern(
        N_("National election 2019"),
        "press reports of the national plan, 2019",
        {
            "hijau": _police_and_linmas(2, 4, 6),
            "kuning": _police_and_linmas(4, 2, 8),
            "merah": _police_and_linmas(6, 2, 8),
        },
    ),
    "village-heads-2023": Pattern(
        N_("Klaten village heads 2023"),
        "Klaten plan as reported by the press, July 2023",
        {"hijau": _village(3, 1, 2), "kuning": _village(6, 1, 2), "merah": _village(8, 2, 2)},
    ),
}
"""Patterns that were reported, by id."""


def demand(places: Iterable[Place], pattern: Pattern, roll: Mapping[Agency, int]) -> list[Demand]:
    """Return what a pattern asks for the polling stations among some places, agency by agency.

    Stations that share guards are counted zone by zone: five stations at four a group need two groups.
    """
    stations: Counter[str] = Counter()
    for place in places:
        if place.kind is PlaceKind.TPS and place.zone is not None:
            stations[place.zone] += 1
    asked: Counter[Agency] = Counter()
    for zone, guard in pattern.by_zone.items():
        groups = -(-stations[zone] // guard.stations)
        for agency, people in guard.people.items():
            asked[agency] += groups * people
    return [Demand(agency, asked[agency], roll.get(agency)) for agency in Agency if asked[agency]]
